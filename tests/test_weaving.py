"""A section written around what stays: every kept sentence there, in place, byte for byte."""

from hypothesis import given, settings
from hypothesis import strategies as st

from drafter.errors import InputError
from drafter.facts import read_facts
from drafter.rewriting import Order, plan_rewriting
from drafter.sentences import bare_at, bare_sentences, numeral, point_of, present, renumbered
from drafter.tracing import trace
from drafter.types import DraftSection, Fact
from drafter.weaving import Weave, emphasise, plan_weave

FACTS = read_facts(
    "1. 召开党组会研究党建工作12次\n2. 签订责任书8份\n3. 发展党员5名\n4. 慰问困难党员46人次\n"
).facts
MEETING, PLEDGE, MEMBERS, VISITS = (
    "召开党组会研究党建工作12次。",
    "与支部签订责任书8份。",
    "全年发展党员5名。",
    "走访慰问困难党员46人次。",
)
COUNTED = f"一是{MEETING}二是{PLEDGE}三是{MEMBERS}四是{VISITS}"


def section(text: str, facts: tuple[Fact, ...] = FACTS) -> DraftSection:
    return DraftSection("S1", "履职", 2, "成效", text, tuple(f.id for f in facts), (), False)


def weave(text: str, *locked: str, facts: tuple[Fact, ...] = FACTS) -> Weave:
    return plan_weave(text, trace(section(text, facts), facts), locked, facts)


def own_words(plan: Weave) -> dict[int, str]:
    """Return texts for the gaps as the writer gives them: counted from two points on."""
    known = {fact.id: fact.text for fact in FACTS}
    texts = {}
    for place, gap in enumerate(plan.gaps):
        points = [known[fact] + "。" for fact in gap]
        if plan.ordinals and len(points) > 1:
            points = [f"{numeral(n)}是{point}" for n, point in enumerate(points, start=1)]
        if points:
            texts[place] = "".join(points)
    return texts


def test_only_what_the_locked_sentence_does_not_tell_is_written_and_around_it() -> None:
    plan = weave(COUNTED, PLEDGE)
    assert plan.told == ("F2",)
    assert plan.gaps == (("F1",), ("F3", "F4"))
    assert plan.compose(own_words(plan)) == (
        "一是召开党组会研究党建工作12次。二是与支部签订责任书8份。"
        "三是发展党员5名。四是慰问困难党员46人次。"
    )


def test_ordinals_are_set_anew_and_the_locked_words_are_not_touched() -> None:
    plan = weave(COUNTED, VISITS)
    texts = {0: "一是甲。二是乙。"}  # three facts told in two points now
    assert plan.compose(texts) == f"一是甲。二是乙。三是{VISITS}"
    assert weave(COUNTED, MEETING).compose({1: "乙。"}) == f"一是{MEETING}二是乙。"


def test_locks_at_the_start_in_the_middle_and_at_the_end_stay_there() -> None:
    plan = weave(COUNTED, MEETING, VISITS)
    assert plan.gaps == ((), ("F2", "F3"), ())
    woven = plan.compose({1: "一是新甲。二是新乙。"})
    assert woven == f"一是{MEETING}二是新甲。三是新乙。四是{VISITS}"


def test_form_follows_what_is_locked_where_nothing_is_counted() -> None:
    text = MEETING + PLEDGE + MEMBERS
    plan = weave(text, PLEDGE, facts=FACTS[:3])
    assert not plan.ordinals
    assert plan.compose({0: "甲。", 1: "乙。"}) == f"甲。{PLEDGE}乙。"


def test_line_breaks_and_the_form_of_the_ordinals_stay() -> None:
    text = f"第一，{MEETING}\n第二，{PLEDGE}\n第三，{MEMBERS}\n"
    plan = weave(text, PLEDGE, facts=FACTS[:3])
    assert plan.compose({0: "甲。", 1: "乙。"}) == f"第一，甲。\n第二，{PLEDGE}\n第三，乙。"


def test_the_label_before_a_locked_sentence_stays_with_it() -> None:
    text = f"一是压实工作责任。{MEETING}二是抓实关键环节。{PLEDGE}"
    plan = weave(text, PLEDGE, facts=FACTS[:2])
    assert plan.compose({0: "甲。"}) == f"一是甲。二是抓实关键环节。{PLEDGE}"


def test_a_sentence_that_completes_a_half_told_fact_stays_too() -> None:
    facts = read_facts("1. 召开党组会12次，其中专题研究4次\n2. 签订责任书8份").facts
    text = "一是召开党组会12次。党组会其中专题研究4次。二是签订责任书8份。"
    plan = plan_weave(text, trace(section(text, facts), facts), ["召开党组会12次。"], facts)
    assert [kept.text for kept in plan.kept] == ["召开党组会12次。", "党组会其中专题研究4次。"]
    assert plan.facts == ("F2",)


