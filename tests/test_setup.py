"""tools/setup.py as people meet it: first run, second run, an old Python, a step that fails."""

import ast
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType

import pytest

from index.weights import load_manifest
from tests.tool_scripts import script

locks = script("locks")
ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "tools" / "setup.py"
PYPROJECT = """[project]
name = "x"
dependencies = ["numpy>=2", "torch==2.13.*"]
[project.optional-dependencies]
dev = ["pytest>=9"]
"""


class FakeCalls:
    """Stands in for subprocess.call: notes commands, and fails those holding one of `failing`."""

    def __init__(self, python: Path, failing: Sequence[str] = ()) -> None:
        self.history: list[list[str]] = []
        self.environments: list[Mapping[str, str]] = []
        self._python = python
        self._failing = failing

    def __call__(self, command: Sequence[str], env: Mapping[str, str]) -> int:
        self.history.append(list(command))
        self.environments.append(env)
        if command[1:3] == ["-m", "venv"]:
            self._python.parent.mkdir(parents=True)
            self._python.touch()
            (self._python.parent.parent / "pyvenv.cfg").touch()
        return 3 if any(word in command for word in self._failing) else 0

    def modules(self) -> list[str]:
        """Return the `-m` modules in order, with pip's and the model's first argument of note."""
        return [command[2] for command in self.history if command[1:2] == ["-m"]]


def write_locks(root: Path) -> None:
    """Write locks of the pyproject.toml there, for this computer."""
    (root / "requirements").mkdir(exist_ok=True)
    digest = locks.digest_of(locks.read_project(root))
    pins = [locks.Pin("numpy", "2.4.6", "", ("0" * 64,))]
    text = locks.render(pins, digest, "2026-11-21", [locks.this_target().name])
    for name in ("run.lock", "test.lock"):
        (root / "requirements" / name).write_text(text, encoding="utf-8")


