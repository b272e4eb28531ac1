"""A synthetic library for `bench.scale`: sections like real ones, put straight into SQLite.

Vectors lie around those of the sections of samples/ (by the embedder where DRAFTER_MODELS has it,
else hashed characters), two of them mixed and noise added: clustered, with the common direction
real ones have. Texts are sentences of samples/ with an invented name and figures in each. A section
has a vector of its whole; headings come from a pool of 20,000, as real ones recur; no points.
"""

import itertools
import random
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from drafter.workflow import SAMPLES
from index.home import models_dir
from index.library import records, schema
from index.library.schema import DATABASE
from index.parse import read_text
from index.split import parse_report, sections_of
from index.types import Role, Section

Floats = npt.NDArray[np.float32]

DIMENSION = 384
NAME = "scale"
KINDS = 256
HEADINGS = 20_000
PER_REPORT = 20
BATCH = 100_000
KIN, OTHER, NOISE = 0.8, 0.4, 0.6
COMMON = 0.9  # length of what all vectors share, as e5's have it
SYLLABLES = "安柏昌德恩丰广海宏惠嘉建金康乐隆明宁平启庆瑞盛泰通旺文祥兴义永裕源远泽正志忠众卓"


class Given:
    """An embedder that knows the vectors of some queries, as a cache would; it computes none."""

    def __init__(self, known: dict[str, Floats] | None = None) -> None:
        self._known = known or {}

    @property
    def name(self) -> str:
        """The name the synthetic vectors are kept under."""
        return NAME

    @property
    def dimension(self) -> int:
        """384, as e5's."""
        return DIMENSION

    def encode_query(self, texts: Sequence[str]) -> Floats:
        """Return the vectors that are known."""
        return np.stack([self._known[text] for text in texts])

    def encode_document(self, texts: Sequence[str]) -> Floats:
        """Nothing is embedded here."""
        raise RuntimeError(f"{len(texts)} texts to embed")


@dataclass(frozen=True, slots=True)
class Kinds:
    """What sections are drawn from: kinds with a middle, a role and sentences, and headings."""

    middles: Floats
    common: Floats
    roles: tuple[Role, ...]
    sentences: tuple[tuple[str, ...], ...]
    heading_kinds: npt.NDArray[np.int64]
    heading_vectors: Floats
    source: str


def kinds(gaussian: bool, cache: Path) -> Kinds:
    """Return the kinds of the sections of samples/; `gaussian` ones lie nowhere in particular.

    The samples' vectors are kept in `cache` for the next process.
    """
    sections = [
        section
        for path in sorted(SAMPLES.glob("*.txt"))
        for section in sections_of(path.stem, parse_report(read_text(path)))
        if len(section.text) > 80
    ][:KINDS]
    vectors, source = _vectors([records.whole_of(s) for s in sections], cache)
    common = vectors.mean(axis=0)
    middles = _unit(vectors - common)
    chance = np.random.default_rng(3)
    if gaussian:
        middles = _unit(chance.standard_normal((100_000, DIMENSION)).astype(np.float32))
        source = "gaussian"
    common = (common / np.linalg.norm(common) * COMMON).astype(np.float32)
    own = chance.integers(0, len(middles), HEADINGS)
    found = Kinds(
        middles,
        common,
        tuple(sections[i % len(sections)].role for i in range(len(middles))),
        tuple(
            tuple(re.findall(r"[^。；\n]{8,40}[。；]", sections[i % len(sections)].text))
            or ("抓实党建工作。",)
            for i in range(len(middles))
        ),
        own,
        np.zeros((0, DIMENSION), np.float32),
        source,
    )
    return Kinds(
        middles, common, found.roles, found.sentences, own, around(found, own, chance), source
    )


def around(of: Kinds, kind: npt.NDArray[np.int64], chance: np.random.Generator) -> Floats:
    """Return a vector near each of these kinds: mixed with another, and noise."""
    others = of.middles[chance.integers(0, len(of.middles), len(kind))]
    noise = _unit(chance.standard_normal((len(kind), DIMENSION), np.float32))
    return _placed(of, KIN * of.middles[kind] + OTHER * others + NOISE * noise)


def wording(of: Kinds, kind: int, number: int, chance: random.Random) -> str:
    """Return the text of a section: three sentences of its kind's, a name and figures."""
    some = of.sentences[kind]
    name = "".join(chance.choice(SYLLABLES) for _ in range(3))
    chosen = [chance.choice(some) for _ in range(2)] + [
        chance.choice(of.sentences[chance.randrange(len(of.sentences))])
    ]
    return f"{name}党支部{chosen[0]}{name}第{number}号{chance.randrange(1000)}项，" + "".join(
        chosen[1:]
    )


