"""Leave one report out: does the top exemplar for its sections have the same role and topic?

Topic tags are in bench/retrieval/topics-*.toml, given by the samples' authors before any retrieval
was run. Queries are a section's heading and text, as in the product; the report itself is left out.
`with role` is what the product does (the plan knows the role); `no role` searches blind. Peers in
the same run: TF-IDF on character 1–3-grams (scikit-learn), blind and within the role.
"""

import tempfile
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from drafter.workflow import SAMPLES, Workspace
from index.library import Library
from index.types import Role, Section

TAGS = Path(__file__).parent / "retrieval"


@dataclass(frozen=True, slots=True)
class Tagged:
    """A library section with its author's topic tag."""

    section: Section
    topic: str


Search = Callable[[Tagged, Role | None], Section | None]


def load_tags() -> dict[str, dict[str, str]]:
    """Return file name → section key ("一、（一）") → topic."""
    tags: dict[str, dict[str, str]] = {}
    for path in sorted(TAGS.glob("topics-*.toml")):
        tags |= tomllib.loads(path.read_text(encoding="utf-8"))
    return tags


def tagged_sections(library: Library) -> list[Tagged]:
    """Return the sections of the library that have a tag; keys follow the numbers as written."""
    tags = load_tags()
    found: list[Tagged] = []
    for report in library.reports():
        own = tags.get(Path(report.source).name, {})
        by_text = {s.text: s for s in library.sections() if s.report == report.id}
        for part in library.parsed(report.id).sections:
            for sub in part.subsections:
                topic = own.get((part.number or "") + (sub.number or ""))
                section = by_text.get(sub.text)
                if topic and section and section.role not in ("导语", "结语"):
                    found.append(Tagged(section, topic))
    return found


def _query(tagged: Tagged) -> str:
    return f"{tagged.section.heading or ''}\n{tagged.section.text}"


def ours(library: Library) -> Search:
    """Return the product's search as a function of (query, role)."""

    def search(tagged: Tagged, role: Role | None) -> Section | None:
        found = library.search(_query(tagged), role, 1, (tagged.section.report,))
        return found[0].section if found else None

    return search


def tfidf(tagged: Sequence[Tagged], sections: Sequence[Section]) -> Search:
    """Return the peer: cosine of TF-IDF vectors over character 1–3-grams."""
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


def score(tagged: Sequence[Tagged], search: Search, with_role: bool) -> tuple[float, float]:
    """Return the shares (same role, same topic) of the top exemplar; 综合 counts as no topic."""
    topic_of = {t.section.id: t.topic for t in tagged}
    roles = topics = asked = 0
    for one in tagged:
        best = search(one, one.section.role if with_role else None)
        roles += best is not None and best.role == one.section.role
        if one.topic != "综合":
            asked += 1
            topics += best is not None and topic_of.get(best.id) == one.topic
    return roles / len(tagged), topics / asked


def main() -> int:
    """Print the table."""
    with tempfile.TemporaryDirectory() as scratch:
        desk = Workspace(Path(scratch))
        desk.library.build([SAMPLES])
        tagged = tagged_sections(desk.library)
        pool = [s for s in desk.library.sections() if s.role not in ("导语", "结语")]
        print(f"{len(desk.library.reports())} reports, {len(pool)} sections, {len(tagged)} tagged")
        print(f"{'search':<32}{'same role':>10}{'same topic':>12}")
        for name, search in (("library", ours(desk.library)), ("TF-IDF", tfidf(tagged, pool))):
            for with_role in (True, False):
                role, topic = score(tagged, search, with_role)
                label = f"{name}, {'with role' if with_role else 'no role'}"
                print(f"{label:<32}{role:>10.1%}{topic:>12.1%}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
