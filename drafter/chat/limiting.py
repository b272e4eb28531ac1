"""Limits held while a transformers model writes: tokens that would break one cannot be chosen.

Looks at the likeliest tokens only, so a step costs well under a millisecond; a wider look is taken
when none of them will do. Tokens may end inside a character (byte-level vocabularies); what is
still unfinished is judged when its last byte comes.
"""

import codecs
import re
from dataclasses import dataclass
from typing import Any

from drafter.limits import START, Guard, Place, guard_for
from drafter.types import Limits

# Sampling keeps at most 40 tokens (TOP_K) and of these only the likely ones (MIN_P), so that what
# stands behind the first 64 matters only when all of these are refused. Not the whole vocabulary:
# reading every token of it takes seconds, and a reader may close meanwhile.
WIDTHS = (64, 1024, 16_384)
# The first two bytes of ０ to ９: inside an unfinished number nothing else may begin.
_WIDE_DIGIT = "０".encode()[:2]
_BYTE = re.compile("<0x([0-9A-Fa-f]{2})>")


def _byte_alphabet() -> dict[str, int]:
    """The letters byte-level vocabularies write bytes with (GPT-2's bytes_to_unicode)."""
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in set(plain)]
    return {chr(byte): byte for byte in plain} | {chr(256 + n): b for n, b in enumerate(others)}


_ALPHABET = _byte_alphabet()


@dataclass(frozen=True, slots=True)
class Written:
    """A reply up to some token: where its text has got to, and bytes of an unfinished character."""

    place: Place = START
    pending: bytes = b""


def after_bytes(guard: Guard, written: Written, piece: bytes) -> Written | None:
    """Return the reply with `piece` added; None where that breaks a limit."""
    data = written.pending + piece
    text, used = codecs.utf_8_decode(data, "replace", False)
    place, rest = guard.after(written.place, text), data[used:]
    if place is None or (not guard.complete(place) and not _WIDE_DIGIT.startswith(rest)):
        return None
    return Written(place, rest)


def token_bytes(tokenizer: Any, token: int) -> bytes:  # noqa: ANN401 - untyped library
    """Return what a token adds to a reply; nothing for one of the template's marks."""
    text: str = tokenizer.decode(
        [token], skip_special_tokens=True, clean_up_tokenization_spaces=False
    )
    name: str = tokenizer.convert_ids_to_tokens(token) or ""
    if "\ufffd" in text:
        byte = _BYTE.fullmatch(name)
        if byte:
            return bytes.fromhex(byte[1])
        if all(letter in _ALPHABET for letter in name):
            return bytes(_ALPHABET[letter] for letter in name)
    # A space before a first word is left out by some decoders, and in a reply it is there.
    space = " " if name.startswith("▁") and not text.startswith(" ") else ""
    return (space + text).encode("utf-8", "replace")


class LimitedChoice:
    """Which tokens may come next in one reply. Knows tokens, not tensors."""

    def __init__(self, limits: Limits, tokenizer: Any, ends: tuple[int, ...]) -> None:  # noqa: ANN401
        """Begin a reply. `ends` are the tokens that end it."""
        self._guard = guard_for(limits)
        self._tokenizer = tokenizer
        self._ends = frozenset(ends)
        self._bytes: dict[int, bytes] = {}
        self._written = Written()

    def add(self, token: int) -> None:
        """Take note of a token that was chosen."""
        # Only where nothing else was left can a chosen token break a limit: start afresh after it.
        self._written = after_bytes(self._guard, self._written, self._piece(token)) or Written()

    def allows(self, token: int) -> bool:
        """Tell whether a token may be chosen now.

        A reply cannot end inside a number, nor stay there with tokens that say nothing (marks of
        the template, unused rows of the vocabulary).
        """
        if token in self._ends:
            return self._guard.complete(self._written.place)
        piece = self._piece(token)
        return bool(piece) and after_bytes(self._guard, self._written, piece) is not None

    def _piece(self, token: int) -> bytes:
        if token not in self._bytes:
            self._bytes[token] = token_bytes(self._tokenizer, token)
        return self._bytes[token]


def limit_processor(
    limits: Limits,
    tokenizer: Any,  # noqa: ANN401 - untyped library
    prompt_tokens: int,
    ends: tuple[int, ...],
) -> Any:  # noqa: ANN401
    """Return a LogitsProcessor for one reply (a batch of one) after `prompt_tokens` tokens.

    Where no token at all is admissible the reply is ended; the checks will see how it ended.
    """
    import torch
    from transformers import LogitsProcessor

    class Limited(LogitsProcessor):  # type: ignore[misc]
        """Leaves only admissible ones among the likeliest tokens."""

        def __init__(self) -> None:
            self._choice = LimitedChoice(limits, tokenizer, ends)
            self._seen = prompt_tokens

        def __call__(self, input_ids: Any, scores: Any) -> Any:  # noqa: ANN401
            """Return the scores with all but admissible tokens at minus infinity."""
            for token in input_ids[0, self._seen :].tolist():
                self._choice.add(token)
            self._seen = input_ids.shape[1]
            left = self._admissible(scores[0]) or list(ends)
            if not left:
                return scores
            chosen = torch.tensor(left, device=scores.device)
            kept = torch.full_like(scores, -torch.inf)
            kept[0, chosen] = scores[0, chosen]
            return kept

        def _admissible(self, row: Any) -> list[int]:  # noqa: ANN401
            tried = 0
            for width in WIDTHS:
                best = row.topk(min(width, row.shape[0])).indices[tried:].tolist()
                tried += len(best)
                left = [token for token in best if self._choice.allows(token)]
                if left:
                    return left
            return []

    return Limited()
