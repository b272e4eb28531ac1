"""One section written point by point: draft, check, retry with the fault named, fall back.

Why points: asked for a whole section with exemplars, a small model copies the exemplar and drops
facts; asked for one to three facts at a time it keeps them (docs/log.md). Knows the engine only as
a ChatModel and the checks only as functions; retrieval and storage are the workflow's.
"""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace

from drafter.anchors import missing_anchors, new_quantities
from drafter.borrowing import borrowed
from drafter.elsewhere import said_before
from drafter.faults import MINOR, find_faults
from drafter.hostile import held, like_an_order, untokened
from drafter.labels import label_for, labels_for, take_off_label
from drafter.limits import limits_for
from drafter.prompts import default_shots, messages_sha256, point_messages, retry_messages
from drafter.rhythm import Rhythm, learn, section_text
from drafter.types import (
    ChatModel,
    Fact,
    Limits,
    Message,
    Sampling,
    Shot,
    WrittenPoint,
)
from drafter.wording import (
    bigrams,
    cut_unfinished,
    tidy,
    trim_head,
    trim_tail,
    without_speaker,
)
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


@dataclass(frozen=True, slots=True)
class Progress:
    """The section so far; `point` is set when one has just been finished.

    `prompt_sha256` is the hash of the prompt of that point's accepted reply.
    """

    text: str
    point: WrittenPoint | None
    done: int
    total: int
    prompt_sha256: str = ""


@dataclass(frozen=True, slots=True)
class _Candidate:
    text: str
    faults: tuple[tuple[str, str], ...]
    prompt_sha256: str

    @property
    def cost(self) -> int:
        return sum(1 if check in MINOR else TOO_BAD for check, _ in self.faults)


@dataclass(slots=True)
class _Section:
    """The section being written: its points so far, the labels its bites are to open with, and the
    form that its exemplars give it."""

    points: list[WrittenPoint]
    total: int
    ordinals: bool
    labels: dict[str, str]
    rhythm: Rhythm | None
    aside: list[str] = field(default_factory=list)
    """Facts the model may not read, in their own words: they stand after what it wrote."""

    def text(self, *more: str) -> str:
        texts = [point.text for point in self.points]
        written = section_text(texts, self.ordinals, self.rhythm, more) if texts or more else ""
        return written + "".join(self.aside)

    def label(self, facts: Sequence[Fact]) -> str:
        """Return the label of a bite, "" in a section without labels; each is used once."""
        if not self.labels:
            return ""
        own = self.labels.get(facts[0].id) or label_for(facts, tuple(self.labels.values()))
        if own:
            self.labels[facts[0].id] = own
        return own


def group_facts(facts: Sequence[Fact], role: Role, policy: Policy) -> tuple[tuple[Fact, ...], ...]:
    """Return facts in bites for one point each: neighbours that are short or speak of one thing.

    Problems, causes and plans stand alone: each is a point a leader will ask about; so do facts
    without a number that might be an order (drafter.hostile): no other fact is in their prompt.
    """
    if role != "成效":
        return tuple((fact,) for fact in facts)
    groups: list[list[Fact]] = []
    for fact in facts:
        last = groups[-1] if groups else None
        free = last and not _apart(fact) and not _apart(last[-1])
        if last and free and len(last) < policy.facts_per_point:
            length = sum(len(f.text) for f in last) + len(fact.text)
            shared = bigrams(last[-1].text) & bigrams(fact.text)
            if length <= policy.chars_per_point and (len(shared) >= 2 or length <= 48):
                last.append(fact)
                continue
        groups.append([fact])
    return tuple(tuple(group) for group in groups)


def _apart(fact: Fact) -> bool:
    counted = any(anchor.kind in ("number", "date") for anchor in fact.anchors)
    return not counted and like_an_order(fact.text)


def _bullets(facts: Sequence[Fact]) -> list[str]:
    return [fact.text.rstrip("。；;") for fact in facts]


def _share(task: SectionTask, facts: Sequence[Fact]) -> int | None:
    """Return how many letters of the length asked for these facts may have."""
    if task.target is None:
        return None
    whole = sum(len(fact.text) for fact in task.facts) or 1
    return max(10, round(task.target * sum(len(fact.text) for fact in facts) / whole))


def own_words(facts: Sequence[Fact]) -> str:
    """Return the facts' own words as a point: the last resort, never wrong, never pretty."""
    return "".join(untokened(fact.text).rstrip("。；;，, ") + "。" for fact in facts)


def _reply(
    model: ChatModel,
    messages: Sequence[Message],
    sampling: Sampling,
    shown: str,
    total: tuple[int, int],
) -> Generator[Progress, None, str]:
    """Stream one reply, yielding the section as it would read; return the whole reply."""
    stream = model.stream(messages, sampling)
    pieces: list[str] = []
    try:
        for piece in stream:
            pieces.append(piece)
            yield Progress(shown + tidy("".join(pieces)).rstrip("。"), None, *total)
    finally:
        close = getattr(stream, "close", None)
        if close:
            close()
    return "".join(pieces)


