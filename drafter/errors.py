"""Errors of drafting, under the one root (`index.errors.UserFacingError`)."""

from index.errors import UserFacingError, WeightsError

__all__ = [
    "EngineError",
    "ExportError",
    "InputError",
    "StoreError",
    "UserFacingError",
    "WeightsError",
]


class InputError(UserFacingError):
    """What the person gave cannot be used as it is: empty, too large, not readable."""


class EngineError(UserFacingError):
    """A chat engine cannot be started or stopped answering."""


class StoreError(UserFacingError):
    """The database of drafts cannot be read or written, or holds something newer."""


class ExportError(UserFacingError):
    """A draft cannot be exported."""
