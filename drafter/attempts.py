"""The tries of one point: ask, check, ask again with the fault named, else the facts' own words.

What comes of a point depends on its task, its facts and the model's replies alone, never on the
points beside it: so several points can be tried at the same time (drafter.ahead).
"""

import threading
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, replace

from drafter.anchors import missing_anchors, new_quantities
from drafter.borrowing import borrowed
from drafter.elsewhere import said_before
from drafter.faults import MINOR, find_faults
from drafter.hostile import untokened
from drafter.labels import take_off_label
from drafter.mending import mended
from drafter.prompts import (
    default_shots,
    load_prompt,
    messages_sha256,
    point_messages,
    retry_messages,
)
from drafter.types import ChatModel, Fact, Message, Sampling, Shot, WrittenPoint
from drafter.wording import cut_unfinished, tidy, trim_head, trim_tail, without_speaker
from index.types import Role


@dataclass(frozen=True, slots=True)
class Policy:
    """How big the bites are. Measured for the 1.5B; a larger model may take larger ones."""

    facts_per_point: int = 2
    chars_per_point: int = 78
    shots: int = 3
    attempts: int = 3
    constrained: bool = True
    """Whether the engine is told which numbers it may write (where it can hold to that)."""


# From this cost on a candidate is not used: one fault that counts.
TOO_BAD = 10
# A point may be this much longer than its share of the length that was asked for.
ROOM = 1.1


@dataclass(frozen=True, slots=True)
class SectionTask:
    """What one section is written from."""

    section_id: str
    role: Role
    genre: str
    facts: tuple[Fact, ...]
    shots: tuple[Shot, ...]
    exemplar_texts: tuple[str, ...]
    ordinals: bool
    year: int | None
    instruction: str = ""
    heading: str = ""
    labels_used: tuple[str, ...] = ()
    """Labels that other sections of the report have already."""
    labelled: bool = False
    """Whether points of results open with a label (“抓实理论学习。”), as the exemplars' do."""
    part: bool = False
    """Whether other points stand around these, so that even a single one is one of several."""
    target: int | None = None
    """How many letters the person asked for; None: as many as it takes."""
    others: tuple[str, ...] = ()
    """The texts of the report's other sections as they stand: not to be said again."""
    longest: int | None = None
    """The length each point is told to keep to, of which each has its own share: one for all, since
    it stands at the head of their prompts, which are read once where they begin alike."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A point that is finished: its record, its facts, and the hash of the accepted prompt."""

    point: WrittenPoint
    facts: tuple[Fact, ...]
    prompt_sha256: str


Trying = Generator["str | Tried"]
"""The text of a point as it grows and begins again, and whatever has been finished."""
Try = Callable[[ChatModel], Trying]

# Python works on one thing at a time anyway: many replies judged side by side, of several people,
# would only have whoever saves what they type wait behind all of them.
_JUDGING = threading.Lock()


@dataclass(frozen=True, slots=True)
class _Candidate:
    text: str
    faults: tuple[tuple[str, str], ...]
    prompt_sha256: str

    @property
    def cost(self) -> int:
        return sum(1 if check in MINOR else TOO_BAD for check, _ in self.faults)


def try_point(
    model: ChatModel,
    task: SectionTask,
    facts: tuple[Fact, ...],
    policy: Policy,
    sampling: Sampling,
) -> Trying:
    """Write one bite, in one point or, where two facts are too many for it, in one for each.

    Raises EngineError. Closing the iterator stops the model.
    """
    candidates, raw = yield from _candidates(model, task, facts, policy, sampling)
    point, sha = _best(candidates, raw, facts)
    if not point.fell_back or len(facts) == 1:
        yield Tried(_short_enough(point, task, facts), facts, sha)
        return
    # Each alone is easier. The first carries the record of the bite's own first reply, which would
    # be lost otherwise; the others have none, so that nothing is counted twice.
    record = raw
    for fact in facts:
        candidates, _ = yield from _candidates(model, task, (fact,), policy, sampling)
        point, sha = _best(candidates, record, (fact,))
        point = replace(point, fact_ids=(fact.id,), first_try_good=False)
        yield Tried(_short_enough(point, task, (fact,)), (fact,), sha)
        record = replace(raw, first_try="", first_try_missing=(), first_try_new=())


def _short_enough(point: WrittenPoint, task: SectionTask, facts: Sequence[Fact]) -> WrittenPoint:
    share, own = share_of(task, facts), own_words(facts)
    if share and len(point.text) > share * ROOM and len(own) < len(point.text):
        return replace(point, text=own, fell_back=True)
    return point


def share_of(task: SectionTask, facts: Sequence[Fact]) -> int | None:
    """Return how many letters of the length asked for these facts may have."""
    if task.target is None:
        return None
    whole = sum(len(fact.text) for fact in task.facts) or 1
    return max(10, round(task.target * sum(len(fact.text) for fact in facts) / whole))


