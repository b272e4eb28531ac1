"""The checking half of the composer: a stored draft with its findings, their sources and fixes.

A page asks after every pause in typing, so nothing is worked out twice: checks that look at one
section only (`LOCAL`) are asked again for the section that changed, the others for the whole.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from drafter.checks import CHECKS
from drafter.checks.dropped_fact import fact_uses
from drafter.checks.first_look import read_tables
from drafter.choosing import Choosing
from drafter.errors import InputError
from drafter.fixes import Fix, apply_fix, fixes_of
from drafter.remarks import Matter, Origin, Remark, origin_of, remarks_of
from drafter.store import Store
from drafter.tracing import Sentence, trace
from drafter.types import Draft, DraftSection, FactUse, Finding, Sources
from index.library import Library
from index.types import Section

# Checks whose findings in a section do not depend on the texts of other sections. A test holds them
# to it; a check that is not named here is asked about the whole draft each time, which is slower
# and never wrong.
LOCAL = frozenset(
    {
        *("untraced_number", "untraced_name", "exemplar_leak", "stale_phrase", "term_form"),
        *("placeholder", "unsupported", "hostile_text"),
    }
)
_HOLDER = DraftSection("", "", 1, "成效", "", ("",), (), False)
_GONE = "这一处已经改过，或者正文已经变了。"


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A draft as it stands, with all that was found in it. `sentences` are by section id,
    `reasons` why findings were set aside, by what they are remembered by; `beside` are the
    exemplars of `sources`."""

    draft: Draft
    sources: Sources
    uses: tuple[FactUse, ...]
    remarks: tuple[Remark, ...]
    sentences: Mapping[str, tuple[Sentence, ...]]
    reasons: Mapping[Matter, str] = field(default_factory=dict)
    beside: tuple[Section, ...] = ()

    def open(self, section_id: str | None) -> tuple[Finding, ...]:
        """Return the findings of a section that were not set aside; None: of no single one."""
        return tuple(
            remark.finding
            for remark in self.remarks
            if remark.finding.section_id == section_id and not remark.ignored
        )

    @property
    def open_errors(self) -> int:
        """How many findings that must be put right are neither mended nor ignored."""
        return sum(r.finding.severity == "error" and not r.ignored for r in self.remarks)


@dataclass(frozen=True, slots=True)
class Applied:
    """A fix that was made: the versions before and after, so that it can be taken back."""

    section_id: str
    before: int | None
    after: int | None
    words: str


