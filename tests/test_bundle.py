"""The folder for an office without a network: made of little wheels, installed, updated, spoilt."""

import ast
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.tool_scripts import TOOLS, script

bundle_maker, installer, locks = script("bundle"), script("install"), script("locks")
HERE = locks.this_target()
SAYS = "import os, sys, tiny; print(tiny.WORD, os.environ['DRAFTER_MODELS'], *sys.argv[1:])"
MODEL = b"weights " * 1000
WHEEL = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def make_wheel(folder: Path, word: str = "hello") -> Path:
    """Write a wheel of a project `tiny` with one module."""
    path = folder / "tiny-1.0-py3-none-any.whl"
    files = {
        "tiny.py": f"WORD = {word!r}\n",
        "tiny-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n",
        "tiny-1.0.dist-info/WHEEL": WHEEL,
    }
    record = "".join(f"{name},,\n" for name in [*files, "tiny-1.0.dist-info/RECORD"])
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in {**files, "tiny-1.0.dist-info/RECORD": record}.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return path


def make_root(folder: Path, wheel: Path, version: str) -> Path:
    """Write a little program that stands on that wheel."""
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    texts = {
        "app.py": SAYS,
        "drafter/__init__.py": "",
        "drafter/__main__.py": SAYS,
        "drafter/models.toml": '[[weights]]\nname = "small"\nfile = "small.gguf"\n',
        "drafter/__pycache__/old.pyc": "",
        "pyproject.toml": f'[project]\nversion = "{version}"\n',
        "requirements/run.lock": f"tiny==1.0 \\\n    --hash=sha256:{digest}\n",
    }
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def make_bundle(place: Path, version: str = "1.0") -> Path:
    wheel_folder = place / "轮子"
    wheel_folder.mkdir(parents=True)
    wheel = make_wheel(wheel_folder)
    model = place / "small.gguf"
    model.write_bytes(MODEL)
    folder = place / "离线 包"
    folder.mkdir()
    root = make_root(place / "根", wheel, version)
    bundle_maker.assemble(root, folder, HERE, [wheel], [model])
    return folder


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(installer, "TRIAL", "import tiny, drafter")
    return make_bundle(tmp_path)


def quick_build(bundle: Path, folder: Path) -> None:
    """Stand in for the environment: this very Python, so that a trial can run."""
    python = installer.python_of(folder, installer.NEW)
    python.parent.mkdir(parents=True, exist_ok=True)
    if not python.exists():
        python.symlink_to(sys.executable)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installer, "build", quick_build)
    monkeypatch.setattr(installer, "TRIAL", "pass")


def reseal(folder: Path) -> None:
    (folder / "SHA256SUMS").unlink()
    bundle_maker.write_sums(folder)


