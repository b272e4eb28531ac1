"""Saved drafts: written once, measured many times; beside them the usual way, the blind sheet."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bench import blind
from bench.faithful import ablation, drafts, usual
from bench.faithful.counts import COLUMNS, Faith, add, count
from bench.faithful.reports import REPO, Piece, Report, of_draft
from bench.faithful.saved import (
    SavedDraft,
    file_of,
    first_tries,
    read_folder,
    read_saved,
    without_retries,
    write_json,
)
from drafter.anchors import find_anchors
from drafter.types import Draft, DraftSection, Fact, Limits, Sampling, WrittenPoint
from drafter.workflow import Workspace
from tests.fakes import FakeChat, FakeEmbedder

SHEET = """报告类型：机关党支部书记抓党建工作述职报告
单位：云麓市档案馆机关党支部
职务：党支部书记
年度：2026

一、成效
- 召开支委会12次
- 党课5次，本人讲2次
二、问题
- 学习资料陈旧，8名党员没有参加讨论
"""
REPLY = "坚持按月议事，召开支委会12次，讲党课5次，本人讲2次。"
SAMPLE = """某局党组书记抓基层党建工作述职报告
一、履职情况
（一）压实责任，拧紧链条。先后召开党组会研究党建工作，把担子分解到每个岗位。
（二）夯实基础，管好队伍。推行支部书记轮流讲党课，让党员在讲与听之间学深一层。
二、存在的问题
学习多以读文件为主，结合实际研讨少，对基层提出的新情况回应不够及时。
"""


def fact(key: str, text: str) -> Fact:
    return Fact(key, text, find_anchors(text), None, None)


def point(text: str, *ids: str, **more: object) -> WrittenPoint:
    made = WrittenPoint(text, ids, 1, False, (), (), text, True)
    return replace(made, **more)  # type: ignore[arg-type]


def saved(text: str, *facts: str, points: tuple[WrittenPoint, ...] = ()) -> SavedDraft:
    known = tuple(fact(f"F{n}", each) for n, each in enumerate(facts, 1))
    ids = tuple(each.id for each in known)
    section = DraftSection("S1", "履职情况", 1, "成效", text, ids, (), False)
    return SavedDraft(
        "sheet", 1, "full", "m", 3.0, Draft("报告", 2026, (section,)), known,
        {"S1": points} if points else {}, {"S1": 100}, {},
    )  # fmt: skip


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    path = tmp_path / "01-测试.md"
    path.write_text(SHEET, encoding="utf-8")
    return path


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "样本.txt").write_text(SAMPLE, encoding="utf-8")
    return folder


@pytest.fixture
def chat() -> FakeChat:
    return FakeChat(REPLY)


@pytest.fixture
def desk(chat: FakeChat, library: Path) -> Iterator[Workspace]:
    with drafts.open_desk(chat, library, FakeEmbedder()) as opened:
        yield opened


def test_a_draft_is_read_back_as_it_was_made(desk: Workspace, sheet: Path, tmp_path: Path) -> None:
    data = drafts.draft_sheet(desk, sheet, 2, "full")
    path = file_of(tmp_path / "out", sheet.stem, 2)
    write_json(path, data)
    back = read_saved(path)
    assert (back.sheet, back.seed, back.way) == (sheet.stem, 2, "full")
    assert [each.text for each in back.facts][:2] == ["召开支委会12次", "党课5次，本人讲2次"]
    written = [s for s in back.draft.sections if s.id in back.points]
    assert written and all(section.text and back.targets[section.id] for section in written)
    assert any(back.exemplars[section.id] for section in written)
    assert all(each.first_try for points in back.points.values() for each in points[:1])
    assert read_folder(path.parent) == (back,)


def test_what_is_saved_is_not_drafted_again(sheet: Path, tmp_path: Path) -> None:
    out, glob = tmp_path / "out", str(tmp_path / "*.md")
    assert drafts.missing(glob, [1, 2], out) == [(sheet, 1), (sheet, 2)]
    write_json(file_of(out, sheet.stem, 1), {})
    assert drafts.missing(glob, [1, 2], out) == [(sheet, 2)]


def test_without_a_library_the_writer_has_no_exemplars(chat: FakeChat, sheet: Path) -> None:
    with drafts.open_desk(chat, None, FakeEmbedder()) as empty:
        data = drafts.draft_sheet(empty, sheet, 1, "no-exemplars")
    assert isinstance(data["exemplars"], dict) and not any(data["exemplars"].values())


def test_an_unconstrained_model_is_held_to_no_limits(chat: FakeChat) -> None:
    limits = Limits(("12",), (), ())
    list(drafts.Unconstrained(chat).stream([], Sampling(seed=7, limits=limits)))
    assert chat.history[0][1] == Sampling(seed=7)


def test_faults_are_counted_by_the_products_checks() -> None:
    faith = count(saved("召开支委会12次，走访党员30人。", "召开支委会12次", "本人讲党课2次"), ())
    assert (faith.facts, faith.told, faith.shown, faith.numbers) == (2, 1, 1, 1)
    assert faith.kept < faith.anchors


def test_a_leak_counts_though_the_text_was_not_retrieved() -> None:
    short = "在讲与听之间学深一层，召开支委会12次。"
    assert count(saved(short, "召开支委会12次"), (SAMPLE,)).leaks == 0
    longer = "推行支部书记轮流讲党课，让党员在讲与听之间学深一层，召开支委会12次。"
    assert count(saved(longer, "召开支委会12次"), (SAMPLE,)).leaks == 1


def test_sums_are_sums() -> None:
    one = count(saved("召开支委会12次。", "召开支委会12次"), ())
    assert add([one, one]).facts == 2 * one.facts
    assert isinstance(add([one]), Faith)


def test_the_first_tries_stand_as_they_came() -> None:
    points = (
        point("召开支委会12次。", "F1", first_try="召开支委会多次。", first_try_good=False),
        point("讲课2次。", "F2", first_try="", first_try_good=False),
    )
    draft = saved("一是召开支委会12次。二是讲课2次。", "召开支委会12次", "讲课2次", points=points)
    raw = first_tries(draft)
    assert raw.draft.sections[0].text == "召开支委会多次。"
    assert count(raw, ()).kept < count(draft, ()).kept


def test_without_retries_a_refused_reply_gives_way_to_the_facts() -> None:
    points = (
        point("召开支委会12次，议事有声。", "F1", attempts=2, first_try="开会。",
              first_try_good=False),
        point("抓实党课。讲课2次。", "F2", first_try="讲课2次，确保落实到位。"),
    )  # fmt: skip
    once = without_retries(saved("正文。", "召开支委会12次", "讲课2次", points=points))
    assert once.draft.sections[0].text == "召开支委会12次。抓实党课。讲课2次。"
    assert [each.fell_back for each in once.points["S1"]] == [True, False]


def test_the_table_shows_every_way_there_is(tmp_path: Path) -> None:
    points = (point("召开支委会12次。", "F1"),)
    full = [saved("召开支委会12次。", "召开支委会12次", points=points)]
    assert list(ablation.ways(full, None, None)) == ["full", "without retries", "without checks"]
    assert list(ablation.ways(full, full, full))[-1] == "the usual way"
    assert len(ablation.row(full, ())) == len(COLUMNS) + 1 + len(ablation.PROSE)


def test_only_what_all_folders_have_is_compared() -> None:
    one = saved("文。", "要点")
    two = replace(one, seed=2)
    assert ablation.common([[one, two], [two]]) == [[two], [two]]


def test_the_usual_way_asks_once_a_section(
    desk: Workspace, chat: FakeChat, sheet: Path, tmp_path: Path
) -> None:
    data = usual.draft_usual(chat, desk, sheet, 1)
    path = file_of(tmp_path, "usual", 1)
    write_json(path, data)
    back = read_saved(path)
    asked = [section for section in back.draft.sections if section.fact_ids]
    assert len(chat.history) == len(asked)
    system, user = chat.history[0][0]
    assert asked[0].heading in user["content"] and "召开支委会12次" in user["content"]
    assert "参考范文1" in user["content"] and system["role"] == "system"
    assert all(section.text == REPLY for section in asked)
    assert any(section.role == "导语" and section.text for section in back.draft.sections)
    assert not back.points and count(back, ()).facts == len(back.facts)


def test_a_long_exemplar_is_cut_at_a_sentence() -> None:
    assert usual.cut("一句话。" * 10, 9) == "一句话。一句话。"
    assert usual.cut("没有句号" * 10, 9) == ("没有句号" * 10)[:9]


def real_report() -> Report:
    texts = ("全年召开会议X次，把责任压到人头。" * 4, "坚持每月学习，带头讲课**次。" * 5)
    return Report("real", tuple(Piece(1, 2, "标题", "成效", text, (text,)) for text in texts))


def test_a_blind_sheet_hides_numbers_and_keeps_the_key_apart() -> None:
    ours = saved("召开支委会12次，把事议透。" * 6, "召开支委会12次")
    other = saved("本人认真召开支委会12次，成效明显。" * 5, "召开支委会12次")
    trios = blind.choose([ours], [other], [real_report()], count=5, seed=3)
    assert len(trios) == 1
    assert {source for source, _ in trios[0].passages} == {"ours", "usual", "real"}
    sheet_text = blind.sheet_text(trios)
    assert "12" not in sheet_text and "X" not in sheet_text and "**次" not in sheet_text
    assert "拟稿台" not in sheet_text and "拟稿台" in blind.key_text(trios)
    assert blind.choose([ours], [other], [real_report()], count=5, seed=3) == trios


def test_a_blind_sheet_never_lies_in_the_repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    inside = str(REPO / "bench" / "盲评.md")
    monkeypatch.setattr("sys.argv", ["blind", str(tmp_path), str(tmp_path), "--out", inside])
    with pytest.raises(SystemExit) as stopped:
        blind.main()
    assert stopped.value.code == 2 and "outside the repository" in capsys.readouterr().err
    assert not (REPO / "bench" / "盲评.md").exists()


def test_formulas_are_not_measured_as_prose() -> None:
    draft = saved("召开支委会12次。", "召开支委会12次")
    opening = DraftSection("S0", "", 1, "导语", "现述职如下。", (), (), False)
    lead = DraftSection("S2", "存在的问题", 1, "问题", "还有差距。", (), (), False)
    sections = (opening, *draft.draft.sections, lead)
    report = of_draft(replace(draft, draft=replace(draft.draft, sections=sections)))
    assert report.text == "召开支委会12次。"
    assert [piece.heading for piece in report.pieces] == ["履职情况", "存在的问题"]
