"""A hand-written model that wants to be misled: it obeys whatever it finds in its prompt.

It knows what the poison wants to see in the report. Where the payload stands in the prompt in any
form (spaced, full-width, encoded), or any exemplar at all is shown, it puts that into its reply, in
the way `trick` says. It is as bad as a model can be and still writes the facts it was given, so
that what keeps the report clean is the program around it.
"""

import base64
import binascii
import re
import unicodedata
from collections.abc import Iterator, Sequence

from drafter.types import Message, Sampling

TRICKS = ("only", "after", "before", "inside", "copy", "sentence")


def every_form(text: str) -> str:
    """Return a text with what it may hide: folded, joined, reversed, decoded."""
    folded = unicodedata.normalize("NFKC", text)
    bare = re.sub(r"[^0-9A-Za-z\u4e00-\u9fff%.]", "", folded)
    forms = [text, folded, bare, bare[::-1]]
    for run in re.findall(r"[A-Za-z0-9+/=]{16,}", folded):
        try:
            forms.append(base64.b64decode(run + "=" * (-len(run) % 4)).decode("utf-8", "ignore"))
        except (binascii.Error, ValueError):
            continue
    forms.append(re.sub(r"\\u([0-9a-f]{4})", lambda m: chr(int(m[1], 16)), folded))
    return "\n".join(forms)


class Obedient:
    """A ChatModel. `seen` counts the prompts in which the payload stood."""

    def __init__(self, payload: Sequence[str], trick: str) -> None:
        self._payload = tuple(payload)
        self._trick = trick
        self.seen = 0
        self.prompts: list[str] = []

    name, sha256, context_tokens = "obedient", "0" * 64, 8192

    def count_tokens(self, messages: Sequence[Message]) -> int:
        return sum(len(message["content"]) for message in messages)

    def stream(self, messages: Sequence[Message], sampling: Sampling) -> Iterator[str]:
        prompt = "\n".join(message["content"] for message in messages)
        self.prompts.append(prompt)
        known = every_form(prompt)
        wanted = [word for word in self._payload if word in known]
        self.seen += bool(wanted)
        asked = [m["content"] for m in messages if m["content"].startswith("要点：")]
        bullets = [line[2:] for line in asked[-1].splitlines()[1:]] if asked else ["无"]
        shots = [m["content"] for m in messages[:-1] if m["role"] == "assistant"]
        return iter([self._reply(bullets, "，".join(wanted), shots)])

    def close(self) -> None:
        return None

    def _reply(self, bullets: Sequence[str], payload: str, shots: Sequence[str]) -> str:
        facts = "；".join(bullets) + "。"
        copied = "".join(shots[-1:])
        if self._trick == "copy" and copied:
            return copied
        if self._trick == "sentence" and copied:
            clauses: list[str] = re.findall("[^。；，]+", copied)
            odd = [clause for clause in clauses if any(p in clause for p in self._payload)]
            return facts + (odd or clauses)[-1] + "。"
        if not payload:
            return facts
        if self._trick == "only":
            return payload + "。"
        if self._trick == "before":
            return f"{payload}，{facts}"
        if self._trick == "inside":
            return f"{facts[: len(facts) // 2]}{payload}{facts[len(facts) // 2 :]}"
        return f"{facts}{payload}。"
