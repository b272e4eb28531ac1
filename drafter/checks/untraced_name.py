"""Titles, names, honours and places that no fact has.

Published wording is free (data/formulas.toml, fixed_terms.toml), but not in the place of a fact's
own title. What a reader would ask about is found by claimed_names, what the facts have by
known_names.
"""

import re
from collections.abc import Iterator, Sequence

from drafter.checks.added_bodies import added_bodies
from drafter.checks.added_platforms import added_platforms
from drafter.checks.added_titles import added_rules, is_added
from drafter.checks.claimed_names import claimed_names
from drafter.checks.claims import Claim
from drafter.checks.counted_teams import counted_teams
from drafter.checks.introduced import changed_people, introduced
from drafter.checks.known_names import (
    ADMIN,
    Known,
    has,
    in_order,
    is_known,
    is_published,
    plain,
    read_known,
)
from drafter.checks.led_by import led_by
from drafter.checks.near_names import near_names, other_offices
from drafter.checks.other_kinds import other_kinds
from drafter.checks.own_organ import own_organ
from drafter.checks.passages import letter_pairs, sentence_spans
from drafter.checks.quoted_names import quoted_sense
from drafter.checks.sibling_places import sibling_places
from drafter.checks.untraced_number import allowed_strings
from drafter.data import load_table
from drafter.names import marked_names, shaped_names
from drafter.short_forms import bodies, is_named
from drafter.types import Anchor, Draft, Finding, Severity, Sources

_LED = re.compile("(?:在|按照|根据|遵照|落实)[^，。；]{0,24}$")
_LED_AFTER = re.compile(
    "[^，。；]{0,16}(?:领导|指导|关心|支持|帮助|部署|要求|安排|统一|通知|意见|方案|文件)"
)

# （以下简称“街道党工委”）: a short name the report itself gives; the full one is looked at.
_CALLED = re.compile("(?:简称|下称|统称)[：:]?$")
_TIMES = re.compile("(?:学习|研读|研讨)[^，。；\\d]{0,4}(\\d+[次场期])")
_CLASS = re.compile("学习[^，。；]{0,8}(?:法规|文件|著作|读本|制度|规章)")

_OWN_ORGAN = ("巡察组", "巡视组", "督导组", "督查组", "工作组", "巡察办", "专班")
_VISIT = re.compile("[对到来为给向][我本]|进驻|莅临|指导|反馈|通报")


def _is_lead(text: str, claim: Claim) -> bool:
    """在区委组织部的指导下, 按照市委组织部要求: every report opens so, with some body or other."""
    clause = text[max(0, claim.start - 26) : claim.start]
    return (
        claim.kind == "organ"
        and _LED.search(clause) is not None
        and _LED_AFTER.match(text[claim.end : claim.end + 20]) is not None
    )


def _in_known_body(text: str, start: int, end: int, known: Known) -> bool:
    """Whether `start:end` is part of a longer name that the facts have for short: 市公安局 of
    市公安局交通警察支队, which is 市交警支队."""
    around = (text[a:b] for a, b in bodies(text) if a <= start and end <= b)
    return any(is_named(plain(name), known.whole) for name in around)


def _is_own_unit(text: str, claim: Claim, known: Known) -> bool:
    """Whether this is the reporting body itself, which opens a sentence and which no fact names.

    Facts seldom say whose they are: the unit stands in the header, which a check does not see.
    """
    opens = claim.start == 0 or text[claim.start - 1] in "。！？\n　 "
    body = re.compile("(?:机关)?(?:党工委|党委|党总支|党支部|党组)")
    named = any(one.kind == "body" and one.text.endswith(ADMIN) for one in known.claims)
    if claim.kind == "organ" and claim.start == 0 and claim.text.endswith(_OWN_ORGAN):
        # 县委巡察组重点检查…: the subject of all that is told, where no fact names another.
        after = text[claim.end : claim.end + 12]
        others = any(one.kind in ("organ", "body") for one in known.claims)
        return not others and _VISIT.search(after) is None
    return (
        claim.kind == "body"
        and claim.text.endswith(ADMIN)
        and opens
        and not named
        and body.match(text, claim.end) is not None
    )


def _title_fault(text: str, name: Anchor, known: Known) -> bool:
    """Whether a 《title》 is nobody's, or a published one where the fact has another."""
    value = plain(name.value)
    if value in known.whole or any(in_order(value, own, len(own)) for _, own in known.titles):
        return False
    if not is_published(value):
        return True
    start, end = next(
        ((a, b) for a, b in sentence_spans(text) if a <= name.start < b), (0, len(text))
    )
    said, whole = letter_pairs(text[start:end]), plain(text)
    for fact, own in known.titles:
        rest = letter_pairs(plain(fact).replace(own, ""))
        if own in whole or not rest or not _same_kind(own, value):
            continue
        if len(rest & said) / len(rest) >= 0.5:
            return True
    return _is_counted(text, name, known)


