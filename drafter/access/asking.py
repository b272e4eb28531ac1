"""`python -m drafter user …`: who may log in."""

import argparse
import getpass
import sys
import time
from datetime import datetime

from drafter.access.roster import Person, Roster
from drafter.errors import InputError
from index.home import home

__all__ = ["user"]


def user(args: argparse.Namespace) -> int:
    """List, add, remove people, or change a password."""
    roster = Roster(home())
    try:
        {"list": _list, "add": _add, "remove": _remove, "password": _password}[args.action](
            roster, args
        )
    finally:
        roster.close()
    return 0


def _list(roster: Roster, _args: argparse.Namespace) -> None:
    people = roster.people()
    if not people:
        _say("还没有用户：页面只能在本机打开，不需要登录。")
    for one in people:
        added = datetime.fromtimestamp(one.created_at)
        _say(f"{one.name}\t{'管理员' if one.owner else '用户'}\t{added:%Y-%m-%d} 添加")


def _add(roster: Roster, args: argparse.Namespace) -> None:
    others = bool(roster.people())
    made = roster.add(args.name, _asked(args), time.time(), owner=True if args.owner else None)
    _say(f"已添加{_called(made)}。")
    if made.owner:
        _say("本机原有的文稿、样本库归管理员；写作模型也由管理员在“设置”里选。")
    if not others:
        _say("从现在起，打开页面要登录。拟稿台正在运行的话，请重新启动。")


def _remove(roster: Roster, args: argparse.Namespace) -> None:
    gone = roster.remove(args.name, time.time())
    kept = home() if gone.owner else home() / "users" / str(gone.id)
    _say(f"已删除{_called(gone)}，已登录的页面马上失效。文稿没有删，还在 {kept}。")
    if not roster.people():
        _say("已经没有用户：重新启动后只能在本机打开，不需要登录。")


def _password(roster: Roster, args: argparse.Namespace) -> None:
    roster.person(args.name)
    changed = roster.set_password(args.name, _asked(args))
    _say(f"已改{_called(changed)}的密码，要用新密码重新登录。")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def _called(person: Person) -> str:
    return f"{'管理员' if person.owner else '用户'}“{person.name}”"


def _asked(args: argparse.Namespace) -> str:
    """Return the password, from the first line of the input or asked for twice without echo."""
    if args.password_stdin:
        given = sys.stdin.readline().rstrip("\r\n")
        if not given:
            raise InputError("没有读到密码。", "请把密码作为一行写进标准输入。")
        return given
    if not sys.stdin.isatty():
        raise InputError("这里没有终端，没法问密码。", "请加 --password-stdin，从标准输入给密码。")
    first = getpass.getpass("密码（至少 10 个字符，输入时不显示）：")
    if getpass.getpass("再输一遍：") != first:
        raise InputError("两遍输入的密码不一样。", "请重新运行，再设一次。")
    return first
