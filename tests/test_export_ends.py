"""Whom a report addresses and who signs it, told from lines of text that only look alike."""

import pytest

from drafter.export import paragraphs_of_text

TOP = "清源区党建工作情况报告"
SIGNERS = """中共清源区委组织部 清源区委宣传部 区委统战部 清源区总工会 清源区人民检察院
清源区人民法院 清源区人民政府 清源省民政厅 清源街道办事处 清源区农业技术推广站 清源镇司法所
清源建设集团
清源区妇女联合会 清源区残联 清源区消防救援大队 清源职业学院 中共清源区委党校 清源区第一幼儿园
清源区人大常委会 驻清源村工作队 建阳区人民武装部 将乐县总工会 清源公安分局城北派出所
清源区机关事务管理处 中共清源区委 清源区教育局 清源村党支部 清源区总工会（盖章）"""
# The last line of a text, without a full stop, over the date the file was printed on.
LINES = """全体党员都上了一堂党课大会 全区共表彰优秀党务干部 把各项任务落到实处 请予审议的各位干部
建成党员活动场所 全年召开述职评议大会 感谢各级党组织给予的帮助和好处 努力建设让人放心的组织部
党员人人学会 开展送学上门到偏远住处 奋力打造模范政府 附件：清源区总工会名册 抄送：区委宣传部
联系电话：区委组织部 新建党员服务场所 参加人员来自区总工会"""

ADDRESSES = """各镇党委，区直各单位： 区直各部门： 各党支部、机关各科室：
各镇人民政府，区直有关单位：
各所属企业： 区委组织部： 各位领导、同志们： 局属各单位："""
ALIKE = """责任单位： 牵头部门： 涉及各有关部门： 主要包括以下单位： 先进单位： 被通报的各单位：
督查各镇各部门： 存在问题的单位："""


def kinds(*lines: str) -> list[str]:
    return [p.kind for p in paragraphs_of_text("\n".join(lines))]


@pytest.mark.parametrize("unit", SIGNERS.split())
def test_a_unit_over_the_date_signs(unit: str) -> None:
    body = (TOP, "各位领导：", "现报告如下。", "一、履职情况", "集中学习12次。")
    assert kinds(*body, unit, "2026年12月20日")[-2:] == ["signer", "date"]


@pytest.mark.parametrize("line", LINES.split())
def test_a_line_of_text_over_the_date_does_not_sign(line: str) -> None:
    body = (TOP, "各位领导：", "现报告如下。", "一、履职情况", "集中学习12次。")
    assert kinds(*body, line, "2026年12月20日")[-2] == "body"


@pytest.mark.parametrize("line", ["学习教育工作做得好的有区委组织部", "全年走访清源建设集团"])
def test_without_a_date_such_a_line_is_text(line: str) -> None:
    assert kinds(TOP, "现报告如下。", "一、履职情况", "集中学习12次。", line)[-1] == "body"


@pytest.mark.parametrize(
    "line",
    ADDRESSES.split(),
)
def test_whom_the_report_addresses(line: str) -> None:
    assert kinds(TOP, line, "现报告如下。", "一、履职情况", "集中学习12次。")[1] == "salutation"


@pytest.mark.parametrize(
    "line",
    ALIKE.split(),
)
def test_what_only_ends_like_an_address(line: str) -> None:
    assert "salutation" not in kinds(TOP, line, "现报告如下。", "一、履职情况", "集中学习12次。")
