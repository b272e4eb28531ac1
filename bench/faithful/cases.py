"""Labelled cases for the checks: reading them, running them, counting hits and false alarms.

A case file is JSON Lines, one case a line: {"id", "check", "kind": "fault"|"clean", "year",
"facts", "draft", "exemplars"?, "expect", "why"}. A fault case has one planted fault; `expect` holds
the spans of the draft (for dropped_fact: the fact) that a finding may point at. A clean case has no
fault of any check. Cases go through `check_case`, which is what `python -m drafter check --batch`
calls; a case of a check that only advises goes through `run_checks`, and its advice counts.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from drafter.checking import check_case, finding_json, read_case
from drafter.checks import ADVICE_ONLY, CHECKS, run_checks

FOLDER = Path(__file__).parent
RECALL = 0.95  # goals of issue 3
FALSE_ALARMS = 0.03  # error findings of a check per clean case
CLEAN_WITH_ERROR = 0.03  # share of clean cases with any error
BATCH = tuple(name for name in CHECKS if name not in ADVICE_ONLY)
MIXED = "mixed"  # the `check` of long clean cases that are about no check alone
KINDS = ("fault", "clean")


@dataclass(frozen=True, slots=True)
class Case:
    """One labelled case; see the module."""

    id: str
    check: str
    kind: Literal["fault", "clean"]
    year: int | None
    facts: tuple[str, ...]
    draft: str
    exemplars: tuple[str, ...]
    expect: tuple[str, ...]
    why: str

    @property
    def given(self) -> dict[str, Any]:
        """The part of the case a checker gets to see: a line of `check --batch`."""
        return {
            "id": self.id,
            "year": self.year,
            "facts": list(self.facts),
            "draft": self.draft,
            "exemplars": list(self.exemplars),
        }


@dataclass(frozen=True, slots=True)
class Found:
    """A finding as the batch prints it."""

    check: str
    severity: str
    text: str
    message: str


@dataclass(frozen=True, slots=True)
class Result:
    """A case and everything found in it."""

    case: Case
    found: tuple[Found, ...]

    def own(self, check: str) -> tuple[Found, ...]:
        """The findings of one check that count: advice only of a check that only advises."""
        counted = ("error", "warning") if check in BATCH else ("error", "warning", "advice")
        return tuple(f for f in self.found if f.check == check and f.severity in counted)

    @property
    def errors(self) -> tuple[Found, ...]:
        """The findings of severity error, of any check."""
        return tuple(found for found in self.found if found.severity == "error")


@dataclass(frozen=True, slots=True)
class Score:
    """One check's counts. `hits` are faults found, `error_hits` those found as an error.

    `right` of `told` findings on the check's faults and on all clean cases point at a fault.
    `alarms` are error findings of this check on clean cases, `clean` and `clean_letters` how many
    cases and characters those are; `warnings` are its other counted findings there. `cross` are
    error findings of other checks on this check's fault cases.
    """

    check: str
    faults: int
    hits: int
    error_hits: int
    told: int
    right: int
    clean: int
    clean_letters: int
    alarms: int
    warnings: int
    cross: int

    @property
    def recall(self) -> float:
        """Share of faults found; 1.0 where there is none to find."""
        return self.hits / self.faults if self.faults else 1.0

    @property
    def error_recall(self) -> float:
        """Share of faults found as an error."""
        return self.error_hits / self.faults if self.faults else 1.0

    @property
    def precision(self) -> float:
        """Share of findings that are right; 1.0 where nothing was found."""
        return self.right / self.told if self.told else 1.0

    @property
    def alarm_rate(self) -> float:
        """False alarms per clean case."""
        return self.alarms / self.clean if self.clean else 0.0

    @property
    def alarms_per_thousand(self) -> float:
        """False alarms per 1,000 characters of clean text."""
        return 1000 * self.alarms / self.clean_letters if self.clean_letters else 0.0

    @property
    def met(self) -> bool:
        """Whether the check's goals are met."""
        return self.recall >= RECALL and self.alarm_rate <= FALSE_ALARMS


