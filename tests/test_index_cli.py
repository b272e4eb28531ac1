"""The library's command line: what it prints, where, and its exit status."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import index.__main__ as command
import index.embed
from index.home import library_dir
from index.types import ROLES, Embedder
from tests.fakes import FakeEmbedder
from tests.library.cases import report_text

ROOT = Path(__file__).parent.parent


@pytest.fixture
def samples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of three reports; the default embedder is a fake."""

    def fake(*_arguments: object) -> Embedder:
        return FakeEmbedder()

    monkeypatch.setattr(index.embed, "default_embedder", fake)
    folder = tmp_path / "样本 文件夹"
    folder.mkdir()
    for unit in range(3):
        (folder / f"{unit}.txt").write_text(report_text(unit), encoding="utf-8")
    return folder


def test_build_then_build_again_then_search(
    samples: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["build", str(samples)]) == 0
    out, err = capsys.readouterr()
    assert out.count("已导入  ") == 3 and "[3/3] 导入完成" in err
    assert command.main(["build", str(samples)]) == 0
    assert "未变化 3" in capsys.readouterr().out
    assert command.main(["search", "理论学习", "--role", "问题", "--top-k", "2", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found) == 2
    assert set(found[0]) == {
        "score", "report", "title", "year", "section", "number", "heading", "role", "text"
    }  # fmt: skip
    assert found[0]["role"] == "问题" and found[0]["year"] == 2024
    assert found[0]["score"] >= found[1]["score"]
    assert command.main(["search", "理论学习"]) == 0
    assert "《" in capsys.readouterr().out
    assert command.main(["build", "--rebuild"]) == 0
    assert "计算向量 0 段" in capsys.readouterr().out


def test_build_without_a_path_takes_the_samples_that_come_with_the_tool(
    samples: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "SAMPLES", samples)
    assert command.main(["build"]) == 0
    assert "共 3 份" in capsys.readouterr().out


def test_a_file_that_cannot_be_read_makes_the_job_fail_and_the_others_go_in(
    samples: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["build", str(samples), str(samples / "无.txt")]) == 1
    out = capsys.readouterr().out
    assert "失败  " in out and "无.txt" in out and "已导入 3" in out


def test_an_empty_folder_and_an_empty_library_are_said_plainly(
    samples: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "空").mkdir()
    assert command.main(["build", str(tmp_path / "空")]) == 1
    assert capsys.readouterr().err.startswith("错误：没有找到可以导入的样本")
    assert command.main(["search", "党建", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert command.main(["search", "党建"]) == 0
    assert "样本库是空的" in capsys.readouterr().err


def test_show_prints_structure_and_opens_no_library(
    samples: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command.main(["show", str(samples / "0.txt"), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["title"].startswith("河东街道")
    assert [s["number"] for s in shown["sections"]][:3] == ["一、", "二、", "三、"]
    assert command.main(["show", str(samples / "0.txt")]) == 0
    tree = capsys.readouterr().out
    assert "主要工作成效" in tree and "[问题]" in tree
    assert not library_dir().exists()


def test_errors_are_one_chinese_line_without_a_traceback(
    samples: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (samples / "二进制.txt").write_bytes(bytes(range(256)) * 50)
    for arguments in (
        ["show", str(samples / "无.txt")],
        ["show", str(samples / "二进制.txt")],
        ["search", "党建", "--embedder", str(samples / "无")],
    ):
        if arguments[0] == "search":
            assert command.main(["build", str(samples / "0.txt")]) == 0
            capsys.readouterr()
        assert command.main(arguments) == 1
        out, err = capsys.readouterr()
        assert out == "" and err.startswith("错误：") and err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "缺少参数"),
        (["search"], "缺少参数：文字"),
        (["search", "党建", "--role", "别的"], "别的"),
        (["search", "党建", "--top-k", "0"], "正整数"),
        (["search", "党建", "--top-k"], "缺一个值"),
        (["wrong"], "wrong"),
        (["show", "a.txt", "--yes"], "不认识的参数：--yes"),
    ],
)
def test_wrong_usage_ends_with_two(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        command.main(arguments)
    assert end.value.code == 2
    err = capsys.readouterr().err
    assert err.startswith("错误：") and says in err and err.count("\n") == 1


def test_help_is_chinese_names_every_option_and_answers_at_once() -> None:
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "index", "search", "--help"],
        cwd=ROOT, capture_output=True, encoding="utf-8", check=True,
    )  # fmt: skip
    assert time.monotonic() - started < 3, "a loaded machine; alone it takes 0.2 s"
    assert all(option in done.stdout for option in ("--role", "--top-k", "--json", "--embedder"))
    assert all(role in done.stdout for role in ROLES)
    assert "usage" not in done.stdout and "用法" in done.stdout


def test_a_console_of_another_encoding_still_gets_its_answer(samples: Path) -> None:
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    done = subprocess.run(
        [sys.executable, "-m", "index", "show", str(samples / "0.txt")],
        cwd=ROOT, capture_output=True, encoding="utf-8", env=environment, check=False,
    )  # fmt: skip
    assert done.returncode == 0 and "主要工作成效" in done.stdout
