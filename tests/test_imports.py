"""The import rules of docs/architecture.md, read from the source itself.

Modules stand in families: one front door and the small modules behind it. Inside a family anything
goes except a circle; from one family to another only what `MAY` says. A module that is in no family
is a leaf: it may import the common modules and nothing else of ours.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# Shapes, errors, tables and pure functions: every module may import these.
COMMON = (
    *("index.errors", "index.home", "index.types", "index.failures", "index.processes"),
    *("index.alone", "index.lasting", "index.migrating", "index.scratch"),
    "index.starting",
    "index.memory",
    *("drafter.errors", "drafter.chat_types", "drafter.types", "drafter.data"),
    "drafter.file_names",
    *("drafter.numbers", "drafter.numerals", "drafter.dates", "drafter.names"),
    *("drafter.anchors", "drafter.wording", "drafter.labels", "drafter.number_patterns"),
    *("drafter.amounts", "drafter.derived", "drafter.listed", "drafter.origins"),
    *("drafter.follows", "drafter.in_words", "drafter.simplest"),
    *("drafter.told_over", "drafter.told_sums"),
    *("drafter.clock", "drafter.spoken_numbers"),
    *("drafter.counting", "drafter.periods", "drafter.running", "drafter.short_forms"),
    "drafter.hostile",
    *("drafter.journal", "drafter.cautions"),
)

# Family -> its modules; `*` ends a prefix; the first that fits counts.
FAMILIES: dict[str, tuple[str, ...]] = {
    "index.weights": ("index.weights", "index.mirror", "index.manifests"),
    "index.embed": ("index.embed", "index.e5pack"),
    "index.parse": ("index.parse", "index.numbering", "index.reading*"),
    "index.split": (
        *("index.split", "index.clean", "index.roles", "index.points", "index.paragraphs"),
        *("index.front", "index.headings", "index.cues"),
    ),
    "index.library": (
        *("index.library*", "index.bm25", "index.likeness", "index.ranking", "index.records"),
        *("index.schema", "index.files"),
    ),
    "index.__main__": ("index.__main__", "index.arguments", "index.show"),
    "drafter.chat": ("drafter.chat*",),
    "drafter.checks": ("drafter.checks*",),
    "drafter.facts": ("drafter.facts", "drafter.paste", "drafter.tables", "drafter.table_heads"),
    # What a draft rests on, as a file: written with the parts of export, above the findings.
    "drafter.evidence": ("drafter.export.evidence*",),
    "drafter.export": ("drafter.export", "drafter.export.*"),
    "drafter.returning": ("drafter.returning*",),
    "drafter.plan": (
        *("drafter.plan", "drafter.plan_edits*", "drafter.topics", "drafter.topic_scores"),
    ),
    "drafter.store": (
        *("drafter.store", "drafter.store_rows", "drafter.database", "drafter.migrations"),
        *("drafter.store_history", "drafter.store_snapshots", "drafter.store_steps"),
        "drafter.store_turning",
        *("drafter.store_ignored", "drafter.store_returned", "drafter.records"),
        *("drafter.store_earlier", "drafter.store_locks", "drafter.store_candidates"),
        "drafter.store_exemplars",
    ),
    # This year's draft beside last year's: pure, above the checks.
    "drafter.last_year": ("drafter.last_year",),
    # The files of the work as files: copied, packed, put back.
    "drafter.backups": (
        *("drafter.backups", "drafter.keeper", "drafter.packing", "drafter.database_files"),
    ),
    # What a finding rests on and what can be done about it: pure, above the checks.
    "drafter.remarks": (
        *("drafter.remarks", "drafter.fixes", "drafter.tracing", "drafter.moved_facts"),
        "drafter.patterns",
    ),
    # A text written around what stays of it, and what a person wishes of that: pure.
    "drafter.weaving": (
        *("drafter.weaving", "drafter.sentences", "drafter.wishes", "drafter.picking"),
    ),
    "drafter.shots": ("drafter.shots", "drafter.pairs"),
    "drafter.write": (
        *("drafter.write", "drafter.faults", "drafter.elsewhere", "drafter.attempts"),
        "drafter.ahead",
        "drafter.mending",
        *("drafter.rhythm", "drafter.joining", "drafter.borrowing"),
    ),
    # The only composer: the engine's life, the writing, and what the edges call.
    "drafter.workflow": (
        *("drafter.workflow", "drafter.writing", "drafter.engine", "drafter.shelf"),
        *("drafter.tasks", "drafter.recovering", "drafter.rewriting", "drafter.locks"),
        *("drafter.candidates", "drafter.turns", "drafter.health"),
        *("drafter.coming", "drafter.warming", "drafter.preparing"),
        *("drafter.preferences", "drafter.review", "drafter.handing"),
        *("drafter.choosing", "drafter.own_style"),
        *("drafter.structure", "drafter.snapshots", "drafter.arranging"),
        *("drafter.handed", "drafter.layouts", "drafter.printing", "drafter.whole"),
        "drafter.templates",
        *("drafter.receiving", "drafter.taking", "drafter.returned_parts", "drafter.returned_plan"),
        *("drafter.appendix", "drafter.fact_files", "drafter.offline", "drafter.sockets"),
    ),
    # The edges: what a person touches.
    "drafter.__main__": (
        *("drafter.__main__", "drafter.commands", "drafter.checking", "drafter.exporting"),
        *("drafter.keeping", "drafter.doctor"),
    ),
    # Who may use the page, and what guards it: plain ASGI, knows nothing of documents.
    "drafter.access": ("drafter.access*",),
    "drafter.ui": ("drafter.ui*", "app"),
}

# Family -> the other families it may import. A new line here is a decision about structure.
MAY: dict[str, tuple[str, ...]] = {
    "index.embed": ("index.weights",),
    "index.parse": ("index.soffice",),
    "index.library": ("index.parse", "index.split"),
    "index.__main__": ("index.*",),
    "drafter.models": ("index.weights",),
    "drafter.backups": ("drafter.store", "index.library"),
    "drafter.plan": ("drafter.outlines",),
    # Which line is a heading, a date …; a PDF through LibreOffice.
    "drafter.export": ("drafter.outlines", "index.split", "index.soffice", "index.parse"),
    "drafter.evidence": ("drafter.export", "drafter.outlines", "drafter.remarks"),
    # The edited Word file: read as an import is, told apart as it was laid out.
    "drafter.returning": (*("drafter.export", "drafter.outlines", "index.parse", "index.split"),),
    "drafter.shots": ("drafter.prompts",),
    "drafter.chat": ("drafter.limits",),
    "drafter.limits": ("drafter.checks",),
    "drafter.write": ("drafter.checks", "drafter.limits", "drafter.prompts", "drafter.shots"),
    "drafter.remarks": ("drafter.checks",),
    "drafter.last_year": ("drafter.checks",),
    "drafter.weaving": ("drafter.checks", "drafter.remarks"),
    "drafter.workflow": ("drafter.*", "index.*"),
    "drafter.__main__": ("drafter.*", "index.*"),
    "drafter.ui": (
        *("drafter.workflow", "drafter.plan", "drafter.remarks", "drafter.weaving"),
        *("drafter.access", "index.parse"),
    ),
}
NEVER = (("index.*", "drafter*"), ("drafter.*", "index.__main__"))  # whatever MAY says: (who, what)
EDGES = ("drafter.__main__", "drafter.ui")  # the families that may import the composer

# Heavy library -> its homes. Imported inside functions, so that --help answers at once; only a
# module of the page, which cannot be built without it, may import gradio at its top.
HOMES: dict[str, tuple[str, ...]] = {
    "torch": ("drafter.chat.*", "index.embed"),  # sentence-transformers stands on these two
    "transformers": ("drafter.chat.*", "index.embed"),
    "sentence_transformers": ("index.embed",),
    "faiss": ("index.library*",),
    "docx": ("index.parse", "drafter.export.template"),  # the template: its XML
    "openpyxl": ("drafter.export.evidence_xlsx",),
    "gradio": ("app", "drafter.ui*"),
    "xllamacpp": ("drafter.chat.llama_server",),
    "httpx": ("drafter.chat.openai", "drafter.chat.server"),
    "pypdfium2": ("index.reading.pdf", "drafter.export.pictures"),
    "huggingface_hub": ("index.mirror",),
}


@dataclass(frozen=True, slots=True)
class Import:
    """`module` imports `name` on `line`; `at_top` when that happens as `module` is imported."""

    module: str
    name: str
    line: int
    at_top: bool


def fits(name: str, pattern: str) -> bool:
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern


def fits_any(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fits(name, pattern) for pattern in patterns)


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SOURCES = {
    module_name(path): path
    for path in sorted(
        [ROOT / "app.py", *ROOT.glob("index/**/*.py"), *ROOT.glob("drafter/**/*.py")]
    )
    if path.exists()
}


def imported_names(module: str, node: ast.Import | ast.ImportFrom) -> list[str]:
    """Return what a statement imports; `from drafter import plan` means drafter.plan."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    base = node.module or ""
    if node.level:
        is_package = SOURCES[module].name == "__init__.py"
        package = module.split(".")[: None if is_package else -1]
        kept = package[: len(package) - node.level + 1]
        base = ".".join([*kept, *([base] if base else [])])
    names = {f"{base}.{alias.name}" for alias in node.names}
    inner = sorted(names & set(SOURCES))
    return inner if len(inner) == len(names) else [base, *inner]


