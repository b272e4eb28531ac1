"""What the tests of checks share: cases and small builders."""

from collections.abc import Sequence
from pathlib import Path

from drafter.anchors import find_anchors
from drafter.checks import ADVICE_ONLY, run_checks
from drafter.types import Draft, DraftSection, Fact, Finding, Sources

REPORTS = Path(__file__).parents[2] / "shared" / "sample-reports"

FACTS = (
    "每季度召开党组会专题研究党建工作，全年12次",
    "讲党课4次",
    "近320名党员参加主题党日，收缴党费1.8万元",
    "拟于2027年新建党群服务中心1个",
    "有4个支部尚未完成换届",
)
FAITHFUL = (
    "坚持每季度召开党组会专题研究党建工作，全年共十二次。带头讲党课4次。组织近320名党员参加主题党日，"
    "收缴党费18000元。拟于2027年新建党群服务中心1个。目前还有4个支部没有完成换届。"
)


def make_facts(texts: Sequence[str]) -> tuple[Fact, ...]:
    return tuple(
        Fact(f"F{n}", text, find_anchors(text), "成效", None) for n, text in enumerate(texts, 1)
    )


def make_draft(*texts: str, year: int | None = 2026, ids: tuple[str, ...] = ()) -> Draft:
    sections = (
        DraftSection(f"S{n}", f"第{n}节", 1, "成效", text, ids, (), False)
        for n, text in enumerate(texts, 1)
    )
    return Draft("党建工作述职报告", year, tuple(sections))


def findings(
    text: str, facts: Sequence[str] = (), year: int | None = 2026, exemplars: tuple[str, ...] = ()
) -> list[Finding]:
    made = make_facts(facts)
    draft = make_draft(text, year=year, ids=tuple(fact.id for fact in made))
    found = run_checks(draft, Sources(made, exemplars, year))
    return [finding for finding in found if finding.check not in ADVICE_ONLY]


def flagged(check: str, text: str, facts: Sequence[str] = (), year: int | None = 2026) -> list[str]:
    return [found.text for found in findings(text, facts, year) if found.check == check]


EXEMPLAR = (
    "我们把支部建在项目上、把党旗插在工地上，组织突击队攻坚克难，由红星里社区牵头落实，共15次。"
)


def paragraphs(path: Path) -> list[str]:
    text = path.read_text(encoding="utf-8")
    return [line.strip() for line in text.split("\n") if len(line.strip()) > 60]
