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
# What may go without loss: 开展, 组织 and their like are carried by the sentence.
_NEEDLESS = re.compile("^(?:把|将|对|的|了|是|有|共|在|由|以|于|获|建|办|开)")
_CAUSE = re.compile("(?:究其原因|原因在于|(?:主要|其)原因[是在][于]?|原因是)[，：]?(?!一是)")
_ORGAN = "党组(?!织|成员)|党委(?!会?书记|委员)|党工委|党总支|党支部(?!书记|委员)|领导班子"
_SUBJECT = re.compile(
    rf"(?:(?<=^)|(?<=[。；]))(?P<who>(?:我|全)?(?:局|院|校|镇|乡|街道|村|社区|公司|集团|厂|机关|单位|区|县|市)?"
    rf"(?:{_ORGAN})|我(?:局|院|校|镇|乡|街道|村|社区|公司|集团|厂|单位|区|县|市))会?于?(?=[{_HAN}\d])"
)


def with_first_word(text: str, facts: Sequence[str]) -> str:
    """Return text with the first letters of a fact that it lost, where it goes on in the fact's
    very words and has those letters nowhere else in that sentence."""
    sentence = re.match("[^。；]*", text)
    for fact in facts:
        for cut in range(1, _LONGEST_LOST + 1):
            lost, rest = fact[:cut], fact[cut : cut + _SAME_HEAD]
            whole = re.fullmatch(f"[{_HAN}]{{{cut}}}", lost) and len(rest) == _SAME_HEAD
            if not whole or _NEEDLESS.match(lost) or not text.startswith(rest):
                continue
            if sentence and not any(letter in sentence[0] for letter in lost[:1]):
                return lost + text
            if cut == 1 and fact[:2] in fact[2:]:  # 支委分工不够细，五名支委: the word stands again
                return lost + text
    return text


def with_quotes(text: str, facts: Sequence[str]) -> str:
    """Return text with the quotation marks that the facts have around a name, at its first."""
    for fact in facts:
        for name in marked_names(fact):
            inner = name.text.strip("“”")
            if len(inner) < 2 or f"“{inner}”" not in fact or f"“{inner}" in text:
                continue
            text = text.replace(inner, f"“{inner}”", 1)
    return text


def without_added_body(text: str, facts: Sequence[str]) -> str:
    """Return text without a body at the head of a sentence that no fact names: 局党组发展党员11名.

    Whose deeds they are the report's title says; which body it was, the model cannot know.
    """
    said = "".join(facts)

    def kept(match: re.Match[str]) -> str:
        who = match["who"]
        organ = re.search(_ORGAN, who)
        known = who in said or (organ is not None and organ[0].removeprefix("党") in said)
        return match[0] if known or len(text) - match.end() < 6 else ""

    return _SUBJECT.sub(kept, text)


def mended(text: str, facts: Sequence[str], role: str) -> str:
    """Return a point with all of it put right."""
    if role == "原因" and not any("原因" in fact for fact in facts):
        text = _CAUSE.sub("", text, count=1) if _CAUSE.match(text) else text
    return with_quotes(with_first_word(without_added_body(text, facts), facts), facts)
