"""Weights of one byte: close to fp32, made once, safe to load, and given up with a reason."""

import json
import shutil
from pathlib import Path
from typing import Any, get_args

import pytest

from drafter.chat import folders
from drafter.chat.choose import open_engine
from drafter.chat.folders import Precision, int8_folder
from drafter.chat.transformers import TransformersChat
from drafter.errors import EngineError
from drafter.types import Message, Sampling
from tests.tiny_model import LIVELY, build_tiny_model

ASK: tuple[Message, ...] = ({"role": "user", "content": "写一段话，谈谈读书学习的好处。" * 4},)


@pytest.fixture(autouse=True)
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DRAFTER_MODELS", str(tmp_path / "模型库"))
    monkeypatch.setattr(folders, "SMALL", 0)
    return tmp_path / "模型库"


@pytest.fixture(scope="module", params=[True, False], ids=["tied", "two tables"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = LIVELY | {"tie_word_embeddings": request.param, "attention_bias": True}
    return build_tiny_model(tmp_path_factory.mktemp("tiny") / "模型", **settings)


def scores(model: TransformersChat) -> object:
    import torch

    with torch.inference_mode():
        return model.model(torch.tensor([model._encode(ASK)])).logits[0].float()


def test_it_thinks_as_fp32_does(folder: Path) -> None:
    import torch

    found = {}
    for precision in get_args(Precision)[1:]:
        model = TransformersChat(folder, device="cpu", precision=precision)
        assert model.precision == precision
        found[precision] = scores(model)
        model.close()
    full, small = found["full"], found["int8"]
    assert isinstance(full, torch.Tensor)
    assert isinstance(small, torch.Tensor)
    assert (full - small).norm() < 0.06 * full.norm()
    assert (full.argmax(-1) == small.argmax(-1)).float().mean() > 0.85


def test_one_token_and_many_are_computed_alike(folder: Path) -> None:
    """Few rows go through torch's kernel, many through a product with the weights made floats."""
    import torch

    model = TransformersChat(folder, device="cpu")
    layer = model.model.model.layers[0].mlp.down_proj
    x = torch.randn(40, 64)
    with torch.inference_mode():
        many, few = layer(x), torch.cat([layer(part) for part in x.split(4)])
    assert (many - few).float().abs().max() < 0.02 * many.float().abs().max()
    model.close()


def test_it_is_made_once_and_holds_no_pickle(folder: Path, models: Path) -> None:
    TransformersChat(folder, device="cpu").close()
    made = int8_folder(folder)
    before = {path: path.stat().st_mtime_ns for path in made.iterdir()}
    again = TransformersChat(folder, device="cpu")
    assert "8 位整数" in again.note
    assert "".join(again.stream(ASK, Sampling(max_tokens=9, temperature=0.9)))
    again.close()
    assert {path: path.stat().st_mtime_ns for path in made.iterdir()} == before
    assert {path.suffix for path in made.iterdir()} <= {".json", ".jinja", ".safetensors"}
    assert [path.name for path in models.joinpath("converted").glob("[!.]*")] == [made.name]
    size = sum(path.stat().st_size for path in made.glob("*.safetensors"))
    assert size < 0.5 * sum(path.stat().st_size for path in folder.glob("*.safetensors"))


def test_another_model_under_the_same_name_is_made_anew(folder: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "副本"))
    first = int8_folder(copy)
    weights = copy / "model.safetensors"
    weights.write_bytes(weights.read_bytes())  # another time of change
    assert int8_folder(copy) != first


def test_weights_that_do_not_match_fall_back_and_say_so(folder: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    copy = Path(shutil.copytree(folder, tmp_path / "多出的"))
    weights = load_file(copy / "model.safetensors")
    weights["another.weight"] = weights["model.norm.weight"].clone()
    save_file(weights, copy / "model.safetensors", {"format": "pt"})
    model, reason = open_engine(str(copy))
    assert "省内存方式（有对不上的权重 another.weight）" in reason
    assert "".join(model.stream(ASK, Sampling(max_tokens=9, temperature=0.9)))
    model.close()


def test_without_room_it_falls_back_and_says_so(folder: Path, models: Path) -> None:
    models.write_text("a file where the folder should be", encoding="utf-8")
    model, reason = open_engine(str(folder))
    assert "写不进" in reason
    model.close()


def test_damaged_weights_are_told_before_and_after_they_are_made(
    folder: Path, tmp_path: Path
) -> None:
    made = int8_folder(folder)
    for path in made.glob("*.safetensors"):
        path.write_bytes(path.read_bytes()[:-50])
    with pytest.raises(EngineError, match="加载失败"):
        TransformersChat(folder, device="cpu")
    copy = Path(shutil.copytree(folder, tmp_path / "坏的"))
    (copy / "model.safetensors").write_bytes(b"\0" * 99)
    with pytest.raises(EngineError, match="加载失败"):
        TransformersChat(copy, device="cpu")


def test_a_layer_left_out_is_told(folder: Path) -> None:
    made = int8_folder(folder)
    config = json.loads((made / "config.json").read_text(encoding="utf-8"))
    (made / "config.json").write_text(
        json.dumps(config | {"num_hidden_layers": 3, "layer_types": ["full_attention"] * 3}),
        encoding="utf-8",
    )
    with pytest.raises(EngineError, match="加载失败"):
        TransformersChat(folder, device="cpu")


def resident() -> int:
    """Return the resident bytes of this process (Linux)."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) * 1024


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads Linux's own figures")
@pytest.mark.parametrize("precision", ["full", "int8"])
def test_closing_gives_the_memory_back(tmp_path: Path, precision: Precision) -> None:
    wide: dict[str, Any] = {"hidden_size": 1024, "intermediate_size": 6144}
    folder = build_tiny_model(tmp_path / "大一些", **wide)
    model = TransformersChat(folder, device="cpu", precision=precision)
    assert "".join(model.stream(ASK, Sampling(max_tokens=4, temperature=0.9)))
    weights = sum(path.stat().st_size for path in folder.glob("*.safetensors"))
    held = resident()
    model.close()
    assert held - resident() > (0.23 if precision == "int8" else 0.9) * weights
