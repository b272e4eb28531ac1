"""Gradio's page, sparing with what an answer leaves alone.

An answer names the few components it changes. Of all others its handler could have changed (up to
250) Gradio makes a new component and a new description of it, though nothing of them is sent: two
thirds of the work of an answer, done while everybody else's saves wait (`bench.people`).

Of an event's second answer Gradio sends how it differs from the first, and its page makes that
change in the first one itself. Where both come close together the first is not on the page yet, and
what the second leaves alone was lost: the new text of a section. So what differs is sent whole.
"""

import copy
from typing import Any

import gradio as gr
from gradio.blocks import Block, convert_component_dict_to_list

_LEFT_ALONE = gr.skip()


class SparingBlocks(gr.Blocks):  # type: ignore[misc]  # gradio has no types
    """Blocks whose answers cost what they change."""

    async def postprocess_data(self, block_fn: Any, predictions: Any, state: Any) -> list[Any]:  # noqa: ANN401 - as Gradio has it
        """Return what is sent for each output of a handler, in their order."""
        outputs = list(block_fn.outputs)
        if len(outputs) < 2 or not _by_component(predictions):
            return list(await super().postprocess_data(block_fn, predictions, state))
        every = convert_component_dict_to_list(outputs, predictions)
        changed = [at for at, value in enumerate(every) if not _skips(value)]
        told = [dict(_LEFT_ALONE) for _ in every]
        if changed:
            fewer = copy.copy(block_fn)
            fewer.outputs = [outputs[at] for at in changed]
            values = [every[at] for at in changed]
            # Gradio takes the value of an only output as it is.
            sent = await super().postprocess_data(
                fewer, values if len(values) > 1 else values[0], state
            )
            for at, value in zip(changed, sent, strict=True):
                told[at] = value
        return told

    def handle_streaming_diffs(
        self,
        block_fn: Any,  # noqa: ANN401 - as Gradio has it
        data: list[Any],
        session_hash: str | None,
        run: str | None,
        final: bool,
        simple_format: bool = False,
    ) -> list[Any]:
        """Return what is sent of an event's answer: the first as it is, of others what differs."""
        whole = list(data)
        further = run is not None and run in self.pending_diff_streams[session_hash]
        sent = list(
            super().handle_streaming_diffs(block_fn, data, session_hash, run, final, simple_format)
        )
        if not further or final or simple_format:
            return sent
        return [
            [["replace", [], value]] if edits and isinstance(value, dict | list) else edits
            for edits, value in zip(sent, whole, strict=True)
        ]


def _by_component(predictions: object) -> bool:
    return isinstance(predictions, dict) and all(isinstance(key, Block) for key in predictions)


def _skips(value: object) -> bool:
    return isinstance(value, dict) and value == _LEFT_ALONE
