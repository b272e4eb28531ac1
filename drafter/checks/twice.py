"""The same thing twice in other clothes: a clause with another preposition, a member of a list that
stands there again, two equal headings, a word that is called out again and again.

It compares letters without particles (data/echo_words.toml), verbs by the groups of
data/retelling.toml. What the facts say as often is left alone.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

from drafter.checks.doubled import clauses_twice, doubled
from drafter.checks.numbering import lines_of, list_tokens
from drafter.checks.passages import letters
from drafter.data import load_table
from drafter.types import Draft, DraftSection, Severity

Again = tuple[DraftSection, int, int, Severity]

_HAN = "\u4e00-\u9fff"
_CLAUSE = re.compile(r"[^，。；：！？,;:!?\n]+")
_LIST = re.compile(r"[^，。；：！？,;:!?\n、]+(?:、[^，。；：！？,;:!?\n、]+)+")
_JOINED = re.compile("以及|[和与及或]")
_BARE = 6  # letters of a clause without a number that tells something
_COUNTED = 3  # the same with one: 企业16家 has 企业 and 家
_TELLS = 5  # letters of a clause around a number that tell what was done
_SHARED = 0.7  # share of the letters of two such clauses that both have
_HELD = 0.9  # or of the shorter one that the longer has
_BESIDE = 3  # clauses between which one without a number may be said again
_FAR = 8  # clauses between which a number may be taken up again
_MEMBER = 2  # letters of a list's member
_TAIL = re.compile(r"[等两三四五六七八九十\d]")  # what follows a list's last member
_HEADING = 4  # letters of a heading that says something
_LONGEST = 30  # and of one that is no sentence
_CALLED = re.compile(rf"(?P<word>[{_HAN}]{{2,10}})(?:[、，,](?P=word)){{2,}}(?![{_HAN}])")
_PAIR = re.compile(rf"(?P<word>[{_HAN}]{{3,8}})、(?P=word)(?![{_HAN}])")
_TRIED = re.compile("(.)[一了不]\\1")  # 比一比、比一比


@lru_cache(maxsize=1)
def _synonyms() -> tuple[re.Pattern[str], dict[str, str]]:
    groups = [*load_table("echo_words")["same"], *load_table("retelling")["same"]["groups"]]
    first: dict[str, str] = {}
    for group in groups:
        first |= {word: group[0] for word in group if len(word) > 1 and word not in first}
    words = sorted(first, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words))), first


@lru_cache(maxsize=4096)
def _key(clause: str) -> str:
    """The letters of a clause that say what it says: no particles, one verb of each group."""
    pattern, first = _synonyms()
    light = load_table("echo_words")["light"]
    bare = pattern.sub(lambda match: first[match[0]], letters(clause)[0])
    return "".join(char for char in bare if char not in light)


def _number(key: str) -> str:
    """The digits of a key, "" where it has none."""
    return "".join(re.findall(r"[\d.%]", key))


@lru_cache(maxsize=512)
def _clauses(text: str) -> tuple[tuple[int, int, str], ...]:
    """The clauses of a text that say something: span and key."""
    found = []
    for match in _CLAUSE.finditer(text):
        key = _key(match[0])
        number = _number(key)
        if len(key) - len(number) >= (_COUNTED if number else _BARE):
            found.append((*match.span(), key))
    return tuple(found)


def _is_told(key: str, other: str) -> bool:
    """Whether two clauses around the same number tell the same: the later one is what the earlier
    ends with, or they share their letters, in any order and without 上 against 下."""
    if other.endswith(key):
        return True
    first, second = (Counter(re.sub(r"[\d.%]", "", one)) for one in (key, other))
    least, most = sorted((first.total(), second.total()))
    shared = (first & second).total()
    contrast = load_table("echo_words")["contrast"]
    if all(any(char in contrast for char in lost) for lost in (first - second, second - first)):
        return False
    return least >= _TELLS and (shared >= _SHARED * most or shared >= _HELD * least)


def clauses_again(section: DraftSection, facts: Sequence[str]) -> Iterator[Again]:
    """Yield clauses that say with other small words what one before says."""
    known = Counter(key for fact in facts for *_, key in _clauses(fact))
    numbers = Counter(_number(key) for key in known.elements())
    before: list[tuple[str, str]] = []
    said: Counter[str] = Counter()
    for start, end, key in _clauses(section.text):
        words, number = section.text[start:end].strip(), _number(key)
        said[key] += 1
        near = before[-_FAR:] if number else before[-_BESIDE:]
        if number and numbers[number] < 2:
            again = any(number == _number(other) and _is_told(key, other) for other, _ in near)
        else:
            # 使群众办事方便 behind 让群众办事方便; the same words are a refrain.
            light = words[:1] in load_table("echo_words")["light"]
            again = not number and light and any(
                other.endswith(key) and raw != words for other, raw in near
            )  # fmt: skip
        if again and said[key] >= known[key]:
            yield section, start, end, "warning"
        before.append((key, words))


def members_again(section: DraftSection, facts: Sequence[str]) -> Iterator[Again]:
    """Yield members of a list that stand in it twice: 企业16家、农户230户、企业16家."""
    for match in _LIST.finditer(section.text):
        before: list[str] = []
        at = match.start()
        for part in match[0].split("、"):
            pieces = [part, *(p for p in _JOINED.split(part) if p != part)]
            for piece in pieces:
                place = at + part.index(piece)
                if before[-1:] != [piece] and _is_member(piece, before):
                    words = letters(piece)[0]
                    if all(letters(fact)[0].count(words) < 2 for fact in facts):
                        yield section, place, place + len(piece), "warning"
            before += [one for one in dict.fromkeys(pieces) if one]
            at += len(part) + 1


def _is_member(piece: str, before: Sequence[str]) -> bool:
    """Whether a member stands among those before it; the first of them may have a verb."""
    size = len(re.findall(rf"[{_HAN}]", piece))
    if size < _MEMBER or "某" in piece or "×" in piece:
        return False
    counted, first = re.search(r"\d", piece), before[0] if before else ""
    if piece in before or (first.endswith(piece) and (counted or size > _MEMBER)):
        return True
    # 网格员、志愿者、网格员三支队伍: the last has the end of the clause behind it.
    return any(
        len(one) > _MEMBER and piece.startswith(one) and _TAIL.match(piece, len(one))
        for one in before
    )


def called_again(section: DraftSection, facts: Sequence[str]) -> Iterator[Again]:
    """Yield 抓落实、抓落实、抓落实, and words that stand doubled without a mark: 扎实扎实."""
    table = load_table("echo_words")
    own = "\n".join(letters(fact)[0] for fact in facts)
    for pattern in (_CALLED, _PAIR):
        for match in pattern.finditer(section.text):
            word = match["word"]
            if word * 2 not in own and not _TRIED.search(word):
                yield section, match.start() + len(word) + 1, match.end(), "warning"
    for match in _doubled().finditer(section.text):
        if match[0] not in own and section.text[match.end() : match.end() + 1] != "再":
            yield section, *match.span(), "warning"
    for match in re.finditer("|".join(table["particles"]), section.text):
        yield section, *match.span(), "warning"


@lru_cache(maxsize=1)
def _doubled() -> re.Pattern[str]:
    return re.compile(rf"(?P<word>{'|'.join(load_table('echo_words')['doubled'])})(?P=word)")


def again(section: DraftSection, facts: Sequence[str]) -> Iterator[Again]:
    """Yield all that a section's text says twice in these ways."""
    yield from called_again(section, facts)
    for found in (*doubled(section, facts), *clauses_twice(section, facts)):
        yield section, *found
    yield from labels_again(section)
    yield from members_again(section, facts)
    yield from clauses_again(section, facts)


