"""Leave one report out: does the top exemplar for its sections have the same role and topic?

Topic tags are in bench/retrieval/topics-*.toml, given by the samples' authors before any retrieval
was run. Queries are a section's heading and text, as in the product; the report itself is taken
out of the library meanwhile (for TF-IDF, out of the results). `with role` is what the product does
(the plan knows the role); `no role` searches blind.

The search was tuned on the queries of topics-a (reports 01 to 09); topics-b (10 to 18) is held out.
Rows: the product's search; the same without its topic function; TF-IDF on character 1-3-grams
(scikit-learn); and what no search could exceed, since for some sections no other report has one of
the same topic (and role). `--misses` lists the product's misses with the role given.
"""

import sys
import tempfile
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from drafter.workflow import SAMPLES, Workspace
from index.embed import default_embedder
from index.home import models_dir
from index.library import Library
from index.types import Embedder, Role, Section

TAGS = Path(__file__).parent / "retrieval"
HALVES = ("topics-a", "topics-b")
MIXED = "综合"  # a section of several topics: a query for its role only


@dataclass(frozen=True, slots=True)
class Tagged:
    """A library section with its author's topic tag, and the file of tags it comes from."""

    section: Section
    topic: str
    half: str


@dataclass(frozen=True, slots=True)
class Shares:
    """Of a row: same role of all queries, same topic of those in each half and of all."""

    role: float
    topic: tuple[float, ...]


Search = Callable[[Tagged, Role | None], Section | None]


