"""An edited file comes back, through the composer: kept, decided piece by piece, taken back."""

import io
import zipfile
from pathlib import Path

import docx
import pytest

from drafter import receiving as receiving_module
from drafter.errors import InputError
from drafter.receiving import Received, Returned, ReturnedSection
from drafter.returned_parts import part_key, part_of
from drafter.ui.returned_view import returned_html
from drafter.workflow import Workspace
from index.errors import UnreadableFile
from tests.fakes import FakeChat, FakeEmbedder
from tests.test_handing import TEXT, body, desk, doc, edited, text_of, write  # noqa: F401 - fixtures


def came_back(desk: Workspace, doc: int, data: bytes) -> tuple[Received, Returned]:  # noqa: F811
    received = desk.receiving.receive(doc, "改.docx", data)
    return received, desk.receiving.compared(doc, received)


def sent(desk: Workspace, doc: int) -> bytes:  # noqa: F811
    return desk.handing.report(doc, "docx")[1]


def saved(document: "docx.document.Document") -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def part(back: Returned, kind: str) -> ReturnedSection:
    return next(s for s in back.sections if s.kind == kind)


def headings(desk: Workspace, doc: int) -> list[str]:  # noqa: F811
    return [state.section.heading for state in desk.sections(doc)]


def test_one_change_is_taken_and_the_other_stays_open(desk: Workspace, doc: int) -> None:  # noqa: F811
    data = edited(edited(sent(desk, doc), "压实责任", "扛牢责任"), "5名", "6名")
    received, _ = came_back(desk, doc, data)
    section = body(desk, doc)
    before = desk.history(doc, section)[0]
    desk.receiving.taking.text(doc, received.edited, section, lambda _: {0})
    assert text_of(desk, doc) == TEXT.replace("压实", "扛牢")
    newest = desk.history(doc, section)[0]
    assert (newest.author, newest.parent_id) == ("human", before.id)
    back = desk.receiving.compared(doc, received)
    left = next(s for s in back.sections if s.section_id == section)
    assert [(c.before, c.after) for c in left.changes] == [("5", "6")]
    desk.receiving.taking.text(doc, received.edited, section, lambda _: {0})
    assert desk.history(doc, section)[0].parent_id == newest.id
    assert desk.receiving.compared(doc, received).is_unchanged
    with pytest.raises(InputError):
        desk.receiving.taking.text(doc, received.edited, section, lambda _: {0})


def test_what_the_reader_left_alone_is_told_from_what_he_changed(
    desk: Workspace,  # noqa: F811
    doc: int,  # noqa: F811
) -> None:
    out = sent(desk, doc)
    section = body(desk, doc)
    write(desk, doc, section, TEXT + "\n三是导出以后加的一句。")
    _, back = came_back(desk, doc, out)
    assert desk.receiving.untouched(doc, back) == {section}
    _, changed = came_back(desk, doc, edited(out, "5名", "6名"))
    assert desk.receiving.untouched(doc, changed) == frozenset()


def test_a_comment_on_a_section_that_stays_as_it_is_is_shown(
    desk: Workspace,  # noqa: F811
    doc: int,  # noqa: F811
) -> None:
    document = docx.Document(io.BytesIO(sent(desk, doc)))
    place = next(p for p in document.paragraphs if p.text == TEXT.split("\n")[0])
    document.add_comment(place.runs, "再核一下这个数。", author="王局长")
    section = body(desk, doc)
    write(desk, doc, section, TEXT + "\n三是导出以后加的一句。")
    received, back = came_back(desk, doc, saved(document))
    kept = desk.receiving.untouched(doc, back)
    assert kept == {section}
    shown = returned_html(received, back, kept)
    assert "再核一下这个数" in shown and "导出以后加" not in shown


