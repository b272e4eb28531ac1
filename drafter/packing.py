"""All of the person's work as one file, to carry to another computer, and back from it.

The file is a zip of checked copies of the databases and the office's templates, with the sha256 of
each in `manifest.json`. Weights are not in it (they can be fetched again), nor is the key of a
model server: a file that is carried around is no place for it.
"""

import contextlib
import hashlib
import json
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from drafter.backups import Backups
from drafter.database_files import (
    DRAFTS_KIND,
    LIBRARY_KIND,
    bring_up_to_date,
    check_database,
    copy_database,
)
from drafter.errors import InputError, StoreError
from index.alone import working_folder
from index.failures import DATABASE_ERRORS, meaning
from index.lasting import put_in_place

FORM = 1
DRAFTS, LIBRARY = "drafts.db", "library/library.db"
TEMPLATES = "templates/"
# No office has more; a file that claims to is no package of ours.
MOST_BYTES, MOST_FILES = 4 * 1024**3, 500
_NOT_OURS = "请选“打包全部文稿”存下的 zip 文件。"
# Copies of the library: it is larger than the drafts, and can be made again from the samples.
KEPT_OF_LIBRARY = (3, 0, 2, 10)
# A changed byte can make a zip claim anything: a password, another way of packing, no end.
_NO_ZIP = (
    *(zipfile.BadZipFile, zlib.error, struct.error),
    *(KeyError, ValueError, EOFError, RuntimeError),
)


@dataclass(frozen=True, slots=True)
class Packed:
    """What a package holds: numbers of documents and sample reports, and bytes of all files.
    `became` says in Chinese what became of the drafts that it replaced."""

    documents: int
    reports: int
    size: int
    became: str = field(default="", compare=False)


def library_backups(home: Path) -> Backups:
    """Return the copies of the library under `home`."""
    return Backups(home / LIBRARY, kind=LIBRARY_KIND, kept=KEPT_OF_LIBRARY)


def pack(home: Path, out: Path) -> Packed:
    """Write everything under `home` that is the person's into the file `out`.

    Raises StoreError where there is nothing yet, or the disk does not play along; no half file is
    left then.
    """
    if not (home / DRAFTS).exists():
        raise StoreError("还没有文稿可以打包。", "先新建一篇文稿。")
    part = out.with_name(f"{out.name}.part")
    try:
        with working_folder(home / "backups") as scratch:
            files = _gather(home, scratch)
            with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as package:
                sums = {name: _put_in(package, name, path) for name, path in files.items()}
                package.writestr("manifest.json", _manifest(sums))
            packed = _count(scratch, sum(path.stat().st_size for path in files.values()))
        put_in_place(part, out)
    except (OSError, *DATABASE_ERRORS) as error:
        raise StoreError(
            f"没有写成 {out.name}（{meaning(error)}）。", "请换一个有空间、能写入的位置再试。"
        ) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return packed


def unpack(home: Path, source: Path, backups: Backups | None = None) -> Packed:
    """Put a package in the place of what is under `home`; what was there is copied first.

    Both databases are looked over before either is replaced; where the second cannot be, the first
    is put back. Raises InputError for a file that is no sound package, and StoreError for one of a
    newer version of this tool or when the disk does not play along; nothing was changed then, but
    where the message says so.
    """
    kept, library = backups or Backups(home / DRAFTS), library_backups(home)
    with _scratch(kept.folder) as folder:
        names = _extract(source, folder)
        packed = _count(folder, sum((folder / name).stat().st_size for name in names))
        bring_up_to_date(folder / DRAFTS, DRAFTS_KIND)
        was_there, given_back = kept.database.exists(), None
        if LIBRARY in names:
            bring_up_to_date(folder / LIBRARY, LIBRARY_KIND)
            # The larger first: a disk too small for it leaves the drafts as they were.
            given_back = _replace_library(library, folder / LIBRARY)
        try:
            before = kept.restore_from(folder / DRAFTS)
        except StoreError as error:
            if given_back is None:
                raise
            raise StoreError(error.message, f"{error.hint}{given_back()}") from error
        packed = replace(packed, became=kept.what_became(before, was_there))
        for name in (n for n in names if n.startswith(TEMPLATES)):
            _put_template(folder / name, home / name)
    return packed


