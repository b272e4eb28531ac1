"""The library's command line: build, show, search. See docs/architecture.md.

Results go to stdout, progress and errors to stderr. Exit status: 0 done, 1 failed, 2 wrong usage.
"""

import json
import os
import sys
from argparse import ArgumentTypeError, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.arguments import ChineseParser
from index.errors import UserFacingError
from index.home import library_dir
from index.types import ROLES, BuildProgress, BuildReport, ParsedReport

if TYPE_CHECKING:
    from index.library import Library

SAMPLES = Path(__file__).parent.parent / "samples"
STATUS = {"added": "已导入", "unchanged": "未变化", "duplicate": "重复", "failed": "失败"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit status; every error becomes one Chinese line."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a Windows console may be set to another encoding
            stream.reconfigure(encoding="utf-8", errors="replace")
    options = _parser().parse_args(arguments)
    # Nothing here may ask the network for a model by itself.
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    try:
        status: int = options.run(options)
    except UserFacingError as error:
        print(f"错误：{error.message}{error.hint}".replace("\n", " "), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("错误：已中断；完成的部分已保存，再次运行会接着做。", file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of stdout (head, less) has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return status


def _parser() -> ChineseParser:
    parser = ChineseParser("python -m index", "样本库：导入样本报告、查看报告结构、按主题检索。")
    commands = parser.add_subparsers(title="命令", metavar="命令", required=True)

    build = commands.add_parser("build", help="建立或扩充样本库", description="建立或扩充样本库。")
    build.add_argument(
        "paths", nargs="*", type=Path, metavar="路径", help="文件或文件夹（默认：自带的 samples/）"
    )
    build.add_argument("--rebuild", action="store_true", help="重新解析并补算已有样本的向量")
    _add_embedder(build)
    build.set_defaults(run=_build)

    show = commands.add_parser(
        "show", help="查看一份报告的结构", description="查看一份报告的结构。"
    )
    show.add_argument("file", type=Path, metavar="文件", help="docx、pdf、doc、wps、txt、md 等")
    show.add_argument("--json", action="store_true", help="输出 JSON")
    show.set_defaults(run=_show)

    search = commands.add_parser("search", help="检索范文段落", description="检索范文段落。")
    search.add_argument("text", metavar="文字", help="要找的主题或要点")
    search.add_argument(
        "--role", choices=ROLES, metavar="类别", help="只找这一类：" + "、".join(ROLES)
    )
    search.add_argument(
        "--top-k", type=_positive, default=5, metavar="K", help="最多几条（默认 5）"
    )
    search.add_argument("--json", action="store_true", help="输出 JSON")
    _add_embedder(search)
    search.set_defaults(run=_search)
    return parser


def _add_embedder(parser: ChineseParser) -> None:
    parser.add_argument(
        "--embedder",
        type=Path,
        metavar="文件夹",
        help="sentence-transformers 检索模型的文件夹（默认：自带清单中的模型）",
    )


def _positive(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise ArgumentTypeError(f"要写一个正整数，不能是 {text}")
    return int(text)


def _build(options: Namespace) -> int:
    library = _library(options.embedder)
    if options.rebuild:
        report = library.rebuild(_show_progress)
    else:
        report = library.build(options.paths or [SAMPLES], _show_progress)
    if not report.outcomes:
        raise UserFacingError(
            "没有找到可以导入的样本。", "请给出 txt、md、docx 文件或它们所在的文件夹。"
        )
    _print_outcomes(report)
    return 1 if any(outcome.status == "failed" for outcome in report.outcomes) else 0


def _print_outcomes(report: BuildReport) -> None:
    for outcome in report.outcomes:
        print(f"{STATUS[outcome.status]}  {outcome.path}  {outcome.message}")
    counts = [
        f"{label} {sum(outcome.status == status for outcome in report.outcomes)}"
        for status, label in STATUS.items()
    ]
    print(f"共 {len(report.outcomes)} 份：{'，'.join(counts)}；", end="")
    print(f"计算向量 {report.embedded} 段，用时 {report.seconds:.1f} 秒。")


def _show(options: Namespace) -> int:
    from index.parse import read_file
    from index.show import to_json
    from index.split import parse_report

    reading = read_file(options.file)
    for note in reading.notes:
        print(f"提示：{note}", file=sys.stderr)
    report = parse_report(reading.text)
    if options.json:
        print(json.dumps(to_json(report), ensure_ascii=False, indent=2))
    else:
        _print_tree(report)
    return 0


def _print_tree(report: ParsedReport) -> None:
    print(report.title)
    for label, text in (("称谓", report.salutation), ("引言", report.preamble)):
        if text:
            print(f"  [{label}] {_start(text)}")
    for section in report.sections:
        print(f"  {section.number or ''}{section.heading or '（无标题）'}  [{section.role}]")
        if section.lead:
            print(f"      {_start(section.lead)}")
        for part in section.subsections:
            print(f"    {part.number or ''}{part.heading or _start(part.text)}  [{part.role}]")
            for point in part.points:
                print(f"      · {_start(point)}")
    for line in report.dropped_lines:
        print(f"  [未采用] {_start(line)}")


def _start(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else line[:40] + "…"


def _search(options: Namespace) -> int:
    library = _library(options.embedder)
    found = []
    for exemplar in library.search(options.text, options.role, options.top_k):
        section, report = exemplar.section, library.report(exemplar.section.report)
        found.append(
            {
                "score": round(exemplar.score, 4),
                "report": report.id,
                "title": report.title,
                "year": report.year,
                "section": section.id,
                "number": section.number,
                "heading": section.heading,
                "role": section.role,
                "text": section.text,
            }
        )
    if options.json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
    elif not found:
        reason = (
            "没有符合条件的段落"
            if library.reports()
            else "样本库是空的，请先运行 python -m index build"
        )
        print(reason + "。", file=sys.stderr)
    else:
        for one in found:
            print(
                f"{one['score']:.3f}  [{one['role']}] 《{one['title']}》{one['number'] or ''}",
                end="",
            )
            print(f"{one['heading'] or ''}\n       {_start(str(one['text']))}")
    return 0


def _library(embedder: Path | None) -> "Library":
    from index.embed import default_embedder, load_embedder
    from index.library import Library
    from index.types import Embedder

    loaded: list[Embedder] = []

    def load() -> Embedder:
        if not loaded:
            loaded.append(load_embedder(embedder) if embedder else default_embedder(None, _fetched))
        return loaded[0]

    return Library(library_dir(), load)


def _show_progress(progress: BuildProgress) -> None:
    print(f"[{progress.done}/{progress.total}] {progress.message}", file=sys.stderr)


_last_shown: list[str] = []


def _fetched(done: int, total: int, message: str) -> None:
    line = f"{message}（{done * 100 // max(total, 1)}%）"
    if _last_shown != [line]:  # told four times a second, shown when a percent has passed
        _last_shown[:] = [line]
        print(line, file=sys.stderr)


if __name__ == "__main__":
    raise SystemExit(main())
