"""What a reading of an edited Word file leaves out or changes, and the sentences that tell it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from index.errors import UnreadableFile
from index.numbering import Element, W
from index.reading.package import Package

_QUOTED = 40  # characters of what is quoted in a note
_SHOWN = 3  # headers, footers or raised words that are quoted
# What stands in a header or footer without anybody's saying anything: page numbers.
_PAGE = re.compile(r"[\s\d\-—–－·./|｜第共页]*")


@dataclass(slots=True)
class Asides:
    """What was met beside the text. `unknown` counts signs no letter is known for; `raised` are
    words set above or below the line that were read as any others; `margins` the words of headers
    and footers."""

    hidden: bool = False
    boxes: bool = False
    notes: bool = False
    struck: bool = False
    pictures: int = 0
    tables: int = 0
    unknown: int = 0
    raised: list[str] = field(default_factory=list)
    margins: tuple[str, ...] = ()

    def sentences(self) -> Iterator[str]:
        """Yield what a person should know, in Chinese."""
        if self.struck:
            yield "文件里有用删除线划掉的文字，没有当作正文，列为要删去的，由您决定。"
        if self.pictures:
            yield f"文件里有 {self.pictures} 张图片，没有取，请打开原文件看。"
        if self.tables:
            yield f"文件里有 {self.tables} 个表格，逐格列出，每格一行；采用以后不再是表格。"
        if self.margins:
            yield f"页眉、页脚里有文字，没有取：{_quoted(self.margins)}。"
        if self.hidden:
            yield "文件里有隐藏文字，没有取。"
        if self.boxes:
            yield "文本框里的文字放在它所在的那一段后面。"
        if self.notes:
            yield "脚注、尾注放在它所在的那一段后面。"
        if self.raised:
            yield f"上标、下标里不是数字的，按普通文字取：{_quoted(self.raised)}。"
        if self.unknown:
            yield f"有 {self.unknown} 个特殊符号认不出，记作“□”，请对照原文件。"


def margins(package: Package, main: str) -> tuple[str, ...]:
    """Return the words of headers and footers, each once; a page number alone is none."""
    found: dict[str, None] = {}
    for _, kind, member in package.related(main):
        if kind in ("header", "footer") and member in package.names:
            try:
                words = _words(package.xml(member))
            except UnreadableFile:  # what is not read anyway must not keep the text from being read
                continue
            if not _PAGE.fullmatch(words):
                found[words] = None
    return tuple(found)


def _words(root: Element) -> str:
    return " ".join("".join(p.itertext(W + "t")).strip() for p in root.iter(W + "p")).strip()


def _quoted(words: tuple[str, ...] | list[str]) -> str:
    """Quote the first few of them, each cut short."""
    unique = list(dict.fromkeys(words))
    cut = (w if len(w) <= _QUOTED else f"{w[:_QUOTED]}…" for w in unique[:_SHOWN])
    return "、".join(f"“{w}”" for w in cut) + ("等" if len(unique) > _SHOWN else "")
