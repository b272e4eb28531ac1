"""Logs and crash reports: what happened and where, and not one byte of anybody's report."""

import ast
import json
import sys
import threading
from pathlib import Path

import pytest

from drafter import __main__ as command_line
from drafter import commands, journal
from drafter.errors import InputError
from drafter.facts import read_facts
from drafter.types import Sampling
from drafter.ui.wiring import failure, shown
from drafter.write import Policy, SectionTask, write_section
from tests.fakes import FakeChat

ROOT = Path(__file__).parent.parent.parent
SENTINEL = "云岭区某局党组书记的哨兵句子甲乙丙丁"
# What a log call may be given besides numbers, literals and the functions named below.
ALLOWED = {"args.command", "port", "name", "kind", "where", "seconds"}
CALLS = {"round", "len", "journal.place_of", "place_of", "type"}


@pytest.fixture(autouse=True)
def lived_in(own_home: Path) -> None:
    """A home that is there: a log is not what makes one."""
    own_home.mkdir(parents=True, exist_ok=True)


def everything(home: Path) -> bytes:
    files = [path for path in home.rglob("*") if path.is_file()]
    return b"".join(path.name.encode() + path.read_bytes() for path in files)


def assert_silent(home: Path) -> None:
    data = everything(home)
    for part in (SENTINEL, SENTINEL[:6], SENTINEL[-4:]):
        for written in (part.encode(), part.encode("gb18030"), ascii(part)[1:-1].encode()):
            assert written not in data


def raise_with_content(text: str) -> None:
    held = {"text": text, SENTINEL: 1}
    try:
        raise KeyError(text)
    except KeyError as error:
        raise RuntimeError(f"cannot write {text} {held}") from error


def test_a_crash_of_a_page_says_where_the_report_lies_and_holds_no_word_of_the_text(
    own_home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def handler() -> dict[str, str]:
        raise_with_content(SENTINEL)
        return {}

    updates = list(shown(handler)())
    (report,) = (own_home / "crashes").glob("*.txt")
    assert report.name in updates[0]["message"]
    assert "没有文稿内容" in updates[0]["message"]
    text = report.read_text(encoding="utf-8")
    assert "RuntimeError" in text
    assert "KeyError" in text
    assert "raise_with_content" in text
    assert str(Path.home()) not in text
    assert SENTINEL[:6] not in capsys.readouterr().err
    assert_silent(own_home)


def test_an_error_meant_for_a_person_is_noted_without_its_words(own_home: Path) -> None:
    failure(InputError(f"“{SENTINEL}”读不出来。", "换一个文件。"))
    assert not (own_home / "crashes").exists()
    line = json.loads(journal.log_file().read_text(encoding="ascii").splitlines()[-1])
    assert (line["event"], line["error"]) == ("refused", "InputError")
    assert_silent(own_home)


def test_an_error_in_a_thread_or_at_the_top_is_reported(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    journal.watch()
    thread = threading.Thread(target=raise_with_content, args=(SENTINEL,), name=SENTINEL)
    thread.start()
    thread.join()
    error = RuntimeError(SENTINEL)
    sys.excepthook(RuntimeError, error, None)
    assert len(list((own_home / "crashes").glob("*.txt"))) == 2
    assert_silent(own_home)


def test_the_command_line_says_one_line_and_writes_a_report(
    own_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    monkeypatch.setattr(commands, "draft", lambda _args: raise_with_content(SENTINEL))
    assert command_line.main(["draft", f"{SENTINEL}.md"]) == 1
    said = capsys.readouterr().err
    assert "crashes" in said
    assert SENTINEL[:6] not in said
    assert_silent(own_home)


def test_writing_leaves_no_word_in_the_log(own_home: Path) -> None:
    facts = read_facts(f"- {SENTINEL}讲党课4次").facts
    task = SectionTask("S1", "成效", "述职报告", facts, (), (), True, 2026)
    with journal.timed("section", sections=1):
        list(write_section(FakeChat(f"{SENTINEL}。"), task, Policy(), Sampling()))
    assert journal.log_file().is_file()
    assert_silent(own_home)


def test_a_sentence_given_by_mistake_becomes_its_length(own_home: Path) -> None:
    journal.note("draft", title=SENTINEL, path=f"/home/{SENTINEL}.docx", words=3, done=True)
    line = json.loads(journal.log_file().read_text(encoding="ascii"))
    assert line["title"] == f"[{len(SENTINEL)}]"
    assert line["words"] == 3
    assert_silent(own_home)


def test_the_log_turns_over_and_never_grows_beyond_its_files(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "MAX_BYTES", 2_000)
    for number in range(300):
        journal.note("tick", number=number)
    files = sorted((own_home / "logs").iterdir())
    assert len(files) == journal.FILES
    assert all(path.stat().st_size <= 2_000 for path in files)
    lines = [json.loads(line) for line in journal.log_file().read_text().splitlines()]
    assert lines[-1]["number"] == 299


def test_crash_reports_do_not_pile_up(own_home: Path) -> None:
    for _ in range(journal.MOST_CRASHES + 5):
        journal.crash(ValueError(SENTINEL), "page")
    assert len(list((own_home / "crashes").glob("*.txt"))) <= journal.MOST_CRASHES


def test_a_log_that_cannot_be_written_stops_nobody(own_home: Path) -> None:
    (own_home / "logs").write_text("a file where the folder should be")
    (own_home / "crashes").write_text("the same")
    journal.note("tick")
    assert journal.crash(ValueError(SENTINEL), "page") is None


def log_calls() -> list[tuple[str, ast.Call]]:
    found = []
    for path in [ROOT / "app.py", *ROOT.glob("drafter/**/*.py"), *ROOT.glob("index/**/*.py")]:
        if path == ROOT / "drafter" / "journal.py":
            continue  # it makes the lines
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in (
                *("journal.note", "journal.timed", "note", "timed"),
            ):
                found.append((f"{path.relative_to(ROOT)}:{node.lineno}", node))
    return found


def harmless(value: ast.expr) -> bool:
    if isinstance(value, ast.Constant):
        return True
    if isinstance(value, ast.Attribute) and ast.unparse(value) == "type(error).__name__":
        return True
    if isinstance(value, ast.Call):
        return ast.unparse(value.func) in CALLS
    return ast.unparse(value) in ALLOWED


def test_no_log_call_is_given_anything_but_names_of_ours_and_numbers() -> None:
    calls = log_calls()
    assert len(calls) >= 6
    for where, call in calls:
        fixed = call.args and isinstance(call.args[0], ast.Constant)
        assert fixed, f"{where}: the event's name must be fixed"
        given = [*call.args[1:], *(key.value for key in call.keywords if key.arg)]
        loose = [ast.unparse(value) for value in given if not harmless(value)]
        assert not loose, f"{where}: {loose}"


def test_the_program_has_no_other_log() -> None:
    """`print` and `logging` of content would undo all this; a traceback shows messages."""
    for path in [*ROOT.glob("drafter/**/*.py"), *ROOT.glob("index/**/*.py")]:
        text = path.read_text(encoding="utf-8")
        name = path.relative_to(ROOT).as_posix()
        assert "traceback.print" not in text, name
        assert "logging.getLogger" not in text, name
        assert "import logging" not in text or name == "index/embed.py", name
