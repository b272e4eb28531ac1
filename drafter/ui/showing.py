"""What the writing tab shows of a document, as values by name. Changes nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from drafter.tracing import told_in
from drafter.types import SectionState
from drafter.ui.evidence_view import section_facts_html
from drafter.ui.facts_view import facts_html, outline_html
from drafter.ui.findings_view import Account, findings_html
from drafter.ui.history_view import conflict_html, history_html
from drafter.ui.moments_view import moments_html
from drafter.ui.saving import read_stamp, stamp_of, text_hash
from drafter.ui.section_view import head_html, marks_html, pane_html, tools_html
from drafter.ui.sentence_view import sentence_bar_html
from drafter.ui.snapshot import Snapshot, read
from drafter.ui.status_view import totals_html
from drafter.ui.structure_view import line_html, strays_html
from drafter.ui.text import esc
from drafter.workflow import Workspace

# Cards built once and reused: a card that is created while somebody types elsewhere would push
# values into live editors (Gradio 6, #12788). The longest outline shipped has 26 sections.
POOL = 32

Updates = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """What a browser page has open: document, section in focus, first section shown."""

    doc: int
    selected: str
    offset: int


@dataclass(frozen=True, slots=True)
class Editors:
    """What the page's editors hold, card by card: stamps and texts as the browser sent them."""

    stamps: Sequence[str]
    texts: Sequence[str]

    def holds(self, card: int, doc: int, section: str, text: str) -> bool:
        """Say whether this card already shows this very text of this section."""
        stamp = read_stamp(self.stamps[card])
        return (
            stamp is not None
            and (stamp.doc, stamp.section) == (doc, section)
            and text_hash(self.texts[card] or "") == text_hash(text)
        )

    def visible(self, card: int) -> bool:
        """Say whether this card is shown on the page."""
        return bool(self.stamps[card])


def documents(workspace: Workspace, doc: int) -> Any:  # noqa: ANN401 - a gradio update
    """Return the document menu with this one chosen."""
    choices = [(info.title, str(info.id)) for info in workspace.documents()]
    return gr.update(choices=choices, value=str(doc))


def whole(workspace: Workspace, page: Page, editors: Editors, running: str = "") -> Updates:
    """Return everything of the writing tab but the exemplars. Editors that already hold their
    section's text are left alone, so that a word being typed is not taken back."""
    snapshot = read(workspace, page.doc)
    page = in_range(page, snapshot)
    return {
        "doc_id": str(page.doc),
        "selected": page.selected,
        "offset": str(page.offset),
        "docs": documents(workspace, page.doc),
        **lists(snapshot, page.selected, running),
        **cards(snapshot, page, editors),
        **evidence(workspace, snapshot, page.selected),
        "start": gr.update(visible=not snapshot.states),
        "pager": pager_html(page.offset, len(snapshot.states)),
        "ev_document": moments_html(workspace.past.moments(page.doc), snapshot.plan is not None),
    }


def in_range(page: Page, snapshot: Snapshot) -> Page:
    """Return the page with a section in focus that exists and an offset that shows something."""
    selected = page.selected
    if snapshot.state(selected) is None:
        candidates = [s for s in snapshot.states if s.section.fact_ids]
        selected = (candidates or list(snapshot.states))[0].section.id if snapshot.states else ""
    offset = page.offset if 0 <= page.offset < max(1, len(snapshot.states)) else 0
    return Page(page.doc, selected, offset)


def lists(snapshot: Snapshot, selected: str, running: str = "") -> Updates:
    """Return facts, outline and totals."""
    used = sum(use.status in ("used", "merged") for use in snapshot.uses)
    facts = len(snapshot.sheet.facts) if snapshot.sheet else 0
    return {
        "facts": facts_html(
            snapshot.sheet,
            snapshot.plan,
            snapshot.uses,
            snapshot.labels(),
            snapshot.states,
            told_in(s for found in snapshot.reviewed.sentences.values() for s in found),
        ),
        "toc": line_html(snapshot.line)
        + outline_html(snapshot.states, snapshot.numbers, selected, running),
        "totals": totals_html(snapshot.states, used, facts, snapshot.open_errors),
    }


def cards(snapshot: Snapshot, page: Page, editors: Editors) -> Updates:
    """Return all cards; stamps come before editors, so that a text never meets another's stamp."""
    stamps, rest = {}, {}
    for card in range(POOL):
        place = page.offset + card
        if place >= len(snapshot.states):
            if editors.visible(card):
                stamps[f"stamp.{card}"] = ""
                rest[f"head.{card}"] = ""  # without a head the card is not displayed
            continue
        state = snapshot.states[place]
        rest |= frame(snapshot, place, card, page.selected)
        rest[f"heading.{card}"] = state.section.heading
        waiting = snapshot.conflicts.get(state.section.id)
        if waiting and editors.holds(card, snapshot.doc, state.section.id, waiting.text):
            continue  # this window's own text, until the person has chosen: it stays as it is
        stamps[f"stamp.{card}"] = stamp(snapshot, state)
        if not editors.holds(card, snapshot.doc, state.section.id, state.section.text):
            rest[f"editor.{card}"] = editor(snapshot, place)
    return stamps | rest


