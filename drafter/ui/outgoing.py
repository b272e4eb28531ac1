"""Export: the report, its changes and its evidence as files the browser fetches."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from drafter.errors import ExportError, InputError
from drafter.file_names import write_whole
from drafter.ui.desk import Desk
from drafter.ui.preview_view import template_html
from drafter.ui.return_view import fonts_html, outgoing_title
from drafter.ui.showing import Updates
from drafter.ui.snapshot import document_id
from drafter.ui.status_view import message_html
from drafter.ui.text import local_time, whole_number
from drafter.ui.wiring import Handler, Told
from index.failures import meaning

MILESTONE = "milestone:"  # before a milestone's number, where that is the base
# Automatic snapshots offered for comparison; older ones are in 历史.
MOST_STATES = 20
NEWEST = ""  # the choice of a base that is not a moment: the newest export that differs


class Outgoing:
    """Writes exports into a folder of their own, one at a time under the report's name."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self._desk = desk
        self._folder = folder

    # how a Word file is set

    def show(self, _told: Told, doc_id: str) -> Updates:
        """Show what is chosen for Word files, and the exports there are to compare with."""
        layouts = self._desk.workspace.handing.layouts
        layout, number_font = layouts.chosen()
        title = self._desk.workspace.document(document_id(doc_id)).title if doc_id else ""
        return {
            "out_title": outgoing_title(title),
            "layout": gr.update(choices=list(layouts.offered()), value=layout),
            "number_font": number_font,
            "fonts": self._fonts(),
            "redline_base": self._bases(doc_id),
        }

    def choose(self, _told: Told, layout: str, number_font: str) -> Updates:
        """Remember the layout of Word files; every export uses it, that at the foot too."""
        self._desk.workspace.handing.layouts.choose(layout, number_font)
        return {"fonts": self._fonts()}

    def _fonts(self) -> str:
        layouts = self._desk.workspace.handing.layouts
        template = layouts.template(layouts.chosen()[0])
        if template is None:
            return fonts_html(layouts.missing_fonts())
        return template_html(template, layouts.report(template))

    def add_template(self, told: Told, upload: str | None, doc_id: str) -> Updates:
        """Keep an uploaded template and choose it."""
        name, data = uploaded(upload)
        kept = self._desk.workspace.handing.layouts.add_template(name, data)
        note = message_html("info", f"已添加模板“{kept.label}”，已选用。", "换版式随时可以换回。")
        return {**self.show(told, doc_id), "template": None, "message": note}

    def remove_template(self, told: Told, doc_id: str) -> Updates:
        """Remove the template whose button was pressed twice."""
        label = self._desk.workspace.handing.layouts.remove_template(told.get("key"))
        note = message_html("info", f"已删除模板“{label}”。", "以前用它导出的文件不受影响。")
        return {**self.show(told, doc_id), "message": note}

    def _bases(self, doc_id: str) -> Any:  # noqa: ANN401 - a gradio update
        doc = document_id(doc_id) if doc_id else None
        found = self._desk.workspace.handing.comparable(doc) if doc is not None else ()
        others = [(f"{local_time(handed.at)} 导出的稿子", handed.at) for handed in found]
        kept = self._desk.workspace.past.moments(doc) if doc is not None else ()
        named = [(f"里程碑“{m.name}”", f"{MILESTONE}{m.id}") for m in kept if m.milestone]
        states = [
            (f"{local_time(m.created_at)} {m.name}", f"{MILESTONE}{m.id}")
            for m in kept
            if not m.milestone and m.size
        ]
        choices = [("最近一次不同的导出稿", NEWEST), *named, *others, *states[:MOST_STATES]]
        return gr.update(choices=choices, value=NEWEST)

    # files

    def exporter(self, form: str) -> Handler:
        """Return the handler that exports as "docx", "txt" or "md"."""

        def export(told: Told, doc_id: str, *pairs: str) -> Updates:
            notes = self._desk.flush(told, pairs)
            doc = document_id(doc_id)
            made = self._desk.workspace.export(doc, form)
            told_of = _note(made[0], self._desk.workspace.review.read(doc).open_errors)
            return {**self._ready(doc, made), "message": told_of, **notes}

        return export

    def pdf(self, told: Told, doc_id: str, *pairs: str) -> Iterator[Updates]:
        """Export as PDF; LibreOffice takes some seconds."""
        notes = self._desk.flush(told, pairs)
        doc = document_id(doc_id)
        doing = message_html("info", "正在生成 PDF…", "由 LibreOffice 排版，一般几秒钟。")
        yield {"message": doing, **notes}
        made = self._desk.workspace.printing.pdf(doc)
        told_of = _note(made[0], self._desk.workspace.review.read(doc).open_errors)
        yield {**self._ready(doc, made), "message": told_of}

    def appendix(self, form: str) -> Handler:
        """Return the handler that exports the evidence appendix as "docx" or "xlsx"."""

        def export(told: Told, doc_id: str, *pairs: str) -> Updates:
            notes = self._desk.flush(told, pairs)
            doc = document_id(doc_id)
            made = self._desk.workspace.handing.appendix(doc, form)
            where = "每句依据哪条要点、哪些没用上、忽略了哪些提示，都列在里面。"
            note = message_html("info", f"已导出：{made[0]}", where)
            return {**self._ready(doc, made), "message": note, **notes}

        return export

    def redline(self, told: Told, doc_id: str, base: str, *pairs: str) -> Updates:
        """Export the changes since an export as Word's tracked changes."""
        notes = self._desk.flush(told, pairs)
        doc = document_id(doc_id)
        made = self._redline(doc, base or "")
        return {**self._ready(doc, made), "message": _redline_note(made[0]), **notes}

    def _redline(self, doc: int, base: str) -> tuple[str, bytes]:
        handing, past = self._desk.workspace.handing, self._desk.workspace.past
        number = base.removeprefix(MILESTONE)
        if base == number or not whole_number(number):
            return handing.redline(doc, base)
        state = past.moment(doc, whole_number(number))
        name = f"里程碑“{state.name}”" if state.milestone else state.name
        return handing.redline_from(doc, name, past.draft_of(doc, state.id))

    def redline_against(self, told: Told, upload: str | None, doc_id: str, *pairs: str) -> Updates:
        """Export the changes since a file of the person's as tracked changes."""
        notes = self._desk.flush(told, pairs)
        doc = document_id(doc_id)
        name, data = uploaded(upload)
        made = self._desk.workspace.handing.redline_against(doc, name, data)
        done = _redline_note(made[0])
        return {**self._ready(doc, made), "against": None, "message": done, **notes}

    def _ready(self, doc: int, made: tuple[str, bytes]) -> Updates:
        name, data = made
        path = self._folder / str(doc) / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, data)
        except OSError as error:
            raise ExportError(
                f"导出的文件写不进 {self._folder}：{meaning(error)}。",
                "请检查磁盘空间和权限；文稿本身没有受影响。",
            ) from error
        return {"download": gr.update(value=str(path))}


def uploaded(upload: str | Sequence[str] | None) -> tuple[str, bytes]:
    """Return (name, data) of the one file that was uploaded. Raises InputError."""
    if not upload or not isinstance(upload, str):
        raise InputError("没有收到文件。", "请重新选择一个文件。")
    path = Path(upload)
    try:
        return path.name, path.read_bytes()
    except OSError as error:
        raise InputError(
            f"读不出 {path.name}（{meaning(error)}）。", "请重新选择这个文件。"
        ) from error


def _redline_note(name: str) -> str:
    how = "用 Word 或 WPS 打开，在“审阅”里逐处接受或拒绝。"
    return message_html("info", f"已导出：{name}", how)


def _note(name: str, errors: int) -> str:
    """Return what is said of an export: what must still be put right is not left unsaid."""
    if not errors:
        return message_html("info", f"已导出：{name}", "文件在浏览器的下载文件夹里。")
    left = f"文中还有 {errors} 处“须改”没有处理，点各节标题旁的 ▲ 逐条看；核实无误的可以忽略。"
    return message_html("error", f"已导出：{name}", left)
