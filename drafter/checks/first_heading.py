"""A report with a title whose first heading is 二、: the first part has got lost.

An excerpt has no title and may start anywhere.
"""

from collections.abc import Sequence

from drafter.checks.numbering import Line


def begins_late(title: str, lines: Sequence[Line]) -> Line | None:
    """Return the first heading of a titled report where it is 二、 or later and nothing else stands
    before it, None where all is well."""
    if not title.strip():
        return None
    heads = [line for line in lines if line.kind == "one" and line.is_heading]
    alone = bool(heads) and lines[0] is heads[0] and heads[0].start is None
    late = alone and heads[0].number > 1 and all(line.number != 1 for line in heads)
    return heads[0] if late else None
