"""The installed folder when things go wrong: again, mended, another's weights, odd places."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from index.starting import command, set_up_again
from tests.test_bundle import MODEL, bundle, bundle_maker, installer, make_bundle, quick, reseal
from tests.tool_scripts import TOOLS, script

__all__ = ["bundle", "quick"]  # fixtures
starters, sums = script("starters"), script("sums")


def versions_in(target: Path) -> set[str]:
    return {path.name for path in (target / "versions").iterdir()}


def test_the_same_bundle_again_leaves_the_way_back(
    bundle: Path, tmp_path: Path, quick: None
) -> None:
    target = tmp_path / "装"
    first = installer.install(bundle, target)
    newer = make_bundle(tmp_path / "新", "2.0")
    second = installer.install(newer, target)
    installer.install(newer, target)
    assert versions_in(target) == {first, second}


def test_only_versions_of_ours_are_tidied(bundle: Path, tmp_path: Path, quick: None) -> None:
    target = tmp_path / "装"
    installer.install(bundle, target)
    (target / "versions" / "我的").mkdir()
    (target / "versions" / "我的" / "信.txt").touch()
    (target / "versions" / "半").mkdir()
    (target / "versions" / "半" / installer.BEGUN).touch()
    installer.install(make_bundle(tmp_path / "新", "2.0"), target)
    assert (target / "versions" / "我的" / "信.txt").exists()
    assert "半" not in versions_in(target)


def test_a_folder_of_another_program_is_refused(bundle: Path, tmp_path: Path, quick: None) -> None:
    other = tmp_path / "别人的"
    (other / "versions" / "1").mkdir(parents=True)
    with pytest.raises(installer.Refused, match="别的东西"):
        installer.install(bundle, other)
    assert sorted(path.name for path in other.iterdir()) == ["versions"]


def test_a_repair_that_fails_leaves_the_version_in_use(
    bundle: Path, tmp_path: Path, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "装"
    version = installer.install(bundle, target)
    folder = target / "versions" / version
    (folder / ".venv" / "mine").touch()
    with monkeypatch.context() as broken:
        broken.setattr(installer, "TRIAL", "import no_such_thing")
        with pytest.raises(installer.Refused, match="原来的没有动"):
            installer.install(bundle, target)
    assert (folder / ".venv" / "mine").exists()
    assert (folder / installer.MARK).exists()
    assert installer.current(target) == version
    # A repair that succeeds takes its place.
    with monkeypatch.context() as damaged:
        damaged.setattr(installer, "works", lambda folder: False)
        installer.install(bundle, target)
    assert not (folder / ".venv" / "mine").exists()
    assert not (folder / installer.NEW).exists()
    assert not (folder / installer.OLD).exists()


def test_a_swap_cut_in_the_middle_is_mended(bundle: Path, tmp_path: Path, quick: None) -> None:
    target = tmp_path / "装"
    version = installer.install(bundle, target)
    folder = target / "versions" / version
    (folder / ".venv" / "mine").touch()
    (folder / ".venv").rename(folder / installer.OLD)
    installer.install(bundle, target)
    assert (folder / ".venv" / "mine").exists()


def test_another_weight_of_that_name_waits_for_the_trial_and_stays_beside(
    bundle: Path, tmp_path: Path, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "装"
    first = installer.install(bundle, target)
    weight = target / "models" / "small.gguf"
    digest = sums.sha256_of(weight)
    with (target / "versions" / first / "drafter" / "models.toml").open("a") as manifest:
        manifest.write(f'sha256 = "{digest}"\n')
    newer = make_bundle(tmp_path / "新", "2.0")
    other = newer / "weights" / "small.gguf"
    other.unlink()  # a hard link
    other.write_bytes(b"another")
    reseal(newer)
    with monkeypatch.context() as broken:
        broken.setattr(installer, "TRIAL", "import no_such_thing")
        with pytest.raises(installer.Refused):
            installer.install(newer, target)
    assert weight.read_bytes() == MODEL
    installer.install(newer, target)
    assert weight.read_bytes() == b"another"
    assert weight.with_name(f"small.gguf.{digest[:8]}").read_bytes() == MODEL
    assert not list(weight.parent.glob("*.new"))
    # One that no version names is a damaged one, and is not kept.
    weight.write_bytes(b"damaged")
    installer.install(newer, target)
    assert weight.read_bytes() == b"another"
    assert len(list(weight.parent.iterdir())) == 2


@pytest.mark.skipif(os.name == "nt", reason="starts the POSIX starter")
def test_the_starter_takes_nothing_from_where_one_stands_and_follows_links(
    tmp_path: Path,
) -> None:
    target, desk = tmp_path / "装 好", tmp_path / "桌面"
    python = installer.python_of(target / "versions" / "1")
    for folder in (python.parent, desk):
        folder.mkdir(parents=True)
    python.symlink_to(sys.executable)
    (target / "current.txt").write_text("1\n")
    says = "import os, sys; print(os.environ['DRAFTER_STARTERS'], sys.flags.safe_path)"
    (target / "versions" / "1" / "app.py").write_text(f"import json; {says}")
    (desk / "json.py").write_text("raise SystemExit('the wrong one')")
    starters.write_starters(target, "small")
    (desk / "启动").symlink_to(os.path.relpath(target / "启动拟稿台.sh", desk))
    env = {**os.environ, "PYTHONPATH": str(desk)}
    done = subprocess.run(
        [desk / "启动"], cwd=desk, env=env, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == f"{target} True", done.stderr


def test_the_trial_takes_nothing_from_where_one_stands(
    tmp_path: Path, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = installer.python_of(tmp_path / "v")
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    (tmp_path / "hidden_here.py").touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(installer, "TRIAL", "import hidden_here")
    assert not installer.works(tmp_path / "v")


@pytest.mark.parametrize("name", [".DS_Store", "wheels/._x.whl", "Thumbs.db"])
def test_what_the_system_laid_there_is_named_with_its_remedy(bundle: Path, name: str) -> None:
    (bundle / name).touch()
    with pytest.raises(installer.Refused, match=r"系统自己放进来.*删掉它们"):
        installer.check_bundle(bundle)


def test_checking_leaves_nothing_in_the_folder(bundle: Path, tmp_path: Path) -> None:
    env = {**os.environ, "PYTHONSAFEPATH": "1", "PYTHONDONTWRITEBYTECODE": ""}
    for _ in range(2):
        command = [sys.executable, str(bundle / "install.py"), "--check"]
        done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()


def test_an_installed_office_is_told_its_own_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DRAFTER_STARTERS", raising=False)
    assert command("backup list") == "python -m drafter backup list"
    assert "make run" in set_up_again()
    monkeypatch.setenv("DRAFTER_STARTERS", str(Path("装 好").absolute()))
    name = "命令行.bat" if os.name == "nt" else "命令行.sh"
    assert command("backup list").endswith(f'{name}" backup list')
    assert "安装包" in set_up_again()


def test_windows_is_told_of_paths_too_long_for_it(tmp_path: Path) -> None:
    folder = Path("D:/拟稿台/versions/1.0-12345678")
    installer.require_short(folder, 180, windows=True)
    with pytest.raises(installer.Refused, match="路径太长"):
        installer.require_short(folder / ("长" * 50), 180, windows=True)


def test_the_disk_is_asked_for_what_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_text("x", encoding="utf-8")
    asked: list[int] = []
    monkeypatch.setattr(os, "fsync", asked.append)
    monkeypatch.delattr(os, "sync", raising=False)  # as on Windows
    starters.flush(tmp_path)
    starters.write(tmp_path / "current.txt", "1")
    assert len(asked) == 2


def test_an_error_nobody_foresaw_is_told_in_chinese() -> None:
    told = installer.meaning(OSError(28, "No space left on device", "x"))
    assert told.startswith("“x”：磁盘满了")
    assert "bundle.json" in installer.meaning(KeyError("target"))
    assert "错误号 99" in installer.meaning(OSError(99, "odd"))


def test_only_tracked_files_go_into_the_bundle(tmp_path: Path) -> None:
    (tmp_path / "samples").mkdir()
    for name in ("ours.txt", "theirs.txt"):
        (tmp_path / "samples" / name).touch()
    assert len(list(bundle_maker.program_files(tmp_path))) == 2
    for words in (["init", "-q"], ["add", "samples/ours.txt"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    assert [path.name for path in bundle_maker.program_files(tmp_path)] == ["ours.txt"]


@pytest.mark.parametrize("name", ["sums.py", "starters.py", "copying.py"])
def test_the_installers_parts_parse_on_old_pythons(name: str) -> None:
    ast.parse((TOOLS / "offline" / name).read_text(encoding="utf-8"), feature_version=(3, 7))
