"""Export: the report as a file the browser fetches."""

from pathlib import Path

import gradio as gr

from drafter.errors import ExportError
from drafter.ui.desk import Desk
from drafter.ui.showing import Updates
from drafter.ui.snapshot import document_id
from drafter.ui.status_view import message_html
from drafter.ui.wiring import Handler, Told


class Outgoing:
    """Writes exports into a folder of their own, one at a time under the report's name."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self._desk = desk
        self._folder = folder

    def exporter(self, form: str) -> Handler:
        """Return the handler that exports as "docx", "txt" or "md"."""

        def export(told: Told, doc_id: str, *pairs: str) -> Updates:
            notes = self._desk.flush(told, pairs)
            doc = document_id(doc_id)
            name, data = self._desk.workspace.export(doc, form)
            path = self._folder / str(doc) / name
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
            except OSError as error:
                raise ExportError(
                    f"导出的文件写不进 {self._folder}：{error.strerror or error}。",
                    "请检查磁盘空间和权限；文稿本身没有受影响。",
                ) from error
            note = _note(name, self._desk.workspace.review.read(doc).open_errors)
            return {"download": gr.update(value=str(path)), "message": note, **notes}

        return export


def _note(name: str, errors: int) -> str:
    """Return what is said of an export: what must still be put right is not left unsaid."""
    if not errors:
        return message_html("info", f"已导出：{name}", "文件在浏览器的下载文件夹里。")
    left = f"文中还有 {errors} 处“须改”没有处理，点各节标题旁的 ▲ 逐条看；核实无误的可以忽略。"
    return message_html("error", f"已导出：{name}", left)