def test_a_heading_and_a_title_are_taken_and_given_back(desk: Workspace, doc: int) -> None:  # noqa: F811
    section = body(desk, doc)
    was, title = desk.section(doc, section).section.heading, desk.document(doc).title
    first = desk.receiving.taking.heading(doc, section, "扛牢责任")
    second = desk.receiving.taking.title(doc, "新的标题")
    assert desk.section(doc, section).section.heading == "扛牢责任"
    assert desk.document(doc).title == "新的标题"
    desk.receiving.taking.undo(doc, first)
    desk.receiving.taking.undo(doc, second)
    assert (desk.section(doc, section).section.heading, desk.document(doc).title) == (was, title)
    assert text_of(desk, doc) == TEXT
    with pytest.raises(InputError):
        desk.receiving.taking.undo(doc, first)


def test_file_and_decisions_outlive_the_program(
    desk: Workspace,  # noqa: F811
    doc: int,  # noqa: F811
    own_home: Path,
) -> None:
    came_back(desk, doc, edited(sent(desk, doc), "5名", "6名"))
    desk.receiving.refuse(doc, ["a", "b"])
    desk.receiving.handle(doc, "c")
    desk.receiving.close(doc)
    desk.close()
    again = Workspace(own_home, chat=FakeChat("好。"), embedder=FakeEmbedder())
    kept = again.receiving.received(doc)
    assert kept is not None
    assert (kept.name, kept.is_closed) == ("改.docx", True)
    assert (sorted(kept.refused), sorted(kept.handled)) == (["a", "b"], ["c"])
    again.receiving.close(doc, closed=False)
    assert again.receiving.compared(doc, kept).sections
    other = again.create_document("别的").id
    assert again.receiving.received(other) is None
    # Another file begins with nothing decided.
    fresh = again.receiving.receive(doc, "再改.docx", sent(again, doc))
    assert (fresh.name, fresh.refused, fresh.is_closed) == ("再改.docx", frozenset(), False)
    again.close()


def test_a_file_that_cannot_be_read_leaves_the_one_before(desk: Workspace, doc: int) -> None:  # noqa: F811
    came_back(desk, doc, sent(desk, doc))
    with pytest.raises(UnreadableFile):
        desk.receiving.receive(doc, "坏.docx", b"PK\x03\x04nothing")
    kept = desk.receiving.received(doc)
    assert kept is not None
    assert kept.name == "改.docx"


