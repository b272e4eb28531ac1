"""Every path on which the program writes, each as: begin with a sound home, act, look.

`begin` opens what is open while a person works; `act` writes and must either succeed or raise an
error for people; `kept` says what of the earlier work is not as it was (the way back).
"""

import io
import shutil
import threading
import uuid
from collections.abc import Callable
from contextlib import closing, redirect_stderr, suppress
from dataclasses import dataclass
from pathlib import Path

import index.mirror
from drafter import journal
from drafter.access.roster import Roster
from drafter.exporting import write_bytes
from drafter.keeper import Keeping
from drafter.layouts import Layouts
from drafter.models import file_sha256
from drafter.store import Store
from drafter.workflow import Workspace
from index import weights as fetching
from index.errors import UnreadableFile, UserFacingError
from index.library import Library
from index.mirror import Part
from index.parse import read_each_bytes
from index.weights import Weights
from tests.durability.homes import OUTLINE, dice, make_home, make_old, random_words, report
from tests.fakes import FakeEmbedder

LONG = random_words(dice(3), 60_000)  # 180 kB: more than a page, more than most rooms
PIECE = b"g" * 150_000


@dataclass(frozen=True, slots=True)
class Way:
    """A path of writing. `begin` may return anything that `act` wants; `end` closes it."""

    name: str
    act: Callable[[Path, object], object]
    begin: Callable[[Path], object] = lambda home: None
    end: Callable[[object], None] = lambda opened: None
    old: bool = False  # the home is of an earlier release
    always: bool = True  # it must fail where nothing can be written


def _weights() -> Weights:
    import hashlib

    whole = PIECE * 2
    parts = (Part("a", "1", "a"), Part("b", "1", "b"))
    digest = hashlib.sha256(whole).hexdigest()
    return Weights(
        "toy", "writer", "测试模型", "n", "n/toy", "", "toy.gguf", len(whole), digest, "MIT", parts
    )


def _fetch(home: Path, _opened: object) -> object:
    def given(part: Part, target: Path, limit: int, work: Path, *_: object) -> None:
        (work / "member").write_bytes(PIECE)
        (work / "member").replace(target)

    usual = index.mirror.fetch_part
    index.mirror.fetch_part = given  # type: ignore[assignment]
    try:
        return fetching.fetch(_weights(), home / "models", lambda *_: None, threading.Event())
    finally:
        index.mirror.fetch_part = usual


def _settings(home: Path, opened: object) -> None:
    assert isinstance(opened, Store)
    opened.set_setting("probe", LONG)


def _text(home: Path, opened: object) -> None:
    assert isinstance(opened, Store)
    opened.save_text(1, "S3", LONG, opened.section_rev(1, "S3"))


def _plan(home: Path, opened: object) -> None:
    assert isinstance(opened, Store)
    opened.save_paste(1, LONG)
    opened.moments.take(1, LONG, milestone=True)


def _import(home: Path, opened: object) -> None:
    assert isinstance(opened, Library)
    number = len(opened.reports())
    for turn in range(4):
        opened.add_text(f"新{number}-{turn}.txt", report(dice(number + turn)).encode())


def _rebuild(home: Path, opened: object) -> None:
    assert isinstance(opened, Library)
    name = f"fake-{uuid.uuid4()}"
    with closing(Library(home / "library", lambda: FakeEmbedder(name))) as library:
        library.rebuild()


def _new_home(home: Path, _opened: object) -> None:
    with closing(Workspace(home / "新家", embedder=FakeEmbedder())) as desk:
        desk.create_document()
        desk.library.reports()


def _copy(home: Path, opened: object) -> object:
    assert isinstance(opened, Keeping)
    return opened.backups.make()


def _daily(home: Path, opened: object) -> None:
    assert isinstance(opened, Keeping)
    opened.keeper.look()  # never raises: it keeps what must be told
    if opened.keeper.trouble:
        raise opened.keeper.trouble


def _with_copy(home: Path) -> object:
    keeping = _keeping(home)
    if not keeping.backups.list():
        with suppress(UserFacingError):
            keeping.backups.make()
        with suppress(UserFacingError):
            keeping.pack(home / "带走")
    return keeping


def _keeping(home: Path) -> Keeping:
    return Keeping(home, home / "drafts.db")


def _restore(home: Path, opened: object) -> None:
    assert isinstance(opened, Keeping)
    opened.backups.restore(opened.backups.list()[-1].name)


