"""Blanks left to fill in and what is left of a template: X次, ××局, 20XX年, 【待补充】, ____.

Words and forms are in data/placeholders.toml. 3×8小时, X光, 5G, A级, （试行） and 某些 are none.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from drafter.data import load_table
from drafter.numbers import narrow
from drafter.types import Draft, Finding, Severity, Sources

_BRACKETED = re.compile(
    r"\{\{[^{}\n]{0,40}\}\}|\$\{[^{}\n]{0,40}\}|<[^<>\n]{0,30}>"
    r"|[(【\[{〔［]([^()【】\[\]{}〔〕［］\n]{0,60})[)】\]}〕］]"
)
# Signs that stand for something by themselves; a pair around words is Markdown's.
_SIGNS = (
    r"_{2,}|[﹏﹍＿]{2,}|[△▲▽]{2,}|[□■◇◆]+|[○〇●]{2,}|(?<!\*)\*{2,}(?!\*)|[×✕✖]{2,}|[?]{2,}(?=[一-鿿])"
    r"|(?<![A-Za-z])X{2,}(?![A-Za-z])|(?<![A-Za-z])x{2,}(?![A-Za-z])"
)
_MARKDOWN = re.compile(r"\*\*(?=[^*\s])[^*\n]+?(?<=\S)\*\*")
_DATE = (
    r"(?<!\d)(?:20[\dX×*_○?]?[X×x*_○?]{1,2}|二[〇○零][X×*某]{2})年(?:[X×x*_○]+月)?(?:[X×x*_○]+日)?"
    r"|(?<![A-Za-z])[X×x*○]{1,2}月[X×x*○]{1,2}日"
)


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[re.Pattern[str], Severity, bool], ...]:
    """Patterns, how sure each is, and whether a fact may have the words too."""
    table = load_table("placeholders")
    counts, bodies = _either(table["measures"]), _either(table["bodies"])
    lettered = _either([*table["measures"], *table["after_letter"]])
    surnames = re.escape(load_table("names")["surnames"])
    letters, thing = table["letters"], rf"(?={counts}|{bodies})"
    alone, han = r"(?<![A-Za-z0-9+第\-])", "一二三四五六七八九〇"
    some = "|".join(rf"(?<![某{surnames}]){one}" for one in table["some"])
    sure = (
        *table["phrases"],
        _DATE,
        rf"{alone}x{thing}|{alone}X(?={bodies})",
        rf"(?<!\d)\d{{1,3}}[Xx*×?](?={counts})",
        rf"(?<![\dA-Za-z“×✕*○{han}])[×✕*○]+{thing}",
        rf"(?:…+|\.{{3,}}|-{{3,}})(?!{_either(table['in_words'])}|([一-鿿])\1)(?={counts})(?!多(?!{counts}))",
        rf"(?:—{{2,}}|(?<=[一-鿿])[ \u3000]{{2,}})(?={counts}[，。；、,;])",
        rf"(?<![A-Za-z])(?P<twin>[{letters}])(?P=twin)+{thing}",
        _SIGNS,
    )
    return (
        *((re.compile(pattern), "error", False) for pattern in sure),
        (re.compile(rf"{alone}[{letters}{table['small']}](?={lettered})"), "error", True),
        (re.compile(rf"[{surnames}]某{{1,2}}(?=同志|书记|主任)"), "error", True),
        (re.compile(rf"(?<![一-鿿])某某(?!某)|某某某|{some}"), "warning", True),
    )


def _either(words: list[str]) -> str:
    return "(?:" + "|".join(sorted(map(re.escape, words), key=len, reverse=True)) + ")"


@lru_cache(maxsize=1)
def _inside() -> tuple[re.Pattern[str], re.Pattern[str]]:
    table = load_table("placeholders")
    field = _either(table["fields"])
    several = rf"\s*{field}(?:[{re.escape(table['joined'])}]{field})*\s*"
    return re.compile("|".join(table["in_brackets"])), re.compile(several)


@lru_cache(maxsize=1)
def _any_field() -> re.Pattern[str]:
    """A field of a form with a word of its own before it: 岗位名称, 受助对象姓名."""
    table = load_table("placeholders")
    field = rf"(?:[一-鿿]{{0,6}}{_either(table['field_ends'])}|{_either(table['fields'])})"
    return re.compile(rf"\s*{field}(?:[{re.escape(table['joined'])}]{field})*\s*")


def _is_blank(match: re.Match[str]) -> bool:
    """Whether what stands in brackets is a field to fill in or an instruction."""
    words = match[0].strip("(【[{〔［<>$)】]}〕］").strip()
    inside, fields = _inside()
    # 【活动时间】 at the head of a line is a label; （联系电话） may be one as well.
    if match[0][0] in "[{<〔" or (
        match[0][0] == "【" and match.string[: match.start()][-1:] > "\n"
    ):
        fields = _any_field()
    if match[0].startswith(("{{", "${")):
        return True  # {{unit_motto}}: the name of a blank of some template
    if match[0][0] in "{<$" and re.search("[一-鿿]", words):
        return True
    return bool(inside.search(words) or fields.fullmatch(words))


@lru_cache(maxsize=2048)
def blanks(text: str, facts: str) -> tuple[tuple[int, int, Severity], ...]:
    """Return the blanks of `text` in order, not overlapping: start, end, how sure.

    `facts` are the person's own words: N个 that they define is theirs.
    """
    plain = narrow(text)
    found: list[tuple[int, int, Severity]] = [
        (*match.span(), "error") for match in _BRACKETED.finditer(plain) if _is_blank(match)
    ]
    markdown = [match.span() for match in _MARKDOWN.finditer(plain)]
    for pattern, severity, may_be_said in _patterns():
        for match in pattern.finditer(plain):
            start, end = match.span()
            if any(first < end and start < last for first, last, _ in found):
                continue
            if any(first <= start and end <= last for first, last in markdown):
                continue
            # “少跑腿……多办事”: the dots are the fact's own.
            if plain[start] in "….-" and plain[max(0, start - 2) : end + 2] in facts:
                continue
            if start == end or (
                may_be_said and plain[start] not in "X" and _said(plain, start, facts)
            ):
                continue
            found.append((start, end, severity))
    own = _quoted(plain, facts)
    return tuple(sorted(_doubted(one, own) for one in found))


def _doubted(
    one: tuple[int, int, Severity], own: list[tuple[int, int]]
) -> tuple[int, int, Severity]:
    """A blank in words that a fact has in quotes may be meant: “无题（××）”系列版画."""
    start, end, severity = one
    inside = any(first <= start and end <= last for first, last in own)
    return (start, end, "warning" if inside else severity)


def _quoted(plain: str, facts: str) -> list[tuple[int, int]]:
    """The words in quotes of a text that a fact has as they are, two letters of them at least no
    blank."""
    bare = re.sub(r"\s", "", facts)
    spans = (match.span() for match in re.finditer(r"“[^“”\n]{2,40}”|《[^《》\n]{2,40}》", plain))
    said = ((span, re.sub(r"\s", "", plain[slice(*span)])[1:-1]) for span in spans)
    return [span for span, words in said if words in bare and len(re.findall("[一-鿿]", words)) > 1]


def _said(plain: str, start: int, facts: str) -> bool:
    """Whether a fact has the letter with what follows it: N个, 某某市 of a text made nameless.

    A single 某, 某街道, is a note's gap that the report has to close.
    """
    nameless = plain.startswith("某某", start)
    if plain[start] == "某" and not nameless:
        return False
    return plain[start : start + (3 if nameless else 2)] in facts


def check(draft: Draft, sources: Sources) -> Iterator[Finding]:
    """Yield an error for each blank of a section or heading, a warning where it may be meant."""
    facts = narrow("\n".join(fact.text for fact in sources.facts))
    for section in draft.sections:
        for start, end, severity in blanks(section.text, facts):
            around = section.text[max(0, start - 4) : end + 4].strip()
            message = f"“{around}”处还有空没有填，或者留着模板的说明。"
            words = section.text[start:end]
            yield Finding("placeholder", severity, section.id, (start, end), words, message, None)
        for start, end, severity in blanks(section.heading, facts):
            message = f"标题“{section.heading}”里还有空没有填。"
            words = section.heading[start:end]
            yield Finding("placeholder", severity, section.id, None, words, message, None)
