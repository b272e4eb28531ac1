"""What a fact makes the main part and what it makes the lesser, the other way round in the draft:
财政补助为主、村级自筹为辅 told as 村级自筹为主、财政补助为辅."""

import re
from collections.abc import Iterator, Sequence

from drafter.checks.exchanged_words import Fault

_HAN = "\u4e00-\u9fff"
_MAIN = re.compile(
    rf"(?:[以由])?(?P<main>[{_HAN}]{{2,10}}?)(?:为主体?|唱主角|为先)[、，]?"
    rf"(?:[以由])?(?P<aid>[{_HAN}]{{2,10}}?)(?:为辅|为补充|作补充|为副|唱配角)"
)


def _alike(said: str, own: str) -> bool:
    """Whether the words before 为主 end in those of the fact: the draft's may begin earlier."""
    short, long = sorted((said, own), key=len)
    return long.endswith(short) or said[-2:] == own[-2:]


def swapped_parts(facts: Sequence[str], text: str) -> Iterator[Fault]:
    """Yield each 甲为主、乙为辅 of which a fact says 乙为主、甲为辅."""
    if "为" not in text or not any("为主" in fact or "为辅" in fact for fact in facts):
        return
    for match in _MAIN.finditer(text):
        for fact in facts:
            for own in _MAIN.finditer(fact):
                crossed = _alike(match["main"], own["aid"]) and _alike(match["aid"], own["main"])
                if crossed and not _alike(match["main"], own["main"]):
                    lead = max(match["main"].rfind(word) for word in "由以") + 1
                    yield Fault(match.start("main") + lead, match.end(), own[0])
