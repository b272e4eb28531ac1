"""`python -m drafter export`: what it writes, what it refuses, what it says of a template."""

import json
from pathlib import Path

import docx
import pytest

from drafter.__main__ import main
from tests.export_cases import REPORT
from tests.test_export_template import office_template


@pytest.fixture
def source(tmp_path: Path) -> Path:
    sections = [
        {"heading": s.heading, "level": s.level, "role": s.role, "text": s.text}
        for s in REPORT.sections
    ]
    made = {"title": REPORT.title, "year": REPORT.year, "sections": sections}
    path = tmp_path / "稿.json"
    path.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", ["稿.doc", "稿.txt", "稿", "稿.wps", "稿.docx.bak", ".docx"])
def test_only_word_and_pdf_are_written(
    source: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    out = source.with_name(name)
    assert main(["export", str(source), "-o", str(out)]) == 1
    said = capsys.readouterr()
    assert "只写 .docx 和 .pdf" in said.err + said.out
    assert not out.exists()


def test_an_ending_in_capitals_is_the_same(source: Path) -> None:
    assert main(["export", str(source), "-o", str(source.with_name("稿.DOCX"))]) == 0


def test_what_a_template_gives_is_said(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    template = source.with_name("某局.dotx")
    template.write_bytes(office_template())
    out = source.with_name("稿.docx")
    assert main(["export", str(source), "-o", str(out), "--template", str(template)]) == 0
    said = capsys.readouterr()
    assert "前后的文字保留" in said.err + said.out
    assert "按模板的正文排" in said.err + said.out


def test_a_place_in_a_table_is_refused_and_nothing_written(
    source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template, out = source.with_name("某局.docx"), source.with_name("稿.docx")
    document = docx.Document()
    document.add_table(1, 1).cell(0, 0).text = "{{正文}}"
    document.save(str(template))
    assert main(["export", str(source), "-o", str(out), "--template", str(template)]) == 1
    said = capsys.readouterr()
    assert "在表格里" in said.err + said.out
    assert not out.exists()
