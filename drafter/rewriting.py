"""A section written around what stays of it, by what the person wishes: gap after gap.

Composes the pure modules `weaving` (what stays, and where each fact goes), `wishes` (what was asked
for) and `write` (points from facts). Knows nothing of stores or engines' lives.
"""

from collections.abc import Collection, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from drafter.attempts import Try
from drafter.errors import InputError
from drafter.labels import label_of, labels_in
from drafter.sentences import point_of
from drafter.tracing import Sentence, trace
from drafter.types import ChatModel, DraftSection, Fact, Message, Sampling
from drafter.weaving import Weave, emphasise, plan_weave, within
from drafter.wishes import Wish, read_wish
from drafter.write import (
    Policy,
    Progress,
    SectionTask,
    section_prompts,
    section_tries,
    write_section,
)

VersionStatus = Literal["current", "candidate"]
# “换个说法”: how much freer words are chosen.
FREER = 0.3
# Labels go where the length asked for leaves the facts less than this much room.
ROOM_FOR_LABELS = 1.35


@dataclass(frozen=True, slots=True)
class Order:
    """One text that is asked for: what becomes of it, from which seed, in answer to which wish.

    `at` is the number of a sentence whose point alone is to be written, None for the whole section;
    `place` is (texts done, texts in all) of the request, `beside` whether it joins the candidates
    there are.
    """

    status: VersionStatus
    seed: int
    wish: str = ""
    at: int | None = None
    place: tuple[int, int] = (0, 0)
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Rewriting:
    """What is to be written: the weave, the wish read, and the facts the weave speaks of."""

    weave: Weave
    wish: Wish
    facts: tuple[Fact, ...]
    labelled: bool

    @property
    def floor(self) -> int:
        """How many letters the facts' own words take: less loses something."""
        kept = sum(len(kept.text) for kept in self.weave.kept)
        return kept + sum(len(fact.text) + 1 for fact in self.facts if fact.id in self.weave.facts)


def plan_rewriting(
    section: DraftSection,
    every: Sequence[Fact],
    locked: Collection[str],
    order: Order,
    planned: int = 0,
) -> Rewriting:
    """Return what an order means for a section as it stands.

    `every` are the facts of the document, `locked` the locked sentences of the section, `planned`
    its target length. Raises InputError where nothing is left to write.
    """
    sentences = trace(section, every)
    text, span, known = section.text, (0, len(section.text)), {fact.id: fact for fact in every}
    ids = section.fact_ids
    if order.at is not None:
        if not 0 <= order.at < len(sentences):
            raise InputError("这一句已经改过，不能单独重写。", "再点一次那一句，然后重写这一点。")
        span = point_of(text, order.at, sentences)
        sentences = tuple(_shifted(s, span[0]) for s in sentences if span[0] < s.end <= span[1])
        ids = tuple(dict.fromkeys(i for s in sentences for i in s.fact_ids))
    facts = tuple(known[i] for i in ids if i in known)
    if not facts:
        raise InputError(
            "这一点没有对应的要点，没有可以重写的依据。", "可以直接改，或先把要点移到本节。"
        )
    part = text[span[0] : span[1]]
    weave = plan_weave(part, sentences, locked, facts)
    if not weave.facts:
        raise InputError("锁定的句子已经写全了这些要点，没有可重写的。", "先解锁一句，再重写。")
    wish = read_wish(order.wish, facts, len(part) or planned)
    if wish.first:
        weave = emphasise(weave, wish.first)
    if order.at is not None:
        weave = within(text, span, weave)
    return Rewriting(weave, wish, facts, order.at is None or bool(label_of(part)))


def _shifted(sentence: Sentence, by: int) -> Sentence:
    return replace(sentence, start=max(0, sentence.start - by), end=sentence.end - by)


def write_around(
    model: ChatModel, task: SectionTask, job: Rewriting, sampling: Sampling
) -> Iterator[Progress]:
    """Write the gaps of a rewriting one after the other, yielding the whole text as it grows.

    `task` is the section's; its facts are shared out by the weave. Raises EngineError.
    """
    weave = job.weave
    texts: dict[int, str] = {}
    done, total = 0, len(weave.facts)
    for number, gap in enumerate(weave.gaps):
        if not gap:
            continue
        part, policy, seeded = _of_gap(task, job, sampling, number, tuple(texts.values()))
        yield from _gap(
            write_section(model, part, policy, seeded), weave, texts, number, done, total
        )
        done += len(part.facts)


def first_tries(task: SectionTask, job: Rewriting, sampling: Sampling) -> tuple[Try, ...]:
    """Return what `write_around` asks for in its first gap: an empty section has no other."""
    first = next(number for number, gap in enumerate(job.weave.gaps) if gap)
    return section_tries(*_of_gap(task, job, sampling, first, ()))


def first_prompts(task: SectionTask, job: Rewriting) -> list[list[Message]]:
    """Return what `first_tries` begin with."""
    first = next(number for number, gap in enumerate(job.weave.gaps) if gap)
    part, policy, _ = _of_gap(task, job, Sampling(), first, ())
    return section_prompts(part, policy)


def _of_gap(
    task: SectionTask, job: Rewriting, sampling: Sampling, number: int, texts: tuple[str, ...]
) -> tuple[SectionTask, Policy, Sampling]:
    """Return what one gap is written from; `texts` are those of the gaps before it."""
    known = {fact.id: fact for fact in job.facts}
    facts = tuple(known[i] for i in job.weave.gaps[number])
    part = _part(task, job, facts, [*texts, *(kept.text for kept in job.weave.kept)])
    policy = Policy(facts_per_point=1) if job.wish.finer else Policy()
    freer = FREER if job.wish.freer else 0.0
    return (
        part,
        policy,
        replace(
            sampling, seed=sampling.seed + 31 * number, temperature=sampling.temperature + freer
        ),
    )


def _gap(
    steps: Iterator[Progress],
    weave: Weave,
    texts: dict[int, str],
    number: int,
    done: int,
    total: int,
) -> Generator[Progress, None, None]:
    try:
        for step in steps:
            texts[number] = step.text
            written = done + (len(step.point.fact_ids) if step.point else 0)
            yield replace(step, text=weave.compose(texts), done=min(written, total), total=total)
    finally:
        close = getattr(steps, "close", None)
        if close:
            close()


def _part(
    task: SectionTask, job: Rewriting, facts: tuple[Fact, ...], around: Sequence[str]
) -> SectionTask:
    """Return the task of one gap: its facts, its share of the length, the labels around it."""
    weave, target = job.weave, job.wish.target
    labelled = task.labelled and job.labelled
    share = None
    if target is not None:
        written = sum(len(fact.text) for fact in job.facts if fact.id in weave.facts)
        left = max(0, target - sum(len(kept.text) for kept in weave.kept))
        share = round(left * sum(len(fact.text) for fact in facts) / max(1, written))
        labelled = labelled and left > ROOM_FOR_LABELS * written
    whole = not weave.kept and len(weave.gaps) == 1 and not weave.head and not weave.tail
    return replace(
        task,
        facts=facts,
        instruction=job.wish.order,
        target=share,
        ordinals=weave.ordinals,
        labelled=labelled,
        part=not whole,
        labels_used=(*task.labels_used, *(label for text in around for label in labels_in(text))),
    )
