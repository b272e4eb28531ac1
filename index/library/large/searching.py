"""The large way of searching: few candidates out of many sections, ranked by the exact formulas.

Candidates come from the lists closest in meaning (and, once the query's topics are known, in
meaning and topics), from the rarest grams, from the own unit's sections and from those that came in
after the index was made. The texts of the best are read from SQLite, and they are ranked as
`index.library.searching` ranks all. Its scales reach from the least to the best meaning of all
sections: the least is looked for in the lists farthest away.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from index.library import ranking
from index.library.catalogue import Catalogue
from index.library.large import places, reading
from index.library.large.entries import Entries, Query, open_entries
from index.library.large.form import Form
from index.library.large.wording import Weights, Wording, open_wording
from index.library.own import BONUS
from index.library.searching import Version
from index.library.topics import TopicsOf, first_clause
from index.types import ROLES, Embedder, Exemplar, Role, Section

Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

NEAR = 400  # candidates from the closest lists
WORDED = 100  # from the rarest grams
READ = 80  # candidates read from SQLite, at least
READ_A_RESULT = 4  # and so many for each result
ANY_ROLE = 24  # of them whatever their role: they span the scales and lend their topics
OWN = 2000  # own sections all looked at; of more only those the lists give


@dataclass(frozen=True, slots=True)
class Asked:
    """A query: its text, its vectors, and the weights of its grams."""

    text: str
    query: Query
    grams: Weights


@dataclass(frozen=True, slots=True)
class LargeSearchable:
    """A large library, open for searching. Reads the catalogue as it is now."""

    version: Version
    catalogue: Catalogue
    entries: Entries
    wording: Wording
    topics_of: TopicsOf | None
    own: frozenset[str]
    own_sections: Numbers

    def search(
        self,
        embedder: Embedder,
        text: str,
        role: Role | None,
        top_k: int,
        excluded: Collection[str],
        mmr: bool,
        without: Collection[str] = (),
    ) -> tuple[Exemplar, ...]:
        """Return what `searching.Searchable.search` would, but for what no list gave."""
        as_text, as_heading = embedder.encode_query([text, first_clause(text)])
        query = self.entries.query(as_text, as_heading)
        asked = Asked(text, query, self.wording.weights(text))
        known = self.entries.known(excluded)
        wanted = known if role is None else known & (self.entries.roles == ROLES.index(role))
        numbers, sections = self._read(self._numbers(asked, known, wanted, top_k + len(without)))
        candidates = [
            i
            for i, section in enumerate(sections)
            if wanted[numbers[i]] and section.id not in without
        ]
        if not candidates:
            return ()
        scores, worth = self._ranked(asked, numbers, sections)
        if mmr:
            reports = [section.report for section in sections]
            wholes = self.entries.wholes(numbers)
            best = ranking.diverse(worth, wholes, reports, candidates, top_k)
        else:
            best = sorted(candidates, key=lambda i: -float(worth[i]))[:top_k]
        return tuple(Exemplar(sections[i], float(scores[i])) for i in best)

    def _read(self, numbers: Numbers) -> tuple[Numbers, list[Section]]:
        """Read sections from SQLite; those that went meanwhile are left out."""
        at = self.entries.places[numbers].tolist()
        found = places.sections_at(self.catalogue, at)
        there = np.array([place in found for place in at], np.bool_)
        return numbers[there], [found[place] for place in at if place in found]

    def _ranked(
        self, asked: Asked, numbers: Numbers, sections: list[Section]
    ) -> tuple[Floats, Floats]:
        """Return the scores of what was chosen, and the same with the own unit a little ahead."""
        meaning = self.entries.meaning(asked.query, numbers, fine=True)
        worded = self.wording.exact(asked.grams, [reading.worded(one) for one in sections])
        scores = self._with_topics(asked, numbers, meaning, worded)
        ours = np.array([section.report in self.own for section in sections])
        return scores, _ahead(scores, ours)

    def _numbers(self, asked: Asked, known: Mask, wanted: Mask, top_k: int) -> Numbers:
        """Return the sections worth ranking exactly, among them the farthest in meaning."""
        entries, query = self.entries, asked.query
        lists = entries.list_scores(query)
        near, meaning, seen = entries.look_through(query, lists)
        rare = self.wording.scores(asked.grams)
        touched = _foremost(rare, wanted)
        least = entries.least(query, known, lists)
        found = np.unique(
            np.concatenate([
                _best(near, meaning, wanted, NEAR),
                _best(near, meaning, known, ANY_ROLE),
                _best(touched, rare[touched], wanted, WORDED),
                _best(touched, rare[touched], known, ANY_ROLE),
                self.own_sections[wanted[self.own_sections]],
                entries.late[known[entries.late]],
                least,
            ])
        )  # fmt: skip
        if not len(found):
            return found
        meaning = entries.meaning(query, found)
        if self.topics_of is not None and entries.form.manifest.topics:
            rough = ranking.blend(meaning, _at(rare, found))
            topics = entries.topics(found, self.topics_of).wanted(asked.text, rough)
            if topics is not None:
                lists[seen] = -np.inf  # looked through already
                share = ranking.TOPICS / 2 * float(np.ptp(meaning))
                more = entries.closest_in_topics(query, lists, topics, share)
                found = np.union1d(found, _best(*more, wanted, NEAR))
                meaning = entries.meaning(query, found)
        rough = self._with_topics(asked, found, meaning, _at(rare, found))
        rough = _ahead(rough, np.isin(found, self.own_sections))
        order = found[np.argsort(-rough, kind="stable")]
        count = max(READ, READ_A_RESULT * top_k)
        return np.unique(np.concatenate([order[wanted[order]][:count], order[:ANY_ROLE], least]))

    def _with_topics(
        self, asked: Asked, numbers: Numbers, meaning: Floats, worded: Floats
    ) -> Floats:
        """Return meaning and wording blended, and topics where the query speaks of one."""
        scores = ranking.blend(meaning, worded)
        if self.topics_of is None or not self.entries.form.manifest.topics or not len(numbers):
            return scores
        topics = self.entries.topics(numbers, self.topics_of).closeness(asked.text, scores)
        return scores if topics is None else ranking.blend(meaning, worded, topics)


def open_large(
    form: Form,
    catalogue: Catalogue,
    embedder: Embedder,
    version: Version,
    topics_of: TopicsOf | None,
    late: int,
) -> LargeSearchable | None:
    """Return the library an index is of, open for searching; None where more than `late` sections
    came in since."""
    entries = open_entries(form, catalogue, embedder, late)
    if entries is None:
        return None
    own = catalogue.own_reports()
    ours = entries.of_reports(own)
    return LargeSearchable(
        *(version, catalogue, entries, open_wording(form), topics_of, own),
        ours if len(ours) <= OWN else ours[:0],
    )


def _ahead(scores: Floats, ours: Mask) -> Floats:
    """Return scores with those of the own unit ahead by `own.BONUS` of their spread."""
    if not ours.any():
        return scores
    return (scores + BONUS * float(np.ptp(scores)) * ours).astype(np.float32)


def _best(sections: Numbers, scores: Floats, among: Mask, count: int) -> Numbers:
    """Return up to `count` of the sections `among` others, those of the best scores."""
    kept = among[sections]
    sections, scores = sections[kept], scores[kept]
    if len(sections) <= count:
        return sections
    return sections[np.argpartition(-scores, count)[:count]]


def _foremost(rare: Floats, wanted: Mask) -> Numbers:
    """Return the sections that share rare grams; where enough share many, only those.

    The best of all are among them either way: looking for them among all takes ten times as long.
    """
    highest = float(rare.max(initial=0.0))
    foremost = np.flatnonzero(rare > highest / 4)
    enough = np.count_nonzero(wanted[foremost]) >= WORDED and len(foremost) >= ANY_ROLE
    return foremost if enough else np.flatnonzero(rare != 0)


def _at(rare: Floats, numbers: Numbers) -> Floats:
    """Return the wording of sections as far as rare grams tell; of late ones that is nothing."""
    scores = np.zeros(len(numbers), np.float32)
    early = numbers < len(rare)
    scores[early] = rare[numbers[early]]
    return scores
