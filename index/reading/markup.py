"""What readers of Word's markup share: content controls and alternatives, as ECMA-376 has them."""

from index.numbering import Element, W
from index.reading.symbols import raised, without_private

MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"


def is_contents(block: Element) -> bool:
    """Return whether a content control is a table of contents: made of the headings, no text."""
    gallery = block.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and gallery.get(W + "val") == "Table of Contents"


def shown_of(alternatives: Element) -> Element:
    """Return what of an mc:AlternateContent is read: the first choice, else the fallback."""
    choice = alternatives.find(MC + "Choice")
    found = alternatives.find(MC + "Fallback") if choice is None else choice
    return alternatives if found is None else found


def text_of_run(text: str, run: Element) -> tuple[str, int, bool]:
    """Return a run's text as letters: raised digits as such, signs of a symbol font as what they
    show. With it, how many signs no letter is known for (□), and whether the text is set above or
    below the line and could not be written so."""
    fonts = run.find(f"{W}rPr/{W}rFonts")
    font = "" if fonts is None else fonts.get(W + "ascii") or fonts.get(W + "hAnsi") or ""
    text, unknown = without_private(text, font)
    mark = run.find(f"{W}rPr/{W}vertAlign")
    place = "" if mark is None else mark.get(W + "val")
    if place not in ("superscript", "subscript") or not text.strip():
        return text, unknown, False
    made = raised(text, place == "superscript")
    return made or text, unknown, not made
