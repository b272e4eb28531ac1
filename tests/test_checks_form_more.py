"""The form of a draft, further: steps in words, empty items, words doubled, names taken over."""

import pytest

from drafter.checking import read_case
from drafter.checks import CHECKS


def found(
    check: str, draft: str, facts: tuple[str, ...] = (), exemplars: tuple[str, ...] = ()
) -> list[tuple[str, str]]:
    case = {"year": 2025, "facts": list(facts), "draft": draft, "exemplars": list(exemplars)}
    return [(one.severity, one.text) for one in CHECKS[check](*read_case(case))]


@pytest.mark.parametrize(
    ("draft", "wrong"),
    [
        ("首先是读原著；最后是写心得；其次是勤交流。", ("error", "其次")),
        ("首先，讲清道理；再次，改好作风。", ("error", "再次")),
        ("首先，讲清道理；其次，办好实事；其次，改好作风。", ("warning", "其次")),
        ("一是抓学习；二是；三是抓服务。", ("error", "二是")),
        ("其一，；其二，办好实事。", ("error", "其一，")),
        ("（一）；（二）办好实事。", ("error", "（一）")),
    ],
)
def test_steps_out_of_order_and_items_left_empty_are_found(
    draft: str, wrong: tuple[str, str]
) -> None:
    assert found("structure", draft) == [wrong]


@pytest.mark.parametrize(
    "draft",
    [
        "首先抓学习，其次抓服务，再次，抓作风，最后抓考核。",
        "其次是服务不够，再次是学习不深。",
        "支部再次获评先进，最后评为五星，首先要归功于党员。",
        "全区考核排名公布，第二是城东，第三是城西。",
        "党委第一是抓学习，第二是抓服务。",
        "账目一是一、二是二。",
        "首先，一是抓学习；二是抓服务。",
    ],
)
def test_adverbs_and_places_in_a_ranking_are_no_list(draft: str) -> None:
    assert found("structure", draft) == []


@pytest.mark.parametrize(
    ("draft", "again"),
    [
        ("支部派出骨干力量，派出骨干力量，开展帮扶。", ("warning", "派出骨干力量")),
        ("听民声、解民忧、听民声、解民忧，走访群众。", ("error", "听民声、解民忧")),
        ("认真学习研究认真学习研究文件。", ("error", "认真学习研究")),
        ("进一步进一步改进作风。", ("warning", "进一步")),
        ("组织警示教育，组织警示教育4次。", ("warning", "组织警示教育4次")),
    ],
)
def test_words_that_stand_again_at_once_are_found(draft: str, again: tuple[str, str]) -> None:
    assert found("repetition", draft) == [again]


def test_a_slogan_for_the_third_time_in_a_passage_is_advised_against() -> None:
    draft = "学习中做到真抓实干善作善成，服务中做到真抓实干善作善成。"
    assert found("repetition", draft) == []
    third = "党员们真抓实干善作善成。"
    assert found("repetition", draft + third) == [("warning", "真抓实干善作善成")]
    assert found("repetition", draft + third, ("要求真抓实干善作善成",)) == []


@pytest.mark.parametrize(
    "draft",
    [
        "一个问题一个问题地议，一户一户地走。",
        "该教什么教什么。",
        "干、干、干。",
        "分别走访12户、12户。",
        "比干劲、比作风。",
    ],
)
def test_a_manner_of_speaking_is_no_repetition(draft: str) -> None:
    assert found("repetition", draft) == []


def test_small_letters_and_whole_notes_in_brackets_are_blanks() -> None:
    assert found("placeholder", "慰问老党员y名。") == [("error", "y")]
    assert found("placeholder", "走访群众。（待补充：成效、照片）") == [
        ("error", "（待补充：成效、照片）")
    ]
    assert found("placeholder", "推行e支部、i党课，（待业人员3名就业）。") == []


def test_a_number_or_a_name_left_out_is_a_blank() -> None:
    assert found("placeholder", "办结率达%，获评“”支部。") == [("error", "%"), ("error", "“”")]
    assert found("placeholder", "党员人数：。") == [("error", "：")]
    assert found("placeholder", "办结率达98%，推行“红色管家”“金牌调解”。") == []


def test_a_text_made_nameless_by_its_facts_is_left_alone() -> None:
    draft = "某某局机关党支部走访6户。"
    assert found("placeholder", draft, ("某某局机关党支部走访6户",)) == []
    assert found("placeholder", draft, ("走访6户",)) == [("warning", "某某")]


def test_a_place_that_only_the_exemplar_has_is_told() -> None:
    exemplar = "党员来到石榴岗战斗旧址，听老人讲往事。"
    leaked = found("exemplar_leak", "赴石榴岗战斗旧址学习6次。", ("现场学习6次",), (exemplar,))
    assert [severity for severity, _ in leaked] == ["error"]
    assert (
        found(
            "exemplar_leak", "赴石榴岗战斗旧址学习6次。", ("赴石榴岗战斗旧址学习6次",), (exemplar,)
        )
        == []
    )