def stamp(snapshot: Snapshot, state: SectionState) -> str:
    """Return the stamp of a section as it stands."""
    section = state.section
    return str(stamp_of(snapshot.doc, section.id, state.rev, section.text))


def frame(snapshot: Snapshot, place: int, card: int, selected: str) -> Updates:
    """Return what stands around a section's editor."""
    state = snapshot.states[place]
    return {
        f"head.{card}": head_html(state, snapshot.numbers[place], state.section.id == selected),
        f"marks.{card}": marks_html(
            state.section.text,
            snapshot.reviewed.sentences.get(state.section.id, ()),
            snapshot.remarks(state.section.id),
            snapshot.locked(state.section.id),
        ),
        f"pane.{card}": beside(snapshot, place)
        + pane_html(
            state,
            snapshot.facts(state),
            snapshot.candidates.get(state.section.id, ()),
            snapshot.locked(state.section.id),
        ),
        f"tools.{card}": tools_html(state, snapshot.is_parent(place), snapshot.wanted),
    }


def beside(snapshot: Snapshot, place: int) -> str:
    """Return what waits for a decision under a section's editor: another window's text, facts that
    have moved."""
    section = snapshot.states[place].section
    conflict = snapshot.conflicts.get(section.id)
    twins = conflict_html(section.id, conflict) if conflict else ""
    writable = not section.locked and not snapshot.is_parent(place) and bool(section.fact_ids)
    found = snapshot.strays.get(section.id, ())
    return twins + strays_html(section.id, found, snapshot.labels() if found else {}, writable)


def editor(snapshot: Snapshot, place: int) -> Any:  # noqa: ANN401 - a gradio update
    """Return a section's editor with its text."""
    parent = snapshot.is_parent(place)
    hint = (
        "本节下面分小节写；这里可以写一句引语，也可以空着"
        if parent
        else "还没有写，可以直接在这里写"
    )
    return gr.update(value=snapshot.states[place].section.text, placeholder=hint)


def evidence(workspace: Workspace, snapshot: Snapshot, section_id: str) -> Updates:
    """Return facts, findings and history of the section in focus."""
    state = snapshot.state(section_id)
    place = snapshot.at(section_id)
    entries = workspace.past.entries(snapshot.doc, section_id) if state else ()
    number = snapshot.numbers[place] if place is not None else ""
    return {
        "ev_title": evidence_title(state, number),
        "ev_facts": section_facts_html(
            state, snapshot.facts(state) if state else (), snapshot.uses
        ),
        "ev_issues": sentence_bar_html(state, snapshot.locked(section_id))
        + findings_html(state, account(workspace, snapshot, section_id)),
        "ev_history": history_html(
            state, entries, workspace.past.milestones_of(snapshot.doc) if state else {}
        ),
    }


def account(workspace: Workspace, snapshot: Snapshot, section_id: str) -> Account:
    """Return what there is to say of a section's findings; of the whole draft's only once
    something is written."""
    remarks = snapshot.remarks(section_id)
    written = any(state.section.text.strip() for state in snapshot.states)
    whole = snapshot.remarks(None) if written else ()
    review, reviewed = workspace.review, snapshot.reviewed
    return Account(
        remarks,
        whole,
        reviewed.sentences.get(section_id, ()),
        review.origins(reviewed, remarks),
        {remark.key: review.fixes(reviewed, remark) for remark in remarks},
        reviewed.reasons,
        snapshot.locked(section_id).live,
    )


def evidence_title(state: SectionState | None, number: str) -> str:
    """Return which section the right column is about."""
    if state is None:
        return '<div class="ev-title"><b>旁证</b></div>'
    name = (
        (number + state.section.heading) if state.section.heading else f"〔{state.section.role}〕"
    )
    return f'<div class="ev-title"><b>旁证</b><span title="{esc(name)}">{esc(name)}</span></div>'


def pager_html(offset: int, total: int) -> str:
    """Return how to reach sections beyond the cards there are; nothing when all are shown."""
    if total <= POOL:
        return ""
    last = min(offset + POOL, total)
    back = max(0, offset - POOL)
    earlier = (
        f'<button type="button" class="mini" data-do="page" data-id="{back}">前面的节</button>'
    )
    later = f'<button type="button" class="mini" data-do="page" data-id="{last}">后面的节</button>'
    return (
        f'<div class="pager">提纲共 {total} 节，本页显示第 {offset + 1}–{last} 节。'
        f"{earlier if offset else ''}{later if last < total else ''}</div>"
    )


def card_of(stamps: Sequence[str], section_id: str) -> int | None:
    """Return the card that shows a section, from the stamps on the page."""
    for card, written in enumerate(stamps):
        stamp = read_stamp(written)
        if stamp is not None and stamp.section == section_id:
            return card
    return None


def known_names(names: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names `whole` may give, of those on the board."""
    prefixes = ("head.", "heading.", "stamp.", "editor.", "marks.", "pane.", "tools.")
    fixed = (
        "doc_id",
        "selected",
        "offset",
        "docs",
        "facts",
        "toc",
        "totals",
        "start",
        "pager",
        "ev_title",
        "ev_facts",
        "ev_issues",
        "ev_history",
        "ev_document",
    )
    stamps = [name for name in names if name.startswith("stamp.")]
    others = [n for n in names if n.startswith(prefixes) and not n.startswith("stamp.")]
    return (*stamps, *fixed, *others)
