"""Which writers there are, and what a person may name as one."""

import hashlib
import os
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from drafter import models
from drafter.errors import InputError, WeightsError
from drafter.models import default_model, file_sha256, get_model, list_models, resolve_model
from index.weights import Weights, installed, load_manifest

CONTENT = b"GGUF weights"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DRAFTER_MODELS", str(tmp_path / "模型 库"))
    monkeypatch.delenv("DRAFTER_MODEL", raising=False)
    (tmp_path / "模型 库").mkdir()
    return tmp_path / "模型 库"


@pytest.fixture
def small(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Weights:
    """Shrink the manifest's 0.5B to a few bytes, so that a file for it can be made."""
    digest = hashlib.sha256(CONTENT).hexdigest()
    listed = load_manifest(models.MANIFEST)
    shrunk = tuple(replace(entry, bytes=len(CONTENT), sha256=digest) for entry in listed)
    monkeypatch.setattr(models, "load_manifest", lambda path: shrunk)
    return next(entry for entry in shrunk if "0.5b" in entry.name)


def test_the_manifest_has_the_two_writers_the_first_being_the_default(folder: Path) -> None:
    infos = list_models()
    assert [info.name for info in infos] == ["qwen2.5-coder-1.5b", "qwen2.5-coder-0.5b"]
    assert [info.default for info in infos] == [True, False]
    assert infos[0].bytes == 1_117_320_768
    assert infos[0].path.parent == folder
    assert not any(info.installed for info in infos)


def test_the_environment_may_name_another_default(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert default_model() == "qwen2.5-coder-1.5b"
    monkeypatch.setenv("DRAFTER_MODEL", "qwen2.5-coder-0.5b")
    assert default_model() == "qwen2.5-coder-0.5b"
    assert [info.name for info in list_models() if info.default] == ["qwen2.5-coder-0.5b"]


def test_a_model_not_fetched_yet_says_how_to_fetch_it(folder: Path) -> None:
    with pytest.raises(WeightsError, match="尚未下载") as caught:
        resolve_model("qwen2.5-coder-1.5b")
    assert "python -m drafter model get qwen2.5-coder-1.5b" in caught.value.hint


def test_a_file_put_there_by_hand_is_verified_once_and_used(small: Weights, folder: Path) -> None:
    path = folder / small.file
    path.write_bytes(CONTENT)
    assert resolve_model(small.name) == str(path)
    assert installed(small, folder)
    assert get_model(small.name, lambda *_: None, threading.Event()) == path


def test_a_damaged_or_cut_file_is_not_used(small: Weights, folder: Path) -> None:
    for content in (CONTENT[:-1], CONTENT[::-1]):
        (folder / small.file).write_bytes(content)
        with pytest.raises(WeightsError) as caught:
            resolve_model(small.name)
        assert "下载" in caught.value.hint


def test_paths_and_addresses_pass_as_they_are(folder: Path, tmp_path: Path) -> None:
    gguf = tmp_path / "别的 模型.gguf"
    gguf.touch()
    hugging = tmp_path / "Qwen3-4B"
    hugging.mkdir()
    (hugging / "config.json").touch()
    for spec in (str(gguf), str(hugging), "http://127.0.0.1:8000/v1", "HTTPS://gpu.example"):
        assert resolve_model(f" {spec} ") == spec


@pytest.mark.parametrize("spec", ["", "  ", "gpt-9", "{0}", "{0}/笔记.txt", "{0}/没有.gguf"])
def test_what_names_no_model_is_refused_with_what_does(
    folder: Path, tmp_path: Path, spec: str
) -> None:
    (tmp_path / "笔记.txt").touch()
    with pytest.raises(InputError) as caught:
        resolve_model(spec.format(tmp_path))
    assert caught.value.hint


def test_only_writers_of_the_manifest_are_fetched(folder: Path) -> None:
    with pytest.raises(InputError, match="没有“gpt-9”"):
        get_model("gpt-9", lambda *_: None, threading.Event())


def test_a_hash_is_kept_until_the_file_changes(tmp_path: Path) -> None:
    path = tmp_path / "模 型.gguf"
    path.write_bytes(CONTENT)
    right = hashlib.sha256(CONTENT).hexdigest()
    assert file_sha256(path) == right
    note = path.with_name(f".{path.name}.sha256")
    note.write_text(note.read_text(encoding="utf-8").replace(right, "0" * 64), encoding="utf-8")
    assert file_sha256(path) == "0" * 64, "the note is used, the file is not read again"
    path.write_bytes(CONTENT + b"!")
    os.utime(path, (1, 1))
    assert file_sha256(path) == hashlib.sha256(CONTENT + b"!").hexdigest()
    note.write_text("{", encoding="utf-8")
    assert file_sha256(path) == hashlib.sha256(CONTENT + b"!").hexdigest()


def test_a_file_that_cannot_be_read_has_no_hash(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="读不了"):
        file_sha256(tmp_path / "没有.gguf")
