"""The evidence appendix: what a person reads off it, in the Word file and in the spreadsheet."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafter.anchors import find_anchors
from drafter.export.evidence import (
    Consulted,
    Evidence,
    Table,
    origin_of,
    tables_of,
    to_evidence_docx,
    to_evidence_xlsx,
)
from drafter.remarks import Remark
from drafter.types import Draft, DraftSection, Fact, FactUse, Finding, Run, Sampling, Version

openpyxl: Any = pytest.importorskip("openpyxl", reason="openpyxl writes the spreadsheet")

TEXT = "一是压实责任，全年召开党组会研究党建工作12次。\n二是弘扬优良作风。"
SEED, PROMPT, WEIGHTS = 7, "ab" * 32, "cd" * 32


def fact(number: int, text: str) -> Fact:
    return Fact(f"F{number}", text, find_anchors(text), None, None)


def finding(check: str, text: str, message: str) -> Finding:
    return Finding(check, "error", "S2", None, text, message, None)


def remark(found: Finding, ignored: bool, about: Fact | None = None) -> Remark:
    return Remark("k", (found.check, found.text, ""), found, about, ignored)


RUN = Run("qwen", WEIGHTS, Sampling(0.3, 0.9, 320), SEED, PROMPT, ("F1",), ("E1",), 3.21)
BY_MODEL = Version(4, "S2", None, "model", "模型写的。", RUN, "2026-11-21T00:30:00+00:00")
BY_HAND = Version(5, "S2", 4, "human", TEXT, None, "2026-11-21T01:00:00+00:00")
FACTS = (fact(1, "召开党组会研究党建工作12次"), fact(2, "推行党员先锋岗制度"))
IGNORED = remark(finding("stale_phrase", "优良作风", "这个提法已有新的表述。"), ignored=True)
OPEN = remark(finding("untraced_number", "12次", "要点里没有这个数。"), False, FACTS[0])
EVIDENCE = Evidence(
    Draft(
        "某某局2026年度述职报告",
        2026,
        (
            DraftSection("S1", "履职情况", 1, "成效", "", (), (), False),
            DraftSection("S2", "压实责任", 2, "成效", TEXT, ("F1",), ("E1",), False),
            DraftSection("S3", "下一步打算", 1, "打算", "", (), (), False),
        ),
    ),
    FACTS,
    (FactUse("F1", "used", "S2", ()), FactUse("F2", "unplaced", None, ())),
    (IGNORED, OPEN),
    {"S2": (BY_HAND, BY_MODEL)},
    {"S2": (Consulted("E1", "某县2025年报告", "（一）抓责任", 0.8123),)},
    datetime(2026, 11, 21, 9, 0, tzinfo=UTC),
    {IGNORED.matter: "文件原话，核对过"},
)


def table(evidence: Evidence, title: str) -> Table:
    return next(table for table in tables_of(evidence) if table.title == title)


def test_each_sentence_stands_with_the_facts_it_rests_on() -> None:
    rows = table(EVIDENCE, "句子依据").rows
    assert rows == (
        (
            1,
            "（一）压实责任",
            "一是压实责任，全年召开党组会研究党建工作12次。",
            "F1 召开党组会研究党建工作12次",
        ),
        (2, "（一）压实责任", "二是弘扬优良作风。", "未对上要点"),
    )


def test_each_fact_stands_with_its_sentence_or_as_unused() -> None:
    used, unused = table(EVIDENCE, "要点去向").rows
    assert used[0:3] == ("F1", FACTS[0].text, "已用")
    assert used[4] == "一是压实责任，全年召开党组会研究党建工作12次。"
    assert unused[0] == "F2"
    assert str(unused[2]).startswith("未用")


def test_a_fact_told_in_part_names_what_was_left_out() -> None:
    lost = replace(EVIDENCE, uses=(FactUse("F1", "dropped", "S2", ("每季度",)),))
    row = table(lost, "要点去向").rows[0]
    assert "写漏" in str(row[2])
    assert row[5] == "每季度"


def test_findings_stand_open_or_ignored_with_the_reason() -> None:
    open_, ignored = table(EVIDENCE, "未处理的问题"), table(EVIDENCE, "已忽略的问题")
    assert [(row[1], row[3], row[5]) for row in open_.rows] == [
        ("数字没有出处", "12次", "F1 召开党组会研究党建工作12次")
    ]
    assert [(row[3], row[6]) for row in ignored.rows] == [("优良作风", "文件原话，核对过")]
    unsaid = table(replace(EVIDENCE, reasons={}), "已忽略的问题")
    assert unsaid.rows[0][6] == "没有填写"


def test_a_section_names_model_hashes_sampling_and_seed() -> None:
    (row,) = table(EVIDENCE, "生成记录").rows
    told = dict(zip(table(EVIDENCE, "生成记录").columns, row, strict=True))
    assert told["由谁写成"] == "模型起草，本人改过"
    assert (told["模型"], told["模型校验值"], told["提示词校验值"]) == ("qwen", WEIGHTS, PROMPT)
    assert told["随机种子"] == SEED
    assert "温度 0.3" in str(told["采样参数"])
    assert not any(word in str(told["采样参数"]) for word in ("temperature", "top_p", "max_tokens"))
    assert told["时间"] == "2026-11-21 01:00:00"


def test_exemplars_are_named_by_report_heading_and_likeness() -> None:
    (row,) = table(EVIDENCE, "参考范例").rows
    assert row[1:4] == ("某县2025年报告", "（一）抓责任", 0.812)


def test_a_restored_text_goes_back_to_the_model_that_wrote_it() -> None:
    again = Version(9, "S2", 5, "human", BY_MODEL.text, None, BY_HAND.created_at)
    assert origin_of(BY_MODEL.text, (again, BY_HAND, BY_MODEL)) == (again, BY_MODEL)
    assert origin_of(TEXT, (again, BY_HAND, BY_MODEL)) == (BY_HAND, BY_MODEL)
    alone = replace(BY_HAND, parent_id=None)
    assert origin_of(TEXT, (alone,)) == (alone, None)
    assert origin_of("没有存过", (alone,)) == (None, None)


def test_versions_that_name_each_other_do_not_hang() -> None:
    one, two = replace(BY_HAND, parent_id=6), Version(6, "S2", 5, "human", "乙", None, "2026-11-21")
    assert origin_of(TEXT, (two, one)) == (one, None)


def test_both_files_hold_every_cell() -> None:
    word, sheets = word_text(to_evidence_docx(EVIDENCE)), sheet_texts(to_evidence_xlsx(EVIDENCE))
    for made in tables_of(EVIDENCE):
        assert [str(v) for v in made.columns] == sheets[made.title][0]
        for row in made.rows:
            assert [str(value) for value in row] in sheets[made.title]
            for value in row:
                assert all(line in word for line in str(value).split("\n"))


def word_text(data: bytes) -> str:
    docx: Any = pytest.importorskip("docx")
    document = docx.Document(io.BytesIO(data))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def sheet_texts(data: bytes) -> dict[str, list[list[str]]]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {
        sheet.title: [[str(cell.value) for cell in row] for row in sheet.iter_rows()]
        for sheet in book.worksheets
    }


@settings(max_examples=25, deadline=None)
@given(st.text("=+-@\t甲1（A" + "＝＋－＠", min_size=1, max_size=8), st.sampled_from("=+-@＝"))
def test_no_cell_of_the_spreadsheet_is_a_formula(rest: str, sign: str) -> None:
    hostile = f"{sign}{rest}"
    evidence = replace(
        EVIDENCE,
        draft=replace(EVIDENCE.draft, title=hostile),
        facts=(fact(1, hostile),),
        uses=(),
        remarks=(remark(finding(hostile, hostile, hostile), True),),
        reasons={},
    )
    book = openpyxl.load_workbook(io.BytesIO(to_evidence_xlsx(evidence)))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                if isinstance(cell.value, str) and cell.value[:1] in "=+-@＝":
                    assert cell.quotePrefix
    assert book["概况"]["B2"].value == hostile  # and it still reads as it was written


def test_a_text_too_long_or_not_legal_for_a_cell_is_still_a_file() -> None:
    evidence = replace(EVIDENCE, facts=(fact(1, "长" * 40_000), fact(2, "坏\x00字\x0b符")))
    rows = sheet_texts(to_evidence_xlsx(evidence))["要点去向"]
    assert len(rows[1][1]) <= 32_767
    assert "从略" in rows[1][1]
    assert rows[2][1] == "坏字符"
    assert "坏字符" in word_text(to_evidence_docx(evidence))


def test_the_word_file_bears_the_name_it_is_fetched_under_and_keeps_rows_whole() -> None:
    data = to_evidence_docx(EVIDENCE)
    assert word_text(data).startswith(f"{EVIDENCE.draft.title}（证据附录）")
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        written = packed.read("word/document.xml").decode()
    assert written.count("<w:tr>") == written.count("<w:tr><w:trPr><w:cantSplit/>") > 10


def test_an_empty_draft_has_an_appendix_too() -> None:
    bare = Evidence(Draft("", None, ()), (), (), (), {}, {}, EVIDENCE.made_at)
    assert "无。" in word_text(to_evidence_docx(bare))
    assert sheet_texts(to_evidence_xlsx(bare))["句子依据"][1:] == []


def test_the_word_file_is_valid(tmp_path: Path) -> None:
    audit = pytest.importorskip("openxml_audit", reason="openxml-audit validates Word files")
    place = tmp_path / "evidence.docx"
    place.write_bytes(to_evidence_docx(EVIDENCE))
    result = audit.OpenXmlValidator().validate(place)
    assert result.is_valid, [str(error) for error in result.errors][:5]


def test_neither_file_names_a_person_or_machine() -> None:
    for data in (to_evidence_docx(EVIDENCE), to_evidence_xlsx(EVIDENCE)):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            core = packed.read("docProps/core.xml").decode("utf-8")
        assert "openpyxl" not in core


def test_a_section_filled_in_by_rule_is_not_said_to_be_the_persons_own() -> None:
    formula = Version(3, "S2", None, "model", TEXT, None, BY_HAND.created_at)
    (row,) = table(replace(EVIDENCE, histories={"S2": (formula,)}), "生成记录").rows
    assert row[1] == "程序（固定格式）"
    typed = replace(BY_HAND, parent_id=None)
    (row,) = table(replace(EVIDENCE, histories={"S2": (typed,)}), "生成记录").rows
    assert row[1] == "本人"
