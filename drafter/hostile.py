"""Text that speaks to a model or a program instead of to a reader, in whatever a person put in.

`signs` says what a text carries, `held` whether it may not be shown to a model, `neutral` returns
it without what a chat template or a browser would take for its own. Patterns and their sources are
in data/hostile.toml. Nothing here changes what is stored or shown: a found sign is a reason to tell
the person, and to keep that text out of prompts. Knows nothing of facts, exemplars or pages.

What no pattern knows is bounded elsewhere: each point is written from its own facts and checked
against them (drafter.faults), an exemplar's words may not be repeated (drafter.borrowing).
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from drafter.data import load_table

# Longer texts (a whole report) are looked at piece by piece, so that no pattern meets a long text.
_PIECE = 2_000
# Tokens nested deeper are no accident: peeling one layer a pass would take quadratic time.
_DEEPEST = 8
_OPENERS = frozenset("<>[]|&")  # no token and no markup is without one of these
_EXCERPT = 24  # letters of an excerpt: enough to find it again, too few to spread it

# Unicode: Cf (format), Cc (control) but line ends and tab, tags, variation selectors, and blanks
# that are letters by category (Hangul fillers, braille blank): UAX #44, TR36 §3.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\ufffe\uffff\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
# Between Chinese letters these only break words up: 忽.略 以-上. Not marks that part sentences.
_BREAKERS = re.compile(r"(?<=[\u4e00-\u9fff])[\s.·•・_*~^|/\\+\-“”‘’\"'丶、]+(?=[\u4e00-\u9fff])")
# 1O次, l2名, 2O26年; not O2O, B2B, H2O: a letter among digits counts before a unit only.
_DIGIT_LIKE = re.compile(
    r"(?<![A-Za-z0-9])(?=[OIl]{0,12}\d)[\dOIl]{0,12}?[OIl][\dOIl]{0,12}"
    r"(?=\s?[次名人个件份篇场条项户家期批支处万亿千百元年月日岁%％])"
)
# What editors and chat programs leave behind: no word is lost over it.
_LEFT = "\u200b\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef"
_LEFT_BEHIND = re.compile(rf"(?<![{_LEFT}])(?:(?<![0-9])[{_LEFT}]|[{_LEFT}](?![0-9]))(?![{_LEFT}])")
_MOST_LEFT_BEHIND = 8
_SYMBOLS = "ραβν"  # of formulas and measures: no letter is feigned beside a digit
_ADDRESS = re.compile("https?://[!-~]+")
_STOPS = re.compile("[。；;!?\n]")
_COUNTED = re.compile(r"\d(?:\s?[\u4e00-\u9fff%])")


@dataclass(frozen=True, slots=True)
class Sign:
    """One thing a text carries. `kind` is a key of data/hostile.toml [labels], `label` its Chinese
    name, `words` a short excerpt as it stands once invisible characters are gone."""

    kind: str
    label: str
    words: str


@lru_cache(maxsize=1)
def _patterns() -> dict[str, re.Pattern[str]]:
    table = load_table("hostile")["patterns"]
    return {kind: re.compile("|".join(f"(?:{p})" for p in table[kind]), re.I) for kind in table}


@lru_cache(maxsize=2)
def _table(name: str) -> dict[int, str]:
    table = load_table("hostile")[name]
    return {ord(a): b for a, b in zip(table["letters"], table["plain"], strict=True)}


def visible(text: str) -> str:
    """Return text without characters that cannot be seen; line ends and tabs stay."""
    return _INVISIBLE.sub("", text)


@lru_cache(maxsize=8192)
def _plain(char: str) -> str:
    if ord(char) < 0x80:
        return char if char >= " " or char in "\n\t" else ""
    if _INVISIBLE.match(char):
        return ""
    return unicodedata.normalize("NFKC", _table("lookalikes").get(ord(char), char))


def _folded(text: str) -> tuple[str, list[int]]:
    """Return text half-width, look-alikes as what they feign, unseen characters gone, and for each
    of its letters the place in `text` that it came from."""
    letters: list[str] = []
    places: list[int] = []
    for at, char in enumerate(text):
        folded = _plain(char)
        letters.append(folded)
        places += [at] * len(folded)
    return "".join(letters), places


def _pieces(text: str) -> Iterator[str]:
    """Yield a long text in pieces that overlap, so that nothing is missed where they meet."""
    for start in range(0, max(1, len(text)), _PIECE):
        yield text[start : start + _PIECE + 200]


@lru_cache(maxsize=4096)
def signs(text: str) -> tuple[Sign, ...]:
    """Return what a text carries, one sign for each kind, the gravest kinds first; () is usual."""
    found: dict[str, str] = {}
    for piece in _pieces(text):
        for kind, words in _found(piece):
            found.setdefault(kind, words)
    labels = load_table("hostile")["labels"]
    return tuple(Sign(kind, labels[kind], found[kind]) for kind in labels if kind in found)


def _found(text: str) -> Iterator[tuple[str, str]]:
    plain = _folded(text)[0]
    for kind, pattern in _patterns().items():
        if kind in ("order", "weak"):
            continue
        match = pattern.search(_ADDRESS.sub(" ", plain) if kind == "encoded" else plain)
        if match:
            yield kind, _excerpt(match[0])
    yield from _orders(plain)
    unseen = _unseen(text)
    if unseen:
        yield "hidden", f"U+{ord(unseen):04X}"
    feigned = _feigned(text)
    if feigned:
        yield "lookalike", feigned


def _orders(plain: str) -> Iterator[tuple[str, str]]:
    """Yield an order of a folded text; words that ordinary bullets use too count as `weak` where
    they stand once in a sentence that tells a number with its unit, as an order elsewhere."""
    plain = plain.translate(_table("traditional"))
    joined = _BREAKERS.sub("", plain)
    spaced = re.sub(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])", "", plain)
    views = (joined,) if joined == spaced else (joined, spaced)
    for view in views:
        match = _patterns()["order"].search(view)
        if match:
            yield "order", _excerpt(match[0])
            return
    for view in views:
        matches = list(_patterns()["weak"].finditer(view))
        for match in matches:
            alone = len(matches) == 1 and _COUNTED.search(_sentence_at(view, match.start()))
            yield "weak" if alone else "order", _excerpt(match[0])


def _sentence_at(text: str, at: int) -> str:
    before = "" if _STOPS.match(text[at]) else _STOPS.split(text[:at])[-1]
    return before + _STOPS.split(text[at:].lstrip("。；;\n"))[0]


def _unseen(text: str) -> str:
    """Return a character that cannot be seen, "" where there is none or only a few that programs
    leave behind (marks of emoji, zero-width spaces, byte order marks), each alone and in no number:
    nothing is said of these, they are just taken out."""
    if not _INVISIBLE.search(text):
        return ""
    bare = _LEFT_BEHIND.sub("", text)
    if len(text) - len(bare) > _MOST_LEFT_BEHIND:
        bare = text
    unseen = _INVISIBLE.search(bare)
    return unseen[0] if unseen else ""


def _excerpt(words: str) -> str:
    bare = " ".join(words.split())
    return bare if len(bare) <= _EXCERPT else bare[: _EXCERPT - 1] + "…"


def _feigned(text: str) -> str:
    """Return letters or digits that only look like the usual ones, "" where there are none.

    Full-width and circled digits are usual in Chinese and are no such letters, nor is a letter of
    another script that stands among its own or alone.
    """
    like = _table("lookalikes")
    for at, char in enumerate(text):
        if ord(char) < 0x80:
            continue
        if char.isdecimal() and not "０" <= char <= "９":
            return char
        beside = text[max(0, at - 1) : at] + text[at + 1 : at + 2]
        beside = re.sub("[^A-Za-z]" if char in _SYMBOLS else "[^A-Za-z0-9]", "", beside)
        if ord(char) in like and beside:
            return char
    found = _DIGIT_LIKE.search(text)
    return found[0] if found else ""


def held(text: str) -> bool:
    """Say whether a text may not be shown to a model as material: it would be taken for an order,
    a program, or cannot be read by the person who answers for it."""
    kinds = load_table("hostile")["held"]
    return any(sign.kind in kinds for sign in signs(text))


def like_an_order(text: str) -> bool:
    """Say whether a text has a word of orders or of writing (写, 结尾, 凡, 一律): no reason to hold
    it, but to let it stand in no prompt beside another fact, should it be an order in disguise."""
    words = load_table("hostile")["alone"]
    return any(word in visible(text) for word in words)


@lru_cache(maxsize=2048)
def neutral(text: str) -> str:
    """Return text without tokens of chat templates, markup and characters that cannot be seen.

    What is left when a token is taken out may be another one (<|im_<|im_end|>end|>), so it is done
    until there is none. Full-width and look-alike spellings count as the tokens they feign. A
    Markdown link or picture leaves its words. Every other letter stays as it was, but where tokens
    are nested deeper than anybody types: there no bracket, bar or & stays.
    """
    return _peeled(text, ("token", "markup"))


@lru_cache(maxsize=2048)
def untokened(text: str) -> str:
    """Return text without tokens of chat templates and characters that cannot be seen; markup
    stays letter for letter: for what is shown or exported, which escape it, and is in no prompt."""
    return _peeled(text, ("token",))


def _peeled(text: str, kinds: tuple[str, ...]) -> str:
    kept = visible(re.sub(r"[\u2028\u2029\x85\v\f]", "\n", text))
    for _ in range(_DEEPEST):
        after = _without(kept, kinds)
        after = _without_link(after) if "markup" in kinds else after
        if after == kept:
            return kept.strip()
        kept = after
    plain, places = _folded(kept)
    gone = {at for at, char in zip(places, plain, strict=True) if char in _OPENERS}
    return "".join(char for at, char in enumerate(kept) if at not in gone).strip()


def _without(text: str, kinds: tuple[str, ...]) -> str:
    plain, places = _folded(text)
    gone: set[int] = set()
    for kind in kinds:
        for match in _patterns()[kind].finditer(plain):
            if match[0][0] in "[!" and kind == "markup":
                continue  # a link: its words stay
            gone.update(places[match.start() : match.end()])
    return "".join(char for at, char in enumerate(text) if at not in gone) if gone else text


def before_tokens(text: str) -> str:
    """Return text up to the first token of a chat template: what follows one is nobody's wish."""
    plain, places = _folded(text)
    match = _patterns()["token"].search(plain)
    return text[: places[match.start()]].strip() if match else text


def _without_link(text: str) -> str:
    return re.sub(r"!?\[([^\]\n]{0,200})\]\(\s*[^)\n]{0,400}\)", r"\1", text)


def broken(text: str, marks: Sequence[str]) -> str:
    """Return text in which none of `marks` (tokens of one engine's vocabulary) stands as such.

    A space goes in after a mark's first letter: what a reader sees stays, what a tokenizer looks
    for is gone. This is the last line, at the engine; `neutral` came before.
    """
    for mark in marks:
        if len(mark.strip()) > 1:
            text = text.replace(mark, f"{mark[0]} {mark[1:]}")
    return text


def told(found: Sequence[Sign]) -> str:
    """Return the signs as words for a Chinese sentence: 像是写给模型的指令（“……”）、……"""
    return "、".join(
        sign.label if sign.kind == "hidden" else f"{sign.label}（“{sign.words}”）" for sign in found
    )
