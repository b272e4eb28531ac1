"""Homes the rounds begin with: made once, copied for each series. All text is invented."""

import random
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from drafter.migrations import MIGRATIONS
from drafter.store import Store
from drafter.types import Plan, PlannedSection
from index.library import Library
from index.library.schema import STEPS
from tests.fakes import FakeEmbedder

NUMBER_OF_OLD = 3
OUTLINE = Plan(
    "述职报告",
    "bureau",
    (
        PlannedSection("S1", "", "导语", 1, (), 60, None),
        PlannedSection("S2", "主要工作", "成效", 1, (), 0, None),
        PlannedSection("S3", "压实责任", "成效", 2, (), 110, None),
        PlannedSection("S4", "建强堡垒", "成效", 2, (), 220, None),
    ),
    (),
)
_CHARACTERS = (
    "抓实责任学习制度支部党员群众服务走访会议清单任务问题打算整改堡垒网格社区学校医院公司阵地"
)


def dice(seed: int) -> random.Random:
    """Return chances that are the same for the same seed."""
    return random.Random(seed)  # noqa: S311 - nothing secret


def random_words(rng: random.Random, count: int) -> str:
    """Return so many characters in an order that never was."""
    return "".join(rng.choices(_CHARACTERS, k=count))


def report(rng: random.Random) -> str:
    """Return a sample report unlike every other."""
    words = [random_words(rng, 40) for _ in range(4)]
    return (
        f"{random_words(rng, 6)}述职报告\n一、履职情况\n"
        f"（一）压实责任。一是{words[0]}。二是{words[1]}。\n"
        f"二、存在的问题\n一是{words[2]}。\n三、下一步打算\n一是{words[3]}。\n"
    )


def make_home(place: Path, rng: random.Random) -> None:
    """Make a home with one planned document and a library of two reports."""
    store = Store(place / "drafts.db")
    doc = store.create_document("起点").id
    store.save_plan(doc, OUTLINE)
    store.close()
    library = Library(place / "library", FakeEmbedder)
    for name in ("一.txt", "二.txt"):
        library.add_text(name, report(rng).encode())
    library.close()
    (place / "templates").mkdir()
    (place / "templates" / "本单位.dotx").write_bytes(b"PK" * 500)
    (place / "带走").mkdir()


def make_old(place: Path, layout: int, rng: random.Random) -> None:
    """Make a home as an earlier release left it: drafts of `layout` steps, a library of one."""
    place.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(place / "drafts.db", isolation_level=None)) as drafts:
        drafts.execute("PRAGMA journal_mode = WAL")
        for step in MIGRATIONS[:layout]:
            step(drafts)
        drafts.execute(f"PRAGMA user_version = {layout}")
        drafts.executemany(
            "INSERT INTO documents (title, paste, created_at, updated_at) VALUES (?, ?, '', '')",
            [(f"旧文稿{n}", random_words(rng, 2000)) for n in range(10)],
        )
    (place / "library").mkdir()
    with closing(sqlite3.connect(place / "library" / "library.db", isolation_level=None)) as old:
        old.execute("PRAGMA journal_mode = WAL")
        STEPS[0](old)
        old.execute("PRAGMA user_version = 1")
        old.execute(
            "INSERT INTO reports (id, title, source, origin, characters, content_sha256, text,"
            " parsed) VALUES ('r1', '旧样本', 'a', 'a', 1, 'x', '文', '{}')"
        )


class Homes:
    """Makes homes by copying; `begin` gives a fresh one of the kind of work asked for."""

    def __init__(self, folder: Path, rng: random.Random) -> None:
        self._folder, self._made = folder, 0
        make_home(folder / "样板", rng)
        for number in range(NUMBER_OF_OLD):
            make_old(folder / "旧样板" / f"旧{number}", 1 + number % (len(MIGRATIONS) - 1), rng)

    def begin(self, kind: str) -> Path:
        """Return a fresh home."""
        self._made += 1
        place = self._folder / f"家{self._made}"
        shutil.copytree(self._folder / ("旧样板" if kind == "migrating" else "样板"), place)
        return place
