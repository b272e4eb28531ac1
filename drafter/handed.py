"""The exports of a report, kept as the text they were in the settings of `drafts.db`, so that a
later one can show what changed since."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from drafter.export.layout import paragraphs
from drafter.store import Store
from drafter.types import Draft, DraftSection

# Exports of one report whose texts are kept; each is a few dozen kilobytes.
KEPT = 12


@dataclass(frozen=True, slots=True)
class Handed:
    """A state of the report that was exported as a Word file or PDF: the text, when (UTC, ISO
    8601), and the sha256 of the file."""

    at: str
    draft: Draft
    sha256: str


def kept_exports(store: Store, doc: int) -> tuple[Handed, ...]:
    """Return the kept exports of a report, newest first; of equal texts only the newest."""
    return tuple(_handed_of(store.setting(_place(doc))))


def keep_export(store: Store, doc: int, handed: Handed) -> None:
    """Keep an export before the others, in place of one that reads the same."""
    others = [h for h in kept_exports(store, doc) if not reads_alike(h.draft, handed.draft)]
    kept = [asdict(one) for one in (handed, *others[: KEPT - 1])]
    store.set_setting(_place(doc), json.dumps(kept, ensure_ascii=True))


def reads_alike(one: Draft, other: Draft) -> bool:
    """Return whether two drafts come out as the same paragraphs."""
    return paragraphs(one) == paragraphs(other)


def _place(doc: int) -> str:
    return f"handed:{doc}"


def _handed_of(written: str | None) -> Iterator[Handed]:
    for one in json.loads(written or "[]"):
        sections = tuple(
            DraftSection(
                **{
                    **section,
                    "fact_ids": tuple(section["fact_ids"]),
                    "exemplar_ids": tuple(section["exemplar_ids"]),
                }
            )
            for section in one["draft"]["sections"]
        )
        draft = Draft(one["draft"]["title"], one["draft"]["year"], sections)
        yield Handed(one["at"], draft, one["sha256"])
