"""Gradio imported without the type stubs that it writes beside its own modules.

Each time Gradio is imported, it parses the source of every component to compare it with a `.pyi`
file in its installed folder, and writes that anew where it differs (gradio/component_meta.py,
6.31). Only editors read these files. Left out, half of the processor time of the import goes (2.8
to 1.5 s, docs/log.md), and an installed library stays as it was installed.
"""

import sys
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

_MODULE = "gradio.component_meta"
_WRITER = "create_or_modify_pyi"


def _write_nothing(*_arguments: object) -> None:
    pass


class _Quick(Loader):
    """Loads Gradio's module as its own loader does, less the writer of stubs."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Leave it to the module's own loader."""
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """Run the module; then its writer, if it has one, does nothing."""
        self._loader.exec_module(module)
        if hasattr(module, _WRITER):
            setattr(module, _WRITER, _write_nothing)


class _Finder(MetaPathFinder):
    """Finds that one module, everything else is left to the finders behind."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where the module is, with the loader above, None for any other module."""
        if fullname != _MODULE:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Quick(spec.loader)
        return spec


def install() -> None:
    """See to it that Gradio, imported from now on, writes no stubs. Twice is as good as once."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
