"""`python -m drafter doctor`: whether everything the tool stands on is there and sound.

Each look returns one line a person without training can act on. Nothing is changed, nothing is
sent, and no line holds a word of any document.
"""

import importlib.metadata
import platform
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from drafter.backups import Backups, check_database
from drafter.database import is_lost
from drafter.database_files import DRAFTS_KIND, DamagedError
from drafter.errors import StoreError, UserFacingError
from drafter.export.fonts import missing_fonts
from drafter.export.profile import STANDARD, load_profile
from drafter.models import list_models
from drafter.packing import library_backups
from index.embed import default_weights
from index.failures import DATABASE_ERRORS
from index.home import home, models_dir
from index.memory import free_memory, total_memory
from index.soffice import find_office
from index.starting import command, set_up_again
from index.weights import installed, verify

State = Literal["好", "留意", "不行"]
# The 1.5B takes about 1.9 GB with its prompt, the embedder and the page about 0.8 GB more.
NEEDED_MEMORY = 4 * 1024**3
# The models together, and room to write.
NEEDED_DISK = 2 * 1024**3
DAMAGED = "损坏"
UNREAD = "它不一定坏了；请关闭占用它的程序、检查权限和磁盘（只读的盘要改成能写），再查一次。"
LIBRARIES = (
    *("gradio", "torch", "transformers", "sentence-transformers", "faiss-cpu", "xllamacpp"),
    *("python-docx", "lxml", "openpyxl", "pypdfium2"),
)


@dataclass(frozen=True, slots=True)
class Look:
    """What was looked at, how it stands, what was seen, and the next step where one is needed."""

    name: str
    state: State
    seen: str
    hint: str = ""


def examine(full: bool = False) -> Iterator[Look]:
    """Look at one thing after the other. `full` reads model files whole, which takes seconds."""
    looks: tuple[Callable[[], Iterator[Look]], ...] = (
        _program, _disk, _memory, _drafts, _backups, _library, lambda: _models(full), _fonts,
        _office,
    )  # fmt: skip
    for look in looks:
        yield from look()


def _program() -> Iterator[Look]:
    python = platform.python_version()
    old = sys.version_info < (3, 11)
    hint = "请安装 Python 3.11 或更新的版本。" if old else ""
    state: State = "不行" if old else "好"
    yield Look("Python", state, f"{python}，{platform.system()} {platform.machine()}", hint)
    versions, lacking = [], []
    for library in LIBRARIES:
        try:
            versions.append(f"{library} {importlib.metadata.version(library)}")
        except importlib.metadata.PackageNotFoundError:
            lacking.append(library)
    if lacking:
        yield Look("程序库", "不行", f"缺 {'、'.join(lacking)}", f"{set_up_again()}。")
    else:
        yield Look("程序库", "好", "，".join(versions))


def _disk() -> Iterator[Look]:
    place = home()
    near = next((path for path in (place, *place.parents) if path.exists()), None)
    if near is None:
        yield Look("磁盘", "不行", f"{place} 所在的磁盘不在", "请接上那个磁盘后再试。")
        return
    free = shutil.disk_usage(near).free
    low = free < NEEDED_DISK
    hint = "请腾出磁盘空间，或用环境变量 DRAFTER_HOME 换一个地方。" if low else ""
    yield Look("磁盘", "留意" if low else "好", f"{place}，还剩 {_gb(free)}", hint)


def _memory() -> Iterator[Look]:
    total, free = total_memory(), free_memory()
    if total is None:
        yield Look("内存", "留意", "看不到有多少内存")
        return
    low = total < NEEDED_MEMORY
    hint = "内存较小，建议在“设置”里改用 0.5B 模型。" if low else ""
    rest = f"，可用 {_gb(free)}" if free is not None else ""
    yield Look("内存", "留意" if low else "好", f"共 {_gb(total)}{rest}", hint)


