"""What a small model drops or adds around a fact's own words, put right by rule.

All were seen in drafts of the 1.5B (docs/log.md): the first word of the fact left out (居民代表 for
部分居民代表), quotation marks lost (河长+党员 for “河长+党员”), a body in front that the fact does
not name (局党组更换井盖), and 究其原因 under the heading 原因分析. Nothing is reworded: words come
from the facts or go. Pure text in, text out.
"""

import re
from collections.abc import Sequence

from drafter.names import marked_names

_HAN = "\u4e00-\u9fff"
_SAME_HEAD = 4  # letters after the lost word that must be the fact's own
_LONGEST_LOST = 3  # letters of a first word
# What may be put back before a sentence that goes on otherwise than its fact.
_LOST = re.compile(
    "部分|个别|少数|多数|新|已|尚|未|各|每[日周月季年]|[今去本]年|全|老|[局省市县区镇乡村校院]|本人|自己"
    "|书记|支|党|两"
)
_HEDGE = (
    "部分",
    "个别",
    "少数",
    "多数",
)  # of how many it is true: a few of the fact's letters will do
_CAUSE = re.compile("(?:究其原因|原因在于|(?:主要|其)原因[是在]于?|原因是)(?![，：]?一是)[，：]?")
_ORGAN = "党组(?!织|成员|书记)|党委(?!会?书记|委员)|党工委|党总支|党支部(?!书记|委员)|领导班子"
_UNITS = "局|院|校|镇|乡|街道|村|社区|公司|集团|厂|单位|区|县|市"
_SUBJECT = re.compile(
    rf"(?:(?<=^)|(?<=[。；]))(?P<who>(?:我|全)?(?:{_UNITS}|机关)?(?:{_ORGAN})(?!会?议?[共配有])|我(?:{_UNITS}))"
    rf"(?>(?:会议|会)?)(?:于(?=\d)|(?=[{_HAN}])(?![于的和与及同、级里内]))"
)
_NEEDLESS = ("把", "将", "对", "在", "由", "以", "于")  # first words that say nothing


def with_first_word(text: str, facts: Sequence[str]) -> str:
    """Return text with the first letters of a fact that it lost, where it goes on in the fact's
    very words through its first number, and has those letters nowhere else in that sentence.

    A word of any kind only where the whole sentence is the fact's; else one that limits or names.
    """
    sentence = re.split("[。；]", text, maxsplit=1)[0]
    found = {
        fact[:cut]
        for fact in facts
        for cut in range(1, _LONGEST_LOST + 1)
        if _goes_on(sentence, fact, cut)
    }
    return found.pop() + text if len(found) == 1 else text


def _goes_on(sentence: str, fact: str, cut: int) -> bool:
    lost, rest = fact[:cut], fact[cut:].rstrip("。；")
    told = re.match("[^\\d，。；]*(?:[\\d.]+)?", rest)
    if not re.fullmatch(f"[{_HAN}]{{{cut}}}", lost) or told is None or len(told[0]) < _SAME_HEAD:
        return False
    head = rest[:_SAME_HEAD] if lost in _HEDGE else told[0]
    begun = re.match(rf"{re.escape(head)}(?!\d)", sentence) is not None
    if lost in _NEEDLESS or (sentence != rest and not (_LOST.fullmatch(lost) and begun)):
        return False
    # 支委分工不够细，五名支委: the word stands again; else nothing of it may stand elsewhere.
    return (cut == 1 and fact[:2] in rest) or lost[0] not in sentence


def with_quotes(text: str, facts: Sequence[str]) -> str:
    """Return text with the quotation marks that the facts have around a name, at its first place;
    nothing where the facts say the name without them as well, or the text has it in a title."""
    said = "".join(facts)
    for name in (name for fact in facts for name in marked_names(fact)):
        inner = name.text.strip("“”")
        quoted = f"“{inner}”"
        if len(inner) < 2 or f"“{inner}" in text or said.count(inner) != said.count(quoted):
            continue
        text = re.sub(f"(?<![《‘「“]){re.escape(inner)}(?![》’」”])", quoted, text, count=1)
    return text


def without_added_body(text: str, facts: Sequence[str]) -> str:
    """Return text without a body at the head of a sentence that no fact names: 局党组发展党员11名.

    Whose deeds they are the report's title says; which body it was, the model cannot know.
    """
    said = "".join(facts)

    def kept(match: re.Match[str]) -> str:
        who = match["who"]
        organ = re.search(_ORGAN, who)
        bare = organ[0].removeprefix("党").removeprefix("领导") if organ else who
        known = who in said or bare in said
        return match[0] if known or len(text) - match.end() < 6 else ""

    return _SUBJECT.sub(kept, text)


def mended(text: str, facts: Sequence[str], role: str) -> str:
    """Return a point with all of it put right."""
    if role == "原因" and not any("原因" in fact for fact in facts):
        text = _CAUSE.sub("", text, count=1) if _CAUSE.match(text) else text
    return with_quotes(with_first_word(without_added_body(text, facts), facts), facts)