def test_a_fact_new_to_the_section_goes_where_its_neighbours_are() -> None:
    text = f"一是{MEETING}二是{MEMBERS}"
    assert weave(text, MEMBERS).gaps == (("F1", "F2"), ("F4",))
    assert weave("一句不写要点的话。", "一句不写要点的话。").gaps == ((), ("F1", "F2", "F3", "F4"))


def test_one_fact_can_be_put_first() -> None:
    whole = Weave((), (("F1", "F2", "F3"),), (), ordinals=True)
    assert emphasise(whole, "F3").gaps == (("F3",), ("F1", "F2"))
    assert emphasise(whole, "F3").compose({0: "丙。", 1: "一是甲。二是乙。"}) == (
        "一是丙。二是甲。三是乙。"
    )
    assert emphasise(weave(COUNTED, MEETING), "F4").gaps == (("F4",), ("F2", "F3"))


def test_a_point_is_what_lies_between_two_openers() -> None:
    text = f"开头。一是压实责任。{MEETING}二是{PLEDGE}"
    sentences = trace(section(text), FACTS)
    start, end = point_of(text, 2, sentences)
    assert text[start:end] == f"压实责任。{MEETING}"
    plain = f"压实责任。{MEETING}{PLEDGE}"
    start, end = point_of(plain, 1, trace(section(plain), FACTS))
    assert plain[start:end] == f"压实责任。{MEETING}"


def test_a_point_alone_is_written_and_everything_else_stays_as_it_is() -> None:
    rows = [words.replace("。", "；") for words in (MEETING, PLEDGE)]
    text = f"引语　有空格。\n一是{rows[0]}二是{rows[1]}三是 {MEMBERS}\n\n"
    job = plan_rewriting(section(text), FACTS, (), Order("candidate", 1, at=2))
    assert job.weave.facts == ("F2",)
    woven = job.weave.compose({0: "新写的一点。"})
    assert woven == text.replace("与支部签订责任书8份；", "新写的一点；")


def test_a_locked_sentence_in_the_point_stays() -> None:
    text = f"一是{MEETING}{PLEDGE}二是{MEMBERS}"
    job = plan_rewriting(section(text), FACTS, (PLEDGE,), Order("candidate", 1, at=0))
    assert job.weave.compose({0: "新的。"}) == f"一是新的。{PLEDGE}二是{MEMBERS}"


def test_renumbering_touches_ordinals_alone() -> None:
    assert renumbered("一是甲，有三是二。三是乙。五是丙。") == "一是甲，有三是二。二是乙。三是丙。"


WORDS = st.text(alphabet="甲乙丙召开党组会12次名是要一二，、“”（）《》 　5", max_size=14)
MARKS = st.sampled_from(["。", "；", "！", "。”", "\n", "", "。\n", "。\n\n　　"])
WORDS |= st.sampled_from([fact.text for fact in FACTS])
OPENERS = st.sampled_from(["", "", "一是", "二是", "三是", "第一，", "（二）", "十二是", "一要"])
TEXTS = st.lists(st.tuples(OPENERS, WORDS, MARKS), min_size=1, max_size=8).map(
    lambda rows: "".join("".join(row) for row in rows)
)
REPLIES = st.lists(TEXTS, min_size=1, max_size=4)


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.sets(st.integers(0, 9)), REPLIES, st.booleans())
def test_whatever_is_written_every_lock_survives_in_its_order(
    text: str, chosen: set[int], replies: list[str], again: bool
) -> None:
    bare = bare_sentences(text)
    locked = {one.text for at, one in enumerate(bare) if at in chosen and bare_at(text, at)}
    before = present(text, locked)
    for _ in range(2 if again else 1):
        plan = weave(text, *locked)
        texts = {place: replies[place % len(replies)] for place, gap in enumerate(plan.gaps) if gap}
        text = plan.compose(texts)
        assert in_order(before, present(text, locked))
        assert {fact for gap in plan.gaps for fact in gap} | set(plan.told) == {
            fact.id for fact in FACTS
        }


def in_order(wanted: tuple[str, ...], found: tuple[str, ...]) -> bool:
    rest = iter(found)
    return all(any(words == other for other in rest) for words in wanted)


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.integers(0, 9), st.sets(st.integers(0, 9)), TEXTS)
def test_writing_one_point_changes_nothing_outside_it(
    text: str, at: int, chosen: set[int], reply: str
) -> None:
    bare = bare_sentences(text)
    if at >= len(bare):
        return
    sentences = trace(section(text), FACTS)
    start, end = point_of(text, at, sentences)
    locked = {bare[n].text for n in chosen if n < len(bare)}
    try:
        job = plan_rewriting(section(text), FACTS, locked, Order("candidate", 1, at=at))
    except InputError:  # a sentence that rests on no fact, or is locked with all it says
        return
    texts = {place: reply for place, gap in enumerate(job.weave.gaps) if gap}
    woven = job.weave.compose(texts)
    assert woven.startswith(text[:start])
    assert woven.endswith(text[end:])
