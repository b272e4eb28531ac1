"""The evidence appendix of a stored document: what each sentence rests on, and how it was made."""

import hashlib
import importlib.metadata
import platform
import tomllib
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from drafter.checks.passages import letters
from drafter.errors import ExportError, UserFacingError, WeightsError
from drafter.export.evidence import EVIDENCE_EXPORTERS, Consulted, Evidence
from drafter.handed import kept_exports, reads_alike
from drafter.preferences import settings_from_json
from drafter.remarks import longest_shared
from drafter.review import Review
from drafter.shelf import Shelf
from drafter.store import Store
from drafter.types import DraftSection
from index.errors import LibraryMismatch
from index.library import Library
from index.types import Section

# How close every section of the library is to a section of a document, by id; {} where nobody knows
# without waiting for a model.
Closeness = Callable[[int, DraftSection], Mapping[str, float]]
_PROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"
# What has a hand in the text: the engines, and what finds exemplars.
_LIBRARIES = ("xllamacpp", "transformers", "torch", "sentence-transformers")


def evidence_of(
    store: Store, review: Review, library: Library, doc: int, closeness: Closeness | None = None
) -> Evidence:
    """Return all there is to tell of a document as it stands.

    The newest export is named by its sha256 where the text has not changed since.
    """
    reviewed = review.read(doc)
    draft = reviewed.draft
    same = (h.sha256 for h in kept_exports(store, doc) if reads_alike(h.draft, draft))
    exemplars = {}
    for section in draft.sections:
        near = closeness(doc, section) if closeness and section.exemplar_ids else {}
        exemplars[section.id] = tuple(_consulted(library, section, near))
    embedder = settings_from_json(store.setting("settings")).embedder
    return Evidence(
        draft,
        reviewed.sources.facts,
        reviewed.uses,
        reviewed.remarks,
        {section.id: store.history(doc, section.id) for section in draft.sections},
        exemplars,
        datetime.now().astimezone(),
        reviewed.reasons,
        file_sha256=next(same, ""),
        tools=(*tool_versions(), ("检索模型", embedder)),
    )


def when_ready(shelf: Shelf, closeness: Closeness) -> Closeness:
    """Return a closeness that never waits for a model: {} until one is loaded."""

    def near(doc: int, section: DraftSection) -> Mapping[str, float]:
        if shelf.ready_embedder is None:
            return {}
        try:
            return closeness(doc, section)
        except (LibraryMismatch, WeightsError):
            return {}

    return near


def appendix_of(evidence: Evidence, form: str) -> bytes:
    """Return the appendix as "docx" or "xlsx". Raises ExportError for another form."""
    if form not in EVIDENCE_EXPORTERS:
        raise ExportError(f"证据附录不能导出为“{form}”。", "请选择 docx 或 xlsx。")
    return EVIDENCE_EXPORTERS[form](evidence)


def _consulted(
    library: Library, section: DraftSection, near: Mapping[str, float]
) -> Iterator[Consulted]:
    titles = {report.id: report.title for report in library.reports()}
    for exemplar in section.exemplar_ids:
        try:
            found = library.section(exemplar)
        except UserFacingError:
            yield Consulted(exemplar, "（样本已从样本库删除）", "")
            continue
        heading = (found.number or "") + (found.heading or "")
        run = shared_run(section.text, found)
        title = titles.get(found.report, "")
        yield Consulted(exemplar, title, heading, near.get(exemplar), run)


def shared_run(text: str, exemplar: Section) -> str:
    """Return the longest run of words a text shares with an exemplar, as the exemplar has it;
    punctuation and width of letters do not count."""
    bare, offsets = letters(exemplar.text)
    start, length = longest_shared(letters(text)[0], bare)
    return exemplar.text[offsets[start] : offsets[start + length - 1] + 1] if length else ""


@lru_cache(maxsize=1)
def tool_versions() -> tuple[tuple[str, str], ...]:
    """Return (name, version) of this tool, of Python and of the libraries that make texts."""
    made = [f"{name} {version}" for name in _LIBRARIES if (version := _version(name))]
    system = f"Python {platform.python_version()}，{platform.system()}"
    return (
        ("程序版本", f"拟稿台 {_own_version()}"),
        ("提示词文件校验值（SHA-256）", _prompts_hash()),
        ("运行环境", system),
        ("所用程序库", "，".join(made)),
    )


def _own_version() -> str:
    """Return this tool's version, from the folder it runs in."""
    try:
        return str(tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]["version"])
    except (OSError, KeyError, tomllib.TOMLDecodeError):
        return _version("drafter") or "未知"


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def _prompts_hash() -> str:
    """Return the sha256 of all prompt files together: they may be edited by anyone."""
    files = sorted((_PROJECT.parent / "prompts").glob("*"))
    whole = hashlib.sha256()
    for file in files:
        if file.is_file():
            whole.update(file.name.encode() + b"\x1f" + file.read_bytes() + b"\x1f")
    return whole.hexdigest() if files else "——"
