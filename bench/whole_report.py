"""A whole report, ours beside the usual way: `python -m bench.whole_report` (about six minutes).

A sheet of 20 facts with the default writer. Ours: the product as it is, with nothing in the model's
cache (cold), and after the prompts were read ahead as they are while a person still looks at the
plan (warmed; how long that reading took is told beside it and not counted). The usual way: one chat
completion for each of the same sections with three exemplars in its prompt (bench.faithful.usual),
llama.cpp as it comes (bench.raw_llama). Same file, same machine, one after the other in one run.

The usual way writes what it likes, however long a section was asked for; so its time is also told
up to the letter at which each of its sections was as long as asked.
"""

import argparse
import json
import os
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from bench.faithful.drafts import SHEETS, begin
from bench.faithful.usual import write_usual
from bench.raw_llama import RawLlama
from bench.table import Row, heading, table
from drafter.chat.choose import open_engine
from drafter.models import default_model, resolve_model
from drafter.types import ChatModel, Message, Sampling
from drafter.workflow import SAMPLES, Workspace

SHEET = SHEETS / "06-社区书记-20条.md"
FORMULAS = ("导语", "结语")
# What stands before the first letter a model writes.
OPENINGS = ("", "一是")
HELLO: list[Message] = [{"role": "user", "content": "你好"}]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one way did: seconds to the last and to the first letter a model wrote, letters of its
    sections, facts told of all, by the product's own check. `load`: the machine's when it began;
    `to_length` seconds until each section was as long as asked; `before` seconds of reading ahead;
    `cpu` the processor's seconds of the writing, which other work on the machine changes less.
    """

    way: str
    seconds: float
    first: float
    letters: int
    asked: int
    told: int
    facts: int
    load: float
    to_length: float = 0.0
    before: float = 0.0
    cpu: float = 0.0


def awake(model: ChatModel) -> ChatModel:
    """Return the model with its weights in memory, so that no way pays for reading the file."""
    for _ in model.stream(HELLO, Sampling(max_tokens=2)):
        pass
    return model


def _load() -> float:
    return round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else 0.0


def _outcome(
    desk: Workspace, doc: int, way: str, seconds: float, first: float, load: float
) -> Outcome:
    """Read off a written document what all ways are measured by."""
    written = [s for s in desk.draft(doc).sections if s.fact_ids and s.role not in FORMULAS]
    uses, plan = desk.fact_uses(doc), desk.plan(doc)
    ids = {section.id for section in written}
    return Outcome(
        way,
        round(seconds, 1),
        round(first, 2),
        sum(len(section.text) for section in written),
        sum(s.target_chars for s in plan.sections if s.id in ids) if plan else 0,
        sum(use.status in ("used", "merged") for use in uses),
        len(uses),
        load,
    )


@contextmanager
def desk_of(model: ChatModel, home: Path) -> Iterator[Workspace]:
    """Give a desk whose library is filled once for all ways. Frees the model."""
    desk = Workspace(home, chat=model)
    try:
        desk.embedder()
        desk.library.build([SAMPLES])
        yield desk
    finally:
        desk.close()


def ours(model: ChatModel, sheet: Path, home: Path, warmed: bool) -> Outcome:
    """Write a sheet through the same workflow as the page. Frees the model."""
    with desk_of(awake(model), home) as desk:
        doc = begin(desk, sheet)
        began = time.monotonic()
        if warmed:
            desk.warming.look_at(doc)
            desk.warming.wait()
        before, load = time.monotonic() - began, _load()
        began, first, cpu = time.monotonic(), 0.0, time.process_time()
        for event in desk.write_all(doc, threading.Event()):
            if not first and event.kind == "text" and event.text not in OPENINGS:
                first = time.monotonic() - began
        seconds = time.monotonic() - began
        way = "ours, warmed" if warmed else "ours, cold"
        made = _outcome(desk, doc, way, seconds, first, load)
        spent = round(time.process_time() - cpu, 1)
        return replace(made, before=round(before, 1) if warmed else 0.0, cpu=spent)


class _Watched:
    """A model that notes when each letter of its last reply came."""

    def __init__(self, model: ChatModel) -> None:
        self._model = model
        self.came: list[tuple[float, int]] = []

    def __getattr__(self, name: str) -> object:
        return getattr(self._model, name)

    def stream(self, messages: Sequence[Message], sampling: Sampling) -> Iterator[str]:
        began, length = time.monotonic(), 0
        self.came = []
        for piece in self._model.stream(messages, sampling):
            length += len(piece)
            if piece:
                self.came.append((time.monotonic() - began, length))
            yield piece

    def when(self, length: int) -> float:
        """Return the seconds after which the reply was so long, or was at its end."""
        reached = [seconds for seconds, so_long in self.came if so_long >= length]
        return reached[0] if reached else self.came[-1][0] if self.came else 0.0


def usual(model: ChatModel, sheet: Path, home: Path) -> Outcome:
    """Write the same sections the usual way. Frees the model."""
    watched = _Watched(awake(model))
    with desk_of(model, home) as desk:
        doc = begin(desk, sheet)
        load, seconds, first, to_length, cpu = _load(), 0.0, 0.0, 0.0, time.process_time()
        for state in desk.sections(doc):
            section = state.section
            if not section.fact_ids or section.role in FORMULAS:
                continue
            began = time.monotonic()
            text, _ = write_usual(watched, desk, doc, section, state.target_chars, 1)  # type: ignore[arg-type]
            seconds += time.monotonic() - began
            first = first or watched.when(1)
            to_length += watched.when(state.target_chars)
            desk.save_text(doc, section.id, text, state.rev)
            print(f"  {section.heading}: {len(text)} letters, {seconds:.0f} s so far", flush=True)
        spent = time.process_time() - cpu
        made = _outcome(desk, doc, "the usual way", seconds, first, load)
        return replace(made, to_length=round(to_length, 1), cpu=round(spent, 1))


def measure(
    ways: Sequence[str], name: str, home: Path, keep: Path | None = None
) -> dict[str, Outcome]:
    """Return the outcome of each way; what `keep` holds already is taken from there.

    `home` is a folder for the library and the documents.
    """
    done: dict[str, Outcome] = {}
    if keep and keep.is_file():
        kept = json.loads(keep.read_text(encoding="utf-8"))
        done = {way: Outcome(**each) for way, each in kept.items()}
    path = resolve_model(name)
    for way in ways:
        if way in done:
            continue
        if way == "usual":
            done[way] = usual(RawLlama(Path(path)), SHEET, home)
        else:
            done[way] = ours(open_engine(path, name=name)[0], SHEET, home, way == "warm")
        print(asdict(done[way]), flush=True)
        if keep:
            text = json.dumps({w: asdict(o) for w, o in done.items()}, ensure_ascii=False)
            keep.write_text(text, encoding="utf-8")
    return done


def as_rows(done: dict[str, Outcome], name: str) -> list[Row]:
    """Return what was measured as rows of the one table."""
    peer = done["usual"]
    rows = []
    for way in ("cold", "warm"):
        if way not in done:
            continue
        own = done[way]
        what = f"whole report, {own.facts} facts, {name}, {way}"
        note = f"load {own.load} and {peer.load}"
        note += f"; read ahead for {own.before} s before" if own.before else ""
        rows += [
            Row(what, f"{own.seconds} s", f"{peer.seconds} s", peer.seconds / own.seconds,
                "≥ 3× (aim 4×)", note),
            Row(f"{what}, processor time", f"{own.cpu} s", f"{peer.cpu} s",
                peer.cpu / max(0.1, own.cpu), "told", ""),
            Row(f"{what}, up to the length asked", f"{own.seconds} s", f"{peer.to_length} s",
                peer.to_length / own.seconds, "told", ""),
            Row(f"first character, {way}", f"{own.first} s", f"{peer.first} s",
                peer.first / max(0.01, own.first), "≥ 15×", ""),
            Row(f"facts told, {way}", f"{own.told} of {own.facts}", f"{peer.told} of {peer.facts}",
                None, "not fewer", ""),
            Row(f"letters, {way}", str(own.letters), str(peer.letters), None, "as asked",
                f"asked: {own.asked}"),
        ]  # fmt: skip
    return rows


def rows(name: str | None = None, keep: Path | None = None) -> list[Row]:
    """Measure all three ways in this run and return the rows."""
    chosen = name or default_model()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        return as_rows(measure(("cold", "usual", "warm"), chosen, Path(scratch), keep), chosen)


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default=default_model(), help="name of the manifest")
    parser.add_argument("--ways", default="cold,usual,warm")
    parser.add_argument("--keep", type=Path, help="JSON file: ways in it are not measured again")
    parser.add_argument("--home", type=Path, help="folder whose library may be filled already")
    args = parser.parse_args()
    print(heading())
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as scratch:
        done = measure(args.ways.split(","), args.model, args.home or Path(scratch), args.keep)
    if "usual" in done:
        print(table(as_rows(done, args.model)))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
