"""Messages as an engine is given them: no letters in them that its tokenizer takes for a mark.

A chat template puts its marks (<|im_start|> …) around each message and the whole is then read by
the tokenizer, which cannot tell the template's marks from the same letters inside a message:
measured with Qwen2.5 on llama.cpp and transformers, both make one token of them. So they are broken
up here, at the last place before the template, whatever the modules before have done.
"""

import re
from collections.abc import Iterable, Sequence

from drafter.hostile import broken, neutral
from drafter.types import Message

# Marks a model's maker added as ordinary tokens (<tool_call>) are orders to it all the same; the
# runs of spaces, line ends and common words some vocabularies add (Gemma) are not.
_LIKE_A_MARK = re.compile(r"\s*[<\[〈｜|].*[>\]〉｜|]\s*", re.S)


def marks_of(special: Iterable[str], added: Iterable[str] = ()) -> tuple[str, ...]:
    """Return what must not stand in a message: control tokens, and added ones that look so.

    The longest come first, so that a mark inside another one is met when that is broken already.
    """
    wanted = {mark for mark in special if len(mark.strip()) > 1}
    wanted |= {mark for mark in added if len(mark) > 2 and _LIKE_A_MARK.fullmatch(mark)}
    return tuple(sorted(wanted, key=lambda mark: (-len(mark), mark)))


def plain(messages: Sequence[Message], marks: Sequence[str]) -> list[dict[str, str]]:
    """Return messages as plain dictionaries whose contents hold none of `marks`."""
    return [
        {"role": message["role"], "content": broken(message["content"], marks)}
        for message in messages
    ]


def plain_for_any(messages: Sequence[Message]) -> list[dict[str, str]]:
    """Return messages for an engine whose marks nobody tells us (a server): what any known family
    of models uses is taken out (data/hostile.toml)."""
    return [
        {"role": message["role"], "content": neutral(message["content"])} for message in messages
    ]