def is_for_typing(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)


def walk(module: str, node: ast.AST, at_top: bool) -> Iterator[Import]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import | ast.ImportFrom):
            for name in imported_names(module, child):
                yield Import(module, name, child.lineno, at_top)
        inside = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        yield from walk(module, child, at_top and not inside and not is_for_typing(child))


def all_imports() -> list[Import]:
    found: list[Import] = []
    for module, path in SOURCES.items():
        found += walk(module, ast.parse(path.read_text(encoding="utf-8")), at_top=True)
    return found


IMPORTS = all_imports()
OURS = [
    edge
    for edge in IMPORTS
    if edge.name in SOURCES and edge.name != edge.module and edge.name not in ("index", "drafter")
]


def show(edges: list[Import]) -> str:
    return "\n".join(f"{edge.module}:{edge.line} imports {edge.name}" for edge in edges)


def family(module: str) -> str:
    found = (name for name, members in FAMILIES.items() if fits_any(module, members))
    return next(found, module)


def may_import(module: str, name: str) -> bool:
    own, other = family(module), family(name)
    return own == other or fits_any(name, COMMON) or fits_any(other, MAY.get(own, ()))


def test_modules_are_found() -> None:
    assert {"index.types", "drafter.types", "drafter.workflow"} <= set(SOURCES)


