"""The setting that lets the model read prompts ahead while nobody writes."""

import gradio as gr

from drafter.ui.showing import Updates
from drafter.ui.status_view import message_html
from drafter.ui.wiring import FREE, Board, Told
from drafter.workflow import Workspace


def lay_out_reading_ahead(board: Board) -> None:
    """Put the box on the settings tab."""
    board.add(
        "read_ahead",
        gr.Checkbox(
            True,
            label="空闲时先读好要点",
            info="提纲排好后，写作模型趁空闲在后台先读要点和范例，点“生成全文”时出字更快；"
            "电脑发热或用电池时可以关掉。",
            elem_id="read_ahead",
        ),
    )


class ReadingAhead:
    """Handlers of the box."""

    def __init__(self, workspace: Workspace) -> None:
        self._warming = workspace.warming

    def show(self, _told: Told) -> Updates:
        """Show the setting as it stands."""
        return {"read_ahead": self._warming.on}

    def keep(self, _told: Told, on: bool) -> Updates:
        """Keep the setting as soon as it is changed."""
        self._warming.switch(on)
        words = "已打开空闲时预读。" if on else "已关掉空闲时预读。"
        return {"message": message_html("info", words)}


def wire_reading_ahead(board: Board, box: ReadingAhead) -> None:
    """Show the setting with the others, keep it when it is changed."""
    board.on([board.parts["settings_tab"].select], box.show, (), ("read_ahead",), **FREE)
    board.on([board.parts["read_ahead"].input], box.keep, ("read_ahead",), ("message",), **FREE)
