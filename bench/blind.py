"""A blind sheet for a reader: ours, the usual way, real text; shuffled, the key apart.

`python -m bench.blind FOLDER FOLDER_USUAL --out FILE.md` takes sections that both folders wrote
from the same facts, adds a passage of the same role from a real report, hides every number (a real
report has placeholders there) and names the three 甲 乙 丙 in random order. The key goes to
FILE.key.md. Neither may be inside the repository: the real text is not ours to publish.
"""

import argparse
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.faithful.reports import REAL, REPO, Piece, Report, of_draft, read_reports
from bench.faithful.saved import SavedDraft, read_folder
from index.types import Role

NAMES = "甲乙丙"
HIDDEN = "○"
LONGEST = 450  # characters of a passage: what a reader takes in at once
_NUMBER = re.compile(
    r"[0-9０-９]+(?:[.．:：][0-9０-９]+)*[%％‰]?|[XxＸ×＊*]+|[一二三四五六七八九十百千两]{1,6}(?=[次场名个人件项份条户期篇万年月日])"
)
RATING = (
    "- 像不像真实报告（1–5 分）：甲 __　乙 __　丙 __\n"
    "- 具体不空（1–5 分）：甲 __　乙 __　丙 __\n"
    "- 愿意直接用哪一段：____　哪一段最像机器写的：____\n"
)


@dataclass(frozen=True, slots=True)
class Trio:
    """Three passages of one role: source ("ours", "usual", "real") and text, in shuffled order."""

    role: str
    passages: tuple[tuple[str, str], ...]
    origin: str


def hide(text: str) -> str:
    """Return a passage with its numbers and placeholders hidden, in one paragraph."""
    return re.sub(rf"{HIDDEN}+", HIDDEN, _NUMBER.sub(HIDDEN, re.sub(r"\s+", "", text)))


def shorten(text: str) -> str:
    """Return text up to its last full stop within LONGEST characters."""
    if len(text) <= LONGEST:
        return text
    end = text.rfind("。", 0, LONGEST)
    return text[: end + 1] if end > 0 else text[:LONGEST]


def _matched(ours: SavedDraft, usual: SavedDraft, shortest: int) -> list[tuple[Role, Piece, Piece]]:
    """Return (role, our piece, the usual one) of sections of the same heading and facts."""
    others = {(piece.heading, piece.facts): piece for piece in of_draft(usual).pieces}
    found = []
    for piece in of_draft(ours).pieces:
        other = others.get((piece.heading, piece.facts))
        if piece.facts and other and min(len(piece.text), len(other.text)) >= shortest:
            found.append((piece.role, piece, other))
    return found


def closest(role: str, length: int, real: Sequence[Report], used: set[str]) -> str | None:
    """Return the passage of that role closest in length, None where none is left unused."""
    passages = [
        piece.text
        for report in real
        for piece in report.pieces
        if piece.role == role and piece.text and piece.text not in used
    ]
    return min(passages, key=lambda text: abs(min(len(text), LONGEST) - length), default=None)


def choose(
    ours: Sequence[SavedDraft],
    usual: Sequence[SavedDraft],
    real: Sequence[Report],
    count: int,
    seed: int,
    shortest: int = 60,
) -> list[Trio]:
    """Return up to `count` trios, roles in turn, each real passage once. Same seed, same sheet."""
    chance = random.Random(seed)  # noqa: S311 - shuffling a questionnaire
    others = {(saved.sheet, saved.seed): saved for saved in usual}
    pool = [
        (f"{saved.sheet} · {saved.seed} · {piece.heading}", role, piece, other)
        for saved in ours
        if (saved.sheet, saved.seed) in others
        for role, piece, other in _matched(saved, others[saved.sheet, saved.seed], shortest)
    ]
    chance.shuffle(pool)
    trios: list[Trio] = []
    used: set[str] = set()
    taken: dict[str, int] = {}
    while pool and len(trios) < count:
        # The role seen least so far comes next, so that results do not crowd out problems.
        origin, role, piece, other = min(pool, key=lambda entry: taken.get(entry[1], 0))
        pool.remove((origin, role, piece, other))
        text = closest(role, min(len(piece.text), LONGEST), real, used)
        if text is None:
            pool = [entry for entry in pool if entry[1] != role]
            continue
        used.add(text)
        taken[role] = taken.get(role, 0) + 1
        passages = [("ours", piece.text), ("usual", other.text), ("real", text)]
        chance.shuffle(passages)
        shown = tuple((source, hide(shorten(text))) for source, text in passages)
        trios.append(Trio(role, shown, origin))
    return trios


def sheet_text(trios: Sequence[Trio]) -> str:
    """Return the sheet for the reader."""
    parts = [
        "# 盲评表\n\n每组三段，写的是同一类内容，数字都以“○”代替。"
        "先读完三段，再打分；评完之前不要看对照表。"
    ]
    for number, trio in enumerate(trios, 1):
        lines = [f"## 第 {number} 组（{trio.role}）"]
        lines += [f"**{n}**　{text}" for n, (_, text) in zip(NAMES, trio.passages, strict=True)]
        parts.append("\n\n".join([*lines, RATING]))
    return "\n\n".join(parts)


def key_text(trios: Sequence[Trio]) -> str:
    """Return the key: which passage is whose."""
    said = {"ours": "拟稿台", "usual": "通常做法", "real": "真实报告"}
    lines = ["# 盲评表对照（评完再看）", ""]
    for number, trio in enumerate(trios, 1):
        whose = "　".join(
            f"{n}={said[source]}" for n, (source, _) in zip(NAMES, trio.passages, strict=True)
        )
        lines.append(f"{number}. {whose}　（{trio.origin}）")
    return "\n".join(lines) + "\n"


def is_inside(path: Path, folder: Path) -> bool:
    """Whether a file would lie in a folder, links followed."""
    return path.resolve().is_relative_to(folder.resolve())


def main() -> int:
    """Write the sheet and its key."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("usual", type=Path)
    parser.add_argument("--out", type=Path, required=True, help="the sheet, outside the repository")
    parser.add_argument("--count", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--real", type=Path, default=REAL)
    args = parser.parse_args()
    if is_inside(args.out, REPO):
        parser.error("the sheet holds real reports: choose a place outside the repository")
    real = read_reports(args.real)
    trios = choose(read_folder(args.folder), read_folder(args.usual), real, args.count, args.seed)
    if not trios:
        parser.error("no section that both folders have, or no real report")
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(sheet_text(trios), encoding="utf-8")
    key = args.out.with_suffix(".key.md")
    key.write_text(key_text(trios), encoding="utf-8")
    print(f"{len(trios)} groups: {args.out}, key: {key}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
