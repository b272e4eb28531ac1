"""The tables of all checks read beforehand, so that nobody waits for them while typing."""

from drafter.anchors import find_anchors
from drafter.checks import run_checks
from drafter.data import load_table
from drafter.types import Draft, DraftSection, Fact, Sources


def read_tables() -> None:
    """Run every check once, on the short text of data/first_look.toml.

    A table is read and its patterns are compiled when a check first meets what it is about: some
    hundred milliseconds in all. Afterwards they are kept as long as the process lives.

    Raises InputError for a table that cannot be read, naming it and the line.
    """
    table = load_table("first_look")
    facts = tuple(
        Fact(f"F{number}", text, find_anchors(text), None, None)
        for number, text in enumerate(table["facts"], 1)
    )
    ids = tuple(fact.id for fact in facts)
    sections = tuple(
        DraftSection(f"S{number}", row["heading"], 1, row["role"], row["text"], ids, (), False)
        for number, row in enumerate(table["section"], 1)
    )
    year = int(table["year"])
    run_checks(Draft("", year, sections), Sources(facts, tuple(table["exemplars"]), year))