def heading(of: Kinds, number: int) -> str:
    """Return the heading of a number in the pool."""
    some = of.sentences[int(of.heading_kinds[number])]
    return f"{some[number % len(some)][:10]}{number}"


def make(folder: Path, count: int, of: Kinds) -> None:
    """Write a library of so many sections, and wholes.npy, kinds.npy and headings.npy beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    connection = schema.connect(folder / DATABASE)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA cache_size = -1000000")
    chance, plain = np.random.default_rng(5), random.Random(5)  # noqa: S311 - not for secrets
    drawn = chance.integers(0, len(of.middles), count)
    headed = chance.integers(0, HEADINGS, count)
    near = _headings_by_kind(of)
    wholes = np.lib.format.open_memmap(
        folder / "wholes.npy", "w+", np.dtype("<f4"), (count, DIMENSION)
    )
    _put_headings(connection, of)
    for begin in range(0, count, BATCH):
        end = min(begin + BATCH, count)
        vectors = around(of, drawn[begin:end], chance)
        wholes[begin:end] = vectors
        rows = []
        for i in range(begin, end):
            choice = near.get(int(drawn[i]))
            headed[i] = choice[i % len(choice)] if choice is not None else headed[i]
            rows.append(_section(of, i, int(drawn[i]), int(headed[i]), plain))
        _put(connection, begin, rows, vectors)
    np.save(folder / "kinds.npy", drawn)
    np.save(folder / "headings.npy", headed)
    connection.execute("INSERT INTO settled VALUES (?)", (NAME,))
    connection.execute("INSERT OR REPLACE INTO marks VALUES ('last_place', ?)", (str(count),))
    connection.close()


def _section(of: Kinds, number: int, kind: int, head: int, chance: random.Random) -> Section:
    report = f"r{number // PER_REPORT}"
    text = wording(of, kind, number, chance)
    return Section(
        f"{report}/{number}", report, "（一）", heading(of, head), of.roles[kind], 2, text, ()
    )


def _put(connection: sqlite3.Connection, begin: int, rows: list[Section], vectors: Floats) -> None:
    reports = sorted({section.report for section in rows})
    keyed = sorted(
        (records.hash_of(records.whole_of(section)), NAME, vectors[i].tobytes())
        for i, section in enumerate(rows)
    )
    with schema.transaction(connection):
        connection.executemany(
            "INSERT OR IGNORE INTO reports (id, title, source, origin, characters, content_sha256,"
            " text, parsed, printed) VALUES (?, ?, ?, ?, 0, ?, '', '{}', 1)",
            [(one, one, one, one, one) for one in reports],
        )
        connection.executemany(
            "INSERT INTO sections (place, position, id, report, number, heading, role, level, text,"
            " points) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [(begin + i + 1, i, *records.section_row(s)) for i, s in enumerate(rows)],
        )
        connection.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?, ?)", keyed)


def _put_headings(connection: sqlite3.Connection, of: Kinds) -> None:
    with schema.transaction(connection):
        connection.executemany(
            "INSERT OR IGNORE INTO vectors VALUES (?, ?, ?)",
            [
                (records.hash_of(heading(of, i)), NAME, of.heading_vectors[i].tobytes())
                for i in range(HEADINGS)
            ],
        )


def _headings_by_kind(of: Kinds) -> dict[int, npt.NDArray[np.int64]]:
    found: dict[int, list[int]] = {}
    for number, kind in enumerate(of.heading_kinds.tolist()):
        found.setdefault(kind, []).append(number)
    return {kind: np.array(numbers) for kind, numbers in found.items()}


def _vectors(texts: Sequence[str], cache: Path) -> tuple[Floats, str]:
    """Return the embedder's vectors where its weights are here: nothing is fetched for a bench."""
    from index.embed import default_embedder, default_weights

    if (models_dir() / default_weights().name).exists():
        if not cache.exists():
            cache.parent.mkdir(parents=True, exist_ok=True)
            embedder = default_embedder(models_dir())
            np.save(cache, np.asarray(embedder.encode_document(texts), np.float32))
        return np.load(cache, allow_pickle=False), default_weights().name
    rows = np.zeros((len(texts), DIMENSION), np.float32)
    for row, text in enumerate(texts):
        for one, other in itertools.pairwise(text):
            rows[row, (ord(one) * 31 + ord(other)) % DIMENSION] += 1
    return _unit(rows), "hashed characters"


def _placed(of: Kinds, apart: Floats) -> Floats:
    share = np.float32(np.sqrt(1 - COMMON**2))
    return _unit(of.common + share * _unit(apart))


def _unit(rows: Floats) -> Floats:
    unit: Floats = (rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)).astype(
        np.float32
    )
    return unit
