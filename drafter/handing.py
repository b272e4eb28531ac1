"""What leaves the desk and what comes back: the composer's half about files.

Every Word export is kept as the text it was (in the settings of `drafts.db`), so that a later one
can show what changed since. A file that comes back is compared with the draft as it stands at that
moment; what is taken of it becomes the person's own version.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from drafter import plan as planning
from drafter.errors import ExportError, InputError, UserFacingError
from drafter.export.docx import WordChoice, docx_of, to_redline
from drafter.export.evidence import EVIDENCE_EXPORTERS, Consulted, Evidence
from drafter.export.fonts import MissingFont, missing_fonts
from drafter.export.layout import paragraphs, paragraphs_of_text
from drafter.export.profile import STANDARD, load_profile, profile_labels
from drafter.export.redline import Author
from drafter.export.text import to_md, to_txt
from drafter.returning import (
    Change,
    Comment,
    EditedText,
    Returned,
    ReturnedSection,
    compare,
    read_edited,
    text_with,
)
from drafter.review import Review
from drafter.store import Store
from drafter.store_rows import now
from drafter.types import Draft, DraftSection
from index.library import Library
from index.parse import read_text_bytes

__all__ = [
    "Change",
    "Comment",
    "EditedText",
    "Handed",
    "Handing",
    "MissingFont",
    "Returned",
    "ReturnedSection",
    "WordChoice",
]

# Exports of one report whose texts are kept; each is a few dozen kilobytes.
KEPT = 12
_PLAIN = {"txt": to_txt, "md": to_md}
_BARRED = '\\/:*?"<>|\r\n\t'


@dataclass(frozen=True, slots=True)
class Handed:
    """A state of the report that was exported as a Word file: the text, when (UTC, ISO 8601), and
    the sha256 of the file."""

    at: str
    draft: Draft
    sha256: str


class Handing:
    """Exports and returns of one person's documents. Every method may be called from any thread."""

    def __init__(self, store: Store, review: Review, library: Library) -> None:
        self._store = store
        self._review = review
        self._library = library

    # how a Word file is set

    def layouts(self) -> tuple[tuple[str, str], ...]:
        """Return (what a person sees, name) of every page layout."""
        return tuple((label, name) for name, label in profile_labels().items())

    def choice(self) -> WordChoice:
        """Return the layout the person chose last; the standard's where that one is gone."""
        kept = json.loads(self._store.setting("word_choice") or "{}")
        profile = kept.get("profile", STANDARD)
        known = profile if profile in profile_labels() else STANDARD
        return WordChoice(known, kept.get("number_font", ""))

    def choose(self, choice: WordChoice) -> None:
        """Remember a layout for all Word files to come. Raises ExportError for an unknown one."""
        load_profile(choice.profile)
        kept = {"profile": choice.profile, "number_font": choice.number_font}
        self._store.set_setting("word_choice", json.dumps(kept, ensure_ascii=False))

    def missing_fonts(self) -> tuple[MissingFont, ...]:
        """Return the fonts of the chosen layout that this machine lacks."""
        choice = self.choice()
        return missing_fonts(load_profile(choice.profile), choice.number_font)

    # out

    def report(self, doc: int, form: str) -> tuple[str, bytes]:
        """Return (file name, data) of the report as "docx", "txt" or "md"; a Word file is kept.

        Raises ExportError where nothing is written yet, or for another form.
        """
        if form not in ("docx", *_PLAIN):
            raise ExportError(f"不支持导出为“{form}”。", "请选择 docx、txt 或 md。")
        draft = self._written(doc)
        if form in _PLAIN:
            return _file_name(draft, "", form), _PLAIN[form](draft)
        data = docx_of(paragraphs(draft), self.choice())
        self._keep(doc, Handed(now(), draft, hashlib.sha256(data).hexdigest()))
        return _file_name(draft, "", form), data

    def handed(self, doc: int) -> tuple[Handed, ...]:
        """Return the kept exports of a report, newest first; of equal texts only the newest."""
        return tuple(_handed_of(self._store.setting(_place(doc))))

    def _keep(self, doc: int, handed: Handed) -> None:
        others = [h for h in self.handed(doc) if not _reads_alike(h.draft, handed.draft)]
        kept = [asdict(one) for one in (handed, *others[: KEPT - 1])]
        self._store.set_setting(_place(doc), json.dumps(kept, ensure_ascii=True))

    def comparable(self, doc: int) -> tuple[Handed, ...]:
        """Return the kept exports that read otherwise than the report does now, newest first."""
        draft = self._review.draft(doc)
        return tuple(h for h in self.handed(doc) if not _reads_alike(h.draft, draft))

    def redline(self, doc: int, at: str = "") -> tuple[str, bytes]:
        """Return the report with its changes since an export as Word's tracked changes.

        `at` is the export's time, "" for the newest that differs. Raises ExportError where there is
        none.
        """
        draft = self._written(doc)
        bases = [h for h in self.comparable(doc) if at in ("", h.at)]
        if not bases:
            if self.handed(doc):
                raise ExportError(
                    "正文和上次导出时一样，没有可以标出的修改。",
                    "要与别的稿子比，请在下面上传那份 Word 文件。",
                )
            raise ExportError(
                "这篇文稿还没有导出过 Word，没有可以对照的旧稿。",
                "先导出一次 Word，改过以后再导出修订稿；或在下面上传一份旧稿来比。",
            )
        data = to_redline(paragraphs(draft), paragraphs(bases[0].draft), Author(), self.choice())
        return _file_name(draft, "（修订稿）", "docx"), data

    def redline_against(self, doc: int, name: str, data: bytes) -> tuple[str, bytes]:
        """Return the report with its changes since a file of the person's, as tracked changes.

        Raises UnreadableFile when the file cannot be read, ExportError when nothing differs.
        """
        draft = self._written(doc)
        new, old = paragraphs(draft), paragraphs_of_text(read_text_bytes(name, data))
        if [p.full for p in new] == [p.full for p in old]:
            raise ExportError(
                f"正文和“{name}”一字不差，没有可以标出的修改。", "请确认选的是要对照的旧稿。"
            )
        return _file_name(draft, "（修订稿）", "docx"), to_redline(
            new, old, Author(), self.choice()
        )

    def appendix(self, doc: int, form: str) -> tuple[str, bytes]:
        """Return (file name, data) of the evidence appendix as "docx" or "xlsx".

        It names the newest export by its sha256 where the text has not changed since.
        """
        if form not in EVIDENCE_EXPORTERS:
            raise ExportError(f"证据附录不能导出为“{form}”。", "请选择 docx 或 xlsx。")
        self._written(doc)
        reviewed = self._review.read(doc)
        draft = reviewed.draft
        same = (h.sha256 for h in self.handed(doc) if _reads_alike(h.draft, draft))
        evidence = Evidence(
            draft,
            reviewed.sources.facts,
            reviewed.uses,
            reviewed.remarks,
            {section.id: self._store.history(doc, section.id) for section in draft.sections},
            {section.id: tuple(self._consulted(section)) for section in draft.sections},
            datetime.now().astimezone(),
            file_sha256=next(same, ""),
        )
        return _file_name(draft, "（证据附录）", form), EVIDENCE_EXPORTERS[form](evidence)

    def _consulted(self, section: DraftSection) -> Iterator[Consulted]:
        titles = {report.id: report.title for report in self._library.reports()}
        for exemplar in section.exemplar_ids:
            try:
                found = self._library.section(exemplar)
            except UserFacingError:
                yield Consulted(exemplar, "（样本已从样本库删除）", "")
                continue
            heading = (found.number or "") + (found.heading or "")
            yield Consulted(exemplar, titles.get(found.report, ""), heading)

    def _written(self, doc: int) -> Draft:
        draft = self._review.draft(doc)
        if not any(section.text.strip() for section in draft.sections):
            raise ExportError("这篇文稿还没有正文。", "先写好至少一节，再导出。")
        return draft

    # back

    def read_back(self, name: str, data: bytes) -> EditedText:
        """Read an edited .docx. Raises UnreadableFile."""
        return read_edited(name, data)

    def compared(self, doc: int, edited: EditedText) -> Returned:
        """Return how an edited file differs from the report as it stands now."""
        return compare(self._review.draft(doc), edited)

    def untouched(self, doc: int, back: Returned) -> frozenset[str]:
        """Return the sections whose returned text is one that was exported: the file's editor left
        them alone, the person here has changed them since."""
        kept = {(s.id, _bare(s.text)) for h in self.handed(doc) for s in h.draft.sections}
        return frozenset(
            section.section_id
            for section in back.sections
            if section.section_id and section.changes
            if (section.section_id, _bare(section.new)) in kept
        )

    def take_text(
        self, doc: int, edited: EditedText, section_id: str, pick: Callable[[Returned], set[int]]
    ) -> None:
        """Make the changes that `pick` names (places in the section's `changes`) the text of a
        section, as the person's version. Raises InputError when the section moved on meanwhile."""
        rev = self._store.section_rev(doc, section_id)
        back = self.compared(doc, edited)
        section = next((s for s in back.sections if s.section_id == section_id), None)
        taken = pick(back)
        if section is None or not taken or not taken <= set(range(len(section.changes))):
            raise InputError("这一处修改已经不在了。", "请看下面现在列出的修改。")
        text = text_with(section, taken)
        if self._store.save_text(doc, section_id, text, rev).conflict:
            raise InputError("这一节刚在别的窗口改过。", "请看下面现在列出的修改，再选一次。")

    def take_heading(self, doc: int, section_id: str, heading: str) -> None:
        """Give a section the heading that came back. Raises InputError without a plan."""
        plan = self._store.plan(doc)
        if plan is None:
            raise InputError("还没有提纲。", "先粘贴要点，再点“整理要点”。")
        self._store.save_plan(doc, planning.rename(plan, section_id, heading))

    def take_title(self, doc: int, title: str) -> None:
        """Give the report the title that came back."""
        if title.strip():
            self._store.rename(doc, title.strip())


def _place(doc: int) -> str:
    return f"handed:{doc}"


def _handed_of(written: str | None) -> Iterator[Handed]:
    for one in json.loads(written or "[]"):
        sections = tuple(
            DraftSection(
                **{
                    **section,
                    "fact_ids": tuple(section["fact_ids"]),
                    "exemplar_ids": tuple(section["exemplar_ids"]),
                }
            )
            for section in one["draft"]["sections"]
        )
        draft = Draft(one["draft"]["title"], one["draft"]["year"], sections)
        yield Handed(one["at"], draft, one["sha256"])


def _reads_alike(one: Draft, other: Draft) -> bool:
    return paragraphs(one) == paragraphs(other)


def _bare(text: str) -> str:
    return "".join(text.split())


def _file_name(draft: Draft, kind: str, form: str) -> str:
    name = "".join(c for c in draft.title if c not in _BARRED).strip() or "报告"
    return f"{name[:60]}{kind}.{form}"
