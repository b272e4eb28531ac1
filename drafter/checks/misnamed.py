"""Names that are nearly a published one: regulations, campaigns, central organs, congresses.

Names and their sources are in data/party_names.toml. A name unlike all of them is left alone: it
may be new, or local; so is a shortened one that leaves out the beginning (《支部工作条例》).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from drafter.checks.congresses import congresses, plenum_mentions
from drafter.checks.near_lists import likeness
from drafter.checks.passages import letters
from drafter.data import load_table

_PARTY = "中国共产党"
_KIND = "条例|准则|细则|规则"
_TITLE = re.compile(rf"{_PARTY}(?P<name>[^，。；、：《》“”\s\d]{{2,28}}?(?:{_KIND}))(?!草案)")
_QUOTED = re.compile(r"《([^《》\n]{4,40})》")
_BASIC = "基层组织工作条例"
_NEAR = 0.8  # 支部条例 is 0.80 like 支部工作条例; 社会工作条例 0.67 like 宣传工作条例
_NEAR_BASIC = (
    0.6  # what stands before 基层组织工作条例: 国企 is 0.67 like 国有企业, 社区 not like 农村
)
_NEAR_OTHER = 0.88  # without 中国共产党 before it a title may be local
_NEAR_CAMPAIGN = 0.7  # 不忘初心牢记宗旨 is 0.75, 守初心担使命 0.57
# 对照中央八项规定精神开展学习教育: what stands before the noun is a verb, no name.
_NO_NAME = re.compile(
    r"(?:开展|进行|推进|组织|深化|抓好|抓实|实施|接受|加强|强化|参加|的|专题|集中|系列)$"
)
_BREAK = re.compile(r"[，。；：！？,;:《》\n]")
_NUMBER = "[一二三四五六七八九十百]{1,4}"
_CONGRESS = re.compile(
    rf"(?P<party>党的|中国共产党|中共)?第(?P<nth>{_NUMBER})(?P<kind>次|届)全国(?P<people>人民)?代表大会"
)
_ORGAN = re.compile(
    r"(?:(?<![党团民盟建革进工社学台共])|(?<=中共))中央(?P<what>[^\W\d_]{2,12}?)委员会"
)
_LATER = re.compile(r"(?:召开|闭幕)?(?:后|以来|之后|第|[一二三]周年)")
_HELD = r"(?:胜利)?(?:召开|开幕|闭幕|举行)"


@dataclass(frozen=True, slots=True)
class Misnamed:
    """Words `start:end` that should read `right`, or `message` where there is no such reading."""

    start: int
    end: int
    right: str | None
    message: str | None = None


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    return load_table("party_names")


@lru_cache(maxsize=1024)
def _regulation(name: str) -> str | None:
    """The regulation that `name` (after 中国共产党) nearly is; None where it is one."""
    bare = re.sub("试行|暂行", "", name)
    known = _table()["regulations"]
    if bare in known or name in known:
        return None
    if bare.endswith(_BASIC):
        known = [one for one in known if one.endswith(_BASIC) and "和国家机关" not in one[:5]]
        short = {
            one: likeness(bare.removesuffix(_BASIC), one.removesuffix(_BASIC)) for one in known
        }
    else:
        short = {one: likeness(bare, one) for one in known}
    best = max(short, key=lambda one: short[one])
    return best if short[best] >= (_NEAR_BASIC if bare.endswith(_BASIC) else _NEAR) else None


@lru_cache(maxsize=1024)
def _other_title(title: str) -> str | None:
    """The published title that `title` in 《》 nearly is; a shortened one is none."""
    bare = re.sub("试行|暂行|中国共产党", "", letters(title)[0])
    known = [*_table()["others"], *_table()["regulations"]]
    if not re.search(r".{4}(?:条例|准则)$", bare) or any(one.endswith(bare) for one in known):
        return None
    best = max(known, key=lambda one: likeness(bare, one))
    near = likeness(bare, best) >= _NEAR_OTHER and not bare.endswith(best)
    return best if near and bare[-2:] == best[-2:] else None


def titles(text: str) -> Iterator[Misnamed]:
    """Yield regulations misquoted: 《中国共产党支部条例》."""
    for match in _TITLE.finditer(text):
        right = _regulation(letters(match["name"])[0])
        if right:
            yield Misnamed(match.start(), match.end(), _PARTY + right)
    for quoted in _QUOTED.finditer(text):
        right = None if _PARTY in quoted[1] else _other_title(quoted[1])
        if right:
            yield Misnamed(quoted.start(1), quoted.end(1), right)


def campaigns(text: str) -> Iterator[Misnamed]:
    """Yield campaigns misnamed: “不忘初心、牢记宗旨”主题教育, “两学一做”主题教育."""
    bare, offsets = letters(text)
    for row in _table()["campaigns"]:
        core, noun = row["core"], row["noun"]
        ends = [
            match.span() for match in re.finditer("|".join(core + w for w in row["wrong"]), bare)
        ]
        for match in re.finditer(noun, bare) if len(core) >= 8 else ():
            begins = _nearly(text, bare, offsets, match.start(), core)
            if begins is not None:
                ends.append((begins, match.end()))
        for start, end in ends:
            yield Misnamed(offsets[start], offsets[end - 1] + 1, row["name"])


def _nearly(text: str, bare: str, offsets: tuple[int, ...], end: int, core: str) -> int | None:
    """Where the campaign's name that stands before `end` and is nearly `core` begins."""
    first = max(0, end - len(core) - 2)
    if end == 0:
        return None
    gap = [found.end() for found in _BREAK.finditer(text, offsets[first], offsets[end - 1] + 1)]
    if gap:
        first = next((at for at in range(first, end) if offsets[at] >= gap[-1]), end)
    held = bare[first:end]
    if core.endswith(held[-8:]) or len(held) < len(core) - 2 or _NO_NAME.search(held):
        return None
    starts = [at for at in range(len(held) - len(core) + 3) if 0 <= at < len(held)]
    best = max(starts, key=lambda at: (likeness(held[at:], core), at))
    near = likeness(held[best:], core)
    return first + best if _NEAR_CAMPAIGN <= near < 1 else None