class Review:
    """Checks stored documents. Holds nothing but the store and the library."""

    def __init__(self, store: Store, library: Library) -> None:
        self._store = store
        self._library = library
        self._choosing = Choosing(store, library)
        self._checking = threading.Lock()

    def prepare(self) -> None:
        """Read the tables of all checks, so that the first keystroke need not wait for them."""
        read_tables()

    def draft(self, doc: int) -> Draft:
        """Return the whole report as it stands."""
        sheet = self._store.sheet(doc)
        title = self._store.document(doc).title
        return Draft(title, sheet.year if sheet else None, self._store.draft_sections(doc))

    def sources(self, doc: int, draft: Draft) -> Sources:
        """Return what the draft may rest on, and the exemplars it was written beside."""
        return self._sources(doc, self._beside(doc, draft))

    def _sources(self, doc: int, beside: Sequence[Section]) -> Sources:
        sheet = self._store.sheet(doc)
        texts = tuple(section.text for section in beside)
        return Sources(sheet.facts if sheet else (), texts, sheet.year if sheet else None)

    def _beside(self, doc: int, draft: Draft) -> tuple[Section, ...]:
        ids = [i for section in draft.sections for i in section.exemplar_ids]
        return self._choosing.sources(doc, ids)

    def read(self, doc: int) -> Reviewed:
        """Check a document as it stands."""
        draft = self.draft(doc)
        beside = self._beside(doc, draft)
        sources = self._sources(doc, beside)
        ignored = self._store.ignored.reasons(doc)
        with self._checking:  # who asks meanwhile finds the answer made, rather than make it too
            uses = _uses(draft, sources) if sources.facts else ()
            findings = check(draft, sources)
            remarks = remarks_of(findings, draft, sources.facts, uses, ignored)
            sentences = {section.id: trace(section, sources.facts) for section in draft.sections}
        return Reviewed(draft, sources, uses, remarks, sentences, ignored, beside)

    def of_candidate(self, reviewed: Reviewed, section_id: str, text: str) -> tuple[Finding, ...]:
        """Return what would be found in a section, if `text` became its text.

        The other sections count as unwritten, so that the answer stays the same while they are
        being edited: what only shows beside them (repetition) shows once the text is accepted.
        """
        sections = tuple(
            replace(section, text=text if section.id == section_id else "")
            for section in reviewed.draft.sections
        )
        findings = check(replace(reviewed.draft, sections=sections), reviewed.sources)
        return tuple(finding for finding in findings if finding.section_id == section_id)

    def origins(self, reviewed: Reviewed, remarks: Sequence[Remark]) -> dict[str, Origin]:
        """Return, by the remark's key, which sample report copied words come from."""
        copied = [remark for remark in remarks if remark.finding.check == "exemplar_leak"]
        if not copied:
            return {}
        titles = {report.id: report.title for report in self._library.reports()}
        pairs = [(s, titles.get(s.report, "")) for s in reviewed.beside]
        found = {remark.key: origin_of(remark.finding, pairs) for remark in copied}
        return {key: origin for key, origin in found.items() if origin is not None}

    def fixes(self, reviewed: Reviewed, remark: Remark) -> tuple[Fix, ...]:
        """Return what one click can do about a remark."""
        section = next(
            (s for s in reviewed.draft.sections if s.id == remark.finding.section_id), None
        )
        if section is None:
            return ()
        return _fixes(remark, section, reviewed.sources)

    def apply(self, doc: int, key: str, kind: str) -> Applied:
        """Make one fix, as a version of the person's own. Raises InputError when it is too late.

        The text is the stored one: what is typed must be saved before.
        """
        reviewed = self.read(doc)
        remark = self._remark(reviewed, key)
        fix = next((fix for fix in self.fixes(reviewed, remark) if fix.kind == kind), None)
        section_id = remark.finding.section_id
        if fix is None or section_id is None:
            raise InputError(_GONE, "请看“问题”里现在列出的内容。")
        text = next(s.text for s in reviewed.draft.sections if s.id == section_id)
        rev = self._store.section_rev(doc, section_id)
        before = self._current(doc, section_id, text)
        saved = self._store.save_text(doc, section_id, apply_fix(text, fix), rev, "一键修改")
        if saved.conflict:
            raise InputError(_GONE, "别的窗口刚改过这一节，请刷新页面再看。")
        return Applied(section_id, before, saved.version_id, fix.words)

    def _current(self, doc: int, section_id: str, text: str) -> int | None:
        """Return the version whose text stands now; None for a section never written."""
        return next(
            (
                version.id
                for version in self._store.history(doc, section_id)
                if version.text == text
            ),
            None,
        )

    def undo(self, doc: int, section_id: str, before: int, after: int) -> None:
        """Take a fix back. Raises InputError when the section was changed since."""
        now = next((s for s in self._store.draft_sections(doc) if s.id == section_id), None)
        if now is None or now.text != self._store.version(after).text:
            raise InputError("这一节后来又改过，不能直接撤销。", "请到“历史”里恢复需要的版本。")
        self._store.restore(doc, section_id, before, "撤销一键修改")

    def ignore(self, doc: int, key: str) -> Remark:
        """Set a finding aside, also in texts to come. Raises InputError when it is gone."""
        remark = self._remark(self.read(doc), key)
        self._store.ignored.add(doc, remark.matter)
        return remark

    def explain(self, doc: int, key: str, reason: str) -> None:
        """Keep why a finding was set aside. Raises InputError when it is gone."""
        self._store.ignored.explain(doc, self._remark(self.read(doc), key).matter, reason)

    def heed(self, doc: int, key: str) -> Remark:
        """Show an ignored finding again. Raises InputError when it is gone."""
        remark = self._remark(self.read(doc), key)
        self._store.ignored.remove(doc, remark.matter)
        return remark

    def _remark(self, reviewed: Reviewed, key: str) -> Remark:
        for remark in reviewed.remarks:
            if remark.key == key:
                return remark
        raise InputError(_GONE, "请看“问题”里现在列出的内容。")


def check(draft: Draft, sources: Sources) -> tuple[Finding, ...]:
    """Return what `run_checks` finds, in the same order, asking again only about what changed."""
    found: list[Finding] = list(_whole(draft, sources))
    given = any(section.fact_ids for section in draft.sections)
    for section in draft.sections:
        if section.text.strip():
            # A section without facts, in a draft that deals them out, has none: the empty one says.
            others = (_HOLDER,) if given and not section.fact_ids else ()
            found += _local(replace(draft, sections=(section, *others)), section.id, sources)
    order = {section.id: at for at, section in enumerate(draft.sections)}
    ranks = {name: at for at, name in enumerate(CHECKS)}

    def place(finding: Finding) -> tuple[int, int, int]:
        at = order.get(finding.section_id or "", len(order))
        start = finding.span[0] if finding.span else -1
        return at, start, ranks.get(finding.check, len(ranks))

    return tuple(sorted(found, key=place))


@lru_cache(maxsize=64)
def _whole(draft: Draft, sources: Sources) -> tuple[Finding, ...]:
    checks = [run for name, run in CHECKS.items() if name not in LOCAL]
    return tuple(finding for run in checks for finding in run(draft, sources))


@lru_cache(maxsize=256)
def _local(draft: Draft, section_id: str, sources: Sources) -> tuple[Finding, ...]:
    """Ask the local checks about a draft in which one section alone has a text."""
    checks = [run for name, run in CHECKS.items() if name in LOCAL]
    found = [finding for run in checks for finding in run(draft, sources)]
    return tuple(finding for finding in found if finding.section_id == section_id)


@lru_cache(maxsize=16)
def _uses(draft: Draft, sources: Sources) -> tuple[FactUse, ...]:
    return fact_uses(draft, sources.facts)


@lru_cache(maxsize=512)
def _fixes(remark: Remark, section: DraftSection, sources: Sources) -> tuple[Fix, ...]:
    return fixes_of(remark.finding, section, remark.fact, sources.facts)
