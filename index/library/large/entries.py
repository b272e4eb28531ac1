"""The entries of a large index, looked through list by list; and those of sections that came late.

Sections are numbered: those of the index first, by place, then the late ones.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.library.catalogue import Catalogue
from index.library.large import grouping, places
from index.library.large.form import Array, Form
from index.library.large.reading import read_block
from index.library.searching import apart
from index.library.topics import TopicIndex, TopicsOf
from index.types import Embedder

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

LATE = 4000
"""Sections that may come in before an import makes the index anew; a search looks at them all."""
LOOKED_AT = 12_000  # entries one search looks at, list by list; about 5 ms
LONGEST = 16_000  # of one list; k-means makes one so long only of like entries
FARTHEST = 2  # lists among which the least meaning is looked for
LEAST = 8


@dataclass(frozen=True, slots=True)
class Query:
    """A query as entries are compared with; `whole` is both vectors, as middles of lists are."""

    heading: Floats
    text: Floats
    whole: Floats

    def sides(self, rows: Array) -> Floats:
        """Return how close packed rows are: a column for headings, one for texts."""
        loose, half = rows.astype(np.float32), len(self.heading)
        return np.stack([loose[:, :half] @ self.heading, loose[:, half:] @ self.text], axis=1)


@dataclass(frozen=True, slots=True)
class Late:
    """The entries of the sections that came in after the index was made."""

    rows: Array
    scales: Floats
    owner: Numbers


@dataclass(frozen=True, slots=True)
class Entries:
    """What there is to be found: the index, less what is gone, and what came late."""

    form: Form
    late_entries: Late
    places: Numbers
    roles: npt.NDArray[np.int8]
    unheaded: Mask
    reports: npt.NDArray[np.int32]
    report_numbers: dict[str, int]
    alive: Mask

    @property
    def shared(self) -> Floats:
        """What headings, wholes and points have in common."""
        return self.form["shared"]

    @property
    def late(self) -> Numbers:
        """The numbers of the late sections."""
        return np.arange(self.form.manifest.sizes["n"], len(self.places))

    def known(self, excluded: Collection[str]) -> Mask:
        """Say of each section whether it may be found or have a say."""
        found = self.alive
        for report in excluded:
            number = self.report_numbers.get(report)
            if number is not None:
                found = found & (self.reports != number)
        return found

    def of_reports(self, reports: Collection[str]) -> Numbers:
        """Return the numbers of the sections of these reports."""
        mine = [self.report_numbers[one] for one in reports if one in self.report_numbers]
        return np.flatnonzero(np.isin(self.reports, mine) & self.alive)

    def query(self, as_text: Floats, as_heading: Floats) -> Query:
        """Return two unit vectors as entries are compared with."""
        heading = apart(as_heading[None], self.shared[0])[0]
        text = apart(as_text[None], self.shared[1])[0]
        whole = np.concatenate([heading, text]) / np.float32(2)
        return Query(heading, text, whole.astype(np.float32))

    def list_scores(self, query: Query) -> Floats:
        """Return how close the middle of each list is."""
        scores: Floats = self.form["centroids"] @ query.whole
        return scores

    def look_through(self, query: Query, scores: Floats) -> tuple[Numbers, Floats, Numbers]:
        """Return the sections in the lists of the best scores, how close they are by what of them
        is there, and these lists."""
        starts = self.form["starts"]
        few = min(len(scores), 256)
        order = np.argpartition(-scores, few - 1)[:few]
        order = order[np.argsort(-scores[order], kind="stable")]
        lengths = np.minimum(starts[order + 1] - starts[order], LONGEST)
        count = int(np.searchsorted(np.cumsum(lengths), LOOKED_AT)) + 1
        sections, meaning = self._lists(query, order[:count])
        return sections, meaning, order[:count]

    def closest_in_topics(
        self, query: Query, scores: Floats, topics: Floats, share: float
    ) -> tuple[Numbers, Floats]:
        """Return the sections in the lists closest in meaning and topics, and how close they are.

        `share` is what a closeness of topics of 1 weighs beside the cosines of meaning.
        """
        both = scores + np.float32(share) * (self.form["list_topics"] @ topics)
        sections, meaning, _ = self.look_through(query, both)
        near = self.topic_rows("apart", sections) @ topics
        return sections, (meaning + np.float32(share) * near).astype(np.float32)

    def least(self, query: Query, known: Mask, scores: Floats) -> Numbers:
        """Return the sections farthest in meaning: some of those in the farthest lists."""
        few = min(FARTHEST, len(scores))
        far = np.argpartition(scores, few - 1)[:few]
        sections, meaning = self._lists(query, far)
        kept = known[sections]
        lowest: Numbers = sections[kept][np.argsort(meaning[kept])[:LEAST]]
        return lowest

    def meaning(self, query: Query, sections: Numbers) -> Floats:
        """Return how close sections are in meaning, by all their entries."""
        scores = np.full(len(sections), -1.0, np.float32)
        size = self.form.manifest.sizes["n"]
        early = np.flatnonzero(sections < size)
        firsts, lasts = (self.form["firsts"][sections[early] + one] for one in (0, 1))
        counts = lasts - firsts
        which = np.repeat(early, counts)
        steps = np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
        entries = self.form["entries"][np.repeat(firsts, counts) + steps]
        close = self._close(
            query, self.form["rows"][entries], self.form["scales"][entries], sections[which]
        )
        np.maximum.at(scores, which, close)
        if len(early) < len(sections):
            late = self.late_entries
            mine = np.full(len(self.places) - size, -1.0, np.float32)
            found = self._close(query, late.rows, late.scales, late.owner)
            np.maximum.at(mine, late.owner - size, found)
            after = sections >= size
            scores[after] = mine[sections[after] - size]
        return scores

    def topics(self, sections: Numbers, topics_of: TopicsOf) -> TopicIndex:
        """Return the topics of some sections, ready for comparison; late ones have none."""
        names = self.form.manifest.topics or ()
        columns = {name: column for column, name in enumerate(names)}
        shared = np.asarray(self.form["topics_shared"])
        mixed, told_apart = (self.topic_rows(name, sections) for name in ("mixed", "apart"))
        return TopicIndex(topics_of, columns, mixed, told_apart, shared)

    def topic_rows(self, name: str, sections: Numbers) -> Floats:
        """Return rows of `mixed` or `apart`, zero for late sections."""
        rows = np.zeros((len(sections), self.form.manifest.sizes["t"]), np.float32)
        early = sections < self.form.manifest.sizes["n"]
        rows[early] = self.form[name][sections[early]]
        return rows

    def _lists(self, query: Query, lists: Numbers) -> tuple[Numbers, Floats]:
        """Return the sections in some lists, each once, and how close their entries there are."""
        form = self.form
        starts = form["starts"]
        lengths = np.minimum(starts[lists + 1] - starts[lists], LONGEST)
        spans = [slice(b, b + n) for b, n in zip(starts[lists], lengths, strict=True)]
        owner = np.concatenate([form["owner"][span] for span in spans])
        sides = np.concatenate([query.sides(form["rows"][span]) for span in spans])
        scales = np.concatenate([form["scales"][span] for span in spans])
        close = self._blend(sides * scales, owner)
        if not len(owner):
            return owner.astype(np.int64), close
        order = np.argsort(owner, kind="stable")
        owner, close = owner[order], close[order]
        first = np.flatnonzero(np.concatenate([[True], owner[1:] != owner[:-1]]))
        return owner[first].astype(np.int64), np.maximum.reduceat(close, first)

    def _close(self, query: Query, rows: Array, scales: Array, owner: Array) -> Floats:
        return self._blend(query.sides(rows) * scales, owner)

    def _blend(self, sides: Floats, owner: Array) -> Floats:
        """Return half the heading and half the text, the text alone where there is no heading."""
        close: Floats = np.where(self.unheaded[owner], sides[:, 1], sides.mean(axis=1))
        return close.astype(np.float32)


def open_entries(form: Form, catalogue: Catalogue, embedder: Embedder, late: int) -> Entries | None:
    """Return what there is to be found now, None where more than `late` sections came late.

    Raises LibraryMismatch when a late section lacks a vector.
    """
    manifest = form.manifest
    size = manifest.sizes["n"]
    end = places.last_place(catalogue)
    block = None
    if places.count_between(catalogue, manifest.up_to, end) > late:
        return None
    if end > manifest.up_to:
        block = read_block(catalogue, embedder, manifest.up_to, end, manifest.bits, None)
    alive = np.ones(size, np.bool_)
    if places.count_between(catalogue, 0, manifest.up_to) != manifest.counted:
        there = places.places_up_to(catalogue, manifest.up_to)
        alive = np.isin(np.asarray(form["places"]), there, assume_unique=True)
    numbers = {report: number for number, report in enumerate(form.report_ids)}
    parts = {name: [np.asarray(form[name])] for name in ("places", "roles", "unheaded", "reports")}
    came = Late(
        np.zeros((0, 2 * manifest.dimension), np.int8), np.zeros((0, 2), np.float32),
        np.zeros(0, np.int64),
    )  # fmt: skip
    if block is not None:
        rows, owner = grouping.entries_of(block, np.asarray(form["shared"]))
        came = Late(*grouping.packed(rows), owner.astype(np.int64) + size)
        mine = [numbers.setdefault(str(one), len(numbers)) for one in block["report_ids"]]
        for name in ("places", "roles", "unheaded"):
            parts[name].append(block[name])
        parts["reports"].append(np.array(mine, np.int32)[block["reports"]])
        alive = np.append(alive, np.ones(len(block["places"]), np.bool_))
    whole = {name: np.concatenate(found) for name, found in parts.items()}
    return Entries(form, came, **whole, report_numbers=numbers, alive=alive)
