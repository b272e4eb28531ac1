"""`make bench`: one table of all that is measured for speed, ours beside a peer in the same run.

`make bench ARGS="--only whole,engine"` measures some parts; `--model` names the writer. All parts
with the 1.5B take about half an hour on two cores; docs/performance.md says what each one is.
"""

import argparse
import sys
from collections.abc import Callable

from bench.table import Row, heading, table
from drafter.models import default_model, resolve_model

SMALL = "qwen2.5-coder-0.5b"


def parts(model: str) -> dict[str, Callable[[], list[Row]]]:
    """Return what can be measured, each imported when its turn comes."""

    def starting() -> list[Row]:
        from bench.starting import rows

        return rows()

    def page() -> list[Row]:
        from bench.loading import rows

        return rows()

    def importing() -> list[Row]:
        from bench.importing import rows

        return rows()

    def whole() -> list[Row]:
        from bench.whole_report import rows

        return rows(model)

    def engine() -> list[Row]:
        from bench.engine_speed import rows

        return rows(model)

    def memory() -> list[Row]:
        from pathlib import Path

        from bench.low_memory import rows

        return rows(Path(resolve_model(SMALL)))

    def people() -> list[Row]:
        from bench.people import rows

        return rows()

    def scale() -> list[Row]:
        from bench.scale import rows

        return rows()

    made = (starting, page, importing, whole, engine, memory, people, scale)
    return {part.__name__: part for part in made}


def main() -> int:
    """Print the table, and each part's rows as soon as they are known."""
    names = ",".join(parts(""))
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--model", default=default_model(), help="the writer, by its manifest name")
    parser.add_argument("--only", default=names, help=f"parts to measure, of: {names}")
    parser.add_argument("--retrieval", action="store_true", help="quality of retrieval besides")
    asked = parser.parse_args()
    known, wanted = parts(asked.model), asked.only.split(",")
    if unknown := [name for name in wanted if name not in known]:
        parser.error(f"no part {unknown[0]}; there are: {names}")
    before, found = heading(), []
    for name in wanted:
        made = known[name]()
        found += made
        sys.stdout.write(f"{name}, {heading().splitlines()[0]}\n{table(made)}\n\n")
        sys.stdout.flush()
    sys.stdout.write(f"{before}\n\n{table(found)}\n")
    if asked.retrieval:
        from bench import retrieve

        retrieve.main()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
