"""Sums, shares, changes, dates and lists that a text states and that do not come out.

Only what the text states in full is reckoned, sentence by sentence, lists over their section. A
number that stands in the facts as well is a warning: then the notes do not come out, or words were
read together that do not belong together. Numbers with a limit (近, 余) are rounded by their writer
and left alone. The rules are in checks/sums.py, remainders.py, balances.py, ratios.py, averages.py,
calendar_faults.py, stated.py, tallies.py, added_totals.py, shares_in_words.py, plain_sums.py and
listing.py, their words in data/reckoning.toml.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from drafter.amounts import Amount, amount_of, same_number, same_unit
from drafter.checks.added_totals import added_totals, shares_of_a_named_part
from drafter.checks.averages import averages, products
from drafter.checks.balances import balances
from drafter.checks.calendar_faults import impossible_dates, reversed_spans, wrong_durations
from drafter.checks.compared import bare_parts, compared, halves, saved
from drafter.checks.listing import miscounted_lists
from drafter.checks.plain_sums import mixed_totals, places_left, times_of_another
from drafter.checks.rates import rate_products
from drafter.checks.ratios import (
    all_but,
    changes,
    majority,
    over_hundred,
    shares,
    sum_of_shares,
)
from drafter.checks.reckoning import Fault, Rule, sentence_pairs, sentences
from drafter.checks.remainders import more_done_than_given, one_number_each, remainder
from drafter.checks.shares_in_words import (
    apart,
    days_at_a_rate,
    each_had,
    listed_groups,
    one_in_so_many,
    share_of_a_grade,
)
from drafter.checks.stated import (
    each_of_a_kind,
    rates_beyond,
    ratios_of_two,
    rest_of_a_list,
    shares_of_a_whole,
    than_another_time,
    totals_of_a_verb,
)
from drafter.checks.sums import (
    paired_parts,
    parts_by_angle,
    parts_of_whole,
    parts_then_total,
)
from drafter.checks.tallies import (
    grown_by,
    listed_totals,
    near_half,
    net_changes,
    some_of_a_list,
)
from drafter.checks.told_against import against_then, times_of
from drafter.numbers import find_quantities
from drafter.origins import Origin, trace_numbers
from drafter.types import Draft, DraftSection, Fact, Finding, Severity, Sources

RULES: tuple[Rule, ...] = (
    *(impossible_dates, reversed_spans, wrong_durations),
    *(
        parts_of_whole,
        parts_by_angle,
        paired_parts,
        parts_then_total,
        remainder,
        more_done_than_given,
        one_number_each,
    ),
    *(over_hundred, all_but, majority, shares, sum_of_shares, changes, averages, products),
    rate_products,
    balances,
    *(compared, saved, halves, bare_parts),
    *(shares_of_a_whole, rates_beyond, totals_of_a_verb, rest_of_a_list),
    *(than_another_time, ratios_of_two, each_of_a_kind),
    *(listed_totals, some_of_a_list, net_changes, grown_by, near_half),
    *(added_totals, shares_of_a_named_part, times_of, against_then),
    *(one_in_so_many, share_of_a_grade, each_had, listed_groups),
    *(apart, days_at_a_rate),
    *(mixed_totals, places_left, times_of_another),
)

# What a rule of a list with its whole says: the fault is one of its numbers'.
_OF_PARTS = re.compile("(?:其中各项|前面各项|各项|两项|各段)合计")

# Rules for two sentences on end, where the second goes on from the first.
WIDE_RULES: tuple[Rule, ...] = (remainder, shares_of_a_whole, rates_beyond, balances)


def _faults(text: str, year: int | None) -> Iterator[Fault]:
    """All faults of a section's text, at most one for the same words."""
    told: set[tuple[int, int]] = set()
    single = [(one, RULES) for one in sentences(text, year)]
    for sentence, rules in [*single, *((two, WIDE_RULES) for two in sentence_pairs(text, year))]:
        for rule in rules:
            for fault in rule(sentence):
                place = (sentence.offset + fault.start, sentence.offset + fault.end)
                if place not in told:
                    told.add(place)
                    yield Fault(*place, fault.message, fault.right)
    yield from miscounted_lists(text)


@lru_cache(maxsize=512)
def _found(text: str, year: int | None) -> tuple[Fault, ...]:
    return tuple(_faults(text, year))


@lru_cache(maxsize=1024)
def _in_fact(text: str, year: int | None) -> tuple[tuple[Amount, str], ...]:
    """The numbers of a fact that do not come out, with why."""
    return tuple(
        (amount_of(quantity), fault.message)
        for fault in _found(text, year)
        for quantity in find_quantities(text, loose=True)
        if quantity.start == fault.start and quantity.end == fault.end and not quantity.form
    )


def _from_wrong_facts(
    section: DraftSection, facts: Sequence[Fact], year: int | None
) -> Iterator[Fault]:
    """The numbers of a section that are a fact's and do not come out there."""
    wrong = [one for fact in facts for one in _in_fact(fact.text, year)]
    for quantity in find_quantities(section.text) if wrong else ():
        if quantity.form or quantity.weak:
            continue
        amount = amount_of(quantity)
        for other, message in wrong:
            if same_number(amount, other) and same_unit(amount, other):
                yield Fault(quantity.start, quantity.end, f"要点里的数合不上：{message}")
                break


def check(draft: Draft, sources: Sources) -> Iterator[Finding]:
    """Yield an error for each stated sum, share, date or list that does not come out, a warning
    where its number is a fact's."""
    year = draft.year or sources.year
    for section in draft.sections:
        faults = _found(section.text, year)
        origins = trace_numbers(section.text, sources.facts, (), year) if faults else ()
        known = [(o.quantity.start, o.quantity.end) for o in origins if o.kind != "none"]
        faults = tuple(_blamed(fault, section.text, origins) for fault in faults)
        for fault in faults:
            words = section.text[fault.start : fault.end]
            span = (fault.start, fault.end)
            sure = not any(start < fault.end and fault.start < end for start, end in known)
            severity: Severity = "error" if sure else "warning"
            right = fault.right if sure and fault.right else None
            yield Finding("arithmetic", severity, section.id, span, words, fault.message, right)
        for fault in _from_wrong_facts(section, sources.facts, year):
            if not any(one.start < fault.end and fault.start < one.end for one in faults):
                span = (fault.start, fault.end)
                words = section.text[fault.start : fault.end]
                yield Finding("arithmetic", "warning", section.id, span, words, fault.message, None)


def _blamed(fault: Fault, text: str, origins: Sequence[Origin]) -> Fault:
    """A fault of a list at the one part that no fact has, where the whole is a fact's: of 其中线上
    90人次、线下160人次 that do not make 240人次 the 160."""
    whole = next((o for o in origins if o.quantity.start == fault.start), None)
    if whole is None or whole.kind != "fact" or not _OF_PARTS.match(fault.message):
        return fault
    stop = re.compile("[。！？\n]").search(text, fault.end)
    end = stop.start() if stop else len(text)
    begin = max(text.rfind(mark, 0, fault.start) for mark in "。！？\n") + 1
    parts = [o for o in origins if begin <= o.quantity.start < end]
    parts = [o for o in parts if o.quantity.unit == whole.quantity.unit and o.kind != "fact"]
    if len(parts) != 1:
        return fault
    return Fault(parts[0].quantity.start, parts[0].quantity.end, fault.message)
