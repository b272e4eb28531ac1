"""A command line that speaks Chinese: usage, headings and mistakes, in one line on stderr."""

import argparse
import re
import sys
from typing import NoReturn

# argparse's own sentences, and how they are said here.
_SENTENCES = (
    (r"the following arguments are required: (.+)", r"缺少参数：\1"),
    (r"unrecognized arguments: (.+)", r"不认识的参数：\1"),
    (r"argument (.+?): invalid choice: '?(.*?)'? \(choose from (.+)\)", r"\1 不能是 \2，可选：\3"),
    (r"argument (.+?): expected one argument", r"\1 后面缺一个值"),
    (r"argument (.+?): expected at least one argument", r"\1 后面至少要一个值"),
    (r"argument (.+?): invalid \S+ value: '?(.*?)'?", r"\1 的值 \2 不对"),
    (r"argument (.+?): ([^a-z].*)", r"\1：\2"),
    (r"argument (.+?): not allowed with argument (.+)", r"\1 不能与 \2 同时使用"),
)


class ChineseParser(argparse.ArgumentParser):
    """An ArgumentParser whose help and complaints are Chinese; a wrong call ends with status 2."""

    def __init__(self, prog: str | None = None, description: str | None = None) -> None:
        super().__init__(
            prog=prog,
            description=description,
            add_help=False,
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        self._positionals.title = "参数"
        self._optionals.title = "选项"
        self.add_argument("-h", "--help", action="help", help="显示这份说明")

    def format_usage(self) -> str:
        """Return the usage line."""
        return super().format_usage().replace("usage: ", "用法：", 1)

    def format_help(self) -> str:
        """Return the whole help."""
        return super().format_help().replace("usage: ", "用法：", 1)

    def error(self, message: str) -> NoReturn:
        """Say in one line what is wrong with the call, and end with status 2."""
        for english, chinese in _SENTENCES:
            if re.fullmatch(english, message):
                message = re.sub(english, chinese, message)
                break
        sys.stderr.write(f"错误：{message}。用 {self.prog} --help 查看用法。\n")
        raise SystemExit(2)
