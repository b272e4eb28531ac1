"""What another window has done to the document that is open here, told within a few seconds.

Nothing typed here is touched: the page is told, and shows the newest only when asked to.
"""

import threading
from collections.abc import Sequence

from drafter.ui import showing
from drafter.ui.desk import Desk
from drafter.ui.saving import read_stamp
from drafter.ui.showing import POOL, Updates
from drafter.ui.snapshot import Snapshot, read
from drafter.ui.status_view import message_html
from drafter.ui.tags import mini
from drafter.ui.text import whole_number
from drafter.ui.wiring import Told

# What a page was told last: revisions that moved without it, and texts that wait for a choice.
_Told = tuple[frozenset[tuple[str, int]], frozenset[tuple[str, int]]]
_NOTHING: _Told = (frozenset(), frozenset())


class Watching:
    """Looks on for every page that is open; a page asks every few seconds."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._past = desk.workspace.past
        self._lock = threading.Lock()
        self._told: dict[tuple[str, int], _Told] = {}
        # Seen once; only what is still so at the next look is told, since a change of this very
        # page may be on its way to it.
        self._seen: dict[tuple[str, int], frozenset[tuple[str, int]]] = {}

    def look(self, told: Told, doc_id: str, selected: str, offset: str, *stamps: str) -> Updates:
        """Tell a page what has changed without it since it was told last; {} for nothing."""
        doc = whole_number(doc_id)
        if not doc or self._desk.running(doc):
            return {}
        here = (told.session, doc)
        moved = self._moved(told.session, doc, stamps)
        waiting = frozenset((sid, v.id) for sid, v in self._past.conflicts(doc).items())
        with self._lock:
            sure = moved & self._seen.get(here, frozenset())
            self._seen[here] = moved
            before = self._told.get(here, _NOTHING)
            self._told[here] = (before[0] & moved | sure, waiting)
        news, twins = sure - before[0], waiting ^ before[1]
        if not news and not twins:
            return {}
        snapshot = read(self._desk.workspace, doc)
        updates: Updates = {}
        for section, _ in twins:
            updates |= _pane(snapshot, section, stamps, selected)
        if news:
            updates["message"] = _note(snapshot, [section for section, _ in news])
        return updates

    def _moved(self, session: str, doc: int, stamps: Sequence[str]) -> frozenset[tuple[str, int]]:
        """Return (section, revision) of what this page shows and did not save as it stands now."""
        revs = self._past.revs(doc)
        found = set()
        for stamp in filter(None, map(read_stamp, stamps[:POOL])):
            now = revs.get(stamp.section, 0)
            known = max(stamp.rev, self._desk.saver.reached(session, doc, stamp.section))
            own = self._desk.saver.lost(session, doc, stamp.section) is not None
            if stamp.doc == doc and now > known and not own:
                found.add((stamp.section, now))
        return frozenset(found)


def _pane(snapshot: Snapshot, section: str, stamps: Sequence[str], selected: str) -> Updates:
    place, card = snapshot.at(section), showing.card_of(stamps, section)
    if place is None or card is None:
        return {}
    return {f"pane.{card}": showing.frame(snapshot, place, card, selected)[f"pane.{card}"]}


def _note(snapshot: Snapshot, sections: Sequence[str]) -> str:
    labels = snapshot.labels()
    names = "、".join(labels.get(section, "") for section in sections[:3] if section in labels)
    more = f"等 {len(sections)} 节" if len(sections) > 3 else ""
    return message_html(
        "info",
        f"这篇文稿在另一个窗口里改过：{names}{more}。",
        "接着在这里打字也不会丢，两边的文字都会留下来由您选。",
        buttons=mini("看最新的", "refresh", "strong"),
    )
