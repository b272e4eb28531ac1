"""The only composer: what the page and the command line call. (Being written; see the API here.)"""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from drafter.types import (
    DocumentInfo, Draft, EngineStatus, FactSheet, FactUse, Finding, Plan, SaveOutcome, SectionState,
    Settings, Version, WriteEvent,
)
from index.library import Library
from index.types import Exemplar


class Workspace:
    """One person's desk: documents, library, engine. Every method may be called from any thread."""

    library: Library

    def __init__(self, home: Path | None = None) -> None: ...

    # documents ------------------------------------------------------------------------------
    def documents(self) -> tuple[DocumentInfo, ...]: ...          # newest first
    def create_document(self, title: str = "未命名文稿") -> DocumentInfo: ...
    def document(self, doc: int) -> DocumentInfo: ...
    def rename_document(self, doc: int, title: str) -> None: ...
    def delete_document(self, doc: int) -> None: ...              # marked, can be undone
    def undelete_document(self, doc: int) -> None: ...

    # facts ----------------------------------------------------------------------------------
    def paste(self, doc: int) -> str: ...
    def save_paste(self, doc: int, text: str) -> None: ...        # autosave, never raises on content
    def read_facts(self, doc: int) -> FactSheet: ...              # InputError on empty/oversized

    # plan -----------------------------------------------------------------------------------
    def outlines(self) -> tuple[tuple[str, str], ...]: ...        # (name, Chinese label)
    def make_plan(self, doc: int, outline: str | None = None) -> Plan: ...   # saved; text of kept sections stays
    def plan(self, doc: int) -> Plan | None: ...
    def save_plan(self, doc: int, plan: Plan) -> None: ...        # after drafter.plan edits; keeps texts

    # text -----------------------------------------------------------------------------------
    def draft(self, doc: int) -> Draft: ...
    def section(self, doc: int, section_id: str) -> SectionState: ...
    def sections(self, doc: int) -> tuple[SectionState, ...]: ...
    def save_text(self, doc: int, section_id: str, text: str, rev: int) -> SaveOutcome: ...
    def set_locked(self, doc: int, section_id: str, locked: bool) -> None: ...
    def history(self, doc: int, section_id: str) -> tuple[Version, ...]: ...   # newest first
    def restore(self, doc: int, section_id: str, version_id: int) -> None: ...  # a new version

    # writing --------------------------------------------------------------------------------
    def write_section(self, doc: int, section_id: str, stop: threading.Event,
                      instruction: str = "", seed: int | None = None) -> Iterator[WriteEvent]:
        """Regenerate one section into a candidate version; the current text is not touched."""
    def write_all(self, doc: int, stop: threading.Event) -> Iterator[WriteEvent]:
        """Write every empty, unlocked section with facts; finished ones become current text."""
    def accept(self, doc: int, section_id: str, version_id: int) -> None: ...
    def discard(self, doc: int, section_id: str, version_id: int) -> None: ...

    # evidence -------------------------------------------------------------------------------
    def exemplars(self, doc: int, section_id: str) -> tuple[Exemplar, ...]: ...
    def findings(self, doc: int) -> tuple[Finding, ...]: ...
    def fact_uses(self, doc: int) -> tuple[FactUse, ...]: ...

    # engine and settings --------------------------------------------------------------------
    def settings(self) -> Settings: ...
    def save_settings(self, settings: Settings) -> None: ...
    def engine_status(self) -> EngineStatus: ...                  # cheap; polled by the page
    def prepare_engine(self) -> None: ...                         # starts a background thread once
    def stop_preparing(self) -> None: ...
    def prepare_library(self) -> None: ...                        # background: embedder, samples/ on first start
    def library_status(self) -> EngineStatus: ...

    # out ------------------------------------------------------------------------------------
    def export(self, doc: int, form: str) -> tuple[str, bytes]: ...   # "docx" | "txt" | "md" -> (filename, data)
