"""Totals, parts and remainders that a sentence states and that do not come out.

Parts are added only where they exclude each other: those of different angles (女, 35岁以下; data in
reckoning.toml) may overlap. A list after 其中 need not be complete, so that a sum below the total
is a fault only where the words close the list or nearly all is listed.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Any

from drafter.checks.reckoning import Fault, Number, Sentence, in_place, kin, show
from drafter.data import load_table

_NEARLY = Decimal("0.75")  # of a total: a list of three or more that has it means to be complete
_OPENER = re.compile(
    r"其中|(?<=[名个人户家件项处])[^，。；、\d]{0,8}中，|(?<=[，；])(?:全部|共|均|都)?由(?=[^，。；]*[组构]成)"
    r"|(?<=，)(?:包括|包含|分别为|分别是|分为|涵盖)|(?<=，)(?:分别|主要)?(?:用于|用在|投向)"
    r"|(?<=[元亩人名])："
)


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    return load_table("reckoning")


@lru_cache(maxsize=1)
def _total() -> re.Pattern[str]:
    return re.compile(_table()["parts"]["total"] + r"[^，。；：、\d]{0,8}$")


def _any(words: Sequence[str], text: str) -> bool:
    return re.search("|".join(words), text) is not None


@lru_cache(maxsize=1)
def _grade() -> re.Pattern[str]:
    return re.compile("|".join(sorted(_table()["parts"]["grades"], key=len, reverse=True)))


def is_graded(number: Number) -> bool:
    """Whether a number is of a grade: 优秀39名."""
    return _grade().search(number.label) is not None


def _angles(parts: Sequence[Number]) -> set[str]:
    """The angles from which the parts are counted, "" for none known."""
    found = set()
    for part in parts:
        label = part.label + part.tail
        names = [
            name for name, words in _table()["parts"]["angles"].items() if re.search(words, label)
        ]
        found.add(names[0] if names else "")
    return found


def _excludes(parts: Sequence[Number]) -> bool:
    """Whether the parts exclude each other: one angle, and ages that do not lie in one another;
    money and land are given out once."""
    grades = [re.findall(_grade(), part.label + part.tail)[:1] for part in parts]
    if all(grades) and len({grade[0] for grade in grades}) == len(parts):
        return True
    angles = _angles(parts)
    known = angles - {""}
    if parts[0].amount.unit in _table()["parts"]["divided"]:
        return True
    if len(known) > 1 or ("" in angles and known - {"来源"}):
        return False
    labels = [part.label + part.tail for part in parts]
    nested = sum("以上" in x for x in labels) > 1 or sum("以下" in x for x in labels) > 1
    return not nested and angles <= {"", "性别", "年龄", "学历", "民族", "来源", "职务"}


def _is_pair(parts: Sequence[Number]) -> bool:
    if len(parts) != 2:
        return False
    one, other = (re.sub("^其中|[^\u4e00-\u9fff]", "", part.lead) for part in parts)
    if len(one) > 1 and other in (f"不{one}", f"未{one}", f"没有{one}", f"不予{one}"):
        return True
    # 办结信访件57件、未办结5件, 合格产品380件、不合格产品20件
    if re.match("[未不][\u4e00-\u9fff]{2}", other) and one.startswith(other[1:3]):
        return True
    first, second = (part.label + part.tail for part in parts)
    return any(
        (a in first and b in second) or (b in first and a in second and b not in second)
        for a, b in _table()["parts"]["pairs"]
    )


def parts_of_whole(sentence: Sentence) -> Iterator[Fault]:
    """“共12人，其中A8人、B5人”; “13个，由A6个、B4个组成”."""
    text = sentence.text
    for opener in _OPENER.finditer(text):
        before = [n for n in sentence.numbers if n.end <= opener.start() and n.amount.unit != "%"]
        stop = text.find("；", opener.end())
        stop = len(text) if stop < 0 else stop
        after = [n for n in sentence.numbers if opener.end() <= n.start < stop]
        alike = [n for n in before if after and kin(n, after[0])]
        # “80万元，较上年增加12万元，其中”: the parts are of the 80, or of both.
        grown = len(alike) > 1 and re.search(r"[增减升降多少][^，。；]{0,2}$", alike[-1].lead)
        whole = alike[-2 if grown else -1] if alike else None
        if whole is None or re.search(r"(?:过|超|超过|突破|达到?)$", whole.lead):
            continue
        parts = _run(whole, after, text)
        if opener[0] == "：" and _is_mixed(parts, text):
            continue
        wrong = _wrong_parts(whole, parts, text[opener.start() : stop], text[whole.end :])
        if wrong is not None:
            yield wrong
            return


def _run(whole: Number, after: Sequence[Number], text: str) -> list[Number]:
    """The parts: numbers of the whole's unit up to another kind of number in a new clause."""
    parts: list[Number] = []
    for number in after:
        if not kin(number, whole):
            if parts and not re.search("岁|年", number.amount.unit):
                break
            continue
        label = number.label + number.tail
        gap = text[parts[-1].end : number.start] if parts else ""
        # A list has one mark between its parts; another clause between begins something else.
        if parts and (len(re.findall("[，、；]", gap)) > 1 or len(gap) > 24):
            break
        if parts and re.search("[，；][^，；]*(?:[比较]|相差)", gap):  # 在职比退休多9人: no part
            break
        # 另有1个 may be a part or stand beside the whole, which a greater sum shows.
        beside = re.match("[，；]?(?:另|此外)", gap)
        beyond = beside and sum(part.value for part in parts) + number.value > whole.value
        if parts and (_total().search(text[: number.start]) or beyond):
            break
        if label.strip() or parts:
            parts.append(number)
    return parts


