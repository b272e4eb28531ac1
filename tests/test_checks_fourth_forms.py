"""Names brought in, wording said again in other clothes, copied runs: classes of faults and what
looks like them and is none. Examples are our own."""

import pytest

from tests.checks_cases import findings


def told(check: str, text: str, *facts: str, exemplars: tuple[str, ...] = ()) -> list[str]:
    found = findings(text, facts, 2024, exemplars)
    return [f.text for f in found if f.check == check and f.severity != "advice"]


@pytest.mark.parametrize(
    ("fact", "text", "name"),
    [
        ("义诊6场", "对接市中医院专家，开展义诊6场。", "市中医院"),
        ("修路3公里", "争取县交通运输局支持，修路3公里。", "县交通运输局"),
        ("办夜校12期", "邀请党校教授授课，办夜校12期。", "党校"),
        ("贷款120万元", "协调农商行发放贷款120万元。", "农商行"),
        ("党员周建华捐书60册", "党员周建国捐书60册。", "周建国"),
        ("孙志强获评优秀", "李志强获评优秀，大家都服气。", "李志强"),
        ("林小燕带徒弟5名", "林晓燕带徒弟5名。", "林晓燕"),
        ("村民赵福林种花椒30亩", "村支书赵福林种花椒30亩。", "村支书"),
        (
            "学纪律处分条例、支部工作条例",
            "学习《中国共产党纪律处分条例》《中国共产党支部工作条例（试行）》《中国共产党问责条例》。",
            "《中国共产党问责条例》",
        ),
    ],
)
def test_a_name_brought_in_is_found(fact: str, text: str, name: str) -> None:
    assert told("untraced_name", text, fact) == [name]


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        ("流转荒地260亩", "与周边村建立联系，主动对接有关部门，流转荒地260亩。"),
        ("与省农业科学院合作", "与省农科院合作，把论文写在田间。"),
        ("区市场监管局共建", "与区市场监督管理局开展共建。"),
        ("县医院义诊6场", "联合县人民医院开展义诊6场。"),
        ("学党章、准则等", "学习《中国共产党章程》《中国共产党问责条例》。"),
        ("老党员秦玉山调解14起", "老党员秦玉山同志调解14起，秦玉山老人常说和为贵。"),
        ("账目公示8期", "账目公示8期，钱花在哪，群众心里都明白。"),
    ],
)
def test_the_same_body_and_plain_words_are_no_new_name(fact: str, text: str) -> None:
    assert told("untraced_name", text, fact) == []


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        ("发放宣传册800份", "发放宣传册800份，将宣传册发放800份。"),
        ("举办培训班5期", "机关党委举办培训班5期，开办培训班5期。"),
        ("植树500株", "组织党员植树500株，让党员植树500株。"),
        ("攻关项目9个", "支部让职工办事更方便，使职工办事更方便，攻关项目9个。"),
        ("帮扶三类人", "重点帮扶残疾人、孤寡老人、留守儿童、残疾人，做到不漏一户。"),
        ("查隐患21处", "全体党员抓安全、抓安全、抓安全，查隐患21处。"),
        ("学习12次", "全年学习12次，扎实扎实推进学习教育。"),
        ("宣讲38场", "一是强化思想引领，宣讲38场；二是强化思想引领，录短视频。"),
    ],
)
def test_the_same_in_other_clothes_is_found(fact: str, text: str) -> None:
    assert told("repetition", text, fact)


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        ("排查隐患42处，整改42处", "全面排查隐患42处，整改隐患42处，做到问题不过夜。"),
        ("收集意见72条", "收集意见72条，72条意见逐条认领、逐条销号。"),
        ("评选先锋岗3个", "落实、落实、再落实，评选先锋岗3个。"),
        ("一支部慰问20户，二支部慰问20户", "一支部慰问20户，二支部慰问20户，应访尽访。"),
        ("组织活动12次", "基层党组织组织活动12次，党员参与的热情的的确确高了。"),
        ("王某某、李某某获评优秀", "王某某、李某某、王某某等同志获评优秀。"),
    ],
)
def test_what_only_looks_alike_is_left_alone(fact: str, text: str) -> None:
    assert told("repetition", text, fact) == []


def test_a_second_heading_like_the_first_is_found_under_one_parent_only() -> None:
    again = "（一）讲好红色故事\n宣讲38场。\n（二）讲好红色故事\n录短视频21条。"
    assert told("repetition", again, "宣讲38场", "录短视频21条")
    apart = "一、做法\n（一）抓好理论学习\n宣讲38场。\n二、打算\n（一）抓好理论学习\n录短视频21条。"
    assert told("repetition", apart, "宣讲38场", "录短视频21条") == []


@pytest.mark.parametrize(
    "text",
    [
        "统筹推进“五位一体”战略布局。",
        "协调推进“四个全面”总体布局。",
        "坚决捍卫“两个维护”。",
        "全面、准确、完整贯彻新发展理念。",
        "坚持全心全意为人民服务的基本宗旨。",
        "推动全面从严治党向基层发展、向纵深延伸。",
    ],
)
def test_halves_of_two_terms_exchanged_are_found(text: str) -> None:
    assert told("term_form", text, "学习8次")


def test_common_wording_shared_with_an_exemplar_is_no_error() -> None:
    lead = "在肯定成绩的同时，也清醒看到存在的不足，主要表现在以下几个方面：一是"
    exemplar, text = lead + "把晒谷场当成大课堂的办法还不多。", lead + "专职少。"
    assert told("exemplar_leak", text, "问题：专职少", exemplars=(exemplar,)) == []
    copied = "一是把晒谷场当成大课堂的办法还不多。"
    found = findings(copied, ("问题：办法少",), 2024, (exemplar,))
    assert [f.severity for f in found if f.check == "exemplar_leak"] == ["error"]


def test_a_short_peculiar_run_of_an_exemplar_is_a_warning() -> None:
    exemplar = "几位老师傅围着炉火掰玉米，把道理讲进了乡亲心窝。"
    found = findings("宣讲队围着炉火掰玉米，宣讲9场。", ("宣讲9场",), 2024, (exemplar,))
    assert [f.severity for f in found if f.check == "exemplar_leak"] == ["warning"]
