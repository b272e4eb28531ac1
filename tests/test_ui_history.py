"""History, milestones, undo and two windows, handler by handler: a real workspace, no page."""

# ruff: noqa: F811 - fixtures are arguments of the same name

import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from drafter.errors import ExportError, InputError
from drafter.snapshots import Compared, Entry, MomentInfo
from drafter.structure import Cut, Line, Step, Stray
from drafter.types import DraftSection, SectionState, Version
from drafter.ui.desk import Desk
from drafter.ui.history_view import (
    UNKNOWN,
    bursts,
    compare_html,
    comparison,
    conflict_buttons,
    conflict_html,
    history_html,
)
from drafter.ui.moments_view import compare_moment_html, moments_html
from drafter.ui.outgoing import Outgoing
from drafter.ui.structure_view import line_html, split_html, strays_html
from drafter.ui.watching import Watching
from tests.test_ui_desk import Browser, act, browser, desk, told, workspace  # noqa: F401 - fixtures

EVIL = "<img src=x onerror=alert(1)>\"'&"
SECTION = DraftSection("S1", EVIL, 2, "成效", EVIL, ("F1",), (), False)
STATE = SectionState(SECTION, 3, 100, None, ())
WHEN = "2026-01-01T08:00:00+00:00"
MOMENT = MomentInfo(1, EVIL, True, WHEN, 12)


def entry(number: int, second: int, text: str, came: str = "手工修改") -> Entry:
    when = f"2026-01-01T08:00:{second:02}+00:00"
    return Entry(
        Version(number, "S1", None, "human", text, None, when), "current", came, None, False
    )


def by_model(number: int, text: str) -> Entry:
    made = entry(number, 1, text, "")
    return replace(made, version=replace(made.version, author="model"))


def test_history_joins_typing_but_never_hides_a_larger_change() -> None:
    long = "写了很久的一段文字，" * 8
    entries = [
        entry(7, 33, long[:-1], "拆分"),  # close to what came before, and yet not typing
        entry(6, 30, long),  # restored: the text of version 3 again
        entry(5, 20, "短"),  # everything deleted
        entry(4, 15, long + "完"),
        entry(3, 14, long),
        entry(2, 13, long[:-2]),
        by_model(1, "模型写的"),
    ]
    groups = bursts(entries)
    shown = [group[0].version.id for group in groups]
    assert 4 in shown
    assert {7, 6, 5, 1} <= set(shown)
    assert sum(len(group) for group in groups) == 7
    assert len(groups) < 7


def test_one_entry_alone_is_the_text_as_it_is() -> None:
    now = replace(STATE, section=replace(SECTION, text="现在的字"))
    entries = [
        entry(3, 30, "现在的字", "恢复"),
        entry(2, 20, "别的", "拆分"),
        entry(1, 1, "现在的字", "拆分"),
    ]
    html = history_html(now, entries, {})
    assert html.count('<span class="now">现稿</span>') == 1
    assert html.count('<span class="now">与现稿相同</span>') == 1


@pytest.mark.parametrize(
    "html",
    [
        history_html(STATE, [entry(1, 1, EVIL + "!", EVIL)], {1: [EVIL]}),
        compare_html("S1", EVIL, entry(1, 1, EVIL + "!"), None, EVIL),
        conflict_html("S1", entry(1, 1, EVIL).version),
        conflict_buttons(EVIL, 1),
        moments_html([MOMENT], True),
        compare_moment_html(MOMENT, [Compared("S1", SECTION, replace(SECTION, text="改"))]),
        compare_moment_html(MOMENT, [Compared("S1", SECTION, None), Compared("S2", None, SECTION)]),
        line_html(Line(Step(1, EVIL, 1, 2), Step(2, EVIL, 1, 2), 1, 1)),
        split_html("S1", EVIL, 1, EVIL, [Cut(3, EVIL, ("F1",))]),
        strays_html("S1", [Stray("F1", "still", "S2")], {"S2": EVIL}, writable=True),
    ],
)
def test_nothing_a_person_wrote_becomes_markup(html: str) -> None:
    assert "<img" not in html


def test_side_by_side_gives_back_both_texts() -> None:
    old, new = "召开会议12次。\n学习9次。", "召开党组会12次。\n新增一句。"
    found = re.search(
        r'side-by-side"><div[^>]*>(.*?)</div><div[^>]*>(.*?)</div>', comparison(old, new)
    )
    assert found is not None
    plain = [unescape(re.sub("<[^>]+>", "", side.replace("<br>", "\n"))) for side in found.groups()]
    assert plain == [old, new]