def _is_mixed(parts: Sequence[Number], text: str) -> bool:
    """Whether both 、 and ， stand between the parts: “租金7万元、分红5万元，支出9万元”."""
    gaps = (text[a.end : b.start] for a, b in pairwise(parts))
    return len({"、" in gap for gap in gaps}) > 1


def _is_half_year(whole: Number, parts: Sequence[Number]) -> bool:
    """Whether the parts are the two quarters of the half year that the whole is of."""
    halves = {"上半年": "一二", "下半年": "三四"}
    labels = [part.label for part in parts]
    return len(parts) == 2 and any(
        half in whole.label and all(f"{q}季度" in x for q, x in zip(quarters, labels, strict=True))
        for half, quarters in halves.items()
    )


def _wrong_parts(
    whole: Number, parts: Sequence[Number], words: str, rest: str = ""
) -> Fault | None:
    """`words` are those of the list, `rest` all of the sentence behind the whole."""
    if not parts:
        return None
    biggest = max(parts, key=lambda part: part.value)
    if biggest.value > whole.value:
        message = f"其中的“{biggest.text}”大于总数“{whole.text}”。"
        return Fault(biggest.start, biggest.end, message)
    total = sum((part.value for part in parts), Decimal(0))
    if len(parts) < 2 or total == whole.value or _any(_table()["parts"]["overlap"], words):
        return None
    given_out = words.startswith("：") and whole.amount.unit in _table()["parts"]["divided"]
    closed = (
        given_out
        or _is_pair(parts)
        or _is_half_year(whole, parts)
        or _any(_table()["parts"]["closed"], words)
        or _exhausted(rest, parts)
    )
    short = total < whole.value
    if not (closed or _excludes(parts)):
        return None
    if short and not closed and (len(parts) < 3 or total < _NEARLY * whole.value):
        return None
    message = f"其中各项合计{show(total, whole)}，与“{whole.text}”不符。"
    return Fault(whole.start, whole.end, message)


def _exhausted(rest: str, parts: Sequence[Number]) -> bool:
    """Whether the sentence says in words that the parts are all: 只有两类, 再无其他."""
    found = re.search(_table()["parts"]["exhausted"], rest)
    if found is None:
        return False
    return len(parts) > 1


def parts_by_angle(sentence: Sentence) -> Iterator[Fault]:
    """“党员100名，35岁以下20名，36至59岁50名，60岁以上40名”: ages or schooling from below to above
    are all."""
    text = sentence.text
    for at, whole in enumerate(sentence.numbers):
        after = [n for n in sentence.numbers[at + 1 :] if kin(n, whole)]
        gap = text[whole.end : after[0].start] if after else ""
        if len(after) < 2 or not re.fullmatch(r"[^，。；：]{0,6}[，：（(][^，。；：]{0,12}", gap):
            continue
        parts = _run(whole, after, text)
        known = len(parts) > 1 and _angles(parts) in ({"年龄"}, {"学历"})
        if "其中" in gap or not known or not _excludes(parts):
            continue
        labels = "".join(part.label + part.tail for part in parts)
        total = sum((part.value for part in parts), Decimal(0))
        closed = len(parts) > 2 and re.search("以下", labels) and re.search("以上", labels)
        if total > whole.value or (closed and total != whole.value):
            message = f"各段合计{show(total, whole)}，与“{whole.text}”不符。"
            yield Fault(whole.start, whole.end, message)


