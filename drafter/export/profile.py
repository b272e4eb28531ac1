"""How a page is set: paper, margins, grid, and the type of each element, read from TOML.

The tables are `drafter/data/page_profiles.toml`; an office adds its own there. Source of the
shipped values: GB/T 9704-2012 (the clauses are named in the table).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from drafter.data import load_table
from drafter.errors import ExportError, InputError
from drafter.export.layout import KINDS, Kind

STANDARD = "gbt9704"
TWIPS_PER_MM = 1440 / 25.4
StyledKind = Kind | Literal["page"]


@dataclass(frozen=True, slots=True)
class StyleSpec:
    """The type of one element. Sizes in points; `indent` in characters (first line).

    `own_latin`: numbers and letters are set in `font` whatever font was chosen for numbers.
    """

    font: str
    size_pt: float
    line_pt: float
    align: Literal["both", "center", "right", "left"]
    indent: float
    bold: bool
    own_latin: bool


@dataclass(frozen=True, slots=True)
class PageProfile:
    """A way to set a page. Lengths in millimetres, line spacing in points.

    `lines` and `characters` are those of the document grid, 0 for none.
    """

    name: str
    label: str
    width: float
    height: float
    top: float
    bottom: float
    left: float
    right: float
    mirror: bool
    lines: int
    characters: int
    line_pt: float
    title_gap_pt: float
    styles: Mapping[StyledKind, StyleSpec]

    @property
    def text_width_pt(self) -> float:
        """Width of the type area in points, as Word has it after rounding to twips."""
        return (twips(self.width) - twips(self.left) - twips(self.right)) / 20

    @property
    def char_space(self) -> int:
        """What the grid adds to each character, in 1/4096 of a point (`w:charSpace`).

        Eight less than what fits (0.05 pt a line), so that rounding never costs a character.
        """
        return math.floor(self._to_fit * 4096) - 8 if self.characters else 0

    @property
    def squeeze(self) -> int:
        """What the text itself adds to each character, in twentieths of a point (`w:spacing`).

        One less than what fits: LibreOffice keeps the grid's cells in hundredths of a millimetre,
        rounds them down, and makes the type area as wide as they are (155.4 of 156 mm). Lines that
        are full are stretched to the margin.
        """
        return math.floor(self._to_fit * 20) - 1 if self.characters else 0

    @property
    def _to_fit(self) -> float:
        if not self.characters:
            return 0.0
        return self.text_width_pt / self.characters - self.styles["body"].size_pt

    def spacing_of(self, kind: StyledKind) -> int:
        """Return the squeeze of an element: that of the body for all of the body's size."""
        return self.squeeze if self.styles[kind].size_pt == self.styles["body"].size_pt else 0

    def cell_pt(self, kind: StyledKind = "body") -> float:
        """Return the width of one character of that element in points."""
        return self.styles[kind].size_pt + self.spacing_of(kind) / 20


def twips(millimetres: float) -> int:
    """Return a length in twentieths of a point, as Word keeps it."""
    return round(millimetres * TWIPS_PER_MM)


def profile_labels() -> dict[str, str]:
    """Return name -> what a person sees, in the table's order."""
    profiles = load_table("page_profiles")["profiles"]
    return {name: str(table.get("label", name)) for name, table in profiles.items()}


def load_profile(name: str = STANDARD) -> PageProfile:
    """Return the profile `name`; what it does not say is as in the standard's.

    Raises:
        ExportError: there is no such profile.
        InputError: the table was edited into something that cannot be used.
    """
    tables = load_table("page_profiles")
    profiles = tables["profiles"]
    if name not in profiles:
        known = "、".join(profiles)
        raise ExportError(f"没有名为“{name}”的版式。", f"可用的版式：{known}。")
    try:
        return _profile(name, {**profiles[STANDARD], **profiles[name]}, tables["styles"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            f"版式表 page_profiles.toml 的“{name}”有缺项或写错的值（{error}）。",
            "请对照表中 gbt9704 一段改正，或从安装包恢复这个文件。",
        ) from error


def _profile(name: str, table: Mapping[str, Any], styles: Mapping[str, Any]) -> PageProfile:
    line = float(table["line_pt"])
    changed = table.get("styles", {})
    kinds: tuple[StyledKind, ...] = (*KINDS, "page")
    margins, paper = table["margins_mm"], table["paper_mm"]
    return PageProfile(
        name=name,
        label=str(table["label"]),
        width=float(paper["width"]),
        height=float(paper["height"]),
        top=float(margins["top"]),
        bottom=float(margins["bottom"]),
        left=float(margins["left"]),
        right=float(margins["right"]),
        mirror=bool(table["mirror"]),
        lines=int(table["lines"]),
        characters=int(table["characters"]),
        line_pt=line,
        title_gap_pt=float(table["title_gap_pt"]),
        styles={kind: _style({**styles[kind], **changed.get(kind, {})}, line) for kind in kinds},
    )


def _style(table: Mapping[str, Any], line: float) -> StyleSpec:
    align = table.get("align", "both")
    if align not in ("both", "center", "right", "left"):
        raise ValueError(f"align = {align}")
    return StyleSpec(
        font=str(table["font"]),
        size_pt=float(table["size_pt"]),
        line_pt=float(table.get("line_pt", line)),
        align=align,
        indent=float(table.get("indent", 0)),
        bold=bool(table.get("bold", False)),
        own_latin=table.get("latin") == "own",
    )
