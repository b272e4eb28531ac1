"""What of a fact is only the head of a sheet: whose it is, of which year, what kind of paper.

水库安置点党支部2021, 县医院党委述职材料摘录, 县交通局2016：计划…. A report has its own title:
nothing of such a line can be dropped. Words are in data/header_words.toml.
"""

import re
from functools import lru_cache

from drafter.data import load_table

_HAN = "\u4e00-\u9fff"


@lru_cache(maxsize=1)
def _header() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The head at the beginning of a fact, and what no head begins with or has in it."""
    table = load_table("header_words")["line"]
    field = f"(?:(?:{'|'.join(table['fields'])})[：:])?"
    unit = f"[{_HAN}（）()“”·]{{1,24}}?(?:{'|'.join(table['units'])})"
    year = r"[ 　]*(?:(?:19|20)\d\d(?!\d)(?:年度|年)?)?"
    papers, posts = "|".join(table["papers"]), "|".join(table["posts"])
    paper = f"(?:{papers})*"
    aside = r"(?:[（(][^（）()]{1,16}[）)])?"
    post = f"(?:[，,](?:{posts})[{_HAN}]{{0,3}}(?:{papers})+)?"
    return (
        re.compile(rf"{field}{unit}{aside}{year}{paper}{post}{year}{aside}[ 　]*(?=$|[：:；;])"),
        re.compile(f"(?:{'|'.join(table['never'])})|.*(?:{'|'.join(table['inside'])})"),
    )


@lru_cache(maxsize=2048)
def header_end(fact: str) -> int:
    """Return where the head of a sheet that `fact` begins with ends, 0 where it begins with none.

    A unit alone is one only before a colon: else its name may be all that a fact has to say.
    """
    pattern, never = _header()
    match = pattern.match(fact)
    if match is None or never.match(match[0]):
        return 0
    papers = "|".join(load_table("header_words")["line"]["papers"])
    told = re.search(rf"(?:19|20)\d\d|{papers}", match[0])
    return match.end() if told or fact[match.end() : match.end() + 1] in ("：", ":") else 0


def is_header(words: str, fact: str) -> bool:
    """Whether `words` of `fact` stand in its head, or the fact has nothing else."""
    end = header_end(fact)
    if not end:
        return False
    bare = words.strip("：:；; 　")
    return end == len(fact) or (bare in fact[:end] and bare not in fact[end:])
