"""The prompt texts in `prompts/`, filled in. Knows nothing of engines, sections or checks.

The order of messages is fixed for the sake of the engines' prompt caches: what stays the same
through a section (rules, shots) comes first, the facts come last.
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from drafter.errors import InputError
from drafter.hostile import neutral
from drafter.types import Message, Shot
from index.types import Role

PROMPTS = Path(__file__).resolve().parent.parent / "prompts"


def as_data(text: str) -> str:
    """Return text as a prompt may hold it: on one line, and without what a chat template would
    take for its own (drafter.hostile). A new line would begin another bullet, rule or turn."""
    return re.sub(r"\s*\n\s*", " ", neutral(text))


@lru_cache(maxsize=32)
def _read(name: str, changed_ns: int) -> str:
    return (PROMPTS / name).read_text(encoding="utf-8")


def load_prompt(name: str) -> str:
    """Return the text of `prompts/NAME`; an edited file counts at once. Raises InputError."""
    path = PROMPTS / name
    try:
        return _read(name, path.stat().st_mtime_ns).strip()
    except OSError as error:
        raise InputError(
            f"提示词文件 prompts/{name} 读不出来。", "请从安装包里恢复 prompts 文件夹后重试。"
        ) from error


def load_prompt_table(name: str) -> dict[str, Any]:
    """Return a TOML table of `prompts/`. Raises InputError naming the line that does not parse."""
    try:
        return tomllib.loads(load_prompt(name))
    except tomllib.TOMLDecodeError as error:
        raise InputError(
            f"提示词文件 prompts/{name} 格式有误（{error}）。", "请改正该行，或从安装包里恢复。"
        ) from error


def default_shots(role: Role) -> tuple[Shot, ...]:
    """Return the shots written by us, for use when the library has none for a role."""
    entries = load_prompt_table("shots.toml").get(role, [])
    return tuple(Shot(tuple(entry["bullets"]), entry["text"], "") for entry in entries)


def system_message(role: Role, genre: str, wish: str = "") -> Message:
    """Return the rules for writing one point of this role in this genre.

    `wish` is the person's instruction. It stands among the rules, not after the bullets, where a
    small model takes it for one more bullet and writes it into the report (docs/log.md).
    """
    rules = load_prompt_table("rules.toml")
    text = load_prompt("point.md").format(
        genre=rules["genre"].get(genre, "党建工作报告"), role_rule=rules["role_rule"][role]
    )
    if wish:
        text += "\n6. 这一次另外要求：" + as_data(wish)
    return {"role": "system", "content": text}


def _bullets(bullets: Sequence[str]) -> str:
    return "要点：\n" + "\n".join(f"- {as_data(bullet)}" for bullet in bullets)


def point_messages(
    role: Role, genre: str, shots: Sequence[Shot], bullets: Sequence[str], wish: str = ""
) -> list[Message]:
    """Return the conversation that asks for one point: rules, shots as turns, then the bullets."""
    messages = [system_message(role, genre, wish)]
    for shot in shots:
        messages.append({"role": "user", "content": _bullets(shot.bullets)})
        messages.append({"role": "assistant", "content": as_data(shot.text)})
    messages.append({"role": "user", "content": _bullets(bullets)})
    return messages


def retry_messages(messages: Sequence[Message], reply: str, faults: Sequence[str]) -> list[Message]:
    """Return the conversation with the failed reply and what was wrong with it, named."""
    asked = load_prompt("retry.md").format(faults="；".join(map(as_data, faults)))
    return [
        *messages,
        {"role": "assistant", "content": as_data(reply)},
        {"role": "user", "content": asked},
    ]


def recover_messages(text: str) -> list[Message]:
    """Return the conversation that asks for the bullets a text was written from."""
    messages: list[Message] = [{"role": "system", "content": load_prompt("recover.md")}]
    for shot in load_prompt_table("recover.toml")["shot"]:
        messages.append({"role": "user", "content": shot["text"]})
        messages.append(
            {"role": "assistant", "content": "\n".join(f"- {b}" for b in shot["bullets"])}
        )
    messages.append({"role": "user", "content": as_data(text)})
    return messages


def messages_sha256(messages: Sequence[Message]) -> str:
    """Return the hash that identifies a prompt in a Run."""
    return hashlib.sha256(json.dumps(list(messages), ensure_ascii=False).encode()).hexdigest()
