"""The page's HTML: escaped, marked right, and quiet about what it does not know."""

import re
from dataclasses import replace
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.candidates import Variant
from drafter.fixes import Fix
from drafter.health import SERVER
from drafter.locks import SectionLocks
from drafter.remarks import Origin, Remark
from drafter.tracing import Sentence, trace
from drafter.types import (
    DraftSection,
    EngineStatus,
    Fact,
    FactSheet,
    Finding,
    SectionState,
    Version,
)
from drafter.ui.candidates_view import live_html
from drafter.ui.facts_view import facts_html
from drafter.ui.findings_view import Account, findings_html
from drafter.ui.marks import diff, diff_html, traced_html
from drafter.ui.saving import read_stamp, stamp_of
from drafter.ui.section_view import first_html, head_html, marks_html, pane_html, tools_html
from drafter.ui.server import in_chinese
from drafter.ui.status_view import engine_html, message_html
from drafter.ui.text import duration, spoken

EVIL = "<img src=x onerror=alert(1)>\"'&"
SECTION = DraftSection("S1", EVIL, 2, "成效", EVIL, ("F1",), (), False)
STATE = SectionState(SECTION, 3, 100, None, ())
FACT = Fact("F1", EVIL, (), None, None)
VERSION = Version(1, "S1", None, "model", EVIL + "!", None, "2026-01-01T00:00:00+00:00")


@given(
    st.text(alphabet="一二三四五六12,。", max_size=40), st.text(alphabet="一二三12,。", max_size=40)
)
def test_diff_gives_back_both_texts(old: str, new: str) -> None:
    pieces = diff(old, new)
    assert "".join(text for kind, text in pieces if kind != "+") == old
    assert "".join(text for kind, text in pieces if kind != "-") == new


def test_diff_marks_characters() -> None:
    assert diff_html("召开会议12次", "召开党组会12次") == (
        "召开<del>会议</del><ins>党组会</ins>12次"
    )


def finding(span: tuple[int, int] | None) -> Finding:
    return Finding("untraced_number", "error", "S1", span, EVIL, EVIL, EVIL)


def remark(span: tuple[int, int] | None, ignored: bool = False, key: str = "k1") -> Remark:
    return Remark(key, ("untraced_number", EVIL, ""), finding(span), FACT, ignored)


def account(*remarks: Remark) -> Account:
    origin = Origin("r1-1", EVIL, EVIL, EVIL)
    fixes = (Fix("replace", EVIL, 0, 1, EVIL),)
    sentences = (Sentence("S1", 0, 9, ("F1",)),)
    return Account(remarks, remarks, sentences, {"k1": origin}, {"k1": fixes})


@given(st.lists(st.tuples(st.integers(-2, 20), st.integers(-2, 20)), max_size=5), st.booleans())
def test_marks_lose_no_character(spans: list[tuple[int, int]], reading: bool) -> None:
    text = "全年召开党组会12次。\n发展党员<5>名。\n"
    section = replace(SECTION, text=text)
    remarks = [remark(span) for span in spans]
    marked = traced_html(text, trace(section, [FACT]), remarks, {} if reading else None)
    plain = unescape(re.sub(r"<[^>]+>", "", marked.replace("<br>", "\n")))
    assert plain == text


def test_overlapping_findings_keep_all_their_keys_and_the_worst_mark() -> None:
    wide = replace(remark((0, 8)), key="wide", finding=replace(finding((0, 8)), severity="advice"))
    marked = traced_html("新增9999个事项", (), [wide, replace(remark((2, 7)), key="bad")])
    assert 'class="found error" data-keys="bad wide"' in marked
    assert marked.count('class="found advice"') == 2


def test_severities_differ_by_shape_and_word() -> None:
    html = findings_html(STATE, account(remark((0, 4))))
    assert "▲" in html
    assert "须改" in html
    assert "<sup" in html


def test_ignored_findings_are_folded_and_unmarked() -> None:
    html = findings_html(STATE, account(remark((0, 4), ignored=True)))
    assert "已忽略 2 处" in html  # one of the section, one of the whole draft
    assert "恢复提示" in html
    assert "<mark" not in html
    assert "<mark" not in marks_html(EVIL, (), [remark((0, 4), ignored=True)])


@pytest.mark.parametrize(
    "html",
    [
        head_html(STATE, "（一）", True),
        tools_html(STATE, False),
        pane_html(replace(STATE, section=replace(SECTION, text="")), [FACT]),
        pane_html(
            STATE,
            [],
            [Variant(VERSION, (finding(None),), 1, 2, (EVIL,), (Sentence("S1", 0, 9, ("F1",)),))],
            SectionLocks((EVIL,), (EVIL,)),
        ),
        live_html(EVIL, EVIL + "!", EVIL, EVIL, [Variant(VERSION, (), 1, 2, (), ())]),
        first_html(EVIL, EVIL),
        findings_html(STATE, account(remark((0, 4)), remark(None), remark(None, ignored=True))),
        marks_html(EVIL, (Sentence("S1", 0, 9, ("F1",)),), [remark((0, 4))]),
        facts_html(FactSheet(None, None, EVIL, EVIL, 2026, (FACT,), (EVIL,)), None, (), {}, ()),
        message_html("error", EVIL, EVIL, undo=f"undelete:{EVIL}"),
        engine_html(
            EngineStatus("failed", EVIL, EVIL, EVIL, 0, 0),
            EngineStatus("ready", "", "", EVIL, 0, 0),
        ),
    ],
)
def test_nothing_a_person_wrote_becomes_markup(html: str) -> None:
    assert "<img" not in html


def test_stamps_survive_the_journey() -> None:
    stamp = stamp_of(12, "S3", 4, "正文")
    assert read_stamp(str(stamp)) == stamp
    for broken in ("", "12|S3", "x|S3|4|ab", "1|S|-2|ab"):
        assert read_stamp(broken) is None


def test_numbers_are_told_as_people_say_them() -> None:
    assert spoken(60) == "朗读不到 1 分钟"
    assert spoken(1320) == "朗读约 6 分钟"
    assert duration(4) == "几秒"
    assert duration(71) == "1 分 10 秒"
    assert duration(120) == "2 分钟"


def test_a_download_can_be_stopped_and_a_failure_retried() -> None:
    ready = EngineStatus("ready", "", "", "好", 0, 0)
    loading = EngineStatus("downloading", "m", "", "下载", 10 << 20, 100 << 20)
    assert "停止下载" in engine_html(loading, ready)
    assert "10 MB / 100 MB" in engine_html(loading, ready)
    assert "重试" in engine_html(replace(loading, state="failed"), ready)


def test_what_is_amiss_is_told_in_short_at_the_foot() -> None:
    away = EngineStatus("failed", "m1", SERVER, "连不上模型服务。请确认已启动。", 0, 0)
    ready = EngineStatus("ready", "", "", "好", 0, 0)
    assert '<span class="said">连不上模型服务</span>' in engine_html(away, ready)
    assert '<span class="said">连不上模型服务。请确认已启动。</span>' in engine_html(
        away, ready, long=True
    )


def test_the_page_is_chinese_before_its_scripts_run() -> None:
    page = in_chinese(b'<html lang="en"><head><script src=a></script></head></html>')
    assert b'lang="zh-CN"' in page
    assert page.index(b"navigator") < page.index(b"src=a")
