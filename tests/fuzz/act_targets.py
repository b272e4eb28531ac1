"""What the page tells: acts with whatever data, addresses, fields that no page would send."""

import random
import tempfile
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from drafter.ui.desk import NOTHING
from drafter.ui.fact_files import FactFiles
from drafter.ui.incoming import Incoming
from drafter.ui.outgoing import Outgoing
from drafter.ui.shelf import Shelf
from drafter.ui.wires import Wires
from drafter.ui.wiring import Board, Told
from drafter.workflow import Workspace
from tests.fakes import FakeChat, FakeEmbedder
from tests.fuzz.mutate import raw, text
from tests.fuzz.text_targets import PASTE, REPORT
from tests.fuzz.types import Target

KEYS = (
    *("do", "id", "version", "at", "words", "key", "kind", "to", "rev", "heading", "name"),
    *("what", "take", "a", "b", "query", "role", "wish", "fact", "n", "seed", "length", "reason"),
)
NUMBERS = ("0", "1", "-1", "99", "9" * 19, "9" * 5000, "１２", "٣", "1.5", "", "0x1", "1|2")


class World:
    """A desk with one document, thrown away with the process."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="drafter-fuzz-")
        home = Path(self._folder.name)
        self.desk = Workspace(home, chat=FakeChat("好。"), embedder=FakeEmbedder())
        self.doc = self.desk.create_document().id
        self.desk.save_paste(self.doc, PASTE)
        self.desk.make_plan(self.doc)
        for state in self.desk.sections(self.doc)[:4]:
            self.desk.save_text(self.doc, state.section.id, REPORT[:200], state.rev)
        board = _Parts()
        self.wires = Wires(board, self.desk, home)
        self.incoming = Incoming(self.wires.desk)
        self.outgoing = Outgoing(self.wires.desk, home)
        self.facts = FactFiles(self.wires.desk)
        self.shelf = Shelf(self.desk)

    def known(self) -> list[str]:
        """Return words that mean something: ids of sections, facts, versions, findings."""
        reviewed = self.desk.review.read(self.doc)
        states = self.desk.sections(self.doc, reviewed)
        ids = [state.section.id for state in states]
        return [
            *ids,
            *(f"F{number}" for number in range(1, 8)),
            *(remark.key for remark in reviewed.remarks),
            *(str(v.id) for s in ids[:3] for v in self.desk.history(self.doc, s)[:3]),
            *self.wires.acts._acts,
        ]


class _Parts(Board):
    """A board without a page: `Wires` only needs it to have names."""

    def __init__(self) -> None:
        super().__init__()
        self.parts = {}


@cache
def world() -> World:
    return World()


def value(rng: random.Random, known: list[str]) -> str:
    """Return something a page might tell, or might never."""
    match rng.randrange(6):
        case 0 | 1:
            return rng.choice(known)
        case 2:
            return rng.choice(NUMBERS)
        case 3:
            parts = [rng.choice((*known, *NUMBERS)) for _ in range(rng.randrange(1, 5))]
            return rng.choice("|/,:;-").join(parts)
        case 4:
            return text(rng, [PASTE], 30)
        case _:
            return rng.choice(
                ("", "<script>alert(1)</script>", "../../etc/passwd", "\x00", "' OR 1")
            )


def told(rng: random.Random, known: list[str], acts: Iterable[str]) -> Told:
    data = {key: value(rng, known) for key in rng.sample(KEYS, rng.randrange(1, 9))}
    data["do"] = rng.choice(tuple(acts)) if rng.random() < 0.95 else value(rng, known)
    if rng.random() < 0.7:
        data["id"] = rng.choice(known)
    query = {"doc": value(rng, known)} if rng.random() < 0.3 else {}
    name = rng.choice(
        ("ev_issues", "head-3", "head-99999999999999999999", "pane-0", "compare", "x-²")
    )
    target = SimpleNamespace(elem_id=name)
    request = SimpleNamespace(session_hash=rng.choice("ab"), query_params=query)
    return Told(request, SimpleNamespace(target=target, _data=data))


def exhaust(made: Any) -> None:
    """Run a handler to its end, as the page's wiring does."""
    if not isinstance(made, Mapping) and made is not None:
        for _ in made:
            pass


def acts(data: bytes) -> None:
    here, rng = world(), random.Random(data)  # noqa: S311 - drawn again from its seed
    known = here.known()
    asked = told(rng, known, (*here.wires.acts._acts, "undelete"))
    doc = str(here.doc) if rng.random() < 0.9 else value(rng, known)
    selected, offset = value(rng, known), rng.choice((*NUMBERS[:4], "0", "0", "0"))
    exhaust(here.wires.acts.act(asked, doc, selected, offset, *pairs(rng, known)))


def pairs(rng: random.Random, known: list[str]) -> tuple[str, ...]:
    """Return the editors' stamps and texts, mostly untouched."""
    made = list(NOTHING)
    for _ in range(rng.randrange(3)):
        stamp = "|".join(value(rng, known) for _ in range(4))
        at = rng.randrange(len(made) // 2)
        made[at] = rng.choice((f"{world().doc}|{rng.choice(known)}|0|x", stamp))
        made[at + len(made) // 2] = text(rng, [REPORT], 40)
    return tuple(made)


def fields(data: bytes) -> None:
    """Handlers that take fields: each with values that its field could never hold."""
    here, rng = world(), random.Random(data)  # noqa: S311 - drawn again from its seed
    known = here.known()
    asked = told(rng, known, ("act", "undo", "take", "show", "delete", "own"))
    desk, doc = here.wires.desk, str(here.doc) if rng.random() < 0.7 else value(rng, known)
    one, two = value(rng, known), value(rng, known)
    both = pairs(rng, known)
    calls: tuple[Callable[[], Any], ...] = (
        lambda: desk.open(asked),
        lambda: desk.switch(asked, doc, *both),
        lambda: desk.save(asked, f"{doc}|{one}|0|x", two, doc, one),
        lambda: desk.save_paste(asked, doc, text(rng, [PASTE])),
        lambda: desk.rename(asked, doc, one),
        lambda: desk.rename_section(asked, f"{doc}|{one}|0|x", two),
        lambda: desk.arrange(
            asked, doc, text(rng, [PASTE]), one if rng.random() < 0.1 else "", *both
        ),
        lambda: here.wires.acts.focus(asked, doc, one, "0", *both[: len(both) // 2]),
        lambda: here.incoming.act(asked, doc, one, "0", *both),
        lambda: here.outgoing.choose(asked, one, two),
        lambda: here.outgoing.show(asked, doc),
        lambda: here.outgoing.redline(asked, doc, one, *both),
        lambda: here.outgoing.remove_template(asked, doc),
        lambda: here.facts.act(asked, doc, two),
        lambda: here.shelf.act(asked),
        lambda: here.shelf.search(asked, one, two),
        lambda: here.wires.comparing.find(asked, doc, one),
        lambda: here.wires.comparing.look(asked, doc, one, *both),
    )
    exhaust(rng.choice(calls)())


def act_targets() -> tuple[Target, ...]:
    """Return the targets that the page's scripts and fields reach."""
    seeds = (bytes(8), b"seedseed")
    return (
        Target("acts", seeds, lambda rng, _: rng.randbytes(8), acts, 15, 2),
        Target("fields", seeds, lambda rng, _: rng.randbytes(8), fields, 15, 2),
        Target("address", (b"12",), raw, address, 15, 0.2),
    )


def address(data: bytes) -> None:
    query = {"doc": data.decode("utf-8", "replace")}
    world().wires.desk.open(Told(SimpleNamespace(session_hash="a", query_params=query)))
