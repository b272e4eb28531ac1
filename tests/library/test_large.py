"""The large way of searching, on libraries small enough to be searched both ways."""

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from index.errors import LibraryMismatch, UserFacingError
from index.library import Library
from index.library.bm25 import Bm25, grams
from index.library.catalogue import Catalogue
from index.library.grams import gram_codes
from index.library.large import making, places, sizing
from index.library.large.searching import LargeSearchable
from index.library.large.sizing import Size, is_large
from index.library.searching import Searchable, load
from index.library.topics import TopicsOf, first_clause
from index.types import Exemplar, Role
from tests.fakes import FakeEmbedder
from tests.library.cases import report_text, topics_of

QUERIES = ("理论学习不深入", "河东街道服务群众，走访困难居民", "警示教育，廉政谈话")
ROLES: tuple[Role | None, ...] = (None, "成效", "问题")


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sizing, "SECTIONS", 10)


def filled(folder: Path, count: int = 16, topics: TopicsOf | None = None) -> Library:
    library = Library(folder, FakeEmbedder, topics)
    for unit in range(count):
        library.add_text(f"{unit}.txt", report_text(unit).encode())
    return library


def answers(library: Library) -> list[tuple[Exemplar, ...]]:
    out = library.reports()[3].id
    return [
        library.search(text, role, 5, excluded, mmr)
        for text in QUERIES
        for role in ROLES
        for excluded, mmr in (((), True), ([out], True), ((), False))
    ]


def ids(found: tuple[Exemplar, ...]) -> list[str]:
    return [one.section.id for one in found]


def index_of(folder: Path) -> Path:
    """Return the folder of the one index of a library."""
    (found,) = (path.parent for path in (folder / making.FOLDER).glob("*/manifest.json"))
    return found


def test_what_the_large_way_finds_is_what_comparing_everything_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exact = answers(filled(tmp_path / "库"))
    assert not (tmp_path / "库" / making.FOLDER).exists(), "a small library has no index"
    monkeypatch.setattr(sizing, "SECTIONS", 10)
    found = answers(Library(tmp_path / "库", FakeEmbedder))
    assert index_of(tmp_path / "库").is_dir()
    assert [ids(one) for one in found] == [ids(one) for one in exact]
    for one, other in zip(found, exact, strict=True):
        assert np.allclose([e.score for e in one], [e.score for e in other], atol=1e-3)


def test_topics_are_weighed_the_large_way_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exact = answers(filled(tmp_path / "库", topics=topics_of))
    monkeypatch.setattr(sizing, "SECTIONS", 10)
    found = answers(Library(tmp_path / "库", FakeEmbedder, topics_of))
    shares = [
        len({*ids(one)} & {*ids(other)}) / len(other)
        for one, other in zip(found, exact, strict=True)
    ]
    assert np.mean(shares) > 0.95


@pytest.mark.usefixtures("large")
def test_what_comes_and_goes_after_the_index_is_found_and_not_found(tmp_path: Path) -> None:
    library = filled(tmp_path / "库")
    library.search("理论学习")
    index = index_of(tmp_path / "库")
    gone = library.reports()[0].id
    library.delete(gone)
    library.add_text("新.txt", report_text(40).replace("理论学习", "防汛救灾演练").encode())
    new = library.reports()[-1].id
    found = library.search("防汛救灾演练", "问题", 3)
    assert found[0].section.report == new
    assert all(e.section.report != gone for e in library.search("河东街道理论学习", None, 50))
    library.set_own(new, True)
    assert library.search("防汛救灾演练", None, 1)[0].section.report == new
    assert index_of(tmp_path / "库") == index, "a few reports make no new index"


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("file", ["rows.npy", "owner.npy", "manifest.json", "report_ids.json"])
def test_a_damaged_index_is_made_anew(tmp_path: Path, file: str) -> None:
    before = ids(filled(tmp_path / "库").search("理论学习"))
    index = index_of(tmp_path / "库")
    data = bytearray((index / file).read_bytes())
    data[-3] ^= 255
    (index / file).write_bytes(data)
    assert ids(Library(tmp_path / "库", FakeEmbedder).search("理论学习")) == before
    assert index_of(tmp_path / "库") != index


@pytest.mark.usefixtures("large")
def test_an_index_of_another_library_or_embedder_is_not_used(tmp_path: Path) -> None:
    one, other = filled(tmp_path / "一"), filled(tmp_path / "二", 8)
    one.search("理论学习")
    index = index_of(tmp_path / "一")
    one.close()
    (tmp_path / "二" / making.FOLDER).mkdir()
    index.rename(tmp_path / "二" / making.FOLDER / index.name)
    reports = {report.id for report in other.reports()}
    assert {e.section.report for e in other.search("理论学习", None, 50)} <= reports
    assert index_of(tmp_path / "二").name != index.name
    with pytest.raises(LibraryMismatch):
        Library(tmp_path / "二", lambda: FakeEmbedder("fake-2")).search("理论学习")


