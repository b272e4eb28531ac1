"""What comes back to the desk: an edited Word file, kept until it is put away, and what is decided.

The file stays as it came, in `drafts.db`; how it differs is reckoned anew at every look against the
draft as it stands, so that nothing is ever taken into a text it was not shown for. What is taken is
in `drafter.taking`.
"""

import io
import json
import threading
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from drafter.handed import kept_exports
from drafter.layouts import Layouts
from drafter.returned_parts import open_keys
from drafter.returning import (
    Change,
    Comment,
    EditedText,
    Returned,
    ReturnedSection,
    read_bounded,
)
from drafter.returning.surroundings import without_surroundings
from drafter.review import Review
from drafter.store import Store
from drafter.taking import Taking

__all__ = ["Change", "Comment", "Received", "Receiving", "Returned", "ReturnedSection"]

# A file above this size is kept without its pictures: only its words are ever read again.
_WHOLE_BYTES = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Received:
    """A file that came back and what the person decided: keys (see `drafter.returned_parts`) of
    what was refused and of comments dealt with. `is_begun`: something of it was taken; `is_closed`:
    put away, to be opened again."""

    name: str
    at: str
    edited: EditedText
    refused: frozenset[str] = frozenset()
    handled: frozenset[str] = frozenset()
    is_begun: bool = False
    is_closed: bool = False


class Receiving:
    """Files that came back to one person's documents. Every method may be called from any thread.

    `taking` makes what came back part of the report, with a way back.
    """

    def __init__(self, store: Store, review: Review, layouts: Layouts) -> None:
        self._layouts = layouts
        self._store = store
        self._review = review
        self._read: dict[int, tuple[str, EditedText]] = {}
        self._lock = threading.Lock()
        self.taking = Taking(store, review)

    def receive(self, doc: int, name: str, data: bytes) -> Received:
        """Read and keep an edited .docx in place of the one before. The draft stays as it is.

        Raises UnreadableFile, StoreError.
        """
        edited = self._edited(name, data)
        if self._store.plan(doc) is not None:
            self._store.moments.take(doc, "收回修改稿前")
        with self._lock:
            self._store.returned.keep(doc, name, _slim(data))
            self._read.pop(doc, None)
        received = self.received(doc)
        return received or Received(name, "", edited)

    def _edited(self, name: str, data: bytes) -> EditedText:
        """Read a file without what the office's template put around the report."""
        return without_surroundings(read_bounded(name, data), self._layouts.surroundings())

    def received(self, doc: int) -> Received | None:
        """Return the file of a document with what was decided, None where none came back."""
        with self._lock:
            kept = self._store.returned.of(doc)
            if kept is None:
                return None
            at, edited = self._read.get(doc, ("", None))
            if edited is None or at != kept.received_at:
                edited = self._edited(kept.name, kept.data)
                self._read[doc] = kept.received_at, edited
            decided = json.loads(self._store.returned.decided(doc) or "{}")
        return Received(
            kept.name,
            kept.received_at,
            edited,
            frozenset(decided.get("refused", ())),
            frozenset(decided.get("handled", ())),
            bool(decided.get("begun")),
            bool(decided.get("closed")),
        )

    def compared(self, doc: int, received: Received) -> Returned:
        """Return how the file differs from the report as it stands now."""
        return self.taking.compared(doc, received.edited)

    def untouched(self, doc: int, back: Returned) -> frozenset[str]:
        """Return the sections whose returned text is one that was exported: the file's editor left
        them alone, the person here has changed them since."""
        kept = {
            (s.id, _lines(s.text)) for h in kept_exports(self._store, doc) for s in h.draft.sections
        }
        return frozenset(
            section.section_id
            for section in back.sections
            if section.section_id and section.changes
            if (section.section_id, _lines(section.new)) in kept
        )

    # what is decided

    def refuse(self, doc: int, keys: Iterable[str]) -> None:
        """Take things off the list; the draft stays as it is."""
        self._decide(doc, "refused", lambda before: before | set(keys))

    def refuse_all(self, doc: int) -> None:
        """Take everything that is still open off the list."""
        received = self.received(doc)
        if received is not None:
            back = self.compared(doc, received)
            self.refuse(doc, open_keys(back, received.refused, self.untouched(doc, back)))

    def relist(self, doc: int) -> None:
        """List again what was refused."""
        self._decide(doc, "refused", lambda _: set())

    def handle(self, doc: int, key: str, done: bool = True) -> None:
        """Note that a comment was dealt with, or was not after all."""
        self._decide(doc, "handled", lambda before: before | {key} if done else before - {key})

    def close(self, doc: int, closed: bool = True) -> None:
        """Put the file away, or take it up again; what was decided stays."""
        self._mark(doc, "closed", closed)

    def begin(self, doc: int) -> None:
        """Note that something of the file was taken."""
        self._mark(doc, "begun", True)

    def _mark(self, doc: int, what: str, value: bool) -> None:
        with self._lock:
            decided = json.loads(self._store.returned.decided(doc) or "{}")
            self._store.returned.decide(doc, json.dumps({**decided, what: value}))

    def _decide(self, doc: int, what: str, edit: Callable[[set[str]], set[str]]) -> None:
        with self._lock:
            decided = json.loads(self._store.returned.decided(doc) or "{}")
            decided[what] = sorted(edit(set(decided.get(what, ()))))
            self._store.returned.decide(doc, json.dumps(decided))


def _lines(text: str) -> tuple[str, ...]:
    """Return a text's lines without white space, which a Word file may not keep."""
    bare = ("".join(line.split()) for line in text.splitlines())
    return tuple(line for line in bare if line)


def _slim(data: bytes) -> bytes:
    """Return a large Word file without what has no words: pictures, fonts, embedded files."""
    if len(data) <= _WHOLE_BYTES:
        return data
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as slim,
    ):
        for name in source.namelist():
            if name.endswith((".xml", ".rels")):
                slim.writestr(name, source.read(name))
    return out.getvalue()
