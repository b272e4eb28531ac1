"""The edited Word file comes back: every edit in its place, nothing lost, each taken or refused."""

import random
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafter.export import Author, paragraphs, to_docx, to_redline
from drafter.export.layout import legal
from drafter.returning import (
    EditedText,
    Line,
    Returned,
    ReturnedSection,
    compare,
    refuse_all,
    refuse_one,
    returned,
    take_all,
    take_one,
    text_with,
)
from drafter.returning.differences import difference, take_apart
from drafter.types import Draft
from index.errors import UnreadableFile
from tests.export_cases import REPORT, long_report
from tests.returning_cases import DRAFT, NEW_TEXTS
from tests.returning_edits import EDITS, WHEN, WHO, Row, WordFile, mark_end, retext, run, tracked

NAME = "领导改过的.docx"


def lines_of(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


def section(back: Returned, section_id: str) -> ReturnedSection:
    (found,) = [s for s in back.sections if s.section_id == section_id]
    return found


def read(draft: Draft, *lines: str) -> Returned:
    """Compare a text without styles, as of a file in which all formatting was lost."""
    return compare(draft, EditedText(tuple(Line(line) for line in lines)))


def exported(draft: Draft) -> list[str]:
    return [paragraph.full for paragraph in paragraphs(draft)]


@pytest.mark.parametrize("draft", [DRAFT, REPORT, long_report()])
def test_what_comes_back_untouched_has_no_change(draft: Draft) -> None:
    back = returned(draft, NAME, to_docx(draft))
    assert back.is_unchanged
    assert [s.section_id for s in back.sections] == [s.id for s in draft.sections]
    for kept, own in zip(back.sections, draft.sections, strict=True):
        assert (kept.old, kept.new, kept.changes) == (own.text, own.text, ())
        assert kept.heading == kept.old_heading == own.heading


@pytest.mark.parametrize("seed", range(50))
def test_fifty_random_edits_come_back_in_place(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311
    file = WordFile(DRAFT, rng)
    for _ in range(rng.choice((1, 2, 3, 5, 8))):
        rng.choice(EDITS)(file)
    back = returned(DRAFT, NAME, file.saved())
    found = {s.section_id: (s.heading, lines_of(s.new)) for s in back.sections}
    assert found == file.expected()
    assert back.title == DRAFT.title
    anchored = {comment.text for comment in back.comments}
    for row, text in file.comments:
        here = {comment.text for comment in section(back, row.owner).comments}
        assert text in here | anchored
    for kept in back.sections:
        assert_choices_work(kept)


def assert_choices_work(kept: ReturnedSection) -> None:
    everything = range(len(kept.changes))
    assert text_with(kept, everything) == take_all(kept) == kept.new
    assert text_with(kept, ()) == refuse_all(kept) == kept.old
    for number, change in enumerate(kept.changes):
        assert kept.old[change.start : change.end] == change.before
        assert change.before != change.after
        others = set(everything) - {number}
        assert take_one(kept, number) == text_with(kept, {number})
        assert refuse_one(kept, number) == text_with(kept, others)


LINES = st.lists(
    st.text("甲乙丙一二12，。“”（）　 ", min_size=1, max_size=9).filter(lambda t: t.strip()),
    max_size=6,
)


@settings(max_examples=150, deadline=None)
@given(st.text("甲乙丙一12，。\n\r　 \x0b", max_size=40), LINES, st.data())
def test_any_text_against_any_lines(old: str, raw: list[str], data: st.DataObject) -> None:
    lines = [line.strip() for line in raw]
    made = difference(old, lines)
    assert [legal(line).strip() for line in take_apart(made.new).lines] == lines
    for start, line in zip(made.starts, lines, strict=True):
        assert legal(made.new[start:]).startswith(line)
    kept = ReturnedSection("S1", "", "", "", 1, old, made.new, "edited", made.changes)
    assert_choices_work(kept)
    taken = data.draw(st.sets(st.sampled_from(range(max(1, len(made.changes))))))
    assert set(text_with(kept, taken)) <= {*old, *made.new}


BODY = [f"（{n}）" if n in "一二三" else n for n in "一二三甲乙丙丁"]
ANY_LINE = st.lists(
    st.sampled_from([*exported(DRAFT), *NEW_TEXTS, *BODY, "三、新增一节", "（四）再添一节"]),
    max_size=14,
)


@settings(max_examples=120, deadline=None)
@given(ANY_LINE)
def test_nothing_that_came_back_is_lost_and_every_section_is_there_once(lines: list[str]) -> None:
    back = read(DRAFT, *lines)
    told = (
        "".join(back.above)
        + back.title
        + "".join(s.number + s.heading + s.new for s in back.sections)
    )
    bare = Counter("".join(told.split()))
    assert bare == Counter("".join("".join(lines).split()))
    ids = [s.section_id for s in back.sections if s.section_id]
    assert sorted(ids) == sorted(s.id for s in DRAFT.sections)
    for kept in back.sections:
        assert_choices_work(kept)


def test_one_change_is_taken_without_the_others() -> None:
    lines = exported(DRAFT)
    at = next(n for n, line in enumerate(lines) if line.startswith("二是抓督查"))
    lines[at] = lines[at].replace("14次", "16次").replace("31个", "33个")
    kept = section(read(DRAFT, *lines), "S3")
    assert [(c.before, c.after) for c in kept.changes] == [("14", "16"), ("31", "33")]
    assert "督查16次" in take_one(kept, 0)
    assert "问题31个" in take_one(kept, 0)
    assert "\n\n二是" in take_one(kept, 0)  # the empty line of the draft stays


def test_a_change_names_who_made_it_and_when() -> None:
    for seed in range(8):
        file = WordFile(DRAFT, random.Random(seed))  # noqa: S311
        EDITS[4](file)
        back = returned(DRAFT, NAME, file.saved())
        (kept,) = [s for s in back.sections if s.kind == "edited"]
        assert {(c.author, c.date) for c in kept.changes} == {(WHO, WHEN)}
        assert {t.kind for t in kept.tracked} == {"insert", "delete"}
        for mark in kept.tracked:
            if mark.kind == "insert":
                assert kept.new[mark.start : mark.end] == mark.text


def test_a_comment_stands_at_the_words_it_is_about() -> None:
    for seed in range(8):
        file = WordFile(DRAFT, random.Random(seed))  # noqa: S311
        EDITS[5](file)
        ((row, text),) = file.comments
        kept = section(returned(DRAFT, NAME, file.saved()), row.owner)
        (said,) = kept.comments
        assert (said.author, said.date, said.text) == (WHO, WHEN, text)
        assert said.quoted == kept.new[said.start : said.end].strip() != ""
        assert kept.kind == "same"


def test_our_own_redline_comes_back_as_the_new_text() -> None:
    old = paragraphs(DRAFT)
    edited = replace(
        DRAFT,
        sections=tuple(
            replace(s, text=s.text.replace("14次", "15次")) if s.id == "S3" else s
            for s in DRAFT.sections
            if s.id != "S8"
        ),
    )
    back = returned(DRAFT, NAME, to_redline(paragraphs(edited), old, Author("科长")))
    assert [(s.section_id, s.kind) for s in back.sections if s.kind != "same"] == [
        ("S3", "edited"),
        ("S8", "removed"),
    ]
    assert {c.author for s in back.sections for c in s.changes} == {"科长"}


def without(section_id: str) -> list[str]:
    kept = replace(DRAFT, sections=tuple(s for s in DRAFT.sections if s.id != section_id))
    return exported(kept)


def test_a_section_that_was_removed_is_told() -> None:
    back = read(DRAFT, *without("S4"))
    gone = section(back, "S4")
    assert (gone.kind, gone.new) == ("removed", "")
    assert [s.kind for s in back.sections if s.section_id != "S4"] == ["same"] * 9
    at = [s.section_id for s in back.sections].index("S4")
    assert back.sections[at - 1].section_id == "S3"


def test_a_section_that_was_added_is_new() -> None:
    lines = exported(DRAFT)
    at = next(n for n, line in enumerate(lines) if line.startswith("二、"))
    back = read(DRAFT, *lines[:at], "（四）抓好新业态党建", *NEW_TEXTS[:2], *lines[at:])
    new = next(s for s in back.sections if s.section_id is None)
    assert (new.kind, new.heading, new.level) == ("new", "抓好新业态党建", 2)
    assert lines_of(new.new) == list(NEW_TEXTS[:2])
    assert {s.kind for s in back.sections if s.section_id} == {"same"}


def test_sections_run_together_are_told_as_merged() -> None:
    lines = exported(DRAFT)
    lines = [line for line in lines if "队伍力量不够强" not in line]
    back = read(DRAFT, *lines)
    gone, into = section(back, "S8"), section(back, "S7")
    assert (gone.kind, gone.partner) == ("merged", "S7")
    assert "协管人员" in into.new


def test_a_section_cut_in_two_is_told_as_split() -> None:
    lines = exported(DRAFT)
    at = next(n for n, line in enumerate(lines) if line.startswith("三是严考核"))
    back = read(DRAFT, *lines[:at], "（二）从严考核奖惩", *lines[at:])
    cut = next(s for s in back.sections if s.section_id is None)
    assert (cut.kind, cut.partner, cut.heading) == ("split", "S3", "从严考核奖惩")
    assert section(back, "S3").new.endswith("整改29个。")


def test_a_section_rewritten_from_heading_to_end_keeps_its_place() -> None:
    lines = exported(DRAFT)
    start = next(n for n, line in enumerate(lines) if line.startswith("（二）用好"))
    end = next(n for n, line in enumerate(lines) if line.startswith("（三）建强"))
    back = read(DRAFT, *lines[:start], "（二）强化宣传引导", NEW_TEXTS[0], *lines[end:])
    kept = section(back, "S4")
    assert (kept.kind, kept.heading, kept.new.strip()) == ("edited", "强化宣传引导", NEW_TEXTS[0])


def test_sections_under_one_heading_are_told_apart() -> None:
    twice = replace(
        DRAFT,
        sections=tuple(
            replace(s, heading="思想建设方面") if s.id in ("S3", "S7") else s
            for s in DRAFT.sections
        ),
    )
    back = read(twice, *exported(twice))
    assert back.is_unchanged


def test_a_heading_run_into_its_text_is_still_its_heading() -> None:
    lines = exported(DRAFT)
    at = next(n for n, line in enumerate(lines) if line.startswith("（一）扛牢"))
    back = read(DRAFT, *lines[:at], f"{lines[at]}。{lines[at + 1]}", *lines[at + 2 :])
    kept = section(back, "S3")
    assert kept.heading.rstrip("。") == "扛牢主体责任，层层传导压力"
    assert kept.changes == ()


def test_an_ending_rewritten_is_still_the_ending() -> None:
    lines = exported(DRAFT)
    back = read(DRAFT, *lines[:-3], "不当之处，敬请批评指正。")
    assert section(back, "S10").new == "不当之处，敬请批评指正。"
    assert section(back, "S9").kind == "same"


def test_a_title_reworded_or_broken_is_still_the_title() -> None:
    lines = exported(DRAFT)
    half = len(lines[0]) // 2
    broken = read(DRAFT, lines[0][:half], lines[0][half:], *lines[1:])
    assert broken.is_unchanged
    other = read(DRAFT, lines[0].replace("2026年度", "2026年"), *lines[1:])
    assert not other.is_unchanged
    assert {s.kind for s in other.sections} == {"same"}


def test_a_whole_deleted_line_is_shown_where_it_was() -> None:
    file = WordFile(DRAFT, random.Random(1))  # noqa: S311
    row = next(row for row in file.rows if row.text.startswith("二是抓督查"))
    delete(file, row)
    kept = section(returned(DRAFT, NAME, file.saved()), "S3")
    (change,) = kept.changes
    assert (change.before.strip(), change.after, change.author) == (row.text, "", WHO)
    assert [t.text for t in kept.tracked if t.kind == "delete"] == [row.text]


def delete(file: WordFile, row: Row) -> None:
    retext(row, tracked("del", run(row.text, "delText")))
    mark_end(row.element, "del")


@pytest.mark.parametrize("data", [b"", b"\xd0\xcf\x11\xe0" + b"\0" * 600, b"PK\x03\x04", b"text"])
def test_what_is_no_word_file_is_refused_in_chinese(data: bytes) -> None:
    with pytest.raises(UnreadableFile) as refused:
        returned(DRAFT, NAME, data)
    assert NAME in refused.value.message
    assert refused.value.hint
