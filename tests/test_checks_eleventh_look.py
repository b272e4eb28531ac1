"""What the eleventh set showed, with other examples: what was added to what there was, work that
goes on told as done, a part told of the whole, whom something was done to, platforms of no fact."""

import pytest

from drafter.counting import counted_here
from drafter.numbers import find_quantities
from tests.test_checks_ninth_look import errors, told


@pytest.mark.parametrize(
    ("facts", "draft", "wrong"),
    [
        (["添置桌椅60套", "原有90套"], "添置桌椅60套，加上原有的90套，总数达到160套。", "160套"),
        (["增设座椅20把", "原有70把"], "在原有70把座椅的基础上增设20把，总数达到95把。", "95把"),
        (["两场分别到会41人、38人"], "召开两场座谈，分别到会41人、38人，两场共89人。", "89人"),
        (
            ["收到建议50条，其中教学类20条、后勤类30条"],
            "收到建议50条，其中教学类20条、后勤类30条，教学类占全部建议的45%。",
            "45%",
        ),
        (["走访210户", "去年70户"], "走访210户，是去年70户的4倍。", "4倍"),
        (["发展党员6名", "去年11名"], "发展党员6名，比去年减少4名，去年为11名。", "4名"),
        (["现有驿站31个", "年初19个"], "驿站达到31个，比年初的19个增加14个。", "14个"),
        (["培训80人次", "线上35人次"], "培训80人次，其中线上35人次、线下55人次。", "55人次"),
        (
            ["教师90名，其中30名担任导师", "每名导师联系学生8名"],
            "教师90名，其中30名担任导师，每名导师联系学生8名，共联系学生260名。",
            "260名",
        ),
    ],
)
def test_what_does_not_come_out_is_told(facts: list[str], draft: str, wrong: str) -> None:
    assert wrong in told("arithmetic", facts, draft)


@pytest.mark.parametrize(
    "draft",
    [
        "添置桌椅60套，加上原有的90套，总数达到150套。",
        "添置桌椅60套，加上原有的90套，服务学生160人次。",
        "原有90套，加上添置的60套，减去报废的10套，现有140套。",
    ],
)
def test_what_comes_out_or_counts_something_else_passes(draft: str) -> None:
    facts = ["添置桌椅60套", "原有90套", "报废10套", "服务学生160人次"]
    assert told("arithmetic", facts, draft) == []


def test_what_goes_on_is_not_told_as_finished_under_a_long_name() -> None:
    facts = ["清水湾街道办事处机关党委正在推进市民驿站建设", "走访80户"]
    assert told("changed_qualifier", facts, "走访80户，市民驿站已全面建成。") == ["已全面建成"]
    assert told("changed_qualifier", facts, "走访80户，市民驿站建设正在推进。") == []
    own = [*facts, "市民驿站已全面建成一期"]
    assert told("changed_qualifier", own, "走访80户，市民驿站已全面建成一期。") == []


@pytest.mark.parametrize(
    ("facts", "draft"),
    [
        (
            ["正在实施农田改造工程", "完成800亩"],
            "正在实施农田改造工程。目前，农田改造已完成800亩。",
        ),
        (["正在推进文化馆建设", "文化馆9月开馆"], "正在推进建设。9月，文化馆正式开放。"),
        (["正在推进托育园建设", "完成招标"], "托育园建设已完成招标，正在推进。"),
    ],
)
def test_what_is_done_of_work_that_goes_on_passes(facts: list[str], draft: str) -> None:
    assert told("changed_qualifier", facts, draft) == []


def test_a_fault_that_two_rules_see_is_as_sure_as_the_surer_of_them() -> None:
    facts = ["乡党委正抓紧推进冷库建设项目", "走访80户"]
    found = errors(facts, "走访80户，冷库建设项目已竣工验收。")
    assert ("changed_qualifier", "error", "已") in found


def test_what_a_part_is_said_to_be_is_not_told_of_the_whole() -> None:
    facts = ["9个小组全部完成整改，其中4个被评为优秀小组"]
    assert told("dropped_fact", facts, "9个小组被评为优秀小组，其中4个进步明显，整改全部完成。")
    assert errors(facts, "9个小组全部完成整改，4个被评为优秀小组。") == []
    assert errors(facts, "9个小组争创优秀小组，全部完成整改，其中4个被评为优秀小组。") == []


def test_whom_something_was_done_to_does_not_do_it() -> None:
    facts = ["看望残疾党员14名"]
    assert told("dropped_fact", facts, "残疾党员14名开展看望活动。") == facts
    assert told("dropped_fact", facts, "残疾党员14名在看望过程中遇到困难。") == facts
    assert told("dropped_fact", facts, "残疾党员14名积极开展看望活动。") == facts
    assert told("dropped_fact", facts, "对残疾党员14名开展看望活动。") == []
    assert told("dropped_fact", facts, "支部走进14名残疾党员家中开展看望。") == []
    assert told("dropped_fact", facts, "支部与14名残疾党员开展看望交流。") == []
    assert told("dropped_fact", facts, "残疾党员14名在看望中反映遇到的难题。") == []
    assert told("dropped_fact", facts, "14名残疾党员得到看望，看望中遇到的难题当场解决。") == []


def test_a_platform_of_no_fact_is_told() -> None:
    facts = ["销售竹笋9吨"]
    assert told("untraced_name", facts, "竹笋上架竹海优鲜商城，销售竹笋9吨。") == ["竹海优鲜商城"]
    for kind in ("电商平台", "线上销售平台", "微信小程序", "农产品追溯系统"):
        assert told("untraced_name", facts, f"通过{kind}销售竹笋9吨。") == []


def test_a_blank_may_stand_without_brackets() -> None:
    facts = ["讲党课6次"]
    assert told("placeholder", facts, "讲党课6次。存在不足：待补充。")
    assert told("placeholder", facts, "讲党课6次，制度有待完善，2条线索待核实。") == []
    assert told("placeholder", facts, "讲党课6次，缺编2个岗位，待补充。") == []
    assert told("placeholder", facts, "讲党课6次，具体措施有待完善。") == []


def test_a_memory_is_no_task_of_the_year() -> None:
    facts = ["走访80户"]
    draft = "回望来路，全村在脱贫攻坚战中闯过难关，如今走访80户。"
    assert told("stale_phrase", facts, draft, 2024) == []
    assert told("stale_phrase", facts, "回首一年，坚决打赢脱贫攻坚战，走访80户。", 2024)
    goal = "走访80户，为如期实现第一个百年奋斗目标而奋斗。"
    assert told("stale_phrase", facts, goal, 2023)
    assert told("stale_phrase", facts, goal, 2019) == []


def test_days_over_two_months_are_counted() -> None:
    def counted(text: str) -> str:
        return counted_here(find_quantities(text)[-1], text)

    assert counted("4月29日至5月3日，历时5天")
    assert not counted("4月29日至5月3日，历时8天")
    assert counted("12月30日至1月3日，历时5天")
