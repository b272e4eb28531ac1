"""The only composer: what the page and the command line call.

`Workspace` ties facts, plan, library, engine, checks, store and export together. It holds no state
of its own beyond those, so a crash loses nothing that was acknowledged.
"""

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from drafter.appendix import when_ready
from drafter.arranging import UNTITLED, Arranging
from drafter.backups import Backup
from drafter.candidates import Choosing
from drafter.engine import Engine
from drafter.errors import InputError
from drafter.handing import Handing
from drafter.keeper import Keeping
from drafter.models import ModelInfo, list_models
from drafter.outlines import list_outlines, numbered
from drafter.preferences import settings_from_json, settings_to_json
from drafter.printing import Printing
from drafter.receiving import Receiving
from drafter.review import Review, Reviewed
from drafter.shelf import SAMPLES, Shelf
from drafter.snapshots import Past
from drafter.store import Store
from drafter.structure import Structure
from drafter.types import (
    ChatModel,
    DocumentInfo,
    Draft,
    EngineStatus,
    FactSheet,
    FactUse,
    Finding,
    Plan,
    SaveOutcome,
    SectionState,
    Settings,
    Version,
    WriteEvent,
)
from drafter.whole import Whole
from drafter.writing import Writing
from index.home import home as default_home
from index.types import Embedder, Exemplar

__all__ = ["SAMPLES", "Backup", "Workspace"]

SAMPLES_SEEN, BEGUN = "samples_imported", "begun"


