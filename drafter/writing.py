"""The writing half of the composer: exemplars found, shots chosen, points written, versions kept."""

import contextlib
import threading
import time
from collections.abc import Iterator, Sequence

from drafter.engine import Engine
from drafter.errors import InputError
from drafter.outlines import closing_text, opening_text, outline_named
from drafter.shots import choose_shots
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
from index.library import Library
from index.types import Exemplar, Role

# How many exemplars stand beside a section; shots come from these.
EXEMPLARS = 4
# A text is shown at most this often while it streams (field notes: 5–10 times a second).
FRAME_SECONDS = 0.12
# An exemplar "speaks in ordinals" when its text opens points this way.
ORDINAL_OPENINGS = ("一是", "一个是")


def speaks_in_ordinals(exemplars: Sequence[Exemplar]) -> bool:
    """Return whether most exemplars open their points with 一是/二是. True when there are none."""
    if not exemplars:
        return True
    votes = [any(mark in e.section.text for mark in ORDINAL_OPENINGS) for e in exemplars]
    return sum(votes) * 2 >= len(votes)


class Writing:
    """Writes sections of a stored document with the engine's model and the library's exemplars."""

    def __init__(self, store: Store, library: Library, engine: Engine) -> None:
        self._store = store
        self._library = library
        self._engine = engine

    def exemplars(self, doc: int, section: DraftSection) -> tuple[Exemplar, ...]:
        """Return the library's sections closest to this one in role and topic; () when empty."""
        facts = self._facts(doc, section)
        role: Role = section.role
        if role in ("导语", "结语") or not self._library.reports():
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
        if section.role in ("导语", "结语"):
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

    def write_all(self, doc: int, stop: threading.Event) -> Iterator[WriteEvent]:
        """Write every empty, unlocked section in order; what is finished becomes current text."""
        waiting = [
            s
            for s in self._store.draft_sections(doc)
            if not s.text.strip() and not s.locked and (s.fact_ids or s.role in ("导语", "结语"))
        ]
        formulas = [s for s in waiting if s.role in ("导语", "结语")]
        for section in formulas:
            yield from self._write_formula(doc, section, "current")
        rest = [s for s in waiting if s.role not in ("导语", "结语")]
        if rest:
            yield from self._wait_for_engine(stop, rest[0].id)
        for number, section in enumerate(rest):
            if stop.is_set():
                break
            yield from self._write(doc, section, stop, "current", "", 1, (number, len(rest)))
        kind = "stopped" if stop.is_set() else "done"
        message = "已停止，写好的部分都已保存。" if stop.is_set() else "全文写完。"
        yield WriteEvent(kind, None, "", message, len(rest), len(rest))

    def _section(self, doc: int, section_id: str) -> DraftSection:
        for section in self._store.draft_sections(doc):
            if section.id == section_id:
                return section
        raise InputError("这一节已经不在提纲里。", "刷新页面，从提纲里重新选择。")

    def _wait_for_engine(self, stop: threading.Event, section_id: str) -> Iterator[WriteEvent]:
        for status in self._engine.wait(stop):
            yield WriteEvent("status", section_id, "", status.message, 0, 0)

    def _write_formula(self, doc: int, section: DraftSection, status: str) -> Iterator[WriteEvent]:
        """导语 and 结语 are the genre's formulas filled with what the sheet says; no model."""
        sheet = self._store.sheet(doc) or FactSheet(None, None, None, None, None, (), ())
        plan = self._store.plan(doc)
        outline = outline_named(plan.outline if plan else "")
        fill = opening_text if section.role == "导语" else closing_text
        version = self._store.add_version(
            doc, section.id, fill(outline, sheet), "model", None, (), status
        )
        yield WriteEvent("section", section.id, version.text, "", 1, 1, version.id)

    def _task(self, doc: int, section: DraftSection, instruction: str) -> SectionTask:
        facts = self._facts(doc, section)
        exemplars = self.exemplars(doc, section)
        self._store.set_exemplars(doc, section.id, tuple(e.section.id for e in exemplars))
        sheet = self._store.sheet(doc)
        spoken = tuple(
            s.text[:2] for s in self._store.draft_sections(doc) if s.text and s.id != section.id
        )
        return SectionTask(
            section_id=section.id,
            role=section.role,
            genre=(sheet.report_type if sheet else None) or "述职报告",
            facts=facts,
            shots=choose_shots(exemplars, facts, self._library.pair, Policy().shots),
            exemplar_texts=tuple(e.section.text for e in exemplars),
            ordinals=speaks_in_ordinals(exemplars),
            year=sheet.year if sheet else None,
            instruction=instruction,
            spoken=spoken[-3:],
        )

    def _write(
        self,
        doc: int,
        section: DraftSection,
        stop: threading.Event,
        status: str,
        instruction: str,
        seed: int,
        place: tuple[int, int],
    ) -> Iterator[WriteEvent]:
        name = section.heading or section.role
        yield WriteEvent("status", section.id, "", f"正在为“{name}”找范例…", *place)
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
        version = self._store.add_version(
            doc, section.id, text, "model", run, tuple(points), "candidate" if stop.is_set() else status
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
