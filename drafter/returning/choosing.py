"""Taking and refusing what came back: pure functions from a section and a choice to its text."""

from collections.abc import Collection

from drafter.returning.types import ReturnedSection


def text_with(section: ReturnedSection, taken: Collection[int]) -> str:
    """Return the section's text with the changes at these places of `changes` taken, the others
    refused. All of them give `new`, none gives `old`."""
    made, at = [], 0
    for number, change in enumerate(section.changes):
        made.append(section.old[at : change.start])
        made.append(change.after if number in taken else change.before)
        at = change.end
    return "".join([*made, section.old[at:]])


def take_one(section: ReturnedSection, number: int) -> str:
    """Return the draft's text with one change taken."""
    return text_with(section, {number})


def refuse_one(section: ReturnedSection, number: int) -> str:
    """Return the text that came back with one change refused."""
    return text_with(section, set(range(len(section.changes))) - {number})


def take_all(section: ReturnedSection) -> str:
    """Return the text as it came back."""
    return section.new


def refuse_all(section: ReturnedSection) -> str:
    """Return the text as it was in the draft."""
    return section.old
