"""The labelled cases, the real paragraphs and the time the checks take, in one table.

`python -m bench.faithful [--set cases|second|PATH] [--verbose CHECK|all] [--json OUT]
[--real FOLDER]`. Status 1 when a goal of issue 3 is missed. Columns: `recall` counts errors and
warnings, `as error` errors only; `alarms` are error findings of the check on all clean cases of all
files, per case and per 1,000 characters; `warn` its warnings there; `cross` error findings of other
checks on its faults; ms per 1,000 characters. `check` marked * misses its goal; checks that only
advise stand last and are measured on their own cases, without a goal.
"""

import argparse
import json
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from bench.faithful import real
from bench.faithful.cases import (
    BATCH,
    CLEAN_WITH_ERROR,
    MIXED,
    Found,
    Result,
    Score,
    clean_with_error,
    is_hit,
    place_of,
    read_cases,
    run_all,
    score,
)
from bench.faithful.timing import Lap, laps, per_check, pin
from drafter.checks import CHECKS

ROW = "{:<19}{:>7}{:>8}{:>9}{:>10}{:>8}{:>9}{:>9}{:>6}{:>7}{:>8}{:>7}"
HEAD = ("check", "faults", "recall", "as error", "precision", "alarms", "per case", "per 1000",
        "warn", "cross", "ms p50", "p95")  # fmt: skip
WIDTH = 60  # characters of a draft shown in --verbose


def row(one: Score, times: tuple[float, float]) -> str:
    """Return one line of the table."""
    return ROW.format(
        one.check + ("" if one.met else " *"), one.faults,
        f"{one.recall:.3f}" if one.faults else "-",
        f"{one.error_recall:.3f}" if one.faults else "-",
        f"{one.precision:.3f}" if one.told else "-", one.alarms, f"{one.alarm_rate:.3f}",
        f"{one.alarms_per_thousand:.3f}", one.warnings, one.cross,
        f"{times[0]:.1f}", f"{times[1]:.1f}",
    )  # fmt: skip


def _show(found: Sequence[Found]) -> str:
    return "; ".join(f"{f.severity} {f.check} “{f.text}”" for f in found) or "nothing"


def details(check: str, results: Sequence[Result]) -> list[str]:
    """Return lines for a rule maker: faults missed, wrong findings, false alarms."""
    lines = [f"--- {check}"]
    for result in results:
        case, own = result.case, result.own(check)
        planted = case.check == check and case.kind == "fault"
        hit = any(is_hit(found, case) for found in own)
        stray = [found for found in own if not is_hit(found, case)]
        if planted and not hit:
            lines.append(f"MISSED {case.id} ({case.year}) expected {' | '.join(case.expect)}")
            lines.append(f"       why: {case.why}; found: {_show(result.found)}")
        elif stray and (planted or case.kind == "clean"):
            label = "BESIDE" if planted else "ALARM "
            lines.append(f"{label} {case.id} ({case.year}) {_show(stray)}")
            lines += [f"       says: {found.message}" for found in stray]
        else:
            continue
        text = case.draft if planted and not hit else _around(case.draft, stray)
        lines.append(f"       draft: {' / '.join(text.splitlines())}")
        lines.append(f"       facts: {' | '.join(case.facts)}")
    return lines


def _around(draft: str, found: Sequence[Found]) -> str:
    at = max(0, draft.find(found[0].text))
    return draft[max(0, at - WIDTH) : at + len(found[0].text) + WIDTH]


def crossing(results: Sequence[Result]) -> list[str]:
    """Return a line for each error finding of another check on a fault case."""
    return [
        f"CROSS  {result.case.id} {_show([found])}"
        for result in results
        for found in result.errors
        if result.case.kind == "fault" and found.check != result.case.check
    ]


def lap_line(lap: Lap) -> str:
    """Return one line of the times."""
    return (
        f"{lap.name} of {lap.letters} characters, {lap.facts} facts, one core: a new text"
        f" {lap.new:.0f} ms (goal {lap.goal:.0f}{'' if lap.met else ', MISSED'}), again"
        f" {lap.warm:.0f} ms; tables, once a process {lap.tables:.0f} ms"
    )


def write_json(path: Path, scores: Sequence[Score], dirty: tuple[int, int], made: Sequence[Lap],
               times: dict[str, tuple[float, float]]) -> None:  # fmt: skip
    """Write the figures; no text of a real report is among them."""
    checks = [
        {**asdict(one), "recall": one.recall, "error_recall": one.error_recall,
         "precision": one.precision, "alarm_rate": one.alarm_rate,
         "alarms_per_thousand": one.alarms_per_thousand, "met": one.met,
         "ms_per_thousand": times.get(one.check)}
        for one in scores
    ]  # fmt: skip
    figures = {
        "checks": checks,
        "clean_with_error": dirty[0],
        "clean": dirty[1],
        "laps": [asdict(lap) for lap in made],
    }
    path.write_text(json.dumps(figures, ensure_ascii=False, indent=1), encoding="utf-8")


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.faithful", description=__doc__)
    parser.add_argument("--set", default="cases", help="cases, second, a folder or a file")
    parser.add_argument("--verbose", metavar="CHECK", help="a check's name, or all")
    parser.add_argument("--json", type=Path, metavar="OUT")
    parser.add_argument("--real", type=Path, default=real.FOLDER, help="folder of real reports")
    parser.add_argument("--quick", action="store_true", help="cases only: no times, no reports")
    return parser.parse_args(given)


def main(given: Sequence[str] | None = None) -> int:
    """Print the tables; status 1 when a goal is missed, 2 when there are no cases."""
    args = arguments(given)
    cases = read_cases(place_of(args.set))
    if not cases:
        print(f"no cases in {place_of(args.set)}", file=sys.stderr)
        return 2
    advice = sorted({case.check for case in cases} - {*BATCH, MIXED})
    if unknown := set(advice) - set(CHECKS):
        print(f"no such check yet: {', '.join(sorted(unknown))}", file=sys.stderr)
    pin()
    print(f"{platform.processor() or platform.machine()}, {platform.platform()}")
    print(f"Python {platform.python_version()}, set {args.set}, one core")
    times = {} if args.quick else per_check(cases)
    results = run_all(cases)
    scores = [score(name, results) for name in (*BATCH, *advice)]
    print(ROW.format(*HEAD))
    for one in scores:
        print(row(one, times.get(one.check, (0.0, 0.0))))
    dirty, clean = clean_with_error(results)
    share = dirty / max(1, clean)
    print(f"{len(cases)} cases; clean cases with any error: {dirty} of {clean} ({share:.1%})")
    good = all(one.met for one in scores if one.check in BATCH) and share <= CLEAN_WITH_ERROR
    made = () if args.quick else laps()
    for lap in made:
        print(lap_line(lap))
    good = good and all(lap.met for lap in made)
    good = (args.quick or real.report(args.real)) and good
    show = [one.check for one in scores] if args.verbose == "all" else [args.verbose or ""]
    for name in filter(None, show):
        print("\n".join(details(name, results)))
    if args.verbose == "all":
        print("\n".join(crossing(results)))
    if args.json:
        write_json(args.json, scores, (dirty, clean), made, times)
    print("goals of issue 3:", "met" if good else "MISSED")
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