def read_line(line: str) -> Case:
    """Return the case of one line; KeyError, TypeError or ValueError when it is not one."""
    raw = json.loads(line)
    if raw["kind"] not in KINDS:
        raise ValueError(f"kind {raw['kind']!r}")
    texts = {key: tuple(raw.get(key) or ()) for key in ("facts", "exemplars", "expect")}
    if not all(isinstance(text, str) for group in texts.values() for text in group):
        raise TypeError("facts, exemplars and expect hold texts")
    return Case(
        raw["id"], raw["check"], raw["kind"], raw.get("year"), texts["facts"], raw["draft"],
        texts["exemplars"], texts["expect"], raw.get("why", ""),
    )  # fmt: skip


def read_cases(place: Path) -> tuple[Case, ...]:
    """Return the cases of a file or of every *.jsonl in a folder, in order of file name.

    () where there is no such place. Raises ValueError naming the file and the line that is no case.
    """
    cases: list[Case] = []
    alone = [place] if place.is_file() else []
    for path in sorted(place.glob("*.jsonl")) if place.is_dir() else alone:
        # Not splitlines(): it also cuts at U+2028, which may stand inside a JSON string.
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            if not line.strip():
                continue
            try:
                cases.append(read_line(line))
            except (ValueError, KeyError, TypeError) as error:
                raise ValueError(f"{path.name}:{number}: not a case ({error!r})") from error
    return tuple(cases)


def place_of(name: str) -> Path:
    """Return where a set lies: "cases" and "second" are ours, anything else is a path."""
    return FOLDER / name if name in ("cases", "second") else Path(name)


def run_case(case: Case) -> Result:
    """Check one case the way `check --batch` does; a case of advice with the advice as well."""
    found = check_case(case.given)
    if case.check not in BATCH:
        findings = run_checks(*read_case(case.given))
        found += [finding_json(one) for one in findings if one.check == case.check]
    keys = ("check", "severity", "text", "message")
    return Result(case, tuple(Found(*(one[key] for key in keys)) for one in found))


def _squeeze(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _places(part: str, whole: str) -> Iterable[tuple[int, int]]:
    at = whole.find(part)
    while at >= 0:
        yield at, at + len(part)
        at = whole.find(part, at + 1)


def overlaps(text: str, span: str, draft: str) -> bool:
    """Tell whether two slices of the draft share a place: one holds the other, or they overlap.

    White space is not compared: a finding may leave out a line end. Empty text overlaps nothing.
    """
    text, span, draft = _squeeze(text), _squeeze(span), _squeeze(draft)
    if not text or not span:
        return False
    if text in span or span in text:
        return True
    return any(
        start < last and first < end
        for start, end in _places(text, draft)
        for first, last in _places(span, draft)
    )


def is_hit(found: Found, case: Case) -> bool:
    """Tell whether a finding points at the case's planted fault."""
    if case.kind != "fault" or found.check != case.check:
        return False
    if case.check == "dropped_fact":
        return found.text.strip() in {span.strip() for span in case.expect}
    return any(overlaps(found.text, span, case.draft) for span in case.expect)


def score(check: str, results: Sequence[Result]) -> Score:
    """Return one check's counts over the results of all files."""
    faults = [r for r in results if r.case.check == check and r.case.kind == "fault"]
    # A check that only advises is run on its own cases only (see run_case).
    clean = [
        r for r in results if r.case.kind == "clean" and (check in BATCH or r.case.check == check)
    ]
    hits = [[f for f in r.own(check) if is_hit(f, r.case)] for r in faults]
    stray = [found for r in clean for found in r.own(check)]
    alarms = sum(check not in BATCH or found.severity == "error" for found in stray)
    return Score(
        check,
        len(faults),
        sum(map(bool, hits)),
        sum(any(found.severity == "error" for found in each) for each in hits),
        sum(len(r.own(check)) for r in faults) + len(stray),
        sum(map(len, hits)),
        len(clean),
        sum(len(r.case.draft) for r in clean),
        alarms,
        len(stray) - alarms,
        sum(found.check != check for r in faults for found in r.errors),
    )


def clean_with_error(results: Sequence[Result]) -> tuple[int, int]:
    """Return (clean cases with any error-level finding, clean cases)."""
    clean = [r for r in results if r.case.kind == "clean"]
    return sum(bool(r.errors) for r in clean), len(clean)


def run_all(cases: Sequence[Case]) -> tuple[Result, ...]:
    """Return the result of every case, in order."""
    return tuple(run_case(case) for case in cases)
