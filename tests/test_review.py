"""Findings with their memory: what is asked again, what is remembered, what one click does."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafter.checks import run_checks
from drafter.errors import InputError
from drafter.remarks import Remark, longest_shared, origin_of
from drafter.review import LOCAL, Review, check
from drafter.types import Draft, DraftSection, Finding, Sources
from drafter.workflow import Workspace
from index.types import Role, Section
from tests.fakes import FakeChat, FakeEmbedder
from tests.test_tracing import FACTS

PASTE = """单位：松岭区水务局
年度：2026
1. 召开党组会研究党建工作12次
2. 8个党支部全部完成标准化建设验收
问题：抽查的8个支部中有2个会议记录过于简单
打算：每季度到不少于2个支部开展现场指导
"""
EXEMPLAR = "把服务窗口搬到群众家门口的小广场，轮流当一天值班站长，走访企业36家。"

# the incremental check


SENTENCES = [
    *(f"{fact.text}。" for fact in FACTS),
    "新增9999个事项。",
    "深入学习贯彻党的十八大精神。",
    "增强“四个意识”、坚定“三个自信”。",
    "印发《关于抓好落实的通知》，联系××。",
    EXEMPLAR,
    "合计完成3项，其中甲类1项、乙类1项。",
    "（二）从严治党。",
    "一是抓实责任。",
    "\n",
]


def draft_of(bodies: list[list[str]]) -> Draft:
    shapes: list[tuple[str, Role, tuple[str, ...]]] = [
        *(("", "导语", ()), ("工作成效", "成效", ()), ("压实责任", "成效", ("F1", "F2"))),
        *(("建强堡垒", "成效", ("F3", "F4")), ("存在问题", "问题", ("F5", "F1"))),
    ]
    sections = tuple(
        DraftSection(f"S{at}", heading, 2 if ids else 1, role, "".join(body), ids, (), False)
        for at, ((heading, role, ids), body) in enumerate(zip(shapes, bodies, strict=True))
    )
    return Draft("松岭区水务局述职报告", 2026, sections)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.sampled_from(SENTENCES), max_size=4), min_size=5, max_size=5))
def test_asking_again_only_what_changed_finds_what_asking_all_finds(
    bodies: list[list[str]],
) -> None:
    """Fails when a check named in LOCAL begins to look at other sections: take it out of there."""
    draft = draft_of(bodies)
    sources = Sources(FACTS, (EXEMPLAR,), 2026)
    assert check(draft, sources) == run_checks(draft, sources)


def test_the_local_checks_exist() -> None:
    from drafter.checks import CHECKS

    assert set(CHECKS) >= LOCAL


# where copied words come from


def sample(number: str, text: str) -> Section:
    return Section(number, "r1", "（一）", "同谋划同部署", "成效", 2, text, ())


def copied(words: str) -> Finding:
    return Finding("exemplar_leak", "error", "S1", (0, len(words)), words, "", None)


def test_copied_words_name_the_report_with_the_longest_run() -> None:
    words = "把服务窗口，搬到群众家门口的小广场"
    near = sample("r1-1", "我们把服务窗口搬到群众家门口。")
    full = sample("r1-2", EXEMPLAR)
    origin = origin_of(copied(words), [(near, "甲报告"), (full, "乙报告")])
    assert origin is not None
    assert (origin.section_id, origin.report) == ("r1-2", "乙报告")
    assert origin.run == "把服务窗口搬到群众家门口的小广场"
    assert origin_of(copied("走访企业36家"), [(full, "乙报告")]) is not None
    assert origin_of(copied("完全不同的一句话写在这里"), [(near, "甲"), (full, "乙")]) is None


def test_a_deed_told_in_other_words_names_the_report_its_message_counts() -> None:
    ledger = sample("r1-2", "为每名党员建立积分台账，每季度公示一次。")
    pairs = [(sample("r1-1", "坚持党员积分，建立台账。"), "甲报告"), (ledger, "乙报告")]
    words = "建立党员积分台账"
    deed = replace(copied(words), message=f"“{words}”是第2篇范文里的做法，要点里没有。")
    origin = origin_of(deed, pairs)
    assert origin is not None
    assert (origin.report, origin.run) == ("乙报告", "积分台账")


@given(st.text("甲乙丙", max_size=12), st.text("甲乙丙", max_size=12))
def test_the_longest_shared_run_is_shared_and_longest(words: str, other: str) -> None:
    start, length = longest_shared(words, other)
    assert other[start : start + length] in words
    longer = {words[i : i + length + 1] for i in range(len(words) - length)}
    assert not any(run in other for run in longer)


# memory and fixes, in a stored document


@pytest.fixture
def desk(own_home: Path) -> Workspace:
    return Workspace(own_home, chat=FakeChat("好。"), embedder=FakeEmbedder())


@pytest.fixture
def doc(desk: Workspace) -> int:
    doc = desk.create_document().id
    desk.save_paste(doc, PASTE)
    desk.make_plan(doc)
    return doc


def home_of(desk: Workspace, doc: int, fact: str) -> str:
    plan = desk.plan(doc)
    assert plan is not None
    return next(section.id for section in plan.sections if fact in section.fact_ids)


def write(desk: Workspace, doc: int, fact: str, text: str) -> str:
    section = home_of(desk, doc, fact)
    desk.save_text(doc, section, text, desk.section(doc, section).rev)
    return section


def found(review: Review, doc: int, check_name: str, words: str = "") -> list[Remark]:
    return [
        remark
        for remark in review.read(doc).remarks
        if remark.finding.check == check_name and words in remark.finding.text
    ]


STRANGER = "召开党组会研究党建工作12次，形成纪要77份。"


def test_an_ignored_finding_is_remembered_through_regeneration_and_restart(
    desk: Workspace, doc: int, own_home: Path
) -> None:
    section = write(desk, doc, "F1", STRANGER)
    (remark,) = found(desk.review, doc, "untraced_number")
    assert remark.fact is not None
    assert remark.fact.id == "F1"
    desk.review.ignore(doc, remark.key)
    assert all(f.check != "untraced_number" for f in desk.section(doc, section).findings)
    # The model writes the section anew and the person accepts it: same claim, other place.
    other = "坚持以上率下，全年召开党组会研究党建工作12次，还形成纪要77份。扎实推进。"
    candidate = desk._store.add_version(doc, section, other, "model", None)
    desk.accept(doc, section, candidate.id)
    assert [r.ignored for r in found(desk.review, doc, "untraced_number")] == [True]
    desk.close()
    again = Workspace(own_home, chat=FakeChat("好。"), embedder=FakeEmbedder())
    assert [r.ignored for r in found(again.review, doc, "untraced_number")] == [True]
    assert again.findings(doc) != ()
    # All findings are still there for the command line; only the page folds the ignored ones.
    assert any(f.check == "untraced_number" for f in again.findings(doc))
    (kept,) = found(again.review, doc, "untraced_number")
    again.review.heed(doc, kept.key)
    assert [r.ignored for r in found(again.review, doc, "untraced_number")] == [False]


def test_an_ignore_hides_no_other_number_and_no_other_fact(desk: Workspace, doc: int) -> None:
    write(desk, doc, "F1", STRANGER)
    (remark,) = found(desk.review, doc, "untraced_number")
    desk.review.ignore(doc, remark.key)
    write(desk, doc, "F1", STRANGER + "发文78份。")
    assert [(r.finding.text, r.ignored) for r in found(desk.review, doc, "untraced_number")] == [
        ("77份", True),
        ("78份", False),
    ]
    write(desk, doc, "F2", "8个党支部全部完成标准化建设验收，形成纪要77份。")
    ignored = {
        r.finding.section_id: r.ignored for r in found(desk.review, doc, "untraced_number", "77")
    }
    assert ignored == {home_of(desk, doc, "F1"): True, home_of(desk, doc, "F2"): False}
    assert desk.review.read(doc).open_errors >= 2


def test_a_fact_ignored_for_its_number_shows_again_when_it_is_gone_whole(
    desk: Workspace, doc: int
) -> None:
    write(desk, doc, "F1", "多次召开党组会研究党建工作。")
    (remark,) = found(desk.review, doc, "dropped_fact", "党组会")
    desk.review.ignore(doc, remark.key)
    assert found(desk.review, doc, "dropped_fact", "党组会")[0].ignored
    write(desk, doc, "F1", "扎实推进各项工作。")
    assert [r.ignored for r in found(desk.review, doc, "dropped_fact", "党组会")] == [False]


def test_a_fix_changes_one_span_makes_a_version_and_can_be_taken_back(
    desk: Workspace, doc: int
) -> None:
    section = write(desk, doc, "F1", STRANGER)
    before = desk.section(doc, section).section.text
    (remark,) = found(desk.review, doc, "untraced_number")
    done = desk.review.apply(doc, remark.key, "cut")
    now = desk.section(doc, section)
    assert now.section.text == "召开党组会研究党建工作12次。"
    assert desk.history(doc, section)[0].author == "human"
    assert (done.before, done.after) != (None, None)
    assert done.before is not None
    assert done.after is not None
    desk.review.undo(doc, section, done.before, done.after)
    assert desk.section(doc, section).section.text == before
    assert {v.text for v in desk.history(doc, section)} == {before, now.section.text}


def test_undo_never_takes_back_what_was_typed_after(desk: Workspace, doc: int) -> None:
    section = write(desk, doc, "F1", STRANGER)
    (remark,) = found(desk.review, doc, "untraced_number")
    done = desk.review.apply(doc, remark.key, "cut")
    write(desk, doc, "F1", "后来又写的。")
    assert done.before is not None
    assert done.after is not None
    with pytest.raises(InputError, match="又改过"):
        desk.review.undo(doc, section, done.before, done.after)
    assert desk.section(doc, section).section.text == "后来又写的。"


def test_a_fix_that_came_too_late_changes_nothing(desk: Workspace, doc: int) -> None:
    section = write(desk, doc, "F1", STRANGER)
    (remark,) = found(desk.review, doc, "untraced_number")
    write(desk, doc, "F1", "召开党组会研究党建工作12次。")
    with pytest.raises(InputError):
        desk.review.apply(doc, remark.key, "cut")
    with pytest.raises(InputError):
        desk.review.ignore(doc, remark.key)
    assert desk.section(doc, section).section.text == "召开党组会研究党建工作12次。"


def test_typing_elsewhere_in_the_section_keeps_a_findings_key(desk: Workspace, doc: int) -> None:
    """A click that comes a moment after a save still means the finding it was on."""
    write(desk, doc, "F1", STRANGER)
    (before,) = found(desk.review, doc, "untraced_number")
    write(desk, doc, "F1", "坚持以上率下。" + STRANGER)
    (after,) = found(desk.review, doc, "untraced_number")
    assert (before.key, before.finding.span) != (before.key, after.finding.span)
    assert before.key == after.key


def test_a_candidate_is_checked_before_it_is_accepted(desk: Workspace, doc: int) -> None:
    section = write(desk, doc, "F1", "召开党组会研究党建工作12次。")
    reviewed = desk.review.read(doc)
    faults = desk.review.of_candidate(reviewed, section, STRANGER)
    assert [f.text for f in faults if f.check == "untraced_number"] == ["77份"]
    assert replace(reviewed) == desk.review.read(doc)


def test_copied_words_name_their_report(desk: Workspace, doc: int) -> None:
    report = f"某局述职报告\n一、履职情况\n（一）服务群众\n{EXEMPLAR}扎实开展各项工作。\n"
    desk.library.add_text("样本.txt", report.encode())
    sections = [s for s in desk.library.sections() if EXEMPLAR in s.text]
    section = write(desk, doc, "F1", "召开党组会研究党建工作12次。" + EXEMPLAR)
    desk._store.set_exemplars(doc, section, [sections[0].id, "gone-1"])
    reviewed = desk.review.read(doc)
    remarks = [r for r in reviewed.remarks if r.finding.check == "exemplar_leak"]
    origins = desk.review.origins(reviewed, remarks)
    assert {o.section_id for o in origins.values()} == {sections[0].id}
    assert any("家门口的小广场" in origin.run for origin in origins.values())
