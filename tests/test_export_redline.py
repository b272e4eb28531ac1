"""A redline holds both reports: accepting all gives the new one, rejecting all the old one."""

import random
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafter.export import Author, docx_of, paragraphs, paragraphs_of_text, to_redline
from drafter.export.changes import align, pieces_of
from drafter.export.layout import KINDS, Paragraph
from tests.export_cases import REPORT, part, resolve, texts

Report = tuple[Paragraph, ...]
START: Report = paragraphs(REPORT)
AUTHOR = Author("某某<审&核>", datetime(2026, 11, 21, 8, 30, tzinfo=UTC))
PHRASES = (
    "坚持问题导向，",
    "“两学一做”",
    "——",
    "……",
    "32场次",
    "1.8万元",
    "（一）",
    "A类",
    "\t",
    "。",
)


def assert_both_states(old: Report, new: Report) -> None:
    data = to_redline(new, old, AUTHOR)
    assert resolve(data, accept=True) == resolve(docx_of(new or EMPTY), accept=True)
    assert resolve(data, accept=False) == resolve(docx_of(old or EMPTY), accept=True)


EMPTY = (Paragraph("body", "", ""),)


def changed_text(report: Report, rng: random.Random) -> Report:
    place = rng.randrange(len(report))
    text = report[place].full
    a = rng.randint(0, len(text))
    b = min(len(text), a + rng.choice((0, 1, 2, 5, 20)))
    text = (text[:a] + rng.choice(("", *PHRASES)) + text[b:]).strip()
    made = Paragraph(report[place].kind, "", text) if text else None
    return (*report[:place], *((made,) if made else ()), *report[place + 1 :])


def number_changed(report: Report, rng: random.Random) -> Report:
    place = rng.randrange(len(report))
    text = re.sub(r"\d+", lambda m: str(int(m[0]) + rng.randint(0, 9)), report[place].full)
    return (*report[:place], replace(report[place], number="", text=text), *report[place + 1 :])


def dropped(report: Report, rng: random.Random) -> Report:
    a = rng.randrange(len(report))
    return report[:a] + report[a + rng.choice((1, 1, 1, 3, 40)) :]


def added(report: Report, rng: random.Random) -> Report:
    a = rng.choice((0, len(report), rng.randint(0, len(report))))
    text = "".join(rng.choice(PHRASES) for _ in range(rng.randint(1, 6))).strip() or "新增。"
    made = paragraphs_of_text("\n".join([text] * rng.choice((1, 1, 2))))
    return (*report[:a], *made, *report[a:])


def moved(report: Report, rng: random.Random) -> Report:
    rest = list(report)
    one = rest.pop(rng.randrange(len(rest)))
    rest.insert(rng.randint(0, len(rest)), one)
    return tuple(rest)


def joined(report: Report, rng: random.Random) -> Report:
    if len(report) < 2:
        return report
    a = rng.randrange(len(report) - 1)
    one = Paragraph(report[a].kind, "", report[a].full + report[a + 1].full)
    return (*report[:a], one, *report[a + 2 :])


def parted(report: Report, rng: random.Random) -> Report:
    a = rng.randrange(len(report))
    text = report[a].full
    cut = rng.randint(0, len(text))
    parts = [piece for piece in (text[:cut].strip(), text[cut:].strip()) if piece]
    return (*report[:a], *(Paragraph("body", "", piece) for piece in parts), *report[a + 1 :])


def restyled(report: Report, rng: random.Random) -> Report:
    a = rng.randrange(len(report))
    kind = rng.choice(KINDS)
    lead = rng.randint(0, min(8, len(report[a].full))) if kind == "body" else 0
    one = Paragraph(kind, "", report[a].full, lead, "heading2")
    return (*report[:a], one, *report[a + 1 :])


EDITS: tuple[Callable[[Report, random.Random], Report], ...] = (
    changed_text,
    number_changed,
    dropped,
    added,
    moved,
    joined,
    parted,
    restyled,
)


def test_two_hundred_random_edits() -> None:
    rng = random.Random(20261121)  # noqa: S311
    for _ in range(200):
        new = START
        for _ in range(rng.choice((1, 1, 2, 4, 9))):
            new = rng.choice(EDITS)(new, rng) if new else START[:3]
        assert_both_states(START, new)
        assert_both_states(new, START)


LINES = st.lists(st.text("一二（）、。甲乙丙12. \t“”…", max_size=12), max_size=7).map("\n".join)


@settings(max_examples=120, deadline=None)
@given(LINES, LINES)
def test_any_two_texts(old: str, new: str) -> None:
    assert_both_states(paragraphs_of_text(old), paragraphs_of_text(new))


def test_what_stays_is_not_marked_and_numbers_change_whole() -> None:
    old = paragraphs_of_text("全年召开党组会12次，覆盖各支部，整改问题19个。")
    new = paragraphs_of_text("全年召开党组会14次，覆盖8个支部，整改问题19个。")
    made = [(piece.op, piece.text) for piece in pieces_of(old[0], new[0], {})]
    assert made == [
        ("=", "全年召开党组会"),
        ("-", "12"),
        ("+", "14"),
        ("=", "次，覆盖"),
        ("-", "各"),
        ("+", "8个"),
        ("=", "支部，整改问题19个。"),
    ]


def test_a_paragraph_rewritten_is_shown_as_replaced() -> None:
    old = paragraphs_of_text("每季度召开一次专题会研究。")
    new = paragraphs_of_text("投入经费改善阵地条件，新建活动室两个。")
    assert [piece.op for piece in pieces_of(old[0], new[0], {})] == ["-", "+"]


def test_an_edited_paragraph_is_paired_and_a_new_one_is_not() -> None:
    kept, old, new = "甲。", "全年召开党组会12次。", "全年召开党组会14次。"
    rows = align(
        paragraphs_of_text(f"{kept}\n{old}\n{kept}"),
        paragraphs_of_text(f"{kept}\n投入经费两万元改善阵地。\n{new}\n{kept}"),
    )
    assert [(row.old, row.new) for row in rows] == [(0, 0), (None, 1), (1, 2), (2, 3)]


def test_an_unchanged_report_has_no_marks() -> None:
    assert not re.search(
        "<w:(ins|del|pPrChange)", part(to_redline(START, START, AUTHOR), "word/document.xml")
    )


def test_changes_name_their_author_and_time_and_are_numbered_apart() -> None:
    xml = part(to_redline(START[:-3], START, AUTHOR), "word/document.xml")
    tags = re.findall(
        '<w:(?:ins|del|pPrChange) w:id="(\\d+)" w:author="([^"]*)" w:date="([^"]*)"', xml
    )
    assert {(name, when) for _, name, when in tags} == {
        ("某某&lt;审&amp;核&gt;", "2026-11-21T08:30:00Z")
    }
    assert len({number for number, _, _ in tags}) == len(tags) > 0


def test_paragraphs_at_the_end_leave_no_empty_one() -> None:
    more = (*START, *paragraphs_of_text("附件：清单\n甲\n乙"))
    assert texts(resolve(to_redline(more, START, AUTHOR), accept=False))[-1] == START[-1].full
    assert texts(resolve(to_redline(START, more, AUTHOR), accept=True))[-1] == START[-1].full


@pytest.mark.parametrize(("old", "new"), [("", "甲。\n乙。"), ("甲。\n乙。", ""), ("", "")])
def test_nothing_against_something(old: str, new: str) -> None:
    assert_both_states(paragraphs_of_text(old), paragraphs_of_text(new))
