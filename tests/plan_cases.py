"""What the tests of plan share: cases and small builders."""

from collections.abc import Sequence

from drafter.outlines import (
    outline_named,
)
from drafter.plan import (
    make_plan,
)
from drafter.types import Fact, FactSheet, Plan
from index.types import Role

DONE = """全年召开党组会专题研究党建工作12次
与8个支部签订党建目标责任书
理论学习中心组集中学习14次，研讨6次
举办读书班2期，党员领导干部讲党课9次
8个支部全部完成标准化达标创建
开展主题党日活动96次
发展党员5名，预备党员转正3名
组织党员集中培训2期，参训156人次
组建3支党员突击队，完成道路修补3.2万平方米
办结城市管理类诉求4862件，满意率98.6%
开展廉政谈话63人次，观看警示教育片4场
排查廉政风险点37个
召开意识形态分析研判会4次
走访慰问困难党员、老党员28户
与社区结对共建，开展双报到服务活动35次
修订党建工作制度11项""".splitlines()
PROBLEMS = ["理论学习的深度不够", "个别支部组织生活质量不高", "党建与业务融合不够紧密"]
CAUSES = ["存在重业务轻党建的思想"]
NEXT = """每季度召开1次党建专题会
举办2期党务干部培训班
每个支部打造1个党建品牌
开展形式主义问题专项整治
每半年抽查1次组织生活质量""".splitlines()


def sheet_of(
    *parts: tuple[Role | None, str | None, Sequence[str]],
    title: str | None = None,
    report_type: str | None = "述职报告",
    unit: str | None = "某区城市管理局",
    post: str | None = "党组书记",
    year: int | None = 2026,
) -> FactSheet:
    rows = [(role, group, text) for role, group, texts in parts for text in texts]
    facts = tuple(
        Fact(f"F{number}", text, (), role, group)
        for number, (role, group, text) in enumerate(rows, 1)
    )
    return FactSheet(title, report_type, unit, post, year, facts, ())


FULL = sheet_of(("成效", None, DONE), ("问题", None, PROBLEMS), ("打算", None, NEXT))
BUREAU = outline_named("bureau")


def placed_ids(plan: Plan) -> list[str]:
    return [id_ for section in plan.sections for id_ in section.fact_ids] + list(plan.unplaced)


def assert_sound(plan: Plan, fact_ids: Sequence[str]) -> None:
    """Every fact exactly once, ids unique, no facts above children or in 导语 and 结语."""
    assert sorted(placed_ids(plan)) == sorted(fact_ids)
    ids = [section.id for section in plan.sections]
    assert len(set(ids)) == len(ids)
    for above, below in zip(plan.sections, plan.sections[1:], strict=False):
        if above.level == 1 and below.level == 2:
            assert above.fact_ids == ()
    assert all(not section.fact_ids for section in plan.sections if not section.heading)


def topic_of(plan: Plan, sheet: FactSheet, text: str) -> str | None:
    wanted = next(fact.id for fact in sheet.facts if fact.text == text)
    return next((s.topic for s in plan.sections if wanted in s.fact_ids), None)


PLAN = make_plan(FULL, BUREAU, None)
FACT_IDS = [fact.id for fact in FULL.facts]


# a changed paste


def changed(texts: Sequence[str]) -> FactSheet:
    return sheet_of(("成效", None, texts), ("问题", None, PROBLEMS), ("打算", None, NEXT))
