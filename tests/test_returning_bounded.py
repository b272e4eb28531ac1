"""The edited file is read apart from the page: the same reading, and no way to take it down."""

import io
import time
import zipfile
from pathlib import Path

import pytest

from drafter.export.docx import to_docx
from drafter.returning import read_bounded, read_edited
from index.errors import UnreadableFile
from tests.export_cases import REPORT
from tests.test_handing import edited

XML = '<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{}</w:body></w:document>'


def bomb() -> bytes:
    """A file that unpacks to far more than it is, in parts that each look harmless."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(to_docx(REPORT))) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for info in source.infolist():
            data = source.read(info)
            if info.filename == "word/document.xml":
                data = XML.format("<w:p><w:r><w:t>要</w:t></w:r></w:p>" * 900_000).encode()
            made.writestr(info.filename, data)
    return out.getvalue()


def test_the_reading_is_the_same_as_without_limits() -> None:
    data = edited(to_docx(REPORT), "一", "壹")
    assert read_bounded("稿.docx", data) == read_edited("稿.docx", data)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"hello", to_docx(REPORT)[:2000]])
def test_a_refusal_arrives_as_it_was_said(data: bytes) -> None:
    with pytest.raises(UnreadableFile) as here:
        read_edited("稿.docx", data)
    with pytest.raises(UnreadableFile) as there:
        read_bounded("稿.docx", data)
    assert (there.value.message, there.value.hint) == (here.value.message, here.value.hint)


def test_a_bomb_ends_with_its_process_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    began = time.monotonic()
    with pytest.raises(UnreadableFile):
        read_bounded("弹.docx", bomb())
    assert time.monotonic() - began < 90
    assert not list(tmp_path.iterdir())
