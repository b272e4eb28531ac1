"""What a person does with exemplars: compare, pin, ban, search; a text kept as own style."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, get_args

from drafter.choosing import Choice, Considered
from drafter.errors import InputError, StoreError
from drafter.own_style import FORMULAS
from drafter.types import SectionState
from drafter.ui.compare_pane import pane_html
from drafter.ui.compare_view import (
    FORMULA,
    SAME_ROLE,
    Beside,
    exemplars_html,
    found_html,
    name_of,
)
from drafter.ui.desk import Desk
from drafter.ui.showing import Page, Updates
from drafter.ui.snapshot import document_id
from drafter.ui.status_view import message_html
from drafter.ui.tags import empty
from drafter.ui.wiring import FREE, Board, Told
from index.types import Role

HITS = 6
# The panel of the two texts, by its id on the page.
PANE = "compare"


class Comparing:
    """Exemplars of the section in focus. What is chosen is kept with the document at once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._workspace = desk.workspace
        self._choosing = desk.workspace.choosing
        self._asked: dict[str, tuple[str, str]] = {}
        # What each page shows of which section, so that typing colours it anew without a search.
        self._shown: dict[str, tuple[int, Beside]] = {}
        # The section whose exemplars each page asked for last.
        self._wanted: dict[str, tuple[str, str]] = {}

    def acts(self) -> dict[str, Callable[[Told, Page], Updates]]:
        """Return the actions by name, for the panels."""
        return {
            "pin": lambda told, page: self._choose(told, page, "pinned"),
            "unpin": lambda told, page: self._choose(told, page, None),
            "ban": lambda told, page: self._choose(told, page, "banned"),
            "swap": lambda told, page: self._choose(told, page, "banned"),
            "unban": lambda told, page: self._choose(told, page, None),
            "undo-choice": self._undo,
            "keep-style": self._keep_section,
            "keep-report": self._keep_report,
            "drop-style": self._take_out,
        }

    # looking

    def exemplars(self, told: Told, doc_id: str, selected: str) -> Updates:
        """Show the exemplars of the section in focus; never waits for a model to load.

        Nothing, where the page asked for another section's while these were being looked for: they
        would lie over those.
        """
        wanted = self._wanted[told.session] = (doc_id, selected)
        self._shown.pop(told.session, None)
        state = self._state(doc_id, selected)
        if state is None:
            return {"ev_exemplars": exemplars_html(None)}
        waiting = self._waiting()
        if waiting:
            return {"ev_exemplars": waiting}
        if state.section.role in FORMULAS:
            return {"ev_exemplars": FORMULA}
        doc = document_id(doc_id)
        beside = self._beside(doc, state)
        if self._wanted[told.session] != wanted:
            return {}
        self._shown[told.session] = (doc, beside)
        return {"ev_exemplars": exemplars_html(beside)}

    def recolour(self, told: Told, doc_id: str, selected: str) -> Updates:
        """Show the exemplars already found beside the text as it has just been saved."""
        doc, beside = self._shown.get(told.session, (0, None))
        if beside is None or str(doc) != doc_id or beside.state.section.id != selected:
            return {}
        state = self._state(doc_id, selected)
        if state is None or state.section == beside.state.section:
            return {}
        beside = replace(beside, state=state, kept=self._choosing.own.kept(doc))
        self._shown[told.session] = (doc, beside)
        return {"ev_exemplars": exemplars_html(beside)}

    def _state(self, doc_id: str, selected: str) -> SectionState | None:
        if not doc_id or not selected:
            return None
        try:
            return self._workspace.section(document_id(doc_id), selected)
        except (InputError, StoreError):
            return None

    def _waiting(self) -> str:
        library = self._workspace.library_status()
        if library.state in ("ready", "failed"):
            return ""
        doing = library.message.rstrip("。")
        return empty(f"{doing}。准备好以后，这里会显示与本节最接近的样本段落。")

    def _beside(self, doc: int, state: SectionState) -> Beside:
        sheet = self._workspace.sheet(doc)
        return Beside(
            state,
            self._choosing.considered(doc, state.section),
            self._choosing.set_aside(doc, state.section.id),
            self._choosing.own.kept(doc),
            tuple(fact.text for fact in sheet.facts) if sheet else (),
        )

    def find(self, told: Told, doc_id: str, selected: str) -> Updates:
        """Search the library by hand."""
        self._asked[told.session] = (told.get("query"), told.get("role"))
        waiting = self._waiting()
        return {"ev_found": waiting or self._found(told, document_id(doc_id), selected)}

    def _found(self, told: Told, doc: int, selected: str) -> str:
        asked, wish = self._asked.get(told.session, ("", ""))
        state = self._state(str(doc), selected)
        wanted: Role | None = next((role for role in get_args(Role) if role == wish), None)
        if wish == SAME_ROLE and state is not None:
            wanted = state.section.role
        found = self._choosing.search(doc, selected, asked, wanted, HITS)
        return found_html(found, asked)

    # side by side

    def look(self, told: Told, doc_id: str, selected: str, *pairs: str) -> Updates:
        """Open the section in focus and one exemplar side by side, or close them."""
        if told.get("do") == "uncompare":
            return {"compare": ""}
        notes = self._desk.flush(told, pairs)
        return {"compare": self._pane(document_id(doc_id), selected, told.get("id"))} | notes

    def _pane(self, doc: int, selected: str, exemplar: str) -> str:
        state = self._state(str(doc), selected)
        if state is None:
            return ""
        beside = self._beside(doc, state)
        one = next((c for c in beside.found if c.exemplar.section.id == exemplar), None)
        one = one or self._choosing.one(doc, state.section, exemplar)
        if one is None:
            raise InputError("这段样本已从样本库删除。", "请从列表里另选一段。")
        sections = [s.section.id for s in self._workspace.sections(doc)]
        number = self._workspace.numbers(doc)[sections.index(selected)]
        return pane_html(beside, one, number)

    # deciding

    def _choose(self, told: Told, page: Page, choice: Choice | None) -> Updates:
        exemplar, do = told.get("id"), told.get("do")
        section = self._section(page)
        seen = self._ids(page, section)
        before = self._choosing.choose(page.doc, section.section.id, exemplar, choice)
        undo = f"undo-choice:{section.section.id}|{exemplar}|{before or ''}"
        now = self._beside(page.doc, section).found
        fresh = next((one for one in now if one.exemplar.section.id not in seen), None)
        note = message_html("info", _SAID[do], _hint(do, fresh), undo=undo)
        updates: Updates = {"message": note}
        if told.name == PANE:
            goal = exemplar if choice != "banned" else fresh and fresh.exemplar.section.id
            updates["compare"] = self._pane(page.doc, section.section.id, goal) if goal else ""
        if told.session in self._asked:
            updates["ev_found"] = self._found(told, page.doc, section.section.id)
        return updates

    def _section(self, page: Page) -> SectionState:
        state = self._state(str(page.doc), page.selected)
        if state is None:
            raise InputError("还没有选中哪一节。", "先点正文里的一节，再选范例。")
        return state

    def _ids(self, page: Page, state: SectionState) -> set[str]:
        found = self._choosing.considered(page.doc, state.section)
        return {one.exemplar.section.id for one in found}

    def _undo(self, told: Told, page: Page) -> Updates:
        section, _, rest = told.get("id").partition("|")
        exemplar, _, before = rest.partition("|")
        known: Choice | None = next((c for c in get_args(Choice) if c == before), None)
        self._choosing.choose(page.doc, section, exemplar, known)
        updates: Updates = {"focus": section, "message": message_html("info", "已撤销。")}
        if told.session in self._asked:
            updates["ev_found"] = self._found(told, page.doc, section)
        return updates

    # the unit's own style

    def _keep_section(self, told: Told, page: Page) -> Updates:
        self._ready()
        state = self._workspace.section(page.doc, told.get("id"))
        self._choosing.own.keep_section(page.doc, told.get("id"))
        return {"message": self._kept("已把本节存入样本库。", state)}

    def _keep_report(self, _told: Told, page: Page) -> Updates:
        self._ready()
        self._choosing.own.keep_report(page.doc)
        kept = len(self._choosing.own.kept(page.doc))
        states = self._workspace.sections(page.doc)
        return {"message": self._kept(f"已把全文 {kept} 节存入样本库。", *states)}

    def _ready(self) -> None:
        status = self._workspace.library_status()
        if status.state not in ("ready", "failed"):
            raise InputError("样本库还在准备，没有存。", "等左下角显示“样本库：就绪”以后再存。")

    def _kept(self, what: str, *states: SectionState) -> str:
        errors = sum(f.severity == "error" for state in states for f in state.findings)
        hint = "以后写别的文稿，同样接近时优先作范例；在“样本库”里可以删除。"
        if errors:
            hint = f"其中还有 {errors} 处标着“须改”，改好以后请重新存一次。"
        return message_html("info", what, hint)

    def _take_out(self, told: Told, page: Page) -> Updates:
        self._choosing.own.take_out(page.doc, told.get("id"))
        return {"message": message_html("info", "已从样本库撤出本节。", "正文没有改动。")}


