"""What a person does with the candidates of a section: look at them, take one, take a sentence.

The person's text changes only here and only by their hand; each change is a version, and what was
put away can be laid out again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from drafter.checks.dropped_fact import fact_uses
from drafter.errors import InputError
from drafter.locks import Locks, SectionLocks
from drafter.picking import Picked, pick
from drafter.review import Review, Reviewed
from drafter.sentences import present
from drafter.store import Store
from drafter.tracing import Sentence, trace
from drafter.types import Draft, DraftSection, Fact, Finding, Version, WrittenPoint

_WANTED = "variants"
_ENDS = ("。", "！", "？", "”", "）")
_CHANGED = ("这一节刚在别的窗口里改过。", "请刷新页面再看。")


@dataclass(frozen=True, slots=True)
class Variant:
    """A candidate beside the text: what would be found in it, `told` of `facts` facts, the locked
    sentences it lacks, and whether it was stopped before it was whole (`half`)."""

    version: Version
    findings: tuple[Finding, ...]
    told: int
    facts: int
    lacking: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    half: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """A change of a section's text: the versions before and after, and the candidates put away."""

    section_id: str
    before: int | None
    after: int | None
    away: tuple[int, ...] = ()
    picked: Picked | None = None


class Choosing:
    """The candidates of stored documents, and the `locks` they have to keep."""

    def __init__(self, store: Store, review: Review) -> None:
        self._store = store
        self._review = review
        self.locks = Locks(store)

    def of(
        self, doc: int, reviewed: Reviewed, locks: Mapping[str, SectionLocks]
    ) -> dict[str, tuple[Variant, ...]]:
        """Return the candidates of a document by section id, in the order written."""
        sections = {section.id: section for section in reviewed.draft.sections}
        return {
            sid: tuple(self._variant(reviewed, sections[sid], v, locks.get(sid)) for v in versions)
            for sid, versions in self._store.candidates.of(doc).items()
            if sid in sections
        }

    def _variant(
        self,
        reviewed: Reviewed,
        section: DraftSection,
        version: Version,
        locks: SectionLocks | None,
    ) -> Variant:
        live = locks.live if locks else ()
        standing = set(present(version.text, live))
        facts = reviewed.sources.facts
        written = replace(section, text=version.text)
        told, own = _coverage(written, facts, reviewed.draft.year)
        return Variant(
            version,
            self._review.of_candidate(reviewed, section.id, version.text),
            told,
            own,
            tuple(dict.fromkeys(words for words in live if words not in standing)),
            trace(written, facts),
            (told < own or not version.text.rstrip().endswith(_ENDS))
            and _broken_off(version, self._store.points(version.id)),
        )

    def wanted(self) -> int:
        """Return how many candidates the person asked for last."""
        kept = self._store.setting(_WANTED) or "1"
        return int(kept) if kept in ("1", "2", "3") else 1

    def want(self, number: int) -> None:
        """Remember how many candidates a rewriting is to give."""
        if number != self.wanted():
            self._store.set_setting(_WANTED, str(number))

    def accept(self, doc: int, section_id: str, version_id: int) -> Change:
        """Make a candidate the text; the others of the section are put away."""
        before = self._current(doc, section_id)
        self._store.accept(doc, section_id, version_id)
        away = self._store.candidates.put_away(doc, section_id)
        return Change(section_id, before, version_id, away)

    def discard_all(self, doc: int, section_id: str) -> tuple[int, ...]:
        """Put all candidates of a section away; return their ids, for `lay_out`."""
        return self._store.candidates.put_away(doc, section_id)

    def lay_out(self, doc: int, section_id: str, ids: Sequence[int]) -> None:
        """Lay candidates that were put away beside the section again."""
        self._store.candidates.lay_out(doc, section_id, ids)

    def take(self, doc: int, section_id: str, version_id: int, at: int) -> Change:
        """Take one sentence of a candidate into the text, as a version of the person's own.

        Raises InputError where that would push out a locked sentence or another fact.
        """
        section = self._section(doc, section_id)
        other = self._store.version(version_id)
        if other.section_id != section_id:
            raise InputError("候选已经变了。", "请看现在显示的候选，再选一次。")
        sheet = self._store.sheet(doc)
        locks = self.locks.of(doc).get(section_id, SectionLocks())
        picked = pick(section, other.text, at, sheet.facts if sheet else (), locks.live)
        before = self._current(doc, section_id)
        rev = self._store.section_rev(doc, section_id)
        saved = self._store.save_text(doc, section_id, picked.text, rev, "采用候选里的一句")
        if saved.conflict:
            raise InputError(*_CHANGED)
        return Change(section_id, before, saved.version_id, (), picked)

    def undo(self, doc: int, change: Change) -> None:
        """Take a change back, unless the section was changed since; candidates lie there again."""
        now = self._section(doc, change.section_id)
        if change.after is None or now.text != self._store.version(change.after).text:
            raise InputError("这一节后来又改过，不能直接撤销。", "请到“历史”里恢复需要的版本。")
        if change.before is None:
            rev = self._store.section_rev(doc, change.section_id)
            self._store.save_text(doc, change.section_id, "", rev, "撤销采用候选")
        else:
            self._store.restore(doc, change.section_id, change.before, "撤销采用候选")
        # Of a sentence taken `after` is the person's own version, which is no candidate.
        again = (*change.away, change.after)
        self._store.candidates.lay_out(doc, change.section_id, again)

    def _section(self, doc: int, section_id: str) -> DraftSection:
        for section in self._store.draft_sections(doc):
            if section.id == section_id:
                return section
        raise InputError("这一节已经不在提纲里。", "刷新页面，从提纲里重新选择。")

    def _current(self, doc: int, section_id: str) -> int | None:
        """Return the version whose text stands now; None for a section never written."""
        text = self._section(doc, section_id).text
        versions = self._store.history(doc, section_id)
        return next((v.id for v in versions if v.text == text), None) if text else None


@lru_cache(maxsize=256)
def _broken_off(version: Version, points: Sequence[WrittenPoint]) -> bool:
    """Say whether the model was stopped before it had written all: what is whole has a point for
    each fact it was given, a fact's own words where nothing better came."""
    if version.run is None:
        return False
    written = {fact for point in points for fact in point.fact_ids}
    return not written.issuperset(version.run.fact_ids)


def _coverage(section: DraftSection, facts: tuple[Fact, ...], year: int | None) -> tuple[int, int]:
    """Return how many of a section's facts its text tells in full, and how many it has."""
    own = tuple(fact for fact in facts if fact.id in section.fact_ids)
    uses = fact_uses(Draft("", year, (section,)), own)
    return sum(use.status in ("used", "merged") for use in uses), len(own)
