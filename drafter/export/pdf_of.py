"""A Word file as PDF, set by LibreOffice where it is installed: the same layout as the file has.

LibreOffice runs as a process of its own with a profile, a home and a folder made for this file; all
of it is ended and removed afterwards, whatever happens.
"""

import contextlib
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from drafter.errors import ExportError
from drafter.export.fonts import stand_ins
from index.failures import meaning
from index.processes import end_all
from index.scratch import scratch_folder
from index.soffice import conversion, find_office

PDF_SECONDS = 120.0  # a report takes 3 to 10 s; an old computer's first start much longer
_LOOK_SECONDS = 0.1
_INSTEAD = "可以先导出 Word，在 Word 或 WPS 里另存为 PDF。"


def can_make_pdf() -> bool:
    """Return whether LibreOffice is installed here."""
    return find_office() is not None


def no_office() -> ExportError:
    """Return what is said where LibreOffice is missing."""
    return ExportError(
        "生成 PDF 和打印预览要用 LibreOffice，这台电脑上没有。",
        "装上免费的 LibreOffice 以后再试；" + _INSTEAD,
    )


def pdf_of(data: bytes, stop: threading.Event | None = None, seconds: float = PDF_SECONDS) -> bytes:
    """Return a .docx file as PDF. Setting `stop` ends it within a fraction of a second.

    Raises:
        ExportError: LibreOffice is missing, was stopped, fails, or takes longer than `seconds`.
    """
    program = find_office()
    if program is None:
        raise no_office()
    try:
        with scratch_folder("pdf") as folder:
            source = folder / "report.docx"
            source.write_bytes(data)
            command, environment = conversion(program, source, "pdf", folder, stand_ins())
            _run(command, {**environment, **_own_fonts(folder)}, folder, stop, seconds)
            made = folder / "out" / "report.pdf"
            if not made.is_file():
                raise ExportError("LibreOffice 没能生成 PDF。", "请再试一次；" + _INSTEAD)
            return made.read_bytes()
    except OSError as error:
        raise ExportError(
            f"生成 PDF 要用的临时文件写不成（{meaning(error)}）。",
            "请腾出磁盘空间，或检查系统临时文件夹的权限后再试；" + _INSTEAD,
        ) from error


def _own_fonts(folder: Path) -> dict[str, str]:
    """Let LibreOffice see the fonts the person installed for himself, though its home is another.

    Source: the folders of fontconfig's fonts.conf, `~/.fonts` and `fonts` under XDG_DATA_HOME.
    """
    if sys.platform == "win32":
        return {}
    own = Path.home()
    with contextlib.suppress(OSError):
        (folder / ".fonts").symlink_to(own / ".fonts")
    return {"XDG_DATA_HOME": os.environ.get("XDG_DATA_HOME") or str(own / ".local" / "share")}


def _run(
    command: list[str],
    environment: dict[str, str],
    folder: Path,
    stop: threading.Event | None,
    seconds: float,
) -> None:
    try:
        process = subprocess.Popen(
            command, env=environment, cwd=folder, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )  # fmt: skip
    except OSError as error:
        raise ExportError(
            f"LibreOffice 启动不了（{meaning(error)}）。", "请检查它的安装；" + _INSTEAD
        ) from error
    try:
        _wait(process, stop, seconds)
    finally:
        end_all(process)


def _wait(process: "subprocess.Popen[bytes]", stop: threading.Event | None, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while process.poll() is None:
        if stop is not None and stop.is_set():
            raise ExportError("已停止。", "文稿没有受影响，需要时再点一次。")
        if time.monotonic() > deadline:
            raise ExportError(
                f"LibreOffice 过了 {seconds:.0f} 秒还没有排完，已停下。",
                "电脑忙的时候请稍后再试；" + _INSTEAD,
            )
        time.sleep(_LOOK_SECONDS)
