"""Every nasty file gives its text or a clear Chinese refusal, within bounds, leaving nothing."""

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from index.errors import UnreadableFile
from index.parse import read_each_bytes
from tests.nasty_files import ENCODINGS, WRONG_ENDINGS, Nasty
from tests.nasty_packed import PACKED

CORPUS = (*ENCODINGS, *WRONG_ENDINGS, *PACKED)
SECONDS = 20.0  # the slowest takes a quarter of it
MEMORY = 1024**3


def outcome(file: Nasty) -> tuple[str, UnreadableFile | None]:
    """Return the text that a file gives, all members of a zip together, or the first refusal."""
    try:
        readings = list(read_each_bytes(file.name, file.make()))
    except UnreadableFile as refused:
        return "", refused
    errors = [reading.error for reading in readings if reading.error]
    return "\n".join(reading.text for reading in readings), errors[0] if errors else None


def peak_memory() -> int:
    """Return the most bytes that any process started so far has used."""
    if sys.platform == "win32":
        return 0
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return used if sys.platform == "darwin" else used * 1024


def test_the_corpus_is_large() -> None:
    assert len(CORPUS) >= 60
    assert len({(file.label, file.name) for file in CORPUS}) == len(CORPUS)


@pytest.mark.parametrize("file", CORPUS, ids=lambda file: file.label.replace(" ", "-"))
def test_a_nasty_file_is_read_or_refused(
    file: Nasty, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    began = time.monotonic()
    text, refused = outcome(file)
    assert time.monotonic() - began < SECONDS
    if file.refused:
        assert refused is not None, f"read as: {text[:200]}"
        assert file.refused in refused.message + refused.hint
        assert re.search("[一-龥]{4}", refused.message) and refused.hint.endswith(("。", "）"))
    else:
        assert refused is None, str(refused)
        assert file.text in text
        assert "坏" not in text  # a script's word
    assert not list(tmp_path.iterdir()), "a file was left behind"


def test_no_file_takes_a_gigabyte() -> None:
    """In a process of its own: the peak is over all that a process has started, whatever else
    these tests run (a model needs more)."""
    code = (
        "from tests import test_reading_corpus as corpus\n"
        "for file in corpus.PACKED: corpus.outcome(file)\n"
        "print(corpus.peak_memory())\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=300
    )
    assert 0 < int(told.stdout) < MEMORY or sys.platform == "win32"
