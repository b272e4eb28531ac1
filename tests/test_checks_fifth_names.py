"""Names: customary short forms, bodies said to order or praise, places and people one step away."""

import pytest

from drafter.checking import check_case
from drafter.short_forms import is_named, is_same_body, restated


def findings(facts: list[str], draft: str) -> list[tuple[str, str, str]]:
    found = check_case({"id": "1", "year": 2026, "facts": facts, "draft": draft})
    return [(one["check"], one["severity"], one["text"]) for one in found]


def told(check: str, facts: list[str], draft: str) -> list[str]:
    return [text for name, _, text in findings(facts, draft) if name == check]


@pytest.mark.parametrize(
    ("full", "short"),
    [
        ("县教育体育局", "县教体局"),
        ("市疾病预防控制中心", "市疾控中心"),
        ("区第五中学", "区五中"),
        ("市消防救援支队", "市消防支队"),
        ("县社会福利院", "县福利院"),
        ("省归国华侨联合会", "省侨联"),
    ],
)
def test_a_short_form_is_the_same_name_and_keeps_the_fact(full: str, short: str) -> None:
    for own, other in ((full, short), (short, full)):
        facts = [f"与{own}联合举办讲座2场", "听众60人"]
        draft = f"机关党委与{other}联合举办讲座2场，60人到场听讲。"
        assert [one for one in findings(facts, draft) if one[1] == "error"] == []


@pytest.mark.parametrize(
    ("own", "other"),
    [
        ("市第四人民医院", "市第五人民医院"),
        ("市第四人民医院", "县四院"),
        ("县教育体育局", "县民政局"),
        ("区第一幼儿园", "区二幼"),
    ],
)
def test_another_body_is_not_a_short_form(own: str, other: str) -> None:
    assert not is_same_body(own, other)
    facts = [f"与{own}党支部联学3次"]
    assert told("untraced_name", facts, f"机关党支部与{other}党支部联学3次。")


def test_a_body_inside_its_place_is_named_without_it() -> None:
    assert is_named("临江市第一人民医院", "市一院派出医生")
    assert restated("请县退役军人事务局讲课", "县退役军人局讲课").startswith("请县退役军人局")


@pytest.mark.parametrize(
    ("words", "body"),
    [
        ("按照县委统战部的部署，", "县委统战部"),
        ("经市财政局审核同意，", "市财政局"),
        ("在省林科院专家指导下，", "省林科院"),
        ("接受区审计局检查，", "区审计局"),
    ],
)
def test_a_body_that_orders_or_checks_needs_a_fact(words: str, body: str) -> None:
    facts, draft = ["清查账目14本", "整改问题5个"], "党支部清查账目14本，整改问题5个。"
    assert any(body in text for text in told("untraced_name", facts, words + draft))
    assert told("untraced_name", [*facts, f"{body}参与"], words + draft) == []


@pytest.mark.parametrize(
    "words", ["在县委的坚强领导下，", "按照上级部署，", "应居民要求，", "经党员大会表决，"]
)
def test_those_above_in_general_need_none(words: str) -> None:
    draft = f"{words}党支部清查账目14本，整改问题5个。"
    assert told("untraced_name", ["清查账目14本", "整改问题5个"], draft) == []


@pytest.mark.parametrize(
    ("own", "other"),
    [
        ("青桐村", "青檀村"),
        ("南塘镇", "南湖镇"),
        ("锦绣社区", "锦程社区"),
        ("竹溪街道", "竹园街道"),
    ],
)
def test_a_place_with_a_letter_changed_is_found(own: str, other: str) -> None:
    assert told("untraced_name", [f"到{own}修路3公里"], f"党员到{other}修路3公里。") == [other]


@pytest.mark.parametrize("words", ["该村", "美丽乡村", "偏远山村", "示范社区", "各村各社区"])
def test_places_in_general_are_no_names(words: str) -> None:
    facts = ["青桐村修路3公里", "锦绣社区添置路灯9盏"]
    draft = f"青桐村修路3公里，锦绣社区添置路灯9盏，{words}面貌一新。"
    assert told("untraced_name", facts, draft) == []


@pytest.mark.parametrize(
    "who", ["退休工人贾令辰", "老党员殷致和", "农技员柯一苇", "网格员小邱", "律师邵衡"]
)
def test_a_person_brought_in_by_a_role_is_found(who: str) -> None:
    facts = ["上门服务24次"]
    assert told("untraced_name", facts, f"{who}主动报名，上门服务24次。")
    assert told("untraced_name", [f"{who}上门服务24次"], f"{who}主动报名，上门服务24次。") == []


@pytest.mark.parametrize(
    "who", ["退休工人带头", "老党员严于律己", "村民代表轮流", "律师周末", "干部万众一心"]
)
def test_what_people_do_is_no_name(who: str) -> None:
    assert told("untraced_name", ["上门服务24次"], f"{who}，上门服务24次。") == []


def test_a_name_of_two_letters_changed_is_found() -> None:
    assert told("untraced_name", ["郑涛捐款900元"], "郑滔捐款900元。") == ["郑滔"]


def test_a_rule_without_brackets_added_to_a_list_is_found() -> None:
    facts = ["学习党章、准则4次"]
    assert told("untraced_name", facts, "学习党章、准则和问责条例4次。") == ["问责条例"]
    assert told("untraced_name", ["学习党规4次"], "学习党章、问责条例4次。") == []


def test_a_title_may_be_told_without_its_beginning() -> None:
    facts = ["研读《中国共产党支部工作条例（试行）》5次"]
    assert findings(facts, "党支部研读支部工作条例5次。") == []


@pytest.mark.parametrize(
    ("draft", "wrong"),
    [
        (
            "牢记“三个务必”，务必不忘初心、牢记使命，务必谦虚谨慎、艰苦奋斗，"
            "务必锐意改革、开拓进取。",
            "务必锐意改革、开拓进取",
        ),
        ("坚持学党史、悟思想、办实事、谋发展。", "谋发展"),
    ],
)
def test_the_last_member_of_a_set_is_found_whole(draft: str, wrong: str) -> None:
    assert any(wrong in text for text in told("term_form", ["研讨2次"], "研讨2次，" + draft))
