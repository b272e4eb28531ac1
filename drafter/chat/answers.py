"""What a /v1/chat/completions server answers, read: models, pieces of a reply, errors. Pure."""

import json
from collections.abc import Iterator

from drafter.errors import EngineError

_CONTEXT_WORDS = ("context length", "context size", "context window", "exceed_context", "too long")


def listed_models(text: str) -> dict[str, int]:
    """Return the model names of a /v1/models answer, each with its context in tokens (0: not said).

    `max_model_len` is vLLM's and SGLang's word for it, `meta.n_ctx` llama-server's. Raises
    EngineError when the answer is none of the kind.
    """
    try:
        data = json.loads(text)
        entries = data.get("data") or [] if isinstance(data, dict) else None
    except ValueError:
        entries = None
    if not isinstance(entries, list):
        raise EngineError("该地址的回答不是模型服务的格式。", "请检查服务地址（一般以 /v1 结尾）。")
    found: dict[str, int] = {}
    for entry in entries:
        if isinstance(entry, dict) and isinstance(entry.get("id"), str):
            meta = entry.get("meta")
            told = meta.get("n_ctx") if isinstance(meta, dict) else None
            size = entry.get("max_model_len") or told
            found[entry["id"]] = size if isinstance(size, int) else 0
    return found


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


def server_failure(status: int, text: str) -> EngineError:
    """Return the error for an answer with this HTTP status and body."""
    if says_too_long(text):
        return EngineError(
            "这次交给模型的材料太长，超出了该服务的上下文长度。",
            "请减少这一节的要点，或在该服务上调大上下文长度。",
        )
    if status == 429:
        return EngineError("模型服务太忙（429）。", "请稍后重试。")
    detail = " ".join(text.split())[:200] or "没有说明"
    return EngineError(f"模型服务出错（{status}）：{detail}。", "请查看该服务的日志，或稍后重试。")
