"""A section takes up what the others say: no wording twice, one short name throughout."""

import threading
from pathlib import Path

import pytest

from drafter.checks import ADVICE_ONLY, run_checks
from drafter.elsewhere import said_before
from drafter.facts import read_facts
from drafter.types import Draft, DraftSection, Fact, Finding, Sampling, Sources
from drafter.workflow import Workspace
from drafter.write import Policy, SectionTask, write_section
from tests.fakes import FakeChat, FakeEmbedder

FACT = "开展支部书记轮训2期，交流治理经验"
SAID = "围坐一圈面对面地交流治理经验"
EARLIER = f"召开党组会12次，把难题搬到板房里商量，{SAID}。"
AGAIN = f"开展支部书记轮训2期，{SAID}。"
FRESH = f"{FACT}。"


def facts(*texts: str) -> tuple[Fact, ...]:
    return read_facts("\n".join(f"- {text}" for text in texts)).facts


def test_an_ending_another_section_has_is_said_before() -> None:
    ((check, order),) = said_before(AGAIN, [EARLIER], facts(FACT))
    assert check == "repetition"
    assert SAID in order
    assert said_before(FRESH, [EARLIER], facts(FACT)) == ()
    assert said_before(AGAIN, ["", " "], facts(FACT)) == ()


def test_a_long_run_counts_anywhere_and_the_facts_own_words_never() -> None:
    text = f"坚持把难题搬到工地板房里当场商量解决，{FACT}。"
    assert said_before(text, ["年初起把难题搬到工地板房里当场商量解决，受到好评。"], facts(FACT))
    told = "每季度到不少于2个支部开展现场指导，发现问题当场反馈。"
    assert said_before(told, [f"打算{told}"], facts(told)) == ()


def test_the_writer_tries_again_and_takes_the_text_that_says_it_once() -> None:
    chat = FakeChat(AGAIN, FRESH)
    job = SectionTask("S2", "成效", "述职报告", facts(FACT), (), (), True, 2026, others=(EARLIER,))
    *_, last = write_section(chat, job, Policy(), Sampling())
    assert last.text == FRESH
    assert SAID in str(chat.history[1][0][-1]["content"]), "the retry names it"


def test_a_fact_is_never_left_out_for_having_been_said() -> None:
    chat = FakeChat(AGAIN)
    job = SectionTask("S2", "成效", "述职报告", facts(FACT), (), (), True, 2026, others=(EARLIER,))
    *_, last = write_section(chat, job, Policy(), Sampling())
    assert "轮训2期" in last.text and "交流治理经验" in last.text


def test_the_engine_is_told_not_to_write_runs_of_other_sections() -> None:
    chat = FakeChat(FRESH)
    long = "年初起把难题搬到工地板房里当场商量解决并且限期办结"
    job = SectionTask("S2", "成效", "述职报告", facts(FACT), (), (), True, 2026, others=(long,))
    list(write_section(chat, job, Policy(), Sampling()))
    limits = chat.history[0][1].limits
    assert limits is not None and any("工地板房里当场" in part for part in limits.exemplars)


def test_writing_a_stored_section_minds_what_was_accepted_in_others(own_home: Path) -> None:
    chat = FakeChat(f"召开党组会12次，{SAID}。")
    desk = Workspace(own_home, chat=chat, embedder=FakeEmbedder())
    doc = desk.create_document().id
    desk.save_paste(doc, f"1. 召开党组会12次\n2. {FACT}\n问题：2个支部会议记录过于简单\n")
    plan = desk.make_plan(doc)
    list(desk.write_all(doc, threading.Event()))
    target = next(s.id for s in plan.sections if s.fact_ids and s.role == "问题")
    other = next(s for s in plan.sections if s.fact_ids and s.role != "问题")
    desk.save_text(doc, other.id, EARLIER, desk.section(doc, other.id).rev)
    task = desk._writing._tasks.task(doc, desk.section(doc, target).section)
    assert EARLIER in task.others
    assert desk.section(doc, target).section.text not in task.others


# one short name throughout

FULL, SHORT = "中共青石街道工作委员会", "街道党工委"


def found(*texts: str) -> list[Finding]:
    sections = tuple(
        DraftSection(f"S{n}", "题", 2, "成效", text, (), (), False)
        for n, text in enumerate(texts, 1)
    )
    return [
        finding
        for finding in run_checks(Draft("", 2026, sections), Sources((), (), 2026))
        if finding.check == "short_name"
    ]


@pytest.mark.parametrize("quotes", ["{}", "“{}”"])
def test_the_full_name_after_its_short_one_is_advised_against(quotes: str) -> None:
    intro = f"{FULL}（以下简称{quotes.format(SHORT)}）召开会议12次。"
    (advice,) = found(intro, f"{FULL}印发要点。")
    assert (advice.section_id, advice.severity, advice.suggestion) == ("S2", "advice", SHORT)
    assert advice.span == (0, len(FULL))
    assert found(intro, f"{SHORT}印发要点。") == []
    assert found(f"{FULL}部署在先。", intro) == [], "before it is introduced the full name is right"


def test_what_leads_up_to_a_name_is_no_part_of_it() -> None:
    intro = "在松岭区水务局机关党委（以下简称机关党委）指导下开展工作。"
    (advice,) = found(intro, "松岭区水务局机关党委印发通知。")
    assert advice.text == "松岭区水务局机关党委"
    intro = "组织党组理论学习中心组（以下简称“中心组”）学习10次。"
    (advice,) = found(intro, "党组理论学习中心组成员带头。")
    assert (advice.text, advice.suggestion) == ("党组理论学习中心组", "中心组")
    intro = "松岭区委组织部（以下简称组织部）印发通知。"
    (advice,) = found(intro, "松岭区委组织部印发要点。")
    assert advice.text == "松岭区委组织部", "never behind the short name's first letter"


def test_a_short_name_is_advice_only_and_its_own_quotes_are_no_stranger() -> None:
    assert "short_name" in ADVICE_ONLY
    sheet = read_facts(f"- {FULL}召开会议12次")
    text = f"{FULL}（以下简称“{SHORT}”）召开会议12次。"
    section = DraftSection("S1", "题", 2, "成效", text, ("F1",), (), False)
    sources = Sources(sheet.facts, (), 2026)
    checks = {finding.check for finding in run_checks(Draft("", 2026, (section,)), sources)}
    assert "untraced_name" not in checks
