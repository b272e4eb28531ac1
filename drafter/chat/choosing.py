"""How a transformers model's next token is chosen: the same sampling as every engine.

Temperature, top-k, top-p, min-p in the order of transformers' own warpers, on the likeliest tokens
only (top-k takes away the others anyway): sorting a vocabulary of 150,000 takes longer than a layer
of a small model.
"""

from collections.abc import Callable, Sequence
from typing import Any

from drafter.chat.limiting import limit_processor
from drafter.types import Sampling

# The same sampling on every engine (see llamacpp.py), whatever generation_config.json recommends:
# its repetition penalty makes a model avoid the very words of the facts.
TOP_K, MIN_P = 40, 0.05


def chooser(
    sampling: Sampling,
    tokenizer: Any,  # noqa: ANN401 - untyped library
    prompt_tokens: int,
    ends: tuple[int, ...],
    device: str,
) -> Callable[[Sequence[int], Any], int]:
    """Return what picks each token of one reply, from its tokens so far and scores [1, vocabulary].

    Holds to `sampling.limits`. Its chance is its own: the same seed gives the same choices whoever
    else is writing, where the scores are the same.
    """
    import torch

    limits = sampling.limits
    limited = limit_processor(limits, tokenizer, prompt_tokens, ends) if limits else None
    chance = torch.Generator(device=device).manual_seed(sampling.seed % 2**31)

    def choose(tokens: Sequence[int], scores: Any) -> int:  # noqa: ANN401 - a tensor
        if limited:
            scores = limited(torch.tensor([tokens]), scores)
        if sampling.temperature <= 0:
            return int(scores[0].argmax())
        best = scores[0].topk(min(TOP_K, scores.shape[1]))
        odds = (best.values / sampling.temperature).softmax(0)
        before = odds.cumsum(0) - odds
        odds = odds.where((before < sampling.top_p) & (odds >= MIN_P * odds[0]), 0)
        odds[0] = odds[0].clamp(min=1e-6)
        return int(best.indices[torch.multinomial(odds, 1, generator=chance)])

    return choose
