"""What the thirteenth set showed, with other examples: lively writers, and faults right beside.

What is let pass (100% as 一个不落, 一人三千, 每七天) has a fault next to it that is told.
"""

import pytest

from drafter.checking import check_case
from drafter.checks.header_lines import header_end, is_header
from drafter.told_over import compound_minutes

# Facts with | between them, and a draft.
TOLD = [
    ("每周召开例会|走访12户", "集中七天开展培训，走访12户，每周召开例会。"),
    ("举办培训2次|慰问18名老人", "举办培训，慰问18名老人，两名，"),
    ("办讲座3场|三季度评比第一", "办讲座，到第三季度评比第一。"),
    ("打造“××”品牌|走访12户", "打造“××”品牌，走访12户。"),
    ("山下村党支部走访12户|修路3公里", "山上村党支部走访12户，修路3公里。"),
    ("办结率100%，涉及56件|整改到位率100%", "56件办结，整改全部到位。"),
    ("信访办结率100%|走访12户", "走访12户，家家都到；信访办结率高。"),
    ("发展党员8名，比去年增2名|培训3期", "发展党员8名，培训3期。"),
    ("发展党员8名，比去年增2名|培训3期", "发展党员由去年的7名增加到8名，培训3期。"),
    ("镇党委2020年总结|修路3公里|架桥2座", "修路3公里。"),
    ("县医院：门诊12万人次|住院8000人次", "县医院住院8000人次。"),
    ("党委听取支部工作汇报4次|走访12户", "走访12户，党委工作扎实。"),
    ("党员参训率83%|课时40学时", "党员参训九成以上，课时40学时。"),
    ("救助金9万元，救助30户|走访12户", "救助30户，救助金9万元，一户五千，走访12户。"),
    ("支部党员30名，其中女党员12名", "30名党员里女党员12名，差不多三个里有一个。"),
    ("每季度召开例会一次|走访12户", "一年召开例会六次，走访12户。"),
    ("接听热线900次|走访12户", "接听热线900次，帮办12345件，走访12户。"),
]
QUIET = [
    (
        "发放雨衣120件、雨靴90双、手电40个|受益3000人次",
        "发放雨衣120件、雨靴90双、手电40个，共计3000人次受益。",
    ),
    ("举办讲座3场、文艺演出2台、展览4个", "举办讲座3场、文艺演出2台、展览4个，丰富生活。"),
    (
        "在3个村试点积分制，其余村明年再推|走访12户",
        "先在3个村试点积分制，明年全镇各村都要推开；走访12户。",
    ),
    ("在3个村试点积分制|走访12户", "积分制在3个村先试起来，试点成熟后再推；走访12户。"),
    ("清除加拿大一枝黄花30亩|走访12户", "清除加拿大一枝黄花30亩，走访12户。"),
    ("发展党员8名，比去年增2名|培训3期", "发展党员由去年的6名增加到8名，培训3期。"),
    ("2019年办案40件，2020年办案52件", "办案由40件增加到52件。"),
    ("村党支部工作报告|修路3公里", "修路3公里。"),
    ("救助金9万元，救助30户|走访12户", "救助30户，救助金9万元，一户三千，走访12户。"),
    ("支部党员30名，其中女党员11名", "30名党员里女党员11名，差不多三个里有一个。"),
    ("案件20件，了结15件，其余在办", "案件20件，了结15件，其余5件在办。"),
    ("床位60张，入住52人", "60张床住进52人，还空着8张。"),
    ("每季度召开例会一次|走访12户", "一年召开例会四次，走访12户。"),
    ("接听热线900次|走访12户", "接听热线900次，有事打12345，走访12户。"),
    ("走访12户", "甲社区党支部2022年总结\n一、走访\n走访12户，家家有人问。"),
]


def found(facts: str, draft: str) -> list[tuple[str, str, str]]:
    told = check_case({"id": "1", "year": 2020, "facts": facts.split("|"), "draft": draft})
    return [(one["check"], one["severity"], one["text"]) for one in told]


@pytest.mark.parametrize(("facts", "draft"), TOLD)
def test_a_fault_beside_a_lively_telling_is_told(facts: str, draft: str) -> None:
    assert [one for one in found(facts, draft) if one[1] in ("error", "warning")]


@pytest.mark.parametrize(("facts", "draft"), QUIET)
def test_a_lively_telling_is_no_error(facts: str, draft: str) -> None:
    assert [one for one in found(facts, draft) if one[1] == "error"] == []


@pytest.mark.parametrize(
    "line",
    [
        "水库安置点党支部2021",
        "县医院党委述职材料摘录",
        "某镇党委书记述职",
        "市图书馆支部2020年工作总结",
    ],
)
def test_a_line_that_only_heads_the_sheet_is_a_header(line: str) -> None:
    assert header_end(line) == len(line)


@pytest.mark.parametrize(
    "line", ["听取支部工作汇报", "新建社区2个", "支部党员29名", "县医院", "走访村党支部2021户"]
)
def test_what_tells_something_is_none(line: str) -> None:
    assert header_end(line) == 0


def test_only_the_head_of_a_fact_may_be_left_out() -> None:
    fact = "县交通局2016：修路60公里"
    assert is_header("2016", fact) and not is_header("60公里", fact)


def test_hours_and_minutes_are_one_time() -> None:
    assert [minutes for *_, minutes in compound_minutes("时长1小时零5分，另有二小时十分钟")] == [
        65,
        130,
    ]
