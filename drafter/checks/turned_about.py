"""Whom something was done to, told as those who did it or whom it befell.

走访困难党员26名 told as 党员26名在走访过程中遇到困难; 慰问老人38人次 as 老人38人次开展慰问.
The words are all there, so that only their order shows it: the number's clause has the fact's verb
behind the number, as what befell them meanwhile or, with no other words between, as what they do.
Nothing is told where a word (对, 为, 被) turns it back, or where they told of what they met:
在走访中反映遇到的问题.
"""

import re

from drafter.checks.doings import Claim

_PEOPLE = ("人", "人次", "户", "户次")
# What is done to people and what people do not do to be told of: 参加培训 is what 培训 is.
_CARE = re.compile("慰问|走访|帮扶|看望|救助|资助|探望|家访|关爱|帮助|救济|援助|结对")
_BACK = re.compile("[对向为给把将被由受到获得经]")
_TOLD_OF = "反映提说诉讲谈述"
_BEFELL = "遇到|遇见|遭遇|产生|出现|发生|面临|陷入|暴露"
_HOW = re.compile("积极|主动|踊跃|认真|热情|广泛|先后|多次")
_DOES = "开展|进行|组织|实施|举办|举行"


def turned_about(fact: str, own: Claim, here: Claim, clause: str) -> str:
    """Return the words of the text's `clause` that turn a fact's claim about, "" for none."""
    if own.quantity.unit not in _PEOPLE:
        return ""
    at = here.quantity.start - here.start
    before, after = clause[:at], clause[here.quantity.end - here.start :]
    for doing in own.doings:
        verb = re.escape(doing.word)
        if doing.end > own.quantity.start or not _CARE.fullmatch(doing.word):
            continue
        if doing.word in before or _BACK.search(before):
            continue
        befell = (
            rf"在[^，。；]{{0,8}}{verb}[^，。；]{{0,4}}?(?:中|时|期间)"
            rf"[^，。；{_TOLD_OF}]{{0,4}}?(?:{_BEFELL})(?!了?的)"
        )
        # 走进20名老党员家中开展慰问, 与40户困难户开展结对帮扶 have more than the fact's own words.
        does = rf"^(?P<who>[^，。；\d]{{0,6}}?)(?:{_DOES})了?[^，。；\d]{{0,4}}{verb}"
        found = re.search(befell, after)
        done = re.search(does, after)
        if done and set(_HOW.sub("", before + done["who"])) <= set(fact):
            found = found or done
        if found and not re.search(f"中[^，。；]{{0,4}}(?:{_BEFELL})", fact):
            return found[0]
    return ""
