"""A working `.venv` is not lost to a set-up that fails, is stopped or is cut off."""

import ast
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

import pytest

from tests.test_setup import PYPROJECT, fake_calls, setup
from tests.tool_scripts import TOOLS, script

__all__ = ["setup"]  # the fixture
venvs = script("venvs")


@pytest.fixture
def unlocked(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a `.venv` made with --unlocked, which set-up wants to replace; one file marks it."""
    fake_calls(setup, monkeypatch)
    assert setup.main(["prepare", "--unlocked"]) == 0
    (setup.VENV / "mine").touch()
    (setup.ROOT / "requirements" / "test.lock").write_text("# changed", encoding="utf-8")
    return Path(setup.VENV)


def test_a_lock_that_cannot_serve_leaves_the_environment(
    setup: ModuleType, unlocked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = PYPROJECT.replace("numpy>=2", "numpy>=3")
    (setup.ROOT / "pyproject.toml").write_text(text, encoding="utf-8")
    calls = fake_calls(setup, monkeypatch)
    assert setup.main(["prepare"]) == 1
    assert (unlocked / "mine").exists()
    assert calls.modules() == []


@pytest.mark.parametrize("failing", ["venv", "pip"])
def test_a_failure_brings_the_environment_back(
    setup: ModuleType, unlocked: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    fake_calls(setup, monkeypatch, failing)
    assert setup.main(["prepare"]) == 3
    assert (unlocked / "mine").exists()
    assert not unlocked.with_name(".venv.old").exists()
    fake_calls(setup, monkeypatch)
    assert setup.main(["prepare"]) == 0
    assert not (unlocked / "mine").exists()
    assert setup.read_stamp(unlocked)["locked"]
    assert not unlocked.with_name(".venv.old").exists()


def test_a_power_cut_brings_the_environment_back(
    setup: ModuleType, unlocked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlocked.rename(unlocked.with_name(".venv.old"))
    unlocked.mkdir()
    (unlocked / "pyvenv.cfg").touch()
    calls = fake_calls(setup, monkeypatch)

    def stopped(python: str, extras: Sequence[str]) -> None:
        assert unlocked.with_name(".venv.old").exists()
        raise KeyboardInterrupt

    monkeypatch.setattr(setup, "pip_install", stopped)
    assert setup.main(["prepare"]) == 130
    assert calls.modules() == ["venv"]
    assert (unlocked / "mine").exists()


def test_what_is_no_environment_is_never_removed(tmp_path: Path) -> None:
    for name in (".venv", ".venv.old"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "letter").touch()
    venvs.mend_cut(tmp_path / ".venv")
    assert (tmp_path / ".venv" / "letter").exists()
    assert (tmp_path / ".venv.old" / "letter").exists()


@pytest.mark.parametrize("name", ["venvs.py", "software.py"])
def test_what_set_up_stands_on_parses_on_old_pythons(name: str) -> None:
    ast.parse((TOOLS / name).read_text(encoding="utf-8"), feature_version=(3, 7))
