"""A report to export, and a reader of Word files that accepts or rejects tracked changes itself."""

import io
import zipfile
from xml.etree import ElementTree

from drafter.types import Draft, DraftSection
from index.types import Role

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def section(id_: str, heading: str, level: int, role: Role, text: str) -> DraftSection:
    return DraftSection(id_, heading, level, role, text, (), (), False)


POINTS = (
    "一是抓学习。全年组织集中学习14次、专题研讨4次，每季度开展1次交流，党员参学率98.6%。\n"
    "二是抓责任。与8个支部签订“责任书”——层层压实……年中督查2轮，整改问题19个。"
)
REPORT = Draft(
    "某某区市场监督管理局党组书记2026年度抓基层党建工作述职报告",
    2026,
    (
        section(
            "S1",
            "",
            1,
            "导语",
            "（2026年12月）\n各位领导、同志们：\n现将履职情况报告如下，请评议。",
        ),
        section("S2", "履职情况", 1, "成效", ""),
        section("S3", "扛牢主体责任，层层压实担子", 2, "成效", POINTS),
        section(
            "S4",
            "深化理论武装，把牢政治方向",
            2,
            "成效",
            "1. 健全制度\n修订学习制度3项。\n（1）分层学\n支部每月学习1次。\n"
            "2. 用好阵地\n新建活动室2个。",
        ),
        section(
            "S5", "存在的问题", 1, "问题", "（一）学习不够深。结合实际不紧，学用脱节仍然存在。"
        ),
        section("S6", "下一步打算", 1, "打算", "每季度召开1次专题会，投入经费1.8万元。"),
        section(
            "S7", "", 1, "结语", "以上报告，请予评议。\n某某区市场监督管理局党组\n2026年12月20日"
        ),
    ),
)

# Invented, general sentences: nobody's report. Some have no figures, so that whole lines are full
# width and can be counted.
SENTENCES = (
    "把支部建在项目上、把党员放到一线去，凡是急难任务都由党员骨干带头认领，逐项登记、逐项销号。",
    "全年召开专题会12次，研究议题31个，形成“任务清单”8份——件件有人管、月月有回音……完成率达96.5%。",
    "针对个别支部学用脱节的情况，逐个支部听课评课，帮助书记理清思路，学习质量比上年有了明显好转。",
    "投入经费1.8万元改造活动室2间，新增图书460册，党员群众有了说话议事、互帮互学的固定场所。",
    "坚持谈心谈话，班子成员每人联系一个支部，常到窗口和车间听真话，能当场办的当场办，不能办的说明白。",
    "落实《中国共产党支部工作条例（试行）》，规范组织生活，主题党日到会率由85%提高到97%。",
)
HEADINGS = (
    (
        "履职情况",
        ("扛牢主体责任，层层压实担子", "深化理论武装，把牢政治方向", "建强基层支部，夯实战斗堡垒"),
    ),
    ("存在的问题", ("学习联系实际不够紧", "抓支部的办法还不够多")),
    ("下一步打算", ("压紧责任链条", "增强支部活力")),
)


def long_report() -> Draft:
    """A report of five pages: every element of the layout, lines with and without figures."""
    rows = list(REPORT.sections[:1])
    for part_number, (heading, under) in enumerate(HEADINGS):
        rows.append(section(f"P{part_number}", heading, 1, "成效", ""))
        for place, name in enumerate(under):
            shift = part_number + place
            order = [SENTENCES[(shift + n) % len(SENTENCES)] for n in range(len(SENTENCES))]
            parts = ("".join(order[:5]), "1. 健全制度", order[5], "（1）分层落实", order[0])
            text = "\n".join(parts)
            rows.append(section(f"P{part_number}{place}", name, 2, "成效", text))
    return Draft(REPORT.title, REPORT.year, (*rows, REPORT.sections[-1]))


# A paragraph as it is after all changes are accepted or rejected: its layout, and each character
# with the properties of its run.
Resolved = tuple[str, tuple[tuple[str, str], ...]]


def part(data: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return packed.read(name).decode("utf-8")


def resolve(data: bytes, accept: bool) -> list[Resolved]:
    """Return the paragraphs of a Word file with every change accepted, or every change rejected.

    Written from ISO/IEC 29500-1, 17.13.5, and not from the code that writes the changes: a mark
    that goes joins its paragraph to the next, which keeps its own layout.
    """
    body = ElementTree.fromstring(part(data, "word/document.xml")).find(f"{W}body")  # noqa: S314
    assert body is not None
    gone = "del" if accept else "ins"
    made: list[Resolved] = []
    carried: list[tuple[str, str]] = []
    paragraphs = body.findall(f"{W}p")
    for tracked in ("ins", "del"):
        last = paragraphs[-1].find(f"{W}pPr/{W}rPr/{W}{tracked}")
        assert last is None, "the last mark of a document can neither come nor go"
    for paragraph in paragraphs:
        carried += characters(paragraph, gone)
        if paragraph.find(f"{W}pPr/{W}rPr/{W}{gone}") is not None:
            continue
        made.append((layout(paragraph, accept), tuple(carried)))
        carried = []
    assert not carried
    return made


def characters(paragraph: ElementTree.Element, gone: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for child in paragraph:
        runs = list(child) if child.tag in (f"{W}ins", f"{W}del") else [child]
        if child.tag == f"{W}{gone}":
            continue
        for run in runs:
            if run.tag == f"{W}r":
                found += run_characters(run)
    return found


def run_characters(run: ElementTree.Element) -> list[tuple[str, str]]:
    properties = run.find(f"{W}rPr")
    shown = "" if properties is None else plain(properties)
    text = ""
    for node in run:
        if node.tag in (f"{W}t", f"{W}delText"):
            text += node.text or ""
        elif node.tag == f"{W}tab":
            text += "\t"
    return [(character, shown) for character in text]


def layout(paragraph: ElementTree.Element, accept: bool) -> str:
    properties = paragraph.find(f"{W}pPr")
    if properties is None:
        return ""
    was = properties.find(f"{W}pPrChange/{W}pPr")
    if was is not None and not accept:
        properties = was
    kept = [child for child in properties if child.tag not in (f"{W}rPr", f"{W}pPrChange")]
    return "".join(plain(child) for child in kept)


def plain(element: ElementTree.Element) -> str:
    return ElementTree.tostring(element, encoding="unicode").strip()


def texts(resolved: list[Resolved]) -> list[str]:
    return ["".join(character for character, _ in characters) for _, characters in resolved]
