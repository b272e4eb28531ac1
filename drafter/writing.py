"""The writing half of the composer: exemplars, shots, points, versions."""

import contextlib
import itertools
import threading
import time
from collections.abc import Iterator, Sequence
from typing import Literal

from drafter.engine import Engine
from drafter.errors import InputError, WeightsError
from drafter.labels import labels_in, speak_in_labels
from drafter.outlines import closing_text, lead_text, opening_text, outline_named
from drafter.pairs import bundled_pairs, point_key, recover_with
from drafter.shelf import Shelf
from drafter.shots import (
    SHORTEST,
    choose_shots,
    points_of,
    recover_by_rule,
    shot_text,
    strip_opener,
)
from drafter.store import Store
from drafter.types import (
    ChatModel,
    DraftSection,
    Fact,
    FactSheet,
    Run,
    Sampling,
    WriteEvent,
    WrittenPoint,
)
from drafter.write import Policy, Progress, SectionTask, write_section
from index.errors import LibraryMismatch
from index.types import Exemplar, Role, Section

# How many exemplars stand beside a section; shots come from these.
EXEMPLARS = 4
# A text is shown at most this often while it streams (field notes: 5–10 times a second).
FRAME_SECONDS = 0.12
# An exemplar "speaks in ordinals" when its text opens points this way.
ORDINAL_OPENINGS = ("一是", "一个是")
FORMULAS: tuple[Role, ...] = ("导语", "结语")
VersionStatus = Literal["current", "candidate"]


def speaks_in_ordinals(exemplars: Sequence[Exemplar]) -> bool:
    """Return whether exemplars open their points with 一是/二是: one in three is enough.

    A section of one point has none even in a report that uses them throughout. True without
    exemplars, since that is the genre's habit.
    """
    votes = [any(mark in e.section.text for mark in ORDINAL_OPENINGS) for e in exemplars]
    return not votes or sum(votes) * 3 >= len(votes)


