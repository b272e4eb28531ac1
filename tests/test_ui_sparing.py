"""A page sparing with what an answer leaves alone sends what Gradio's own page sends."""

import asyncio
from typing import Any

import gradio as gr
import pytest

from drafter.ui.sparing import SparingBlocks

ANSWERS = {
    "nothing": lambda _parts: gr.skip(),
    "one value": lambda parts: {parts[0]: "<b>新</b>"},
    "an update": lambda parts: {parts[-1]: gr.update(visible=False)},
    "some of each": lambda parts: {parts[2]: "字", parts[1]: gr.update(value="旧", lines=3)},
    "one left alone by name": lambda parts: {parts[0]: gr.skip(), parts[2]: "字"},
    "only left alone": lambda parts: {parts[0]: gr.skip()},
    "all": lambda parts: dict.fromkeys(parts, "甲"),
}


def sent(kind: type[gr.Blocks], answer: Any, outputs: int) -> list[Any]:
    with kind() as blocks:
        parts = [gr.HTML("一"), gr.Textbox("二"), gr.Textbox("三")][:outputs]
        button = gr.Button()
        button.click(lambda: None, None, parts)
    told = asyncio.run(blocks.postprocess_data(blocks.fns[0], answer(parts), None))
    # Of a panel left alone Gradio tells that none of its properties is another.
    return [gr.skip() if value == {"props": gr.skip(), **gr.skip()} else value for value in told]


@pytest.mark.parametrize("name", ANSWERS)
def test_what_is_sent_is_the_same(name: str) -> None:
    assert sent(SparingBlocks, ANSWERS[name], 3) == sent(gr.Blocks, ANSWERS[name], 3)


@pytest.mark.parametrize("name", ["nothing", "one value", "only left alone"])
def test_an_only_output_is_sent_the_same(name: str) -> None:
    assert sent(SparingBlocks, ANSWERS[name], 1) == sent(gr.Blocks, ANSWERS[name], 1)


def test_what_an_answer_leaves_alone_is_not_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    before = gr.Textbox.__init__
    with SparingBlocks() as blocks:
        parts = [gr.Textbox(str(number)) for number in range(40)]
        button = gr.Button()
        button.click(lambda: None, None, parts)

    def counted(self: gr.Textbox, *args: Any, **named: Any) -> None:
        made.append(self)
        before(self, *args, **named)

    with monkeypatch.context() as counting:
        counting.setattr(gr.Textbox, "__init__", counted)
        answer = {parts[7]: gr.update(value="字")}
        asyncio.run(blocks.postprocess_data(blocks.fns[0], answer, None))
    assert len(made) == 1


def test_a_second_answer_leaves_the_first_as_it_was_sent() -> None:
    """Gradio's page changes the first answer in place: by the time it was shown, the text that the
    second left alone was gone, and a section just written stayed empty on the page."""
    with SparingBlocks() as blocks:
        parts = [gr.Textbox("一"), gr.HTML("二")]
        gr.Button().click(lambda: None, None, parts)
    event = blocks.fns[0]
    first = [{"__type__": "update", "value": "新的正文", "placeholder": "还没有写"}, "字"]
    second: list[Any] = [gr.skip(), "字句"]
    shown = list(blocks.handle_streaming_diffs(event, list(first), "页", "次", False))
    edits = blocks.handle_streaming_diffs(event, list(second), "页", "次", False)
    assert edits == [[["replace", [], gr.skip()]], [["append", [], "句"]]]
    assert shown == first
    assert blocks.handle_streaming_diffs(event, list(second), "页", "次", False) == [[], []]
    assert blocks.handle_streaming_diffs(event, list(second), "页", "次", True) == second
