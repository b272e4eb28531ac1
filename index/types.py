"""The shapes that pass between the stages of the library. Frozen; sequences are tuples."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt

Role = Literal["成效", "问题", "原因", "打算", "导语", "结语"]
ROLES: tuple[Role, ...] = ("成效", "问题", "原因", "打算", "导语", "结语")


@dataclass(frozen=True, slots=True)
class Subsection:
    """A （一） part of a section, or the unnumbered text of a section that has none.

    `number` is the mark as it stands ("（一）"), `heading` the heading without its closing mark,
    `heading_end` that mark ("。" of a run-in heading, "" otherwise), so that
    number + heading + heading_end + text gives back every character. `points` are the parts of
    `text` opened by 一是/二是, 一个是/另一个是, 1. 2. and the like, each with its opener.
    """

    number: str | None
    heading: str | None
    heading_end: str
    role: Role
    text: str
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportSection:
    """A 一、 section. `number` is the mark as it stands ("一、"); `lead` the text before （一）."""

    number: str | None
    heading: str | None
    heading_end: str
    role: Role
    lead: str | None
    subsections: tuple[Subsection, ...]


@dataclass(frozen=True, slots=True)
class ParsedReport:
    """One report, taken apart without losing a character; what was left out is `dropped_lines`."""

    title: str
    salutation: str | None
    preamble: str | None
    dropped_lines: tuple[str, ...]
    sections: tuple[ReportSection, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A unit of the library: one section or subsection of one sample report.

    `id` is unique in a library and stable across rebuilds; `report` is the report's id; `level`
    is 1 for 一、 and 2 for （一）; `text` is the section's own text without its heading.
    """

    id: str
    report: str
    number: str | None
    heading: str | None
    role: Role
    level: int
    text: str
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exemplar:
    """What a search returns: a section and its score, cosine-like, higher is closer."""

    section: Section
    score: float


@dataclass(frozen=True, slots=True)
class ReportInfo:
    """A report as the library lists it. `year` is None where the text names none."""

    id: str
    title: str
    source: str
    year: int | None
    sections: int
    characters: int
    content_sha256: str


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What happened to one file of an import, with the reason in Chinese."""

    path: str
    status: Literal["added", "unchanged", "duplicate", "failed"]
    message: str
    report_id: str | None


@dataclass(frozen=True, slots=True)
class BuildReport:
    """The result of an import. `embedded` counts texts that were sent to the embedder."""

    outcomes: tuple[FileOutcome, ...]
    embedded: int
    seconds: float


@dataclass(frozen=True, slots=True)
class BuildProgress:
    """One step of an import: `done` of `total` files, and what is being done, in Chinese."""

    done: int
    total: int
    message: str


class Embedder(Protocol):
    """Texts to unit vectors. Another `name` means other vectors."""

    @property
    def name(self) -> str:
        """What identifies weights and settings."""
        ...

    @property
    def dimension(self) -> int:
        """How many numbers a vector has."""
        ...

    def encode_query(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return shape (n, dimension), rows of length 1."""
        ...

    def encode_document(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """Return shape (n, dimension), rows of length 1."""
        ...
