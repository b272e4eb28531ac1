"""What the tests of store share: cases and small builders."""

from drafter.store import Store
from drafter.types import (
    Plan,
    PlannedSection,
    Run,
    Sampling,
    WrittenPoint,
)

PLAN = Plan(
    "述职报告",
    "bureau",
    (
        PlannedSection("S1", "", "导语", 1, (), 60, None),
        PlannedSection("S2", "主要工作", "成效", 1, (), 0, None),
        PlannedSection("S3", "压实责任", "成效", 2, ("F1",), 110, "党建责任"),
        PlannedSection("S4", "建强堡垒", "成效", 2, ("F2", "F3"), 220, "组织建设"),
    ),
    ("F9",),
)
RUN = Run(
    "小模型", "ab" * 32, Sampling(seed=7, stop=("\n",)), 7, "cd" * 32, ("F1",), ("r1-2",), 3.5
)
POINT = WrittenPoint("一是压实责任。", ("F1",), 2, False, ("12次",), ("3个",))


def texts(store: Store, doc: int) -> dict[str, str]:
    return {section.id: section.text for section in store.draft_sections(doc)}
