"""50 random edits come back through the page: exported, edited as in Word, uploaded, taken."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from drafter.types import Draft, Plan, PlannedSection
from drafter.ui.desk import NOTHING, Desk
from drafter.ui.incoming import Incoming
from drafter.ui.jobs import Jobs
from drafter.ui.outgoing import Outgoing
from drafter.ui.showing import Page
from drafter.workflow import Workspace
from tests.fakes import FakeChat, FakeEmbedder
from tests.returning_cases import DRAFT
from tests.returning_edits import EDITS, WordFile
from tests.returning_structure import BUILDS
from tests.test_returning import lines_of
from tests.test_ui_desk import Browser, told
from tests.test_ui_outgoing import buttons, do, fetched

State = list[tuple[str, list[str]]]


class Bench:
    """One desk for all edits; each gets a document of its own."""

    def __init__(self, home: Path) -> None:
        self.workspace = Workspace(home, chat=FakeChat("好。"), embedder=FakeEmbedder())
        self.desk = Desk(self.workspace, Jobs())
        self.incoming = Incoming(self.desk)
        self.out = Outgoing(self.desk, home / "导出")
        self.folder = home

    def opened(self, draft: Draft = DRAFT) -> Browser:
        """Return a page with a document that reads as the draft does."""
        doc = self.workspace.create_document(draft.title).id
        planned = tuple(
            PlannedSection(s.id, s.heading, s.role, s.level, (), 200, None) for s in draft.sections
        )
        self.workspace.save_plan(doc, Plan(draft.title, "述职报告", planned, ()))
        for section in draft.sections:
            rev = self.workspace.section(doc, section.id).rev
            self.workspace.save_text(doc, section.id, section.text, rev)
        return Browser().show(self.desk.switch(told(), str(doc), *NOTHING))

    def exported(self, page: Browser) -> bytes:
        export = self.out.exporter("docx")
        return fetched(export(told(), page.values["doc_id"], *page.pairs)).read_bytes()

    def upload(self, page: Browser, data: bytes) -> None:
        path = self.folder / "改过.docx"
        path.write_bytes(data)
        page.show(self.incoming.receive(told(), str(path), page.values["doc_id"], *page.pairs))

    def state(self, page: Browser) -> State:
        states = self.workspace.sections(int(page.values["doc_id"]))
        return [(s.section.heading, lines_of(s.section.text)) for s in states]

    def bytes_of(self, page: Browser) -> object:
        """Return everything a refusal must leave as it was."""
        doc = int(page.values["doc_id"])
        draft = self.workspace.draft(doc)
        return (
            draft,
            self.workspace.plan(doc),
            [self.workspace.history(doc, s.id) for s in draft.sections],
        )


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    made = Bench(tmp_path_factory.mktemp("bench"))
    yield made
    made.workspace.close()


def edited_file(data: bytes, seed: int) -> WordFile:
    """Return a file after one to six edits, of words or of the report's build."""
    rng = random.Random(seed)  # noqa: S311
    file = WordFile(DRAFT, rng, data)
    for _ in range(rng.choice((1, 1, 2, 4))):
        rng.choice(EDITS)(file)
    for _ in range(rng.choice((0, 1, 1, 2))):
        rng.choice(BUILDS)(file)
    return file


def wanted(file: WordFile) -> State:
    return [(heading, lines) for heading, lines in file.expected().values()]


@pytest.mark.parametrize("seed", range(50))
def test_all_taken_gives_the_edited_text_and_all_refused_the_old(bench: Bench, seed: int) -> None:
    page = bench.opened()
    before = bench.bytes_of(page)
    file = edited_file(bench.exported(page), seed)
    bench.upload(page, file.saved())
    assert bench.bytes_of(page) == before, "reading changes nothing"
    if not buttons(page, "take"):
        assert bench.state(page) == wanted(file)
        return
    do(bench.incoming, page, do="refuse-all")
    assert bench.bytes_of(page) == before
    assert not buttons(page, "take")
    do(bench.incoming, page, do="relist-return")
    do(bench.incoming, page, do="take-all")
    assert bench.state(page) == wanted(file)
    assert not buttons(page, "take"), "nothing is left to be decided"
    undo = page.values["message"].split('data-id="', 1)[1].split('"', 1)[0]
    page.show(bench.incoming.undo(told(id=undo), Page(int(page.values["doc_id"]), "", 0)))
    assert bench.bytes_of(page)[:2] == before[:2]  # type: ignore[index]


@pytest.mark.parametrize("seed", range(100, 120))
def test_taken_one_by_one_they_give_the_same(bench: Bench, seed: int) -> None:
    page = bench.opened()
    file = edited_file(bench.exported(page), seed)
    bench.upload(page, file.saved())
    for _ in range(60):
        waiting = buttons(page, "take")
        if not waiting:
            break
        do(bench.incoming, page, **waiting[0])
        doc = int(page.values["doc_id"])
        for section in bench.workspace.draft(doc).sections:
            texts = bench.workspace.history(doc, section.id)
            assert all(version.author == "human" for version in texts)
            ids = [version.id for version in texts]
            assert [version.parent_id for version in texts[:-1]] == ids[1:], "each on the last"
    assert bench.state(page) == wanted(file)
