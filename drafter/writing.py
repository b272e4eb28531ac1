"""The writing half of the composer: exemplars, shots, points, versions."""

import contextlib
import itertools
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from drafter.coming import Coming
from drafter.engine import Engine
from drafter.errors import EngineError, InputError
from drafter.locks import Locks
from drafter.outlines import closing_text, lead_text, opening_text, outline_named
from drafter.own_style import FORMULAS
from drafter.preparing import Preparing
from drafter.recovering import Recovering, waiting
from drafter.rewriting import Order, Rewriting, VersionStatus, write_around
from drafter.sentences import bare_at
from drafter.shelf import Shelf
from drafter.store import Store
from drafter.tasks import Tasks
from drafter.types import (
    ChatModel,
    DraftSection,
    FactSheet,
    Run,
    Sampling,
    WriteEvent,
    WrittenPoint,
)
from drafter.warming import Warming
from drafter.write import Progress, SectionTask

# A text is shown at most this often while it streams (field notes: 5–10 times a second).
FRAME_SECONDS = 0.12
# So many texts of one section can be asked for at once.
MOST_VARIANTS = 3
FREER_EACH = 0.2


class Writing:
    """Writes sections of a stored document with the engine's model and the library's exemplars."""

    def __init__(self, store: Store, shelf: Shelf, engine: Engine) -> None:
        self._store = store
        self._shelf = shelf
        self._engine = engine
        self.recovering = Recovering(shelf, engine)
        self._tasks = Tasks(store, shelf, self.recovering)
        self.exemplars, self.choosing = self._tasks.exemplars, self._tasks.choosing
        self._locks = Locks(store)
        self._preparing = Preparing(store, self._tasks, self._locks)
        self.warming = Warming(engine, store, shelf, self._preparing)

    def write_candidate(
        self,
        doc: int,
        section_id: str,
        stop: threading.Event,
        instruction: str = "",
        seed: int | None = None,
        variants: int = 1,
        point: tuple[int, str] | None = None,
    ) -> Iterator[WriteEvent]:
        """Write one section into up to three candidates; no current text is touched.

        `point` is (number, words) of a sentence: only the point it belongs to is written anew.
        """
        self.warming.give_up()
        section = self._section(doc, section_id)
        if section.locked:
            raise InputError("本节已锁定，不能重写。", "先点“解锁”，再重写本节。")
        if section.role in FORMULAS:
            yield from self._write_formula(doc, section, "candidate")
            return
        if not section.fact_ids and point is None:
            raise InputError("本节还没有要点，没有可写的内容。", "把要点移到本节，再点重写。")
        at = None if point is None else _still(section, *point)
        order = Order("candidate", 0, instruction, at)
        job = self._preparing.rewriting(doc, section, order)
        yield from waiting(self._shelf, self._engine, stop, section_id)
        total = max(1, min(variants, MOST_VARIANTS))
        for number in range(total):
            chosen = self._next_seed(doc, section_id) if seed is None else seed + 1000 * number
            yield from self._write(
                doc,
                section,
                stop,
                replace(order, seed=chosen, place=(number, total), beside=number > 0),
            )
            if stop.is_set():
                break
        said = self._said(doc, section_id, job)
        stopped = stop.is_set()
        yield WriteEvent("stopped" if stopped else "done", section_id, "", said, total, total)

    def _said(self, doc: int, section_id: str, job: Rewriting) -> str:
        """Return what the person should know of a request: what it could not do, and why."""
        said = []
        gone = self._locks.drop_gone(doc, section_id)
        if gone:
            said.append(f"有 {len(gone)} 句锁定的话已不在正文里，锁定已解除。")
        if job.wish.strange:
            named = "、".join(f"“{word}”" for word in job.wish.strange)
            said.append(
                f"要求里的{named}在要点里没有，写进正文会标为没有出处；属实请先加到要点里。"
            )
        if job.wish.target is not None and job.wish.target < job.floor:
            said.append(
                f"要点的原话就有 {job.floor} 字，压到 {job.wish.target} 字会丢要点，已尽量写短。"
            )
        return "".join(said)

    def _next_seed(self, doc: int, section_id: str) -> int:
        runs = [v for v in self._store.history(doc, section_id) if v.run]
        return 1 + 1000 * len(runs)

    def write_all(self, doc: int, stop: threading.Event, seed: int = 1) -> Iterator[WriteEvent]:
        """Write every empty, unlocked section in order; what is finished becomes current text.

        Each section is looked at again when its turn comes: the person may have written it, locked
        it, moved its facts or dropped it since.
        """
        self.warming.give_up()
        empties = [
            s for s in self._store.draft_sections(doc) if not s.text.strip() and not s.locked
        ]
        for empty in empties:
            if not empty.fact_ids:
                yield from self._write_formula(doc, empty, "current")
        rest = [section.id for section in self._preparing.waiting(doc)]
        tries = partial(self._preparing.tries, doc, seed)
        coming = Coming(rest, tries, lambda: self._engine.wanted, stop)
        with contextlib.closing(coming):
            for number, section_id in enumerate(rest):
                yield from waiting(self._shelf, self._engine, stop, section_id)
                if stop.is_set():
                    break
                section = self._preparing.waits(doc, section_id)
                if section:
                    order = Order("current", seed, place=(number, len(rest)))
                    yield from self._write(doc, section, stop, order, coming)
        if stop.is_set():
            message = "已停止，写好的部分都已保存。"
            yield WriteEvent("stopped", None, "", message, len(rest), len(rest))
        else:
            yield WriteEvent("done", None, "", "全文写完。", len(rest), len(rest))

    def _section(self, doc: int, section_id: str) -> DraftSection:
        section = self._preparing.find(doc, section_id)
        if section:
            return section
        raise InputError("这一节已经不在提纲里。", "刷新页面，从提纲里重新选择。")

    def _write_formula(
        self, doc: int, section: DraftSection, status: VersionStatus
    ) -> Iterator[WriteEvent]:
        """Write 导语, 结语 and leads: the genre's formulas filled from the sheet, no model."""
        sheet = self._store.sheet(doc) or FactSheet(None, None, None, None, None, (), ())
        plan = self._store.plan(doc)
        outline = outline_named(plan.outline if plan else "")
        text = ""
        if section.role == "导语":
            text = opening_text(outline, sheet)
        elif section.role == "结语":
            text = closing_text(outline, sheet)
        elif section.level == 1 and self._leads(doc, section):
            text = lead_text(outline, section.role, sheet)
        if text:
            version = self._store.add_version(doc, section.id, text, "model", None, (), status)
            name = section.heading or section.role
            yield WriteEvent(
                "section", section.id, version.text, f"“{name}”写好了", 1, 1, version.id
            )

    def _leads(self, doc: int, section: DraftSection) -> bool:
        """Whether the section has （一） parts under it that have something to say."""
        sections = self._store.draft_sections(doc)
        place = next(n for n, s in enumerate(sections) if s.id == section.id)
        following = itertools.takewhile(lambda s: s.level > 1, sections[place + 1 :])
        return any(s.fact_ids or s.text for s in following)

    def _write(
        self,
        doc: int,
        section: DraftSection,
        stop: threading.Event,
        order: Order,
        coming: Coming | None = None,
    ) -> Iterator[WriteEvent]:
        name, place = section.heading or section.role, order.place
        yield WriteEvent("status", section.id, "", f"正在为“{name}”找范例…", *place)
        rev = self._store.section_rev(doc, section.id)
        task, job = self._preparing.prepared(doc, section, order)
        # A second and third candidate choose more freely: told the same, a small model at its usual
        # temperature says the same, letter for letter.
        sampling = Sampling(seed=order.seed)
        if order.beside:
            freer = sampling.temperature + FREER_EACH * order.place[0]
            sampling = replace(sampling, temperature=freer)
        points: list[WrittenPoint] = []
        prompts: list[str] = []
        text, began = "", time.monotonic()
        broken: EngineError | None = None
        with self._engine.turn(self, stop) as turn:
            for waits in turn.waiting():
                yield WriteEvent("status", section.id, "", waits, *place)
            if stop.is_set():
                return
            model = turn.model
            if coming:
                model = coming.turn_of(place[0], model)
            try:
                for step in self._steps(model, task, job, sampling, stop):
                    text = step.text
                    if step.point:
                        points.append(step.point)
                        prompts.append(step.prompt_sha256)
                    yield WriteEvent("text", section.id, text, f"正在写“{name}”", *place)
            except EngineError as error:
                broken = error  # what there is of the text is kept, then told
            if coming:
                coming.turn_over()
            # Broken off before the first point was whole: what there is of it is kept all the same.
            if (stop.is_set() or broken) and not points and text.strip() in section.text:
                if broken:
                    raise broken
                return
            run = Run(
                model.name,
                model.sha256,
                sampling,
                order.seed,
                "+".join(prompts),
                section.fact_ids,
                tuple(s.section_id for s in task.shots if s.section_id),
                round(time.monotonic() - began, 2),
            )
        # Offered, not set: a section stopped half-way, edited, or given other facts meanwhile.
        now = self._preparing.find(doc, section.id)
        moved = now is None or self._tasks.facts(doc, now) != task.facts
        cut = stop.is_set() or broken is not None
        kept: VersionStatus = "candidate" if cut or moved else order.status
        version = self._store.add_version(
            doc, section.id, text, "model", run, tuple(points), kept, rev, order.beside
        )
        done = (place[0] + 1, place[1])
        yield WriteEvent(
            "section", section.id, text, f"“{name}”写好了", *done, version.id, tuple(points)
        )
        if broken:
            raise broken

    def _steps(
        self,
        model: ChatModel,
        task: SectionTask,
        job: Rewriting,
        sampling: Sampling,
        stop: threading.Event,
    ) -> Iterator[Progress]:
        """Pass on progress at a readable rate and close the writer at once when asked to stop."""
        shown = 0.0
        with contextlib.closing(write_around(model, task, job, sampling)) as steps:  # type: ignore[type-var]
            for step in steps:
                now = time.monotonic()
                if step.point or now - shown >= FRAME_SECONDS:
                    shown = now
                    yield step
                if stop.is_set():
                    return


def _still(section: DraftSection, at: int, words: str) -> int:
    """Return the number of a sentence that still reads as the page showed it."""
    one = bare_at(section.text, at)
    if one is None or not words.strip().endswith(one.text):
        raise InputError("这一句已经改过，不能单独重写。", "再点一次那一句，然后重写这一点。")
    return at
