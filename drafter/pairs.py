"""Exemplar points turned back into the bullets they were written from, once, by the model.

A pair (bullets → text) is the worked shot that gives a draft its style (`shots`). The rule in
`shots.recover_by_rule` gives usable pairs at once; the model's are terser and so teach more. What
the model recovers is kept only when it covers the text, else the rule's bullets stand. Pairs of
the samples that come with the tool were recovered beforehand and lie beside them.
"""

import json
import re
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from drafter.errors import InputError
from drafter.hostile import held
from drafter.prompts import recover_messages
from drafter.shots import covers, shot_text
from drafter.types import ChatModel, Sampling

BUNDLED = Path(__file__).resolve().parent.parent / "samples" / "pairs.jsonl"

# Two tries: the second warm, since the same cold reply would come back.
TEMPERATURES = (0.0, 0.4)
_BULLET = re.compile(r"^\s*(?:[-*·•]|\d{1,2}[.、)）])\s*")


def point_key(point: str) -> str:
    """Return the key under which a point's bullets are kept: a hash of its shot text."""
    return sha256(shot_text(point).encode()).hexdigest()[:20]


@lru_cache(maxsize=2)
def bundled_pairs(path: Path = BUNDLED) -> dict[str, tuple[str, ...]]:
    """Return the recovered bullets that come with the samples, by `point_key`."""
    if not path.is_file():
        return {}
    try:
        entries = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        return {entry["key"]: tuple(entry["bullets"]) for entry in entries}
    except (OSError, ValueError, KeyError) as error:
        raise InputError(
            f"样本要点文件 {path.name} 读不出来（{error}）。",
            "从安装包里恢复 samples 文件夹后重试。",
        ) from error


def recover_with(model: ChatModel, point: str) -> tuple[str, ...] | None:
    """Return the bullets the model finds behind a point, None when they do not cover it, and for a
    point that speaks to the model: that one is not shown to it."""
    text = shot_text(point)
    if not text or held(point):
        return None
    messages = recover_messages(text)
    for number, temperature in enumerate(TEMPERATURES):
        sampling = Sampling(temperature=temperature, max_tokens=180, seed=1 + number)
        reply = "".join(model.stream(messages, sampling))
        lines = [_BULLET.sub("", line).strip() for line in reply.splitlines()]
        bullets = tuple(line for line in lines if line)
        if bullets and covers(text, bullets) and not any(map(held, bullets)):
            return bullets
    return None