class Workspace:
    """One person's desk: documents, library, engine. Every method may be called from any thread.

    `choosing` has the exemplars of sections and the unit's own style, `review` the findings, their
    sources and fixes, `handing` what is exported and kept so, `printing` its PDF and preview,
    `receiving` the file that came back, `keeping` the copies of all work, `warming` reads prompts
    ahead.
    `drafts` overrides where the work is kept (the command line uses a temporary file); models and
    library always come from `home`. A `chat` or `embedder` already open is used as it is instead
    of what the settings name. Where several people share a machine, all use the engine, embedder
    and settings of one `chief`; all else is each one's own.
    """

    def __init__(
        self,
        home: Path | None = None,
        drafts: Path | None = None,
        chat: ChatModel | None = None,
        embedder: Embedder | None = None,
        chief: "Workspace | None" = None,
    ) -> None:
        place = home or default_home()
        self._chief = chief
        self.keeping = Keeping(place, drafts or place / "drafts.db")
        self._store = Store(drafts or place / "drafts.db")
        self.structure, self.past = Structure(self._store), Past(self._store)
        wanted, lender = (lambda: self.settings().embedder), chief._shelf if chief else None
        self._shelf: Shelf = Shelf(place / "library", wanted, embedder, lender)
        self.library = self._shelf.library
        self._arranging = Arranging(self._store, self._shelf, self.structure)
        self._engine: Engine = chief._engine if chief else Engine(self.settings, chat)
        self._writing = Writing(self._store, self._shelf, self._engine)
        self.choosing, self.warming = self._writing.choosing, self._writing.warming
        self.review = Review(self._store, self.library)
        self.candidates = Choosing(self._store, self.review)
        near = when_ready(self._shelf, self.choosing.closeness)
        self.handing = Handing(self._store, self.review, self.library, place / "templates", near)
        self.printing = Printing(self.handing)
        self.whole = Whole(self._store, self.review)
        self.receiving = Receiving(self._store, self.review, self.handing.layouts)

    def close(self) -> None:
        """Close the databases and free the model; the desk cannot be used afterwards."""
        self.warming.close()
        if self._chief is None:
            self._engine.release()
        self.library.close()
        self._store.close()

    # documents

    def documents(self) -> tuple[DocumentInfo, ...]:
        """Return all documents, newest first."""
        return self._store.documents()

    def create_document(self, title: str = UNTITLED) -> DocumentInfo:
        """Begin an empty document."""
        return self._store.create_document(title)

    def document(self, doc: int) -> DocumentInfo:
        """Return one document. Raises StoreError when there is none of that id."""
        return self._store.document(doc)

    def rename_document(self, doc: int, title: str) -> None:
        """Give a document another title; it is also the report's title on export."""
        self._store.rename(doc, title.strip() or UNTITLED)

    def delete_document(self, doc: int) -> None:
        """Take a document off the list; `undelete_document` brings it back."""
        self._store.delete(doc)

    def undelete_document(self, doc: int) -> None:
        """Bring a deleted document back."""
        self._store.undelete(doc)

    def paste(self, doc: int) -> str:
        """Return the pasted text as the person left it."""
        return self._store.paste(doc)

    def save_paste(self, doc: int, text: str) -> None:
        """Keep the pasted text as it is, whatever it holds."""
        self._store.save_paste(doc, text)

    def read_facts(self, doc: int) -> FactSheet:
        """Read the paste into facts; a plan already made takes them in. Raises InputError."""
        return self._arranging.read(doc)

    def sheet(self, doc: int) -> FactSheet | None:
        """Return the facts as last read, None before that."""
        return self._store.sheet(doc)

    # plan

    def outlines(self) -> tuple[tuple[str, str], ...]:
        """Return (name, Chinese label) of every outline."""
        return tuple((outline.name, outline.label) for outline in list_outlines())

    def make_plan(self, doc: int, outline: str | None = None) -> Plan:
        """Plan from the paste (see `Arranging.plan`). Raises InputError."""
        return self._arranging.plan(doc, outline)

    def plan(self, doc: int) -> Plan | None:
        """Return the plan, None before the first `make_plan`."""
        return self._store.plan(doc)

    def save_plan(self, doc: int, plan: Plan) -> None:
        """Keep an edited plan; texts stay with their sections."""
        self._store.save_plan(doc, plan)

    # text

    def draft(self, doc: int) -> Draft:
        """Return the whole report as it stands."""
        return self.review.draft(doc)

    def section(self, doc: int, section_id: str) -> SectionState:
        """Return one section with what was found in it. Raises InputError for an unknown id."""
        for state in self.sections(doc):
            if state.section.id == section_id:
                return state
        raise InputError("这一节已经不在提纲里。", "刷新页面，从提纲里重新选择。")

    def sections(self, doc: int, reviewed: Reviewed | None = None) -> tuple[SectionState, ...]:
        """Return every section in order, as the page shows it; ignored findings are left out.

        `reviewed` is the document as just read, where that has been done already.
        """
        reviewed = reviewed or self.review.read(doc)
        plan = self._store.plan(doc)
        targets = {s.id: s.target_chars for s in plan.sections} if plan else {}
        return tuple(
            SectionState(
                section,
                self._store.section_rev(doc, section.id),
                targets.get(section.id, 0),
                self._store.candidate(doc, section.id),
                reviewed.open(section.id),
            )
            for section in reviewed.draft.sections
        )

    def numbers(self, doc: int) -> tuple[str, ...]:
        """Return the marks 一、 and （一） of all sections in order, "" for 导语 and 结语."""
        return numbered(self._store.draft_sections(doc))

    def save_text(self, doc: int, section_id: str, text: str, rev: int) -> SaveOutcome:
        """Keep what the person typed as a new version. Nothing is ever overwritten."""
        return self._store.save_text(doc, section_id, text, rev)

    def set_locked(self, doc: int, section_id: str, locked: bool) -> None:
        """Lock a section against rewriting, or unlock it."""
        self._store.set_locked(doc, section_id, locked)

    def history(self, doc: int, section_id: str) -> tuple[Version, ...]:
        """Return every version of a section, newest first."""
        return self._store.history(doc, section_id)

    def restore(self, doc: int, section_id: str, version_id: int) -> None:
        """Make an old text current again, as a new version."""
        self.past.restore(doc, section_id, version_id)

    # writing

    def write_section(
        self,
        doc: int,
        section_id: str,
        stop: threading.Event,
        instruction: str = "",
        seed: int | None = None,
        variants: int = 1,
        point: tuple[int, str] | None = None,
    ) -> Iterator[WriteEvent]:
        """Regenerate one section, or the `point` of one sentence (its number and words), into up to
        three candidates; the current text is not touched."""
        return self._writing.write_candidate(
            doc, section_id, stop, instruction, seed, variants, point
        )

    def write_all(self, doc: int, stop: threading.Event, seed: int = 1) -> Iterator[WriteEvent]:
        """Write every empty, unlocked section with facts; finished ones become current text."""
        self.past.automatic(doc, "生成全文前")
        return self._writing.write_all(doc, stop, seed)

    def recover_pairs(self, stop: threading.Event, with_model: bool = True) -> Iterator[WriteEvent]:
        """Turn exemplar points back into bullets, so that drafts follow the samples' style."""
        return self._writing.recovering.recover_pairs(stop, with_model)

    def accept(self, doc: int, section_id: str, version_id: int) -> None:
        """Make a candidate the current text."""
        self.candidates.accept(doc, section_id, version_id)

    def discard(self, doc: int, section_id: str, version_id: int) -> None:
        """Put a candidate away; it stays in the history."""
        self._store.discard(doc, section_id, version_id)

    # evidence

    def exemplars(self, doc: int, section_id: str) -> tuple[Exemplar, ...]:
        """Return the exemplars closest to a section now."""
        return self._writing.exemplars(doc, self.section(doc, section_id).section)

    def findings(self, doc: int) -> tuple[Finding, ...]:
        """Return what the checks find in the draft as it stands, ignored or not."""
        return tuple(remark.finding for remark in self.review.read(doc).remarks)

    def fact_uses(self, doc: int) -> tuple[FactUse, ...]:
        """Return where each fact went."""
        return self.review.read(doc).uses

    # engine, embedder, settings

    def settings(self) -> Settings:
        """Return the person's choices, defaults where none was made; a chief's without the key."""
        if self._chief is not None:
            return replace(self._chief.settings(), api_key="")
        return settings_from_json(self._store.setting("settings"))

    def save_settings(self, settings: Settings) -> None:
        """Keep choices; another model or embedder is loaded when next needed.

        Raises InputError where a chief chooses for all.
        """
        if self._chief is not None:
            raise InputError("模型由管理员统一设定，这里不能改。", "要换模型请找管理员。")
        before = self.settings()
        self._store.set_setting("settings", settings_to_json(settings))
        if settings.embedder != before.embedder:
            self._shelf.forget_embedder()
        if settings != before:
            self._engine.release()

    def models(self) -> tuple[ModelInfo, ...]:
        """Return the writers that can be chosen by name, and which of them are here."""
        return list_models()

    def engine_status(self) -> EngineStatus:
        """Return where the writing model stands. Cheap enough to poll."""
        return self._engine.status()

    def prepare_engine(self) -> None:
        """Begin fetching and loading the writing model in the background."""
        self._engine.prepare()

    def about_to_prepare(self) -> None:
        """Say of model and library that they are made ready in a moment."""
        self._engine.about_to_prepare()
        self._shelf.about_to_prepare()

    def stop_preparing(self) -> None:
        """Stop downloads; finished parts stay. One of several people stops only their own."""
        if self._chief is None:
            self._engine.stop_preparing()
        self._shelf.stop()

    def embedder(self) -> Embedder:
        """Return the embedder, loading (and first fetching) it. Raises WeightsError."""
        return self._shelf.embedder()

    def prepare_library(self) -> None:
        """Begin loading the embedder and, the first time, importing samples/, in the background."""
        seen = self._store.setting(SAMPLES_SEEN)
        first_time = seen == BEGUN or (seen is None and not self.library.reports())
        if first_time:
            self._store.set_setting(SAMPLES_SEEN, BEGUN)
        self._shelf.prepare(first_time, self._after_import)

    def _after_import(self, stop: threading.Event) -> Iterator[WriteEvent]:
        if not stop.is_set():
            self._store.set_setting(SAMPLES_SEEN, "done")
        yield from self._writing.recovering.recover_pairs(stop, with_model=False)

    def library_status(self) -> EngineStatus:
        """Return where embedder and library stand. Cheap enough to poll."""
        return self._shelf.status()

    # out

    def export(self, doc: int, form: str) -> tuple[str, bytes]:
        """Return (file name, data) of the report as "docx", "txt" or "md". Raises ExportError."""
        return self.handing.report(doc, form)
