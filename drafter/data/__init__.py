"""The word tables of drafting, in TOML so that an office can edit them without programming."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from drafter.errors import InputError

_FOLDER = Path(__file__).parent


@cache
def load_table(name: str) -> dict[str, Any]:
    """Return the table `name` ("units" for units.toml); read once, do not change what it returns.

    Raises InputError with the line to look at when the file was edited into something unreadable.
    """
    path = _FOLDER / f"{name}.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            f"词表 {path.name} 格式有误（{error}）。", "请改正该行，或从安装包恢复这个文件。"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"词表 {path.name} 无法读取。", "请从安装包恢复这个文件后重试。"
        ) from error
