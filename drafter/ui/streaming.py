"""What a page is sent while a text grows: little. Each frame goes to one unseen panel ("live"), and
assets/live.js shows it under its card; a "beat" tells that a section has become whole, and only
then the page asks for all that has changed."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from drafter.ui import showing
from drafter.ui.candidates_view import live_html
from drafter.ui.jobs import View
from drafter.ui.saving import read_stamp, text_hash
from drafter.ui.section_view import first_html
from drafter.ui.showing import POOL, Page, Updates
from drafter.ui.snapshot import Snapshot, read
from drafter.ui.text import esc
from drafter.workflow import Workspace


@dataclass(frozen=True, slots=True)
class Beat:
    """Where a job stands: the section being written, those finished since it began, in their
    order, whether it is over."""

    doc: int
    live: str
    finished: tuple[str, ...]
    ended: bool

    def __str__(self) -> str:
        return json.dumps([self.doc, self.live, self.finished, self.ended])


def read_beat(written: str) -> Beat | None:
    """Return the beat the page sent back; None before the first."""
    if not written:
        return None
    try:
        doc, live, finished, ended = json.loads(written)
        return Beat(int(doc), str(live), tuple(map(str, finished)), bool(ended))
    except (ValueError, TypeError, OverflowError, RecursionError):  # not as a page sends it
        return None


def growing(snapshot: Snapshot, view: View) -> str:
    """Return what the unseen panel holds of a text that grows, "" when nothing does.

    The HTML is an attribute's value: no part of the page until the script puts it in.
    """
    section = view.section_id
    if not view.text or not section or section in view.finished or view.ended:
        return ""
    state = snapshot.state(section)
    if state is None:
        return ""
    if view.kind == "section":
        every = snapshot.candidates.get(section, ())
        before = every[len(every) - view.done :] if view.done else ()
        name = f"第 {view.done + 1} 稿" if view.total > 1 else "候选"
        body = live_html(state.section.text, view.text, view.message, name, before)
    else:
        body = first_html(view.text, view.message)
    return f'<i data-live="{esc(section)}" data-html="{esc(body)}"></i>'


def caught_up(workspace: Workspace, page: Page, beat: Beat, pairs: Sequence[str]) -> Updates:
    """Return what a beat changes on the page: the cards that became whole (all, when the job is
    over), the lists, what is known of the section in focus."""
    snapshot = read(workspace, page.doc)
    stamps, texts = pairs[:POOL], pairs[POOL : 2 * POOL]
    updates: Updates = {}
    for card, (written, text) in enumerate(zip(stamps, texts, strict=True)):
        stamp = read_stamp(written)
        place = snapshot.at(stamp.section) if stamp and stamp.doc == page.doc else None
        if stamp is None or place is None:
            continue
        if beat.ended or stamp.section in beat.finished:
            updates |= showing.frame(snapshot, place, card, page.selected)
            updates |= _editor(snapshot, place, card, stamp.text_hash, text or "")
    updates |= showing.lists(snapshot, page.selected, "" if beat.ended else beat.live)
    if beat.ended or page.selected in beat.finished:
        updates |= showing.evidence(workspace, snapshot, page.selected)
    return updates


def _editor(snapshot: Snapshot, place: int, card: int, known: str, text: str) -> Updates:
    """Return an editor's new text, unless it is there already or somebody has typed meanwhile."""
    now = text_hash(snapshot.states[place].section.text)
    if text_hash(text) != known or now == known:
        return {}
    return {
        f"stamp.{card}": showing.stamp(snapshot, snapshot.states[place]),
        f"editor.{card}": showing.editor(snapshot, place),
    }
