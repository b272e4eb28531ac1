"""The command line of drafting: draft, check, export, model. Scripts depend on it (design.md).

Exit status 0 ok, 1 findings of severity error or a failed job, 2 wrong usage. Errors are one
Chinese line, never a traceback.
"""

import argparse
import sys
from pathlib import Path

from index.arguments import ChineseParser
from index.errors import UserFacingError
from index.starting import command


def _draft(commands: "argparse._SubParsersAction[ChineseParser]") -> None:
    draft = commands.add_parser("draft", help="由要点文件写出一篇报告")
    draft.add_argument("facts", type=Path, metavar="FACTS.md", help="要点文件（txt 或 md）")
    draft.add_argument("--year", type=int, metavar="年份", help="报告年度，默认从要点里读")
    draft.add_argument("--model", metavar="模型", help="模型名、文件、文件夹或服务地址")
    draft.add_argument("--seed", type=int, default=1, metavar="N", help="随机种子，默认 1")
    draft.add_argument(
        "--library", type=Path, metavar="文件夹", help="改用这个文件夹里的样本作范例"
    )
    draft.add_argument("-o", dest="out", type=Path, metavar="OUT.docx", help="导出 Word 文件")
    draft.add_argument(
        "--json", dest="json_out", type=Path, metavar="OUT.json", help="导出结果数据"
    )


def _export(commands: "argparse._SubParsersAction[ChineseParser]") -> None:
    export = commands.add_parser("export", help="把 draft --json 的结果导出为 Word 或 PDF")
    export.add_argument("draft", type=Path, metavar="DRAFT.json", help="draft --json 的输出")
    export.add_argument(
        "-o", dest="out", type=Path, required=True, metavar="OUT.docx",
        help="输出；写成 OUT.pdf 则导出 PDF（要装有 LibreOffice）",
    )  # fmt: skip
    export.add_argument(
        "--profile",
        default="gbt9704",
        metavar="版式",
        help="gbt9704（国标，默认）、wide（固定值30磅），或自己在版式表里加的",
    )
    export.add_argument(
        "--numbers-font",
        default="",
        metavar="字体",
        help="数字和字母的字体，如 “Times New Roman”；默认与正文相同（仿宋）",
    )
    export.add_argument(
        "--template", type=Path, metavar="X.dotx", help="用本单位的 Word 模板的版面和样式"
    )
    export.add_argument(
        "--against",
        type=Path,
        metavar="OLD",
        help="与旧稿（draft --json 的输出，或 docx、txt）对照，改动写成 Word 修订",
    )
    export.add_argument("--author", default="拟稿台", metavar="姓名", help="修订署名，默认“拟稿台”")


def _keeping(commands: "argparse._SubParsersAction[ChineseParser]") -> None:
    backup = commands.add_parser("backup", help="备份、恢复，把全部文稿打成一个文件带走")
    actions = backup.add_subparsers(
        dest="action", metavar="操作", required=True, parser_class=ChineseParser
    )
    actions.add_parser("list", help="列出备份")
    actions.add_parser("make", help="马上备份一份")
    restore = actions.add_parser("restore", help="恢复一份备份（现在的文稿会先存一份）")
    restore.add_argument("name", metavar="备份", help="备份的名称，见 backup list")
    for name, help_ in (("pack", "把文稿、样本库、模板打成一个文件"), ("unpack", "导入打包的文件")):
        action = actions.add_parser(name, help=help_)
        action.add_argument("file", type=Path, metavar="X.zip", help="打包文件")
    doctor = commands.add_parser("doctor", help="体检：程序、磁盘、内存、文稿库、模型、字体")
    doctor.add_argument("--full", action="store_true", help="把模型文件整个核对一遍")
    doctor.add_argument("--json", action="store_true", help="输出 JSON")


def _people(commands: "argparse._SubParsersAction[ChineseParser]") -> None:
    user = commands.add_parser("user", help="几个人一起用：添加、删除用户，改密码")
    actions = user.add_subparsers(
        dest="action", metavar="操作", required=True, parser_class=ChineseParser
    )
    actions.add_parser("list", help="列出用户")
    add = actions.add_parser("add", help="添加一个用户（第一个是管理员）")
    add.add_argument("--owner", action="store_true", help="添加为管理员（原来的管理员已删除时用）")
    password = actions.add_parser("password", help="改一个用户的密码")
    remove = actions.add_parser("remove", help="删除一个用户（文稿不删）")
    for action in (add, password, remove):
        action.add_argument("name", metavar="名字", help="用户名")
    for action in (add, password):
        action.add_argument(
            "--password-stdin", action="store_true", help="从标准输入读密码，不在终端里问"
        )


def _parser() -> ChineseParser:
    parser = ChineseParser(
        prog=command("").strip(),
        description="拟稿台：用本机模型把要点写成党建述职报告、工作汇报、工作总结。",
    )
    commands = parser.add_subparsers(dest="command", metavar="命令", parser_class=ChineseParser)
    _draft(commands)

    check = commands.add_parser("check", help="检查一篇文稿：虚构、遗漏、雷同、过时")
    check.add_argument(
        "draft", type=Path, nargs="?", metavar="DRAFT", help="文稿（txt、md 或 docx）"
    )
    check.add_argument("--facts", type=Path, metavar="F", help="要点文件")
    check.add_argument("--year", type=int, metavar="年份", help="报告年度")
    check.add_argument(
        "--exemplar", type=Path, action="append", default=[], metavar="F", help="范例"
    )
    check.add_argument("--batch", type=Path, metavar="CASES.jsonl", help="成批检查，一行一例")
    check.add_argument("--json", action="store_true", help="输出 JSON")

    _export(commands)
    _keeping(commands)
    _people(commands)

    model = commands.add_parser("model", help="查看和下载模型")
    actions = model.add_subparsers(
        dest="action", metavar="操作", required=True, parser_class=ChineseParser
    )
    actions.add_parser("list", help="列出可用的模型")
    get = actions.add_parser("get", help="下载一个模型（可续传）")
    get.add_argument("name", metavar="NAME", help="模型名，见 model list")
    actions.add_parser("show", help="显示当前选用的模型")
    return parser


def main(argv: list[str] | None = None) -> int:
    """Run one command and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    parser = _parser()
    args = parser.parse_args(argv)
    if args.command is None:
        parser.print_help()
        return 2
    from drafter import commands, journal

    journal.watch()
    try:
        with journal.timed("command", name=args.command):
            status: int = getattr(commands, args.command)(args)
    except UserFacingError as error:
        print(f"错误：{error.message}{error.hint}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("已停止。", file=sys.stderr)
        return 1
    except Exception as error:  # noqa: BLE001 - the edge: every error becomes a message
        report = journal.crash(error, "command")
        print(f"错误：程序出错了。出错报告（没有文稿内容）：{report}", file=sys.stderr)
        return 1
    return status


if __name__ == "__main__":
    raise SystemExit(main())
