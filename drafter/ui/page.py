"""The page: its components, and the wiring of all tabs."""

from pathlib import Path
from typing import Any

from drafter.errors import UserFacingError
from drafter.ui.choices import Choices
from drafter.ui.copies import Copies, wire_copies
from drafter.ui.habits import wire_habits
from drafter.ui.layout import lay_out
from drafter.ui.offline_view import Offline, wire_offline
from drafter.ui.reading_ahead import ReadingAhead, wire_reading_ahead
from drafter.ui.served import Served
from drafter.ui.shelf import Shelf
from drafter.ui.sparing import SparingBlocks
from drafter.ui.watching import Watching
from drafter.ui.whole_tab import WholeTab, wire_whole
from drafter.ui.wires import Wires
from drafter.ui.wiring import FREE, Board
from drafter.workflow import Workspace


def wire_library(board: Board, shelf: Shelf) -> None:
    """The sample library's tab."""
    board.on([board.parts["library_tab"].select], shelf.list, (), ("reports",), **FREE)
    board.on(
        [board.parts["upload"].upload],
        shelf.upload,
        ("upload",),
        ("upload", "outcomes", "reports"),
    )
    board.on([board.parts["rebuild"].click], shelf.rebuild, (), ("outcomes", "reports"))
    board.on([board.parts["learn"].click], shelf.learn, (), ("outcomes",))
    board.on([board.parts["stop_learning"].click], shelf.stop_learning, (), (), **FREE)
    board.on([(board.parts["reports"], "act")], shelf.act, (), ("reports", "parsed"), **FREE)
    board.on(
        [board.parts["search"].click, board.parts["query"].submit],
        shelf.search,
        ("query", "role"),
        ("hits",),
        errors_to="hits",
    )


def wire_watching(wires: Wires) -> None:
    """Tell a page what another one has changed."""
    wires.board.on(
        [wires.board.parts["watch"].tick],
        Watching(wires.desk).look,
        (*wires.where, *wires.stamps),
        wires.each("pane"),
        trigger_mode="once",
        concurrency_limit=None,
    )


def wire_settings(board: Board, choices: Choices) -> None:
    """The settings tab and the status lines."""
    fields = ("set_model", "set_engine", "set_server_model", "set_key", "set_embedder")
    board.on([board.parts["settings_tab"].select], choices.show, (), fields, **FREE)
    board.on([board.parts["keep"].click], choices.keep, fields, (*fields, "timer"))
    board.on([board.parts["prepare"].click], choices.prepare, (), ("timer",), **FREE)
    board.on([board.parts["stop_download"].click], choices.stop, (), ("timer",), **FREE)
    board.on(
        [board.parts["timer"].tick],
        choices.standing,
        (),
        ("standing", "standing_long", "ready", "timer"),
        trigger_mode="once",
        concurrency_limit=None,
    )


def build_page(workspace: Workspace, folder: Path) -> tuple[Any, Served]:
    """Return the page as gradio Blocks, and what knows how it is served. Exports are put into
    `folder` for the browser to fetch."""
    board, choices = Board(), Choices(workspace)
    with SparingBlocks(
        title="拟稿台", analytics_enabled=False, fill_width=True, delete_cache=(1800, 1800)
    ) as blocks:
        lay_out(board, _outlines(workspace))
        wires = Wires(board, workspace, folder)
        wires.documents(blocks)
        wires.facts()
        wires.text()
        wire_habits(board, wires.desk, wires.pairs)
        wires.panels()
        wire_watching(wires)
        wires.writing()
        wires.out()
        wire_library(board, Shelf(workspace))
        wire_settings(board, choices)
        wire_reading_ahead(board, ReadingAhead(workspace))
        wire_whole(board, WholeTab(wires.desk))
        wire_copies(board, Copies(workspace, folder))
        wire_offline(board, Offline(workspace))
    return blocks.queue(default_concurrency_limit=4), Served(board, wires.desk, choices)


def _outlines(workspace: Workspace) -> list[tuple[str, str]]:
    """Return the outlines to choose from; a faulty file must not keep the page from opening."""
    try:
        known = workspace.outlines()
    except UserFacingError:
        known = ()
    return [("按要点自动选择", ""), *((label, name) for name, label in known)]
