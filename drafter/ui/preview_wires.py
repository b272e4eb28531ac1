"""The wiring of layouts, the office's templates and the preview, on the tab of files."""

from drafter.ui.outgoing import Outgoing
from drafter.ui.previewing import Previewing
from drafter.ui.wiring import FREE, IN_ORDER, Board

_SHOWN = ("preview", "preview_pages")
_LAYOUTS = ("out_title", "layout", "number_font", "fonts", "redline_base")


def wire_preview(board: Board, previewing: Previewing, pairs: tuple[str, ...]) -> None:
    """Connect the preview; a change taken from a returned file may make it old."""
    typed, parts = ("doc_id", *pairs), board.parts
    board.on([parts["files_tab"].select], previewing.look, ("doc_id",), _SHOWN, **FREE)
    board.on([parts["preview_make"].click], previewing.make, typed, (*_SHOWN, "saved"), **FREE)
    board.on([(parts["preview"], "act")], previewing.act, typed, (*_SHOWN, "saved"), **FREE)
    board.on([parts["returned"].change], previewing.show, ("doc_id",), _SHOWN, **FREE)


def wire_layouts(board: Board, outgoing: Outgoing, previewing: Previewing) -> None:
    """Connect how a Word file is set; whatever changes that makes a preview old."""
    parts = board.parts
    board.on([parts["files_tab"].select], outgoing.show, ("doc_id",), _LAYOUTS, **FREE)
    changed = (
        board.on(
            [parts[name].input for name in ("layout", "number_font")],
            outgoing.choose,
            ("layout", "number_font"),
            ("fonts",),
            **IN_ORDER,
        ),
        board.on(
            [parts["template"].upload],
            outgoing.add_template,
            ("template", "doc_id"),
            (*_LAYOUTS, "template"),
            **FREE,
        ),
        board.on(
            [(parts["fonts"], "act")], outgoing.remove_template, ("doc_id",), _LAYOUTS, **FREE
        ),
    )
    for event in changed:
        board.on((), previewing.show, ("doc_id",), _SHOWN, after=event, **FREE)
