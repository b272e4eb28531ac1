"""The transformers engine with weights of one byte beside fp32: `python -m bench.low_memory`.

Memory is the highest resident size of a fresh process that loads the model and writes one reply
(VmHWM: what of a mapped file is read counts too). Everything else is measured
in one process that holds both forms, by turns. Needs the 0.5B writer (DRAFTER_MODELS) and, to
convert it the first time, `gguf` and `accelerate`; a folder of safetensors needs neither. `--cpu`
takes the processor time of one thread, for a machine others use. `--agree` compares the two forms
word by word over the sheets; `--drafts` leaves whole drafts of a few facts for
`bench.faithful.drafts --measure`.
"""

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, get_args

from bench.table import Row, heading, table
from drafter.chat import batch
from drafter.chat.folders import Precision
from drafter.chat.transformers import TransformersChat
from drafter.models import resolve_model
from drafter.types import Message, Sampling

SHEETS = Path(__file__).parent / "sheets"
SMALL = "qwen2.5-coder-0.5b"
WORDS = 32  # tokens of a measured reply
ROUNDS = 2
CLOCK = time.perf_counter
GREEDY = Sampling(temperature=0, max_tokens=WORDS)


def asking(fact: str) -> tuple[Message, ...]:
    """Return a prompt of the usual build: what stays the same first, the fact last."""
    rules = "你是党政机关的写作助手，只写要点里有的事，数字、日期、人名、单位名照抄，不添加内容。"
    sheet = (SHEETS / "06-社区书记-20条.md").read_text(encoding="utf-8")
    return (
        {"role": "system", "content": rules},
        {"role": "user", "content": f"材料：\n{sheet[:700]}\n\n把这一条要点写成一段话：{fact}"},
    )


def facts() -> list[str]:
    """Return eight facts of one sheet."""
    lines = (SHEETS / "05-工作总结.md").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if len(line) > 20][:8]


def timed(chat: TransformersChat, fact: str, sampling: Sampling) -> tuple[float, float, int, str]:
    """Return seconds to the first piece, seconds after it, tokens after it, and the reply."""
    begun, first, text = CLOCK(), 0.0, ""
    for piece in chat.stream(asking(fact), sampling):
        text += piece
        first = first or (CLOCK() if piece else 0.0)
    tokens = len(chat.ids_of(text)) - 1
    return first - begun, CLOCK() - first, tokens, text


def one(path: Path, precision: Precision) -> None:
    """In a process of its own: load, write, and print the highest memory and the times."""
    begun = CLOCK()
    chat = TransformersChat(path, device="cpu", precision=precision)
    loaded = CLOCK() - begun
    first, *_ = timed(chat, facts()[0], GREEDY)
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]
    print(json.dumps({"peak": int(peak) * 1024, "loaded": loaded, "first": first}))


def fresh(path: Path, precision: str) -> dict[str, float]:
    """Measure one form in a process of its own."""
    command = [sys.executable, "-m", "bench.low_memory", "--model", str(path), "--one", precision]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    found: dict[str, float] = json.loads(said.splitlines()[-1])
    return found


def rows(path: Path, parts: Sequence[str] = ()) -> list[Row]:
    """Measure and return every figure, or those of some `parts` (names of PARTS)."""
    TransformersChat(path, device="cpu", precision="int8").close()  # converted once, not measured
    found: list[Row] = []
    if not parts or "memory" in parts:
        found += _memory(path)
    wanted = [measure for name, measure in PARTS.items() if not parts or name in parts]
    if not wanted:
        return found
    both = not parts or "decoding" in parts
    forms: tuple[Precision, ...] = ("int8", "full") if both else ("int8",)
    chats: dict[str, TransformersChat] = {}
    try:
        for form in forms:
            chats[form] = TransformersChat(path, device="cpu", precision=form)
        for measure in wanted:
            found += measure(chats)
            print(found[-1], file=sys.stderr, flush=True)  # what is known when a run is cut short
    finally:
        for chat in chats.values():
            chat.close()
    return found


