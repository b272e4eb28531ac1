"""The bounded process for an edited Word file: `python -m drafter.returning` (see `bounded`)."""

import json
from dataclasses import asdict

from drafter.returning.wordfile import read_edited
from index.reading.answering import answer


def read(name: str, data: bytes) -> str:
    """Return an edited file's reading as JSON."""
    return json.dumps(asdict(read_edited(name, data)), ensure_ascii=False)


if __name__ == "__main__":
    raise SystemExit(answer(read))
