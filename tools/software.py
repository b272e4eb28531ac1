"""What the tests need beside Python's packages: named by Debian's, looked for on this computer.

Standard library only, and parseable by Python 3.7, as tools/setup.py is.
"""

from __future__ import annotations

import shutil
import subprocess

# What some tests need: the command that shows it is there, what it is for, Debian's package.
SYSTEM_SOFTWARE = (
    ("chromium", "页面测试要用的浏览器", "chromium"),
    ("fc-list", "查看字体的命令", "fontconfig"),
    ("soffice", "核对 Word 版面要用的 LibreOffice", "libreoffice-writer"),
    ("pdftoppm", "把 PDF 转成图片的工具", "poppler-utils"),
    ("pdftotext", "读出 PDF 文字的工具", "poppler-utils"),
)


def missing_software() -> list[tuple[str, str]]:
    """Return (what it is, Debian's package) for each thing some tests need and is not here."""
    missing = [(what, package) for tool, what, package in SYSTEM_SOFTWARE if not shutil.which(tool)]
    lister = shutil.which("fc-list")
    if lister is None or not subprocess.check_output([lister, ":lang=zh", "family"]).strip():
        missing.append(("中文字体", "fonts-noto-cjk"))
    return missing