def _memory(path: Path) -> list[Row]:
    small, full = fresh(path, "int8"), fresh(path, "full")
    share = small["peak"] / full["peak"]
    return [
        Row(
            "transformers 0.5B: peak memory, int8 beside fp32",
            f"{small['peak'] / 1e6:.0f} MB",
            f"{full['peak'] / 1e6:.0f} MB",
            1 / share,
            "≤ 45%",
            f"{share:.0%}; loading {small['loaded']:.1f} s / {full['loaded']:.1f} s",
        )
    ]


def _decoding(chats: dict[str, TransformersChat]) -> list[Row]:
    """int8 beside fp32, and int8 with guessing beside itself without: plain decoding by turns."""
    speeds: dict[str, list[float]] = {"int8": [], "full": [], "guessing": []}
    texts: list[tuple[str, str]] = []
    guessed = batch.GUESSED
    for number in range(ROUNDS):
        said = {}
        for way in speeds:
            batch.GUESSED = guessed if way == "guessing" else 0
            chat = chats["full" if way == "full" else "int8"]
            _, seconds, tokens, said[way] = timed(chat, facts()[number], GREEDY)
            speeds[way].append(tokens / seconds)
        texts.append((said["int8"], said["guessing"]))
    batch.GUESSED = guessed
    rate = {way: statistics.median(found) for way, found in speeds.items()}
    same = sum(a == b for a, b in texts)
    return [
        Row("transformers 0.5B: decoding, int8 beside fp32", f"{rate['int8']:.1f} tok/s",
            f"{rate['full']:.1f} tok/s", rate["int8"] / rate["full"], "≥ 2×"),
        Row("the same, int8 with guessing beside without", f"{rate['guessing']:.1f} tok/s",
            f"{rate['int8']:.1f} tok/s", rate["guessing"] / rate["int8"], "",
            f"{same} of {ROUNDS} texts the same at temperature 0"),
    ]  # fmt: skip


def _reuse(chats: dict[str, TransformersChat]) -> list[Row]:
    """The first character: a prompt never seen, the next point's, the same again."""
    chat = chats["int8"]
    cold, following, again = [], [], []
    short = Sampling(temperature=0, max_tokens=2)
    for number in range(ROUNDS):
        chat.forget()
        cold.append(timed(chat, facts()[number], short)[0])
        following.append(timed(chat, facts()[number + 1], short)[0])
        again.append(timed(chat, facts()[number + 1], short)[0])
    first, second, third = (statistics.median(times) for times in (cold, following, again))
    return [
        Row("first character of the next point beside a cold cache", f"{second:.2f} s",
            f"{first:.2f} s", first / second, "", "int8"),
        Row("the same prompt again beside a cold cache", f"{third:.2f} s", f"{first:.2f} s",
            first / third, "≥ 15×", "int8"),
    ]  # fmt: skip


def _together(chats: dict[str, TransformersChat]) -> list[Row]:
    """Eight points handed in at once beside one after another, their prompts read before."""
    chat = chats["int8"]
    alone: list[float] = []
    together: list[float] = []
    for fact in facts():
        chat.read_ahead(asking(fact), threading.Event())
    guessed, batch.GUESSED = batch.GUESSED, 0
    for _ in range(2):
        for found, workers in ((alone, 1), (together, 8)):
            begun = CLOCK()
            with ThreadPoolExecutor(workers) as pool:
                said = list(pool.map(lambda fact: timed(chat, fact, GREEDY)[3], facts()))
            tokens = sum(len(chat.ids_of(text)) for text in said)
            found.append(tokens / (CLOCK() - begun))
    batch.GUESSED = guessed
    one_by_one, at_once = statistics.median(alone), statistics.median(together)
    return [
        Row("eight points at once beside one by one, end to end", f"{at_once:.1f} tok/s",
            f"{one_by_one:.1f} tok/s", at_once / one_by_one, "≥ 1.3×",
            f"int8, {chat.at_once} at a time, no guessing"),
    ]  # fmt: skip


PARTS: dict[str, Callable[[dict[str, TransformersChat]], list[Row]]] = {
    "decoding": _decoding,
    "reuse": _reuse,
    "together": _together,
}


