"""Gradio's theme in the page's colours. Fonts are plain names: a GoogleFont would go online."""

from typing import Any

import gradio as gr

SANS = ["system-ui", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "sans-serif"]
MONO = ["ui-monospace", "Consolas", "monospace"]
ACCENT = "#9b2c1f"


def theme() -> Any:  # noqa: ANN401 - gradio has no types
    """Return the theme: paper, ink and one accent."""
    red = gr.themes.Color(
        "#fdf3f1",
        "#fae3df",
        "#f3c4bc",
        "#e79b8f",
        "#d06a5b",
        "#b5432f",
        ACCENT,
        "#832418",
        "#6b1d14",
        "#581912",
        "#330d08",
    )
    base = gr.themes.Base(
        primary_hue=red, neutral_hue="stone", font=SANS, font_mono=MONO, radius_size="sm"
    )
    return base.set(
        body_background_fill="#f3f0ea",
        body_text_color="#26221d",
        block_background_fill="transparent",
        block_border_width="0px",
        block_shadow="none",
        input_background_fill="#fffefb",
        input_border_color="#d8d1c4",
        input_border_color_focus=ACCENT,
        input_shadow="none",
        input_shadow_focus="none",
        button_primary_background_fill=ACCENT,
        button_primary_background_fill_hover="#832418",
        button_primary_text_color="#ffffff",
        button_secondary_background_fill="#fffefb",
        button_secondary_background_fill_hover="#f6f1e7",
        button_secondary_border_color="#d8d1c4",
        button_secondary_text_color="#26221d",
        body_background_fill_dark="#1b1917",
        body_text_color_dark="#e6e0d6",
        block_background_fill_dark="transparent",
        block_border_width_dark="0px",
        block_shadow_dark="none",
        input_background_fill_dark="#2d2a26",
        input_border_color_dark="#443f38",
        input_border_color_focus_dark="#e08a7b",
        button_primary_background_fill_dark="#a5392b",
        button_primary_background_fill_hover_dark="#b94a3b",
        button_primary_text_color_dark="#ffffff",
        button_secondary_background_fill_dark="#2d2a26",
        button_secondary_background_fill_hover_dark="#332f2a",
        button_secondary_border_color_dark="#443f38",
        button_secondary_text_color_dark="#e6e0d6",
    )
