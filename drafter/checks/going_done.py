"""What goes on, told as finished, known by the thing itself.

正在推进村史馆建设 told as 村史馆已全面建成. A fact may open with the long name of its body, so that
the draft's short clause shares few letters with it; here the thing alone is looked for, with the
finished work right behind it. Nothing is told where the sentence still says that it goes on, where
it says how much is done (已建成1200亩), or where a fact tells of it finished: 村史馆10月开馆.
Words are in data/qualifiers.toml.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from drafter.checks.exchanged_words import Fault
from drafter.checks.passages import sentence_spans
from drafter.data import load_table

_HAN = "\u4e00-\u9fff"
# 已完成3个: as much as the number says, which is another check's.
_SO_MUCH = "了?[近约超逾达]?[\\d一二两三四五六七八九十百千]"
# 正在推进村史馆建设，2022年建成: the fact's own end, with no other thing between.
_WHEN = "(?:\\d+年|\\d+月|[上下]半年|年底|目前|现|于|已经?|全面|正式|顺利)*"


@lru_cache(maxsize=1)
def _words() -> tuple[re.Pattern[str], re.Pattern[str], str, str]:
    """A thing that goes on in a fact, what keeps it going in a text, how a text finishes it, and
    how a fact does."""
    words = load_table("qualifiers")["going"]
    thing = re.compile(
        rf"正在?(?:{words['manner']})*(?:{words['verbs']})(?P<thing>[{_HAN}]{{3,12}}?)(?:{words['works']})"
        rf"(?=[，。；、]|$)"
    )
    return thing, re.compile(words["still"]), words["done"], words["over"]


def going_as_done(facts: Sequence[str], text: str) -> Iterator[Fault]:
    """Yield the words that tell as finished what a fact says goes on: 已全面建成."""
    going, still, done, over = _words()
    for fact in facts:
        for match in going.finditer(fact):
            thing = match["thing"]
            finished = re.compile(
                rf"{re.escape(thing)}(?:项目|工程|建设|改造|主体)?，?(?P<done>{done})"
                rf"(?!{_SO_MUCH})"
            )
            ended = re.compile(
                rf"{re.escape(thing)}(?P<gap>[^，。；]{{0,12}}?(?:，{_WHEN})?)(?:{over})"
            )
            ends = (end for one in facts for end in ended.finditer(one))
            if thing not in text or any(not still.search(end["gap"]) for end in ends):
                continue
            for told in finished.finditer(text):
                place = next((s for s in sentence_spans(text) if s[0] <= told.start() < s[1]), None)
                if place and not still.search(text, *place):
                    yield Fault(*told.span("done"), match[0], "error", name="正在")
