"""Numbers that Word shows but does not store in the text: automatic 一、 （一） 1. of paragraphs.

Reads the XML elements python-docx hands over; knows the number formats used in Chinese documents
(ECMA-376 part 1, 17.9 and 17.18.59) and gives bullets and unknown formats no text or plain digits.
"""

import re
from collections.abc import Iterable
from typing import Protocol

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DIGITS = "〇一二三四五六七八九"
_LEGAL = "零壹贰叁肆伍陆柒捌玖拾"


class Element(Protocol):
    """The part of an lxml element that is used here."""

    @property
    def tag(self) -> object:
        """Its name with the namespace in braces; not a string for comments."""

    @property
    def text(self) -> str | None:
        """The characters before the first child."""

    def get(self, key: str) -> str | None:
        """Return an attribute."""

    def find(self, path: str) -> "Element | None":
        """Return the first descendant at `path`."""

    def findtext(self, path: str) -> str | None:
        """Return the text of the first descendant at `path`."""

    def iter(self, *tags: str) -> "Iterable[Element]":
        """Return the element and all below it, of the given names."""

    def itertext(self, *tags: str) -> "Iterable[str]":
        """Return all text below it, within elements of the given names."""

    def iterchildren(self, *tags: str) -> "Iterable[Element]":
        """Return the children, of the given names only if any are given."""


def _value(element: Element, path: str) -> str | None:
    found = (
        element.find("/".join(W + step for step in path.split("/")))
        if element is not None
        else None
    )
    return None if found is None else found.get(W + "val")


def chinese(number: int) -> str:
    """Return a number below one hundred as 一 … 九十九, others digit by digit."""
    if not 0 < number < 100:
        return "".join(_DIGITS[int(digit)] for digit in str(number))
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
    return head + (_DIGITS[ones] if ones else "")


def written(number: int, form: str) -> str:
    """Return `number` in the number format `form` of WordprocessingML ("" for bullets)."""
    if form in ("bullet", "none"):
        return ""
    if form.startswith(
        ("chineseCounting", "japaneseCounting", "taiwaneseCounting", "ideographDigital")
    ):
        return chinese(number)
    if form == "chineseLegalSimplified" and number < 10:
        return _LEGAL[number]
    if form.startswith("decimalEnclosedCircle") and 0 < number <= 20:
        return chr(ord("①") + number - 1)
    if form == "upperLetter" and 0 < number <= 26:
        return chr(ord("A") + number - 1)
    if form == "lowerLetter" and 0 < number <= 26:
        return chr(ord("a") + number - 1)
    return str(number)


class Numbering:
    """Counts through a document: `label(paragraph)` must be called in body order, once each."""

    def __init__(self, numbering: Element | None, styles: Element | None) -> None:
        """Read the numbering and styles parts (XML roots, None where the document has none)."""
        self._levels: dict[tuple[str, int], tuple[str, str, int]] = {}
        self._abstract: dict[str, str] = {}
        self._styles: dict[str, tuple[str | None, str | None, str | None]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        for element in _children(numbering, "abstractNum"):
            for level in _children(element, "lvl"):
                key = (element.get(W + "abstractNumId") or "", int(level.get(W + "ilvl") or 0))
                form, text = _value(level, "numFmt") or "decimal", _value(level, "lvlText") or ""
                self._levels[key] = (form, text, _number(_value(level, "start"), 1))
        for element in _children(numbering, "num"):
            self._abstract[element.get(W + "numId") or ""] = _value(element, "abstractNumId") or ""
        for style in _children(styles, "style"):
            self._styles[style.get(W + "styleId") or ""] = (
                _value(style, "pPr/numPr/numId"),
                _value(style, "pPr/numPr/ilvl"),
                _value(style, "basedOn"),
            )

    def label(self, paragraph: Element) -> str:
        """Return the number Word shows before `paragraph` ("" for none) and count it."""
        num_id, level = self._place(paragraph)
        abstract = self._abstract.get(num_id or "")
        if abstract is None or (abstract, level) not in self._levels:
            return ""
        counts = self._counts.setdefault(abstract, {})
        form, text, start = self._levels[abstract, level]
        counts[level] = counts.get(level, start - 1) + 1
        for deeper in [other for other in counts if other > level]:
            del counts[deeper]

        def shown(match: re.Match[str]) -> str:
            other = int(match[1]) - 1
            other_form, _, first = self._levels.get((abstract, other), (form, "", 1))
            return written(counts.get(other, first), other_form)

        return "" if form in ("bullet", "none") else re.sub(r"%(\d)", shown, text)

    def _place(self, paragraph: Element) -> tuple[str | None, int]:
        num_id = _value(paragraph, "pPr/numPr/numId")
        level = _value(paragraph, "pPr/numPr/ilvl")
        style, seen = _value(paragraph, "pPr/pStyle"), set[str]()
        while num_id is None and style in self._styles and style not in seen:
            seen.add(style)
            num_id, of_style, style = self._styles[style]
            level = level or of_style
        return num_id, _number(level, 0)


def _children(element: Element | None, name: str) -> Iterable[Element]:
    return () if element is None else element.iterchildren(W + name)


def _number(text: str | None, default: int) -> int:
    return int(text) if text and text.isdigit() else default