def _is_counted(text: str, name: Anchor, known: Known) -> bool:
    """Whether a title specifies what a fact only counts: 学习党内法规5次 told as 《…规定》 5 times.

    The clause has the number of a fact that speaks of learning a class of documents and has no
    two letters in a row of the title: 通读党章 is 《中国共产党章程》.
    """
    start = max(text.rfind(mark, 0, name.start) for mark in "，。；\n") + 1
    clause = re.split("[，。；\n]", text[start : name.start])[-1]
    clause += re.split("[，。；\n]", text[name.end :])[0]
    times = _TIMES.search(clause)
    bare = [own for own in known.facts if own not in {fact for fact, _ in known.titles}]
    return times is not None and any(
        re.search(rf"(?<!\d){times[1]}(?!\d)", fact)
        and _CLASS.search(fact)
        and letter_pairs(plain(name.value)).isdisjoint(letter_pairs(fact))
        for fact in bare
    )


def _same_kind(own: str, other: str) -> bool:
    kinds = "条例|规定|办法|细则|准则|意见|通知|方案|章程|选读|纲要|论述|摘编|简史"
    found = re.findall(kinds, own), re.findall(kinds, other)
    return bool(found[0]) and bool(found[1])


def _marked(text: str, known: Known) -> Iterator[tuple[int, int, str, Severity]]:
    """Titles and quoted names."""
    for name in marked_names(text):
        if name.kind == "title":
            if _title_fault(text, name, known):
                yield name.start, name.end, "文件名", "error"
            elif is_added(text, name, known):
                yield name.start, name.end, "文件名", "warning"
            continue
        value = plain(name.value)
        platform = name.value in load_table("name_signs")["body"]["platforms"]
        if len(value) < 2 or has(known, value, 2) or (is_published(value) and not platform):
            continue
        sense = "name" if platform else quoted_sense(text, name)
        if sense != "rhetoric":
            yield name.start, name.end, "名称", "error" if sense == "name" else "warning"


def _faults(text: str, known: Known) -> Iterator[tuple[int, int, str, Severity]]:
    yield from _marked(text, known)
    for claim in claimed_names(text):
        if not is_known(known, claim) and not (
            claim.kind in ("organ", "body") and _in_known_body(text, claim.start, claim.end, known)
        ):
            label = "荣誉" if claim.kind == "honour" else "名称"
            led = _is_lead(text, claim)
            doubt = not claim.sure or led or _is_own_unit(text, claim, known)
            yield claim.start, claim.end, label, "warning" if doubt else "error"
    for name in shaped_names(text):
        if "+" in name.text and not has(known, name.value, 0) and not is_published(name.value):
            yield name.start, name.end, "名称", "error"
    for start, end, severity in near_names(text, known):
        yield start, end, "名称", severity
    for start, end, severity in (*other_kinds(text, known), *sibling_places(text, known)):
        yield start, end, "名称", severity
    for start, end in counted_teams(text, known):
        yield start, end, "队伍", "error"
    for kind, find in _DOUBTS:
        for start, end in find(text, known):
            if not _in_known_body(text, start, end, known):
                yield start, end, kind, "warning"


# What is taken for a name by what stands beside it alone: always a warning.
_DOUBTS = (
    ("单位", added_bodies),
    ("平台", added_platforms),
    ("单位", led_by),
    ("职务", other_offices),
    ("人名", introduced),
    ("人名", changed_people),
    ("文件名", added_rules),
)


def _called(
    text: str, title: str, facts: Sequence[str]
) -> Iterator[tuple[int, int, str, Severity]]:
    for start, end in own_organ(text, title, facts):
        yield start, end, "本单位的叫法", "error"


def check(draft: Draft, sources: Sources) -> Iterator[Finding]:
    """Yield an error for each name of a section that no fact has, a warning where it is in doubt
    whether quoted words are a name; nothing without facts."""
    if not sources.facts:
        return
    allowed = (*allowed_strings(draft, sources), *(fact.group or "" for fact in sources.facts))
    known = read_known(tuple(fact.text for fact in sources.facts), tuple(dict.fromkeys(allowed)))
    texts = tuple(fact.text for fact in sources.facts)
    for section in draft.sections:
        taken = bytearray(len(section.text))
        for start, end, kind, severity in (
            *_faults(section.text, known),
            *_called(section.text, draft.title, texts),
        ):
            if any(taken[start:end]) or _CALLED.search(section.text[max(0, start - 4) : start]):
                continue
            taken[start:end] = b"\1" * (end - start)
            said = section.text[start:end]
            message = f"{kind}{said}在要点中没有出处，请核实或删去。"
            yield Finding("untraced_name", severity, section.id, (start, end), said, message, None)
