"""The tab where the whole report is read through and made ready to hand in."""

from collections.abc import Callable

import gradio as gr

from drafter.cautions import RETURNED, caution
from drafter.errors import InputError
from drafter.ui.desk import Desk
from drafter.ui.outgoing import uploaded
from drafter.ui.parts import panel
from drafter.ui.showing import Updates
from drafter.ui.snapshot import document_id, read
from drafter.ui.status_view import noted_html, saved_html, written
from drafter.ui.whole_view import (
    NO_REPORT,
    checklist_html,
    earlier_html,
    facts_table_html,
    lengths_html,
    report_html,
    walk_html,
)
from drafter.ui.wiring import FREE, Board, Told
from index.parse import EXTENSIONS

SHOWN = (
    *("whole_report", "whole_list", "whole_lengths"),
    *("whole_walk", "whole_facts", "whole_earlier"),
)


def lay_out_whole(board: Board) -> None:
    """Build the tab."""
    with gr.Row(elem_classes=["two"]):
        with gr.Column(elem_classes=["sheet-block", "reading"], min_width=0, scale=3):
            gr.HTML("<h3>通读</h3>")
            panel(board, "whole_report", NO_REPORT)
        with (
            gr.Column(elem_classes=["sheet-block"], min_width=0, scale=2),
            gr.Tabs(elem_id="whole-tabs"),
        ):
            _beside(board)


def _beside(board: Board) -> None:
    with gr.Tab("送审检查", id="list"):
        panel(board, "whole_list")
        panel(board, "whole_lengths")
    with gr.Tab("问题", id="walk"):
        gr.HTML("<p class='note'>按上下方向键逐条看，回车回到那一节。</p>")
        panel(board, "whole_walk")
    with gr.Tab("要点", id="facts"):
        panel(board, "whole_facts")
    with gr.Tab("与去年对照", id="earlier"):
        panel(board, "whole_earlier")
        board.add(
            "earlier",
            gr.File(
                file_count="single",
                file_types=[kind for kind in sorted(EXTENSIONS) if kind != ".zip"],
                label="上传去年的报告",
                elem_id="earlier",
                height=90,
            ),
        )


def wire_whole(board: Board, tab: "WholeTab") -> None:
    """Connect the tab; what leads to a section is the page's own script (`data-goto`)."""
    board.on([board.parts["whole_tab"].select], tab.show, ("doc_id",), SHOWN, **FREE)
    board.on(
        [(board.parts[name], "act") for name in ("whole_list", "whole_earlier")],
        tab.act,
        ("doc_id",),
        SHOWN,
        **FREE,
    )
    board.on(
        [board.parts["earlier"].upload],
        tab.receive,
        ("earlier", "doc_id"),
        (*SHOWN, "earlier", "saved"),
        **FREE,
    )


class WholeTab:
    """What the person at the page can do with the report as a whole."""

    def __init__(self, desk: Desk) -> None:
        self._workspace = desk.workspace
        self._whole = desk.workspace.whole
        self._acts: dict[str, Callable[[int, str], None]] = {
            "tick": lambda doc, label: self._whole.tick(doc, label, True),
            "untick": lambda doc, label: self._whole.tick(doc, label, False),
            "drop-earlier": lambda doc, _: self._whole.drop_earlier(doc),
        }

    def show(self, _told: Told, doc_id: str) -> Updates:
        """Show the report as it stands, and what is still to be seen to."""
        if not doc_id:
            return {}
        doc = document_id(doc_id)
        snapshot = read(self._workspace, doc)
        whole = self._whole
        items = whole.items(doc, snapshot.states, snapshot.reviewed) if snapshot.states else ()
        kept = whole.earlier(doc)
        compared = whole.comparison(doc)
        return {
            "whole_report": report_html(whole.paragraphs(doc), written(snapshot.states)),
            "whole_list": checklist_html(items, whole.own_items(doc)),
            "whole_lengths": lengths_html(snapshot),
            "whole_walk": walk_html(snapshot),
            "whole_facts": facts_table_html(snapshot),
            "whole_earlier": earlier_html(kept.name if kept else "", compared, snapshot.labels()),
        }

    def act(self, told: Told, doc_id: str) -> Updates:
        """Tick an item off, or stop comparing."""
        act = self._acts.get(told.get("do"))
        if act is None:
            raise InputError("页面与程序的版本不一致。", "请刷新页面。")
        act(document_id(doc_id), told.get("id"))
        return self.show(told, doc_id)

    def receive(self, told: Told, path: str | None, doc_id: str) -> Updates:
        """Take in last year's report and compare."""
        kept = self._whole.set_earlier(document_id(doc_id), *uploaded(path))
        said = f"已读入《{kept.name}》，对照结果已经列出。"
        note = noted_html(said, "", caution(kept.text, RETURNED))
        shown = self.show(told, doc_id)
        return {**shown, "earlier": None, "saved": saved_html(), "message": note}
