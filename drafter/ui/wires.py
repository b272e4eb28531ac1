"""The writing tab's wiring: which event of the page calls which handler, with what."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import gradio as gr

from drafter.ui.acts import Acts
from drafter.ui.compare_acts import Comparing, wire_comparing
from drafter.ui.desk import Desk
from drafter.ui.drafting import Drafting
from drafter.ui.fact_wires import wire_fact_files
from drafter.ui.incoming import Incoming
from drafter.ui.jobs import Jobs
from drafter.ui.outgoing import Outgoing
from drafter.ui.preview_wires import wire_layouts, wire_preview
from drafter.ui.previewing import Previewing
from drafter.ui.showing import POOL, known_names
from drafter.ui.wiring import ALL_IN_ORDER, FREE, IN_ORDER, MODEL, Board, Handler, Told, Updates
from drafter.workflow import Workspace

ADDRESS = "(doc) => { if (doc) history.replaceState(null, '', '?doc=' + doc) }"
# A save answers at once but holds its place this long, so that fast typing is saved once or twice
# a second rather than at every key (the browser sends the last text when the place is free).
SAVE_PAUSE = 0.5
# What is sent for each frame of a text that grows: all else would keep the browser busy.
STREAM = ("live", "beat", "saved", "selected")
FETCH = "() => setTimeout(() => document.querySelector('#download')?.click(), 60)"
TO_TITLE = """() => {
  const title = document.querySelector('#title textarea, #title input');
  title?.focus();
  title?.select();
}"""


def fresh(handler: Handler) -> Handler:
    """Return an export's handler that first takes the last file away: an export that fails must
    not have the browser fetch that one again."""

    def run(*values: Any) -> Iterator[Updates]:  # noqa: ANN401 - whatever the page holds
        yield {"download": gr.update(value=None)}
        made = handler(*values)
        if isinstance(made, Mapping):
            yield made
        else:
            yield from made

    return run


class Wires:
    """Connects a board to the handlers."""

    def __init__(self, board: Board, workspace: Workspace, folder: Path) -> None:
        self.board = board
        self.desk = Desk(workspace, Jobs())
        self.incoming = Incoming(self.desk)
        self.comparing = Comparing(self.desk)
        back = {"undo-return": self.incoming.undo, "reopen-return": self.incoming.reopen}
        self.acts = Acts(self.desk, {**back, **self.comparing.acts()})
        self.drafting = Drafting(self.desk)
        self.outgoing = Outgoing(self.desk, folder)
        self.previewing = Previewing(self.desk)
        self.all_names = known_names(board.parts)
        self.arrival = (
            *self.all_names,
            "title",
            "paste",
            "outline",
            "paste_box",
            "saved",
            *("ev_exemplars", "ev_found", "compare"),
        )
        self.stamps = tuple(f"stamp.{card}" for card in range(POOL))
        self.pairs = (*self.stamps, *(f"editor.{card}" for card in range(POOL)))
        self.where = ("doc_id", "selected", "offset")

    def each(self, name: str) -> tuple[str, ...]:
        """Return the names of one component of all cards."""
        return tuple(f"{name}.{card}" for card in range(POOL))

    def documents(self, blocks: Any) -> None:  # noqa: ANN401
        """Opening, switching, naming and deleting documents."""
        board, desk = self.board, self.desk
        arrivals = [
            board.on([blocks.load], desk.open, ("doc_id",), self.arrival, **FREE),
            board.on(
                [board.parts["docs"].input],
                desk.switch,
                ("docs", *self.pairs),
                self.arrival,
                **FREE,
            ),
            board.on([board.parts["new"].click], desk.new, self.pairs, self.arrival, **FREE),
            board.on(
                [board.parts["delete"].click],
                desk.delete,
                ("doc_id", *self.pairs),
                self.arrival,
                **FREE,
            ),
        ]
        for arrival in arrivals:
            self.look_on(arrival)
            self.exemplars(arrival)
        board.parts["doc_id"].change(None, board.parts["doc_id"], None, js=ADDRESS)
        board.parts["rename"].click(None, None, None, js=TO_TITLE)
        board.on(
            [board.parts["title"].change],
            desk.rename,
            ("doc_id", "title"),
            ("docs", "saved"),
            **IN_ORDER,
        )

    def look_on(self, after: Any) -> None:  # noqa: ANN401
        """Show writing that is under way in the document just opened."""
        self.board.on((), self.drafting.look_on, self.where, STREAM, after=after, **FREE)

    def exemplars(self, after: Any) -> None:  # noqa: ANN401
        """Look for exemplars of the section in focus."""
        self.board.on(
            (),
            self.comparing.exemplars,
            ("doc_id", "selected"),
            ("ev_exemplars",),
            errors_to="ev_exemplars",
            after=after,
            trigger_mode="always_last",
            concurrency_limit=1,
        )

    def facts(self) -> None:
        """The paste and the plan made of it."""
        board, desk = self.board, self.desk
        wire_fact_files(board, desk)
        board.on(
            [board.parts["paste"].change],
            desk.save_paste,
            ("doc_id", "paste"),
            ("saved",),
            pause=SAVE_PAUSE,
            **IN_ORDER,
        )
        board.on(
            [board.parts["example"].click],
            desk.example,
            ("doc_id", "paste"),
            ("paste", "saved"),
            **FREE,
        )
        arranged = board.on(
            [board.parts["arrange"].click],
            desk.arrange,
            ("doc_id", "paste", "outline", *self.pairs),
            (*self.all_names, "title", "outline", "paste_box", "saved"),
            concurrency_limit=None,
        )
        self.exemplars(arranged)

    def text(self) -> None:
        """Typing in editors and headings, and entering one."""
        board, desk = self.board, self.desk
        for card in range(POOL):
            self._card(card)
        entered = board.on(
            [(board.parts["cards"], "enter")],
            self.acts.focus,
            (*self.where, *self.stamps),
            (
                "selected",
                "toc",
                "ev_title",
                "ev_facts",
                "ev_issues",
                "ev_history",
                *self.each("head"),
            ),
            **FREE,
        )
        board.on(
            [(board.parts["cards"], "renamed")],
            lambda told: desk.rename_section(told, told.get("stamp"), told.get("heading")),
            (),
            ("facts", "toc", "totals", "saved"),
            **ALL_IN_ORDER,
        )
        self.exemplars(entered)
        board.on(
            [board.parts["ready"].change],
            self.comparing.exemplars,
            ("doc_id", "selected"),
            ("ev_exemplars",),
            errors_to="ev_exemplars",
        )

    def _card(self, card: int) -> None:
        board, desk = self.board, self.desk
        own = ("stamp", "head", "marks", "pane")
        names = [f"{name}.{card}" for name in own]

        def save(told: Told, *values: str) -> Any:  # noqa: ANN401
            for updates in desk.save(told, *values):
                yield {f"{n}.{card}" if n in own else n: value for n, value in updates.items()}

        board.on(
            [board.parts[f"editor.{card}"].change],
            save,
            (f"stamp.{card}", f"editor.{card}", "doc_id", "selected"),
            (
                *names,
                "saved",
                "ev_title",
                "ev_facts",
                "ev_issues",
                "ev_history",
                "facts",
                "toc",
                "totals",
            ),
            pause=SAVE_PAUSE,
            **IN_ORDER,
        )

    def panels(self) -> None:
        """The buttons inside the panels."""
        board = self.board
        panels = (
            "message",
            "standing",
            "standing_long",
            "facts",
            "toc",
            "pager",
            *("ev_exemplars", "ev_found", "compare"),
            "ev_facts",
            "ev_issues",
            "ev_history",
            "ev_document",
            "dialog",
            "cards",
        )
        acted = board.on(
            [(board.parts[name], "act") for name in panels],
            self.acts.act,
            (*self.where, *self.pairs),
            (*self.arrival, "ev_tabs", "timer", "returned", "dialog"),
            **FREE,
        )
        self.exemplars(acted)
        self.look_on(acted)
        wire_comparing(board, self.comparing, self.where, self.pairs)

    def written(self) -> tuple[str, ...]:
        """Return the names that writing changes."""
        return (
            *self.stamps,
            *self.each("editor"),
            *self.each("head"),
            *self.each("marks"),
            *self.each("pane"),
            *self.each("tools"),
            "facts",
            "toc",
            "totals",
            "saved",
            "ev_title",
            "ev_facts",
            "ev_issues",
            "ev_history",
        )

    def writing(self) -> None:
        """Everything that has the model write, and stopping it."""
        board, drafting = self.board, self.drafting
        where = (*self.where, *self.pairs)
        writers = ("cards", "ev_issues", "ev_exemplars")
        rewrites = [(board.parts[name], "write") for name in writers]
        runs = [
            board.on([board.parts["write_all"].click], drafting.write_all, where, STREAM, **MODEL),
            board.on(rewrites, drafting.rewrite, where, STREAM, **MODEL),
        ]
        board.on(
            [board.parts["beat"].change],
            drafting.catch_up,
            (*self.where, "beat", *self.pairs),
            self.written(),
            trigger_mode="always_last",
            concurrency_limit=None,
        )
        for run in runs:
            self.exemplars(run)
        board.on([board.parts["stop"].click], drafting.stop, ("doc_id",), (), **FREE)

    def out(self) -> None:
        """Export, of the report and of what belongs to it."""
        board, outgoing = self.board, self.outgoing
        typed = ("doc_id", *self.pairs)
        clicks: list[tuple[str, Handler, tuple[str, ...]]] = [
            *((f"export_{form}", outgoing.exporter(form), typed) for form in ("docx", "txt", "md")),
            ("files_docx", outgoing.exporter("docx"), typed),
            *((name, outgoing.pdf, typed) for name in ("export_pdf", "files_pdf")),
            *((f"appendix_{form}", outgoing.appendix(form), typed) for form in ("docx", "xlsx")),
            ("redline", outgoing.redline, ("doc_id", "redline_base", *self.pairs)),
        ]
        for name, handler, inputs in clicks:
            made = board.on(
                [board.parts[name].click], fresh(handler), inputs, ("download", "saved"), **FREE
            )
            made.success(None, None, None, js=FETCH)
        made = board.on(
            [board.parts["against"].upload],
            fresh(outgoing.redline_against),
            ("against", *typed),
            ("download", "saved", "against"),
            **FREE,
        )
        made.success(None, None, None, js=FETCH)
        self._files()

    def _files(self) -> None:
        """The tab of files: what is chosen, and what came back."""
        board, opened = self.board, [self.board.parts["files_tab"].select]
        board.on(opened, self.incoming.show, ("doc_id",), ("returned",), **FREE)
        wire_layouts(board, self.outgoing, self.previewing)
        wire_preview(board, self.previewing, self.pairs)
        board.on(
            [board.parts["edited"].upload],
            self.incoming.receive,
            ("edited", "doc_id", *self.pairs),
            ("returned", "edited", "saved"),
            **FREE,
        )
        board.on(
            [(board.parts["returned"], "act")],
            self.incoming.act,
            (*self.where, *self.pairs),
            (*self.arrival, "returned"),
            **FREE,
        )
