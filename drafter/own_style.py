"""Accepted texts kept in the sample library as the style of the own unit (本单位文风).

A document has one report there, made of the sections that were kept; it can be taken out like any
sample. What is kept is a copy: editing the document later changes nothing of it.
"""

from dataclasses import dataclass

from drafter.errors import InputError
from drafter.outlines import numbered
from drafter.store import Store
from drafter.types import DraftSection
from index.library import Library, OwnPart, is_kept_draft, report_id
from index.types import ReportInfo, Role

# Written by rule from the header lines: there is no style in them to follow.
FORMULAS: tuple[Role, ...] = ("导语", "结语")


@dataclass(frozen=True, slots=True)
class Kept:
    """A section that was kept: its id in the document, and whether its text still is the same."""

    section_id: str
    heading: str
    current: bool


class OwnStyle:
    """What documents have kept in the library, and keeping more of them."""

    def __init__(self, store: Store, library: Library) -> None:
        self._store = store
        self._library = library

    def report_of(self, doc: int) -> str:
        """Return the id of a document's report in the library, whether or not it is there."""
        return report_id(_key(doc))

    def is_from_a_draft(self, report: str) -> bool:
        """Say whether a report of the library was kept from a document, not taken from a file."""
        return is_kept_draft(report)

    def kept(self, doc: int) -> tuple[Kept, ...]:
        """Return the sections of a document that were kept, in order."""
        now = {section.id: section.text.strip() for section in self._store.draft_sections(doc)}
        return tuple(
            Kept(part.key, part.heading or "", now.get(part.key) == part.text)
            for part in self._parts(doc)
        )

    def keep_section(self, doc: int, section_id: str) -> ReportInfo:
        """Keep a section's current text, in place of what was kept of it before.

        Raises InputError for a section without a text of its own, and what the library raises.
        """
        wanted = {s.id: s for s in self._store.draft_sections(doc)}.get(section_id)
        if wanted is None or not wanted.text.strip():
            raise InputError("这一节还没有正文，没有可存的文字。", "写好、改好以后再存入样本库。")
        if wanted.role in FORMULAS:
            raise InputError("导语和结语按固定格式生成，不必存入样本库。", "请存入其他各节。")
        return self._keep(doc, [section_id])

    def keep_report(self, doc: int) -> ReportInfo:
        """Keep all written sections of a document but 导语 and 结语.

        Raises InputError when nothing is written, and what the library raises.
        """
        written = [s.id for s in self._store.draft_sections(doc) if _has_style(s)]
        if not written:
            raise InputError("这篇文稿还没有正文。", "写好、改好以后再存入样本库。")
        return self._keep(doc, written)

    def take_out(self, doc: int, section_id: str) -> None:
        """Take a kept section out again; the document itself is not touched."""
        left = [part for part in self._parts(doc) if part.key != section_id]
        self._library.keep_own(_key(doc), self._title(doc), left)

    def _title(self, doc: int) -> str:
        return self._store.document(doc).title

    def _parts(self, doc: int) -> tuple[OwnPart, ...]:
        return tuple(
            OwnPart(s.id.rpartition("/")[2], s.number, s.heading, s.role, s.level, s.text)
            for s in self._library.kept_own(_key(doc))
        )

    def _keep(self, doc: int, section_ids: list[str]) -> ReportInfo:
        sections = self._store.draft_sections(doc)
        parts = {part.key: part for part in self._parts(doc)}
        for section, number in zip(sections, numbered(sections), strict=True):
            if section.id in section_ids:
                parts[section.id] = OwnPart(
                    section.id, number or None, section.heading or None, section.role,
                    section.level, section.text,
                )  # fmt: skip
        order = {section.id: place for place, section in enumerate(sections)}
        inside = sorted(parts.values(), key=lambda part: order.get(part.key, len(order)))
        report = self._library.keep_own(_key(doc), self._title(doc), inside)
        if report is None:
            raise InputError("没有可存的文字。", "写好、改好以后再存入样本库。")
        return report


def _has_style(section: DraftSection) -> bool:
    return bool(section.text.strip()) and section.role not in FORMULAS


def _key(doc: int) -> str:
    return f"draft-{doc}"
