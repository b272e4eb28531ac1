"""Damaged files: changed bytes, cut short, emptied, another file in the place. Each is told in
words for people or does no harm, nothing is deleted, and the last copy brings the work back."""

import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from drafter.__main__ import main
from drafter.backups import Backups
from drafter.errors import InputError, StoreError
from drafter.keeper import Keeping
from drafter.packing import library_backups, pack, unpack
from drafter.store import Store
from index.errors import UserFacingError
from index.library import Library
from tests.durability.homes import dice, make_home
from tests.fakes import FakeEmbedder

FLIPS = 40

Damage = Callable[[bytes], bytes]


def flipped(seed: int) -> Damage:
    """Return a damage: 40 bytes changed, and sometimes a whole page."""

    def damage(data: bytes) -> bytes:
        rng, changed = dice(seed), bytearray(data)
        for _ in range(40):
            changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
        if seed % 3 == 0:
            at = rng.randrange(max(1, len(changed) - 4096))
            changed[at : at + 4096] = rng.randbytes(4096)
        return bytes(changed)

    return damage


GROSS: dict[str, Damage] = {
    "cut": lambda data: data[: len(data) // 2],
    "one byte short of a page": lambda data: data[:4095],
    "emptied": lambda _data: b"",
    "another file": lambda _data: b"%PDF-1.7\n" + bytes(9000),
    "zeros": lambda data: bytes(len(data)),
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a home with a document of 40 versions, and a copy of the drafts and of the library."""
    home = tmp_path_factory.mktemp("durable") / "家"
    make_home(home, dice(7))
    store = Store(home / "drafts.db")
    for turn in range(40):
        store.save_text(1, "S3", f"第{turn}稿。" * 200, store.section_rev(1, "S3"))
    store.close()
    keeping = Keeping(home, home / "drafts.db")
    keeping.keeper.look()
    assert keeping.keeper.trouble is None
    return home


@pytest.fixture
def home(sound: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(sound, tmp_path / "家"))


def read_drafts(home: Path) -> list[str]:
    with closing(Store(home / "drafts.db")) as store:
        store.documents(), store.plan(1), store.draft_sections(1), store.moments.listed(1)
        return [version.text for version in store.history(1, "S3")]


def read_library(home: Path) -> list[str]:
    with closing(Library(home / "library", FakeEmbedder)) as library:
        library.search("压实责任", None, 3)
        list(library.sections())
        return [report.source for report in library.reports()]


def in_chinese(error: UserFacingError) -> bool:
    """Say whether both sentences are for people: no English words of SQLite's or the system's."""
    words = f"{error.message}{error.hint}".lower()
    english = (
        "malformed",
        "database disk",
        "errno",
        "not a database",
        "sqlite",
        "utf-8",
        "no such",
    )
    chinese = any("一" <= character <= "龥" for character in error.message[:9]) and error.hint
    return bool(chinese) and not any(word in words for word in english)


@pytest.mark.parametrize("kind", GROSS)
def test_drafts_that_are_plainly_broken_are_told_and_come_back(home: Path, kind: str) -> None:
    wanted, path = read_drafts(home), home / "drafts.db"
    broken = GROSS[kind](path.read_bytes())
    path.write_bytes(broken)
    with pytest.raises(StoreError, match="损坏") as caught:
        Store(path)
    assert in_chinese(caught.value) and "backup restore" in caught.value.hint
    assert path.read_bytes() == broken
    with pytest.raises(StoreError, match="损坏"):
        Backups(path).make()  # a broken file never pushes a good copy out
    backups = Backups(path)
    assert backups.restore(backups.list()[0].name) is None
    assert read_drafts(home) == wanted
    (aside,) = home.glob("drafts.damaged-*.db")
    assert aside.read_bytes() == broken


def test_changed_bytes_in_the_drafts_never_crash_and_come_back(home: Path) -> None:
    wanted, path = read_drafts(home), home / "drafts.db"
    good, told = path.read_bytes(), 0
    for seed in range(FLIPS):
        path.write_bytes(flipped(seed)(good))
        try:
            read_drafts(home)
        except UserFacingError as error:
            assert in_chinese(error), f"seed {seed}: {error}"
            told += 1
        backups = Backups(path)
        backups.restore(next(b.name for b in backups.list() if b.why == "daily"))
        assert read_drafts(home) == wanted, f"seed {seed}"
    assert told > FLIPS // 3


@pytest.mark.parametrize("kind", GROSS)
def test_a_broken_library_is_told_and_comes_back(
    home: Path, kind: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = home / "library" / "library.db"
    path.write_bytes(GROSS[kind](path.read_bytes()))
    if kind != "emptied":  # a library may be new: an empty one is filled again
        with pytest.raises(UserFacingError, match="损坏") as caught:
            read_library(home)
        assert in_chinese(caught.value) and "backup" in caught.value.hint
        assert path.read_bytes()
    monkeypatch.setenv("DRAFTER_HOME", str(home))
    assert main(["backup", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    name = next(line.split("\t")[0] for line in lines if line.startswith("library-"))
    assert main(["backup", "restore", name]) == 0
    assert read_library(home) == ["一.txt", "二.txt"]


def test_changed_bytes_in_the_library_never_crash_and_come_back(home: Path) -> None:
    path = home / "library" / "library.db"
    good = path.read_bytes()
    for seed in range(FLIPS):
        path.write_bytes(flipped(seed)(good))
        try:
            read_library(home)
        except UserFacingError as error:
            assert in_chinese(error), f"seed {seed}: {error}"
        copies = library_backups(home)
        copies.restore(next(b.name for b in copies.list() if b.why == "daily"))
        assert read_library(home) == ["一.txt", "二.txt"], f"seed {seed}"


def test_a_broken_copy_or_package_changes_nothing(home: Path, tmp_path: Path) -> None:
    package, path = tmp_path / "全部.zip", home / "drafts.db"
    pack(home, package)
    wanted, whole = read_drafts(home), package.read_bytes()
    backups = Backups(path)
    copy = backups.path(backups.list()[0].name)
    good = copy.read_bytes()
    harms = [*GROSS.values(), *(flipped(seed) for seed in range(FLIPS))]
    for number, harm in enumerate(harms):
        package.write_bytes(harm(whole))
        with pytest.raises((InputError, StoreError)) as caught:
            unpack(home, package)
        assert in_chinese(caught.value), f"{number}: {caught.value}"
        if number < len(GROSS):
            copy.write_bytes(harm(good))
            with pytest.raises(StoreError, match="损坏"):
                backups.restore(copy.name)
    assert read_drafts(home) == wanted
    assert not [p for p in home.rglob("*") if ".part" in p.name or p.name.startswith("work-")]
