"""One section written point by point: draft, check, retry with the fault named, fall back.

Why points: asked for a whole section with exemplars, a small model copies the exemplar and drops
facts; asked for one to three facts at a time it keeps them (docs/log.md). Knows the engine only as
a ChatModel and the checks only as functions; retrieval and storage are the workflow's.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial

from drafter.ahead import Ahead, several
from drafter.attempts import (
    Policy,
    SectionTask,
    Try,
    Trying,
    first_messages,
    own_words,
    share_of,
    try_point,
)
from drafter.hostile import held, like_an_order
from drafter.labels import halves_of, label_for, labels_for
from drafter.limits import limits_for
from drafter.rhythm import Rhythm, learn, section_text
from drafter.types import ChatModel, Fact, Limits, Message, Sampling, WrittenPoint
from drafter.wording import bigrams
from index.types import Role

__all__ = [
    "Policy", "Progress", "SectionTask", "group_facts", "own_words", "section_prompts",
    "section_tries", "write_section",
]  # fmt: skip


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


@dataclass(slots=True)
class _Section:
    """The section being written: its points so far, the labels its bites are to open with, and the
    form that its exemplars give it."""

    points: list[WrittenPoint]
    total: int
    ordinals: bool
    labels: dict[str, str]
    heading: str
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
        taken = (*halves_of(self.heading), *self.labels.values())
        own = self.labels.get(facts[0].id) or label_for(facts, taken)
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


def _bites(task: SectionTask, policy: Policy) -> tuple[SectionTask, tuple[tuple[Fact, ...], ...]]:
    """Return the task without the facts the model may not read (drafter.hostile), and the others
    in bites."""
    task = replace(task, facts=tuple(fact for fact in task.facts if not held(fact.text)))
    groups = group_facts(task.facts, task.role, policy)
    shares = (share_of(task, group) for group in groups)
    return replace(task, longest=max(filter(None, shares), default=None)), groups


def section_tries(task: SectionTask, policy: Policy, sampling: Sampling) -> tuple[Try, ...]:
    """Return what is to be gone through for a section: the tries of each bite, with its own seed.

    What other sections say is in none of the prompts: it only decides what is used.
    """
    task, groups = _bites(task, policy)
    if policy.constrained:
        sampling = replace(sampling, limits=_limits(task))
    return tuple(
        partial(
            try_point,
            task=task,
            facts=group,
            policy=policy,
            sampling=replace(sampling, seed=sampling.seed + 7 * number),
        )
        for number, group in enumerate(groups)
    )


def section_prompts(task: SectionTask, policy: Policy) -> list[list[Message]]:
    """Return the prompts those tries begin with."""
    task, groups = _bites(task, policy)
    return [first_messages(task, group) for group in groups]


def _follow(steps: Trying, section: _Section) -> Iterator[Progress]:
    """Follow the tries of one bite; append what comes of it to the section and yield progress."""
    shown = section.text("")
    for step in steps:
        if isinstance(step, str):
            yield Progress(shown + step, None, len(section.points), section.total)
            continue
        label = section.label(step.facts)
        text = f"{label}。{step.point.text}" if label else step.point.text
        section.points.append(replace(step.point, text=text))
        shown, done = section.text(""), min(len(section.points), section.total)
        yield Progress(section.text(), section.points[-1], done, section.total, step.prompt_sha256)


def _limits(task: SectionTask) -> Limits:
    shown = (shot.text for shot in task.shots)
    return limits_for(task.facts, (*task.exemplar_texts, *shown, *task.others), task.year)


def _begun(task: SectionTask, policy: Policy, sampling: Sampling, aside: int) -> _Section:
    """Return the section before its first point. Its labels are settled here, for all points."""
    task, groups = _bites(task, policy)
    labels: tuple[str, ...] = ()
    if task.labelled and task.role == "成效" and (len(groups) > 1 or task.part):
        labels = labels_for(groups, task.heading, sampling.seed, task.labels_used)
    chosen = {group[0].id: label for group, label in zip(groups, labels, strict=False)}
    rhythm = learn(task.exemplar_texts, task.ordinals)
    return _Section([], len(groups) + aside, task.ordinals, chosen, task.heading, rhythm)


def write_section(
    model: ChatModel, task: SectionTask, policy: Policy, sampling: Sampling
) -> Iterator[Progress]:
    """Write a section, yielding its text as it grows. Closing the iterator stops the model.

    Every fact of the task is in the result: written, or in its own words. A fact that speaks to the
    model (drafter.hostile) is never shown to it, and what is written is the same with and without
    it: its own words stand after the rest. A model that makes several replies at a time writes
    several points at a time; the text grows in order all the same. Raises EngineError.
    """
    aside = tuple(fact for fact in task.facts if held(fact.text))
    section = _begun(task, policy, sampling, len(aside))
    tries = section_tries(task, policy, sampling)
    with several(model) as made:
        if isinstance(made, Ahead):
            made.begin(tries)
        for each in tries:
            with closing(each(made)) as steps:
                yield from _follow(steps, section)
    for fact in aside:
        words = own_words((fact,))
        section.aside.append(words)
        point = WrittenPoint(words, (fact.id,), 0, True, (), ())
        done = min(len(section.points) + len(section.aside), section.total)
        yield Progress(section.text(), point, done, section.total)
