"""How quick the page is on a long document: `python -m bench.page`. No language model.

40 sections, 12,000 characters. Told are, in milliseconds: reading the document once (cold, warm), a
keystroke's save with the check that follows it, what the page is given when it opens, and the size
of the page. The aim: a keystroke's save and check under 200 ms, the page there within 2 s.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from drafter.ui import showing
from drafter.ui.desk import Desk
from drafter.ui.jobs import Jobs
from drafter.ui.saving import stamp_of
from drafter.ui.showing import POOL, Editors, Page
from drafter.ui.wiring import Told
from drafter.workflow import Workspace

SECTIONS, LETTERS = 40, 12_000
SENTENCE = (
    "组织党员干部到第{n}个村开展走访{m}次，推动解决群众反映的问题{k}个，形成工作台账并按月更新。"
)


def long_document(workspace: Workspace) -> int:
    """Return a document of 40 sections and 12,000 characters."""
    doc = workspace.create_document().id
    facts = "\n".join(
        f"{n}. 到第{n}个村开展走访{n + 3}次，推动解决问题{n + 7}个" for n in range(1, 61)
    )
    workspace.save_paste(doc, f"单位：松岭区水务局\n年度：2026\n{facts}\n")
    workspace.make_plan(doc, None)
    while len(workspace.sections(doc)) < SECTIONS:
        last = workspace.sections(doc)[-2].section.id
        workspace.structure.add(doc, last, f"第{len(workspace.sections(doc))}项工作", "成效", 2)
    share = LETTERS // SECTIONS
    for number, state in enumerate(workspace.sections(doc), start=1):
        text = "".join(SENTENCE.format(n=number, m=number + 3, k=number + k) for k in range(1, 12))
        workspace.save_text(doc, state.section.id, text[:share], state.rev)
    return doc


def keystrokes(desk: Desk, doc: int, times: int) -> list[float]:
    """Return how long each of some keystrokes takes to be saved and checked, in ms.

    The pause that follows a save is not counted: everything has been sent by then.
    """
    section = desk.workspace.sections(doc)[SECTIONS // 2]
    stamp = str(stamp_of(doc, section.section.id, section.rev, section.section.text))
    took, text = [], section.section.text
    for _ in range(times):
        text += "字"
        began = time.perf_counter()
        took_now = 0.0
        for updates in desk.save(Told(), stamp, text, str(doc), section.section.id):
            stamp = str(updates.get("stamp", stamp))
            took_now = 1000 * (time.perf_counter() - began)
        took.append(took_now)
    return took


def timed(work: Callable[[], object]) -> float:
    """Return how long something takes, in ms."""
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


def main() -> int:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=8, help="keystrokes measured")
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder))
        desk = Desk(workspace, Jobs())
        doc = long_document(workspace)
        states = workspace.sections(doc)
        letters = sum(len(state.section.text) for state in states)
        empty = Editors([""] * POOL, [""] * POOL)
        opening = [
            timed(lambda: showing.whole(workspace, Page(doc, "", 0), empty)) for _ in range(3)
        ]
        typed = keystrokes(desk, doc, times)
        workspace.close()
    sys.stdout.write(
        f"{len(states)} sections, {letters} characters\n"
        f"opening the document: {opening[0]:.0f} ms cold, {min(opening[1:]):.0f} ms warm\n"
        f"a keystroke, saved and checked: median {statistics.median(typed):.0f} ms, "
        f"worst {max(typed):.0f} ms\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
