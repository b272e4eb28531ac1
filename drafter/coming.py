"""The sections of a whole report that come next, begun while the one before is being written.

A section has two or three points, and a model that makes four replies at a time would wait for the
longest of them at the end of each. What is made early are replies, never texts: a section is still
written, and checked against the accepted text of those before it, when its turn comes.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence

from drafter.ahead import Ahead, Work
from drafter.types import ChatModel, ManyReplies


class Coming:
    """The replies of one whole report. To be closed in the end.

    `tries` returns what a section is going to ask for as things stand, () where it is no longer to
    be written; `wanted` says whether somebody else waits for the model.
    """

    def __init__(
        self,
        sections: Sequence[str],
        tries: Callable[[str], Iterable[Work]],
        wanted: Callable[[], bool],
        stop: threading.Event,
    ) -> None:
        self._sections = sections
        self._tries = tries
        self._wanted = wanted
        self._stop = stop
        self._begun = 0
        self._works = self._all()
        self._ahead: Ahead | None = None

    def turn_of(self, number: int, model: ChatModel) -> ChatModel:
        """Return what section `number` is to be written with: the model, or replies made early."""
        self._begun = number
        if self._ahead is not None and self._ahead.model is not model:
            self.close()  # another model was chosen meanwhile
        if self._ahead is None:
            if not isinstance(model, ManyReplies) or model.at_once < 2:
                return model
            self._ahead = Ahead(model, model.at_once, self._stop)
            self._ahead.later(self._next)
        return self._ahead

    def turn_over(self) -> None:
        """Note that a section is written and the model may be somebody else's now."""
        if self._ahead is not None and self._wanted():
            self._ahead.hold()

    def close(self) -> None:
        """Stop every reply."""
        if self._ahead is not None:
            self._ahead.close()
            self._ahead = None

    def _next(self) -> Work | None:
        return None if self._wanted() else next(self._works, None)

    def _all(self) -> Iterator[Work]:
        for number, section_id in enumerate(self._sections):
            if number > self._begun:
                yield from self._tries(section_id)
