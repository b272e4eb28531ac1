"""Locked sentences of a stored document: which there are, which still stand, which are gone.

A lock follows its sentence: moved to another section (a split, a merge), it holds there. One whose
sentence the person has typed away is gone; it comes back when the typing is undone, and is dropped
for good with the next rewriting.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from drafter.errors import InputError
from drafter.sentences import bare_at, bare_sentences, present
from drafter.store import Store
from drafter.types import DraftSection


@dataclass(frozen=True, slots=True)
class SectionLocks:
    """The locked sentences of a section without their ordinals: `live` stand in its text, in its
    order; `gone` stand nowhere any more."""

    live: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()


UNLOCKED = SectionLocks()


class Locks:
    """Locks and unlocks sentences. Holds nothing but the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(
        self, doc: int, sections: Sequence[DraftSection] | None = None
    ) -> Mapping[str, SectionLocks]:
        """Return the locks by section id, only where there are any. `sections` are the document's,
        where they have been read already."""
        rows = self._store.locked.of(doc)
        if not rows:
            return {}
        known = self._store.draft_sections(doc) if sections is None else sections
        standing = {
            section.id: {one.text for one in bare_sentences(section.text)} for section in known
        }
        homes: dict[str, set[str]] = {}
        gone: dict[str, list[str]] = {}
        for home, words in rows:
            places = [home] if words in standing.get(home, ()) else []
            places = places or [sid for sid, there in standing.items() if words in there]
            for place in places:
                homes.setdefault(place, set()).add(words)
            if not places and home in standing:
                gone.setdefault(home, []).append(words)
        return {
            section.id: SectionLocks(
                present(section.text, homes.get(section.id, ())), tuple(gone.get(section.id, ()))
            )
            for section in known
            if section.id in homes or section.id in gone
        }

    def lock(self, doc: int, section_id: str, at: int, words: str) -> str:
        """Lock sentence number `at` of a section, if it still reads as `words`; return it without
        its ordinal. Raises InputError when the text was changed meanwhile."""
        section = self._section(doc, section_id)
        one = bare_at(section.text, at)
        if one is None or _bare(words) != one.text:
            raise InputError("这一句已经改过，没有锁定。", "再点一次那一句，然后锁定。")
        self._store.locked.add(doc, section_id, one.text)
        return one.text

    def unlock(self, doc: int, section_id: str, words: str) -> None:
        """Unlock a sentence, wherever it was locked. Ordinals in front of it do not matter."""
        locked = self._store.locked.of(doc)
        homes = [home for home, text in locked if text == _bare(words)]
        for home in [section_id] if section_id in homes else homes:
            self._store.locked.remove(doc, home, _bare(words))

    def drop_gone(self, doc: int, section_id: str) -> tuple[str, ...]:
        """Drop the locks of a section whose sentences stand nowhere any more; return them."""
        gone = self.of(doc).get(section_id, SectionLocks()).gone
        for words in gone:
            self._store.locked.remove(doc, section_id, words)
        return gone

    def lacking(self, doc: int, section_id: str, text: str) -> tuple[str, ...]:
        """Return the locked sentences of a section that another text for it does not have."""
        live = self.of(doc).get(section_id, SectionLocks()).live
        standing = set(present(text, live))
        return tuple(dict.fromkeys(words for words in live if words not in standing))

    def _section(self, doc: int, section_id: str) -> DraftSection:
        for section in self._store.draft_sections(doc):
            if section.id == section_id:
                return section
        raise InputError("这一节已经不在提纲里。", "刷新页面，从提纲里重新选择。")


def _bare(words: str) -> str:
    found = bare_sentences(words)
    return found[0].text if len(found) == 1 else words
