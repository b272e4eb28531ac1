"""Eight people at one page at once: `python -m bench.people [--model X.gguf] [--people N]`.

A real `app.py` that asks for a login, a real llama.cpp server in a process of its own, and people
who each paste their own facts, have the whole report written and type meanwhile. Told: errors, how
long a save takes from the key to its answer (p50, p95), how long people wait for their turn, and
whether everybody's text is their own and as they typed it. The tiny model of the tests says nothing
of sense, at once; with --model what is measured is nearer to an office.
"""

import argparse
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

from bench.table import Row, heading, table
from bench.visitor import Visitor
from drafter.access.passwords import Cost
from drafter.access.roster import Roster
from drafter.preferences import settings_to_json
from drafter.store import Store
from drafter.types import DraftSection, Settings
from drafter.ui.serving import SWITCH_SECONDS
from drafter.workflow import SAMPLES_SEEN
from tests.letters_gguf import build_letters_gguf
from tests.real_server import real_server

ROOT = Path(__file__).parent.parent
NAMES = "甲乙丙丁戊己庚辛壬癸"
NICENESS = 10
WORDS = "correct horse battery {}"
GOAL_MS = 300.0
KEY = "bench-people"
TINY_REPLY = 40  # tokens of a reply of the tiny model, which never ends one by itself
PAUSE = 0.7  # between two keys that are saved
SHEET = """单位：{name}镇
年度：2026
1. {name}镇党委召开党委会研究党建工作1{n}次
2. {name}镇发展党员2{n}名
3. {name}镇建成党员服务站3{n}个
4. {name}镇组织党员志愿服务4{n}场
问题：{name}镇有1{n}个支部会议记录过于简单
打算：{name}镇每季度开展2{n}次现场指导
"""


@dataclass(slots=True)
class Seen:
    """What happened to one person."""

    quiet: list[float] = field(default_factory=list)
    saves: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    places: set[str] = field(default_factory=set)
    typed: str = ""
    section: str = ""
    seconds: float = 0.0


class Person:
    """Somebody at work."""

    def __init__(self, port: int, number: int) -> None:
        self.number, self.name = number, NAMES[number]
        self.page = Visitor(port, self.name, WORDS.format(number))
        self.page.heard = self._hear
        self.seen = Seen()
        self._beats = threading.Event()

    def _hear(self, name: str, value: object) -> None:
        if name == "message" and 'class="message error' in str(value):
            self.seen.errors.append(re.sub(r"<[^>]+>", "", str(value))[:200])
        if name == "progress":
            self.seen.places.update(re.findall(r"前面还有 \d+ 个请求", str(value)))
        if name == "beat":
            self._beats.set()

    def work(self, keys: int, lines: int = 99) -> None:
        """Paste so many lines, arrange, have everything written, and type meanwhile."""
        page, began = self.page, time.monotonic()
        page.do("", "load")
        self._wait_for_library()
        sheet = SHEET.format(name=self.name, n=self.number)
        page.put("paste", "".join(sheet.splitlines(keepends=True)[:lines]))
        page.do("paste", "change")
        page.do("arrange", "click")
        card = self._free_card()
        for key in range(keys):  # everybody types, nobody writes yet
            self._type(card, f"{self.name}镇先写的第{key}句。", self.seen.quiet)
            time.sleep(PAUSE)
        writing = page.send("write_all", "click")
        key = 0
        while key < keys or not writing.over.is_set():
            if self._beats.is_set():
                self._beats.clear()
                page.send("beat", "change")
            self._type(card, f"{self.name}镇亲手写的第{key}句。", self.seen.saves)
            key += 1
            time.sleep(PAUSE)
            if time.monotonic() - began > 1500:
                raise RuntimeError("no end of writing")
        page.do("beat", "change")
        if writing.error:
            self.seen.errors.append(writing.error)
        self.seen.seconds = time.monotonic() - began

    def _wait_for_library(self) -> None:
        """Wait until nothing is loaded any more: what is measured is work, not the start."""
        for _ in range(120):
            self.page.do("", "tick", into="ready")
            if self.page.value("ready") in ("ready", "failed"):
                return
            time.sleep(0.5)

    def _free_card(self) -> int:
        """Return the last card that shows a section: the one to type in."""
        shown = [
            int(name.partition("-")[2])
            for name in self.page.names.values()
            if name.startswith("stamp-") and self.page.value(name)
        ]
        card = max(shown)
        self.seen.section = str(self.page.value(f"stamp-{card}")).split("|")[1]
        return card

    def _type(self, card: int, sentence: str, told: list[float]) -> None:
        self.seen.typed += sentence
        self.page.put(f"editor-{card}", self.seen.typed)
        saving = self.page.send(f"editor-{card}", "change")
        if not saving.answered.wait(60) or saving.error:
            self.seen.errors.append(saving.error or "no answer to a save")
            return
        told.append(saving.waited)
        saving.over.wait(60)


def place_of(home: Path, number: int) -> Path:
    """Return where a person's work is: the first one's is the owner's."""
    return home if number == 0 else home / "users" / str(number + 1)


def prepare(home: Path, people: int, settings: Settings, cost: Cost | None = None) -> None:
    """Give everybody a password and an empty desk."""
    roster = Roster(home, cost) if cost else Roster(home)
    for number in range(people):
        roster.add(NAMES[number], WORDS.format(number), time.time())
        place_of(home, number).mkdir(parents=True, exist_ok=True)
        store = Store(place_of(home, number) / "drafts.db")
        store.set_setting(SAMPLES_SEEN, "done")  # reading in the samples is not what is measured
        if number == 0:
            store.set_setting("settings", settings_to_json(settings))
        store.close()
    roster.close()


