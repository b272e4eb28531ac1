"""The `llama.cpp` engine: damaged files, odd paths, long prompts, and what it must not show."""

import http.client
import shutil
import struct
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.chat.gguf import check_gguf
from drafter.chat.llamacpp import LlamaCppChat
from drafter.errors import EngineError
from drafter.types import Message, Sampling

ASK: tuple[Message, ...] = ({"role": "user", "content": "写一段话，谈谈读书。"},)


def text(value: str) -> bytes:
    data = value.encode()
    return struct.pack("<Q", len(data)) + data


def small_gguf(architecture: str = "qwen2") -> bytes:
    """Return a whole GGUF file: three entries (one an array of strings) and one f32 tensor."""
    entries = [
        text("general.architecture") + struct.pack("<I", 8) + text(architecture),
        text(f"{architecture}.context_length") + struct.pack("<II", 4, 2048),
        text("tokenizer.tokens") + struct.pack("<IIQ", 9, 8, 2) + text("甲") + text("乙"),
    ]
    tensor = text("token_embd.weight") + struct.pack("<IQQIQ", 2, 8, 4, 0, 0)
    head = b"GGUF" + struct.pack("<IQQ", 3, 1, len(entries)) + b"".join(entries) + tensor
    return head + b"\0" * (-len(head) % 32) + b"\1" * (8 * 4 * 4)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("gguf")


def test_a_whole_file_passes(tmp_path: Path) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(small_gguf())
    header = check_gguf(path)
    assert (header.architecture, header.context_length) == ("qwen2", 2048)
    assert header.bytes_needed == path.stat().st_size


@given(st.data())
def test_a_file_cut_anywhere_is_refused(place: Path, data: st.DataObject) -> None:
    whole = small_gguf()
    path = place / "cut.gguf"
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
    with pytest.raises(EngineError, match=r"不完整|不是 GGUF"):
        check_gguf(path)


@given(st.integers(4, len(small_gguf()) - 1), st.binary(min_size=1, max_size=8))
def test_a_damaged_header_is_refused_or_read_never_worse(place: Path, at: int, junk: bytes) -> None:
    whole = small_gguf()
    path = place / "bent.gguf"
    path.write_bytes(whole[:at] + junk + whole[at + len(junk) :])
    try:
        check_gguf(path)
    except EngineError as error:
        assert error.hint


@pytest.mark.parametrize("content", [b"", b"GGUF", b"PK\x03\x04" * 99, "一份报告".encode() * 99])
def test_what_is_no_model_is_refused_before_native_code_sees_it(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "假 模型.gguf"
    path.write_bytes(content)
    with pytest.raises(EngineError) as caught:
        LlamaCppChat(path)
    assert "假 模型.gguf" in caught.value.message
    assert caught.value.hint


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="无法读取"):
        LlamaCppChat(tmp_path / "没有.gguf")


def test_an_embedding_model_cannot_write(tmp_path: Path) -> None:
    path = tmp_path / "bge.gguf"
    path.write_bytes(small_gguf("bert"))
    with pytest.raises(EngineError, match="检索模型"):
        LlamaCppChat(path)


def test_a_model_the_library_cannot_load_leaves_the_program_alive(tmp_path: Path) -> None:
    path = tmp_path / "half.gguf"
    path.write_bytes(small_gguf())
    with pytest.raises(EngineError, match="加载失败"):
        LlamaCppChat(path)


def test_a_truncated_real_model_is_refused(small_model: Path, tmp_path: Path) -> None:
    path = tmp_path / "cut.gguf"
    with small_model.open("rb") as source, path.open("wb") as target:
        target.write(source.read(20_000_000))
    with pytest.raises(EngineError, match="不完整：应有 491,400,064 字节"):
        LlamaCppChat(path)


def test_writes_from_a_chinese_path_and_keeps_the_terminal_quiet(
    small_model: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "模型 目录" / "小 模型.gguf"
    path.parent.mkdir()
    try:
        path.symlink_to(small_model)
    except OSError:
        shutil.copyfile(small_model, path)
    model = LlamaCppChat(path)
    assert model.name == "小 模型"
    assert "".join(model.stream(ASK, Sampling(max_tokens=4)))
    with pytest.raises(EngineError, match=r"太长：共 \d+ 个词元，模型一次最多读 4096 个"):
        list(model.stream(({"role": "user", "content": "学习" * 9000},), Sampling()))
    assert "".join(model.stream(ASK, Sampling(max_tokens=4))), "works on after a refusal"
    check_listener(model)
    check_close(model)
    assert capfd.readouterr() == ("", "")


def check_listener(model: LlamaCppChat) -> None:
    """The listener that cannot be switched off is here only and answers nobody else."""
    address = urlsplit(model.listener[0])
    assert address.hostname == "127.0.0.1"
    for method, path in (("GET", "/v1/models"), ("GET", "/props"), ("POST", "/completion")):
        connection = http.client.HTTPConnection("127.0.0.1", address.port or 0, timeout=10)
        connection.request(method, path, body="{}" if method == "POST" else None)
        assert connection.getresponse().status == 401
        connection.close()


def check_close(model: LlamaCppChat) -> None:
    """Closing frees the model at once though a reply is under way; the reader is told."""
    said: list[str] = []
    told: list[str] = []

    def read() -> None:
        try:
            said.extend(model.stream(ASK, Sampling(max_tokens=2000, temperature=1.5)))
        except EngineError as error:
            told.append(error.message)

    reader = threading.Thread(target=read)
    reader.start()
    while not any(said):
        time.sleep(0.01)
    begun = time.monotonic()
    model.close()
    model.close()
    assert time.monotonic() - begun < 5, "not the whole reply is waited for"
    reader.join(5)
    assert told == ["模型已经关闭。"]
    with pytest.raises(EngineError, match="已经关闭"):
        list(model.stream(ASK, Sampling()))
    with pytest.raises(EngineError, match="已经关闭"):
        model.count_tokens(ASK)