def organs(text: str) -> Iterator[Misnamed]:
    """Yield central organs that do not exist: 中央全面从严治党委员会."""
    told: set[int] = set()
    for wrong, right in sorted(_table()["wrong_organs"].items(), key=lambda row: -len(row[0])):
        for match in re.finditer(wrong, text):
            if match.end() not in told:
                told.add(match.end())
                yield Misnamed(match.start(), match.end(), right)
    known = _table()["central_committees"]
    for match in _ORGAN.finditer(text):
        what = match["what"]
        odd = any(word in what for word in _table()["not_an_organ"])
        if what not in known and not odd and match.end() not in told:
            said = "未见叫这个名称的中央机构，请核实。"
            yield Misnamed(match.start(), match.end(), None, said)


def assemblies(text: str) -> Iterator[Misnamed]:
    """Yield 党的第十九次全国人民代表大会, 第十四次全国人民代表大会, 党的第二十届全国代表大会."""
    for match in _CONGRESS.finditer(text):
        party, nth, people = match["party"], match["nth"], match["people"]
        if party and (people or match["kind"] == "届"):
            yield Misnamed(match.start(), match.end(), f"{party}第{nth}次全国代表大会")
        elif people and match["kind"] == "次":
            yield Misnamed(match.start(), match.end(), f"第{nth}届全国人民代表大会")


@lru_cache(maxsize=1)
def _dated() -> re.Pattern[str]:
    names = "|".join(sorted((one.name for one in congresses()), key=len, reverse=True))
    return re.compile(
        rf"(?<!\d)(?P<year>20[0-4]\d)年(?:\d{{1,2}}月)?(?:\d{{1,2}}日)?(?P<of>{_HELD}的)?"
        rf"(?:党的|中国共产党第)?(?:(?P<name>{names})(?!以来|精神|报告)(?P<then>{_HELD})?|(?=[^\W\d_]{{2,4}}届))"
    )


def years(text: str) -> Iterator[Misnamed]:
    """Yield meetings told to be held in another year: 2021年党的二十大召开当天."""
    bare, offsets = letters(text)
    plenums = {mention.start: mention for mention in plenum_mentions(bare)}
    for match in _dated().finditer(bare):
        end, held = match.end(), None
        if match["name"]:
            if match["of"] or match["then"]:
                held = next(one.opened for one in congresses() if one.name == match["name"])
        elif match.end() in plenums:
            mention = plenums[match.end()]
            end, dates = mention.end, mention.congress.plenums
            told = match["of"] or re.match(_HELD, bare[end:])
            if told and mention.plenum <= len(dates):
                held = dates[mention.plenum - 1]
        late = held and match["year"] > held[:4] and _LATER.match(bare, end)
        if held and held[:4] != match["year"] and not late:
            words = bare[match.end() : end] or match["name"]
            said = f"{words}于{held[:4]}年{int(held[5:7])}月召开，与所写年份不符，请核实。"
            yield Misnamed(offsets[match.start()], offsets[end - 1] + 1, None, said)


def misnamed(text: str) -> tuple[Misnamed, ...]:
    """Return all of them in `text`."""
    return (*titles(text), *campaigns(text), *organs(text), *assemblies(text), *years(text))