def _replace_library(library: Backups, source: Path) -> Callable[[], str]:
    """Put a library in the place of this one; return what puts it back and says how that went."""
    was_there = library.database.exists()
    before = library.restore_from(source)

    def give_back() -> str:
        if before is None:
            return f"样本库已换成打包文件里的；{library.what_became(None, was_there)}"
        try:
            library.restore(before.name)
        except StoreError:
            return (
                f"样本库已换成打包文件里的，换不回来；{library.what_became(before, was_there)}"
                f"请用 backup restore {before.name} 恢复它。"
            )
        return "样本库已换回原来的。"

    return give_back


def _put_template(source: Path, target: Path) -> None:
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        put_in_place(source, target)  # both are under one home: a kill leaves no half file beside
    except OSError as error:
        raise StoreError(
            f"文稿和样本已导入，模板“{target.name}”没有写成（{meaning(error)}）。",
            "请腾出磁盘空间或检查文件夹权限，再导入一次，或在“模板”里单独上传它。",
        ) from error


@contextlib.contextmanager
def _scratch(parent: Path) -> Iterator[Path]:
    """Yield a folder on the disk of the work, whatever its faults a StoreError of ours."""
    try:
        with working_folder(parent) as folder:
            yield folder
    except OSError as error:
        raise StoreError(
            f"没有导入（{meaning(error)}）。",
            f"原来的文稿没有改动；请腾出磁盘空间或检查文件夹权限后再试：{parent}",
        ) from error


def _gather(home: Path, folder: Path) -> dict[str, Path]:
    files = {DRAFTS: folder / DRAFTS}
    copy_database(home / DRAFTS, files[DRAFTS], "没有打包成")
    _without_key(files[DRAFTS])
    if (home / LIBRARY).exists():
        files[LIBRARY] = folder / LIBRARY
        copy_database(home / LIBRARY, files[LIBRARY], "没有打包成")
    for path in sorted((home / TEMPLATES).glob("*")):
        if path.is_file() and path.suffix != ".part":  # of an upload that was cut off
            files[f"{TEMPLATES}{path.name}"] = path
    size = sum(path.stat().st_size for path in files.values())
    if size > MOST_BYTES or len(files) >= MOST_FILES:  # the list itself is one more
        raise StoreError(
            f"内容太多，打不成一个文件（{len(files)} 个文件，{size / 1024**3:.1f} GB；"
            f"最多 {MOST_FILES - 1} 个文件，{MOST_BYTES / 1024**3:.0f} GB）。",
            f"请先清理不用的模板或样本，或直接复制整个数据文件夹：{home}",
        )
    return files


def _put_in(package: zipfile.ZipFile, name: str, path: Path) -> str:
    """Write a file into a package; return the sha256 of what was written, which a template that is
    changed meanwhile may not be any more. Its time is the time of packing: a zip knows none before
    1980."""
    now = datetime.now()
    when = (max(now.year, 1980), now.month, now.day, now.hour, now.minute, now.second)
    info = zipfile.ZipInfo(name, when)
    info.compress_type, digest = zipfile.ZIP_DEFLATED, hashlib.sha256()
    info.file_size = path.stat().st_size
    with path.open("rb") as read, package.open(info, "w") as written:
        while chunk := read.read(1 << 20):
            digest.update(chunk)
            written.write(chunk)
    return digest.hexdigest()


