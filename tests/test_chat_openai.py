"""The `openai` engine against a server that behaves well, badly, and not at all."""

import json
import time

import pytest

from drafter.chat import openai
from drafter.chat.address import is_loopback, root_of
from drafter.chat.openai import OpenAIChat
from drafter.errors import EngineError
from drafter.types import Message, Sampling
from tests.fake_server import Answer, event, serving

ASK: tuple[Message, ...] = ({"role": "user", "content": "写一段话。"},)
GOOD = Answer(pieces=("支部", "坚持", "学习。"))


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openai, "RETRY_SECONDS", (0.01, 0.01))
    monkeypatch.setattr(openai, "LOADING_SECONDS", 0.2)


def reply(model: OpenAIChat) -> str:
    return "".join(model.stream(ASK, Sampling()))


def test_streams_and_sends_what_was_asked() -> None:
    with serving(GOOD) as server:
        model = OpenAIChat(server.url, model="m2", api_key="key-1")
        sampling = Sampling(temperature=0.5, top_p=0.8, max_tokens=99, seed=3, stop=("\n\n",))
        pieces = [piece for piece in model.stream(ASK, sampling) if piece]
        assert pieces == ["支部", "坚持", "学习。"]
        asked = server.asked[0]
        assert (asked["model"], asked["messages"], asked["stream"]) == ("m2", list(ASK), True)
        assert (asked["temperature"], asked["top_p"], asked["max_tokens"]) == (0.5, 0.8, 99)
        assert (asked["seed"], asked["stop"]) == (3, ["\n\n"])
        assert server.headers[-1]["Authorization"] == "Bearer key-1"


def test_picks_the_first_model_listed_and_reads_its_context() -> None:
    listed = Answer(body=json.dumps({"data": [{"id": "Qwen3-8B", "max_model_len": 32768}]}))
    with serving(GOOD, models=listed) as server:
        model = OpenAIChat(server.url)
        assert (model.name, model.context_tokens) == ("Qwen3-8B", 32768)
        assert model.sha256 == ""


def test_a_model_that_is_not_there_is_said_with_those_that_are() -> None:
    with serving(GOOD) as server, pytest.raises(EngineError, match=r"没有模型“m9”.*m1、m2"):
        OpenAIChat(server.url, model="m9")


def test_a_server_without_a_list_is_used_when_the_model_is_named() -> None:
    with serving(GOOD, models=Answer(404)) as server:
        assert reply(OpenAIChat(server.url, model="m7")) == "支部坚持学习。"


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (Answer(401, "no"), "密钥"),
        (Answer(404, "no"), "没有模型"),
        (Answer(302, "", location="http://192.0.2.1/"), "转到别的地址"),
        (Answer(400, '{"error":{"code":"context_length_exceeded, context length"}}'), "太长"),
        (Answer(400, '{"error":{"type":"exceed_context_size_error"}}'), "太长"),
        (Answer(400, "odd request"), "odd request"),
        (Answer(429, "slow down"), "太忙"),
        (Answer(500, "broken"), "出错（500）"),
        (Answer(events=("{not json",)), "不是约定的格式"),
        (Answer(events=("[1, 2]",)), "不是约定的格式"),
        (Answer(events=(json.dumps({"error": {"message": "gpu lost"}}),)), "gpu lost"),
        (Answer(pieces=("支部",), drop=True), "没有说完"),
        (Answer(body="<html>Welcome</html>"), "没有说完"),
    ],
)
def test_what_goes_wrong_is_said_in_chinese_with_a_next_step(answer: Answer, says: str) -> None:
    with serving(answer) as server:
        model = OpenAIChat(server.url, api_key="sk-secret-key")
        with pytest.raises(EngineError, match=says) as caught:
            reply(model)
        assert caught.value.hint
        assert "sk-secret-key" not in str(caught.value)


def test_tries_again_until_the_server_is_well() -> None:
    with serving(Answer(503, "loading"), Answer(500, "oops"), GOOD) as server:
        assert reply(OpenAIChat(server.url)) == "支部坚持学习。"
        assert len(server.asked) == 3


