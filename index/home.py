"""Where the tool keeps its files: the person's work, the library, the models."""

import os
from pathlib import Path


def home() -> Path:
    """Return `DRAFTER_HOME`, or the place this system keeps an application's data."""
    chosen = os.environ.get("DRAFTER_HOME")
    if chosen:
        return Path(chosen).expanduser()
    import platformdirs

    return Path(platformdirs.user_data_dir("drafter", appauthor=False))


def models_dir() -> Path:
    """Return the folder of model weights (`DRAFTER_MODELS`, or `models` under home)."""
    chosen = os.environ.get("DRAFTER_MODELS")
    return Path(chosen).expanduser() if chosen else home() / "models"


def library_dir() -> Path:
    """Return the folder of the exemplar library; all in it can be rebuilt."""
    return home() / "library"
