"""The past of a document: versions of its sections, states of the whole, and two windows' texts.

The composer's half that looks back. Going back never takes anything away: a restored text is a new
version, and the whole document is kept before it becomes what it was.
"""

from dataclasses import dataclass

from drafter.errors import InputError
from drafter.store import Store
from drafter.store_history import Entry
from drafter.store_snapshots import MomentInfo
from drafter.store_steps import Step
from drafter.types import Draft, DraftSection, Version

__all__ = ["Compared", "Entry", "MomentInfo", "Past"]

LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class Compared:
    """A section in two states of the document: headings and texts, None where there was none."""

    section_id: str
    old: DraftSection | None
    new: DraftSection | None

    @property
    def changed(self) -> bool:
        """Whether heading or text differ."""
        return self.old is None or self.new is None or _said(self.old) != _said(self.new)


class Past:
    """Versions and states of one person's documents. Callable from any thread."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # one section

    def entries(self, doc: int, section_id: str) -> tuple[Entry, ...]:
        """Return every version of a section, newest first, with how it came about."""
        return self._store.past.entries(doc, section_id)

    def version(self, doc: int, section_id: str, version_id: int) -> Entry:
        """Return one of `entries`. Raises InputError when it is not there."""
        for entry in self.entries(doc, section_id):
            if entry.version.id == version_id:
                return entry
        raise InputError("这个版本不在本节的历史里。", "请在“历史”里重新选择。")

    def restore(self, doc: int, section_id: str, version_id: int) -> None:
        """Make an old text current again, as a new version."""
        self.version(doc, section_id, version_id)
        self._store.past.restore(doc, section_id, version_id, "恢复")

    def milestones_of(self, doc: int) -> dict[int, tuple[str, ...]]:
        """Return, by version, the milestones it stood in."""
        return self._store.moments.names_of_versions(doc)

    # two windows

    def conflicts(self, doc: int) -> dict[str, Version]:
        """Return, by section, the text of another window that nobody has decided about yet."""
        return self._store.past.conflicts(doc)

    def supersede(self, doc: int, version_id: int) -> None:
        """Note that the window that saved this text has saved a later one."""
        self._store.past.supersede(doc, version_id)

    def settle(self, doc: int, section_id: str, version_id: int, take: bool) -> None:
        """Choose between two windows' texts; both stay in the history."""
        self._store.past.settle(doc, section_id, version_id, take)

    def revs(self, doc: int) -> dict[str, int]:
        """Return the revision of every section."""
        return self._store.past.revs(doc)

    # the whole document

    def moments(self, doc: int) -> tuple[MomentInfo, ...]:
        """Return milestones and automatic snapshots, newest first."""
        return self._store.moments.listed(doc)

    def milestone(self, doc: int, name: str) -> MomentInfo:
        """Keep the document as it is under a name. Raises InputError for a name of no use."""
        name = " ".join(name.split())
        if not name:
            raise InputError("里程碑要有个名字。", "例如：送审稿、定稿、报县委组织部稿。")
        if len(name) > LONGEST_NAME:
            raise InputError(f"名字太长（{len(name)} 字）。", f"请控制在 {LONGEST_NAME} 字以内。")
        return self._store.moments.info(doc, self._store.moments.take(doc, name, milestone=True))

    def automatic(self, doc: int, name: str) -> None:
        """Keep the document as it is before something large happens to it; `name` says what.

        An empty document is not kept.
        """
        if self._store.plan(doc) is not None:
            self._store.moments.take(doc, name)

    def moment(self, doc: int, moment_id: int) -> MomentInfo:
        """Return one snapshot's entry. Raises StoreError when it is gone."""
        return self._store.moments.info(doc, moment_id)

    def draft_of(self, doc: int, moment_id: int) -> Draft:
        """Return the report as it stood then."""
        moment = self._store.moments.moment(doc, moment_id)
        return Draft(moment.title, None, self._store.moments.sections(doc, moment_id))

    def compare(self, doc: int, moment_id: int) -> tuple[Compared, ...]:
        """Return the sections of a snapshot beside those of now, in today's order; one that is gone
        stands behind the one it followed."""
        old = self._store.moments.sections(doc, moment_id)
        new = self._store.draft_sections(doc)
        before = {section.id: section for section in old}
        pairs = [Compared(s.id, before.get(s.id), s) for s in new]
        for at, section in enumerate(old):
            if all(section.id != pair.section_id for pair in pairs):
                ahead = old[at - 1].id if at else ""
                place = next((n + 1 for n, p in enumerate(pairs) if p.section_id == ahead), 0)
                pairs.insert(place, Compared(section.id, section, None))
        return tuple(pairs)

    def go_to(self, doc: int, moment_id: int) -> Step:
        """Make the whole document what it was then: title, facts, plan and texts. What it is now is
        kept, and the step can be undone."""
        label = f"恢复“{self.moment(doc, moment_id).name}”"
        return self._store.steps.go_to(doc, moment_id, label, f"{label}前")


def _said(section: DraftSection) -> tuple[str, str]:
    return section.heading, section.text
