"""Signs that Word files write otherwise than as letters: symbol fonts, raised and lowered digits.

Places in the fonts as in Microsoft's own charts of Wingdings, Wingdings 2 and Symbol; what they
mean in Unicode as in Unicode's mapping of them (UTC L2/12-130, SYMBOL.TXT). Ticks are written √,
as Chinese forms have them.
"""


def _chart(rows: str) -> dict[int, str]:
    """Read rows of "place sign sign …": the signs stand in a row from that place on."""
    made: dict[int, str] = {}
    for row in rows.split("\n"):
        first, _, signs = row.strip().partition(" ")
        made.update(enumerate(signs, int(first, 16)))
    return made


_WINGDINGS = _chart("""6C ●
    6E ■□□□□
    74 ◆◆❖◆☒
    80 ⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿
    9F •
    A1 ○
    A7 ▪□
    AB ★
    D8 ➢
    DF ←→↑↓
    E7 ←→↑↓
    FB ×√☒☑""")
_WINGDINGS_2 = _chart("""4F ×√☒☑☒☒
    A3 □""")
_SYMBOL = _chart("""61 αβ
    6C λμ
    A3 ≤
    A5 ∞
    AB ↔←↑→↓°±
    B3 ≥×
    B7 ·÷≠≡≈…
    D6 √·""")
_FONTS = {"wingdings": _WINGDINGS, "wingdings 2": _WINGDINGS_2, "symbol": _SYMBOL}
_PRIVATE = range(0xE000, 0xF900)  # where Unicode keeps room for anybody's signs: nobody's letters
_UPPER = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_LOWER = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")


def symbol(font: str, code: str) -> str:
    """Return the letter for a w:sym, "" where none is known; `code` is hexadecimal as in Word."""
    try:
        place = int(code, 16)
    except ValueError:
        return ""
    return _letter(font, place)


def without_private(text: str, font: str) -> tuple[str, int]:
    """Return a text with the signs of a symbol font as letters, and how many stayed unknown (□)."""
    made = [(_letter(font, ord(c)) or "□") if ord(c) in _PRIVATE else c for c in text]
    return "".join(made), sum(a != b and b == "□" for a, b in zip(text, made, strict=True))


def raised(text: str, is_upper: bool) -> str:
    """Return digits as the raised or lowered ones they are set as, "" for what has none."""
    made = text.translate(_UPPER if is_upper else _LOWER)
    return made if all(a != b or a.isspace() for a, b in zip(text, made, strict=True)) else ""


def _letter(font: str, place: int) -> str:
    known = _FONTS.get(font.strip().lower())
    if known is not None:
        return known.get(place - 0xF000 if place >= 0xF000 else place, "")
    is_letter = 0x20 <= place <= 0xFFFF and place not in _PRIVATE
    return chr(place) if is_letter and not 0xD800 <= place <= 0xDFFF else ""
