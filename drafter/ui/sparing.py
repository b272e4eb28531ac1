"""Gradio's page, sparing with what an answer leaves alone.

An answer names the few components it changes. Of all others its handler could have changed (up to
250) Gradio makes a new component and a new description of it, though nothing of them is sent: two
thirds of the work of an answer, done while everybody else's saves wait (`bench.people`).
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


def _by_component(predictions: object) -> bool:
    return isinstance(predictions, dict) and all(isinstance(key, Block) for key in predictions)


def _skips(value: object) -> bool:
    return isinstance(value, dict) and value == _LEFT_ALONE
