"""The scripts of tools/, which are no package, as modules."""

import importlib
import sys
from pathlib import Path
from types import ModuleType

TOOLS = Path(__file__).parent.parent / "tools"


def script(name: str) -> ModuleType:
    """Return tools/<name>.py or tools/offline/<name>.py; its own imports from there work too."""
    for place in (TOOLS, TOOLS / "offline"):
        if str(place) not in sys.path:
            sys.path.append(str(place))
    return importlib.import_module(name)
