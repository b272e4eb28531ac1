"""`python -m drafter export`: a draft as Word or PDF, or its changes since an earlier one."""

import argparse
import json
from pathlib import Path

from drafter.checking import say
from drafter.errors import ExportError, InputError
from drafter.export.docx import WordChoice, docx_of, to_redline
from drafter.export.fonts import missing_fonts
from drafter.export.layout import Paragraph, paragraphs, paragraphs_of_text
from drafter.export.pdf_of import pdf_of
from drafter.export.profile import load_profile
from drafter.export.redline import Author
from drafter.export.template import MAX_TEMPLATE_BYTES, template_report
from drafter.file_names import write_whole
from drafter.types import Draft, DraftSection
from index.failures import meaning
from index.parse import read_text

# What people call “in the font of the text around”.
_SAME_FONT = ("", "仿宋", "正文", "仿宋_GB2312")


def export(args: argparse.Namespace) -> int:
    """Turn the JSON of `draft` into a Word file, or a PDF where `-o` ends in .pdf; with
    `--against`, its changes are tracked.

    Raises InputError where `-o` ends in anything else, and what the parts of the export raise.
    """
    form = args.out.suffix.lower()
    if form not in (".docx", ".pdf"):
        raise InputError(
            f"不能导出为“{args.out.name}”：只写 .docx 和 .pdf。",
            "请把 -o 的文件名改成以 .docx 或 .pdf 结尾。",
        )
    new = paragraphs(_read_draft(args.draft))
    number_font = "" if args.numbers_font in _SAME_FONT else args.numbers_font
    template = _read_template(args.template) if args.template else None
    choice = WordChoice(args.profile, number_font, template)
    if args.against:
        data = to_redline(new, _read_report(args.against), Author(args.author), choice)
    else:
        data = docx_of(new, choice)
    if form == ".pdf":
        data = pdf_of(data)
    write_bytes(args.out, data)
    say(f"已导出 {args.out}。")
    for sentence in template_report(template).told() if template is not None else ():
        say(sentence)
    if template is None:
        for font in missing_fonts(load_profile(args.profile), number_font):
            say(font.message)
    return 0


def write_bytes(path: Path, data: bytes) -> None:
    """Write through a neighbour file so that a failure leaves no half-written output."""
    try:
        write_whole(path, data)
    except OSError as error:
        raise ExportError(
            f"写不进文件 {path}（{meaning(error)}）。",
            "请腾出磁盘空间，或换一个有写权限的位置；文件开着的，先关闭打开它的程序。",
        ) from error


def _read_draft(path: Path) -> Draft:
    try:
        data = json.loads(read_text(path))
        sections = tuple(
            DraftSection(
                str(s.get("id", f"S{n}")), str(s["heading"] or ""), int(s["level"]),
                s["role"], str(s["text"] or ""),
                tuple(s.get("fact_ids", ())), tuple(s.get("exemplar_ids", ())), False,
            )
            for n, s in enumerate(data["sections"], 1)
        )  # fmt: skip
        return Draft(str(data["title"]), data.get("year"), sections)
    except (json.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            f"{path} 不是 draft --json 的输出（{error}）。",
            "请先运行 draft … --json OUT.json。",
        ) from error


def _read_report(path: Path) -> tuple[Paragraph, ...]:
    """Read what to compare with: a result of `draft --json`, or a document of any readable kind."""
    if path.suffix.lower() == ".json":
        return paragraphs(_read_draft(path))
    return paragraphs_of_text(read_text(path))


def _read_template(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_TEMPLATE_BYTES:
            raise InputError(f"模板 {path} 超过 20 MB。", "请删去模板里的图片后再试。")
        return path.read_bytes()
    except OSError as error:
        raise InputError(
            f"读不出模板 {path}（{meaning(error)}）。", "请检查路径，或关闭正在打开它的程序。"
        ) from error
