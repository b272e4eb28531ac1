"""A file that is no edit of the report cannot wipe it: it is told, and taken piece by piece."""

import io
import random
from itertools import permutations
from pathlib import Path

import docx
import pytest

from drafter.errors import InputError
from drafter.returning import EditedText, Line, read_edited
from drafter.returning.kinship import kinship
from drafter.types import Draft
from tests.export_cases import REPORT, section
from tests.returning_cases import DRAFT
from tests.returning_edits import EDITS, WordFile
from tests.returning_structure import BUILDS
from tests.test_returning_page import Bench
from tests.test_ui_desk import Browser
from tests.test_ui_outgoing import buttons, do

SAMPLES = sorted((Path(__file__).parents[1] / "samples").glob("*.txt"))
NOTICE = (
    "关于举办消防演练的通知",
    "各科室：",
    "定于3月6日下午在办公楼前举行消防演练，请全体人员准时参加，不得缺席。",
    "存在的问题",
    "去年演练时有人迟到，今年要点名，请各科室负责人提前安排好手头工作。",
)


def text_file(*lines: str) -> EditedText:
    return EditedText(tuple(Line(line.strip()) for line in lines if line.strip()))


def sample(path: Path) -> Draft:
    return Draft("", 2026, (section("S1", "", 1, "成效", path.read_text(encoding="utf-8")),))


def test_reports_of_the_same_trade_are_no_edits_of_each_other() -> None:
    drafts = [sample(path) for path in SAMPLES]
    for one, other in permutations(drafts, 2):
        kin = kinship(one, text_file(*other.sections[0].text.split("\n")))
        assert kin.share < 0.15
        assert "不像是" in kin.doubt


@pytest.mark.parametrize("draft", [DRAFT, REPORT])
def test_a_report_is_its_own_edit(draft: Draft) -> None:
    lines = (line for s in draft.sections for line in (s.heading, *s.text.split("\n")))
    assert kinship(draft, text_file(*lines)).share == 1.0


@pytest.mark.parametrize("seed", range(50))
def test_no_random_edits_make_a_file_foreign(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311
    file = WordFile(DRAFT, rng)
    for _ in range(rng.choice((1, 2, 3, 5, 8))):
        rng.choice(EDITS)(file)
    for _ in range(rng.choice((0, 1, 2))):
        rng.choice(BUILDS)(file)
    assert not kinship(DRAFT, read_edited("改.docx", file.saved())).doubt


def test_a_page_of_the_report_is_told_as_a_part_of_it() -> None:
    only = next(s for s in DRAFT.sections if s.id == "S4")
    doubt = kinship(DRAFT, text_file(only.heading, *only.text.split("\n"))).doubt
    assert "一小部分" in doubt


def test_a_report_cut_short_under_its_headings_is_an_edit() -> None:
    lines = [s.heading for s in DRAFT.sections] + [DRAFT.sections[4].text.split("\n")[0]]
    kin = kinship(DRAFT, text_file(DRAFT.title, *lines))
    assert kin.share < 0.4
    assert not kin.doubt


def test_a_report_of_a_few_words_is_never_judged() -> None:
    draft = Draft("", 2026, (section("S1", "", 1, "成效", "发展党员5名。"),))
    assert not kinship(draft, text_file("召开会议12次。")).doubt


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def word(*lines: str) -> bytes:
    made = docx.Document()
    for line in lines:
        made.add_paragraph(line)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def undecided(page: Browser) -> set[str]:
    return {b["what"] for b in buttons(page, "take")}


def test_a_foreign_file_can_neither_wipe_the_report_nor_a_section(bench: Bench) -> None:
    page = bench.opened()
    bench.exported(page)
    before = bench.bytes_of(page)
    bench.upload(page, word(*NOTICE))
    shown = page.values["returned"]
    assert "不像是这篇文稿的修改稿" in shown
    assert "字，在文件里找得到的只有" in shown
    assert not buttons(page, "take-all")
    assert not buttons(page, "take-section")
    assert "drop" not in undecided(page)
    assert undecided(page), "single pieces can be taken"
    keep = next(b for b in buttons(page, "refuse") if b["what"] == "drop")
    for wish in ({"do": "take-all"}, {**keep, "do": "take"}):
        with pytest.raises(InputError):
            do(bench.incoming, page, **wish)
    assert bench.bytes_of(page) == before
    piece = next(b for b in buttons(page, "take") if b["what"] in ("add", "change"))
    do(bench.incoming, page, **piece)
    assert bench.bytes_of(page) != before
    bench.workspace.close()


def test_a_report_written_anew_since_its_export_is_still_known(bench: Bench) -> None:
    page = bench.opened()
    data = bench.exported(page)
    doc = int(page.values["doc_id"])
    for kept in bench.workspace.sections(doc):
        words = NOTICE[2] * 3 if kept.section.text else ""
        bench.workspace.save_text(doc, kept.section.id, words, kept.rev)
    bench.upload(page, data)
    assert "不像是" not in page.values["returned"]
    bench.workspace.close()


def test_a_file_without_a_change_says_so_and_one_that_was_decided_says_that(bench: Bench) -> None:
    page = bench.opened()
    data = bench.exported(page)
    bench.upload(page, data)
    assert "这份文件与现稿没有不同" in page.values["returned"]
    assert "没有待定" not in page.values["returned"]
    edited = docx.Document(io.BytesIO(data))
    line = next(p for p in edited.paragraphs if p.text.startswith("一是定责任"))
    line.add_run("年底逐项销号。")
    out = io.BytesIO()
    edited.save(out)
    bench.upload(page, out.getvalue())
    do(bench.incoming, page, **buttons(page, "take")[0])
    assert "没有待定的修改了" in page.values["returned"]
    bench.workspace.close()
