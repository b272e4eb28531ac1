"""What a parent looks at after its child was killed: all that was answered, and what must not be.

Every fault is one line of text; () is a round passed. A look opens the home as the program does at
its next start, and closes it again. One thing a kill does leave, and a look clears away itself: a
`.part` beside a file that a person had written to a place of their own (an export, a package).
"""

import contextlib
import re
import sqlite3
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from drafter.backups import KEPT_OTHERS
from drafter.keeper import Keeping
from drafter.store import Store
from index.library import Library
from tests.durability.homes import NUMBER_OF_OLD, OUTLINE
from tests.fakes import FakeEmbedder

# All that may lie in a home once the program was started again and closed.
_OURS = re.compile(
    r"(.*/)?(drafts\.db|\.lock|drafts\.v\d\.bak\.db|library/library\.db|library/library\.v\d\.bak\.db"
    r"|(library/)?backups/(drafts|library)-\d{8}-\d{6}-(daily|asked|before)-\d{5}\.db"
    r"|templates/本单位\.dotx|报告\.txt|样本/.*|带走/[^/]*\.zip)"
)
Line = list[Any]


@dataclass(slots=True)
class Known:
    """What was answered so far in one home: it must be there at every later look too."""

    versions: dict[int, str] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    reports: dict[tuple[str, str], str] = field(default_factory=dict)
    copies: dict[str, str] = field(default_factory=dict)
    checked: set[str] = field(default_factory=set)


def look(kind: str, home: Path, lines: Sequence[Line], known: Known) -> tuple[str, ...]:
    """Return what is wrong in a home after a round."""
    looks = {
        "editing": _edited, "generation": _edited, "importing": _imported,
        "migrating": _migrated, "copying": _copied,
    }  # fmt: skip
    faults = list(looks[kind](home, lines, known))
    faults += _databases(home, known)
    return (*faults, *_orphans(home))


def _tried(lines: Sequence[Line], name: str) -> list[str]:
    """Return the value of a thing that was last asked for and not yet answered, if any."""
    tried: list[str] = []
    for line in lines:
        if line[:2] == ["try", name]:
            tried = [line[2]]
        elif line[:2] == ["ack", name]:
            tried = []
    return tried


def _answered(lines: Sequence[Line], *names: str) -> Iterator[Line]:
    yield from (line[1:] for line in lines if line[0] == "ack" and line[1] in names)


def _edited(home: Path, lines: Sequence[Line], known: Known) -> Iterator[str]:
    known.versions.update({line[1]: line[2] for line in _answered(lines, "version")})
    known.values.update(dict(_answered(lines, "paste", "title", "export")))
    store = Store(home / "drafts.db")
    with closing(sqlite3.connect(home / "drafts.db")) as drafts:
        there = dict(drafts.execute("SELECT id, text FROM versions"))
        loose = drafts.execute("PRAGMA foreign_key_check").fetchall()
    yield from (f"version {n} lost" for n, t in known.versions.items() if there.get(n) != t)
    yield from (f"loose row {row}" for row in loose)
    found = {"paste": store.paste(1), "title": store.document(1).title}
    with contextlib.suppress(FileNotFoundError):
        found["export"] = (home / "报告.txt").read_text(encoding="utf-8")
    for name, value in known.values.items():
        if found.get(name) not in (value, *_tried(lines, name)):
            yield f"{name} lost"
    known.values |= {name: found[name] for name in known.values}
    for section in store.draft_sections(1):  # the way on: each section can be written
        rev = store.section_rev(1, section.id)
        if store.save_text(1, section.id, section.text + "。", rev).conflict:
            yield f"section {section.id} cannot be saved"
    store.close()
    for part in home.glob("报告.txt.part"):
        part.unlink()  # the next export of that name replaces it


def _imported(home: Path, lines: Sequence[Line], known: Known) -> Iterator[str]:
    for line in _answered(lines, "report", "origin", "own"):
        known.reports[(line[0], line[1])] = line[2] if len(line) > 2 else ""
    for line in lines:
        if line[:2] == ["try", "delete"]:
            known.reports.pop(("report", line[2]), None)
    library = Library(home / "library", FakeEmbedder)
    with closing(sqlite3.connect(home / "library" / "library.db")) as opened:
        origins = {row[0] for row in opened.execute("SELECT origin FROM reports")}
    there = {info.id: info for info in library.reports()}
    for (kind, name), words in known.reports.items():
        if kind == "own":
            kept = [section.text for section in library.kept_own(name)]
            lost = kept != [words]
        else:
            lost = name not in (there if kind == "report" else origins)
        if lost:
            yield f"{kind} {name} lost"
    yield from (f"report {info.id} is half" for info in there.values() if not info.sections)
    if not library.search("压实责任", None, 3):
        yield "the library does not answer"
    if len(known.checked) % 5 == 0:
        before = set(there)
        library.rebuild()
        if {info.id for info in library.reports()} != before or not library.search("学习制度"):
            yield "the library does not rebuild"
    known.checked.add(f"round {len(known.checked)}")
    library.close()