def test_a_version_says_from_what_it_came(desk: Desk, browser: Browser) -> None:
    doc, first, _ = two_written(desk, browser)
    old = desk.workspace.history(doc, first)[-1].id
    type_in(desk, browser, first, "全部改写成别的样子，一个字也不留。")
    act(desk, browser, do="restore", id=first, version=str(old))
    html = browser.values["ev_history"]
    assert "手工修改" in html
    assert "恢复（" in html
    assert UNKNOWN not in html


def test_any_two_versions_are_compared(desk: Desk, browser: Browser) -> None:
    doc, first, _ = two_written(desk, browser)
    before = desk.workspace.history(doc, first)[0]
    type_in(desk, browser, first, before.text.replace("召开", "组织"))
    act(desk, browser, do="compare", id=first, a=str(before.id), b="now")
    assert "<del>召开</del><ins>组织</ins>" in browser.values["dialog"]
    act(desk, browser, do="select", id=first)
    assert browser.values["dialog"] == ""
    with pytest.raises(InputError):
        act(desk, browser, do="compare", id=first, a="99999", b="now")


def test_a_milestone_is_compared_restored_and_that_undone(
    desk: Desk,
    browser: Browser,
) -> None:
    doc, first, second = two_written(desk, browser)
    act(desk, browser, do="milestone", name=" 送审稿 ")
    assert "送审稿" in browser.values["ev_document"]
    kept = desk.workspace.section(doc, first).section.text
    type_in(desk, browser, first, "送审以后改的。")
    act(desk, browser, do="drop", id=second)
    moment = next(m for m in desk.workspace.past.moments(doc) if m.milestone)
    act(desk, browser, do="compare-moment", id=str(moment.id))
    assert "后来删去了" in browser.values["dialog"]
    act(desk, browser, do="restore-moment", id=str(moment.id))
    assert desk.workspace.section(doc, first).section.text == kept
    assert second in {s.section.id for s in desk.workspace.sections(doc)}
    undo(desk, browser, doc)
    assert desk.workspace.section(doc, first).section.text == "送审以后改的。"
    assert second not in {s.section.id for s in desk.workspace.sections(doc)}
    for useless in ("", "长" * 41):
        with pytest.raises(InputError):
            act(desk, browser, do="milestone", name=useless)


def test_snapshots_come_by_themselves(desk: Desk, browser: Browser) -> None:
    doc, _, second = two_written(desk, browser)
    act(desk, browser, do="drop", id=second)
    paste = desk.workspace.paste(doc) + "3. 慰问困难党员8人次\n"
    browser.show(desk.arrange(told(), str(doc), paste, "", *browser.pairs))
    names = {moment.name for moment in desk.workspace.past.moments(doc)}
    assert any(name.startswith("删除《") for name in names)
    assert "整理要点前" in names


def test_a_section_is_split_on_the_page_and_put_together_again(
    desk: Desk,
    browser: Browser,
) -> None:
    doc, first, _ = two_written(desk, browser)
    text = desk.workspace.section(doc, first).section.text
    act(desk, browser, do="split", id=first)
    found = re.search(r'data-rev="(\d+)" data-at="(\d+)"', browser.values["dialog"])
    assert found is not None
    rev, at = found.groups()
    act(desk, browser, do="split-at", id=first, rev=rev, at=at, heading="从严教育党员")
    assert desk.workspace.section(doc, browser.values["selected"]).section.heading == "从严教育党员"
    assert browser.values["dialog"] == ""
    undo(desk, browser, doc)
    assert desk.workspace.section(doc, first).section.text == text
    assert "重做：拆分" in browser.values["toc"]


def test_both_sections_are_told_of_a_fact_that_moved(
    desk: Desk,
    browser: Browser,
) -> None:
    doc, first, second = two_written(desk, browser)
    fact = desk.workspace.section(doc, first).section.fact_ids[0]
    act(desk, browser, do="move-fact", id=fact, to=second)
    assert f"仍写着 {fact}" in browser.values[f"pane.{browser.card(first)}"]
    missing = browser.values[f"pane.{browser.card(second)}"]
    assert f"{fact} 未写" in missing
    assert 'data-do="rewrite"' in missing
    undo(desk, browser, doc)
    assert "仍写着" not in browser.values[f"pane.{browser.card(first)}"]


