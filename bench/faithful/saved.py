"""Drafts kept as JSON, one file a sheet and seed, so that they are measured without a model.

The form is that of `python -m drafter draft --json` with what the measures need beside it: how
every point came about, the texts of the exemplars, the length each section was to have.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from drafter.anchors import find_anchors
from drafter.checking import finding_json
from drafter.types import Draft, DraftSection, Fact, WrittenPoint
from drafter.wording import join_points, trim_tail
from drafter.workflow import Workspace
from drafter.write import own_words

FORMULAS = ("导语", "结语")


@dataclass(frozen=True, slots=True)
class SavedDraft:
    """One draft and how it came about.

    `way` says how it was written ("full", "unconstrained", "no-exemplars", "usual"); `points`,
    `targets` (characters) and `exemplars` (texts) are by section id; `seconds` is writing alone.
    """

    sheet: str
    seed: int
    way: str
    model: str
    seconds: float
    draft: Draft
    facts: tuple[Fact, ...]
    points: Mapping[str, tuple[WrittenPoint, ...]]
    targets: Mapping[str, int]
    exemplars: Mapping[str, tuple[str, ...]]

    def facts_of(self, section: DraftSection) -> tuple[Fact, ...]:
        """Return the facts a section was to tell."""
        return tuple(fact for fact in self.facts if fact.id in section.fact_ids)


def file_of(folder: Path, sheet: str, seed: int) -> Path:
    """Return where the draft of a sheet with a seed is kept."""
    return folder / f"{sheet}.{seed}.json"


def as_json(
    desk: Workspace, doc: int, points: Mapping[str, tuple[WrittenPoint, ...]]
) -> dict[str, Any]:
    """Return a document of the desk in the form that is saved, less sheet, seed, way, seconds."""
    made, sheet, plan = desk.draft(doc), desk.sheet(doc), desk.plan(doc)
    assert sheet is not None and plan is not None
    uses = {use.fact_id: use for use in desk.fact_uses(doc)}
    written = [point for each in points.values() for point in each]
    texts = {section.id: section.text for section in desk.library.sections()}
    return {
        "title": made.title,
        "year": made.year,
        "model": desk.engine_status().model,
        "sections": [asdict(section) for section in made.sections],
        "facts": [
            {
                "id": fact.id, "text": fact.text, "role": fact.role, "group": fact.group,
                "status": uses[fact.id].status, "section": uses[fact.id].section_id,
            }
            for fact in sheet.facts
        ],
        "findings": [finding_json(finding) for finding in desk.findings(doc)],
        "outline": plan.outline,
        "stats": {
            "points": len(written),
            "first_try": sum(p.attempts == 1 and not p.fell_back for p in written),
            "retried": sum(p.attempts > 1 and not p.fell_back for p in written),
            "fell_back": sum(p.fell_back for p in written),
        },
        "points": {key: [asdict(point) for point in each] for key, each in points.items()},
        "targets": {section.id: section.target_chars for section in plan.sections},
        "exemplars": {
            s.id: [texts[i] for i in s.exemplar_ids if i in texts] for s in made.sections
        },
    }  # fmt: skip


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """Write through a neighbour file: a run that is cut off leaves no half-written draft."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(data, ensure_ascii=False, indent=1), encoding="utf-8")
    part.replace(path)


def _tuples(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(v) if isinstance(v, list) else v for key, v in data.items()}


def read_saved(path: Path) -> SavedDraft:
    """Return one saved draft. Anchors are found anew: measures follow the rules of today."""
    data = json.loads(path.read_text(encoding="utf-8"))
    return SavedDraft(
        sheet=data["sheet"],
        seed=data["seed"],
        way=data["way"],
        model=data["model"],
        seconds=data["stats"]["seconds"],
        draft=Draft(
            data["title"], data["year"], tuple(DraftSection(**_tuples(s)) for s in data["sections"])
        ),
        facts=tuple(
            Fact(f["id"], f["text"], find_anchors(f["text"]), f["role"], f["group"])
            for f in data["facts"]
        ),
        points={
            key: tuple(WrittenPoint(**_tuples(point)) for point in each)
            for key, each in data["points"].items()
        },
        targets=data["targets"],
        exemplars={key: tuple(texts) for key, texts in data["exemplars"].items()},
    )


def read_folder(folder: Path) -> tuple[SavedDraft, ...]:
    """Return all saved drafts of a folder in the order of their names; () when there are none."""
    return tuple(read_saved(path) for path in sorted(folder.glob("*.json")))


def _rewritten(
    saved: SavedDraft, way: str, point_of: Callable[[DraftSection, WrittenPoint], WrittenPoint]
) -> SavedDraft:
    """Return the draft with every point made anew; sections without points stay as they are."""
    points: dict[str, tuple[WrittenPoint, ...]] = {}
    sections = []
    for section in saved.draft.sections:
        own = saved.points.get(section.id, ())
        if own:
            made = [point_of(section, point) for point in own]
            points[section.id] = tuple(point for point in made if point.text)
            ordinals = section.text.startswith("一是")
            text = join_points([point.text for point in points[section.id]], ordinals)
            section = replace(section, text=text)
        sections.append(section)
    draft = replace(saved.draft, sections=tuple(sections))
    # How long it would have taken was not measured.
    return replace(saved, way=way, draft=draft, points=points, seconds=0.0)


def first_tries(saved: SavedDraft) -> SavedDraft:
    """Return the draft as the model's first replies would make it: no check, no repair, no trim.

    Of a bite that was split after it failed, the first reply stands with its first point, so that
    nothing is counted twice.
    """

    def raw(section: DraftSection, point: WrittenPoint) -> WrittenPoint:
        return replace(point, text=point.first_try, attempts=1, fell_back=False)

    return _rewritten(saved, f"{saved.way}, without checks", raw)


def without_retries(saved: SavedDraft) -> SavedDraft:
    """Return the draft with the facts' own words wherever the checks refused the first reply.

    A first reply that passed stands as it was used; one with minor faults only, for which another
    was asked, stands itself with its empty tail cut, as the writer would have cut it.
    """
    by_id = {fact.id: fact for fact in saved.facts}

    def once(section: DraftSection, point: WrittenPoint) -> WrittenPoint:
        facts = [by_id[i] for i in point.fact_ids if i in by_id]
        if not point.first_try_good:
            return replace(point, text=own_words(facts), attempts=1, fell_back=True)
        if point.attempts == 1:
            return point
        strict = section.role != "成效"
        text = trim_tail(point.first_try, [fact.text for fact in facts], strict)
        return replace(point, text=text, attempts=1, fell_back=False)

    return _rewritten(saved, f"{saved.way}, without retries", once)
