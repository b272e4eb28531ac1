"""Fixtures of the tests of library."""

from pathlib import Path

import pytest

from index.library import Library
from tests.fakes import FakeEmbedder
from tests.library.cases import report_text


@pytest.fixture
def embedder() -> FakeEmbedder:
    return FakeEmbedder()


@pytest.fixture
def library(tmp_path: Path, embedder: FakeEmbedder) -> Library:
    return Library(tmp_path / "样本 库", lambda: embedder)


@pytest.fixture
def samples(tmp_path: Path) -> Path:
    folder = tmp_path / "样本"
    (folder / "子文件夹").mkdir(parents=True)
    for unit in range(4):
        place = folder / "子文件夹" if unit == 3 else folder
        (place / f"{unit}-述职.txt").write_text(report_text(unit), encoding="utf-8")
    (folder / "README.md").write_text("说明", encoding="utf-8")
    (folder / ".隐藏.txt").write_text("隐藏", encoding="utf-8")
    (folder / "~$锁.docx").write_bytes(b"lock")
    return folder
