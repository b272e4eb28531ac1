"""Which engine is chosen, and what the person is told about it."""

import json
from pathlib import Path

import pytest

from drafter.chat.choose import choose_engine, open_engine
from drafter.chat.openai import OpenAIChat
from drafter.chat.transformers import TransformersChat
from drafter.errors import EngineError
from tests.fake_server import Answer, serving
from tests.tiny_model import build_tiny_model


def test_the_engine_follows_from_the_model(tmp_path: Path) -> None:
    gguf = tmp_path / "模型.GGUF"
    gguf.touch()
    assert choose_engine(str(gguf)) == "llama.cpp"
    assert choose_engine(str(tmp_path)) == "transformers"
    assert choose_engine("http://127.0.0.1:8000/v1") == "openai"


def test_a_folder_is_opened_with_its_reason(tmp_path: Path) -> None:
    model, reason = open_engine(str(build_tiny_model(tmp_path / "模型")))
    assert isinstance(model, TransformersChat)
    assert "transformers" in reason
    assert "本机" in reason


def test_a_server_here_is_said_to_keep_everything_here() -> None:
    listed = Answer(body=json.dumps({"data": [{"id": "Qwen3-8B"}]}))
    with serving(Answer(), models=listed) as server:
        model, reason = open_engine(server.url, "auto", server_model="Qwen3-8B", api_key="k")
    assert isinstance(model, OpenAIChat)
    assert "Qwen3-8B" in reason
    assert "不离开本机" in reason


def test_a_gguf_file_is_opened_with_its_reason(small_model: Path) -> None:
    model, reason = open_engine(str(small_model), name="小模型", sha256="a" * 64)
    assert (model.name, model.sha256) == ("小模型", "a" * 64)
    assert "llama.cpp" in reason
    model.close()


@pytest.mark.parametrize(
    ("spec", "engine", "says"),
    [
        ("{0}/没有", "auto", "找不到模型"),
        ("{0}/笔记.txt", "auto", "不认识"),
        ("{0}", "llama.cpp", "不能运行"),
        ("{0}/m.gguf", "openai", "不能运行"),
        ("http://127.0.0.1:1", "llama.cpp", "不能运行"),
        ("http://127.0.0.1:1", "auto", "连不上"),
        ("{0}", "vllm", "没有名为"),
        ("{0}", "transformers", "不是模型文件夹"),
    ],
)
def test_what_does_not_go_together_is_said(
    tmp_path: Path, spec: str, engine: str, says: str
) -> None:
    (tmp_path / "笔记.txt").touch()
    (tmp_path / "m.gguf").touch()
    with pytest.raises(EngineError, match=says) as caught:
        open_engine(spec.format(tmp_path), engine)
    assert caught.value.hint
