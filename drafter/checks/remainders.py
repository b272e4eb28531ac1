"""What is left, done or given each that a sentence states and that does not come out.

受理26件、办结24件 leave 2; words of what is given, done and left are in data/reckoning.toml.
"""

import re
from collections.abc import Iterator

from drafter.checks.balances import left_of
from drafter.checks.reckoning import Fault, Sentence, kin, show
from drafter.data import load_table

_OTHERS = re.compile("(?:其余|余下|剩下|剩余)的?$")


def remainder(sentence: Sentence) -> Iterator[Fault]:
    """“受理26件，办结24件，其余3件”."""
    rest = re.compile(
        load_table("reckoning")["rest"]["words"] + r"[^，。；：\d]{0,4}$|未[^，。；：、\d]{1,5}$"
    )
    more = re.compile(r"(?:还|尚|仍|另)有$")
    pending = re.compile(load_table("reckoning")["rest"]["pending"])
    done = re.compile(load_table("reckoning")["rest"]["done"] + "|成功|优秀|已")
    for at, number in enumerate(sentence.numbers):
        head = sentence.text[: number.start]
        before = [n for n in sentence.numbers[:at] if kin(n, number)]
        if len(before) < 2 or not (rest.search(head) or more.search(head)):
            continue
        left = "中" in head[before[-2].end : before[-1].start] or pending.search(number.tail)
        if not rest.search(head) and not left:
            continue
        pairs = [(a, b) for i, a in enumerate(before) for b in before[i + 1 :]]
        sums = {abs(a.value - b.value) for a, b in pairs}
        sums.add(before[0].value - sum(n.value for n in before[1:]))
        # “还有3处正在整改，2处列入明年计划”: what is left is told in parts.
        beyond = [n.value for n in sentence.numbers[at + 1 :] if kin(n, number)]
        sums |= {one - sum(beyond[:many]) for one in tuple(sums) for many in range(len(beyond) + 1)}
        balance = left_of(sentence, before)
        if balance is not None:
            sums.add(balance)
        whole, part = before[-2], before[-1]
        ways = before[1:] if len(before) > 2 and _OTHERS.search(head) else [part]
        if len(ways) > 1:  # 了结12件，转立案4件，其余3件: all that was done with them
            sums.add(before[0].value - sum(n.value for n in ways))
        if number.value in sums or not any(done.search(n.lead + n.tail) for n in ways):
            continue
        message = f"“{whole.text}”减去“{part.text}”是{show(whole.value - part.value, whole)}，"
        yield Fault(number.start, number.end, f"{message}与“{number.text}”不符。")


def more_done_than_given(sentence: Sentence) -> Iterator[Fault]:
    """“应整改25个，已整改27个”; “收到意见30条，采纳32条”."""
    given, done = (
        re.compile(load_table("reckoning")["rest"]["given"]),
        re.compile(load_table("reckoning")["rest"]["done"]),
    )
    for whole, part in zip(sentence.numbers, sentence.numbers[1:], strict=False):
        between = sentence.text[whole.end : part.start]
        if not kin(whole, part) or part.value <= whole.value or len(between) > 14:
            continue
        if "；" in between or re.search(r"计划|任务|目标|超|其他|新|还", whole.lead + between):
            continue
        if re.search("结转|遗留|上年", sentence.text[part.end :][:12]):
            continue
        if given.search(whole.lead) and done.search(part.lead):
            message = f"“{part.text}”大于“{whole.text}”，完成的不会多于应当完成的。"
            yield Fault(part.start, part.end, message)


def one_number_each(sentence: Sentence) -> Iterator[Fault]:
    """“3个支部分别发展党员2名、3名”: as many numbers as there are of the first."""
    for match in re.finditer(r"分别", sentence.text):
        before = [n for n in sentence.numbers if n.end <= match.start()]
        after = [n for n in sentence.numbers if n.start >= match.end()]
        if not before or len(after) < 2 or match.start() - before[-1].end > 10:
            continue
        listed = [after[0]]
        for number in after[1:]:
            gap = sentence.text[listed[-1].end : number.start]
            if not kin(number, after[0]) or not re.fullmatch(r"[、和及，]", gap):
                break
            # 分别5个、7个、9个，21个党小组都…: the last is their sum, told on its own.
            if gap == "，" and number.value == sum(one.value for one in listed):
                break
            listed.append(number)
        owners = before[-1]
        many = owners.quantity.value  # 三个季度 are three, though nine months
        if len(listed) >= 2 and many != len(listed) and many <= 12:
            message = f"“{owners.text}”分别列出的数有{len(listed)}个。"
            yield Fault(owners.start, owners.end, message)