class Remembering:
    """An embedder that embeds a query once, however many searches ask for it."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known: dict[str, npt.NDArray[np.float32]] = {}

    @property
    def name(self) -> str:
        """The embedder's own."""
        return self._embedder.name

    @property
    def dimension(self) -> int:
        """The embedder's own."""
        return self._embedder.dimension

    def encode_query(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return unit vectors, new or remembered."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known |= zip(new, self._embedder.encode_query(new), strict=True)
        return np.stack([self._known[text] for text in texts])

    def encode_document(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return the embedder's vectors."""
        return self._embedder.encode_document(texts)


def load_tags() -> dict[str, tuple[str, dict[str, str]]]:
    """Return file name → (half, section key ("一、（一）") → topic)."""
    return {
        name: (half, keys)
        for half in HALVES
        for name, keys in tomllib.loads((TAGS / f"{half}.toml").read_text("utf-8")).items()
    }


def tagged_sections(library: Library) -> list[Tagged]:
    """Return the sections of the library that have a tag; keys follow the numbers as written."""
    tags = load_tags()
    found: list[Tagged] = []
    for report in library.reports():
        half, own = tags.get(Path(report.source).name, ("", {}))
        by_text = {s.text: s for s in library.sections() if s.report == report.id}
        for part in library.parsed(report.id).sections:
            for sub in part.subsections:
                topic = own.get((part.number or "") + (sub.number or ""))
                section = by_text.get(sub.text)
                if topic and section and section.role not in ("导语", "结语"):
                    found.append(Tagged(section, topic, half))
    return found


def _query(tagged: Tagged) -> str:
    return f"{tagged.section.heading or ''}\n{tagged.section.text}"


def ours(library: Library, tagged: Sequence[Tagged]) -> Search:
    """Return the library's answers as a function of (query, role).

    Each report is deleted, asked for, and imported again, which embeds nothing anew.
    """
    answers: dict[tuple[str, Role | None], Section | None] = {}
    for report in library.reports():
        library.delete(report.id)
        for one in (t for t in tagged if t.section.report == report.id):
            for role in (None, one.section.role):
                found = library.search(_query(one), role, 1)
                answers[one.section.id, role] = found[0].section if found else None
        if library.build([SAMPLES]).embedded:
            raise RuntimeError("a report taken out and put back was embedded again")

    def search(one: Tagged, role: Role | None) -> Section | None:
        return answers[one.section.id, role]

    return search


def tfidf(sections: Sequence[Section]) -> Search:
    """Return the peer: cosine of TF-IDF vectors over character 1-3-grams."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True)
    known = vectors.fit_transform([f"{s.heading or ''}\n{s.text}" for s in sections])

    def search(one: Tagged, role: Role | None) -> Section | None:
        scores = np.asarray((known @ vectors.transform([_query(one)]).T).todense()).ravel()
        for place in np.argsort(-scores):
            candidate = sections[int(place)]
            if candidate.report != one.section.report and role in (None, candidate.role):
                return candidate
        return None

    return search


def best_possible(tagged: Sequence[Tagged]) -> Search:
    """Return the search that knows the tags: a section of the same topic where there is one."""

    def search(one: Tagged, role: Role | None) -> Section | None:
        others = [
            t
            for t in tagged
            if t.section.report != one.section.report and role in (None, t.section.role)
        ]
        right = [t.section for t in others if t.topic == one.topic]
        right.sort(key=lambda section: section.role != one.section.role)
        return right[0] if right else next((t.section for t in others), None)

    return search


def score(tagged: Sequence[Tagged], search: Search, with_role: bool) -> Shares:
    """Return the shares of the top exemplar; one without a tag, or mixed, is never the same topic.

    Queries that are themselves tagged as mixed count for the role only.
    """
    topic_of = {t.section.id: t.topic for t in tagged}
    roles: list[bool] = []
    topics: dict[str, list[bool]] = {half: [] for half in HALVES}
    for one in tagged:
        best = search(one, one.section.role if with_role else None)
        roles.append(best is not None and best.role == one.section.role)
        if one.topic != MIXED:
            same = best is not None and topic_of.get(best.id) == one.topic
            topics[one.half].append(same)
    every = [*topics.values(), [same for half in topics.values() for same in half]]
    return Shares(float(np.mean(roles)), tuple(float(np.mean(of)) for of in every))


def print_misses(tagged: Sequence[Tagged], search: Search) -> None:
    """Print each query whose top exemplar, with the role given, has another topic."""
    topic_of = {t.section.id: t.topic for t in tagged}
    for one in tagged:
        best = search(one, one.section.role)
        found = topic_of.get(best.id, "untagged") if best else "nothing"
        if MIXED != one.topic != found:
            heading = (best.heading or best.text[:20]) if best else ""
            print(f"{one.half} {one.section.role} {one.topic}: {one.section.heading} ", end="")
            print(f"-> {found}: {heading}")


def main() -> int:
    """Print the table."""
    with tempfile.TemporaryDirectory() as scratch:
        embedder = Remembering(default_embedder(models_dir()))
        library = Workspace(Path(scratch), embedder=embedder).library
        library.build([SAMPLES])
        tagged = tagged_sections(library)
        pool = [s for s in library.sections() if s.role not in ("导语", "结语")]
        counts = [sum(t.half == half and t.topic != MIXED for t in tagged) for half in HALVES]
        print(f"{len(library.reports())} reports, {len(pool)} sections, {len(tagged)} tagged,")
        print(f"asked for their topic: {counts[0]} tuned on, {counts[1]} held out")
        print(
            f"{'search':<28}{'same role':>10}{'same topic: tuned on':>22}{'held out':>10}{'all':>8}"
        )
        plain = Library(Path(scratch) / "library", lambda: embedder)
        searches = {
            "library": ours(library, tagged),
            "library without topics": ours(plain, tagged),
            "TF-IDF": tfidf(pool),
            "best possible": best_possible(tagged),
        }
        for with_role in (True, False):
            print("with role" if with_role else "no role")
            for name, search in searches.items():
                of = score(tagged, search, with_role)
                print(f"  {name:<26}{of.role:>10.1%}", end="")
                print(f"{of.topic[0]:>22.1%}{of.topic[1]:>10.1%}{of.topic[2]:>8.1%}")
        if "--misses" in sys.argv[1:]:
            print_misses(tagged, searches["library"])
        plain.close()
        library.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