def _attempts(
    model: ChatModel,
    task: SectionTask,
    facts: Sequence[Fact],
    policy: Policy,
    sampling: Sampling,
    shown: str,
    total: tuple[int, int],
) -> Generator[Progress, None, tuple[list[_Candidate], WrittenPoint]]:
    """Ask up to `policy.attempts` times; return all candidates and the record of the first."""
    shots = task.shots or default_shots(task.role)
    share = _share(task, facts)
    wish = "；".join(filter(None, (task.instruction, f"不超过{share}字" if share else "")))
    base = point_messages(task.role, task.genre, shots, _bullets(facts), wish)
    messages: list[Message] = base
    # What the model sees of exemplars, and what it may not repeat of them.
    seen = (*task.exemplar_texts, *(part for shot in shots for part in (shot.text, *shot.bullets)))
    candidates: list[_Candidate] = []
    raw: WrittenPoint | None = None
    for attempt in range(policy.attempts):
        chosen = replace(
            sampling,
            seed=sampling.seed + 101 * attempt,
            temperature=sampling.temperature + 0.2 * (attempt // 2),
        )
        reply = yield from _reply(model, messages, chosen, shown, total)
        # A reply about as long as its limit (a token is about a character) was cut short by it.
        ended = len(reply) < 0.9 * chosen.max_tokens
        first = tidy(reply if ended else cut_unfinished(reply))
        text = _trimmed(first, [fact.text for fact in facts], task.role)
        faults = find_faults(text, facts, task.role, task.exemplar_texts, task.year)
        faults = (*faults, *said_before(text, task.others, facts))
        faults = (*faults, *borrowed(text, [fact.text for fact in facts], seen))
        if share and len(text) > share * ROOM:
            faults = (*faults, ("length", f"写短些，不超过{share}字"))
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


def _trimmed(text: str, facts: Sequence[str], role: Role) -> str:
    """Take off what a small model puts around the facts: its label, purposes, empty tails."""
    text = without_speaker(trim_head(take_off_label(text, facts), facts), facts)
    return trim_tail(text, facts, strict=role != "成效")


def _record(text: str, facts: Sequence[Fact], task: SectionTask, good: bool) -> WrittenPoint:
    missing = tuple(a.text for fact in facts for a in missing_anchors(fact, text))
    allowed = [f"{task.year}年"] if task.year else []
    new = tuple(quantity.text for quantity in new_quantities(text, facts, allowed))
    return WrittenPoint(text, tuple(f.id for f in facts), 1, False, missing, new, text, good)


def _written(
    candidates: Sequence[_Candidate], raw: WrittenPoint, facts: Sequence[Fact]
) -> tuple[WrittenPoint, str]:
    """Return the best of the candidates, or the facts' own words, and its prompt's hash."""
    best = min(candidates, key=lambda candidate: candidate.cost)
    good = best.cost < TOO_BAD
    text = best.text if good else own_words(facts)
    point = replace(raw, text=text, attempts=len(candidates), fell_back=not good)
    return point, best.prompt_sha256


def _write_group(
    model: ChatModel,
    task: SectionTask,
    facts: tuple[Fact, ...],
    section: _Section,
    policy: Policy,
    sampling: Sampling,
) -> Iterator[Progress]:
    """Write one bite; append what comes of it to the section and yield progress."""
    shown = section.text("")
    place = (len(section.points), section.total)
    candidates, raw = yield from _attempts(model, task, facts, policy, sampling, shown, place)
    point, sha = _written(candidates, raw, facts)
    if point.fell_back and len(facts) > 1:
        # Two facts were too many for one bite: each alone is easier. The first of them carries
        # the record of the bite's own first reply, which would be lost otherwise.
        for number, fact in enumerate(facts):
            begun = len(section.points)
            yield from _write_group(model, task, (fact,), section, policy, sampling)
            section.points[begun] = replace(
                section.points[begun],
                first_try=raw.first_try if number == 0 else "",
                first_try_missing=raw.first_try_missing if number == 0 else (),
                first_try_new=raw.first_try_new if number == 0 else (),
                first_try_good=False,
            )
        return
    share, own = _share(task, facts), own_words(facts)
    if share and len(point.text) > share * ROOM and len(own) < len(point.text):
        point = replace(point, text=own, fell_back=True)
    label = section.label(facts)
    section.points.append(replace(point, text=f"{label}。{point.text}") if label else point)
    done = min(len(section.points), section.total)
    yield Progress(section.text(), section.points[-1], done, section.total, sha)


def _limits(task: SectionTask) -> Limits:
    return limits_for(task.facts, (*task.exemplar_texts, *task.others), task.year)


def write_section(
    model: ChatModel, task: SectionTask, policy: Policy, sampling: Sampling
) -> Iterator[Progress]:
    """Write a section, yielding its text as it grows. Closing the iterator stops the model.

    Every fact of the task is in the result: written, or in its own words. A fact that speaks to the
    model (drafter.hostile) is never shown to it, and what is written is the same with and without
    it: its own words stand after the rest. Raises EngineError.
    """
    aside = tuple(fact for fact in task.facts if held(fact.text))
    task = replace(task, facts=tuple(fact for fact in task.facts if fact not in aside))
    groups = group_facts(task.facts, task.role, policy)
    if policy.constrained:
        sampling = replace(sampling, limits=_limits(task))
    labels: tuple[str, ...] = ()
    if task.labelled and task.role == "成效" and (len(groups) > 1 or task.part):
        labels = labels_for(groups, task.heading, sampling.seed, task.labels_used)
    chosen = {group[0].id: label for group, label in zip(groups, labels, strict=False)}
    rhythm = learn(task.exemplar_texts, task.ordinals)
    section = _Section([], len(groups) + len(aside), task.ordinals, chosen, rhythm)
    for number, group in enumerate(groups):
        seeded = replace(sampling, seed=sampling.seed + 7 * number)
        yield from _write_group(model, task, group, section, policy, seeded)
    for fact in aside:
        words = own_words((fact,))
        section.aside.append(words)
        point = WrittenPoint(words, (fact.id,), 0, True, (), ())
        done = min(len(section.points) + len(section.aside), section.total)
        yield Progress(section.text(), point, done, section.total)
