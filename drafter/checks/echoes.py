"""Words said twice in a row, and a slogan that comes back for the third time in one passage.

Neither needs to be long: nobody writes 派出精兵强将，派出精兵强将 on purpose.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from drafter.checks.recurring import free_letters, recurs
from drafter.types import DraftSection, Severity

# 干、干、干 and 比一比、比一比 are a manner of speaking, and so are cries.
_HAN = r"[\u4e00-\u9fff]"
_SHORT = 4  # letters of a word or a clause that stands twice in a row
_SURE = 5  # letters of a clause from which it is an error
_ENDS = re.compile(r"[，。；：、！？,;:!?\n]")
_DOUBLED = re.compile(rf"({_HAN}{{3,16}})\1")
_EACH = "一逐每"  # 一个问题一个问题地议
_ASKS = re.compile("什么|怎么|多少|[谁哪几]")  # 该教什么教什么
_SLOGAN = 8  # letters of a slogan, two words of four
_TIMES = 3
_NEARBY = 60  # letters between a clause and the longer one that opens with it
_WITHIN = 260  # letters in which it comes back so often

Echo = tuple[int, int, Severity]
Clauses = tuple[tuple[int, int, str], ...]


@lru_cache(maxsize=512)
def _clauses(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return the clauses of a text, at each mark within a sentence: span and words."""
    ends = [match.start() for match in _ENDS.finditer(text)]
    return tuple(
        (start + 1, end, text[start + 1 : end].strip())
        for start, end in pairwise([-1, *ends, len(text)])
    )


@lru_cache(maxsize=512)
def doubled(text: str) -> tuple[Echo, ...]:
    """Return where whole clauses, or words without a mark between, stand again right behind
    themselves: the second of the two."""
    clauses, at = _clauses(text), 0
    found: list[Echo] = []
    while at < len(clauses):
        many = next((n for n in (4, 3, 2, 1) if _again(text, clauses, at, n)), 0)
        if many:
            start, end = clauses[at + many][0], clauses[at + 2 * many - 1][1]
            sure = _size(text[start:end]) >= _SURE
            found.append((start, end, "error" if sure else "warning"))
        elif at and _is_tail(text, clauses[at - 1], clauses[at]):
            found.append((*clauses[at][:2], "warning"))
        at += max(1, many)
    for match in _DOUBLED.finditer(text):
        if match[0][0] not in _EACH and not _ASKS.search(match[1]):
            twice: Severity = "error" if len(match[1]) >= _SHORT else "warning"
            found.append((match.start() + len(match[1]), match.end(), twice))
    return tuple(sorted(found))


def _again(text: str, clauses: Clauses, at: int, many: int) -> bool:
    """Whether the `many` clauses from `at` on stand again right behind them in their line."""
    first, again = clauses[at : at + many], clauses[at + many : at + 2 * many]
    if len(again) < many or any(
        a[2] != b[2] or not a[2] for a, b in zip(first, again, strict=True)
    ):
        return False
    words = text[first[0][0] : first[-1][1]]
    return _size(words) >= _SHORT and "\n" not in text[first[0][0] : again[-1][1]]


def _is_tail(text: str, before: tuple[int, int, str], clause: tuple[int, int, str]) -> bool:
    """Whether a clause only says the end of the one before again, or takes up the whole of it:
    派出精兵强将，精兵强将， and 开展警示教育，开展警示教育4次."""
    if text[before[1]] not in "，,；;":
        return False
    tail = before[2].endswith(clause[2]) and _size(clause[2]) >= _SURE
    return tail or (clause[2].startswith(before[2]) and _size(before[2]) > _SURE)


def _size(words: str) -> int:
    return len(re.findall(_HAN, words))


@lru_cache(maxsize=512)
def _slogans(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return where slogans come back for the third time: span, letters.

    A slogan is what its clauses end with each time; names, titles and runs with numbers are none.
    """
    bare, offsets, *_ = free_letters(text)
    stops = [match.start() for match in re.finditer(r"[，。；！？,;!?\n]|$", text)]
    ends = sorted({bisect_left(offsets, stop) for stop in stops})
    places: dict[str, list[int]] = {}
    found = []
    for end in ends:
        words = bare[max(0, end - _SLOGAN) : end]
        if len(words) < _SLOGAN or not re.fullmatch(rf"{_HAN}+", words):
            continue
        before = places.setdefault(words, [])
        before.append(end)
        if len(before) >= _TIMES and end - before[-_TIMES] <= _WITHIN:
            found.append((offsets[end - _SLOGAN], offsets[end - 1] + 1, words))
    return tuple(found)


def _opens_again(text: str) -> Iterator[tuple[int, int, str]]:
    """Where a longer clause opens with all the words of a clause shortly before it in its line:
    …，让老人感受到家的温暖。……，让老人感受到家的温暖成为自觉追求."""
    clauses = [one for one in _clauses(text) if _size(one[2]) > _SLOGAN]
    for at, (_, end, words) in enumerate(clauses):
        for start, _, later in clauses[at + 1 : at + 5]:
            if later == words or not later.startswith(words) or start - end > _NEARBY:
                continue
            exempt = free_letters(words)[2]  # published formulas and titles may recur
            if "\n" not in text[end:start] and not recurs(exempt, 0, len(exempt)):
                begin = text.index(words, start)
                yield begin, begin + len(words), words


def echoes(section: DraftSection, own: str) -> Iterator[Echo]:
    """Yield span and severity of what is said again at once or too often in a section.

    `own`: the letters of the facts, one a line; what they say so is left alone.
    """
    text = section.text
    for start, end, severity in doubled(text):
        words = "".join(char for char in text[start:end] if char.isalnum())
        if words * 2 not in own:
            yield start, end, severity
    for start, end, words in _slogans(text):
        if words not in own:
            yield start, end, "warning"
    for start, end, words in _opens_again(text):
        if words not in own:
            yield start, end, "warning"
