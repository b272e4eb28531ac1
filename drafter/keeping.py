"""The commands `backup` and `doctor`: what an office's computer person runs."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from drafter.backups import Backup, Backups
from drafter.doctor import examine
from drafter.packing import library_backups, pack, unpack
from index.home import home

__all__ = ["backup", "doctor"]

_WHY = {"daily": "每日", "asked": "手动", "before": "替换之前"}


def backup_line(one: Backup) -> str:
    """Return a copy as a line of the list."""
    size = f"{one.size / 1024**2:.1f} MB"
    return f"{one.name}\t{one.made:%Y-%m-%d %H:%M}\t{_WHY[one.why]}\t{size}"


def backup(args: argparse.Namespace) -> int:
    """List, make or restore copies of the drafts; pack everything into one file, and unpack it."""
    backups, library = Backups(home() / "drafts.db"), library_backups(home())
    if args.action == "list":
        kept = (*backups.list(), *library.list())
        for one in kept:
            print(backup_line(one))
        if not kept:
            print("还没有备份。打开页面后每天自动备份一次；现在就要，运行 backup make。")
    elif args.action == "make":
        print(backup_line(backups.make()))
    elif args.action == "restore":
        of_library = args.name in {one.name for one in library.list()}
        copies = library if of_library else backups
        was_there = copies.database.exists()
        before = copies.restore(args.name)
        print(f"已恢复 {args.name}。{copies.what_became(before, was_there)}")
    elif args.action == "pack":
        packed = pack(home(), args.file)
        print(f"已打包：{packed.documents} 篇文稿，{packed.reports} 篇样本，存为 {args.file}")
    else:
        packed = unpack(home(), Path(args.file), backups)
        print(f"已导入：{packed.documents} 篇文稿，{packed.reports} 篇样本。{packed.became}")
    return 0


def doctor(args: argparse.Namespace) -> int:
    """Look everything over; 1 when something will not work."""
    looks = list(examine(args.full))
    if args.json:
        print(json.dumps([asdict(look) for look in looks], ensure_ascii=False, indent=1))
    else:
        for look in looks:
            print(f"[{look.state}] {look.name}：{look.seen}")
            if look.hint:
                print(f"      {look.hint}")
    return int(any(look.state == "不行" for look in looks))
