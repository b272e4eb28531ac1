"""The shapes that pass between facts, plan, writing, checks, store and page. All frozen."""

from dataclasses import dataclass
from typing import Literal

from drafter.chat_types import ChatModel as ChatModel
from drafter.chat_types import Limits as Limits
from drafter.chat_types import ManyReplies as ManyReplies
from drafter.chat_types import Message as Message
from drafter.chat_types import Sampling as Sampling
from index.types import Role

AnchorKind = Literal["number", "date", "name", "title", "qualifier"]
FactStatus = Literal["used", "merged", "dropped", "unplaced"]
Severity = Literal["error", "warning", "advice"]
ReportType = Literal["述职报告", "工作汇报", "工作总结"]


@dataclass(frozen=True, slots=True)
class Anchor:
    """The part of a fact a faithful draft must keep.

    `start`/`end` are character offsets into the fact's text, `text` the slice as written, `value`
    its normal form for comparison (see `drafter.numbers`): "12|次", "2024-03", "每季度".
    """

    kind: AnchorKind
    text: str
    start: int
    end: int
    value: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing the person said. `id` is "F1", "F2"… in the order given; `group` is the heading it
    was pasted under, if any; `role` is what that heading says of it, if anything."""

    id: str
    text: str
    anchors: tuple[Anchor, ...]
    role: Role | None
    group: str | None


@dataclass(frozen=True, slots=True)
class FactSheet:
    """A paste, read. Header lines fill the first fields; None where the paste does not say.

    `duplicates` are bullets left out because an earlier fact says the same, as they were pasted.
    """

    title: str | None
    report_type: str | None
    unit: str | None
    post: str | None
    year: int | None
    facts: tuple[Fact, ...]
    duplicates: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlannedSection:
    """A section to be written. `id` is stable while the plan is edited; level 1 is 一、, 2 （一）.

    A level-1 section followed by level-2 sections has no facts of its own. `topic` names the entry
    of the topic table it came from, None for one the person made.
    """

    id: str
    heading: str
    role: Role
    level: int
    fact_ids: tuple[str, ...]
    target_chars: int
    topic: str | None


@dataclass(frozen=True, slots=True)
class Plan:
    """Sections in order, and the facts that found no place."""

    title: str
    outline: str
    sections: tuple[PlannedSection, ...]
    unplaced: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DraftSection:
    """A section as it stands now. `text` has no heading. Empty text: not written yet."""

    id: str
    heading: str
    level: int
    role: Role
    text: str
    fact_ids: tuple[str, ...]
    exemplar_ids: tuple[str, ...]
    locked: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """A whole report as it stands: what is exported and checked."""

    title: str
    year: int | None
    sections: tuple[DraftSection, ...]


@dataclass(frozen=True, slots=True)
class Sources:
    """What a draft may rest on: the facts, and the exemplar texts it was written beside."""

    facts: tuple[Fact, ...]
    exemplars: tuple[str, ...]
    year: int | None


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault found by a check. `span` are offsets into the section's text, None when the fault is
    an absence; `text` is the offending slice, or the fact's text for dropped_fact."""

    check: str
    severity: Severity
    section_id: str | None
    span: tuple[int, int] | None
    text: str
    message: str
    suggestion: str | None


@dataclass(frozen=True, slots=True)
class Shot:
    """A worked example for the model: `text` and the `bullets` it was written from.

    `section_id` is the exemplar it came from, "" for one shipped with the tool.
    """

    bullets: tuple[str, ...]
    text: str
    section_id: str


@dataclass(frozen=True, slots=True)
class Run:
    """Everything that produced a text, so that it can be produced again."""

    model: str
    model_sha256: str
    sampling: Sampling
    seed: int
    prompt_sha256: str
    fact_ids: tuple[str, ...]
    exemplar_ids: tuple[str, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Version:
    """One text of one section, by whom and when (UTC, ISO 8601). Never overwritten."""

    id: int
    section_id: str
    parent_id: int | None
    author: Literal["model", "human"]
    text: str
    run: Run | None
    created_at: str


@dataclass(frozen=True, slots=True)
class FactUse:
    """Where one fact went."""

    fact_id: str
    status: FactStatus
    section_id: str | None
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """A document in the list. `rev` grows with every change of title, paste or plan."""

    id: int
    title: str
    rev: int
    updated_at: str


@dataclass(frozen=True, slots=True)
class SaveOutcome:
    """What became of a save. `conflict`: somebody saved in between; the text given was kept as
    version `version_id` but is not the current one. `rev` is what the next save must name."""

    rev: int
    version_id: int | None
    conflict: bool


@dataclass(frozen=True, slots=True)
class WrittenPoint:
    """One point of a section, and how it came about.

    `attempts` counts model replies; `fell_back` means the fact's own words stand in its place;
    `first_try` is the very first reply, only its form put right; `first_try_missing` and
    `first_try_new` are the anchors it lacked and the quantities it made up, `first_try_good` says
    whether the checks passed it: the model's raw quality, before any repair.
    """

    text: str
    fact_ids: tuple[str, ...]
    attempts: int
    fell_back: bool
    first_try_missing: tuple[str, ...]
    first_try_new: tuple[str, ...]
    first_try: str = ""
    first_try_good: bool = True


@dataclass(frozen=True, slots=True)
class WriteEvent:
    """Progress of writing. `text` is the section's whole text so far.

    kind "status": `message` says what is going on (in Chinese); "text": more text; "section": the
    section is finished and `version_id` holds it; "done": everything asked for is finished;
    "stopped": the person stopped it, what was finished is kept. `done` of `total` count points.
    """

    kind: Literal["status", "text", "section", "done", "stopped"]
    section_id: str | None
    text: str
    message: str
    done: int
    total: int
    version_id: int | None = None
    points: tuple[WrittenPoint, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionState:
    """A section as the page shows it: the text, how to save it, and what was found in it.

    `candidate` is the newest model version that has been neither accepted nor discarded.
    """

    section: DraftSection
    rev: int
    target_chars: int
    candidate: Version | None
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """Where the model stands. `message` is a Chinese sentence for the status line."""

    state: Literal["missing", "downloading", "loading", "ready", "failed"]
    model: str
    engine: str
    message: str
    done_bytes: int
    total_bytes: int


@dataclass(frozen=True, slots=True)
class Settings:
    """What the person chose: names of the manifest, paths, or a server's address."""

    model: str
    engine: str
    embedder: str
    server_model: str = ""
    api_key: str = ""