def _migrated(home: Path, lines: Sequence[Line], known: Known) -> Iterator[str]:
    done = {(line[0], line[1]) for line in _answered(lines, "drafts", "library")}
    for number in range(NUMBER_OF_OLD):
        place = home / f"旧{number}"
        for name, path in (("drafts", "drafts.db"), ("library", "library/library.db")):
            table = "documents" if name == "drafts" else "reports"
            old = 1 + number % 2 if name == "drafts" else 1
            layout, titles = _content(place / path, table)
            if layout < old or ((name, number) in done and layout == old):
                yield f"{name} {number} has layout {layout}"
            copies = list((place / path).parent.glob("*.bak*.db"))
            if layout > old and not copies:
                yield f"{name} {number} was changed without a copy"
            for copy in copies:
                if _content(copy, table) != (old, titles):
                    yield f"{copy.name} of {number} is another"
        store, library = Store(place / "drafts.db"), Library(place / "library", FakeEmbedder)
        if len(store.documents()) != 10 or [r.title for r in library.reports()] != ["旧样本"]:
            yield f"home {number} lost its content"
        store.close()
        library.close()


def _content(path: Path, table: str) -> tuple[int, list[str]]:
    with closing(sqlite3.connect(path)) as opened:
        layout = opened.execute("PRAGMA user_version").fetchone()[0]
        query = f"SELECT title FROM {table} ORDER BY rowid"  # noqa: S608 - names of ours
        titles = [row[0] for row in opened.execute(query)]
    return layout, titles


def _copied(home: Path, lines: Sequence[Line], known: Known) -> Iterator[str]:
    known.copies.update({name: title for _, name, title in _answered(lines, "copy")})
    for line in _answered(lines, "state", "pack"):
        known.values[line[0]] = line[1]
    store, keeping = Store(home / "drafts.db"), Keeping(home, home / "drafts.db")
    title = store.document(1).title
    if title not in (known.values.get("state", "起点"), *_tried(lines, "state")):
        yield f"the drafts are in state {title}"
    known.values["state"] = title
    if {s.id for s in store.draft_sections(1)} != {s.id for s in OUTLINE.sections}:
        yield "the drafts are not whole"
    store.close()
    keeping.keeper.look()  # as the program does at its start
    if keeping.keeper.trouble:
        yield keeping.keeper.trouble.message
    listed = keeping.backups.list()
    there = {backup.name for backup in listed}
    for name, was in known.copies.items():
        if name in there and _content(home / "backups" / name, "documents")[1] != [was]:
            yield f"copy {name} is another"
    for name in known.copies.keys() - there:  # gone only where as many as are kept are newer
        order = int(name.removesuffix(".db").rpartition("-")[2])
        newer = sum(one.why == "asked" and one.order > order for one in listed)
        if newer < KEPT_OTHERS:
            yield f"copy {name} is gone"
    for package in (home / "带走").glob("*.zip"):
        with zipfile.ZipFile(package) as opened:
            if opened.testzip():
                yield f"{package.name} is broken"
    for part in (home / "带走").glob("*.part"):
        part.unlink()  # where a person had it written to: the next of that name replaces it


def _databases(home: Path, known: Known) -> Iterator[str]:
    for path in home.rglob("*.db"):
        if "backups" in path.parts and path.name in known.checked:
            continue
        known.checked.add(path.name)
        with closing(sqlite3.connect(path)) as opened:
            said = opened.execute("PRAGMA integrity_check").fetchall()
        if said != [("ok",)]:
            yield f"{path.name}: {said}"


def _orphans(home: Path) -> Iterator[str]:
    for path in home.rglob("*"):
        name = path.relative_to(home).as_posix()
        if path.is_file() and not _OURS.fullmatch(name):
            yield f"left behind: {name}"
        if path.is_dir() and path.name.startswith(("work-", ".converting")):
            yield f"left behind: {name}/"
