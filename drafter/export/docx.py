"""A Word file of a report in the layout of official documents, written part by part.

`to_docx(draft)` for a draft; `docx_of(paragraphs)` for anything read into paragraphs; the page is
one of the profiles of `drafter/data/page_profiles.toml` (GB/T 9704-2012) or an office's template.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from drafter.export.document import document_xml, layout_of, paragraph_xml
from drafter.export.layout import Paragraph, paragraphs
from drafter.export.package import (
    DOCUMENT,
    EVEN_FOOTER,
    ODD_FOOTER,
    archive,
    core_xml,
    new_parts,
)
from drafter.export.page import section_xml
from drafter.export.profile import STANDARD, load_profile
from drafter.export.redline import Author, redlined
from drafter.export.styles import OWN_STYLES
from drafter.export.template import read_template
from drafter.types import Draft


@dataclass(frozen=True, slots=True)
class WordChoice:
    """What a person may choose for a Word file.

    `profile` is a name of `profile_labels()`; `number_font` the font of numbers and letters, "" for
    that of the text around; `template` the bytes of a .dotx or .docx whose page and styles are
    used instead, None for none.
    """

    profile: str = STANDARD
    number_font: str = ""
    template: bytes | None = None


_USUAL = WordChoice()


def to_docx(draft: Draft, choice: WordChoice = _USUAL) -> bytes:
    """Return the draft as a .docx file.

    Headings are real heading styles, so the navigation pane and a table of contents work. The
    file's properties hold the title and no person or machine.

    Raises:
        ExportError: no such profile, or the template cannot be used.
        InputError: a table of `drafter/data` was edited into something unreadable.
    """
    return docx_of(paragraphs(draft), choice)


def docx_of(report: Sequence[Paragraph], choice: WordChoice = _USUAL) -> bytes:
    """Return a report read into paragraphs as a .docx file; raises as `to_docx`."""
    return _written(report, choice, None, Author())


def to_redline(
    new: Sequence[Paragraph], old: Sequence[Paragraph], author: Author, choice: WordChoice = _USUAL
) -> bytes:
    """Return `new` as a .docx whose differences from `old` are Word's own tracked changes.

    Accepting all gives `docx_of(new)`, rejecting all `docx_of(old)`, paragraph by paragraph, in
    text and style. `paragraphs(draft)` and `paragraphs_of_text(text)` make the two reports. Raises
    as `to_docx`.
    """
    return _written(new, choice, old, author)


def _written(
    report: Sequence[Paragraph],
    choice: WordChoice,
    old: Sequence[Paragraph] | None,
    author: Author,
) -> bytes:
    profile = load_profile(choice.profile)
    now = datetime.now(UTC)
    template = None
    if choice.template is not None:
        template = read_template(choice.template, profile, choice.number_font)
    styles = template.styles if template else OWN_STYLES
    if old is None:
        layout = layout_of(report, profile, styles)
        body = "".join(map(partial(paragraph_xml, styles=styles), report, layout))
    else:
        lay = partial(layout_of, profile=profile, styles=styles)
        body = redlined(old, report, lay, styles.lead, author)
    title = "".join(paragraph.full for paragraph in report if paragraph.kind == "title")
    if template:
        return archive(template.with_body(body, core_xml(title, now)))
    section = section_xml(profile, ODD_FOOTER, EVEN_FOOTER)
    parts = new_parts(profile, choice.number_font, title, now)
    return archive({**parts, DOCUMENT: document_xml(body, section)})
