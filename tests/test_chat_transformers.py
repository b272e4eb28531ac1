"""The `transformers` engine on a tiny real model: safety of what it loads, stopping, chance."""

import importlib.util
import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from drafter.chat.transformers import TransformersChat
from drafter.errors import EngineError
from drafter.types import Message, Sampling
from tests.tiny_model import build_tiny_model

ASK: tuple[Message, ...] = ({"role": "user", "content": "写一段话。"},)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_model(tmp_path_factory.mktemp("tiny") / "原 模型")


@pytest.fixture
def folder(original: Path, tmp_path: Path) -> Path:
    """Return a copy of the model that a test may damage."""
    return Path(shutil.copytree(original, tmp_path / "模型 副本"))


def reply(model: TransformersChat, sampling: Sampling) -> str:
    return "".join(model.stream(ASK, sampling))


def test_temperature_zero_leaves_nothing_to_chance(original: Path) -> None:
    model = TransformersChat(original, device="cpu")
    one, other = (Sampling(temperature=0, max_tokens=9, seed=seed) for seed in (1, 2))
    assert reply(model, one) == reply(model, other)


def test_the_seed_decides_and_touches_nobody_elses_chance(original: Path) -> None:
    import torch

    model = TransformersChat(original, device="cpu")
    torch.manual_seed(11)
    expected = torch.rand(3)
    torch.manual_seed(11)
    texts = {reply(model, Sampling(temperature=1.5, max_tokens=20, seed=n)) for n in (1, 2, 1)}
    assert len(texts) == 2
    assert torch.equal(torch.rand(3), expected)


def test_a_prompt_that_does_not_fit_is_refused(original: Path) -> None:
    model = TransformersChat(original, device="cpu", n_ctx=64)
    assert model.context_tokens == 64
    with pytest.raises(EngineError, match=r"太长：共 \d+ 个词元，模型一次最多读 64 个"):
        list(model.stream(({"role": "user", "content": "学习" * 99},), Sampling()))


def test_a_reply_is_cut_where_the_context_ends(original: Path) -> None:
    model = TransformersChat(original, device="cpu", n_ctx=40)
    room = 40 - model.count_tokens(ASK)
    assert 0 < len(reply(model, Sampling(max_tokens=500, temperature=1.5))) <= room


def test_closing_leaves_in_the_middle_of_one_pass(original: Path) -> None:
    """Reading a long prompt is one call of the model, slow on a CPU: here made slow on purpose."""
    model = TransformersChat(original, device="cpu")
    for module in model.model.modules():
        module.register_forward_hook(lambda *_: time.sleep(0.2))
    pieces = model.stream(ASK, Sampling())
    assert next(pieces) == ""
    begun = time.monotonic()
    pieces.close()
    assert time.monotonic() - begun < 1


def test_a_closed_model_says_so(original: Path) -> None:
    model = TransformersChat(original, device="cpu")
    model.close()
    model.close()
    with pytest.raises(EngineError, match="已经关闭"):
        reply(model, Sampling())


def test_no_code_of_a_model_is_run(folder: Path) -> None:
    trace = folder / "ran"
    (folder / "evil.py").write_text(f"open({str(trace)!r}, 'w')\n", encoding="utf-8")
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config["model_type"] = "evil"
    config["auto_map"] = {"AutoConfig": "evil.C", "AutoModelForCausalLM": "evil.M"}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    with pytest.raises(EngineError, match="加载失败"):
        TransformersChat(folder, device="cpu")
    assert not trace.exists()


def without_template(folder: Path) -> None:
    (folder / "chat_template.jinja").unlink()


def without_config(folder: Path) -> None:
    (folder / "config.json").unlink()


def without_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()


def only_pickle(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


def cut_weights(folder: Path) -> None:
    data = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(data[: len(data) // 2])


def broken_config(folder: Path) -> None:
    (folder / "config.json").write_text("{", encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (without_template, "没有对话模板"),
        (without_config, "不是模型文件夹"),
        (without_tokenizer, "没有分词文件"),
        (only_pickle, "没有 safetensors"),
        (cut_weights, "加载失败"),
        (broken_config, "加载失败"),
    ],
)
def test_a_folder_that_cannot_be_used(
    folder: Path, damage: Callable[[Path], None], says: str
) -> None:
    damage(folder)
    with pytest.raises(EngineError, match=says) as caught:
        TransformersChat(folder, device="cpu")
    assert caught.value.hint


def test_a_damaged_gguf_file(tmp_path: Path) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(b"GGUF" + b"\0" * 99)
    with pytest.raises(EngineError, match="损坏"):
        TransformersChat(path)


@pytest.mark.skipif(
    all(importlib.util.find_spec(name) for name in ("gguf", "accelerate")),
    reason="the packages this error is about are installed",
)
def test_a_gguf_file_without_the_packages_for_it(small_model: Path) -> None:
    with pytest.raises(EngineError, match=r"还需要软件包.*llama\.cpp"):
        TransformersChat(small_model)
