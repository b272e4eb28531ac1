"""Names of files made of titles: no device, no hidden turn, none that a system refuses."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.file_names import file_stem
from drafter.handing import file_name
from drafter.types import Draft


@pytest.mark.parametrize(
    ("title", "stem"),
    [
        ("某局党组2026年度述职报告", "某局党组2026年度述职报告"),
        ("CON", "_CON"),
        ("nul", "_nul"),
        ("Com1.2026", "_Com1.2026"),
        ("CON 报告", "CON 报告"),
        ("控制台CON", "控制台CON"),
        ("述职\u202etxt.报告", "述职txt.报告"),
        ("\u200b\ufeff\u2066", "报告"),
        ("述职\x00报\n告\x1b[0m", "述职报告[0m"),
        ("../../a", "a"),
        (".隐藏", "隐藏"),
        ("报告. . ", "报告"),
        ("", "报告"),
        ("半个\ud83d字", "半个字"),
    ],
)
def test_a_title_becomes_a_name(title: str, stem: str) -> None:
    assert file_stem(title, "报告") == stem
    assert file_name(Draft(title, 2026, ()), "", "docx") == f"{stem}.docx"


@given(st.text(max_size=300))
def test_any_title_gives_a_name_that_can_be_written(title: str) -> None:
    name = file_name(Draft(title, None, ()), "（证据附录）", "docx")
    assert len(name.encode()) <= 255
    assert Path(name).name == name and not name.startswith(".")
    assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in name)
    assert not set(name) & set('\\/:*?"<>|')


def test_a_file_of_such_a_name_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / file_name(Draft("𠀀" * 90, None, ()), "（修订稿）", "docx")
    path.write_bytes(b"x")
    assert path.exists()
