"""Files are read while others are embedded: in order, few at a time, and no longer than wanted."""

import threading
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import UnreadableFile
from index.library import Library
from index.library.ahead import AHEAD, read_ahead
from index.types import BuildProgress
from tests.fakes import FakeEmbedder
from tests.library.cases import report_text


def written(folder: Path, count: int) -> list[Path]:
    paths = [folder / f"{unit}.txt" for unit in range(count)]
    for unit, path in enumerate(paths):
        path.write_text(report_text(unit), encoding="utf-8")
    return paths


def test_files_come_in_order_and_what_cannot_be_read_is_raised_where_it_is_used(
    tmp_path: Path,
) -> None:
    paths = written(tmp_path, 5)
    (tmp_path / "bad.docx").write_bytes(b"PK\x03\x04 no")
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.write(paths[0], "里面.txt")
    order = [paths[0], tmp_path / "bad.docx", tmp_path / "all.zip", *paths[1:]]
    seen = []
    for path, readings in read_ahead(order):
        seen.append(path)
        if path.name == "bad.docx":
            with pytest.raises(UnreadableFile):
                list(readings)
        else:
            (reading,) = readings
            assert "述职报告" in reading.text
    assert seen == order


def test_no_more_files_are_opened_than_are_soon_wanted(tmp_path: Path) -> None:
    asked: list[Path] = []

    def paths() -> Iterator[Path]:
        for path in written(tmp_path, 9):
            asked.append(path)
            yield path

    read = read_ahead(paths())
    next(read)
    assert len(asked) == AHEAD + 1
    read.close()


def test_a_stopped_import_keeps_what_is_finished(tmp_path: Path) -> None:
    written(tmp_path, 6)
    library = Library(tmp_path / "库", FakeEmbedder)
    stop = threading.Event()

    def look(progress: BuildProgress) -> None:
        if progress.done == 2:
            stop.set()

    library.build([tmp_path], look, stop)
    assert len(library.reports()) in (2, 3)
    library.build([tmp_path])
    assert [r.source for r in library.reports()] == [f"{unit}.txt" for unit in range(6)]