def test_never_says_a_piece_twice() -> None:
    with serving(Answer(pieces=("支部",), drop=True), GOOD) as server:
        said: list[str] = []
        with pytest.raises(EngineError):
            said.extend(OpenAIChat(server.url).stream(ASK, Sampling()))
        assert "".join(said) == "支部"
        assert len(server.asked) == 1


def test_a_server_that_refuses_the_thinking_switch_is_asked_without_it() -> None:
    refusal = Answer(400, "Unrecognized request argument: chat_template_kwargs")
    with serving(refusal, GOOD) as server:
        model = OpenAIChat(server.url)
        assert reply(model) == "支部坚持学习。"
        assert "chat_template_kwargs" in server.asked[0]
        assert "chat_template_kwargs" not in server.asked[1]


def test_thinking_aloud_is_left_out() -> None:
    with serving(Answer(pieces=("<think>", "先想想", "</think>\n\n", "支部坚持学习。"))) as server:
        assert reply(OpenAIChat(server.url)) == "支部坚持学习。"


def test_a_silent_server_is_given_up() -> None:
    with serving(Answer(pieces=("迟",), hang=20)) as server:
        model = OpenAIChat(server.url, read_seconds=0.3)
        begun = time.monotonic()
        with pytest.raises(EngineError, match="没有及时回答"):
            reply(model)
        assert time.monotonic() - begun < 2


def test_closing_while_the_server_still_reads_breaks_the_connection_off() -> None:
    with serving(Answer(pieces=("迟",), hang=20)) as server:
        pieces = OpenAIChat(server.url).stream(ASK, Sampling())
        assert next(pieces) == ""
        begun = time.monotonic()
        pieces.close()
        assert time.monotonic() - begun < 1
        assert server.gone.wait(1), "the server was not told"


def test_closing_in_the_middle_of_a_reply_breaks_the_connection_off() -> None:
    with serving(Answer(pieces=("甲",) * 500)) as server:
        pieces = OpenAIChat(server.url).stream(ASK, Sampling())
        assert any(pieces)
        pieces.close()
        assert server.gone.wait(1), "the server was not told"


def test_a_closed_model_says_so() -> None:
    with serving(GOOD) as server:
        model = OpenAIChat(server.url)
        model.close()
        with pytest.raises(EngineError, match="已经关闭"):
            reply(model)


def test_nobody_there() -> None:
    with serving(GOOD) as server:
        model = OpenAIChat(server.url)
    with pytest.raises(EngineError, match="连不上"):
        reply(model)
    with pytest.raises(EngineError, match="连不上"):
        OpenAIChat(server.url)


@pytest.mark.parametrize("body", ["<html>", "[]", '{"data": 5}'])
def test_an_address_that_is_no_model_server(body: str) -> None:
    with serving(GOOD, models=Answer(body=body)) as server, pytest.raises(EngineError):
        OpenAIChat(server.url)


def test_no_proxy_stands_between_us_and_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    with serving(GOOD) as server:
        assert reply(OpenAIChat(server.url)) == "支部坚持学习。"


def test_an_event_may_come_without_text() -> None:
    usage = json.dumps({"choices": [], "usage": {"total_tokens": 3}})
    events = (event("支部"), usage, event("", "stop"), "[DONE]")
    with serving(Answer(events=events)) as server:
        assert reply(OpenAIChat(server.url)) == "支部"


@pytest.mark.parametrize(
    ("typed", "root"),
    [
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000/v1"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000/v1"),
        ("http://127.0.0.1:8000/v1/", "http://127.0.0.1:8000/v1"),
        ("http://127.0.0.1:8000/v1/chat/completions", "http://127.0.0.1:8000/v1"),
        ("https://gpu.example/api/v3", "https://gpu.example/api/v3"),
    ],
)
def test_the_address_is_taken_however_it_was_typed(typed: str, root: str) -> None:
    assert root_of(typed) == root


@pytest.mark.parametrize("typed", ["", "ftp://x", "127.0.0.1:8000", "http://", "http://a:99999"])
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(EngineError, match="地址不对"):
        root_of(typed)


def test_loopback() -> None:
    assert all(is_loopback(f"http://{h}/") for h in ("localhost:1", "127.0.0.1", "[::1]:80"))
    far = ("10.0.0.8", "localhost.example.com", "127.0.0.1.nip.io")
    assert not any(is_loopback(f"http://{host}/") for host in far)