def agree(path: Path, tokens: int = 400) -> None:
    """Print perplexity over the sheets, and how often both forms think the same word likeliest."""
    import torch

    sums: dict[str, float] = {}
    likeliest: dict[str, list[Any]] = {}
    count = 0
    for precision in get_args(Precision)[1:]:
        chat = TransformersChat(path, device="cpu", precision=precision)
        total, count, best = 0.0, 0, []
        for sheet in sorted(SHEETS.glob("*.md")):
            ids = chat.ids_of(sheet.read_text(encoding="utf-8"))[:tokens]
            with torch.inference_mode():
                scores = chat.model(torch.tensor([ids])).logits[0, :-1].float().log_softmax(-1)
            after = torch.tensor(ids[1:])
            total -= float(scores.gather(1, after[:, None]).sum())
            count += len(after)
            best.append(scores.argmax(-1))
        sums[precision], likeliest[precision] = total, best
        chat.close()
    pairs = zip(likeliest["full"], likeliest["int8"], strict=True)
    same = sum(int((a == b).sum()) for a, b in pairs)
    for precision, total in sums.items():
        print(f"{precision}: perplexity {math.exp(total / count):.3f} over {count} tokens")
    print(f"the same likeliest token at {same / count:.1%} of the places")


def drafts(path: Path, precision: Precision, out: Path, facts_each: int) -> None:
    """Draft the first facts of two sheets with one form, as `bench.faithful.drafts` saves them."""
    from bench.faithful.drafts import draft_sheet, open_desk
    from bench.faithful.saved import file_of, write_json

    chat = TransformersChat(path, device="cpu", precision=precision, n_ctx=4096)
    out.mkdir(parents=True, exist_ok=True)
    with open_desk(chat, None) as desk:
        for sheet in (SHEETS / "05-工作总结.md", SHEETS / "06-社区书记-20条.md"):
            target = file_of(out, sheet.stem, 1)
            if target.exists():
                continue
            cut = out / sheet.name
            cut.write_text(_cut(sheet.read_text(encoding="utf-8"), facts_each), encoding="utf-8")
            data = draft_sheet(desk, cut, 1, "full")
            write_json(target, data)
            print(sheet.stem, precision, data["stats"], flush=True)


def _cut(sheet: str, facts_each: int) -> str:
    """Return a sheet with every so-manieth fact only, its head as it is."""
    lines = sheet.splitlines()
    long = [n for n, line in enumerate(lines) if len(line) > 20]
    keep = set(long[:: max(1, len(long) // facts_each)][:facts_each])
    return "\n".join(line for n, line in enumerate(lines) if n in keep or n not in set(long))


def _count_processor_time() -> None:
    """Count the processor seconds of one thread: ratios that others' work hardly changes."""
    global CLOCK
    import torch

    torch.set_num_threads(1)
    CLOCK = time.process_time


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default=SMALL, help="name of the manifest, or a path")
    parser.add_argument("--one", choices=("int8", "full"), help=argparse.SUPPRESS)
    parser.add_argument("--parts", nargs="*", choices=("memory", *PARTS), default=())
    parser.add_argument("--agree", action="store_true")
    parser.add_argument("--cpu", action="store_true", help="one thread, processor time")
    parser.add_argument("--drafts", choices=("int8", "full"))
    parser.add_argument("--facts", type=int, default=6, help="with --drafts: facts of each sheet")
    parser.add_argument("--out", type=Path, help="with --drafts: a folder")
    args = parser.parse_args()
    path = Path(args.model) if Path(args.model).exists() else Path(resolve_model(args.model))
    if args.cpu:
        _count_processor_time()
    if args.one:
        one(path, args.one)
        return 0
    clock = "processor time of one thread" if args.cpu else "wall clock"
    print(f"{heading()}\n{path.name}, {clock}", flush=True)
    if args.agree:
        agree(path)
    elif args.drafts:
        drafts(path, args.drafts, args.out, args.facts)
    else:
        print(table(rows(path, args.parts)))
    print(f"load after {os.getloadavg()[0]:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
