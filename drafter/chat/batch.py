"""Several replies of one transformers model, one pass of the model giving each its next token.

A prompt is read on its own; what it shares with a prompt read before comes from that one's cache.
Then its row joins the others (shorter rows padded on the left). A row alone guesses its next words
from its own text (prompt lookup) and has them judged in one pass: every token is still chosen one
by one, by the same chooser, so limits and chance are the same as without guessing. No threads here.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

# Prompts kept: those of a section's points share all but the facts, a few suffice.
KEPT = 4
PASS = 256  # tokens of a prompt read in one pass; what a pass leaves behind is not lost
GUESSED, ALIKE = 3, 3  # tokens guessed, where so many tokens before them stood in the text already
_Layers = list[tuple[Any, Any]]  # keys and values of every layer: [rows, heads, tokens, width]


@dataclass(slots=True, eq=False)
class Row:
    """One reply: all its tokens so far (prompt first), and what chooses and takes the next."""

    tokens: list[int]
    room: int
    choose: Callable[[Sequence[int], Any], int]  # tokens so far, scores [1, vocabulary] -> token
    take: Callable[[int], bool]  # a token that was chosen -> whether the reply goes on
    written: int = 0
    going: bool = True

    def add(self, scores: Any) -> int:  # noqa: ANN401 - a tensor
        """Choose the next token and hand it on."""
        token = self.choose(self.tokens, scores)
        self.tokens.append(token)
        self.written += 1
        self.going = self.take(token) and self.written < self.room
        return token


@dataclass(slots=True, eq=False)
class Batch:
    """The rows being written and their cache. All calls from one thread."""

    model: Any
    device: str
    rows: list[Row] = field(default_factory=list)
    whole: bool = False  # see `whole_cache`; without it nothing is kept, joined or guessed
    _cache: Any = None  # transformers' own, with a row for each of `rows`
    _lengths: list[int] = field(default_factory=list)  # cached tokens of each row, without padding
    _kept: list[tuple[tuple[int, ...], _Layers]] = field(default_factory=list)
    read_tokens: int = 0  # prompt tokens passed through the model, for whoever measures

    def known(self, tokens: Sequence[int]) -> int:
        """Return how many tokens at the beginning of a prompt are in the cache already."""
        return max((_common(tokens, kept) for kept, _ in self._kept), default=0)

    def read(self, tokens: Sequence[int]) -> tuple[Any, Any]:
        """Read a prompt and return its cache and the scores of the token after it.

        What was read stays known, also when an exception ends the reading.
        """
        from transformers import DynamicCache

        found = max(self._kept, key=lambda kept: _common(tokens, kept[0]), default=None)
        at = min(_common(tokens, found[0]), len(tokens) - 1) if found else 0
        layers: _Layers = _cut(found[1], at) if found and at else []
        cache = DynamicCache(layers) if layers else DynamicCache(config=self.model.config)
        scores = None
        try:
            while at < len(tokens):
                part = tokens[at : at + PASS]
                scores = self._pass([part], cache, None, [at])[:, -1]
                layers = _layers(cache) if self.whole else []
                at += len(part)
                self.read_tokens += len(part)
        finally:
            if layers:
                self._keep(tuple(tokens[:at]), layers)
        return cache, scores

    def join(self, row: Row, cache: Any, scores: Any) -> None:  # noqa: ANN401 - untyped library
        """Let a row whose prompt was read write with the others from its second token on."""
        row.add(scores)
        if not row.going:
            return
        width = len(row.tokens) - 1
        if self.rows:
            import torch
            from transformers import DynamicCache

            widest = max([width, *self._lengths])
            both = zip(_layers(self._cache), _layers(cache), strict=True)
            padded = ((_padded(old, widest), _padded(new, widest)) for old, new in both)
            cache = DynamicCache(
                [(torch.cat([a, c]), torch.cat([b, d])) for (a, b), (c, d) in padded]
            )
        self._cache = cache
        self.rows.append(row)
        self._lengths.append(width)

    def step(self) -> None:
        """Give every row its next token; a row alone possibly several. Drops rows that end."""
        guess = _guess(self.rows[0]) if self.whole and len(self.rows) == 1 else []
        inputs = [[row.tokens[-1], *guess] for row in self.rows]
        scores = self._pass(inputs, self._cache, self._mask(), self._lengths)
        for number, row in enumerate(self.rows):
            self._lengths[number] += 1
            token = row.add(scores[number : number + 1, 0])
            for place, guessed in enumerate(guess, 1):
                if token != guessed or not row.going:
                    break
                self._lengths[number] += 1
                token = row.add(scores[number : number + 1, place])
        if guess:
            self._cache.crop(self._lengths[0] - self._cache.get_seq_length())
        self.drop_ended()

    def drop_ended(self) -> None:
        """Leave out the rows that have ended, and padding no row needs any more."""
        stay = [number for number, row in enumerate(self.rows) if row.going]
        if len(stay) == len(self.rows):
            return
        self.rows = [self.rows[number] for number in stay]
        self._lengths = [self._lengths[number] for number in stay]
        if not stay:
            self._cache = None
            return
        from transformers import DynamicCache

        widest = max(self._lengths)
        self._cache = DynamicCache(
            [(k[stay][:, :, -widest:], v[stay][:, :, -widest:]) for k, v in _layers(self._cache)]
        )

    def clear(self) -> None:
        """Forget the rows, not the prompts."""
        self.rows, self._cache, self._lengths = [], None, []

    def forget(self) -> None:
        """Forget the prompts, not the rows."""
        self._kept = []

    def _mask(self) -> Any:  # noqa: ANN401 - a tensor, or None where nothing is padded
        import torch

        if len(set(self._lengths)) < 2:
            return None
        widest = max(self._lengths) + 1
        lengths = torch.tensor(self._lengths, device=self.device) + 1
        places = torch.arange(widest, device=self.device)
        return (places >= widest - lengths[:, None]).long()

    def _pass(
        self,
        inputs: Sequence[Sequence[int]],
        cache: Any,  # noqa: ANN401 - untyped library
        mask: Any,  # noqa: ANN401
        positions: list[int],
    ) -> Any:  # noqa: ANN401
        """One pass, adding the inputs to `cache`; scores [rows, tokens, vocabulary].

        A pass over rows scores every input, one that reads a prompt the last one only.
        """
        import torch

        ids = torch.tensor(inputs, device=self.device)
        start = torch.tensor(positions, device=self.device)[:, None]
        out = self.model(
            input_ids=ids,
            attention_mask=mask,
            position_ids=start + torch.arange(ids.shape[1], device=self.device),
            past_key_values=cache,
            use_cache=True,
            logits_to_keep=ids.shape[1] if cache is self._cache else 1,
        )
        return out.logits.float()

    def _keep(self, tokens: tuple[int, ...], layers: _Layers) -> None:
        # A prompt whose whole text begins this one is in it.
        others = [one for one in self._kept if one[0] != tokens[: len(one[0])]]
        self._kept = [*others, (tokens, layers)][-KEPT:]


def whole_cache(model: Any) -> bool:  # noqa: ANN401 - untyped library
    """Tell whether every layer of a model keeps all tokens, so that caches can be cut and joined.

    Models with a sliding window or a state of another kind write one reply at a time.
    """
    from transformers.cache_utils import DynamicCache, DynamicLayer

    layers = DynamicCache(config=model.config).layers
    return bool(layers) and all(type(layer) is DynamicLayer for layer in layers)


def _common(one: Sequence[int], other: Sequence[int]) -> int:
    pairs = zip(one, other, strict=False)
    return next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _guess(row: Row) -> list[int]:
    """Return the tokens that followed when the row's last tokens were last seen in its text."""
    tokens, room = row.tokens, min(GUESSED, row.room - row.written - 1)
    end = tokens[-ALIKE:]
    for at in range(len(tokens) - ALIKE - 1, -1, -1):
        if room > 0 and tokens[at] == end[0] and tokens[at : at + ALIKE] == end:
            return tokens[at + ALIKE : at + ALIKE + room]
    return []


def _layers(cache: Any) -> _Layers:  # noqa: ANN401 - untyped library
    """The tensors of a cache as they stand; it never changes one in place (DynamicLayer.update)."""
    return [(layer.keys, layer.values) for layer in cache.layers]


def _cut(layers: _Layers, length: int) -> _Layers:
    return [(k[:, :, :length], v[:, :, :length]) for k, v in layers]


def _padded(pair: tuple[Any, Any], width: int) -> tuple[Any, Any]:
    from torch.nn.functional import pad

    more = width - pair[0].shape[2]
    return (pad(pair[0], (0, 0, more, 0)), pad(pair[1], (0, 0, more, 0))) if more else pair
