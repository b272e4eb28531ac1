"""What one click can do about a finding: other words, a clause less, or the fact's own words.

Pure text in, text out. A fix touches its own span and nothing else, and is offered only where no
fact told before is lost by it; whether to apply it is the person's decision.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from drafter.anchors import missing_anchors
from drafter.checks.passages import sentence_spans
from drafter.tracing import told_in, trace
from drafter.types import DraftSection, Fact, Finding

FixKind = Literal["replace", "cut", "reword", "tell"]
# Checks whose span is better gone than changed: what nobody reported, what another report says.
_CUT = (
    *("untraced_number", "untraced_name", "exemplar_leak", "unsupported", "repetition"),
    "hostile_text",
)
_LABEL = 18
_OPENER = re.compile(
    r"\s*(?:[一二三四五六七八九十]+是(?:要)?|第[一二三四五六七八九十]+，|[（(][一二三四五六七八九十\d]+[)）]"
    r"|\d+[.．、])"
)
_CLAUSE = re.compile(r"[^，,。；;！？!?：:\n]+")
_PAIRS = (("“", "”"), ("《", "》"), ("（", "）"), ("「", "」"), ("(", ")"), ("‘", "’"))
_SOFT = "，,"


@dataclass(frozen=True, slots=True)
class Fix:
    """Put `words` in the place of `start:end` of the section's text; `label` says so in Chinese."""

    kind: FixKind
    label: str
    start: int
    end: int
    words: str


def apply_fix(text: str, fix: Fix) -> str:
    """Return the text with this one span changed."""
    return text[: fix.start] + fix.words + text[fix.end :]


def fixes_of(
    finding: Finding, section: DraftSection, fact: Fact | None, facts: Sequence[Fact]
) -> tuple[Fix, ...]:
    """Return what can be done about a finding of `section`, the likeliest first.

    `fact` is the fact it is judged by, if any; `facts` are those of the document.
    """
    found: list[Fix] = []
    if finding.check == "dropped_fact":
        if fact is not None:
            reworded = _reword(section, fact, facts)
            found += [reworded] if reworded else []
            found.append(_tell(section.text, fact))
        return tuple(found)
    if finding.span is None:
        return ()
    start, end = finding.span
    if not 0 <= start < end <= len(section.text):
        return ()
    wish = finding.suggestion
    if wish and wish != section.text[start:end]:
        found.append(Fix("replace", f"改为“{_short(wish)}”", start, end, wish))
    cut = _cut(section.text, start, end) if finding.check in _CUT else None
    if cut and _loses_nothing(section, apply_fix(section.text, cut), facts):
        found.append(cut)
    return tuple(found)


def as_sentence(fact: Fact) -> str:
    """Return a fact's own words as a sentence."""
    return fact.text.strip().rstrip("。；;，,、 ") + "。"


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _LABEL else flat[: _LABEL - 1] + "…"


def _tell(text: str, fact: Fact) -> Fix:
    """Append the fact's own words after the last sentence."""
    body = text.rstrip()
    stop = "" if not body or body[-1] in "。！？；…”）" else "。"
    if body and body[-1] in "，,、：":
        return Fix("tell", "写入原话", len(body) - 1, len(text), "。" + as_sentence(fact))
    return Fix("tell", "写入原话", len(body), len(text), stop + as_sentence(fact))


def _reword(section: DraftSection, fact: Fact, facts: Sequence[Fact]) -> Fix | None:
    """Put the fact's own words in place of the one sentence that tells it badly, if it is alone."""
    told = told_in(trace(section, facts)).get(fact.id, ())
    if len(told) != 1 or told[0].fact_ids != (fact.id,):
        return None
    start, end = told[0].start, told[0].end
    opener = _OPENER.match(section.text, start, end)
    fix = Fix("reword", "这一句改用原话", opener.end() if opener else start, end, as_sentence(fact))
    if section.text[end - 1] in "；;":
        fix = replace(fix, words=fix.words[:-1] + section.text[end - 1])
    return fix if _loses_nothing(section, apply_fix(section.text, fix), facts) else None


def _loses_nothing(section: DraftSection, after: str, facts: Sequence[Fact]) -> bool:
    """Say whether every fact told before is still told, with the anchors it had."""
    if not after.strip():
        return False
    changed = replace(section, text=after)
    if set(told_in(trace(section, facts))) - set(told_in(trace(changed, facts))):
        return False
    own = [fact for fact in facts if fact.id in section.fact_ids]
    return all(
        set(missing_anchors(fact, after)) <= set(missing_anchors(fact, section.text))
        for fact in own
    )


@dataclass(frozen=True, slots=True)
class _Clause:
    """Words `start:end` and the marks after them, up to `stop`."""

    start: int
    end: int
    stop: int


def _clauses(text: str, start: int, end: int) -> list[_Clause]:
    spans = [match.span() for match in _CLAUSE.finditer(text, start, end)]
    stops = [at for at, _ in spans[1:]] + [end]
    return [_Clause(a, b, stop) for (a, b), stop in zip(spans, stops, strict=True)]


def _cut(text: str, start: int, end: int) -> Fix | None:
    """Take out the clauses that `start:end` touches, leaving whole sentences behind."""
    around = [span for span in sentence_spans(text) if span[0] < end and start < span[1]]
    if not around:
        return None
    clauses = _clauses(text, around[0][0], around[-1][1])
    touched = [at for at, c in enumerate(clauses) if c.start < end and start < c.end]
    if not touched:
        return None
    first, last = clauses[touched[0]], clauses[touched[-1]]
    before = clauses[touched[0] - 1] if touched[0] else None
    span = _gap(text, before, first, last)
    if span is None or not _balanced(text[span[0] : span[1]]):
        return None
    return Fix("cut", "删去此处", span[0], span[1], "")


def _gap(
    text: str, before: _Clause | None, first: _Clause, last: _Clause
) -> tuple[int, int] | None:
    """Return what to take out so that marks still fit; None where something would dangle."""
    mark = text[last.end : last.stop].strip()[:1]
    joint = text[before.end : before.stop].strip()[:1] if before else ""
    if mark in ("：", ":") or joint in ("：", ":"):
        return None
    opener = _OPENER.match(text, first.start, last.end)
    head = opener.end() if opener else first.start
    if mark and mark in _SOFT:
        return head, last.stop
    if before is not None and joint and joint in _SOFT:
        return before.end, last.end
    if opener:
        goes_on = last.stop < len(text) and text[last.stop] != "\n"
        goes_on = goes_on and not _OPENER.match(text, last.stop)
        return (head, last.stop) if goes_on else None
    earlier = text[: first.start].rstrip(" 　")
    if earlier.endswith(("；", ";")) and mark == "。":
        return len(earlier) - 1, last.end
    return first.start, last.stop


def _balanced(words: str) -> bool:
    return all(words.count(opening) == words.count(closing) for opening, closing in _PAIRS)
