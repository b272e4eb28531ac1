"""The one root of all errors meant for a person, and the library's own kinds."""


class UserFacingError(Exception):
    """Something a person must know: `message` says what is wrong, `hint` the next step.

    Both are Chinese sentences. The page and the command lines each have one place that shows
    them; nothing below those places turns an error into text.
    """

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(f"{message}{hint}")
        self.message = message
        self.hint = hint


class UnreadableFile(UserFacingError):
    """A file cannot be read as a report: wrong format, damaged, no permission, too large."""


class LibraryMismatch(UserFacingError):
    """The library was built with another embedder; its vectors cannot be searched with this one."""


class WeightsError(UserFacingError):
    """A model file is missing, cut short, or does not have the sha256 its manifest names."""
