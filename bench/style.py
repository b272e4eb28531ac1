"""The same facts drafted against two libraries of different style: do the drafts differ?

`python -m bench.style` drafts one sheet with bench/styles/朴实 and with bench/styles/文采, prints
what can be counted of style and faith, and with `--write` puts both drafts into docs/两种文风.md.
"""

import argparse
import re
import tempfile
from dataclasses import replace
from pathlib import Path

from bench.quality import SHEETS, Outcome, draft_sheet
from drafter.export.text import to_md
from drafter.types import Draft
from drafter.workflow import Workspace

STYLES = Path(__file__).parent / "styles"
PAGE = Path(__file__).parent.parent / "docs" / "两种文风.md"
ROLES = ("成效", "问题", "原因", "打算")


def measures(text: str) -> dict[str, float]:
    """Return what a reader feels as style: sentence and clause length, labels, parallel clauses."""
    sentences = [s for s in re.split("[。！]", text) if s]
    clauses = [c for c in re.split("[，。；！]", text) if c]
    labels = [s for s in sentences if len(s) <= 14 and "，" not in s]
    return {
        "characters a sentence": sum(map(len, sentences)) / max(1, len(sentences)),
        "clauses a sentence": len(clauses) / max(1, len(sentences)),
        "labels a 100 sentences": 100 * len(labels) / max(1, len(sentences)),
        "让/把/使 a 1,000 characters": 1000 * len(re.findall("让|把|使", text)) / max(1, len(text)),
    }


def body(made: Draft) -> str:
    """Return what the model wrote."""
    return "".join(s.text for s in made.sections if s.role in ROLES and s.fact_ids)


def draft_with(style: Path, sheet: Path, model: str | None) -> tuple[Outcome, Draft]:
    """Draft the sheet with one style's library in a home of its own."""
    with tempfile.TemporaryDirectory() as scratch:
        desk = Workspace(Path(scratch))
        if model:
            desk.save_settings(replace(desk.settings(), model=model))
        desk.library.build([style])
        desk.embedder()
        return draft_sheet(desk, sheet)


def main() -> int:
    """Draft twice, print the table, write the page when asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    sheet = sorted(SHEETS.glob("06*.md"))[0]
    made = {style: draft_with(STYLES / style, sheet, args.model) for style in ("朴实", "文采")}
    lines = ["| | 朴实 | 文采 |", "|---|---|---|"]
    found = {style: measures(body(draft)) for style, (_, draft) in made.items()}
    real = {
        style: measures("".join(p.read_text("utf-8") for p in (STYLES / style).glob("*.txt")))
        for style in made
    }
    for name in found["朴实"]:
        lines.append(f"| {name}: draft | {found['朴实'][name]:.1f} | {found['文采'][name]:.1f} |")
        lines.append(f"| {name}: library | {real['朴实'][name]:.1f} | {real['文采'][name]:.1f} |")
    plain, ornate = made["朴实"][0], made["文采"][0]
    lines += [
        f"| anchors kept | {plain.kept}/{plain.anchors} | {ornate.kept}/{ornate.anchors} |",
        f"| numbers not in the facts | {plain.new} | {ornate.new} |",
        f"| points in the fact's own words | {plain.fell_back}/{plain.points}"
        f" | {ornate.fell_back}/{ornate.points} |",
    ]
    print("\n".join(lines))
    if args.write:
        write_page(lines, sheet, {style: draft for style, (_, draft) in made.items()})
    return 0


def write_page(lines: list[str], sheet: Path, made: dict[str, Draft]) -> None:
    """Put the table, the facts and both drafts into docs/."""
    parts = [
        "# 同样的要点，两种文风",
        "用 `python -m bench.style --write` 生成：同一份要点，分别以“朴实”“文采”两组样本"
        "（bench/styles/）为范例，由同一个模型写成。未经人工修改。",
        "\n".join(lines),
        "## 要点\n\n```\n" + sheet.read_text(encoding="utf-8").strip() + "\n```",
    ]
    for style, draft in made.items():
        text = to_md(draft).decode("utf-8").replace("\n#", "\n##")
        parts.append(f"## 以“{style}”样本为范例\n\n##{text.lstrip('#')}")
    PAGE.write_text("\n\n".join(parts).rstrip() + "\n", encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
