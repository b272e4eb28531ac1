"""Markdown to plain text, without taking left-out numbers (**年) for bold."""

import re


def strip_markdown(text: str) -> str:
    """Return Markdown `text` without its marks; `**` that stands for a left-out word stays.

    Real reports write **年度 and *次 for what may not be named, so only a pair of ** around a
    whole phrase counts as bold: a phrase at a line's start, or between punctuation marks.
    """
    lines = []
    for line in text.splitlines():
        bare = line.strip()
        if re.fullmatch(r"([-*_]\s*){3,}|`{3,}\w*|=+", bare) and bare:
            lines.append("")
            continue
        bare = re.sub(r"^(?:>\s*)+", "", bare)
        bare = re.sub(r"^#{1,6}\s+(.*?)\s*#*$", r"\1", bare)
        bare = re.sub(r"^[-+*]\s+(?=[^\s年月日次名个])", "", bare)
        if re.fullmatch(r"\|.*\|", bare):
            cells = [cell.strip() for cell in bare.strip("|").split("|")]
            bare = "" if all(re.fullmatch(":?-+:?", c) for c in cells) else "\t".join(cells)
        bare = re.sub(r"^(\d{1,2})\\\.", r"\1.", bare)
        lines.append(_BOLD.sub(lambda m: m[1] or m[2], bare))
    return "\n".join(lines)


# A phrase: two characters at least, no counter word first (**年, **次 are left-out numbers).
_PHRASE = r"(?![年月日次名个人万元项届镇区县市局\s，。、；])([^*\n]{2,80}?)(?<!\s)"
_BOLD = re.compile(
    rf"(?:^|(?<=[。；：，、！？\s]))(?:\*\*|__){_PHRASE}(?:\*\*|__)(?=$|[。；：，、！？\s])"
    r"|^(?:\*\*|__)((?:[一二三四五六七八九十]+[、是]|[（(][一二三四五六七八九十]+[）)]|\d+[.、])"
    r"[^*\n]{2,80}?)(?:\*\*|__)"
)
