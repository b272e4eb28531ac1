"""Facts from files at the page: put under what is in the paste box, with a way back."""

from collections.abc import Sequence

from drafter.cautions import caution
from drafter.errors import InputError
from drafter.fact_files import MAX_FILES, FactFile, fill, read_fact_file, taken_out
from drafter.ui.desk import Desk
from drafter.ui.outgoing import uploaded
from drafter.ui.showing import Updates
from drafter.ui.snapshot import document_id
from drafter.ui.status_view import message_html, noted_html, saved_html
from drafter.ui.tags import mini
from drafter.ui.text import esc
from drafter.ui.wiring import Told


class FactFiles:
    """What the person can do with files of facts. What each reading added is held in memory."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._added: dict[tuple[int, int], str] = {}
        self._count = 0

    def read(
        self, _told: Told, uploads: str | Sequence[str] | None, doc_id: str, paste: str
    ) -> Updates:
        """Put the facts of files under the paste; a file that cannot be read is told beside the
        others."""
        doc = document_id(doc_id)
        paths = [uploads] if isinstance(uploads, str) else list(uploads or ())
        if not paths:
            raise InputError("没有收到文件。", "请重新选择。")
        if len(paths) > MAX_FILES:
            raise InputError(f"一次最多读 {MAX_FILES} 个文件。", "请分几次选。")
        filled = fill(paste or "", [read_fact_file(*uploaded(path)) for path in paths])
        number = 0
        if filled.added:
            number = self._count = self._count + 1
            self._added[doc, number] = filled.added
            self._desk.workspace.save_paste(doc, filled.text)
        facts = sum(file.facts for file in filled.files)
        note = (
            noted_html(
                f"读入 {facts} 条要点，接在原有内容后面。",
                "看过以后点“整理要点”。",
                caution(filled.added),
            )
            if filled.added
            else message_html("error", "没有读入要点。", "原因列在粘贴框下面，原有内容没有动。")
        )
        return {
            "paste": filled.text,
            "facts_in": outcomes_html(filled.files, number),
            "fact_files": None,
            "saved": saved_html(),
            "message": note,
        }

    def act(self, told: Told, doc_id: str, paste: str) -> Updates:
        """Take a reading back out of the paste; whatever was typed around it stays."""
        doc, number = document_id(doc_id), told.number("id")
        added = self._added.get((doc, number))
        if added is None:
            raise InputError("没有可以撤销的读入。", "请直接在粘贴框里删去不要的行。")
        text = taken_out(paste or "", added)
        del self._added[doc, number]
        self._desk.workspace.save_paste(doc, text)
        note = message_html("info", "已撤销读入，您自己写的没有动。")
        return {"paste": text, "facts_in": "", "saved": saved_html(), "message": note}

    def clear(self, _told: Told) -> Updates:
        """Show another document: what was read belongs to the one before."""
        return {"facts_in": ""}


def outcomes_html(files: Sequence[FactFile], number: int) -> str:
    """Return what became of each file, with the way back."""
    rows = "".join(_outcome(file) for file in files)
    undo = mini("撤销读入", "undo-facts", id=number) if number else ""
    return f'<div class="facts-in"><ul class="outcomes">{rows}</ul>{undo}</div>'


def _outcome(file: FactFile) -> str:
    if file.error is not None:
        said = f"{esc(file.error.message)}{esc(file.error.hint)}"
        return f'<li class="failed"><b>未读入</b>{esc(file.name)}<span>{said}</span></li>'
    notes = "".join(f"<span>{esc(note)}</span>" for note in file.notes)
    return f"<li><b>{file.facts} 条</b>{esc(file.name)}{notes}</li>"
