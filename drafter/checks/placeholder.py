"""Blanks left to fill in: X次, ××局, **年, （待填）."""

from collections.abc import Iterator

from drafter.numbers import find_placeholders
from drafter.types import Draft, Finding, Sources


def check(draft: Draft, sources: Sources) -> Iterator[Finding]:
    """Yield a warning for each blank of a section or its heading."""
    for section in draft.sections:
        for blank in find_placeholders(section.text):
            around = section.text[max(0, blank.start - 4) : blank.end + 4].strip()
            yield Finding(
                "placeholder",
                "warning",
                section.id,
                (blank.start, blank.end),
                blank.text,
                f"“{around}”处还有空没有填。",
                None,
            )
        for blank in find_placeholders(section.heading):
            message = f"标题“{section.heading}”里还有空没有填。"
            yield Finding("placeholder", "warning", section.id, None, blank.text, message, None)
