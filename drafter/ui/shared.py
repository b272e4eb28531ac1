"""The page for several people: each logs in and has a desk and a page of their own."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from drafter.access.front import Front
from drafter.access.gate import Gate
from drafter.access.leftovers import clear
from drafter.access.opening import Opening
from drafter.access.rooms import Rooms
from drafter.access.roster import Person, Roster
from drafter.access.sessions import Sessions
from drafter.ui.server import ASSETS, make_page
from drafter.ui.text import esc
from index.home import home

if TYPE_CHECKING:
    from drafter.workflow import Workspace

SCRIPT = (ASSETS / "access.js").read_text(encoding="utf-8")
STYLE = (ASSETS / "access.css").read_text(encoding="utf-8")


def place_of(person: Person) -> Path:
    """Return where a person's work is kept: the owner's where it was before there were people."""
    return home() if person.owner else home() / "users" / str(person.id)


def cache_of(person: Person) -> Path:
    """Return where a person's uploads and exports lie."""
    return home() / "cache" / f"user-{person.id}"


def head_of(person: Person) -> str:
    """Return what a person's page has in its head: whose it is, and what keeps it logged in."""
    return (
        f'<meta name="drafter-person" content="{person.id}" data-name="{esc(person.name)}">'
        f"<style>\n{STYLE}</style><script>\n{SCRIPT}</script>\n"
    )


def make_shared(
    host: str,
    port: int,
    opening: Opening,
    chief: "Workspace | None" = None,
    sessions: Sessions | None = None,
    roster: Roster | None = None,
) -> Any:  # noqa: ANN401 - an ASGI app
    """Return the guarded pages of all people.

    The `chief` has the engine and its settings, and is the owner's desk.
    """
    from drafter.ui import page  # noqa: F401 - Gradio takes seconds; nobody shall wait for it
    from drafter.workflow import Workspace

    clear(home() / "cache")
    first = chief or Workspace()
    roster = roster or Roster(home())

    def build(person: Person) -> Any:  # noqa: ANN401
        place = place_of(person)
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        desk = first if person.owner else Workspace(place, chief=first)
        return make_page(host, port, desk, cache_of(person), head_of(person))

    front = Front(
        Rooms(build),
        roster,
        sessions or Sessions(roster, time.time),
        secure=opening.secure,
    )
    return Gate(front, host, opening.more_hosts)
