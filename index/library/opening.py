"""The library opened for searching: held in memory while it is small, the large way after that."""

import threading
from collections.abc import Callable
from pathlib import Path

from index.alone import alone
from index.library import schema
from index.library.catalogue import Catalogue
from index.library.large import entries, making, places
from index.library.large.form import Form
from index.library.large.making import Tell
from index.library.large.searching import LargeSearchable, open_large
from index.library.large.sizing import is_large
from index.library.searching import Searchable, Version, load
from index.library.topics import TopicsOf
from index.types import Embedder

AT_MOST = 4 * entries.LATE
"""Sections that may have come in since the index was made before a search waits for a new one: no
more than one block (`reading.SECTIONS`) holds, for late ones are read as one."""
WAIT_SECONDS = 3600.0  # for another process that makes the index


class Opening:
    """What is opened of the library in `folder`, whose database `catalogue` is. Any thread."""

    def __init__(self, folder: Path, catalogue: Catalogue, topics: TopicsOf | None) -> None:
        self._folder = folder
        self._catalogue = catalogue
        self._topics = topics
        self._making = threading.Lock()
        self._opened: Searchable | LargeSearchable | None = None
        self._form: Form | None = None

    def ready(self, embedder: Embedder) -> Searchable | LargeSearchable:
        """Return the library ready for searching, opened anew when it or the embedder changed.

        A large library without an index gets one first, which takes minutes. Raises
        LibraryMismatch, and UserFacingError where the index cannot be written.
        """
        opened = self._opened
        if opened is None or opened.version != self._version(embedder):
            opened = self._opened = self._open(embedder)
        return opened

    def keep_up(self, embedder: Callable[[], Embedder], tell: Tell) -> None:
        """Make the index of a large library where there is none, or much came in since.

        A making that was cut short goes on. Raises as `ready` does, and what `tell` raises.
        """
        if is_large(places.size_of(self._catalogue)):
            with self._making:
                if self._large(embedder(), entries.LATE) is None:
                    self._make(embedder(), tell)

    def _version(self, embedder: Embedder) -> Version:
        return embedder.name, self._catalogue.version()

    def _open(self, embedder: Embedder) -> Searchable | LargeSearchable:
        version = self._version(embedder)
        if not is_large(places.size_of(self._catalogue)):
            self._form = None
            return load(self._catalogue, embedder, version, self._topics)
        with self._making:
            found = self._large(embedder, AT_MOST)
            while found is None:
                self._make(embedder, lambda _: None)
                found = self._large(embedder, AT_MOST)
            return found

    def _large(self, embedder: Embedder, late: int) -> LargeSearchable | None:
        """Open the index, None where there is none that fits or more than `late` came since."""
        version = self._version(embedder)
        token = places.mark(self._catalogue, making.MADE)
        form = self._form
        if form is None or (form.manifest.token, form.manifest.embedder) != (token, embedder.name):
            form = making.open_index(self._folder, self._catalogue, embedder, self._topics)
            self._form = form
        if form is None:
            return None
        return open_large(form, self._catalogue, embedder, version, self._topics, late)

    def _make(self, embedder: Embedder, tell: Tell) -> None:
        database = self._folder / schema.DATABASE
        with schema.clear_errors(database), alone(self._folder / making.FOLDER, WAIT_SECONDS):
            if self._large(embedder, entries.LATE) is None:  # another process may have, meanwhile
                making.make_index(self._folder, self._catalogue, embedder, self._topics, tell)