def labels_again(section: DraftSection) -> Iterator[Again]:
    """Yield 二是强化学习 behind 一是强化学习."""
    told: dict[str, set[str]] = {}
    for token in list_tokens(section):
        label = _CLAUSE.match(section.text, (token.start or 0) + len(token.text))
        if token.start is None or label is None:
            continue
        seen = told.setdefault(token.kind, set())
        if token.number == 1:
            seen.clear()
        words = letters(label[0])[0]
        if len(words) >= _COUNTED and words in seen:
            yield section, token.start, label.end(), "warning"
        seen.add(words)


def headings_again(draft: Draft) -> Iterator[tuple[DraftSection, tuple[int, int] | None, str]]:
    """Yield headings that say what another beside them says word for word: section, span (None
    where it is the section's own heading) and words."""
    told: dict[int, set[str]] = {}
    for line in lines_of(draft):
        if line.start is not None and not line.kind:
            continue
        told = {rank: seen for rank, seen in told.items() if rank <= line.rank}
        seen = told.setdefault(line.rank, set())
        parts = [line.rest] if line.is_heading else re.split("[。：]", line.rest, maxsplit=1)
        words = letters(parts[0])[0]
        if not _HEADING <= len(words) <= _LONGEST or (not line.is_heading and len(parts) < 2):
            continue
        if words in seen:
            title = line.text[: line.text.index(parts[0]) + len(parts[0])]
            span = None if line.start is None else (line.start, line.start + len(title))
            yield line.section, span, title
        seen.add(words)
