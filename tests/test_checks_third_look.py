"""Products told with 各, halves, money given out, months, and numbers that only mark or recall."""

import pytest

from tests.checks_cases import findings, flagged


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("支部大会应到32人，实到28人，参会率达95%。", "95%"),
        ("向8个村各派驻1名指导员，共派驻9名。", "9名"),
        ("为6个支部各订阅报刊5份，累计35份。", "35份"),
        ("投入12万元：设备8万元、培训3万元。", "12万元"),
        ("募集资金9万元，分别用于助学4万元、助医4.5万元。", "9万元"),
        ("下拨经费20万元，用于阵地建设12万元、教育培训9万元。", "20万元"),
        ("全体党员60名，其中女党员21名，女党员占比过半。", "过半"),
        ("换届工作4月启动，9月结束，历时3个月。", "3个月"),
        ("活动从5月持续到7月，历时6个月。", "6个月"),
    ],
)
def test_what_does_not_come_out_is_found(text: str, wrong: str) -> None:
    assert any(wrong in one for one in flagged("arithmetic", text, ()))


@pytest.mark.parametrize(
    "text",
    [
        "应到50人，实到46人，测评满意率94%。",
        "机关支部3名，5个支部各2名，共13名。",
        "3个支部各发展党员2名、积极分子3名，共15名。",
        "3个支部各负责2个片区，共6个。",
        "5个支部各开展活动2次，全年共组织集中活动36次。",
        "8个村各派1名，另派队长2名，共10名。",
        "投入20万元：阵地建设12万元、培训5万元、慰问3万元。",
        "投入30万元，主要用于阵地建设18万元。",
        "发放慰问金2.4万元：走访困难党员12名。",
        "党员46名，其中35岁以下25名，青年党员占比过半。",
        "全年任务40项，已完成15项，时间过半。",
        "3月启动，6月结束，历时4个月。",
        "11月启动，2月结束，历时3个月。",
        "3月召开动员会，9月总结，整改用时2个月。",
        "收入12万元：租金7万元、分红5万元，支出9万元。",
        "参训60人，其中女性20人，过半数为新任干部。",
    ],
)
def test_what_comes_out_or_is_no_claim_is_left_alone(text: str) -> None:
    assert flagged("arithmetic", text, ()) == []


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        (("每季度分析一次队伍状况",), "队伍状况一季度一分析，做到心中有数。"),
        (
            ("第一小组9户，第二小组7户", "两组共16户"),
            "第一小组9户，第二小组7户，共16户。两个小组你追我赶。",
        ),
        (("建站点4个", "拟招募6人"), "办好两件事：一要抓阵地，建站点4个；二要聚人手，拟招募6人。"),
        (("建站点4个", "招募6人"), "一是打基础，（1）建站点4个，（2）招募6人。"),
    ],
)
def test_marks_and_counts_of_what_was_listed_need_no_source(
    facts: tuple[str, ...], text: str
) -> None:
    found = findings(text, facts)
    assert [f for f in found if f.check == "untraced_number" and f.severity != "advice"] == []


@pytest.mark.parametrize(
    ("fact", "text", "wrong"),
    [
        ("每月分析一次队伍状况", "队伍状况一季度一分析。", "一季度"),
        ("建站点4个", "办好三件事：一要抓阵地，建站点4个；二要聚人手。", "三件"),
        ("建站点4个", "支部建站点（8）个。", "8"),
    ],
)
def test_other_frequencies_and_counts_are_still_found(fact: str, text: str, wrong: str) -> None:
    assert any(wrong in one for one in flagged("untraced_number", text, (fact,)))


def test_a_day_of_the_week_is_told_with_feng() -> None:
    fact = ("志愿队每周三入户",)
    assert flagged("dropped_fact", "志愿队坚持每逢周三入户，从不间断。", fact) == []
    assert flagged("dropped_fact", "志愿队坚持每逢周六入户，从不间断。", fact) != []
