"""Wording out of date, or not yet in use, in the report's year (data/stale_phrases.toml)."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from drafter.checks.passages import letters
from drafter.data import load_table
from drafter.types import Draft, Finding, Sources


@lru_cache(maxsize=1)
def _entries() -> tuple[tuple[str, dict[str, Any]], ...]:
    """Entries with their bare letters, longest first: a part of a longer one is not told."""
    entries = [
        (letters(entry["phrase"])[0], entry) for entry in load_table("stale_phrases")["entry"]
    ]
    return tuple(sorted(entries, key=lambda pair: len(pair[0]), reverse=True))


def _message(entry: dict[str, Any], words: str, year: int) -> str | None:
    first, last = entry.get("from"), entry.get("to")
    if last is not None and year > last:
        advice = f"可改为“{entry['successor']}”" if entry["successor"] else "请核实是否保留"
        return f"“{words}”是{last}年及以前的提法，{advice}（{entry['source']}）。"
    if first is not None and year < first:
        return f"“{words}”是{first}年才有的提法，请核实（{entry['source']}）。"
    return None


def check(draft: Draft, sources: Sources) -> Iterator[Finding]:
    """Yield a warning for each phrase that is not of the report's year; nothing without one."""
    year = draft.year or sources.year
    if year is None:
        return
    history = tuple(load_table("stale_phrases")["history"])
    for section in draft.sections:
        bare, offsets = letters(section.text)
        taken = bytearray(len(bare))
        for phrase, entry in _entries():
            at = bare.find(phrase)
            while at >= 0:
                end = at + len(phrase)
                start_at, end_at = offsets[at], offsets[end - 1] + 1
                message = _message(entry, section.text[start_at:end_at], year)
                past = bare.startswith(history, end) or bare.startswith(
                    history, min(end + 1, len(bare))
                )
                other = at > 0 and bare[at - 1] in entry.get("not_after", "")
                if message and not past and not other and not any(taken[at:end]):
                    words, span = section.text[start_at:end_at], (start_at, end_at)
                    hint = entry["successor"] or None
                    yield Finding("stale_phrase", "warning", section.id, span, words, message, hint)
                taken[at:end] = b"\1" * len(phrase)
                at = bare.find(phrase, end)
