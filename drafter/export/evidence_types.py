"""What the evidence appendix is made from, and the tables it is made of. Shapes only, frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from drafter.remarks import Matter, Remark
from drafter.types import Draft, Fact, FactUse, Version

Cell = str | int | float


@dataclass(frozen=True, slots=True)
class Consulted:
    """An exemplar a section was written beside: `report` is the title of the sample report,
    `heading` its heading with the number; `likeness` 0..1, None where it is not known any more;
    `run` the longest run of words the text shares with it."""

    section_id: str
    report: str
    heading: str
    likeness: float | None = None
    run: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A checked draft and how it came about.

    `histories` hold, by section id, every version of the section, newest first; `exemplars` what
    each section was written beside. `reasons` say why a person set a finding aside, by what it is
    remembered by. `made_at` has a time zone, in which all times are shown. `file_sha256` names the
    exported report the appendix belongs to, "" where it stands alone. `tools` are (name, version)
    of what the report was made with.
    """

    draft: Draft
    facts: tuple[Fact, ...]
    uses: tuple[FactUse, ...]
    remarks: tuple[Remark, ...]
    histories: Mapping[str, tuple[Version, ...]]
    exemplars: Mapping[str, tuple[Consulted, ...]]
    made_at: datetime
    reasons: Mapping[Matter, str] = field(default_factory=dict)
    file_sha256: str = ""
    tools: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the appendix. `widths` are shares of the page, one a column; every row has as
    many cells as there are columns. `note` says what the table shows."""

    title: str
    note: str
    columns: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[Cell, ...], ...]
