"""What a section and an exemplar share: patterns by name, copied runs, and nobody's wording."""

from hypothesis import given
from hypothesis import strategies as st

from drafter.data import load_table
from drafter.patterns import RUN, compare, parallel

HERE = (
    "一是抓实理论学习。召开党组会研究党建工作12次，其中专题研究4次。"
    "二是压实责任链条。围绕中心工作签订责任书8份，形成上下贯通的工作格局。"
)
THERE = (
    "一是抓实党纪学习教育。编印岗位风险对照手册，其中重点岗位3个。二是理顺支部设置。"
    "聚焦重点项目成立临时党支部，构建齐抓共管的工作格局。三是带动同向发力。"
)


def words(text: str, spans: tuple[tuple[int, int], ...]) -> list[str]:
    return [text[start:end] for start, end in spans]


def test_shared_patterns_are_named_and_marked_in_both_texts() -> None:
    found = {p.name: p for p in compare(HERE, THERE).patterns}
    series = found["“一是、二是”依次展开"]
    assert words(HERE, series.here) == ["一是", "二是"]
    assert words(THERE, series.there) == ["一是", "二是", "三是"]
    labels = found["点题短句领起"]
    assert words(HERE, labels.here) == ["抓实理论学习。", "压实责任链条。"]
    assert "“围绕、聚焦”领起" in found
    assert words(HERE, found["“围绕、聚焦”领起"].here) == ["围绕"]
    assert words(THERE, found["“围绕、聚焦”领起"].there) == ["聚焦"]
    assert "工作机制收尾" in found


def test_a_pattern_of_one_text_alone_is_not_shared() -> None:
    found = compare("既抓业务又抓党建，效果很好。", THERE)
    assert not any("既" in pattern.name for pattern in found.patterns)


def test_a_form_does_not_reach_across_a_mark() -> None:
    inside = compare("以项目建设为抓手推进。", "以为民服务为抓手推进工作。")
    assert any("以……为……" in pattern.name for pattern in inside.patterns)
    across = compare("以上级精神，为抓手推进。", "以为民服务为抓手推进工作。")
    assert not any("以……为……" in pattern.name for pattern in across.patterns)


def test_copied_runs_are_those_of_eight_letters_that_are_nobody_elses() -> None:
    text = "把难题搬到工地板房里商量解决，召开党组会研究党建工作12次。"
    other = "我们把难题搬到工地板房里商量解决。召开党组会研究党建工作12次。"
    own = ("召开党组会研究党建工作12次",)
    shared = compare(text, other, own)
    assert words(text, shared.copied_here) == ["把难题搬到工地板房里商量解决"]
    assert words(other, shared.copied_there) == ["把难题搬到工地板房里商量解决"]
    formula = "以习近平新时代中国特色社会主义思想为指导"
    assert compare(f"{formula}。", f"坚持{formula}，").copied_here == ()


def test_headings_in_even_halves_are_parallel() -> None:
    assert parallel("压紧责任链条，主责主业意识更牢", "突出政治引领，理论武装根基更实")
    assert not parallel("压紧责任链条，主责主业意识更牢", "理论学习还不深")
    assert not parallel("", "")


TEXTS = st.lists(
    st.sampled_from(
        [*"一二三是，。；：\n坚持围绕作为抓实党建", "一是", "坚持把", "作为", HERE[:20]]
    ),
    max_size=60,
).map("".join)


@given(TEXTS, TEXTS)
def test_spans_lie_in_their_texts_and_are_the_same_both_ways(text: str, other: str) -> None:
    shared, back = compare(text, other), compare(other, text)
    for spans, whole in ((shared.patterns_here, text), (shared.patterns_there, other)):
        assert all(0 <= start < end <= len(whole) for start, end in spans)
    for start, end in shared.copied_here:
        assert len([c for c in text[start:end] if c.isalnum()]) >= RUN
    assert {p.name for p in shared.patterns} == {p.name for p in back.patterns}
    assert bool(shared.copied_here) == bool(shared.copied_there)


def test_every_form_of_the_table_finds_itself() -> None:
    for entry in load_table("patterns")["frame"]:
        for form in entry["forms"]:
            text = form.replace("…", "党建工作") + "。"
            names = [pattern.name for pattern in compare(text, text).patterns]
            assert entry["name"] in names, form
