"""Which files an import takes, from the files and folders a person named."""

import os
from collections.abc import Iterable
from pathlib import Path

from index.failures import meaning
from index.parse import EXTENSIONS
from index.types import FileOutcome


def report_files(paths: Iterable[Path]) -> tuple[tuple[Path, ...], tuple[FileOutcome, ...]]:
    """Return the report files, in order and each once, and what could not be looked into.

    A file is taken whatever its extension (reading it says what is wrong with it). Folders are
    searched to any depth for the kinds `index.parse` reads reports from, but for README, hidden
    files and Word's ~$ files.
    """
    found: dict[Path, None] = {}
    failed: list[FileOutcome] = []
    for path in paths:
        if path.is_dir():
            files, blocked = _in_folder(path)
            found.update(dict.fromkeys(files))
            failed += [
                FileOutcome(folder, "failed", f"打不开这个文件夹：{reason}。请检查读取权限。", None)
                for folder, reason in blocked
            ]
        elif path.exists():
            found[path.resolve()] = None
        else:
            message = "找不到这个文件或文件夹。请检查路径是否写对。"
            failed.append(FileOutcome(str(path), "failed", message, None))
    return tuple(found), tuple(failed)


def _in_folder(folder: Path) -> tuple[list[Path], list[tuple[str, str]]]:
    blocked: list[tuple[str, str]] = []

    def note(error: OSError) -> None:
        blocked.append((str(error.filename), meaning(error)))

    files: list[Path] = []
    for place, folders, names in os.walk(folder.resolve(), onerror=note):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        files += [Path(place) / name for name in sorted(names) if _is_report(name)]
    return files, blocked


def _is_report(name: str) -> bool:
    hidden = name.startswith((".", "~$"))
    readme = name.lower().startswith("readme")
    return name.lower().endswith(EXTENSIONS) and not hidden and not readme
