"""What is tried in a few places, told of all: 在3个村试点 as 在全镇所有村推行."""

import re
from collections.abc import Iterator, Sequence

from drafter.amounts import pairs
from drafter.checks.exchanged_words import Fault
from drafter.checks.passages import sentence_spans

_HAN = "\u4e00-\u9fff"
_TRIAL = re.compile(
    r"在?(?P<many>\d+|[一两二三四五六七八九十]{1,3})个?(?P<kind>村|社区|支部|党支部|镇|乡|乡镇|街道|学校|小区|网格|车间|科室|单位|部门)"
    r"(?:先行|率先|开展|进行)?(?:试点|试行|先行先试|试运行|探索)"
)


_AHEAD = re.compile("试点|试行|先行先试|试运行|来年|下一?步|计划|[将拟]|打算|逐步|今后|争取|力争")


def tried_as_all(facts: Sequence[str], text: str) -> Iterator[Fault]:
    """Yield the words that tell of all places what a fact says is tried in some."""
    for fact in facts:
        for match in _TRIAL.finditer(fact):
            every = re.compile(
                rf"全[{_HAN}]{{1,3}}?(?:所有的?|各个?|每个|全部)?{match['kind']}(?![{_HAN}]?[干民务组])"
                rf"|(?:所有的?|各个|每个|全部){match['kind']}"
            )
            if re.search(rf"{match['many']}个?{match['kind']}", text):
                continue
            what = pairs(re.split("[，。；]", fact[match.end() :])[0])
            for start, end in sentence_spans(text):
                sentence = text[start:end]
                told = len(what & pairs(sentence)) * 2 >= len(what) > 0
                if not told or _AHEAD.search(sentence):
                    continue
                for found in every.finditer(text, start, end):
                    yield Fault(*found.span(), match[0], "error")