MAKER = """
import sys, time
from pathlib import Path
from index.library.catalogue import Catalogue
from index.library.large import reading, sizing
from index.library.opening import Opening
from tests.fakes import FakeEmbedder
sizing.SECTIONS, reading.SECTIONS = 10, 20
def tell(message):
    print(message, flush=True)
    time.sleep(float(sys.argv[2]))
folder = Path(sys.argv[1])
Opening(folder, Catalogue(folder / "library.db"), None).keep_up(FakeEmbedder, tell)
"""


def test_making_an_index_goes_on_after_kill_9(tmp_path: Path) -> None:
    filled(tmp_path / "库").close()
    command = [sys.executable, "-c", MAKER, str(tmp_path / "库")]
    place = tmp_path / "库" / making.FOLDER / making.MAKING
    first = subprocess.Popen([*command, "0.3"], stdout=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while len(list(place.glob("block-*.npz"))) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    os.kill(first.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
    first.wait()
    finished = len(list(place.glob("block-*.npz")))
    assert finished >= 2
    done = subprocess.run([*command, "0"], capture_output=True, text=True, check=True)
    assert f"已读 {20 * finished} 个部分" in done.stdout.replace(str(16_384), "20")
    assert "已读 0 个部分" not in done.stdout, "what was read is not read again"
    assert index_of(tmp_path / "库").is_dir() and not place.exists()


@pytest.mark.usefixtures("large")
def test_an_index_put_in_place_but_not_noted_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut short between these two steps, its folder has the very name the next one will have."""
    library, put = filled(tmp_path / "library"), places.put_marks

    def full(catalogue: Catalogue, marks: Mapping[str, str]) -> None:
        if marks.get(making.MADE):
            raise OSError(errno.ENOSPC, "full")
        put(catalogue, marks)

    monkeypatch.setattr(places, "put_marks", full)
    with pytest.raises(UserFacingError):
        answers(library)
    monkeypatch.setattr(places, "put_marks", put)
    assert index_of(tmp_path / "library")
    expected = answers(filled(tmp_path / "other"))
    assert [ids(found) for found in answers(library)] == [ids(found) for found in expected]


def test_grams_are_counted_as_by_bm25() -> None:
    texts = ["抓党建，ABC 12年", "", "党建\ud800工作党建", "一"]
    codes, owners = gram_codes(texts, 24)
    assert [int((owners == i).sum()) for i in range(4)] == [len(grams(text)) for text in texts]
    assert len(set(codes.tolist())) == len({gram for text in texts for gram in grams(text)})


@pytest.mark.usefixtures("large")
def test_wording_scores_are_those_of_bm25(tmp_path: Path) -> None:
    library = filled(tmp_path / "库", 6)
    library.search("理论学习")
    ready = library._opening.ready(FakeEmbedder())
    texts = [f"{s.heading or ''}\n" * 3 + s.text for s in library.sections()]
    wording = getattr(ready, "wording")  # noqa: B009 - of the large way only
    exact = Bm25(texts).scores("理论学习不够深入")
    weights = wording.weights("理论学习不够深入")
    assert np.allclose(wording.exact(weights, texts), exact, rtol=1e-3, atol=1e-3)
    assert np.allclose(wording.scores(weights), exact, rtol=5e-3, atol=1e-3)


def test_vectors_held_in_16_bits_are_those_of_sqlite(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library, embedder = filled(tmp_path / "库"), FakeEmbedder()
    small = library._opening.ready(embedder)
    monkeypatch.setattr(sizing, "SECTIONS", 10)
    large = Library(tmp_path / "库", FakeEmbedder)
    assert isinstance(small, Searchable)
    for late in (False, True):  # one report more, which the index has not
        if late:
            large.add_text("新.txt", report_text(40).encode())
            small = load(library._catalogue, embedder, small.version)
        ready = large._opening.ready(embedder)
        assert isinstance(ready, LargeSearchable)
        numbers = np.arange(len(ready.entries.places))
        at = places.sections_at(library._catalogue, ready.entries.places.tolist())
        order = [small.sections.index(at[place]) for place in ready.entries.places.tolist()]
        assert np.allclose(ready.entries.wholes(numbers), small.vectors[order], atol=5e-4)
        if late:  # what all have in common is that of the index, and so a little different
            continue
        query = ready.entries.query(*embedder.encode_query([QUERIES[0], first_clause(QUERIES[0])]))
        meaning = ready.entries.meaning(query, numbers, fine=True)
        assert np.allclose(meaning, small._meaning(embedder, QUERIES[0])[order], atol=2e-4)


def test_a_library_is_large_by_its_sections_or_its_memory() -> None:
    gigabyte = 2**30
    assert not is_large(Size(5_000, 3_000_000, 40_000_000), 8 * gigabyte)
    assert is_large(Size(sizing.SECTIONS + 1, 0, 0), 8 * gigabyte)
    assert is_large(Size(15_000, 9_000_000, 120_000_000), 4 * gigabyte)
