"""What the system says is told in Chinese, with no word of its own."""

import errno
import re
from pathlib import Path

import pytest

from drafter.errors import ExportError
from drafter.exporting import write_bytes
from index.failures import meaning


@pytest.mark.parametrize(
    "code",
    [errno.ENOENT, errno.EACCES, errno.ENOSPC, errno.EISDIR, errno.EROFS, errno.EIO, 99999, None],
)
def test_the_meaning_is_chinese(code: int | None) -> None:
    error = OSError(code, "No such file or directory") if code else OSError("broken")
    assert re.fullmatch("[一-鿿，]+( [0-9]+)?", meaning(error))


@pytest.mark.parametrize(
    ("place", "said"),
    [("没有/稿.docx", "不存在"), ("稿.txt/稿.docx", "不是文件夹"), ("夹.docx", "文件夹")],
)
def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, place: str, said: str) -> None:
    (tmp_path / "稿.txt").write_text("x")
    (tmp_path / "夹.docx").mkdir()
    with pytest.raises(ExportError, match=said) as refused:
        write_bytes(tmp_path / place, b"x")
    assert not re.search("[A-Z][a-z]+ [a-z]+", refused.value.message.replace(str(tmp_path), ""))
    assert not list(tmp_path.glob("*.part"))


def test_no_message_shows_the_systems_own_words() -> None:
    root = Path(__file__).parent.parent
    wrong = [
        str(path.relative_to(root))
        for folder in ("drafter", "index")
        for path in (root / folder).rglob("*.py")
        if ".strerror" in path.read_text(encoding="utf-8")
    ]
    assert not wrong
