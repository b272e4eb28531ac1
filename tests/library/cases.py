"""What the tests of library share: cases and small builders."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from index.library import Library
from tests.fakes import FakeEmbedder

TOPICS = {
    "党建责任": "召开党建工作例会研究重点任务，制定书记抓党建责任清单，逐级压实支部书记责任。",
    "理论学习": "落实第一议题制度，组织中心组学习和专题研讨，读原著学原文，撰写心得体会。",
    "服务群众": "办成停车难、加装电梯等民生实事，党员下沉网格，入户走访困难居民听取诉求。",
    "廉政建设": "开展警示教育和廉政谈话，排查岗位廉政风险，紧盯节日节点严防四风反弹。",
    "组织建设": "按期完成支部换届，规范三会一课和主题党日，发展年轻党员，建强战斗堡垒。",
}
UNITS = ("河东街道", "青山镇", "城南学校", "江北医院", "新港公司", "松林局", "东湖社区", "石桥村")


def report_text(unit: int, year: int = 2024) -> str:
    """Return a short report; units share topics and headings, but hardly a sentence."""
    name = UNITS[unit % len(UNITS)] + (str(unit) if unit >= len(UNITS) else "")
    lines = [f"{name}党组织书记{year}年度抓基层党建工作述职报告", ""]
    lines += [f"{name}在上级坚强领导下扎实推进党的建设，现将{name}履职情况报告如下。", ""]
    lines.append("一、主要工作成效")
    for number, (topic, text) in enumerate(TOPICS.items(), start=1):
        mark = "一二三四五"[number - 1]
        detail = "".join(
            f"{name}{clause}；{name}的{topic}做法见实效，" for clause in text.split("，")
        )
        lines.append(f"（{mark}）抓实{topic}。一是{detail}二是{name}还把{topic}列入考核。")
    lines += ["二、存在的主要问题"]
    lines.append(f"（一）{name}理论学习不够深入。一是{name}学用结合不紧；二是研讨交流偏少。")
    lines.append(f"（二）{name}服务群众办法不多。一是{name}走访不勤；二是回应诉求不够及时。")
    lines += ["三、下一步工作打算"]
    lines.append(f"（一）{name}深化理论学习。一是{name}健全学习制度；二是创新学习方式。")
    return "\n".join(lines) + "\n"


def statuses(outcomes: Sequence[object]) -> list[str]:
    return [getattr(outcome, "status", "") for outcome in outcomes]


def whole(library: Library) -> bool:
    """Say whether every listed report has its structure, sections, and as many as it says."""
    counts: dict[str, int] = {}
    for section in library.sections():
        counts[section.report] = counts.get(section.report, 0) + 1
    return all(
        library.parsed(info.id).title and counts.get(info.id) == info.sections
        for info in library.reports()
    ) and set(counts) == {info.id for info in library.reports()}


class CrashingEmbedder(FakeEmbedder):
    """Fails once a text holds `at`."""

    def __init__(self, at: str) -> None:
        super().__init__()
        self._at = at

    def encode_document(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        if any(self._at in text for text in texts):
            raise MemoryError
        return super().encode_document(texts)


def topics_of(text: str) -> dict[str, float]:
    """Return the topics of TOPICS whose words the text has; most texts of a report have one."""
    words = {
        "党建责任": ("责任", "例会"),
        "理论学习": ("学习", "研讨"),
        "服务群众": ("群众", "民生"),
        "廉政建设": ("廉政", "警示"),
        "组织建设": ("支部", "换届"),
    }
    counts = {topic: sum(text.count(w) for w in own) for topic, own in words.items()}
    return {topic: float(count) for topic, count in counts.items() if count}