def _pack(home: Path, opened: object) -> None:
    assert isinstance(opened, Keeping)
    opened.pack(home / "带走")


def _unpack(home: Path, opened: object) -> None:
    assert isinstance(opened, Keeping)
    opened.unpack(next((home / "带走").glob("*.zip")))


def _template(home: Path, opened: object) -> None:
    assert isinstance(opened, Store)
    Layouts(opened, home / "templates")._keep("0" * 64, "模板", LONG.encode())


def _read(home: Path, _opened: object) -> None:
    with suppress(UnreadableFile):  # what is refused is not the matter here
        next(iter(read_each_bytes("样本.docx", b"PK\x03\x04" + bytes(100))))


def _note(home: Path, _opened: object) -> None:
    path = home / "templates" / "本单位.dotx"
    file_sha256(path)


def _log(home: Path, _opened: object) -> None:
    for number in range(300):
        journal.note("probe", number=number)
    with redirect_stderr(io.StringIO()):
        journal.crash(ValueError("probe"), "page")


def _people(home: Path, _opened: object) -> None:
    with closing(Roster(home)) as roster:
        for number in range(40):
            roster.rows(
                "INSERT INTO people (name, password, created_at) VALUES (?, ?, 0)",
                f"{uuid.uuid4()}-{number}",
                LONG[:900],
            )


def _store(home: Path) -> Store:
    return Store(home / "drafts.db")


def _library(home: Path) -> Library:
    library = Library(home / "library", FakeEmbedder)
    library.reports()
    return library


def _close(opened: object) -> None:
    if isinstance(opened, Store | Library):
        opened.close()


PATHS = (
    Way("正文", _text, _store, _close),
    Way("要点和快照", _plan, _store, _close),
    Way("设置", _settings, _store, _close),
    Way("导入样本", _import, _library, _close),
    Way("重建样本库", _rebuild, _library, _close),
    Way("新建的家", _new_home),
    Way("升级文稿库", lambda home, _: Store(home / "drafts.db").close(), old=True),
    Way("升级样本库", lambda home, _: _close(_library(home)), old=True),
    Way("备份", _copy, _keeping),
    Way("每日备份", _daily, _keeping),
    Way("恢复", _restore, _with_copy),
    Way("打包", _pack, _keeping),
    Way("导入打包文件", _unpack, _with_copy),
    Way("导出", lambda home, _: write_bytes(home / "报告.txt", LONG.encode())),
    Way("模板", _template, _store, _close),
    Way("下载模型", _fetch),
    Way("用户名单", _people),
    Way("日志和出错报告", _log, always=False),
    Way("模型校验记录", _note, always=False),
    Way("读文件的草稿夹", _read, always=False),
)


def make(place: Path, path: Way) -> None:
    """Make the home a path begins with; the first of a kind is kept as a pattern beside it."""
    pattern = place.with_name("旧样板" if path.old else "样板")
    if not pattern.exists():
        make_old(pattern, 1, dice(5)) if path.old else make_home(pattern, dice(5))
        (pattern / "tmp").mkdir()
    shutil.copytree(pattern, place)


def kept(home: Path, path: Way) -> list[str]:
    """Return what is not as it was in a home after a fault was lifted."""
    faults = []
    store, library = Store(home / "drafts.db"), Library(home / "library", FakeEmbedder)
    titles = [info.title for info in store.documents()]
    if titles != ([f"旧文稿{n}" for n in reversed(range(10))] if path.old else ["起点"]):
        faults.append(f"documents: {titles}")
    if not path.old:
        if [section.id for section in store.draft_sections(1)] != [s.id for s in OUTLINE.sections]:
            faults.append("the plan")
        if not {store.paste(1), store.draft_sections(1)[2].text} <= {"", LONG}:
            faults.append("the text")
        if not library.search("压实责任", None, 1):
            faults.append("the search")
    sources = [info.source for info in library.reports()]
    if sources[: 1 if path.old else 2] != (["a"] if path.old else ["一.txt", "二.txt"]):
        faults.append(f"reports: {sources}")
    store.close()
    library.close()
    _keeping(home).keeper.look()
    left = [p for p in home.rglob("*") if ".part" in p.suffixes or p.name.startswith("work-")]
    return faults + [f"left behind: {p.relative_to(home)}" for p in left]