def test_a_large_file_is_kept_without_its_pictures(
    desk: Workspace,  # noqa: F811
    doc: int,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(receiving_module, "_WHOLE_BYTES", 1000)
    data = edited(sent(desk, doc), "5名", "6名")
    with zipfile.ZipFile(big := io.BytesIO(data), "a") as packed:
        packed.writestr("word/media/image1.png", b"\x89PNG" + bytes(range(256)) * 3000)
    received, back = came_back(desk, doc, big.getvalue())
    desk.receiving.refuse(doc, ["x"])  # read anew from the database
    assert [c.after for s in back.sections for c in s.changes] == ["6"]
    kept = desk.receiving._store.returned.of(doc)
    assert kept is not None
    assert b"image1.png" not in kept.data
    assert received.edited.lines


def with_section(data: bytes, after: str, heading: str, *lines: str) -> bytes:
    """Return a Word file with a section put in behind the paragraph that has these words."""
    document = docx.Document(io.BytesIO(data))
    place = next(p for p in document.paragraphs if after in p.text)
    own = document.styles["Heading 1"]
    for line in reversed([heading, *lines]):
        made = document.add_paragraph(line, style=own if line == heading else None)
        place._p.addnext(made._p)
    return saved(document)


def test_a_section_that_was_added_is_planned_behind_the_one_before_it(
    desk: Workspace,  # noqa: F811
    doc: int,  # noqa: F811
) -> None:
    data = with_section(sent(desk, doc), "发展党员5名", "九、抓好阵地", "建成活动室3间。")
    received, back = came_back(desk, doc, data)
    before, facts = headings(desk, doc), desk.plan(doc)
    step, added = desk.receiving.taking.add(doc, received.edited, part_key(part(back, "new")))
    sections = [s.section for s in desk.sections(doc)]
    at = next(n for n, s in enumerate(sections) if s.id == body(desk, doc))
    assert (sections[at + 1].heading, sections[at + 1].text) == ("抓好阵地", "建成活动室3间。")
    assert sections[at + 1].role == sections[at].role
    (version,) = desk.history(doc, added)
    assert (version.author, version.parent_id) == ("human", None)
    assert desk.receiving.compared(doc, received).is_unchanged
    desk.receiving.taking.undo(doc, step)
    assert headings(desk, doc) == before
    assert desk.plan(doc) == facts


def test_a_section_split_in_word_takes_its_words_and_facts_along(
    desk: Workspace,  # noqa: F811
    doc: int,  # noqa: F811
) -> None:
    document = docx.Document(io.BytesIO(sent(desk, doc)))
    second = next(p for p in document.paragraphs if "发展党员5名" in p.text)
    style = document.styles["Heading 1"]
    second._p.addprevious(document.add_paragraph("二、建强队伍", style=style)._p)
    received, back = came_back(desk, doc, saved(document))
    split, old = part(back, "split"), body(desk, doc)
    step, added = desk.receiving.taking.add(doc, received.edited, part_key(split))
    first, new = desk.section(doc, old).section, desk.section(doc, added).section
    assert (first.text, new.text) == tuple(TEXT.split("\n"))
    assert ("F1" in first.fact_ids, "F2" in first.fact_ids) == (True, False)
    assert "F2" in new.fact_ids
    assert desk.receiving.compared(doc, received).is_unchanged
    desk.receiving.taking.undo(doc, step)
    assert desk.section(doc, old).section.text == TEXT
    assert {"F1", "F2"} <= set(desk.section(doc, old).section.fact_ids)


def removed(data: bytes, *words: str) -> bytes:
    """Return a Word file without the paragraphs that have these words."""
    document = docx.Document(io.BytesIO(data))
    for paragraph in document.paragraphs:
        if any(word in paragraph.text for word in words):
            paragraph._p.getparent().remove(paragraph._p)
    return saved(document)


def test_a_section_deleted_in_word_goes_with_one_click_and_comes_back(
    desk: Workspace,  # noqa: F811
    doc: int,  # noqa: F811
) -> None:
    section = body(desk, doc)
    heading = desk.section(doc, section).section.heading
    data = removed(sent(desk, doc), heading, "党组会", "发展党员5名")
    received, back = came_back(desk, doc, data)
    gone = next(s for s in back.sections if s.section_id == section)
    assert part_of(gone) == "drop"
    step = desk.receiving.taking.drop(doc, received.edited, part_key(gone))
    plan = desk.plan(doc)
    assert plan is not None
    assert section not in [s.id for s in plan.sections]
    assert {"F1", "F2"} <= set(plan.unplaced)
    desk.receiving.taking.undo(doc, step)
    assert text_of(desk, doc) == TEXT
    with pytest.raises(InputError):
        desk.receiving.taking.undo(doc, step)


def test_what_was_typed_since_gives_way_and_is_kept(desk: Workspace, doc: int) -> None:  # noqa: F811
    received, _ = came_back(desk, doc, edited(sent(desk, doc), "5名", "6名"))
    section = body(desk, doc)
    step = desk.receiving.taking.text(doc, received.edited, section, lambda _: {0})
    write(desk, doc, section, "后来又重写了。")
    assert desk.receiving.taking.undo(doc, step)
    assert text_of(desk, doc) == TEXT
    assert "后来又重写了。" in [version.text for version in desk.history(doc, section)]


def test_a_step_is_taken_back_after_a_restart_and_told_in_the_history(
    desk: Workspace,  # noqa: F811
    doc: int,  # noqa: F811
    own_home: Path,
) -> None:
    received, _ = came_back(desk, doc, edited(sent(desk, doc), "5名", "6名"))
    step, left = desk.receiving.taking.everything(doc, received.edited, frozenset(), frozenset())
    assert left == ()
    section = body(desk, doc)
    assert desk.past.entries(doc, section)[0].came == "收回修改稿"
    assert any("收回修改稿前" in moment.name for moment in desk.past.moments(doc))
    desk.close()
    again = Workspace(own_home, chat=FakeChat("好。"), embedder=FakeEmbedder())
    assert text_of(again, doc) == TEXT.replace("5名", "6名")
    again.receiving.taking.undo(doc, step)
    assert text_of(again, doc) == TEXT
    again.close()
