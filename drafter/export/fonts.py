"""Which fonts a profile names, which of them this machine lacks, and what stands in for them.

The names are in `drafter/data/fonts.toml`. Every Chinese font gives a character the width of its
size, and lines have exact heights: a stand-in changes the look, never the 28 characters a line or
the 22 lines a page. Numbers and letters may differ in width.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from drafter.data import load_table
from drafter.export.font_files import installed_families
from drafter.export.profile import PageProfile, StyledKind
from drafter.export.styles import W_NAMESPACE, XML_HEAD

# What each element is called in Chinese.
USES: dict[StyledKind, str] = {
    "title": "标题",
    "byline": "姓名和日期",
    "salutation": "称谓",
    "heading1": "一级标题",
    "heading2": "二级标题",
    "heading3": "三级标题",
    "heading4": "四级标题",
    "body": "正文",
    "signer": "署名",
    "date": "成文日期",
    "page": "页码",
}


@dataclass(frozen=True, slots=True)
class MissingFont:
    """A font the file names and this machine lacks.

    `used_for` says in Chinese where it is used; `stand_in` is the installed font closest to it,
    None where there is none of those the table names.
    """

    name: str
    used_for: tuple[str, ...]
    stand_in: str | None

    @property
    def message(self) -> str:
        """What a person is told, in one sentence."""
        where = "、".join(self.used_for)
        if self.stand_in:
            return f"本机没有“{self.name}”（用于{where}），打开时会以“{self.stand_in}”等字体显示。"
        return f"本机没有“{self.name}”（用于{where}），打开时会以别的字体显示。"


def named_fonts(profile: PageProfile, number_font: str = "") -> dict[str, tuple[str, ...]]:
    """Return font -> what it is used for, in Chinese, in the order of the page."""
    uses: dict[str, list[str]] = {}
    for kind, use in USES.items():
        uses.setdefault(profile.styles[kind].font, []).append(use)
    if number_font:
        uses.setdefault(number_font, []).append("数字和字母")
    return {font: tuple(used) for font, used in uses.items()}


def missing_fonts(
    profile: PageProfile, number_font: str = "", installed: frozenset[str] | None = None
) -> tuple[MissingFont, ...]:
    """Return the fonts of the profile that this machine lacks, and what stands in for each.

    `installed` are family names in lower case; by default those found in the system's folders.
    """
    have = installed_families() if installed is None else installed
    missing = []
    for font, uses in named_fonts(profile, number_font).items():
        names, stand_ins = _known(font, "names"), _known(font, "stand_ins")
        if not any(name.lower() in have for name in (font, *names)):
            stand_in = next((name for name in stand_ins if name.lower() in have), None)
            missing.append(MissingFont(font, uses, stand_in))
    return tuple(missing)


def stand_ins(installed: frozenset[str] | None = None) -> dict[str, str]:
    """Return font -> what stands in for it, for every font of the table this machine lacks."""
    have = installed_families() if installed is None else installed
    found: dict[str, str] = {}
    for font in _table():
        names = _known(font, "names")
        if any(name.lower() in have for name in (font, *names)):
            continue
        other = next((name for name in _known(font, "stand_ins") if name.lower() in have), None)
        if other:
            found |= dict.fromkeys((font, *names), other)
    return found


def font_table_xml(profile: PageProfile, number_font: str) -> str:
    """Return `word/fontTable.xml`: each font with another name Word may know it by.

    Source: ISO/IEC 29500-1, 17.8.3.1 (altName), 17.8.3.2 (charset 86: GB2312).
    """
    made = []
    for font in named_fonts(profile, number_font):
        others = [*_known(font, "stand_ins")[:1], *_known(font, "names")[:1]]
        other = f'<w:altName w:val="{escape(others[0])}"/>' if others else ""
        chinese = any("\u4e00" <= character <= "\u9fff" for character in font)
        family = _table().get(font, {}).get("family", "auto")
        made.append(
            f'<w:font w:name="{escape(font)}">{other}'
            f'<w:charset w:val="{"86" if chinese else "00"}"/><w:family w:val="{family}"/>'
            f'<w:pitch w:val="{"default" if chinese else "variable"}"/></w:font>'
        )
    return f'{XML_HEAD}<w:fonts xmlns:w="{W_NAMESPACE}">{"".join(made)}</w:fonts>'


def _known(font: str, field: str) -> tuple[str, ...]:
    return tuple(_table().get(font, {}).get(field, ()))


def _table() -> Mapping[str, Mapping[str, Any]]:
    fonts: Mapping[str, Mapping[str, Any]] = load_table("fonts")["fonts"]
    return fonts