def paired_parts(sentence: Sentence) -> Iterator[Fault]:
    """“40次，上半年18次，下半年24次”: two parts that leave nothing out."""
    for whole, first, second in zip(*(sentence.numbers[at:] for at in range(3)), strict=False):
        if not kin(whole, first) or not kin(first, second) or not _is_pair([first, second]):
            continue
        gap = sentence.text[whole.end : first.start]
        apart = len(gap) > 12 or re.search("其中|[。；]", gap) or "每" in sentence.text
        # 优秀18个、合格52个、不合格1个: three of a kind, no whole with its parts.
        listed = gap.startswith("、") and not _total().search(sentence.text[: whole.start])
        graded = all(_grade().search(number.label) for number in (whole, first))
        total = first.value + second.value
        if (
            not (apart or listed or graded)
            and total != whole.value
            and not _is_pair([whole, first])
        ):
            message = f"两项合计{show(total, whole)}，与“{whole.text}”不符。"
            yield Fault(whole.start, whole.end, message)


def parts_then_total(sentence: Sentence) -> Iterator[Fault]:
    """“A6个、B5个，合计12个”; “两项共2.8万元”; “共计275亩，东片120亩、西片85亩”."""
    for at, whole in enumerate(sentence.numbers):
        head = sentence.text[: whole.start]
        if not _total().search(head) or whole.amount.unit in ("%", ""):
            continue
        before = [n for n in sentence.numbers[:at] if kin(n, whole)]
        after = _following(whole, sentence.numbers[at + 1 :], sentence.text)
        totals = [sum(n.value for n in before[first:]) for first in range(len(before) - 1)]
        if len(after) >= 2 and sum(n.value for n in after) != whole.value:
            if not totals or whole.value not in totals:
                total = sum((n.value for n in after), Decimal(0))
                message = f"各项合计{show(total, whole)}，与“{whole.text}”不符。"
                yield Fault(whole.start, whole.end, message)
        elif (
            not after
            and totals
            and whole.value not in totals
            and _adds_up(before, whole, sentence.text)
        ):
            total = sum((n.value for n in before), Decimal(0))
            message = f"前面各项合计{show(total, whole)}，与“{whole.text}”不符。"
            yield Fault(whole.start, whole.end, message, in_place(total, whole))


def _following(whole: Number, after: Sequence[Number], text: str) -> list[Number]:
    """Parts told right after a total, with 、 or ， between them and nothing else."""
    found: list[Number] = []
    last = whole.end
    for number in after:
        gap = text[last : number.start]
        listed = re.fullmatch(
            r"[^，。；：]{0,8}[，：][^，。；：、]{1,10}|、[^，。；：、]{1,12}", gap
        )
        if not kin(number, whole) or not listed or "其中" in gap:
            break
        found.append(number)
        last = number.end
    joined = "、" in text[found[0].end : last] if found else False
    return found if joined else []


def _adds_up(before: Sequence[Number], whole: Number, text: str) -> bool:
    """Whether the numbers before a total are its parts: 合计, 两项共, 第一期…第二期…, or a pair."""
    head = text[: whole.start]
    if re.search("其中|每", head) or whole.tail.startswith(("中", "的")):
        return False
    if any(re.search(r"各[^，。；：、\d]{0,6}$", number.lead) for number in before):
        return False  # 3个支部各2名，共6名: a product, see averages.py
    strong = re.search(r"合计|总计|[两三四五六七八九\d]项共|[两三四五六]者共|加起来", head[-14:])
    order = re.compile(
        r"第[一二三四五\d]+[^，。；]{0,8}$|[上下]半年[^，。；]{0,8}$|季度[^，。；]{0,8}$"
    )
    series = all(order.search(head[: number.start]) for number in before)
    at_once = re.fullmatch(
        r"[^，。；、\d]{0,4}[，,]?(?:共计?|合计|总计|累计|一共|总共)(?:为|达到?|有|是)?",
        head[before[-1].end :],
    )
    return bool(strong or series or at_once or _is_summed(before, whole, head)) or _is_pair(before)


def _is_summed(before: Sequence[Number], whole: Number, head: str) -> bool:
    """Whether a total names what stands side by side in the clause before it, 党员3名、群众4名，
    总人数7名; one of them may be the whole of the others."""
    first, last = before[0], before[-1]
    side = all(
        re.fullmatch("(?:、|和|以及|与)[^，。；]{1,12}", head[a.end : b.start])
        for a, b in pairwise(before)
    )
    near = re.fullmatch("[^，。；\\d]{0,8}[，,][^，。；\\d]{0,8}", head[last.end :])
    told = re.search(rf"(?:{_table()['parts']['summed']})[^，。；、\\d]{{0,4}}$", head)
    made = re.search("由[^，。；]*$", head[: first.start]) and re.match(
        "[^，。；]{0,4}[组构]成", head[last.end :]
    )
    return bool(
        side
        and near
        and (made or (told and _excludes(before)))
        and whole.value not in {n.value for n in before}
    )