def _drafts() -> Iterator[Look]:
    path = home() / "drafts.db"
    if is_lost(path):
        hint = "请运行 backup list 看有哪些备份，再用 backup restore 加备份的名称恢复。"
        yield Look("文稿库", "不行", f"文件不在原处：{path}", hint)
    elif not path.exists():
        yield Look("文稿库", "好", "还没有文稿")
    elif (state := _standing(path)) == "":
        version = _number(path, "PRAGMA user_version")
        newer = version is not None and version > len(DRAFTS_KIND.steps)
        yield Look(
            "文稿库",
            "不行" if newer else "好",
            f"完好，{_mb(path)}，版式 {version}",
            "由更新版本的拟稿台写成，请升级拟稿台后再打开。" if newer else "",
        )
    elif state != DAMAGED:
        yield Look("文稿库", "不行", f"{state}：{path}", UNREAD)
    else:
        backups = Backups(path).list()
        hint = (
            f"请运行 {command(f'backup restore {backups[0].name}')} 恢复最近的备份，"
            "损坏的文件会改名留着。"
            if backups
            else "没有备份可用；请把这个文件复制一份留存，再改名后重新启动。"
        )
        yield Look("文稿库", "不行", f"文件已损坏：{path}", hint)


def _backups() -> Iterator[Look]:
    backups = Backups(home() / "drafts.db").list()
    if not backups:
        yield Look("备份", "留意", "还没有备份", "打开页面后会自动备份，每天一次。")
        return
    newest = backups[0]
    yield Look("备份", "好", f"{len(backups)} 份，最近 {newest.made:%Y-%m-%d %H:%M}")


def _library() -> Iterator[Look]:
    path = home() / "library" / "library.db"
    if not path.exists():
        yield Look("样本库", "好", "还没有建，第一次打开页面时会导入自带样本")
    elif (state := _standing(path)) not in ("", DAMAGED):
        yield Look("样本库", "不行", f"{state}：{path}", UNREAD)
    elif state == DAMAGED:
        copies = library_backups(home()).list()
        hint = (
            f"请运行 {command(f'backup restore {copies[0].name}')} 恢复最近的备份；不影响文稿。"
            if copies
            else "请把这个文件改名留存，重新启动后重新导入样本；不影响文稿。"
        )
        yield Look("样本库", "不行", f"文件已损坏：{path}", hint)
    else:
        reports = _number(path, "SELECT count(*) FROM reports")
        yield Look("样本库", "好", f"完好，{reports or 0} 篇样本，{_mb(path)}")


def _standing(path: Path) -> str:
    """Return "" for a sound database, DAMAGED, or why it cannot be read just now."""
    try:
        check_database(path)
    except DamagedError:
        return DAMAGED
    except StoreError as error:
        return error.message.rstrip("。")
    return ""


def _number(path: Path, query: str) -> int | None:
    """Return the one number a query gives; None where the file cannot answer it."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as opened:
            return int(opened.execute(query).fetchone()[0])
    except DATABASE_ERRORS:
        return None


def _models(full: bool) -> Iterator[Look]:
    folder = models_dir()
    found = False
    for info in list_models():
        if not info.path.exists():
            continue
        found = True
        if not full:
            state: State = "好" if info.installed else "留意"
            seen = "已核对过" if info.installed else "还没有核对过"
            yield Look(f"模型 {info.name}", state, f"{seen}，{_mb(info.path)}")
            continue
        try:
            verify(info.path, info.weights)
            yield Look(f"模型 {info.name}", "好", f"sha256 相符，{_mb(info.path)}")
        except UserFacingError as error:
            yield Look(f"模型 {info.name}", "不行", error.message, error.hint)
    if not found:
        yield Look("写作模型", "留意", f"{folder} 里没有", "打开页面时会下载，或从安装盘复制过来。")
    retrieval = default_weights()
    if installed(retrieval, folder) or (folder / retrieval.name).is_dir():
        yield Look("检索模型", "好", retrieval.name)
    else:
        yield Look("检索模型", "留意", "还没有下载", "打开页面时会下载，或从安装盘复制过来。")


def _fonts() -> Iterator[Look]:
    missing = missing_fonts(load_profile(STANDARD))
    if not missing:
        yield Look("字体", "好", "公文用的字体都有")
    for font in missing:
        yield Look("字体", "留意", font.message, "不影响写稿；导出的文件在装有该字体的电脑上正常。")


def _office() -> Iterator[Look]:
    program = find_office()
    if program:
        yield Look("LibreOffice", "好", str(program))
    else:
        yield Look(
            "LibreOffice", "留意", "没有安装",
            "不影响写稿和导出 Word；读 doc、wps 文件和生成 PDF 需要它。",
        )  # fmt: skip


def _gb(size: int) -> str:
    return f"{size / 1024**3:.1f} GB"


def _mb(path: Path) -> str:
    return f"{path.stat().st_size / 1024**2:.1f} MB"
