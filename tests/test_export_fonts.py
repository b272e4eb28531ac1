"""Fonts a file names and this machine lacks are said; an office's own page is data."""

import json
import struct
from pathlib import Path

import pytest

from drafter import data
from drafter.__main__ import main
from drafter.errors import InputError
from drafter.export import docx_of, paragraphs, paragraphs_of_text, to_docx
from drafter.export.font_files import families_in
from drafter.export.fonts import MissingFont, missing_fonts
from drafter.export.profile import load_profile, profile_labels
from drafter.export.title import title_lines, title_room
from index.parse import read_text
from tests.export_cases import REPORT, resolve, texts


def test_missing_fonts_are_named_with_their_use_and_a_stand_in() -> None:
    have = frozenset({"simhei", "仿宋", "fzxiaobiaosong-b05s", "noto serif cjk sc"})
    missing = missing_fonts(load_profile(), "Times New Roman", have)
    assert missing == (
        MissingFont("楷体_GB2312", ("姓名和日期", "二级标题"), None),
        MissingFont(
            "仿宋_GB2312", ("称谓", "三级标题", "四级标题", "正文", "署名", "成文日期"), "仿宋"
        ),
        MissingFont("宋体", ("页码",), "Noto Serif CJK SC"),
        MissingFont("Times New Roman", ("数字和字母",), None),
    )
    assert missing[1].message == (
        "本机没有“仿宋_GB2312”（用于称谓、三级标题、四级标题、正文、署名、成文日期），"
        "打开时会以“仿宋”等字体显示。"
    )


def font_file(names: dict[int, str]) -> bytes:
    """A font with a name table and nothing else, names by kind (1: family, 2: style)."""
    stored = {kind: name.encode("utf-16-be") for kind, name in names.items()}
    records, strings = b"", b""
    for kind, raw in stored.items():
        records += struct.pack(">6H", 3, 1, 0x0804, kind, len(raw), len(strings))
        strings += raw
    table = struct.pack(">HHH", 0, len(stored), 6 + len(records)) + records + strings
    head = struct.pack(">4sH6x", b"\x00\x01\x00\x00", 1)
    return head + struct.pack(">4sIII", b"name", 0, len(head) + 16, len(table)) + table


def test_families_are_read_from_font_files_and_broken_ones_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "好.ttf").write_bytes(font_file({1: "仿宋_GB2312", 2: "Regular"}))
    (tmp_path / "broken.ttf").write_bytes(b"\x00\x01\x00\x00\x00\x09")
    (tmp_path / "empty.otf").write_bytes(b"")
    (tmp_path / "text.txt").write_bytes(font_file({1: "不是字体"}))
    assert families_in((tmp_path, tmp_path / "no such folder")) == {"仿宋_gb2312"}


def test_both_profiles_are_listed_and_the_type_area_is_that_of_the_standard() -> None:
    assert set(profile_labels()) >= {"gbt9704", "wide"}
    profile = load_profile()
    width = profile.width - profile.left - profile.right
    height = profile.height - profile.top - profile.bottom
    assert (width, height, profile.lines, profile.characters) == (156, 225, 22, 28)


def test_a_profile_edited_wrongly_is_said_in_chinese(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = (Path(data.__file__).parent / "page_profiles.toml").read_text(encoding="utf-8")
    broken = table.replace("line_pt = 28.95", 'line_pt = "二十八"')
    (tmp_path / "page_profiles.toml").write_text(broken, encoding="utf-8")
    monkeypatch.setattr(data, "_FOLDER", tmp_path)
    data.load_table.cache_clear()
    try:
        with pytest.raises(InputError, match="gbt9704"):
            load_profile()
    finally:
        data.load_table.cache_clear()


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        ("2026年度党建工作总结", ["2026年度党建工作总结"]),
        (
            "某某街道某某社区党支部2026年党建工作总结",
            ["某某街道某某社区党支部", "2026年党建工作总结"],
        ),
        (REPORT.title, ["某某区市场监督管理局党组书记", "2026年度抓基层党建工作述职报告"]),
    ],
)
@pytest.mark.parametrize("digit", [0.5, 0.55, 0.6])
def test_a_long_title_breaks_between_words_whatever_its_digits(
    title: str, lines: list[str], digit: float
) -> None:
    room = title_room(title, 20.1) or 20.1
    assert title_lines(title, room, digit) == lines


def saved(path: Path, changed: str = "") -> Path:
    sections = [
        {"heading": s.heading, "level": s.level, "role": s.role, "text": s.text + changed}
        for s in REPORT.sections
    ]
    made = {"title": REPORT.title, "year": REPORT.year, "sections": sections}
    path.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
    return path


def test_the_command_exports_on_a_page_in_a_template_and_against_an_old_state(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    draft, out = saved(tmp_path / "新.json", "\n又及。"), tmp_path / "稿.docx"
    old_json = saved(tmp_path / "旧.json")
    old_docx, old_txt = tmp_path / "旧.docx", tmp_path / "旧.txt"
    old_docx.write_bytes(to_docx(REPORT))
    old_txt.write_text(read_text(old_docx), encoding="utf-8")
    options = ["--profile", "wide", "--numbers-font", "Times New Roman"]
    assert main(["export", str(draft), "-o", str(out), *options]) == 0
    new = read_text(out)
    for old in (old_json, old_docx, old_txt):
        assert main(["export", str(draft), "-o", str(out), "--against", str(old)]) == 0
        made = out.read_bytes()
        assert "\n".join(texts(resolve(made, accept=True))) == new
        assert texts(resolve(made, accept=False)) == [p.full for p in paragraphs(REPORT)]
    assert main(["export", str(draft), "-o", str(out), "--template", str(old_docx)]) == 0
    assert read_text(out) == new
    capsys.readouterr()
    assert main(["export", str(draft), "-o", str(out), "--template", str(draft)]) == 1
    assert "模板" in capsys.readouterr().err
    assert main(["export", str(draft), "-o", str(out), "--profile", "无"]) == 1
    assert "可用的版式" in capsys.readouterr().err


def test_an_imported_report_goes_out_again() -> None:
    made = docx_of(paragraphs_of_text("某某总结\n一、成效\n党员8名。"))
    assert texts(resolve(made, accept=True)) == ["某某总结", "一、成效", "党员8名。"]