def own_words(facts: Sequence[Fact]) -> str:
    """Return the facts' own words as a point: the last resort, never wrong, never pretty."""
    return "".join(untokened(fact.text).rstrip("。；;，, ") + "。" for fact in facts)


def first_messages(task: SectionTask, facts: Sequence[Fact]) -> list[Message]:
    """Return the conversation that asks for one point the first time."""
    longest = task.longest or share_of(task, facts)
    wish = "；".join(filter(None, (task.instruction, f"不超过{longest}字" if longest else "")))
    bullets = [fact.text.rstrip("。；;") for fact in facts]
    return point_messages(
        task.role, task.genre, task.shots or default_shots(task.role), bullets, wish
    )


def _reply(
    model: ChatModel, messages: Sequence[Message], sampling: Sampling
) -> Generator[str, None, str]:
    """Stream one reply, yielding it as it grows; return the whole reply.

    An order to write again that is said back is nothing to be seen, nor to be kept when stopped.
    """
    stream = model.stream(messages, sampling)
    order = load_prompt("retry.md").partition("。")[0]
    pieces: list[str] = []
    try:
        for piece in stream:
            pieces.append(piece)
            said = tidy("".join(pieces)).rstrip("。")
            yield "" if order and said.startswith(order) else said
    finally:
        close = getattr(stream, "close", None)
        if close:
            close()
    return "".join(pieces)


def _candidates(
    model: ChatModel,
    task: SectionTask,
    facts: Sequence[Fact],
    policy: Policy,
    sampling: Sampling,
) -> Generator[str, None, tuple[list[_Candidate], WrittenPoint]]:
    """Ask up to `policy.attempts` times; return all candidates and the record of the first."""
    base = first_messages(task, facts)
    messages: list[Message] = base
    candidates: list[_Candidate] = []
    raw: WrittenPoint | None = None
    for attempt in range(policy.attempts):
        chosen = replace(
            sampling,
            seed=sampling.seed + 101 * attempt,
            temperature=sampling.temperature + 0.2 * (attempt // 2),
        )
        reply = yield from _reply(model, messages, chosen)
        # A reply about as long as its limit (a token is about a character) was cut short by it.
        ended = len(reply) < 0.9 * chosen.max_tokens
        first = tidy(reply if ended else cut_unfinished(reply))
        with _JUDGING:
            text = _trimmed(first, [fact.text for fact in facts], task.role)
            faults = _faults(text, task, facts)
            raw = raw or _record(first, facts, task, all(check in MINOR for check, _ in faults))
        candidates.append(_Candidate(text, faults, messages_sha256(messages)))
        if not faults:
            break
        # Odd attempts start afresh with another seed: a model asked twice to mend one text
        # tends to repeat it.
        named = [message for _, message in faults[:4]]
        messages = retry_messages(base, text, named) if attempt % 2 == 0 else base
    assert raw is not None  # noqa: S101 - at least one attempt
    return candidates, raw


def _faults(text: str, task: SectionTask, facts: Sequence[Fact]) -> tuple[tuple[str, str], ...]:
    """Return (check name, order in Chinese) for everything wrong with a reply."""
    shots = task.shots or default_shots(task.role)
    # What the model sees of exemplars, and what it may not repeat of them.
    seen = (*task.exemplar_texts, *(part for shot in shots for part in (shot.text, *shot.bullets)))
    beside = (*task.exemplar_texts, *(shot.text for shot in task.shots))
    faults = find_faults(text, facts, task.role, beside, task.year)
    faults = (*faults, *said_before(text, task.others, facts))
    faults = (*faults, *borrowed(text, [fact.text for fact in facts], seen))
    share = share_of(task, facts)
    if share and len(text) > share * ROOM:
        faults = (*faults, ("length", f"写短些，不超过{share}字"))
    return faults


def _trimmed(text: str, facts: Sequence[str], role: Role) -> str:
    """Take off what a small model puts around the facts: its label, purposes, empty tails."""
    text = without_speaker(trim_head(take_off_label(text, facts), facts), facts)
    return mended(trim_tail(text, facts, strict=role != "成效"), facts, role)


def _record(text: str, facts: Sequence[Fact], task: SectionTask, good: bool) -> WrittenPoint:
    missing = tuple(a.text for fact in facts for a in missing_anchors(fact, text))
    allowed = [f"{task.year}年"] if task.year else []
    new = tuple(quantity.text for quantity in new_quantities(text, facts, allowed))
    return WrittenPoint(text, tuple(f.id for f in facts), 1, False, missing, new, text, good)


def _best(
    candidates: Sequence[_Candidate], raw: WrittenPoint, facts: Sequence[Fact]
) -> tuple[WrittenPoint, str]:
    """Return the best of the candidates, or the facts' own words, and its prompt's hash."""
    best = min(candidates, key=lambda candidate: candidate.cost)
    good = best.cost < TOO_BAD
    text = best.text if good else own_words(facts)
    point = replace(raw, text=text, attempts=len(candidates), fell_back=not good)
    return point, best.prompt_sha256
