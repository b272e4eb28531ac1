"""Whole drafts, written once and measured as often as one likes.

`python -m bench.faithful.drafts --model NAME --seeds 1,2 --out FOLDER` drafts every sheet of
bench/sheets through the same workflow as the page and saves one JSON a sheet and seed; what is
already there is not written again. `--measure FOLDER` loads no model and prints one table: the
drafts, and beside them the model's raw first tries.
"""

import argparse
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from bench.faithful.counts import (
    COLUMNS,
    Faith,
    add,
    cells,
    count,
    findings_of,
    library_texts,
    table,
)
from bench.faithful.saved import (
    SavedDraft,
    as_json,
    file_of,
    first_tries,
    read_folder,
    write_json,
)
from drafter.chat.choose import open_engine
from drafter.models import default_model, resolve_model
from drafter.types import ChatModel, Message, Sampling, WrittenPoint
from drafter.workflow import SAMPLES, Workspace
from index.types import Embedder

SHEETS = Path(__file__).parent.parent / "sheets"


class Unconstrained:
    """A model that is not held to any limits: what decoding would be without them.

    A reply may then have any number and repeat any run; everything else is the model's own.
    """

    def __init__(self, model: ChatModel) -> None:
        self._model = model

    @property
    def name(self) -> str:
        """The model's own name."""
        return self._model.name

    @property
    def sha256(self) -> str:
        """The hash of the model's weights."""
        return self._model.sha256

    @property
    def context_tokens(self) -> int:
        """How many tokens prompt and reply may have together."""
        return self._model.context_tokens

    def count_tokens(self, messages: Sequence[Message]) -> int:
        """Return how many tokens a prompt takes."""
        return self._model.count_tokens(messages)

    def stream(self, messages: Sequence[Message], sampling: Sampling) -> Iterator[str]:
        """Yield the reply as the model gives it when no limits are set."""
        return self._model.stream(messages, replace(sampling, limits=None))

    def close(self) -> None:
        """Free the model."""
        self._model.close()


def open_model(name: str | None) -> ChatModel:
    """Load a writer by its name in the manifest, its path or its address. Raises EngineError."""
    spec = name or default_model()
    return open_engine(resolve_model(spec), name=name or "")[0]


@contextmanager
def open_desk(
    chat: ChatModel, library: Path | None, embedder: Embedder | None = None
) -> Iterator[Workspace]:
    """Give a desk in a home of its own; its library holds the reports of `library`, None: none.

    Without a library the writer has only the shots that come with the tool. The desk frees `chat`.
    """
    with tempfile.TemporaryDirectory(prefix="drafts-", ignore_cleanup_errors=True) as scratch:
        desk = Workspace(Path(scratch), chat=chat, embedder=embedder)
        try:
            desk.embedder()
            if library:
                desk.library.build([library])
            yield desk
        finally:
            desk.close()


def begin(desk: Workspace, path: Path) -> int:
    """Read and plan a sheet; return the document."""
    doc = desk.create_document().id
    desk.save_paste(doc, path.read_text(encoding="utf-8"))
    desk.make_plan(doc)
    return doc


def draft_sheet(desk: Workspace, path: Path, seed: int, way: str) -> dict[str, object]:
    """Draft one sheet through the workflow and return it in the form that is saved."""
    doc = begin(desk, path)
    points: dict[str, tuple[WrittenPoint, ...]] = {}
    began = time.monotonic()
    for event in desk.write_all(doc, threading.Event(), seed):
        if event.section_id and event.points:
            points[event.section_id] = event.points
    seconds = round(time.monotonic() - began, 1)
    data = as_json(desk, doc, points)
    data["stats"]["seconds"] = seconds
    return {"sheet": path.stem, "seed": seed, "way": way, **data}


def missing(sheets: str, seeds: Sequence[int], out: Path) -> list[tuple[Path, int]]:
    """Return the sheets and seeds of which no draft is saved yet. `sheets` is a glob."""
    pattern = Path(sheets)
    found = sorted(pattern.parent.glob(pattern.name))
    return [(path, seed) for seed in seeds for path in found
            if not file_of(out, path.stem, seed).exists()]  # fmt: skip


def write_drafts(args: argparse.Namespace) -> None:
    """Draft what is not saved yet."""
    left = missing(args.sheets, args.seeds, args.out)
    if not left:
        print("nothing left to draft")
        return
    way = "unconstrained" if args.unconstrained else "full"
    way = "no-exemplars" if args.no_exemplars else way
    model = open_model(args.model)
    chat = Unconstrained(model) if args.unconstrained else model
    with open_desk(chat, None if args.no_exemplars else args.library) as desk:
        for path, seed in left:
            data = draft_sheet(desk, path, seed, way)
            write_json(file_of(args.out, path.stem, seed), data)
            print(path.stem, seed, data["stats"], flush=True)


def measure(drafts: Sequence[SavedDraft], library: Sequence[str]) -> str:
    """Return one table: each draft and its raw first tries, and their sums."""
    head = ["draft", *COLUMNS]
    rows = []
    final: list[Faith] = []
    raw: list[Faith] = []
    for saved in drafts:
        final.append(count(saved, library))
        rows.append([f"{saved.sheet} · {saved.seed}", *cells(final[-1])])
        if saved.points:
            raw.append(count(first_tries(saved), library))
            rows.append(["— first tries", *cells(raw[-1])])
    rows.append([f"all {len(drafts)}", *cells(add(final))])
    if raw:
        rows.append(["all first tries", *cells(add(raw))])
    return table(head, rows)


def list_errors(drafts: Sequence[SavedDraft], library: Sequence[str]) -> Iterator[str]:
    """Yield a line for every finding of severity error."""
    for saved in drafts:
        for finding in findings_of(saved, library):
            if finding.severity == "error":
                where = f"{saved.sheet} · {saved.seed} · {finding.section_id}"
                yield f"{where}\t{finding.check}\t{finding.text}\t{finding.message}"


def numbers(text: str) -> list[int]:
    """Return "1,2" as [1, 2]."""
    return [int(part) for part in text.split(",")]


def main() -> int:
    """Draft, or measure what was drafted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", help="name of the manifest, path or address")
    parser.add_argument("--seeds", type=numbers, default=[1, 2])
    parser.add_argument("--sheets", default=str(SHEETS / "*.md"), help="glob of fact sheets")
    parser.add_argument("--library", type=Path, default=SAMPLES)
    parser.add_argument("--unconstrained", action="store_true", help="no limits while decoding")
    parser.add_argument("--no-exemplars", action="store_true", help="an empty library")
    parser.add_argument("--list", action="store_true", help="with --measure: every error found")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--out", type=Path, help="folder for the drafts")
    what.add_argument("--measure", type=Path, help="folder of drafts to measure")
    args = parser.parse_args()
    if args.out:
        write_drafts(args)
        return 0
    drafts = read_folder(args.measure)
    if not drafts:
        parser.error(f"no drafts in {args.measure}")
    library = library_texts(args.library)
    print(measure(drafts, library))
    if args.list:
        print(*list_errors(drafts, library), sep="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
