"""What leaves the desk: the composer's half about exports.

Every export is kept as the text it was (`drafter.handed`), so that a later one can show what
changed since; how a Word file is set is in `drafter.layouts`, what comes back in
`drafter.receiving`.
"""

import hashlib
from pathlib import Path

from drafter.appendix import Closeness, appendix_of, evidence_of
from drafter.errors import ExportError
from drafter.export.docx import WordChoice, docx_of, to_redline
from drafter.export.fonts import MissingFont
from drafter.export.layout import paragraphs, paragraphs_of_text
from drafter.export.redline import Author
from drafter.export.text import to_md, to_txt
from drafter.file_names import file_stem
from drafter.handed import Handed, keep_export, kept_exports, reads_alike
from drafter.layouts import Layouts
from drafter.review import Review
from drafter.store import Store
from drafter.store_rows import now
from drafter.types import Draft
from index.library import Library
from index.parse import read_text_bytes

__all__ = [
    "Handed",
    "Handing",
    "MissingFont",
    "WordChoice",
]

_NAME_CHARS = 60  # of the title, in a file's name
_PLAIN = {"txt": to_txt, "md": to_md}


class Handing:
    """Exports and returns of one person's documents. Every method may be called from any thread.

    `layouts` is how a Word file is set.
    """

    def __init__(
        self,
        store: Store,
        review: Review,
        library: Library,
        templates: Path,
        closeness: Closeness | None = None,
    ) -> None:
        self.layouts = Layouts(store, templates)
        self._store = store
        self._review = review
        self._library = library
        self._closeness = closeness

    # out

    def report(self, doc: int, form: str) -> tuple[str, bytes]:
        """Return (file name, data) of the report as "docx", "txt" or "md"; a Word file is kept.

        Raises ExportError where nothing is written yet, or for another form.
        """
        if form not in ("docx", *_PLAIN):
            raise ExportError(f"不支持导出为“{form}”。", "请选择 docx、txt 或 md。")
        draft = self.written(doc)
        if form in _PLAIN:
            return file_name(draft, "", form), _PLAIN[form](draft)
        data = docx_of(paragraphs(draft), self.layouts.choice())
        self.keep(doc, Handed(now(), draft, hashlib.sha256(data).hexdigest()))
        return file_name(draft, "", form), data

    def handed(self, doc: int) -> tuple[Handed, ...]:
        """Return the kept exports of a report, newest first; of equal texts only the newest."""
        return kept_exports(self._store, doc)

    def keep(self, doc: int, handed: Handed) -> None:
        """Keep the text of an export that was made elsewhere too, as the PDF's."""
        keep_export(self._store, doc, handed)

    def comparable(self, doc: int) -> tuple[Handed, ...]:
        """Return the kept exports that read otherwise than the report does now, newest first."""
        draft = self._review.draft(doc)
        return tuple(h for h in self.handed(doc) if not reads_alike(h.draft, draft))

    def redline(self, doc: int, at: str = "") -> tuple[str, bytes]:
        """Return the report with its changes since an export as Word's tracked changes.

        `at` is the export's time, "" for the newest that differs. Raises ExportError where there is
        none.
        """
        draft = self.written(doc)
        bases = [h for h in self.comparable(doc) if at in ("", h.at)]
        if not bases:
            if at and at not in {h.at for h in self.handed(doc)}:
                raise ExportError("这一稿已经不在了。", "请另选一稿来比。")
            if self.handed(doc):
                raise ExportError(
                    "正文和上次导出时一样，没有可以标出的修改。",
                    "要与别的稿子比，请在下面上传那份 Word 文件。",
                )
            raise ExportError(
                "这篇文稿还没有导出过 Word，没有可以对照的旧稿。",
                "先导出一次 Word，改过以后再导出修订稿；或在下面上传一份旧稿来比。",
            )
        return self._tracked(draft, bases[0].draft)

    def redline_from(self, doc: int, name: str, base: Draft) -> tuple[str, bytes]:
        """Return the report with its changes since an earlier state of it, told apart by `name`.

        Raises ExportError when nothing differs.
        """
        draft = self.written(doc)
        if reads_alike(base, draft):
            raise ExportError(f"正文和“{name}”一字不差，没有可以标出的修改。", "请另选一稿来比。")
        return self._tracked(draft, base)

    def _tracked(self, draft: Draft, base: Draft) -> tuple[str, bytes]:
        new, old = paragraphs(draft), paragraphs(base)
        data = to_redline(new, old, Author(), self.layouts.choice())
        return file_name(draft, "（修订稿）", "docx"), data

    def redline_against(self, doc: int, name: str, data: bytes) -> tuple[str, bytes]:
        """Return the report with its changes since a file of the person's, as tracked changes.

        Raises UnreadableFile when the file cannot be read, ExportError when nothing differs.
        """
        draft = self.written(doc)
        new, old = paragraphs(draft), paragraphs_of_text(read_text_bytes(name, data))
        if [p.full for p in new] == [p.full for p in old]:
            raise ExportError(
                f"正文和“{name}”一字不差，没有可以标出的修改。", "请确认选的是要对照的旧稿。"
            )
        return file_name(draft, "（修订稿）", "docx"), to_redline(
            new, old, Author(), self.layouts.choice()
        )

    def appendix(self, doc: int, form: str) -> tuple[str, bytes]:
        """Return (file name, data) of the evidence appendix as "docx" or "xlsx".

        It names the newest export by its sha256 where the text has not changed since. Raises
        ExportError where nothing is written yet, or for another form.
        """
        draft = self.written(doc)
        evidence = evidence_of(self._store, self._review, self._library, doc, self._closeness)
        return file_name(draft, "（证据附录）", form), appendix_of(evidence, form)

    def draft(self, doc: int) -> Draft:
        """Return the report as it stands, written or not."""
        return self._review.draft(doc)

    def written(self, doc: int) -> Draft:
        """Return the report as it stands. Raises ExportError where nothing is written yet."""
        draft = self._review.draft(doc)
        if not any(section.text.strip() for section in draft.sections):
            raise ExportError("这篇文稿还没有正文。", "先写好至少一节，再导出。")
        return draft


def file_name(draft: Draft, kind: str, form: str) -> str:
    """Return a name for a file of this report: its title, what kind of file it is, the ending."""
    return f"{file_stem(draft.title[:_NAME_CHARS], '报告')}{kind}.{form}"
