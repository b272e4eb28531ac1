"""The kinds of components the page is put together from."""

from pathlib import Path

import gradio as gr

from drafter.ui.wiring import Board

ASSETS = Path(__file__).parent / "assets"
HIDDEN = "hidden"  # in the page, so that a script can click it, but not seen


def panel(
    board: Board, name: str, value: str = "", classes: str = "", *, speaks: bool = True
) -> None:
    """Put an HTML panel on the page whose buttons (`data-do`) fire "act" or "write".

    One that does not speak itself is in a card: the component "cards" fires for it.
    """
    script = (ASSETS / "panel.js").read_text(encoding="utf-8") if speaks else None
    board.add(
        name,
        gr.HTML(
            value,
            js_on_load=script,
            apply_default_css=False,
            elem_id=name.replace(".", "-"),
            elem_classes=["panel", *classes.split()],
        ),
    )


def hidden(board: Board, name: str, value: str = "") -> None:
    """Put a value on the page that is sent along but not shown."""
    board.add(
        name,
        gr.Textbox(
            value,
            elem_id=name.replace(".", "-"),
            elem_classes=["unseen"],
            container=False,
            show_label=False,
            max_lines=1,  # otherwise Gradio measures its height
            label=name,
        ),
    )


def button(
    board: Board, name: str, label: str, *, primary: bool = False, small: bool = True
) -> None:
    """Put a button on the page."""
    board.add(
        name,
        gr.Button(
            label,
            variant="primary" if primary else "secondary",
            size="sm" if small else "md",
            elem_id=name,
            min_width=0,
            scale=0,
        ),
    )
