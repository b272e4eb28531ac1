"""What goes on, told as finished, known by the thing itself.

正在推进村史馆建设 told as 村史馆已全面建成. A fact may open with the long name of its body, so that
the draft's short clause shares few letters with it; here the thing alone is looked for, with the
finished work right behind it. Nothing is told where the sentence still says that it goes on, or
where another fact tells of it finished.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from drafter.checks.exchanged_words import Fault
from drafter.checks.passages import sentence_spans
from drafter.data import load_table

_HAN = "\u4e00-\u9fff"


@lru_cache(maxsize=1)
def _words() -> tuple[re.Pattern[str], re.Pattern[str], str]:
    """A thing that goes on in a fact, what keeps it going in a text, and how it is finished."""
    words = load_table("qualifiers")["going"]
    thing = re.compile(
        rf"正在?(?:{words['manner']})*(?:{words['verbs']})(?P<thing>[{_HAN}]{{3,12}}?)(?:{words['works']})"
        rf"(?=[，。；、]|$)"
    )
    return thing, re.compile(words["still"]), words["done"]


def going_as_done(facts: Sequence[str], text: str) -> Iterator[Fault]:
    """Yield the words that tell as finished what a fact says goes on: 已全面建成."""
    going, still, done = _words()
    for fact in facts:
        for match in going.finditer(fact):
            thing = match["thing"]
            finished = re.compile(
                rf"{re.escape(thing)}(?:项目|工程|建设|改造|主体)?[，]?(?P<done>{done})"
            )
            if thing not in text or any(finished.search(one) for one in facts):
                continue
            for told in finished.finditer(text):
                place = next((s for s in sentence_spans(text) if s[0] <= told.start() < s[1]), None)
                if place and not still.search(text, *place):
                    yield Fault(*told.span("done"), match[0], "error", name="正在")
