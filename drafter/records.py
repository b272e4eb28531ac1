"""Facts, plans, runs and points to JSON text and back, as the store keeps them.

Reading is strict: a field that is missing raises KeyError, a wrong shape TypeError or ValueError;
the store turns those into a message.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from drafter.types import (
    Anchor,
    Fact,
    FactSheet,
    Plan,
    PlannedSection,
    Run,
    Sampling,
    WrittenPoint,
)


def sheet_to_json(sheet: FactSheet) -> str:
    """Return the sheet as JSON."""
    return _dump(asdict(sheet))


def sheet_from_json(text: str) -> FactSheet:
    """Return the sheet that `sheet_to_json` wrote."""
    data: dict[str, Any] = json.loads(text)
    facts = tuple(
        Fact(**{**fact, "anchors": tuple(Anchor(**anchor) for anchor in fact["anchors"])})
        for fact in data["facts"]
    )
    return FactSheet(**{**data, "facts": facts, "duplicates": tuple(data["duplicates"])})


def plan_to_json(plan: Plan) -> str:
    """Return the plan as JSON."""
    return _dump(asdict(plan))


def plan_from_json(text: str) -> Plan:
    """Return the plan that `plan_to_json` wrote."""
    data: dict[str, Any] = json.loads(text)
    sections = tuple(
        PlannedSection(**{**section, "fact_ids": tuple(section["fact_ids"])})
        for section in data["sections"]
    )
    return Plan(**{**data, "sections": sections, "unplaced": tuple(data["unplaced"])})


def run_to_json(run: Run) -> str:
    """Return the run as JSON."""
    return _dump(asdict(run))


def origin_to_json(origin: str, of: int | None = None) -> str:
    """Return as JSON what a person's version came of (`drafter.store_history`)."""
    return _dump({"origin": origin, "of": of})


def origin_from_json(text: str | None) -> tuple[str, int | None]:
    """Return (what it came of, the version it repeats); ("", None) where that was never kept."""
    data = _known(text, {})
    return data.get("origin", ""), data.get("of")


def run_of(text: str | None) -> Run | None:
    """Return the run of a version, None for one no model wrote."""
    known = _known(text, {})
    try:
        return run_from_json(text) if text is not None and "model" in known else None
    except (KeyError, TypeError, ValueError):
        return None  # a damaged note on how a text came about; the text itself is whole


def run_from_json(text: str) -> Run:
    """Return the run that `run_to_json` wrote."""
    data: dict[str, Any] = json.loads(text)
    sampling = data["sampling"]
    return Run(
        **{
            **data,
            "sampling": Sampling(**{**sampling, "stop": tuple(sampling["stop"])}),
            "fact_ids": tuple(data["fact_ids"]),
            "exemplar_ids": tuple(data["exemplar_ids"]),
        }
    )


def points_to_json(points: Sequence[WrittenPoint]) -> str:
    """Return the points as JSON."""
    return _dump([asdict(point) for point in points])


def points_from_json(text: str) -> tuple[WrittenPoint, ...]:
    """Return the points that `points_to_json` wrote."""
    lists = ("fact_ids", "first_try_missing", "first_try_new")
    return tuple(
        WrittenPoint(**{**point, **{name: tuple(point[name]) for name in lists}})
        for point in _known(text, [])
    )


def ids_to_json(ids: Sequence[str]) -> str:
    """Return a list of ids as JSON."""
    return _dump(list(ids))


def ids_from_json(text: str) -> tuple[str, ...]:
    """Return the ids that `ids_to_json` wrote."""
    return tuple(_known(text, []))


def _known(text: str | None, usual: Any) -> Any:  # noqa: ANN401 - what was written
    """Return a note kept beside a text, `usual` where there is none or damage made nonsense of it:
    the text must be had all the same."""
    try:
        return json.loads(text) if text else usual
    except ValueError:
        return usual


def _dump(value: object) -> str:
    # Half a surrogate pair cannot be stored as UTF-8; escaping keeps the JSON pure ASCII and exact.
    return json.dumps(value, ensure_ascii=True)