def test_two_windows_on_one_section_lose_nothing_and_both_are_told(
    desk: Desk,
    browser: Browser,
) -> None:
    doc, first, other = two_windows(desk, browser)
    assert "用我的" in other.values["message"]
    other.values["message"] = ""
    type_in(desk, other, first, "乙改的。又打一句。")  # told once, kept every time, wins never
    assert other.values["message"] == ""
    assert desk.workspace.section(doc, first).section.text == "甲改的。"
    assert len(desk.workspace.past.conflicts(doc)) == 1

    watching = Watching(desk)
    browser.show(watching.look(told("page-1"), *browser.where, *browser.pairs[:32]))
    assert "后存的一稿" in browser.values[f"pane.{browser.card(first)}"]

    act(desk, other, do="select", id=first)  # whatever else is done, one's own text stays in sight
    assert other.values[f"editor.{other.card(first)}"] == "乙改的。又打一句。"
    lost = str(desk.workspace.past.conflicts(doc)[first].id)
    act(desk, other, do="settle", id=first, version=lost, take="1")
    assert desk.workspace.section(doc, first).section.text == "乙改的。又打一句。"
    texts = {version.text for version in desk.workspace.history(doc, first)}
    assert {"甲改的。", "乙改的。", "乙改的。又打一句。"} <= texts
    assert not desk.workspace.past.conflicts(doc)
    browser.show(watching.look(told("page-1"), *browser.where, *browser.pairs[:32]))
    browser.show(watching.look(told("page-1"), *browser.where, *browser.pairs[:32]))
    assert "在另一个窗口里改过" in browser.values["message"]
    act(desk, browser, do="refresh")
    assert browser.values[f"editor.{browser.card(first)}"] == "乙改的。又打一句。"
    assert watching.look(told("page-1"), *browser.where, *browser.pairs[:32]) == {}


def test_taking_the_others_text_keeps_ones_own_in_the_history(
    desk: Desk,
    browser: Browser,
) -> None:
    doc, first, other = two_windows(desk, browser)
    act(desk, other, do="settle", id=first, version="0", take="0")
    assert other.values[f"editor.{other.card(first)}"] == "甲改的。"
    assert "乙改的。" in {version.text for version in desk.workspace.history(doc, first)}
    type_in(desk, other, first, "甲改的。接着写。")
    assert desk.workspace.section(doc, first).section.text == "甲改的。接着写。"


def two_windows(desk: Desk, browser: Browser) -> tuple[int, str, Browser]:
    """Write one section in two windows; return document, section and the later window."""
    doc, first, _ = two_written(desk, browser)
    other = Browser("page-2").show(desk.open(told("page-2")))
    type_in(desk, browser, first, "甲改的。")
    type_in(desk, other, first, "乙改的。")
    return doc, first, other


def two_written(desk: Desk, page: Browser) -> tuple[int, str, str]:
    """Write two sections with facts; return the document and both ids."""
    doc = int(page.values["doc_id"])
    sections = [s.section for s in desk.workspace.sections(doc) if s.section.fact_ids]
    sheet = desk.workspace.sheet(doc)
    assert sheet is not None
    facts = {f.id: f.text for f in sheet.facts}
    for section in sections[:2]:
        told_facts = "".join(f"{facts[i]}。" for i in section.fact_ids)
        type_in(desk, page, section.id, f"{told_facts}工作扎实推进。")
    return doc, sections[0].id, sections[1].id


def type_in(desk: Desk, page: Browser, section: str, text: str) -> None:
    card = page.card(section)
    page.values[f"editor.{card}"] = text
    stamp = page.values[f"stamp.{card}"]
    desk.focused[page.session] = section
    for updates in desk.save(told(page.session), stamp, text, *page.where[:2]):
        own = ("stamp", "head", "marks", "pane")
        page.show({f"{n}.{card}" if n in own else n: value for n, value in updates.items()})


def undo(desk: Desk, page: Browser, doc: int) -> None:
    step = desk.workspace.structure.line(doc).undo
    assert step is not None
    act(desk, page, do="undo-step", id=str(step.id))


def test_a_milestone_is_the_base_of_a_redline(desk: Desk, browser: Browser, tmp_path: Path) -> None:
    doc, first, _ = two_written(desk, browser)
    act(desk, browser, do="milestone", name="送审稿")
    outgoing = Outgoing(desk, tmp_path)
    bases = dict(outgoing.show(told(), str(doc))["redline_base"]["choices"])
    base = bases["里程碑“送审稿”"]
    with pytest.raises(ExportError, match="一字不差"):
        outgoing.redline(told(), str(doc), base, *browser.pairs)
    type_in(desk, browser, first, "送审以后改的。")
    made = outgoing.redline(told(), str(doc), base, *browser.pairs)
    assert "修订稿" in made["download"]["value"]


def test_an_automatic_snapshot_is_a_base_too(desk: Desk, browser: Browser, tmp_path: Path) -> None:
    doc, first, _ = two_written(desk, browser)
    desk.workspace.past.automatic(doc, "重新整理前")
    type_in(desk, browser, first, "后来改的。")
    outgoing = Outgoing(desk, tmp_path)
    bases = dict(outgoing.show(told(), str(doc))["redline_base"]["choices"])
    (base,) = [value for label, value in bases.items() if label.endswith("重新整理前")]
    made = outgoing.redline(told(), str(doc), base, *browser.pairs)
    assert "修订稿" in made["download"]["value"]
