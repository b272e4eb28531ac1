"""From a text to a report in the library: recognised, taken apart, embedded, put in whole.

What was embedded before is not embedded again; a report that is there already, or nearly, is not
put in twice. Knows nothing of files' formats (`index.parse`) or of search.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from index.errors import LibraryMismatch
from index.library import records
from index.library.catalogue import Catalogue
from index.library.twins import twins_of
from index.split import parse_report, sections_of
from index.types import BuildProgress, Embedder, FileOutcome, Section

OnBuildProgress = Callable[[BuildProgress], None]

EMBED_TEXTS = 32  # between two looks at `stop`


class StoppedError(Exception):
    """The person stopped an import. Never leaves `index.library`."""


@dataclass(slots=True)
class Task:
    """One import under way: how far it is, whom to tell, whether to stop."""

    total: int
    on_progress: OnBuildProgress | None = None
    stop: threading.Event | None = None
    done: int = 0
    embedded: int = 0
    checked: bool = False

    def tell(self, message: str) -> None:
        """Report a step, and raise StoppedError when the person wants to stop."""
        if self.stop and self.stop.is_set():
            raise StoppedError
        if self.on_progress:
            self.on_progress(BuildProgress(self.done, self.total, message))


@dataclass(frozen=True, slots=True)
class Importer:
    """Puts texts into a catalogue."""

    catalogue: Catalogue
    embedder: Callable[[], Embedder]

    def put(self, name: str, origin: str, raw: str, task: Task) -> FileOutcome:
        """Import one text; `name` is its file's name, `origin` its path or again the name.

        Raises StoppedError, LibraryMismatch and what the embedder raises; the report is then not
        in the library, nor is any part of it.
        """
        text = records.harmless(raw)
        content = records.hash_of(text)
        known = self.catalogue.with_content(content)
        if known:
            return FileOutcome(origin, "unchanged", "内容没有变化，无需重复导入。", known)
        twins = twins_of(self.catalogue, text)
        for twin in twins:
            if twin.origin != origin:
                message = f"与已有样本《{twin.title}》（{twin.source}）基本相同，未重复导入。"
                return FileOutcome(origin, "duplicate", message, twin.id)
        # An upload is known by its name only: the same name may be another report altogether.
        at_path = Path(origin).is_absolute()
        replaced = [old.id for old in (self.catalogue.identities_at(origin) if at_path else twins)]
        report = records.Identity(content[:12], "", name, origin)
        count = self.store(report, text, task, replaced)
        if not count:
            message = "没有识别出报告正文。请确认文件内容是一篇完整的报告。"
            return FileOutcome(origin, "failed", message, None)
        what = "内容有更新，已替换原来的版本" if replaced else "已导入"
        message = f"{what}：{count} 个部分，{len(text)} 字。"
        return FileOutcome(origin, "added", message, report.id)

    def store(
        self, report: records.Identity, text: str, task: Task, replaced: Sequence[str] = ()
    ) -> int:
        """Take the text apart, embed what is new, put it in; return its sections, 0 if not put."""
        parsed = parse_report(text)
        sections = sections_of(report.id, parsed)
        if not any(section.text.strip() for section in sections):
            return 0
        self.embed(sections, task, report.source)
        title = parsed.title.strip() or Path(report.source).stem
        self.catalogue.put_report(
            *(replace(report, title=title), text, parsed, sections, replaced),
            embedder=self.embedder().name,
        )
        return len(sections)

    def embed(self, sections: Sequence[Section], task: Task, name: str) -> None:
        """Compute the vectors that are not there yet. Raises as `put` does."""
        texts = {records.hash_of(u): u for s in sections for u in records.units_of(s)}
        task.tell(f"正在处理 {name}")
        embedder = self.embedder()
        if not task.checked:
            self._require_same(embedder.name)
            task.checked = True
        known = self.catalogue.vector_hashes(embedder.name, texts)
        missing = [key for key in texts if key not in known]
        for start in range(0, len(missing), EMBED_TEXTS):
            task.tell(f"正在读样本 {name}：已读 {start}/{len(missing)} 段")
            batch = missing[start : start + EMBED_TEXTS]
            vectors = embedder.encode_document([texts[key] for key in batch])
            self.catalogue.put_vectors(embedder.name, dict(zip(batch, vectors, strict=True)))
            task.embedded += len(batch)

    def _require_same(self, embedder: str) -> None:
        """Raise LibraryMismatch unless all that is here has this embedder's vectors.

        Looked up once, then noted, until a report comes in with another's.
        """
        if self.catalogue.is_settled(embedder):
            return
        for report in self.catalogue.identities():
            units = {
                records.hash_of(unit)
                for section in self.catalogue.sections_of(report.id)
                for unit in records.units_of(section)
            }
            if self.catalogue.vector_hashes(embedder, units) != units:
                raise mismatch()
        self.catalogue.settle(embedder)


def mismatch() -> LibraryMismatch:
    """Return the error of a library whose vectors were made by another embedder."""
    return LibraryMismatch(
        "样本库是用另一个检索模型建立的，与现在的检索模型不能混用。",
        "请在“样本库”里点“重建样本库”，或换回原来的检索模型。",
    )
