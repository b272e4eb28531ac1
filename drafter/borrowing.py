"""What a reply has from an exemplar, or from nowhere, that no fact says: never used, however short.

The checks warn of copied wording from six letters on and leave a person to judge; while writing
nobody judges, so here the bar is lower and certain: an exemplar is a pattern of form, and no name,
number or sentence of it may come into a report (docs/architecture.md, hostile text). Numbers and
names of the usual shapes are the checks' own; these rules take what has no shape: a few odd letters
in a row, a whole clause, foreign letters and marks of markup, and a clause of which neither facts
nor the genre (drafter/data/common_pairs.toml) know a single pair of letters.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from drafter.checks.copying import oddness
from drafter.checks.passages import letters
from drafter.numbers import find_quantities
from drafter.wording import bigrams

RUN = 3  # letters in a row, none of whose pairs a fact or the genre has
CLAUSE = 5  # letters of a whole clause
_ODD = 0.5  # oddness of a clause that is some author's own
_OWN = 0.2  # share of pairs the facts have, from which a clause tells of them
_CLAUSES = re.compile(r"[^，。；：！？、,;:!?\n]+")
_FOREIGN = re.compile(r"[A-Za-z][A-Za-z0-9_.:/@%-]+|[<>{}\[\]|\\`^~$#=]+")
MOST = 3


def borrowed(
    text: str, facts: Sequence[str], exemplars: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    """Return (check name, order in Chinese) for each thing of `text` that only an exemplar has, and
    for foreign letters and markup that no fact has; () when there is nothing."""
    said = "\n".join(facts)
    found = [*_foreign(text, said), *_split(text, said), *_taken(text, said, tuple(exemplars))]
    return tuple(("borrowed", f"不写“{word}”") for word in dict.fromkeys(found[:MOST]))


def _foreign(text: str, said: str) -> list[str]:
    known = said.casefold()
    return [m[0] for m in _FOREIGN.finditer(text) if m[0].casefold().strip(".:/-") not in known]


def _split(text: str, said: str) -> list[str]:
    """Numbers that something has come between and their unit: 26飞碟 for the facts' 26人."""
    bare = [q for q in find_quantities(text) if q.kind == "count" and not q.unit]
    after = [text[q.start : q.end + 1] for q in bare if text[q.end : q.end + 1] >= "一"]
    return [words for words in after if "一" <= words[-1] <= "鿿" and words not in said]


def _taken(text: str, said: str, exemplars: tuple[str, ...]) -> list[str]:
    grams, wholes, bare = _known(exemplars)
    own = bigrams(said)
    found: list[str] = []
    for match in _CLAUSES.finditer(text):
        clause = letters(match[0])[0]
        pairs = [clause[at : at + 2] for at in range(len(clause) - 1)]
        support = sum(pair in own for pair in pairs) / len(pairs) if pairs else 1.0
        odd = oddness(clause) if support < _OWN else 0.0
        nowhere = support == 0 and odd == 1.0 and (len(clause) > 2 or clause in bare)
        copied = len(clause) >= CLAUSE and odd >= _ODD and clause in wholes
        found += [match[0]] if nowhere or copied else _odd_runs(clause, own, grams)
    return found


def _odd_runs(clause: str, own: set[str], grams: frozenset[str]) -> list[str]:
    for at in range(len(clause) - RUN + 1):
        run = clause[at : at + RUN]
        known = any(run[n : n + 2] in own for n in range(RUN - 1))
        if run in grams and not known and oddness(run) == 1.0:
            return [run]
    return []


@lru_cache(maxsize=16)
def _known(exemplars: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str], str]:
    """Return the runs of letters of the exemplars, their whole clauses, and all their letters."""
    grams: set[str] = set()
    wholes: set[str] = set()
    texts = [letters(exemplar)[0] for exemplar in exemplars]
    for exemplar, bare in zip(exemplars, texts, strict=True):
        grams.update(bare[at : at + RUN] for at in range(len(bare) - RUN + 1))
        wholes.update(letters(match[0])[0] for match in _CLAUSES.finditer(exemplar))
    return frozenset(grams), frozenset(wholes), "\n".join(texts)
