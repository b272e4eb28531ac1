"""Which sentence rests on which facts: on hand-written sections, and as properties."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from drafter.anchors import find_anchors
from drafter.tracing import closest_fact, told_in, trace
from drafter.types import DraftSection, Fact


def fact(number: int, text: str) -> Fact:
    return Fact(f"F{number}", text, find_anchors(text), None, None)


FACTS = (
    fact(1, "召开党组会研究党建工作12次"),
    fact(2, "召开党组会研究意识形态工作4次"),
    fact(3, "8个党支部全部完成标准化建设验收"),
    fact(4, "组织党员干部巡河1860人次，发现并整改河道问题143个"),
    fact(5, "推行党员先锋岗制度"),
)
SECTION = DraftSection(
    "S3",
    "压实责任",
    2,
    "成效",
    "一是抓实责任，全年召开党组会研究党建工作12次，召开党组会研究意识形态工作4次。"
    "二是夯实堡垒，8个党支部全部完成标准化建设验收。\n三是大力弘扬优良作风。",
    ("F1", "F2", "F3"),
    (),
    False,
)


def told(section: DraftSection) -> list[tuple[str, ...]]:
    return [sentence.fact_ids for sentence in trace(section, FACTS)]


def test_a_sentence_knows_its_facts_and_a_claim_has_none() -> None:
    assert told(SECTION) == [("F1", "F2"), ("F3",), ()]


def test_facts_worded_alike_are_told_apart_by_their_numbers() -> None:
    text = "召开党组会研究党建工作12次。召开党组会研究意识形态工作4次。"
    assert told(replace(SECTION, text=text)) == [("F1",), ("F2",)]


def test_a_fact_told_in_two_sentences_has_both() -> None:
    text = "组织党员干部巡河1860人次。发现并整改河道问题143个。其他工作有序推进。"
    section = replace(SECTION, text=text, fact_ids=("F4",))
    places = told_in(trace(section, FACTS))["F4"]
    assert [text[s.start : s.end] for s in places] == [
        "组织党员干部巡河1860人次。",
        "发现并整改河道问题143个。",
    ]


def test_a_fact_told_with_a_wrong_number_still_has_its_sentence() -> None:
    """The closest sentence of the fact's own section: that is where to look for the fault."""
    section = replace(SECTION, text="8个党支部有5个完成标准化建设。", fact_ids=("F3",))
    assert told(section) == [("F3",)]


def test_a_fact_without_numbers_is_traced_by_its_wording() -> None:
    section = replace(SECTION, text="推行党员先锋岗制度，亮身份、树形象。", fact_ids=("F5",))
    assert told(section) == [("F5",)]


def test_a_fact_of_another_section_counts_only_when_nearly_all_of_it_is_told() -> None:
    assert told(replace(SECTION, fact_ids=("F1", "F2")))[1] == ("F3",)
    other = replace(SECTION, text="8个党支部开展主题党日。", fact_ids=())
    assert "F3" not in told(other)[0]


def test_the_closest_fact_of_a_stranger_comes_from_its_own_section_first() -> None:
    text = "组织党员干部巡河，新增9999个问题。"
    section = replace(SECTION, text=text, fact_ids=("F4",))
    near = closest_fact(section, (text.index("9999"), text.index("9999") + 5), FACTS)
    assert near is not None
    assert near.id == "F4"
    assert closest_fact(replace(SECTION, text="天气晴好。"), (0, 4), FACTS) is None


PIECES = [f.text + "。" for f in FACTS] + ["大力弘扬优良作风。", "\n", "一是", "，", "12次"]


@given(st.lists(st.sampled_from(PIECES), max_size=8), st.sets(st.sampled_from("12345")))
def test_sentences_are_in_order_inside_the_text_and_name_known_facts(
    pieces: list[str], own: set[str]
) -> None:
    section = replace(SECTION, text="".join(pieces), fact_ids=tuple(sorted(f"F{n}" for n in own)))
    sentences = trace(section, FACTS)
    position = 0
    for sentence in sentences:
        assert position <= sentence.start < sentence.end <= len(section.text)
        position = sentence.end
        assert set(sentence.fact_ids) <= {f.id for f in FACTS}
        assert len(set(sentence.fact_ids)) == len(sentence.fact_ids)
    skipped = section.text
    for sentence in reversed(sentences):
        skipped = skipped[: sentence.start] + skipped[sentence.end :]
    assert not any(char.isalnum() for char in skipped)
    for told_fact in FACTS:
        # Own words of a fact of this section are always found.
        if told_fact.id in section.fact_ids and told_fact.text + "。" in pieces:
            assert told_fact.id in told_in(sentences)
