"""What a page shows when its answers come close together, as Gradio sends them."""

import asyncio
from types import SimpleNamespace
from typing import Any

import gradio as gr
from gradio.state_holder import SessionState

from drafter.ui.sparing import SparingBlocks
from drafter.ui.wiring import Board

ASKED = SimpleNamespace(session_hash="页")


def test_a_save_that_holds_its_place_says_nothing_old_at_its_end() -> None:
    """Gradio repeats the last answer when an event ends: half a second after a save, it lay over
    the lock that was set meanwhile."""
    board, locked = Board(), False

    def save(_told: Any) -> Any:
        yield {"toc": f"locked={locked}"}

    def lock(_told: Any) -> Any:
        nonlocal locked
        locked = True
        return {"toc": f"locked={locked}"}

    with SparingBlocks() as blocks:
        for name in ("message", "progress", "toc"):
            board.add(name, gr.HTML(""))
        buttons = gr.Button(), gr.Button()
        board.on([buttons[0].click], save, (), ("toc",), pause=0.3)
        board.on([buttons[1].click], lock, (), ("toc",))
    state, seen = SessionState(blocks), []

    async def happen(event: int, after: float) -> None:
        await asyncio.sleep(after)
        iterator, going = None, True
        while going:
            answer = await blocks.process_api(
                blocks.fns[event],
                [],
                state=state,
                iterator=iterator,
                session_hash=ASKED.session_hash,
                event_id=f"{event}",
                request=ASKED,
            )
            seen.append((event, answer["data"][0]))
            iterator, going = answer["iterator"], answer["is_generating"]

    async def both() -> None:
        await asyncio.gather(happen(0, 0), happen(1, 0.1))

    asyncio.run(both())
    assert {event for event, _ in seen} == {0, 1}
    told = [str(value) for _, value in seen if "locked" in str(value)]
    assert told[0].count("False") == 1
    assert "True" in told[-1]
    assert not any("False" in value for value in told[1:])
