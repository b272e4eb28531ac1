"""Which section an editor on the page shows, and saving it without losing or mixing anything.

The browser sends an editor's text together with its stamp, both as they stand on the page at that
moment. The stamp says whose text it is and what it was when the page got it, so that a late save
can never land in another section, and an editor nobody touched is never saved.
"""

import hashlib
import threading
from dataclasses import dataclass, replace

from drafter.errors import StoreError
from drafter.types import SaveOutcome
from drafter.ui.text import whole_number
from drafter.workflow import Workspace


@dataclass(frozen=True, slots=True)
class Stamp:
    """The section behind an editor: document, section, revision, and a hash of its text."""

    doc: int
    section: str
    rev: int
    text_hash: str

    def __str__(self) -> str:
        return f"{self.doc}|{self.section}|{self.rev}|{self.text_hash}"


def stamp_of(doc: int, section: str, rev: int, text: str) -> Stamp:
    """Return the stamp of a text as the page gets it."""
    return Stamp(doc, section, rev, text_hash(text))


def read_stamp(written: str | None) -> Stamp | None:
    """Return the stamp the page sent back; None for an editor that shows no section."""
    parts = (written or "").split("|")
    if len(parts) != 4 or not (parts[0].isdecimal() and parts[2].isdecimal()):
        return None
    return Stamp(whole_number(parts[0]), parts[1], whole_number(parts[2]), parts[3])


def text_hash(text: str) -> str:
    """Return a short hash; a textarea's own line ends make no difference."""
    plain = text.replace("\r\n", "\n").encode("utf-8", "replace")
    return hashlib.blake2b(plain, digest_size=6).hexdigest()


class Saver:
    """Saves editors. Fast typing sends a save before the page knows the last one's revision; saves
    of one page follow each other, so such a save continues its own line and is no conflict."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._lines: dict[tuple[str, int, str], tuple[int, int]] = {}
        # Of each page and section, the text saved last that another window's stands against.
        self._lost: dict[tuple[str, int, str], int] = {}
        self._lock = threading.Lock()

    def save(self, session: str, stamp: Stamp, text: str) -> tuple[Stamp, SaveOutcome | None]:
        """Save what an editor of this page holds; None when nobody changed it.

        Raises StoreError when the section is gone; the text is then still on the page.
        """
        text = text.replace("\r\n", "\n")
        if text_hash(text) == stamp.text_hash:
            return stamp, None
        with self._lock:
            line = (session, stamp.doc, stamp.section)
            first, last = self._lines.get(line, (stamp.rev, stamp.rev))
            rev = last if first <= stamp.rev <= last else stamp.rev
            outcome = self._workspace.save_text(stamp.doc, stamp.section, text, rev)
            earlier = self._lost.pop(line, None)
            if earlier is not None and earlier != outcome.version_id:
                self._workspace.past.supersede(stamp.doc, earlier)
            if outcome.conflict:
                self._lines.pop(line, None)
                if outcome.version_id is not None:
                    self._lost[line] = outcome.version_id
                # Its revision stays behind: what is typed on must not quietly win either.
                return replace(stamp, text_hash=text_hash(text)), outcome
            self._lines[line] = (first if rev == last else stamp.rev, outcome.rev)
        return replace(stamp, rev=outcome.rev, text_hash=text_hash(text)), outcome

    def lost(self, session: str, doc: int, section: str) -> int | None:
        """Return this page's text that another window's stands against, None when there is none."""
        return self._lost.get((session, doc, section))

    def forget(self, session: str, doc: int, section: str) -> None:
        """Note that the person has chosen between the two."""
        self._lost.pop((session, doc, section), None)

    def reached(self, session: str, doc: int, section: str) -> int:
        """Return the revision this page's own saves led to, 0 before the first."""
        return self._lines.get((session, doc, section), (0, 0))[1]

    def flush(self, session: str, stamps: list[str], texts: list[str]) -> tuple[int, int]:
        """Save all editors of a page before something else happens; return (saved, conflicts).

        A section that has gone meanwhile is skipped: its texts are in its history.
        """
        saved = conflicts = 0
        for written, text in zip(stamps, texts, strict=True):
            stamp = read_stamp(written)
            if stamp is None:
                continue
            try:
                _, outcome = self.save(session, stamp, text or "")
            except StoreError:
                continue
            if outcome is not None:
                saved += 1
                conflicts += outcome.conflict
        return saved, conflicts
