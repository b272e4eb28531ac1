"""One sentence of a candidate taken into the text, and what a wish asks for. Pure."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafter.anchors import missing_anchors
from drafter.errors import InputError
from drafter.facts import read_facts
from drafter.picking import pick
from drafter.tracing import trace
from drafter.types import DraftSection
from drafter.wishes import presets, read_wish
from tests.test_candidates import PASTE

FACTS = read_facts(PASTE).facts


def home_of(text: str) -> DraftSection:
    return DraftSection("S1", "履职", 2, "成效", text, tuple(f.id for f in FACTS), (), False)


NOW = "一是召开党组会研究党建工作12次。二是发展党员5名，其中一线职工3名。"


def test_a_picked_sentence_takes_the_place_of_the_one_that_tells_the_same() -> None:
    other = "一是党组会研究党建工作12次，层层抓。二是其他。"
    picked = pick(home_of(NOW), other, 0, FACTS)
    assert picked.replaced
    assert picked.text == NOW.replace(
        "召开党组会研究党建工作12次", "党组会研究党建工作12次，层层抓"
    )
    assert picked.lost == ()


def test_a_picked_sentence_that_tells_something_new_goes_where_it_belongs() -> None:
    other = "一是甲。二是与党支部签订责任书8份。三是走访慰问困难党员46人次。"
    middle = pick(home_of(NOW), other, 1, FACTS).text
    assert middle == (
        "一是召开党组会研究党建工作12次。二是与党支部签订责任书8份。"
        "三是发展党员5名，其中一线职工3名。"
    )
    assert pick(home_of(middle), other, 2, FACTS).text == middle + "四是走访慰问困难党员46人次。"
    assert pick(home_of(""), other, 1, FACTS).text == "与党支部签订责任书8份。"


def test_picking_pushes_out_no_other_fact_and_no_locked_sentence() -> None:
    both = "召开党组会研究党建工作12次，与党支部签订责任书8份。"
    with pytest.raises(InputError, match="F2"):
        pick(home_of(both), "党组会研究党建工作12次。", 0, FACTS)
    with pytest.raises(InputError, match="锁定"):
        pick(home_of(NOW), "党组会研究党建工作12次。", 0, FACTS, ["召开党组会研究党建工作12次。"])
    with pytest.raises(InputError, match="已经有"):
        pick(home_of(NOW), "召开党组会研究党建工作12次。", 0, FACTS)
    said = pick(home_of(NOW), "发展党员5名。", 0, FACTS)
    assert said.lost == ("一线", "3名") or "3名" in said.lost


@pytest.mark.parametrize(
    ("words", "target"),
    [
        ("压缩到200字", 200),
        ("控制在三百字以内", 300),
        ("再精练些，不超过150字", 150),
        ("更精练", 160),
        ("更具体", None),
        ("写明培训30次", None),
        ("压到五字", None),
    ],
)
def test_a_length_is_read_from_a_wish(words: str, target: int | None) -> None:
    assert read_wish(words, FACTS, 200).target == target


def test_an_instruction_is_data() -> None:
    assert read_wish("写明培训30次", FACTS, 200).strange == ("30次",)
    assert "青山镇" in read_wish("提到青山镇", FACTS, 200).strange
    assert read_wish("压缩到200字，突出第2条", FACTS, 200).strange == ()
    assert read_wish("突出发展党员5名", FACTS, 200).strange == ()


def test_a_wish_says_which_fact_comes_first() -> None:
    assert read_wish("突出第一条", FACTS, 200).first == "F1"
    assert read_wish("突出F3", FACTS, 200).first == "F3"
    assert read_wish("重点写走访慰问", FACTS, 200).first == "F4"
    assert read_wish("突出特点", FACTS, 200) == read_wish("突出特点", (), 200)


def test_every_preset_means_something_by_rule() -> None:
    for wish in presets():
        read = read_wish(wish, FACTS, 200)
        assert read.target or read.first or read.finer or read.freer
        assert not read.strange


SENTENCES = st.sampled_from(
    [
        "召开党组会研究党建工作12次",
        "党组会研究党建工作12次，与党支部签订责任书8份",
        "签订责任书8份",
        "发展党员5名，其中一线职工3名",
        "发展党员5名",
        "走访慰问困难党员46人次",
        "压实责任",
    ]
)
ROWS = st.lists(st.tuples(st.sampled_from(["", "一是", "二是"]), SENTENCES), max_size=5)


def joined(rows: list[tuple[str, str]], mark: str) -> str:
    return "".join(opener + words + mark for opener, words in rows)


@settings(max_examples=150, deadline=None)
@given(ROWS, ROWS.filter(bool), st.integers(0, 4), st.sampled_from(["。", "；", "。\n"]))
def test_picking_loses_nothing_of_other_facts(
    mine: list[tuple[str, str]], theirs: list[tuple[str, str]], at: int, mark: str
) -> None:
    section, other = home_of(joined(mine, mark)), joined(theirs, "。")
    at = min(at, len(theirs) - 1)
    try:
        picked = pick(section, other, at, FACTS)
    except InputError:
        return
    assert theirs[at][1] in picked.text
    wanted = trace(replace(section, text=other), FACTS)[at].fact_ids
    for fact in FACTS:
        lost = set(missing_anchors(fact, picked.text)) - set(missing_anchors(fact, section.text))
        assert not lost or fact.id in wanted
        assert {anchor.text for anchor in lost} <= set(picked.lost)