def everything(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


@pytest.mark.skipif(os.name == "nt", reason="starts the POSIX starter")
def test_the_folder_installs_without_a_network_and_starts(bundle: Path, tmp_path: Path) -> None:
    target = tmp_path / "拟稿台 办公"
    version = installer.install(bundle, target)
    assert installer.current(target) == version
    starter = [str(target / "命令行.sh"), "draft", "要点 一.md"]
    env = {k: v for k, v in os.environ.items() if not k.startswith("DRAFTER")}
    done = subprocess.run(
        starter, cwd=tmp_path, env=env, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == f"hello {target}/models draft 要点 一.md"
    assert (target / "models" / "small.gguf").read_bytes() == MODEL
    assert not list(target.rglob("__pycache__/old.pyc"))

    # A wheel changed together with SHA256SUMS is still not the locked one.
    folder = target / "versions" / version
    (bundle / "wheels" / "tiny-1.0-py3-none-any.whl").unlink()
    make_wheel(bundle / "wheels", word="evil")
    pip = [str(installer.python_of(folder)), "-m", "pip", "uninstall", "-qy", "tiny"]
    subprocess.run(pip, check=True)
    with pytest.raises(installer.Refused, match=r"依赖没有装上[\s\S]*(HASHES|hash)"):
        installer.fill(bundle, folder)


def damage(folder: Path) -> None:
    with (folder / "weights" / "small.gguf").open("r+b") as file:
        file.seek(100)
        file.write(b"X")


SPOILT: dict[str, tuple[Callable[[Path], object], str]] = {
    "damaged": (damage, "损坏.*small.gguf"),
    "missing": (lambda folder: (folder / "program" / "app.py").unlink(), "缺文件：program/app.py"),
    "extra": (lambda folder: (folder / "wheels" / "x.whl").touch(), "多了文件：wheels/x.whl"),
    "no sums": (lambda folder: (folder / "SHA256SUMS").unlink(), "没有 SHA256SUMS"),
    "path out": (
        lambda folder: (folder / "SHA256SUMS").write_text("0" * 64 + "  ../out\n"),
        "有一行不对",
    ),
    "link": (lambda folder: (folder / "wheels" / "y").symlink_to("/etc"), "链接"),
}


@pytest.mark.parametrize("kind", SPOILT)
def test_a_spoilt_folder_is_named_and_nothing_is_written(
    bundle: Path, tmp_path: Path, quick: None, kind: str
) -> None:
    spoil, says = SPOILT[kind]
    # The link of a made folder leads to the source: give the copy its own file before spoiling it.
    shutil.copytree(bundle, tmp_path / "拷贝")
    spoil(tmp_path / "拷贝")
    with pytest.raises(installer.Refused, match=says):
        installer.install(tmp_path / "拷贝", tmp_path / "装")
    assert not (tmp_path / "装").exists()


def test_the_check_code_told_by_another_way_is_compared(bundle: Path, quick: None) -> None:
    _, code = installer.check_bundle(bundle)
    installer.check_bundle(bundle, code[:12].upper())
    with pytest.raises(installer.Refused, match="校验码对不上"):
        installer.check_bundle(bundle, "0" * 64)
    with pytest.raises(installer.Refused, match="校验码对不上"):
        installer.check_bundle(bundle, code[:4])


def test_an_update_is_switched_to_at_once_or_not_at_all(
    bundle: Path, tmp_path: Path, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "装"
    first = installer.install(bundle, target)
    (target / "models" / "own.gguf").write_bytes(b"mine")
    second = make_bundle(tmp_path / "新", "2.0")

    with monkeypatch.context() as broken:
        broken.setattr(installer, "TRIAL", "import no_such_thing")
        with pytest.raises(installer.Refused, match="试运行没有通过"):
            installer.install(second, target)
    assert installer.current(target) == first

    def stopped(bundle: Path, folder: Path) -> None:
        quick_build(bundle, folder)
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(installer, "build", stopped)
        with pytest.raises(KeyboardInterrupt):
            installer.install(second, target)
    assert installer.current(target) == first
    assert (target / "versions" / first / "app.py").exists()

    newer = installer.install(second, target)
    assert newer != first
    assert installer.current(target) == newer
    assert {path.name for path in (target / "versions").iterdir()} == {first, newer}
    assert (target / "models" / "own.gguf").read_bytes() == b"mine"
    third = installer.install(make_bundle(tmp_path / "再", "3.0"), target)
    assert {path.name for path in (target / "versions").iterdir()} == {newer, third}


def test_installing_the_same_again_mends_what_was_changed(
    bundle: Path, tmp_path: Path, quick: None
) -> None:
    target = tmp_path / "装"
    version = installer.install(bundle, target)
    program = target / "versions" / version / "app.py"
    program.write_text("broken", encoding="utf-8")
    before = everything(target)
    assert installer.install(bundle, target) == version
    assert program.read_text(encoding="utf-8") == SAYS
    assert everything(target) == before


def test_places_that_will_not_do(
    bundle: Path, tmp_path: Path, quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "别人的"
    other.mkdir()
    (other / "信.txt").touch()
    with pytest.raises(installer.Refused, match="别的东西"):
        installer.install(bundle, other)
    with pytest.raises(installer.Refused, match="是一个文件"):
        installer.install(bundle, other / "信.txt")
    monkeypatch.setattr(shutil, "disk_usage", lambda place: SimpleNamespace(free=10**7))
    with pytest.raises(installer.Refused, match=r"磁盘空间不够：需要 0\.8 GB，只有 0\.0 GB"):
        installer.install(bundle, tmp_path / "装")
    assert not (tmp_path / "装").exists()


def test_a_bundle_for_another_computer_is_refused(
    bundle: Path, quick: None, tmp_path: Path
) -> None:
    described = (bundle / "bundle.json").read_text(encoding="utf-8")
    (bundle / "bundle.json").write_text(described.replace(HERE.name, "windows-amd64-3.99"), "utf-8")
    reseal(bundle)
    with pytest.raises(installer.Refused, match=r"windows-amd64-3\.99.*Python 3\.99"):
        installer.install(bundle, tmp_path / "装")


def test_two_installers_do_not_meet(bundle: Path, quick: None, tmp_path: Path) -> None:
    target = tmp_path / "装"
    (target / "versions").mkdir(parents=True)
    with installer.alone(target), pytest.raises(installer.Refused, match="另一个安装程序"):
        installer.install(bundle, target)


def test_the_same_parts_make_the_same_folder(tmp_path: Path) -> None:
    folders = [make_bundle(tmp_path / name) for name in ("一", "二")]
    sums = [(folder / "SHA256SUMS").read_bytes() for folder in folders]
    assert sums[0] == sums[1]
    assert b"old.pyc" not in sums[0]


def test_only_a_wheel_the_lock_names_is_taken(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path)
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    lock = locks.Lock((locks.Pin("tiny", "1.0", "", (digest,)),), "", "", (HERE.name,))
    assert bundle_maker.chosen_wheels(lock, HERE, [wheel]) == [wheel]
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr("more.py", "")
    with pytest.raises(bundle_maker.BundleError, match=r"没有 tiny 1\.0"):
        bundle_maker.chosen_wheels(lock, HERE, [wheel])


def test_the_installer_parses_on_old_pythons_and_keeps_its_line_ends() -> None:
    text = (TOOLS / "offline" / "install.py").read_text(encoding="utf-8")
    ast.parse(text, feature_version=(3, 7))
    data = (TOOLS / "offline" / "install.bat").read_bytes()
    assert data.count(b"\n") == data.count(b"\r\n") > 0
