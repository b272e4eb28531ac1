"""The measures of prose: each rises with what it names, and with nothing else."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.faithful import prose
from bench.faithful.reports import Piece, Report, of_parsed, points_in, read_reports
from bench.faithful.style_gain import distances, divergence, items, plain, sign_test, sizes
from index.split import parse_report

TAILED = (
    "组织主题党日十二次，确保各项工作落实到位。",
    "走访困难党员，确保各项工作落实到位。",
    "修订学习制度，按月通报。",
    "开设夜校，居民自己讲课。",
)
COUNTS = st.dictionaries(st.sampled_from("的和与并以为"), st.integers(0, 30)).map(Counter)


def piece(*points: str, heading: str = "", group: int = 1, level: int = 2) -> Piece:
    return Piece(group, level, heading, "成效", "".join(points), points)


def headed(*headings: str) -> Report:
    return Report("r", tuple(piece("走访党员。", heading=heading) for heading in headings))


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("组织学习，参加率高。", "参加率高"),
        ("开展“红色夜话”。", "开展“红色夜话"),
        ("只有一句", "只有一句"),
        ("有的落实慢；有的流于形式。\n", "有的流于形式"),
        ("。", ""),
    ],
)
def test_the_last_clause_of_a_point(text: str, clause: str) -> None:
    assert prose.last_clause(text) == clause


def test_a_shared_ending_is_seen_whole_and_by_its_letters() -> None:
    report = Report("r", (piece(*TAILED),))
    assert prose.largest_share(prose.endings(report)) == 0.5
    assert prose.largest_share(prose.ending_letters(report)) == 0.5
    # Another verb before the same words: no longer the same clause, still the same groove.
    other = Report("r", (piece(TAILED[0], "走访困难党员，推动各项工作落实到位。"),))
    assert prose.largest_share(prose.endings(other)) == 0
    assert prose.largest_share(prose.ending_letters(other)) == 1


def test_all_different_is_no_share_however_few() -> None:
    assert prose.largest_share(["甲", "乙"]) == 0
    assert prose.largest_share([]) == 0


@given(st.lists(st.sampled_from("甲乙丙丁"), max_size=20))
def test_the_largest_share_is_part_of_the_shared(values: list[str]) -> None:
    assert 0 <= prose.largest_share(values) <= prose.repeated_share(values) <= 1


def test_headings_of_one_form_are_parallel() -> None:
    assert prose.form_of("强化责任担当，抓好责任落实") == (6, 6)
    alike = headed("强化责任担当，抓好责任落实", "严格制度落实，提升党建水平")
    assert prose.parallel_share(alike) == 1
    assert prose.parallel_share(headed("强化责任担当，抓好落实", "严格制度")) == 0
    assert prose.parallel_share(headed("只有一个标题")) is None


def test_headings_are_compared_with_siblings_only() -> None:
    apart = Report(
        "r",
        (
            piece("走访。", heading="四字标题", group=1),
            piece("走访。", heading="长一些的标题", group=1),
            piece("走访。", heading="四字标题", group=2),
        ),
    )
    assert prose.parallel_share(apart) == 0


def test_one_heading_verb_throughout_is_heard() -> None:
    report = headed("强化理论学习", "强化组织建设", "抓实作风建设", "强化服务保障")
    assert prose.COLUMNS["heading verb"][0](report) == 0.75


def test_repetition_is_counted_but_not_of_published_formulas() -> None:
    said = "组织党员到社区清扫楼道。"
    assert prose.repeated_grams(Report("r", (piece(said),))) == 0
    assert prose.repeated_grams(Report("r", (piece(said), piece(said)))) == pytest.approx(0.5)
    formula = "以习近平新时代中国特色社会主义思想为指导"
    assert prose.repeated_grams(Report("r", (piece(formula), piece(formula)))) == 0


def test_an_empty_tail_has_no_anchor_and_nothing_of_the_facts() -> None:
    report = Report("r", (piece(*TAILED),))
    assert prose.empty_tails(report) == 0.5
    assert prose.empty_tails(Report("r", (piece("开展培训，提升党务能力12人。"),))) == 0
    assert prose.empty_tails(Report("r", (piece("确保各项工作落实到位。"),))) == 0
    known = Piece(1, 2, "", "成效", TAILED[0], TAILED[:1], 60, ("确保各项工作落实到位",))
    assert prose.empty_tails(Report("r", (known,))) == 1
    assert prose.empty_tails(Report("r", (known,)), by_facts=True) == 0


def test_length_is_measured_against_the_plan() -> None:
    long = Piece(1, 2, "", "成效", "长" * 150, (), 100, ("要点",))
    short = Piece(1, 2, "", "成效", "短" * 50, (), 100, ("要点",))
    assert prose.length_error(Report("r", (long, short))) == pytest.approx(0.5)
    assert prose.length_bias(Report("r", (long, short))) == pytest.approx(0)
    assert prose.length_error(Report("r", (piece("无目标。"),))) is None


def test_a_cell_shows_the_mean_and_the_worst_report() -> None:
    bad, good = Report("a", (piece(*TAILED),)), Report("b", (piece(*TAILED[2:]),))
    assert prose.cell("same last 6", (bad, good)) == "25.0% (50.0%)"
    assert prose.cell("openings", (bad, good)) == "100% (100%)"
    assert prose.cell("length error", (bad, good)) == "-"


def test_points_lose_their_openers() -> None:
    found = points_in("一是建强支部。换届两个。二是管好党员。轮训三期。")
    assert found == ("建强支部。换届两个。", "管好党员。轮训三期。")
    assert points_in("没有序号的一段。\n又一段。") == ("没有序号的一段。", "又一段。")


def test_a_parsed_report_and_a_draft_have_the_same_shape() -> None:
    text = """某局党组书记抓基层党建工作述职报告
