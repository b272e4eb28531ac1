"""One-click fixes: only their span, whole sentences left behind, no fact lost."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.checks import run_checks
from drafter.fixes import Fix, apply_fix, fixes_of
from drafter.types import Draft, DraftSection, Finding, Sources
from tests.test_tracing import FACTS, SECTION


def draft_of(section: DraftSection) -> Draft:
    return Draft("述职报告", 2026, (section,))


def findings(section: DraftSection, check: str) -> list[Finding]:
    found = run_checks(draft_of(section), Sources(FACTS, (), 2026))
    return [finding for finding in found if finding.check == check]


def stranger(section: DraftSection, words: str, check: str = "untraced_number") -> Finding:
    start = section.text.index(words)
    span = (start, start + len(words))
    return Finding(check, "error", section.id, span, words, "没有出处", None)


def cut(text: str, words: str, fact_ids: tuple[str, ...] = ()) -> str | None:
    section = replace(SECTION, text=text, fact_ids=fact_ids)
    for fix in fixes_of(stranger(section, words), section, None, FACTS):
        if fix.kind == "cut":
            return apply_fix(text, fix)
    return None


@pytest.mark.parametrize(
    ("text", "words", "left"),
    [
        ("扎实推进，新增9999个，成效明显。", "9999个", "扎实推进，成效明显。"),
        ("扎实推进，新增9999个。后来如此。", "9999个", "扎实推进。后来如此。"),
        ("新增9999个，扎实推进。", "9999个", "扎实推进。"),
        ("一是新增9999个，扎实推进。", "9999个", "一是扎实推进。"),
        ("扎实推进。新增9999个。后来如此。", "9999个", "扎实推进。后来如此。"),
        ("扎实推进；新增9999个。", "9999个", "扎实推进。"),
        ("一是新增9999个。扎实推进。\n二是从严治党。", "9999个", "一是扎实推进。\n二是从严治党。"),
        ("扎实推进，新增9999个", "9999个", "扎实推进"),
    ],
)
def test_a_clause_is_taken_out_and_the_marks_still_fit(text: str, words: str, left: str) -> None:
    assert cut(text, words) == left


@pytest.mark.parametrize(
    "text",
    [
        "新增9999个。",  # nothing would be left
        "一是扎实推进。\n二是新增9999个。\n三是从严治党。",  # the numbering would have a hole
        "新增9999个：扎实推进。",  # what follows would hang in the air
        "主要做法：新增9999个。",
        "提出“扎实推进，新增9999个”的要求，抓好落实。",  # half a quotation
    ],
)
def test_no_cut_is_offered_where_something_would_dangle(text: str) -> None:
    assert cut(text, "9999个") is None


def test_no_cut_is_offered_where_a_fact_would_be_lost() -> None:
    text = "召开党组会研究党建工作12次新增9999个，扎实推进。"
    assert cut(text, "9999个", ("F1",)) is None
    assert cut("召开党组会研究党建工作12次，新增9999个。", "9999个", ("F1",)) is not None


def test_other_words_change_their_span_only() -> None:
    section = replace(SECTION, text="全年召开党组会研究党建工作21次，形成共识。", fact_ids=("F1",))
    (finding,) = findings(section, "untraced_number")
    assert finding.suggestion == "12次"
    fixes = fixes_of(finding, section, FACTS[0], FACTS)
    assert fixes[0].label == "改为“12次”"
    assert apply_fix(section.text, fixes[0]) == "全年召开党组会研究党建工作12次，形成共识。"


@pytest.mark.parametrize("end", ["", "。", "，", "\n", "。\n\n", "；"])
def test_own_words_are_a_sentence_of_their_own_and_the_finding_is_gone(end: str) -> None:
    section = replace(SECTION, text=f"一是抓实责任{end}", fact_ids=("F3",))
    (finding,) = findings(section, "dropped_fact")
    (tell,) = [f for f in fixes_of(finding, section, FACTS[2], FACTS) if f.kind == "tell"]
    after = apply_fix(section.text, tell)
    assert after.startswith("一是抓实责任")
    assert after.endswith(("。" if end != "；" else "；") + FACTS[2].text + "。")
    assert findings(replace(section, text=after), "dropped_fact") == []


def test_a_sentence_that_tells_one_fact_badly_can_take_its_own_words() -> None:
    text = "一是抓实责任，多次召开党组会研究党建工作。二是扎实推进。"
    section = replace(SECTION, text=text, fact_ids=("F1",))
    (finding,) = findings(section, "dropped_fact")
    kinds = {fix.kind: fix for fix in fixes_of(finding, section, FACTS[0], FACTS)}
    after = apply_fix(text, kinds["reword"])
    assert after == "一是召开党组会研究党建工作12次。二是扎实推进。"
    assert findings(replace(section, text=after), "dropped_fact") == []


def test_a_sentence_of_two_facts_is_not_reworded() -> None:
    text = "多次召开党组会研究党建工作，召开党组会研究意识形态工作4次。"
    section = replace(SECTION, text=text, fact_ids=("F1", "F2"))
    (finding,) = [f for f in findings(section, "dropped_fact") if f.text == FACTS[0].text]
    assert [fix.kind for fix in fixes_of(finding, section, FACTS[0], FACTS)] == ["tell"]


CLAUSES = ["一是", "二是", "扎实推进", "新增9999个", "召开党组会研究党建工作12次", "形成“好经验”"]
MARKS = ["，", "。", "；", "、", "：", "\n", ""]


@given(
    st.lists(st.tuples(st.sampled_from(CLAUSES), st.sampled_from(MARKS)), min_size=1, max_size=10),
    st.sampled_from(["untraced_number", "exemplar_leak"]),
)
def test_whatever_the_text_a_fix_touches_its_span_and_keeps_the_facts(
    pieces: list[tuple[str, str]], check: str
) -> None:
    text = "".join(word + mark for word, mark in pieces)
    section = replace(SECTION, text=text, fact_ids=("F1",))
    if "9999" not in text:
        return
    finding = stranger(section, "9999个", check)
    for fix in fixes_of(finding, section, None, FACTS):
        after = apply_fix(text, fix)
        assert after.startswith(text[: fix.start])
        assert after.endswith(text[fix.end :])
        assert after.strip()
        assert after.count("9999") < text.count("9999")
        assert ("12次" in after) == ("12次" in text)
        assert after[:1] not in "，。；：、"


def test_a_span_that_no_longer_fits_has_no_fix() -> None:
    finding = Finding("untraced_number", "error", "S3", (5, 900), "x", "", "12次")
    assert fixes_of(finding, SECTION, None, FACTS) == ()
    assert apply_fix("甲乙丙", Fix("replace", "", 1, 2, "丁")) == "甲丁丙"
