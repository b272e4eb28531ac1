"""What a child process does until it is killed: each kind of work, told step by step.

`say` writes one line to the parent: ["try", …] before something is asked for, ["ack", …] once the
program has answered that it is kept. Only what was answered must be there afterwards; of what was
tried nobody knows, and either way is right. Nothing here ends by itself.
"""

import itertools
import random
import threading
from collections.abc import Callable
from pathlib import Path

from drafter.file_names import write_whole
from drafter.keeper import Keeping
from drafter.store import Store
from drafter.workflow import Workspace
from index.library import Library
from index.library.own import OwnPart
from tests.durability.homes import NUMBER_OF_OLD, OUTLINE, random_words, report
from tests.fakes import FakeChat, FakeEmbedder

Say = Callable[..., None]
SLOW = 0.001  # seconds for four characters of the made-up model


def editing(home: Path, say: Say, rng: random.Random) -> None:
    """Type, plan, name, lock, restore and export in one document, number 1."""
    store, sections = Store(home / "drafts.db"), [s.id for s in OUTLINE.sections]
    say("ready")
    for turn in itertools.count():
        sid = rng.choice(sections)
        words = random_words(rng, 3 + turn % 400)
        kind = rng.choice(("text", "text", "text", "text", "candidate", "paste", "title", "export"))
        if kind == "text":
            rev = store.section_rev(1, sid) - (turn % 7 == 0)  # another window saved in between
            kept = store.save_text(1, sid, words, rev)
            say("ack", "version", kept.version_id, words)
        elif kind == "candidate":
            added = store.add_version(1, sid, words, "model", None)
            say("ack", "version", added.id, words)
            store.accept(1, sid, added.id)
        elif kind == "paste":
            say("try", "paste", words)
            store.save_paste(1, words)
            say("ack", "paste", words)
        elif kind == "title":
            say("try", "title", words)
            store.rename(1, words)
            say("ack", "title", words)
            store.moments.take(1, words, milestone=True)
        else:
            say("try", "export", words)
            write_whole(home / "报告.txt", words.encode())
            say("ack", "export", words)


def generation(home: Path, say: Say, rng: random.Random) -> None:
    """Have one document after the other written by a slow model."""
    reply = "一是压实责任，召开会议研究党建工作，层层传导压力，推动各项任务落地见效。"
    desk = Workspace(home, chat=FakeChat(reply, delay=SLOW), embedder=FakeEmbedder())
    say("ready")
    for _ in itertools.count():
        doc = desk.create_document(random_words(rng, 8)).id
        count = rng.randint(3, 90)
        desk.save_paste(
            doc,
            f"年度：2025\n召开党组会研究党建工作{count}次\n组织主题党日{count + 3}次\n"
            f"走访困难党员{count + 7}名\n存在问题：理论学习不够深入\n下一步打算：健全学习制度\n",
        )
        desk.make_plan(doc)
        for event in desk.write_all(doc, threading.Event()):
            if event.kind == "section" and event.version_id:
                say("ack", "version", event.version_id, event.text)


def importing(home: Path, say: Say, rng: random.Random) -> None:
    """Put reports into the library one by one and by the folder, delete them, keep own ones."""
    library, known = Library(home / "library", FakeEmbedder), list[str]()
    folder = home / "样本" / f"{rng.random()}"
    say("ready")
    for turn in itertools.count():
        kind = rng.choice(("add", "add", "folder", "delete", "own"))
        if kind == "add":
            outcome = library.add_text(f"{turn}.txt", report(rng).encode())
            assert outcome.status == "added", outcome
            say("ack", "report", outcome.report_id)
            known.append(str(outcome.report_id))
        elif kind == "folder":
            inside = folder / str(turn)
            inside.mkdir(parents=True)
            for number in range(3):
                (inside / f"{number}.txt").write_text(report(rng), encoding="utf-8")
            told = 0

            def progress(step: object, inside: Path = inside) -> None:
                nonlocal told
                done = step.done  # type: ignore[attr-defined]
                for number in range(told, done):
                    say("ack", "origin", str((inside / f"{number}.txt").resolve()))
                told = done

            library.build([inside], progress)
        elif kind == "delete" and known:
            gone = known.pop()
            say("try", "delete", gone)
            library.delete(gone)
        else:
            key, words = f"{rng.random()}", random_words(rng, 60)
            library.keep_own(key, "本单位", (OwnPart("S1", None, "压实责任", "成效", 2, words),))
            say("ack", "own", key, words)


def migrating(home: Path, say: Say, rng: random.Random) -> None:
    """Open one old home after the other."""
    say("ready")
    for number in range(NUMBER_OF_OLD):
        place = home / f"旧{number}"
        Store(place / "drafts.db").close()
        say("ack", "drafts", number)
        library = Library(place / "library", FakeEmbedder)
        library.reports()
        library.close()
        say("ack", "library", number)
    threading.Event().wait()


def copying(home: Path, say: Say, rng: random.Random) -> None:
    """Make copies, put them back, pack all work and take it in again. The title of document 1 says
    which state the drafts are in."""
    store, keeping = Store(home / "drafts.db"), Keeping(home, home / "drafts.db")
    states: dict[str, str] = {}
    title = store.document(1).title
    packed = ""
    out = home / "带走"
    say("ready")
    keeping.keeper.look()
    for _ in itertools.count():
        kind = rng.choice(("edit", "edit", "make", "restore", "pack", "unpack", "library"))
        if kind == "edit":
            words = random_words(rng, 12)
            say("try", "state", words)
            store.rename(1, words)
            title = words
        elif kind == "make":
            made = keeping.backups.make()
            say("ack", "copy", made.name, title)
            states[made.name] = title
        elif kind == "restore":
            there = [b.name for b in keeping.backups.list() if b.name in states]
            if not there:
                continue
            name = rng.choice(there)
            say("try", "state", states[name])
            keeping.backups.restore(name)
            title = states[name]
        elif kind == "pack":
            keeping.pack(out)
            packed = title
            say("ack", "pack", packed)
        elif kind == "unpack" and packed:
            say("try", "state", packed)
            keeping.unpack(max(out.glob("*.zip")))
            title = packed
        else:
            keeping.library.make()
        say("ack", "state", title)


KINDS: dict[str, Callable[[Path, Say, random.Random], None]] = {
    "editing": editing,
    "generation": generation,
    "importing": importing,
    "migrating": migrating,
    "copying": copying,
}