@contextmanager
def page_process(home: Path) -> Iterator[int]:
    """Run `app.py` for the length of a `with` block; give its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, "app.py", "--no-browser", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "DRAFTER_HOME": str(home)},
        stdout=subprocess.DEVNULL,
    )
    try:
        for _ in range(600):
            try:
                urlopen(f"http://127.0.0.1:{port}/login", timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def sections_of(home: Path, number: int) -> tuple[DraftSection, ...]:
    """Return what a person's document holds, read from their own file."""
    store = Store(place_of(home, number) / "drafts.db")
    sections = tuple(s for info in store.documents() for s in store.draft_sections(info.id))
    store.close()
    return sections


def faults(home: Path, people: Sequence[Person]) -> list[str]:
    """Return whose text is not as they typed it, not written, or another's."""
    found = []
    for person in people:
        sections = sections_of(home, person.number)
        whole = "\n".join(section.text for section in sections)
        own = next((s.text for s in sections if s.id == person.seen.section), "")
        if own != person.seen.typed:
            found.append(f"{person.name}: typed {len(person.seen.typed)}, kept {len(own)}")
        found += [
            f"{person.name}: {s.heading} is empty" for s in sections if s.fact_ids and not s.text
        ]
        found += [
            f"{person.name} has text of {other.name}"
            for other in people
            if other is not person and f"{other.name}镇" in whole
        ]
    return found


def run(
    home: Path,
    model: Path,
    people: int,
    keys: int,
    slots: int,
    most: int = -1,
    lines: int = 99,
    niceness: int = NICENESS,
) -> tuple[list[Person], float]:
    """Have people work at once; return them and the seconds until the last one was done.

    `most` bounds the tokens of a reply, for a model that never ends one; `lines` the facts;
    `niceness` is the server's, as docs/past-one-machine.md advises where both share a machine.
    """
    # People have computers of their own: theirs wait for each other no longer than needs be.
    sys.setswitchinterval(SWITCH_SECONDS)
    threads = 1 if most > 0 else os.cpu_count() or 1
    with real_server(model, KEY, slots, most, threads, niceness) as server:
        # The tiny model goes without an embedder: there are no samples to look in.
        embedder = str(home / "none") if most > 0 else ""
        settings = Settings(server.url, "auto", embedder, api_key=KEY)
        prepare(home, people, settings, Cost(1 << 12, 8, 1))
        with page_process(home) as port:
            everybody = [Person(port, number) for number in range(people)]
            began = time.monotonic()
            workers = [threading.Thread(target=_work, args=(one, keys, lines)) for one in everybody]
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()
            return everybody, time.monotonic() - began


def _work(person: Person, keys: int, lines: int) -> None:
    try:
        person.work(keys, lines)
    except (RuntimeError, OSError, ValueError) as error:
        person.seen.errors.append(f"{type(error).__name__}: {error}")


def rows(
    model: Path | None = None,
    people: int = 8,
    keys: int = 20,
    slots: int = 4,
    niceness: int = NICENESS,
) -> list[Row]:
    """Measure; return the rows of `make bench`."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        home.mkdir()
        found = model or build_letters_gguf(Path(folder) / "tiny.gguf")
        most = -1 if model else TINY_REPLY
        everybody, seconds = run(home, found, people, keys, slots, most, niceness=niceness)
        wrong = faults(home, everybody)
    for person in everybody:
        wrong += [f"{person.name}: {error}" for error in person.seen.errors]
    saves = [1000 * one for person in everybody for one in person.seen.saves]
    quiet = [1000 * one for person in everybody for one in person.seen.quiet]
    p95, before = (statistics.quantiles(some, n=20)[-1] for some in (saves, quiet))
    writers = f"{people} people, {found.stem}, nice {niceness}, {slots} slots, {seconds:.0f} s"
    waited = sorted({place for person in everybody for place in person.seen.places})
    return [
        Row(
            "save while all write, p95",
            f"{p95:.0f} ms (p50 {statistics.median(saves):.0f}, {len(saves)} saves)",
            f"{before:.0f} ms while nobody writes (p50 {statistics.median(quiet):.0f})",
            before / p95,
            f"under {GOAL_MS:.0f} ms",
            f"{writers}, load {os.getloadavg()[0]:.1f}",
        ),
        Row(
            "errors and texts not as typed",
            str(len(wrong)),
            "0",
            None,
            "none",
            "；".join([*wrong[:6], *waited[-1:]]),
        ),
    ]


def main() -> None:
    """Run with what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, help="a GGUF file instead of the tiny one")
    parser.add_argument("--people", type=int, default=8)
    parser.add_argument("--keys", type=int, default=20, help="saves of each person at least")
    parser.add_argument("--slots", type=int, default=4, help="replies the server makes at a time")
    parser.add_argument("--nice", type=int, default=NICENESS, help="of the server, as of nice(1)")
    chosen = parser.parse_args()
    sys.stdout.write(f"{heading()}\n\n")
    found = rows(chosen.model, chosen.people, chosen.keys, chosen.slots, chosen.nice)
    sys.stdout.write(f"{table(found)}\n")


if __name__ == "__main__":
    main()
