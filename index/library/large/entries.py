"""The entries of a large index, looked through list by list; and those of sections that came late.

Sections are numbered: those of the index first, by place, then the late ones.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.library.catalogue import Catalogue
from index.library.large import grouping, places
from index.library.large.form import Form
from index.library.large.grouping import Packed
from index.library.large.reading import read_block
from index.library.ranking import dots
from index.library.searching import apart
from index.library.topics import TopicIndex, TopicsOf
from index.types import Embedder

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

LATE = 4000
"""Sections that may come in before an import makes the index anew; a search looks at them all."""
# Entries one search looks at, list by list; about 3 ms. Of 10^6 sections the best ten were found as
# often with 6,000 as with 12,000 (docs/log.md).
LOOKED_AT = 8000
LONGEST = 16_000  # of one list; k-means makes one so long only of like entries
FARTHEST = 2  # lists among which the least meaning is looked for
LEAST = 8


@dataclass(frozen=True, slots=True)
class Query:
    """A query as entries are compared with, its heading and its text; `point` is its text as a
    point."""

    heading: Floats
    text: Floats
    point: Floats

    @property
    def both(self) -> Floats:
        """Heading and text, a row for each."""
        return np.stack([self.heading, self.text])


@dataclass(frozen=True, slots=True)
class Entries:
    """What there is to be found: the index, less what is gone, and what came late."""

    form: Form
    early_entries: Packed
    late_entries: Packed
    firsts: Numbers  # where the entries of each section begin: those of the index, then the late
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
        vectors = zip((as_heading, as_text, as_text), self.shared, strict=True)
        return Query(*(apart(vector[None], shared)[0] for vector, shared in vectors))

    def list_scores(self, query: Query) -> Floats:
        """Return how close the middle of each list is."""
        return dots(self.form["centroids"], query.both.ravel() / np.float32(2))

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
        both = scores + np.float32(share) * dots(self.form["list_topics"], topics)
        sections, meaning, _ = self.look_through(query, both)
        near = dots(self.topic_rows("apart", sections), topics)
        return sections, (meaning + np.float32(share) * near).astype(np.float32)

    def least(self, query: Query, known: Mask, scores: Floats) -> Numbers:
        """Return the sections farthest in meaning: some of those in the farthest lists."""
        few = min(FARTHEST, len(scores))
        far = np.argpartition(scores, few - 1)[:few]
        sections, meaning = self._lists(query, far)
        kept = known[sections]
        lowest: Numbers = sections[kept][np.argsort(meaning[kept])[:LEAST]]
        return lowest

    def meaning(self, query: Query, sections: Numbers, fine: bool = False) -> Floats:
        """Return how close sections are in meaning, by all their entries; `fine`: as the exact
        way finds it."""
        whole, owner, rows = self._entries_of(sections, fine)
        sides = dots(rows, query.both)
        # The text of a point's entry is half the whole and half the point.
        as_points = dots(rows[:, 1], query.point)
        points = 2 * as_points - as_points[whole]
        texts = sides[whole, 1]
        is_point = whole != np.arange(len(whole))
        sides[:, 1] = np.where(is_point, (texts + points) / 2, texts)
        scores = np.full(len(sections), -1.0, np.float32)
        np.maximum.at(scores, owner, self._blend(sides, sections[owner]))
        return scores

    def wholes(self, sections: Numbers) -> Floats:
        """Return the vectors of sections as wholes, for variety."""
        whole, _, rows = self._entries_of(sections, fine=True)
        return grouping.wholes_of(rows[np.unique(whole), 1], self.shared[1])

    def _entries_of(self, sections: Numbers, fine: bool) -> tuple[Numbers, Numbers, Floats]:
        """Return all entries of some sections, section by section: the row of each one's whole, the
        section it is of (as a row of `sections`), and itself, heading and text apart."""
        begins = self.firsts[sections]
        counts = self.firsts[sections + 1] - begins
        owner = np.repeat(np.arange(len(sections)), counts)
        whole = (np.cumsum(counts) - counts)[owner]
        entries = begins[owner] + np.arange(len(owner)) - whole
        size = self.form.manifest.sizes["e"]
        late = entries >= size
        rows = np.empty((len(entries), 2, self.form.manifest.dimension), np.float32)
        rows[~late] = self.early_entries.some(self.form["entries"][entries[~late]], fine)
        rows[late] = self.late_entries.some(entries[late] - size, fine)
        return whole, owner, rows

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
        scales = np.concatenate([form["scales"][span] for span in spans])
        both, halves = query.both, (-1, *query.both.shape)
        sides = [  # a list at a time: it stays in the processor's cache
            dots(form["rows"][span].astype(np.float32).reshape(halves), both) for span in spans
        ]
        close = self._blend(np.concatenate(sides) * scales, owner)
        if not len(owner):
            return owner.astype(np.int64), close
        order = np.argsort(owner, kind="stable")
        owner, close = owner[order], close[order]
        first = np.flatnonzero(np.concatenate([[True], owner[1:] != owner[:-1]]))
        return owner[first].astype(np.int64), np.maximum.reduceat(close, first)

    def _blend(self, sides: Floats, owner: Numbers) -> Floats:
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
    came = grouping.packed(np.zeros((0, 2 * manifest.dimension), np.float32))
    firsts = np.asarray(form["firsts"])
    if block is not None:
        came = grouping.packed(grouping.entries_of(block, np.asarray(form["shared"]))[0])
        ends = np.cumsum(grouping.entry_counts(block), dtype=np.int64)
        firsts = np.concatenate([firsts, firsts[-1] + ends])
        mine = [numbers.setdefault(str(one), len(numbers)) for one in block["report_ids"]]
        for name in ("places", "roles", "unheaded"):
            parts[name].append(block[name])
        parts["reports"].append(np.array(mine, np.int32)[block["reports"]])
        alive = np.append(alive, np.ones(len(block["places"]), np.bool_))
    whole = {name: np.concatenate(found) for name, found in parts.items()}
    held = Packed(*(form[name] for name in ("rows", "rest", "scales")))
    return Entries(form, held, came, firsts, **whole, report_numbers=numbers, alive=alive)