class Writing:
    """Writes sections of a stored document with the engine's model and the library's exemplars."""

    def __init__(self, store: Store, shelf: Shelf, engine: Engine) -> None:
        self._store = store
        self._shelf = shelf
        self._library = shelf.library
        self._engine = engine

    def exemplars(self, doc: int, section: DraftSection) -> tuple[Exemplar, ...]:
        """Return the library's sections closest to this one in role and topic; () when empty."""
        facts = self._facts(doc, section)
        role: Role = section.role
        if role in FORMULAS or not self._library.reports():
            return ()
        wanted = section.heading + "\n" + "\n".join(fact.text for fact in facts)
        return self._library.search(wanted.strip(), role, EXEMPLARS)

    def _facts(self, doc: int, section: DraftSection) -> tuple[Fact, ...]:
        sheet = self._store.sheet(doc)
        by_id = {fact.id: fact for fact in sheet.facts} if sheet else {}
        return tuple(by_id[i] for i in section.fact_ids if i in by_id)

    def write_candidate(
        self, doc: int, section_id: str, stop: threading.Event, instruction: str, seed: int | None
    ) -> Iterator[WriteEvent]:
        """Write one section into a candidate version; no current text is touched."""
        section = self._section(doc, section_id)
        if section.locked:
            raise InputError("本节已锁定，不能重写。", "先点“解锁”，再重写本节。")
        if section.role in FORMULAS:
            yield from self._write_formula(doc, section, "candidate")
            return
        if not section.fact_ids:
            raise InputError("本节还没有要点，没有可写的内容。", "把要点移到本节，再点重写。")
        yield from self._wait_for_engine(stop, section_id)
        chosen = seed if seed is not None else self._next_seed(doc, section_id)
        yield from self._write(doc, section, stop, "candidate", instruction, chosen, (0, 0))
        yield WriteEvent("stopped" if stop.is_set() else "done", section_id, "", "", 1, 1)

    def _next_seed(self, doc: int, section_id: str) -> int:
        runs = [v for v in self._store.history(doc, section_id) if v.run]
        return 1 + 1000 * len(runs)

    def write_all(self, doc: int, stop: threading.Event, seed: int = 1) -> Iterator[WriteEvent]:
        """Write every empty, unlocked section in order; what is finished becomes current text.

        Each section is looked at again when its turn comes: the person may have written it, locked
        it, moved its facts or dropped it since.
        """
        waiting = [
            s for s in self._store.draft_sections(doc) if not s.text.strip() and not s.locked
        ]
        for empty in waiting:
            if not empty.fact_ids:
                yield from self._write_formula(doc, empty, "current")
        rest = [s.id for s in waiting if s.fact_ids and s.role not in FORMULAS]
        for number, section_id in enumerate(rest):
            yield from self._wait_for_engine(stop, section_id)
            if stop.is_set():
                break
            section = self._find(doc, section_id)
            if section and section.fact_ids and not section.text.strip() and not section.locked:
                place = (number, len(rest))
                yield from self._write(doc, section, stop, "current", "", seed, place)
        if stop.is_set():
            message = "已停止，写好的部分都已保存。"
            yield WriteEvent("stopped", None, "", message, len(rest), len(rest))
        else:
            yield WriteEvent("done", None, "", "全文写完。", len(rest), len(rest))

    def _find(self, doc: int, section_id: str) -> DraftSection | None:
        return next((s for s in self._store.draft_sections(doc) if s.id == section_id), None)

    def _section(self, doc: int, section_id: str) -> DraftSection:
        section = self._find(doc, section_id)
        if section:
            return section
        raise InputError("这一节已经不在提纲里。", "刷新页面，从提纲里重新选择。")

    def _wait_for_engine(self, stop: threading.Event, section_id: str) -> Iterator[WriteEvent]:
        for status in itertools.chain(self._shelf.wait(stop), self._engine.wait(stop)):
            yield WriteEvent("status", section_id, "", status.message, 0, 0)

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

    def _task(self, doc: int, section: DraftSection, instruction: str) -> SectionTask:
        facts = self._facts(doc, section)
        try:
            exemplars = self.exemplars(doc, section)
        except (LibraryMismatch, WeightsError):
            # Without exemplars a report can still be written; the library's own status says why.
            exemplars = ()
        self._store.set_exemplars(doc, section.id, tuple(e.section.id for e in exemplars))
        sheet = self._store.sheet(doc)
        return SectionTask(
            section_id=section.id,
            role=section.role,
            genre=(sheet.report_type if sheet else None) or "述职报告",
            facts=facts,
            shots=choose_shots(exemplars, facts, self._bullets, Policy().shots),
            exemplar_texts=tuple(e.section.text for e in exemplars),
            ordinals=speaks_in_ordinals(exemplars),
            year=sheet.year if sheet else None,
            instruction=instruction,
            heading=section.heading,
            labels_used=tuple(
                label
                for other in self._store.draft_sections(doc)
                if other.id != section.id
                for label in labels_in(other.text)
            ),
            labelled=speak_in_labels(
                [strip_opener(p) for e in exemplars for p in e.section.points]
            ),
        )

    def _bullets(self, section: Section, point: int) -> tuple[str, ...] | None:
        """Return the bullets kept for a point, or those that came with the samples."""
        kept = self._library.pair(section.id, point)
        return kept or bundled_pairs().get(point_key(points_of(section)[point]))

    def recover_pairs(self, stop: threading.Event, with_model: bool) -> Iterator[WriteEvent]:
        """Store with every exemplar point the bullets it was written from; resumable.

        Bundled bullets and the rule's come at once. With `with_model`, the engine then improves on
        the rule's, one point at a time, so that writing never waits for more than one.
        """
        sources = self._library.pair_sources()
        points = [
            (section, number, point)
            for section in self._library.sections()
            if section.role not in FORMULAS
            for number, point in enumerate(points_of(section))
            if len(shot_text(point)) >= SHORTEST
        ]
        for section, number, point in points:
            if (section.id, number) not in sources:
                sources[section.id, number] = self._store_known(section, number, point)
        left = [p for p in points if sources[p[0].id, p[1]] == "rule"] if with_model else []
        if left:
            yield from self._wait_for_engine(stop, "")
        for done, (section, number, point) in enumerate(left):
            if stop.is_set():
                yield WriteEvent("stopped", None, "", "已停止，还原过的都已保存。", done, len(left))
                return
            message = f"正在把样本还原成要点：{done}/{len(left)}"
            yield WriteEvent("status", None, "", message, done, len(left))
            with self._engine.use() as model:
                found = recover_with(model, point)
            # "tried" marks a point whose rule bullets stand, so that it is not asked for again.
            bullets, source = (found, "model") if found else (self._rule(point), "tried")
            self._library.put_pair(section.id, number, bullets, shot_text(point), source)
        yield WriteEvent("done", None, "", "样本的要点都还原好了。", len(left), len(left))

    def _rule(self, point: str) -> tuple[str, ...]:
        return recover_by_rule(shot_text(point))

    def _store_known(self, section: Section, number: int, point: str) -> str:
        found = bundled_pairs().get(point_key(point))
        source = "model" if found else "rule"
        bullets = found or self._rule(point)
        self._library.put_pair(section.id, number, bullets, shot_text(point), source)
        return source

    def _write(
        self,
        doc: int,
        section: DraftSection,
        stop: threading.Event,
        status: VersionStatus,
        instruction: str,
        seed: int,
        place: tuple[int, int],
    ) -> Iterator[WriteEvent]:
        name = section.heading or section.role
        yield WriteEvent("status", section.id, "", f"正在为“{name}”找范例…", *place)
        rev = self._store.section_rev(doc, section.id)
        task = self._task(doc, section, instruction)
        sampling = Sampling(seed=seed)
        points: list[WrittenPoint] = []
        prompts: list[str] = []
        text, began = "", time.monotonic()
        with self._engine.use() as model:
            for step in self._steps(model, task, sampling, stop):
                text = step.text
                if step.point:
                    points.append(step.point)
                    prompts.append(step.prompt_sha256)
                yield WriteEvent("text", section.id, text, f"正在写“{name}”", *place)
            if stop.is_set() and not points:
                return
            run = Run(
                model.name,
                model.sha256,
                sampling,
                seed,
                "+".join(prompts),
                section.fact_ids,
                tuple(s.section_id for s in task.shots if s.section_id),
                round(time.monotonic() - began, 2),
            )
        # Offered, not set: a section stopped half-way, edited, or given other facts meanwhile.
        now = self._find(doc, section.id)
        moved = now is None or self._facts(doc, now) != task.facts
        kept: VersionStatus = "candidate" if stop.is_set() or moved else status
        version = self._store.add_version(
            doc, section.id, text, "model", run, tuple(points), kept, rev
        )
        done = (place[0] + 1, place[1])
        yield WriteEvent(
            "section", section.id, text, f"“{name}”写好了", *done, version.id, tuple(points)
        )

    def _steps(
        self, model: ChatModel, task: SectionTask, sampling: Sampling, stop: threading.Event
    ) -> Iterator[Progress]:
        """Pass on progress at a readable rate and close the writer at once when asked to stop."""
        shown = 0.0
        with contextlib.closing(write_section(model, task, Policy(), sampling)) as steps:  # type: ignore[type-var]
            for step in steps:
                now = time.monotonic()
                if step.point or now - shown >= FRAME_SECONDS:
                    shown = now
                    yield step
                if stop.is_set():
                    return