def _without_key(drafts: Path) -> None:
    """Take the key of a model server out of a copy."""
    with closing(sqlite3.connect(drafts)) as copy:
        row = copy.execute("SELECT value FROM settings WHERE key = 'settings'").fetchone()
        if row is None:
            return
        kept = json.loads(row[0])
        kept.pop("api_key", None)
        text = json.dumps(kept, ensure_ascii=False)
        copy.execute("UPDATE settings SET value = ? WHERE key = 'settings'", (text,))
        copy.commit()
        copy.execute("VACUUM")  # what was overwritten must not stay in a free page


def _manifest(listed: dict[str, str]) -> str:
    made = datetime.now().astimezone().isoformat(timespec="seconds")
    return json.dumps({"form": FORM, "made": made, "files": listed}, ensure_ascii=False, indent=1)


def _extract(source: Path, folder: Path) -> tuple[str, ...]:
    try:
        with zipfile.ZipFile(source) as package:
            listed = _listed(package)
            for name, sha256 in listed.items():
                if _copy_out(package, name, folder / name) != sha256:
                    raise InputError(f"打包文件里的“{name}”已损坏。", "请换一份完好的打包文件。")
    except _NO_ZIP as error:
        raise InputError(f"“{source.name}”不是拟稿台的打包文件，或已损坏。", _NOT_OURS) from error
    except OSError as error:
        if not _readable(source):
            raise InputError(
                f"读不出“{source.name}”（{meaning(error)}）。", "请检查这个文件后重新选择。"
            ) from error
        raise
    for name in listed:
        if name.endswith(".db"):
            check_database(folder / name)
    return tuple(listed)


def _copy_out(package: zipfile.ZipFile, name: str, target: Path) -> str:
    """Write a member to a file, as much as it says it has; return the sha256 of what there was."""
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, left = hashlib.sha256(), package.getinfo(name).file_size
    with package.open(name) as packed, target.open("wb") as out:
        while left >= 0 and (chunk := packed.read(1 << 20)):
            left -= len(chunk)
            digest.update(chunk)
            out.write(chunk)
    return digest.hexdigest()


def _readable(source: Path) -> bool:
    try:
        with source.open("rb") as opened:
            while opened.read(1 << 20):
                pass
    except OSError:
        return False
    return True


def _listed(package: zipfile.ZipFile) -> dict[str, str]:
    """Return name and sha256 of the files of a package; raise where it holds anything else."""
    infos = package.infolist()
    too_much = len(infos) > MOST_FILES or sum(info.file_size for info in infos) > MOST_BYTES
    if too_much or package.getinfo("manifest.json").file_size > 1024**2:
        raise InputError("打包文件太大，不像是拟稿台的。", _NOT_OURS)
    manifest = json.loads(package.read("manifest.json"))
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise ValueError("no list of files")
    if manifest.get("form") != FORM:
        raise InputError("打包文件由另一个版本的拟稿台写成。", "请先升级拟稿台。")
    listed = {str(name): str(sha256) for name, sha256 in manifest["files"].items()}
    for name in listed:
        inside = name.removeprefix(TEMPLATES)
        template = (
            name.startswith(TEMPLATES) and inside and "/" not in inside and "\\" not in inside
        )
        if name not in (DRAFTS, LIBRARY) and not (template and inside not in (".", "..")):
            raise InputError(f"打包文件里有不认识的内容“{name}”。", _NOT_OURS)
    if DRAFTS not in listed:
        raise InputError("打包文件里没有文稿。", _NOT_OURS)
    return listed


def _count(folder: Path, size: int) -> Packed:
    def rows(name: str, query: str) -> int:
        if not (folder / name).exists():
            return 0
        try:
            with closing(sqlite3.connect(folder / name)) as opened:
                return int(opened.execute(query).fetchone()[0])
        except DATABASE_ERRORS as error:
            raise InputError(f"打包文件里的“{name}”读不出来。", _NOT_OURS) from error

    documents = rows(DRAFTS, "SELECT count(*) FROM documents WHERE deleted_at IS NULL")
    return Packed(documents, rows(LIBRARY, "SELECT count(*) FROM reports"), size)
