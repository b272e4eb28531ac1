"""The edited Word file comes back: matched to the draft, its changes to be taken or refused.

    returned(draft, name, data) -> Returned

Nothing here writes anything: who has the store makes versions of what was taken.
"""

from drafter.returning.bounded import read_bounded
from drafter.returning.choosing import refuse_all, refuse_one, take_all, take_one, text_with
from drafter.returning.sections import compare, returned
from drafter.returning.types import (
    Change,
    Comment,
    EditedText,
    Line,
    Returned,
    ReturnedSection,
    Tracked,
)
from drafter.returning.wordfile import read_edited

__all__ = [
    "Change",
    "Comment",
    "EditedText",
    "Line",
    "Returned",
    "ReturnedSection",
    "Tracked",
    "compare",
    "read_bounded",
    "read_edited",
    "refuse_all",
    "refuse_one",
    "returned",
    "take_all",
    "take_one",
    "text_with",
]
