"""What readers of Word's markup share: content controls and alternatives, as ECMA-376 has them."""

from index.numbering import Element, W

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