@pytest.fixture
def setup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return the script as a module, at home in a folder with Chinese and a space in its path."""
    spec = importlib.util.spec_from_file_location("drafter_setup", SCRIPT)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    root = tmp_path / "试 装"
    root.mkdir()
    (root / "pyproject.toml").write_text(PYPROJECT, encoding="utf-8")
    write_locks(root)
    monkeypatch.setattr(locks, "offers_cpu_torch", lambda python: True)
    monkeypatch.setattr(module, "ROOT", root)
    monkeypatch.setattr(module, "VENV", root / ".venv")
    monkeypatch.setattr(module, "missing_software", list)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("DRAFTER_MODELS", raising=False)
    return module


def fake_calls(setup: ModuleType, monkeypatch: pytest.MonkeyPatch, *failing: str) -> FakeCalls:
    calls = FakeCalls(setup.venv_python(setup.VENV), failing)
    monkeypatch.setattr(setup, "call", calls)
    return calls


def test_the_script_parses_on_the_python_of_old_systems() -> None:
    ast.parse(SCRIPT.read_text(encoding="utf-8"), feature_version=(3, 7))


def installs(calls: FakeCalls) -> list[list[str]]:
    return [command for command in calls.history if command[1:4] == ["-m", "pip", "install"]]


def test_first_run_installs_what_is_locked_by_its_hashes(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = fake_calls(setup, monkeypatch)
    assert setup.main(["prepare"]) == 0
    (command,) = installs(calls)
    assert "--require-hashes" in command
    assert command[-2:] == ["-r", str(setup.ROOT / "requirements" / "run.lock")]


def test_unlocked_takes_torch_first_and_says_so_ever_after(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = fake_calls(setup, monkeypatch)
    assert setup.main(["prepare", "--unlocked"]) == 0
    assert [command[-1] for command in installs(calls)] == ["torch==2.13.*", "torch==2.13.*"]
    assert "pytest>=9" not in installs(calls)[1]
    assert "--require-hashes" not in installs(calls)[1]
    again = fake_calls(setup, monkeypatch)
    capsys.readouterr()
    assert setup.main(["prepare"]) == 0
    assert installs(again) == []
    assert "没有按锁定的校验值核对" in capsys.readouterr().out
    # The next installation from the lock starts from nothing.
    (setup.ROOT / "pyproject.toml").write_text(PYPROJECT + "\n# new", encoding="utf-8")
    anew = fake_calls(setup, monkeypatch)
    assert setup.main(["prepare"]) == 0
    assert anew.modules() == ["venv", "pip"]


def test_a_lock_that_cannot_serve_stops_before_anything_is_tried(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = fake_calls(setup, monkeypatch)
    text = PYPROJECT.replace("numpy>=2", "numpy>=3")
    (setup.ROOT / "pyproject.toml").write_text(text, encoding="utf-8")
    assert setup.main(["prepare"]) == 1
    assert "make lock" in capsys.readouterr().err
    assert installs(calls) == []


def test_second_run_installs_nothing(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_calls(setup, monkeypatch)
    assert setup.main(["prepare"]) == 0
    again = fake_calls(setup, monkeypatch)
    assert setup.main(["prepare"]) == 0
    assert again.modules() == []


def test_a_changed_pyproject_is_installed_again(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_calls(setup, monkeypatch)
    setup.main(["prepare"])
    (setup.ROOT / "pyproject.toml").write_text(PYPROJECT + "\n# new", encoding="utf-8")
    again = fake_calls(setup, monkeypatch)
    assert setup.main(["prepare"]) == 0
    assert again.modules() == ["pip"], "installed, but not into a new environment"


def test_development_tools_are_added_once_and_stay(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_calls(setup, monkeypatch)
    setup.main(["prepare"])
    lint = fake_calls(setup, monkeypatch)
    assert setup.main(["lint"]) == 0
    assert lint.modules() == ["pip", "ruff", "ruff", "mypy", "mypy"]
    back = fake_calls(setup, monkeypatch)
    assert setup.main(["prepare"]) == 0
    assert back.modules() == []


def test_a_failed_installation_is_tried_again(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fake_calls(setup, monkeypatch, "pip")
    assert setup.main(["prepare"]) == 3
    assert "软件源" in capsys.readouterr().err
    again = fake_calls(setup, monkeypatch)
    assert setup.main(["prepare"]) == 0
    assert "pip" in again.modules()


def test_a_damaged_stamp_counts_as_none(setup: ModuleType) -> None:
    setup.VENV.mkdir()
    for text in ("", "[]", '{"pyproject": 1}', "{"):
        (setup.VENV / setup.STAMP).write_text(text, encoding="utf-8")
        assert not setup.read_stamp(setup.VENV)["sources"]


def test_a_folder_that_is_no_environment_is_left_alone(
    setup: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    setup.VENV.mkdir()
    (setup.VENV / "mine.txt").write_text("x", encoding="utf-8")
    assert setup.main(["prepare"]) == 1
    assert (setup.VENV / "mine.txt").exists()
    assert "改名" in capsys.readouterr().err


def test_all_checks_run_in_order_with_the_models_at_hand(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = fake_calls(setup, monkeypatch)
    assert setup.main(["test", "-k", "title"]) == 0
    assert calls.modules()[2:] == [
        *("ruff", "ruff", "mypy", "mypy"),
        "drafter",
        "pytest",
    ]
    assert [calls.history[-3][-1], calls.history[-2][-1]] == [
        setup.FETCH_EMBEDDER,
        setup.TEST_WRITER,
    ]
    assert calls.history[-1][-2:] == ["-k", "title"]
    assert calls.environments[-1]["DRAFTER_MODELS"] == str(setup.ROOT / ".cache" / "models")


def test_the_first_failure_ends_the_job_with_its_status(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    calls = fake_calls(setup, monkeypatch, "mypy")
    assert setup.main(["test"]) == 3
    assert "pytest" not in calls.modules()
    assert "检查类型" in capsys.readouterr().err


def test_the_writer_of_tests_is_in_the_manifest(setup: ModuleType) -> None:
    manifest = load_manifest(ROOT / "drafter" / "models.toml")
    assert setup.TEST_WRITER in {weights.name for weights in manifest}


@pytest.mark.model
def test_weights_at_hand_are_not_fetched_again(setup: ModuleType, models_dir: Path) -> None:
    env = {**os.environ, "DRAFTER_MODELS": str(models_dir)}
    command = [sys.executable, "-c", setup.FETCH_EMBEDDER]
    assert subprocess.run(command, cwd=ROOT, env=env, timeout=30, check=False).returncode == 0


def test_missing_software_stops_ci_and_nobody_else(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(setup, "missing_software", lambda: [("中文字体", "fonts-noto-cjk")])
    monkeypatch.setattr(setup, "install_packages", lambda packages: False)
    fake_calls(setup, monkeypatch)
    assert setup.main(["test"]) == 0
    assert "fonts-noto-cjk" in capsys.readouterr().out
    monkeypatch.setenv("CI", "true")
    assert setup.main(["test"]) == 1


def test_packages_are_installed_only_by_who_may(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = fake_calls(setup, monkeypatch)
    monkeypatch.setattr(shutil, "which", lambda tool: f"/usr/bin/{tool}")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert not setup.install_packages(["chromium"])
    assert calls.history == []
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert setup.install_packages(["chromium"])
    assert calls.history[-1][:2] == ["/usr/bin/apt-get", "install"]
    assert calls.environments[-1]["DEBIAN_FRONTEND"] == "noninteractive"


def test_an_old_python_hands_over_to_a_newer_one(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "newer_python", lambda: sys.executable)
    with pytest.raises(SystemExit) as ended:
        setup.require_python((3, 7), ["--help"])
    assert ended.value.code == 0


def test_an_old_python_alone_is_told_what_to_install(
    setup: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "newer_python", lambda: None)
    with pytest.raises(setup.SetupError, match=r"3\.11.*3\.7.*请安装"):
        setup.require_python((3, 7), ["run"])


@pytest.mark.parametrize(("arguments", "status"), [([], 2), (["fly"], 2), (["--help"], 0)])
def test_usage(setup: ModuleType, arguments: list[str], status: int) -> None:
    assert setup.main(arguments) == status


def test_subprocesses_stay_local(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "intra.example")
    monkeypatch.setenv("PYTHONPATH", "elsewhere")
    env = setup.child_environment()
    assert env["GRADIO_ANALYTICS_ENABLED"] == "False"
    assert env["HF_HUB_OFFLINE"] == "1"
    assert env["NO_PROXY"] == "intra.example,127.0.0.1,localhost"
    assert "PYTHONPATH" not in env


def test_a_moved_folder_with_chinese_and_spaces_still_finds_its_code(
    setup: ModuleType, tmp_path: Path
) -> None:
    """A real environment (without pip, so at once), linked, then moved."""
    (setup.ROOT / "desk.py").write_text("WORD = '拟稿台'", encoding="utf-8")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", setup.VENV], check=True)
    setup.link_repository(str(setup.venv_python(setup.VENV)))
    moved = tmp_path / "搬 家"
    setup.ROOT.rename(moved)
    python = setup.venv_python(moved / ".venv")
    code = "import desk, json; print(json.dumps(desk.WORD))"
    done = subprocess.run([python, "-c", code], cwd=tmp_path, capture_output=True, check=True)
    assert json.loads(done.stdout) == "拟稿台"


@pytest.mark.parametrize(("ci", "status"), [("true", 1), ("", 0)])
def test_ci_turns_a_needed_skip_into_a_failure(tmp_path: Path, ci: str, status: int) -> None:
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
    (tmp_path / "pytest.ini").write_text(
        "[pytest]\nmarkers =\n  model\n  browser\n  office\n", encoding="utf-8"
    )
    (tmp_path / "test_it.py").write_text(
        "import pytest\n"
        "def test_writer(small_model): pass\n"
        "@pytest.mark.browser\n"
        "def test_page(): pytest.skip('no chromium')\n"
        "def test_other(): pytest.skip('may be skipped anywhere')\n",
        encoding="utf-8",
    )
    env = {k: v for k, v in os.environ.items() if k != "DRAFTER_MODELS"}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "."],
        cwd=tmp_path,
        env=env | {"CI": ci, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == status, done.stdout
    expected = "1 failed, 1 skipped, 1 error" if ci else "3 skipped"
    assert expected in done.stdout
    assert ("CI must not skip a test marked browser" in done.stdout) is bool(ci)


def test_the_windows_starter_keeps_its_line_endings() -> None:
    data = (ROOT / "run.bat").read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n") > 0
    assert not data.startswith(b"\xef\xbb\xbf"), "cmd.exe takes a BOM for part of a command"
