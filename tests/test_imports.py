"""The import rules of docs/architecture.md, read from the source itself.

A module is judged by the first line below that fits its name; `*` ends a prefix.
"""

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# What every module of a package may import: shapes, errors, tables and pure functions.
INDEX_COMMON = ("index.errors", "index.home", "index.types")
DRAFTER_COMMON = (
    *INDEX_COMMON,
    "drafter.errors",
    "drafter.types",
    "drafter.data",
    "drafter.numbers",
    "drafter.anchors",
    "drafter.wording",
)

# Module -> what of ours it may import beyond the common ones. Whoever is not named is a leaf and
# may import no other leaf. A new edge here is a decision about structure: docs/architecture.md.
ALLOWED: dict[str, tuple[str, ...]] = {
    # index: the library is put together from its leaves in library*.py and shown by __main__.
    "index.weights": ("index.mirror",),
    "index.embed": ("index.weights", "index.e5pack"),
    "index.split": ("index.clean", "index.roles"),
    "index.library*": ("index.*",),
    "index.__main__": ("index.*",),
    # drafter: leaves with helpers of their own.
    "drafter.models": ("index.weights",),
    "drafter.chat.choose": ("drafter.chat.*",),
    "drafter.chat.*": ("drafter.chat.gguf", "drafter.chat.relay"),
    "drafter.checks*": ("drafter.checks.*", "drafter.checks"),
    "drafter.export*": ("drafter.export.*", "drafter.export"),
    "drafter.plan": ("drafter.outlines",),
    "drafter.database": ("drafter.migrations",),
    "drafter.store": ("drafter.database", "drafter.records"),
    "drafter.shots": ("drafter.prompts",),
    "drafter.write": ("drafter.checks", "drafter.prompts", "drafter.shots"),
    # the composer, in three files: the engine's life, the writing, and what the edges call.
    "drafter.engine": ("drafter.chat.choose", "drafter.models", "index.weights"),
    "drafter.writing": ("drafter.*", "index.*"),
    "drafter.workflow": ("drafter.*", "index.*"),
    # edges: what a person touches. They call the workflow, and pure functions on what it returns.
    "drafter.__main__": ("drafter.*", "index.*"),
    "drafter.commands": ("drafter.*", "index.*"),
    "drafter.ui*": ("drafter.workflow", "drafter.ui.*", "drafter.ui", "drafter.plan"),
    "app": ("drafter.ui.*", "drafter.ui", "drafter.workflow"),
}
COMPOSER = ("drafter.workflow", "drafter.writing", "drafter.engine")
EDGES = ("app", "drafter.__main__", "drafter.commands", "drafter.ui*")
NEVER = (  # (who, what)
    ("index.*", "drafter*"),
    ("drafter.workflow", "drafter.ui*"),
    ("drafter.writing", "drafter.ui*"),
    ("drafter.commands", "drafter.ui*"),
    ("*", "app"),
)

# Heavy library -> its homes. Imported inside functions, so that --help answers at once; only a
# module of the page, which cannot be built without it, may import gradio at its top.
HOMES: dict[str, tuple[str, ...]] = {
    "torch": ("drafter.chat.*", "index.embed"),  # sentence-transformers stands on these two
    "transformers": ("drafter.chat.*", "index.embed"),
    "sentence_transformers": ("index.embed",),
    "faiss": ("index.library*",),
    "docx": ("index.parse", "drafter.export.docx"),
    "gradio": ("app", "drafter.ui*"),
    "xllamacpp": ("drafter.chat.llamacpp",),
    "httpx": ("drafter.chat.openai",),
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


def may_import(module: str, name: str) -> bool:
    common = INDEX_COMMON if module.startswith("index") else DRAFTER_COMMON
    beyond = next((ALLOWED[pattern] for pattern in ALLOWED if fits(module, pattern)), ())
    return fits_any(name, common) or fits_any(name, beyond)


def test_modules_are_found() -> None:
    assert {"index.types", "drafter.types", "drafter.workflow"} <= set(SOURCES)


def test_what_must_never_be_imported() -> None:
    wrong = [
        edge
        for edge in OURS
        if any(fits(edge.module, module) and fits(edge.name, name) for module, name in NEVER)
    ]
    assert not wrong, show(wrong)


def test_a_leaf_imports_no_other_leaf() -> None:
    wrong = [edge for edge in OURS if not may_import(edge.module, edge.name)]
    assert not wrong, show(wrong)


def test_only_the_edges_import_the_composer() -> None:
    wrong = [
        edge
        for edge in OURS
        if edge.name in COMPOSER and not fits_any(edge.module, (*EDGES, *COMPOSER))
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
