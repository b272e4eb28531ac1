"""Keys and the first visit: the list of shortcuts, saving on demand, and the tour.

What is listed and said is in data/keys.toml and data/tour.toml; what keys do is in assets/keys.js.
"""

from collections.abc import Mapping, Sequence

import gradio as gr

from drafter.data import load_table
from drafter.ui.desk import Desk
from drafter.ui.parts import HIDDEN
from drafter.ui.showing import Updates
from drafter.ui.status_view import message_html, saved_html
from drafter.ui.text import esc
from drafter.ui.wiring import FREE, Board, Told


def lay_out_keys(board: Board) -> None:
    """Put the list of shortcuts on the page, closed, and the button that Ctrl+S presses."""
    gr.HTML(keys_html(load_table("keys")["key"]), elem_id="keys")
    board.add("save_now", gr.Button("立即保存", visible=HIDDEN, elem_id="save_now"))


def lay_out_tour() -> None:
    """Put the tour on the page, unseen until the page's script shows it."""
    gr.HTML(tour_html(load_table("tour")["step"]), elem_id="tour-place")


def wire_habits(board: Board, desk: Desk, pairs: Sequence[str]) -> None:
    """Connect Ctrl+S."""

    def save(told: Told, *typed: str) -> Updates:
        return save_now(desk, told, typed)

    board.on([board.parts["save_now"].click], save, tuple(pairs), ("saved",), **FREE)


def save_now(desk: Desk, told: Told, typed: Sequence[str]) -> Updates:
    """Save all editors of the page and say so; a conflict's message comes first."""
    notes = desk.flush(told, typed)
    if not notes:
        words = "都已保存，没有新的改动。"
        return {"message": message_html("info", words, "平时边写边自动保存，不用特意按。")}
    said = message_html("info", "已保存。", "平时边写边自动保存。")
    return {"saved": saved_html(), "message": said} | notes


def keys_html(rows: Sequence[Mapping[str, str]]) -> str:
    """Return the list of shortcuts as a dialog."""
    listed = "".join(
        f"<tr><th scope='row'>{esc(row['keys'])}</th><td>{esc(row['does'])}</td></tr>"
        for row in rows
    )
    return (
        '<dialog id="keys-sheet" aria-label="快捷键"><header><b>快捷键</b>'
        '<span class="grow"></span><button type="button" class="close" data-close-keys '
        'aria-label="关闭">×</button></header>'
        f"<table>{listed}</table></dialog>"
    )


def tour_html(steps: Sequence[Mapping[str, str]]) -> str:
    """Return the tour: all its steps, of which the page's script shows one."""
    total = len(steps)
    return (
        '<section id="tour" aria-label="入门引导" hidden>'
        + "".join(_step(place, step, total) for place, step in enumerate(steps))
        + '<div class="tour-acts"><button type="button" class="mini" data-tour-go="-1">上一步'
        '</button><button type="button" class="mini strong" data-tour-go="1">下一步</button>'
        '<button type="button" class="link" data-tour-end>不再显示</button></div></section>'
    )


def _step(place: int, step: Mapping[str, str], total: int) -> str:
    do = step.get("do", "")
    button = (
        f'<button type="button" class="mini" data-press="{esc(do)}">{esc(step["label"])}</button>'
        if do
        else ""
    )
    return (
        f'<div class="tour-step" data-at="{esc(step["at"])}" hidden>'
        f"<span>{place + 1}/{total}</span><b>{esc(step['title'])}</b>"
        f"<p>{esc(step['text'])}</p>{button}</div>"
    )