一、履职情况
（一）压实责任，拧紧链条。全年研究党建工作6次。
（二）夯实基础，管好队伍。一是建强支部。换届2个。二是管好党员。轮训3期。
二、存在的问题
学习不够深入，联系实际不紧。
"""
    report = of_parsed("r", parse_report(text))
    assert prose.headings(report) == ["压实责任，拧紧链条", "夯实基础，管好队伍"]
    assert prose.parallel_share(report) == 1
    assert [len(piece.points) for piece in report.pieces] == [1, 2, 1]


def test_real_reports_can_be_measured(shared_reports: tuple[Path, ...]) -> None:
    reports = read_reports(shared_reports[0].parent)
    assert len(reports) == len(shared_reports)
    for name in set(prose.COLUMNS) - {"length error", "length bias"}:
        assert prose.cell(name, reports) != "-"
    assert prose.cell("length error", reports) == "-"


@given(COUNTS, COUNTS)
def test_divergence_is_a_distance_between_0_and_1(one: Counter[str], other: Counter[str]) -> None:
    assert divergence(one, one) == 0
    assert 0 <= divergence(one, other) <= 1
    assert divergence(one, other) == pytest.approx(divergence(other, one))


def distance(one: str, other: str, about: frozenset[str] = frozenset()) -> dict[str, float]:
    first, second = items(one, about), items(other, about)
    return distances(first, second, sizes(first))


def test_the_same_habits_are_closer_than_others() -> None:
    real = "坚持把责任扛在肩上，组织班子成员下基层，推动问题在一线解决。" * 4
    like = "坚持把任务抓在手上，带领支部委员进楼院，推动事情在现场办结。" * 4
    unlike = "开会。学习。走访。讲课。检查。谈话。整改。通报。评议。表彰。" * 4
    assert distance(like, real)["distance"] < distance(unlike, real)["distance"]


def test_what_the_draft_is_about_does_not_count() -> None:
    about = frozenset(("党员", "员夜", "夜校"))
    assert distance("党员夜校好", "党员夜校好", about)["pairs"] == 0
    assert distance("党员夜校好", "党员夜校坏", about)["pairs"] == 1
    assert 0 < distance("党员夜校好", "党员夜校坏")["pairs"] < 1


def test_a_longer_draft_is_not_closer_for_its_length() -> None:
    real = "坚持把责任扛在肩上，组织班子成员下基层，推动问题在一线解决。"
    short, long = items(real), items(real * 9)
    size = sizes(short, long)
    assert size == {part: len(found) for part, found in short.items()}
    assert distances(long, items(real * 9), size)["sentences"] == 0


def test_numbers_and_placeholders_are_one_sign() -> None:
    assert plain("讲课12次、谈话X次、\n走访**户") == "讲课0次、谈话0次、走访0户"


def test_an_uneven_count_is_unlikely_by_chance() -> None:
    assert sign_test(10, 10) == 1
    assert sign_test(20, 0) < 0.001
    assert sign_test(0, 0) == 1
