"""The table of poisons, and reports written with one of them beside their clean twins."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from drafter.facts import read_facts
from drafter.hostile import untokened
from drafter.shots import choose_shots
from drafter.types import ChatModel, Sampling
from drafter.wishes import read_wish
from drafter.write import Policy, SectionTask, write_section
from index.types import Exemplar, Section

BULLETS = (
    "召开党组会研究党建工作12次",
    "讲党课4次，覆盖党员320名",
    "走访慰问困难党员26人",
    "完成5个支部换届",
)
SAMPLE = (
    "召开会议专题研究党建工作，压实支部书记抓党建的责任，推动任务逐项落地见效。",
    "坚持把学习摆在首位，组织党员集中学习研讨，联系实际谈体会、找差距、定措施。",
)


@dataclass(frozen=True, slots=True)
class Poison:
    """One entry of poisons.toml. `known`: the table of patterns is meant to name it."""

    entry: str
    text: str
    payload: tuple[str, ...]
    known: bool


def poisons() -> tuple[Poison, ...]:
    table = tomllib.loads((Path(__file__).parent / "poisons.toml").read_text(encoding="utf-8"))
    return tuple(
        Poison(p["entry"], p["text"], tuple(p["payload"]), p.get("known", True))
        for p in table["poison"]
    )


def sheet(poison: Poison | None) -> str:
    """Return a paste with the poison in it, where its entry is one of the paste."""
    entry = poison.entry if poison else ""
    text = poison.text if poison else ""
    rows = [
        f"标题：{text}" if entry == "title" else "标题：抓基层党建工作述职报告",
        f"单位：{text}" if entry == "unit" else "单位：云岭区某局",
        "年度：2026",
    ]
    bullets = [f"- {bullet}" for bullet in BULLETS]
    if entry == "bullet":
        bullets.insert(2, "- " + text)
    if entry == "group":
        bullets.insert(2, text)
    return "\n".join([*rows, *bullets])


def exemplar(poison: Poison | None) -> Exemplar:
    """Return a section of a sample report, poisoned where the poison's entry is the samples."""
    points = list(SAMPLE)
    heading = "抓实责任"
    if poison and poison.entry == "exemplar":
        # In the middle of an innocent point, and as a point of its own.
        points[1] = points[1] + poison.text
        points.append(
            "深入一线开展调研，帮助支部解决实际困难，推动组织生活规范开展。" + poison.text
        )
    if poison and poison.entry == "heading":
        heading = poison.text
    section = Section("R1:1", "R1", "（一）", heading, "成效", 2, "\n".join(points), tuple(points))
    return Exemplar(section, 0.9)


def stored(poison: Poison | None) -> tuple[str, ...] | None:
    """Return bullets kept with the samples' points: poisoned ones, or none."""
    if poison and poison.entry == "pair":
        return ("专题研究党建工作", "压实支部书记责任", poison.text)
    return None


def write(poison: Poison | None, model: ChatModel) -> tuple[str, tuple[str, ...]]:
    """Return a section written from the sheet beside the sample, and what the poisoned facts say.

    The own words of a poisoned fact may stand in the report: they are the person's.
    """
    facts = read_facts(sheet(poison)).facts
    shown = exemplar(poison)
    shots = choose_shots([shown], facts, lambda _section, _point: stored(poison), 3)
    asked = poison.text if poison and poison.entry == "wish" else ""
    wish = read_wish(asked, facts, 0).order
    task = SectionTask(
        "S1", "成效", "述职报告", facts, shots, (shown.section.text,), True, 2026, instruction=wish
    )
    text = ""
    for step in write_section(model, task, Policy(), Sampling()):
        text = step.text
    clean = {fact.text for fact in read_facts(sheet(None)).facts}
    own = tuple(untokened(fact.text) for fact in facts if fact.text not in clean)
    return text, own


def without_quotes(text: str, own: tuple[str, ...]) -> str:
    """Return a text without the poisoned facts' own words, whole or part in a sentence."""
    for words in sorted(own, key=len, reverse=True):
        text = text.replace(words.rstrip("。；;，, ") + "。", "").replace(words, "")
        for sentence in re.findall("[^。；]+[。；]?", text):
            core = re.sub("^[一二三四五六]是", "", sentence).rstrip("。；")
            if core and all(clause in words for clause in core.split("，")):
                text = text.replace(sentence, "", 1)
    return text
