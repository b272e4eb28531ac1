"""What a /v1/chat/completions server answers, read: models, pieces of a reply, errors. Pure."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from drafter.errors import EngineError

_CONTEXT_WORDS = ("context length", "context size", "context window", "exceed_context", "too long")


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list says of a model: its context in tokens (0: nothing), and whether its server is a
    llama-server, which says more under /props."""

    context: int
    slots_asked: bool


def listed_models(text: str) -> dict[str, Listed]:
    """Return the models of a /v1/models answer by name.

    `max_model_len` is vLLM's and SGLang's word for the context, `meta.n_ctx` llama-server's. Raises
    EngineError when the answer is none of the kind.
    """
    try:
        data = json.loads(text)
        entries = data.get("data") or [] if isinstance(data, dict) else None
    except ValueError:
        entries = None
    if not isinstance(entries, list):
        raise EngineError("该地址的回答不是模型服务的格式。", "请检查服务地址（一般以 /v1 结尾）。")
    found: dict[str, Listed] = {}
    for entry in entries:
        if isinstance(entry, dict) and isinstance(entry.get("id"), str):
            meta = entry.get("meta")
            told = meta.get("n_ctx") if isinstance(meta, dict) else None
            ours = entry.get("owned_by") == "llamacpp"
            found[entry["id"]] = Listed(_whole(entry.get("max_model_len") or told), ours)
    return found


def slots_told(text: str) -> tuple[int, int]:
    """Return how many replies a llama-server makes at a time and the context of each, read from
    its /props; 0 for what it does not say."""
    try:
        data = json.loads(text)
    except ValueError:
        return 0, 0
    if not isinstance(data, dict):
        return 0, 0
    each = data.get("default_generation_settings")
    context = each.get("n_ctx") if isinstance(each, dict) else 0
    return _whole(data.get("total_slots")), _whole(context)


def _whole(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def texts_of(data: str) -> Iterator[tuple[str, str]]:
    """Yield (text, finish reason) of one event of a streamed reply, "" for none.

    Raises EngineError for an event that reports an error or is not of the agreed form.
    """
    try:
        event = json.loads(data)
        if "error" in event:
            raise server_failure(200, json.dumps(event["error"], ensure_ascii=False))
        for choice in event.get("choices") or ():
            delta = choice.get("delta") or {}
            yield delta.get("content") or "", choice.get("finish_reason") or ""
    except (ValueError, TypeError, AttributeError) as error:
        raise EngineError(
            "模型服务的回答不是约定的格式。", "请检查服务地址，或升级该服务。"
        ) from error


def says_too_long(text: str) -> bool:
    """Tell whether a server complains that prompt and reply do not fit its context."""
    lowered = text.lower()
    return any(words in lowered for words in _CONTEXT_WORDS)


def says_loading(status: int, text: str) -> bool:
    """Tell whether a server says that it is there and has not loaded its model yet."""
    return status == 503 and "loading" in text.lower()


def server_failure(status: int, text: str) -> EngineError:
    """Return the error for an answer with this HTTP status and body."""
    if says_too_long(text):
        return EngineError(
            "这次交给模型的材料太长，超出了该服务的上下文长度。",
            "请减少这一节的要点，或在该服务上调大上下文长度。",
        )
    if says_loading(status, text):
        return EngineError("模型服务还在装入模型。", "请等它装好再写，一般不到一分钟。")
    if status == 429:
        return EngineError("模型服务太忙（429）。", "请稍后重试。")
    detail = " ".join(text.split())[:200] or "没有说明"
    return EngineError(f"模型服务出错（{status}）：{detail}。", "请查看该服务的日志，或稍后重试。")
