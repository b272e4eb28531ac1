"""Attention over a few guessed tokens, computed for each as if it stood alone.

A pass over several tokens goes another way through torch's kernels and rounds otherwise; now and
then that is enough to choose another word. Here each token of a short pass sees exactly the shapes
a pass of its own would: guessing then changes no text (with int8's kernel, whose sums do not depend
on how many rows there are). Knows transformers' place for it, AttentionInterface.
"""

from typing import Any

NAME = "each_alone"
FEW = 8  # tokens; longer passes read prompts, where nothing is chosen in between


def use(model: Any) -> None:  # noqa: ANN401 - a PreTrainedModel
    """Have a model compute its attention so, if it uses torch's own. Its layers keep all tokens."""
    from transformers import AttentionInterface
    from transformers.integrations.sdpa_attention import sdpa_attention_forward
    from transformers.masking_utils import AttentionMaskInterface, sdpa_mask

    if model.config._attn_implementation != "sdpa":
        return

    def each_alone(
        module: Any,  # noqa: ANN401
        query: Any,  # noqa: ANN401
        key: Any,  # noqa: ANN401
        value: Any,  # noqa: ANN401
        attention_mask: Any,  # noqa: ANN401
        **others: Any,  # noqa: ANN401
    ) -> tuple[Any, None]:
        import torch

        rows, tokens = query.shape[0], query.shape[2]
        if rows > 1 or not 1 < tokens <= FEW:
            made: tuple[Any, None] = sdpa_attention_forward(
                module, query, key, value, attention_mask, **others
            )
            return made
        before = key.shape[2] - tokens + 1
        alone = [
            sdpa_attention_forward(
                module,
                query[:, :, n : n + 1],
                key[:, :, : before + n],
                value[:, :, : before + n],
                None,
                **others,
            )[0]
            for n in range(tokens)
        ]
        return torch.cat(alone, dim=1), None

    AttentionInterface.register(NAME, each_alone)
    AttentionMaskInterface.register(NAME, sdpa_mask)
    model.set_attn_implementation(NAME)