_SAID = {
    "pin": "已固定这段范例。",
    "unpin": "已取消固定。",
    "ban": "本节不再用这段范例。",
    "swap": "已换掉这段范例。",
    "unban": "已恢复，由检索决定用不用。",
}


def _hint(do: str, fresh: Considered | None) -> str:
    if do == "pin":
        return "写这一节时一定用它；点“用这些范例重写”看看效果。"
    if do in ("ban", "swap"):
        return f"换上来的是：{name_of(fresh)}。" if fresh else "样本库里没有更多合适的段落了。"
    return ""


def wire_comparing(board: Board, comparing: Comparing, where: tuple[str, ...], pairs: Any) -> None:  # noqa: ANN401
    """Connect what the panels of exemplars do by themselves; the rest goes through `Acts`."""
    board.on(
        [(board.parts["ev_ask"], "act")], comparing.find, where[:2], ("ev_found",),
        errors_to="ev_found", **FREE,
    )  # fmt: skip
    board.on(
        [board.parts["saved"].change], comparing.recolour, where[:2], ("ev_exemplars",),
        errors_to="ev_exemplars", trigger_mode="always_last", concurrency_limit=1,
    )  # fmt: skip
    board.on(
        [(board.parts[name], "look") for name in ("ev_exemplars", "ev_found", "compare")],
        comparing.look, (*where[:2], *pairs), ("compare", "saved"), **FREE,
    )  # fmt: skip