def test_the_library_knows_nothing_of_drafting() -> None:
    wrong = [
        edge for edge in OURS if any(fits(edge.module, a) and fits(edge.name, b) for a, b in NEVER)
    ]
    assert not wrong, show(wrong)


def test_a_common_module_imports_only_common_ones() -> None:
    wrong = [
        edge for edge in OURS if fits_any(edge.module, COMMON) and not fits_any(edge.name, COMMON)
    ]
    assert not wrong, show(wrong)


def test_a_leaf_imports_no_other_leaf() -> None:
    wrong = [edge for edge in OURS if not may_import(edge.module, edge.name)]
    assert not wrong, show(wrong)


def test_only_the_edges_import_the_composer_and_nothing_imports_the_edges() -> None:
    wrong = [
        edge
        for edge in OURS
        if (to := family(edge.name)) != (own := family(edge.module))
        and (to in EDGES or (to == "drafter.workflow" and own not in EDGES))
    ]
    assert not wrong, show(wrong)


def test_no_circle() -> None:
    """Imports inside functions count too: a circle is no better for being hidden."""
    after: dict[str, set[str]] = {module: set() for module in SOURCES}
    for edge in OURS:
        after[edge.module].add(edge.name)
    while free := [module for module, names in after.items() if not names & set(after)]:
        for module in free:
            del after[module]
    assert not after, f"these modules import each other in a circle: {sorted(after)}"


@pytest.mark.parametrize("library", HOMES)
def test_a_heavy_library_stays_at_home(library: str) -> None:
    uses = [edge for edge in IMPORTS if edge.name.split(".")[0] == library]
    wrong = [edge for edge in uses if not fits_any(edge.module, HOMES[library])]
    assert not wrong, show(wrong)


def test_heavy_libraries_are_imported_inside_functions() -> None:
    wrong = [
        edge
        for edge in IMPORTS
        if edge.at_top
        and (library := edge.name.split(".")[0]) in HOMES
        and not (library == "gradio" and fits_any(edge.module, HOMES["gradio"]))
    ]
    assert not wrong, show(wrong)


HELP = """
import runpy, sys
name, heavy = sys.argv[1], sys.argv[2:]
sys.argv = [name, "--help"]
try:
    runpy.run_module(name, run_name="__main__", alter_sys=True)
    status = 0
except SystemExit as end:
    status = end.code or 0
loaded = sorted(set(heavy) & set(sys.modules))
sys.exit(f"--help gave {status} and loaded {loaded}" if status or loaded else 0)
"""


@pytest.mark.parametrize("program", ["index", "drafter"])
def test_help_answers_without_loading_anything_heavy(program: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", HELP, program, *HOMES],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert any("一" <= character <= "龥" for character in done.stdout), "help is in Chinese"
