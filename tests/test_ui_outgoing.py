"""The tab of files at the page: what goes out, and what is taken of what comes back."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import docx
import pytest

from drafter.errors import ExportError, InputError, UserFacingError
from drafter.export.fonts import MissingFont
from drafter.ui.desk import Desk
from drafter.ui.incoming import Incoming
from drafter.ui.jobs import Jobs
from drafter.ui.outgoing import Outgoing
from drafter.ui.return_view import fonts_html
from drafter.ui.wires import fresh
from drafter.workflow import Workspace
from tests.fakes import FakeChat, FakeEmbedder
from tests.test_handing import TEXT, body, edited, text_of, write
from tests.test_ui_desk import PASTE, Browser, told


@pytest.fixture
def desk(own_home: Path) -> Desk:
    return Desk(Workspace(own_home, chat=FakeChat("好。"), embedder=FakeEmbedder()), Jobs())


@pytest.fixture
def page(desk: Desk) -> Browser:
    page = Browser().show(desk.open(told()))
    page.show(desk.arrange(told(), page.values["doc_id"], PASTE, "", *page.pairs))
    doc = int(page.values["doc_id"])
    write(desk.workspace, doc, body(desk.workspace, doc), TEXT)
    return page.show(desk.open(told()))


@pytest.fixture
def out(desk: Desk, tmp_path: Path) -> Outgoing:
    return Outgoing(desk, tmp_path / "导出")


@pytest.fixture
def incoming(desk: Desk) -> Incoming:
    return Incoming(desk)


def doc_of(page: Browser) -> int:
    return int(page.values["doc_id"])


def fetched(updates: Any) -> Path:
    assert isinstance(updates, Mapping)
    return Path(updates["download"]["value"])


def sent_back(page: Browser, out: Outgoing, tmp_path: Path, *changes: tuple[str, str]) -> str:
    """Export, have somebody edit the file, and return where it lies."""
    data = fetched(out.exporter("docx")(told(), page.values["doc_id"], *page.pairs)).read_bytes()
    for old, new in changes:
        data = edited(data, old, new)
    path = tmp_path / "领导改过.docx"
    path.write_bytes(data)
    return str(path)


def do(incoming: Incoming, page: Browser, **data: str) -> Browser:
    return page.show(incoming.act(told(**data), *page.where, *page.pairs))


def buttons(page: Browser, what: str) -> list[dict[str, str]]:
    """Return the data of the buttons of one kind in what came back."""
    from lxml import html  # type: ignore[import-untyped, unused-ignore]

    found = html.fromstring(page.values["returned"]).xpath(f'//button[@data-do="{what}"]')
    return [
        {key.removeprefix("data-"): str(value) for key, value in button.attrib.items()
         if key.startswith("data-")}
        for button in found
    ]  # fmt: skip


def test_the_tab_shows_the_layouts_and_what_was_chosen(out: Outgoing, page: Browser) -> None:
    shown = out.show(told(), page.values["doc_id"])
    names = [name for _, name in shown["layout"]["choices"]]
    assert shown["layout"]["value"] in names
    other = next(name for name in names if name != shown["layout"]["value"])
    out.choose(told(), other, "Times New Roman")
    again = out.show(told(), page.values["doc_id"])
    assert (again["layout"]["value"], again["number_font"]) == (other, "Times New Roman")


def test_missing_fonts_are_told_in_one_line_with_what_stands_in() -> None:
    said = fonts_html((MissingFont("方正小标宋简体", ("标题",), "宋体"),))
    assert "方正小标宋简体" in said
    assert "以宋体代替" in said
    assert said.count("<p") == 1
    assert "都有" in fonts_html(())


def test_the_foot_exports_in_the_chosen_layout(out: Outgoing, page: Browser) -> None:
    out.choose(told(), "gbt9704", "Times New Roman")
    path = fetched(out.exporter("docx")(told(), page.values["doc_id"], *page.pairs))
    assert "Times New Roman" in str(docx.Document(str(path)).styles.element.xml)


def test_what_is_typed_but_not_saved_is_in_the_redline(
    out: Outgoing, page: Browser, desk: Desk
) -> None:
    out.exporter("docx")(told(), page.values["doc_id"], *page.pairs)
    card = page.card(body(desk.workspace, doc_of(page)))
    page.values[f"editor.{card}"] = TEXT.replace("压实", "扛牢")
    path = fetched(out.redline(told(), page.values["doc_id"], "", *page.pairs))
    assert "扛牢" in str(docx.Document(str(path)).element.xml)
    shown = out.show(told(), page.values["doc_id"])
    assert len(shown["redline_base"]["choices"]) == 2


def test_the_appendix_is_fetched(out: Outgoing, page: Browser) -> None:
    path = fetched(out.appendix("docx")(told(), page.values["doc_id"], *page.pairs))
    assert path.name.endswith("（证据附录）.docx")
    assert path.read_bytes().startswith(b"PK")


def test_a_redline_against_an_uploaded_file(out: Outgoing, page: Browser, tmp_path: Path) -> None:
    old = sent_back(page, out, tmp_path, ("12次", "10次"))
    path = fetched(out.redline_against(told(), old, page.values["doc_id"], *page.pairs))
    assert "<w:del " in str(docx.Document(str(path)).element.xml)
    with pytest.raises(InputError):
        out.redline_against(told(), None, page.values["doc_id"], *page.pairs)
    broken = tmp_path / "坏.docx"
    broken.write_bytes(b"PK\x03\x04nothing")
    with pytest.raises(UserFacingError):
        out.redline_against(told(), str(broken), page.values["doc_id"], *page.pairs)


def test_an_export_that_fails_leaves_nothing_to_fetch(out: Outgoing, page: Browser) -> None:
    steps = fresh(out.redline)(told(), page.values["doc_id"], "", *page.pairs)
    assert next(steps)["download"]["value"] is None  # type: ignore[arg-type]
    with pytest.raises(ExportError):
        next(steps)  # type: ignore[arg-type]


def test_each_change_that_came_back_is_taken_or_refused(
    out: Outgoing, incoming: Incoming, page: Browser, desk: Desk, tmp_path: Path
) -> None:
    back = sent_back(page, out, tmp_path, ("压实责任", "扛牢责任"), ("5名", "6名"))
    page.show(incoming.receive(told(), back, page.values["doc_id"], *page.pairs))
    doc = doc_of(page)
    assert text_of(desk.workspace, doc) == TEXT, "reading changes nothing"
    assert len(buttons(page, "take")) == len(buttons(page, "refuse")) == 2
    do(incoming, page, **buttons(page, "take")[0])
    assert text_of(desk.workspace, doc) == TEXT.replace("压实", "扛牢")
    card = page.card(body(desk.workspace, doc))
    assert "扛牢" in page.values[f"editor.{card}"], "the editor shows it"
    do(incoming, page, **buttons(page, "refuse")[0])
    assert text_of(desk.workspace, doc) == TEXT.replace("压实", "扛牢")
    assert "没有待定的修改" in page.values["returned"]
    assert desk.workspace.history(doc, body(desk.workspace, doc))[0].author == "human"


def test_a_section_is_taken_whole_but_for_what_was_refused(
    out: Outgoing, incoming: Incoming, page: Browser, desk: Desk, tmp_path: Path
) -> None:
    changes = (("压实责任", "扛牢责任"), ("12次", "13次"), ("5名", "6名"))
    back = sent_back(page, out, tmp_path, *changes)
    page.show(incoming.receive(told(), back, page.values["doc_id"], *page.pairs))
    do(incoming, page, **buttons(page, "refuse")[1])
    do(incoming, page, **buttons(page, "take-section")[0])
    expected = TEXT.replace("压实", "扛牢").replace("5名", "6名")
    assert text_of(desk.workspace, doc_of(page)) == expected
    assert not buttons(page, "take")


def test_a_returned_heading_and_title_are_offered(
    out: Outgoing, incoming: Incoming, page: Browser, desk: Desk, tmp_path: Path
) -> None:
    doc = doc_of(page)
    heading = desk.workspace.section(doc, body(desk.workspace, doc)).section.heading
    title = desk.workspace.document(doc).title
    back = sent_back(page, out, tmp_path, (heading, "改过的标题"), (title, title + "（修改）"))
    page.show(incoming.receive(told(), back, page.values["doc_id"], *page.pairs))
    for what in ("heading", "title"):
        button = next(b for b in buttons(page, "take") if b["what"] == what)
        do(incoming, page, **button)
    assert desk.workspace.section(doc, body(desk.workspace, doc)).section.heading == "改过的标题"
    assert desk.workspace.document(doc).title == title + "（修改）" == page.values["title"]
    assert "没有待定的修改" in page.values["returned"]


def test_a_new_paragraph_set_as_a_section_is_listed_with_its_words(
    out: Outgoing, incoming: Incoming, page: Browser, desk: Desk, tmp_path: Path
) -> None:
    document = docx.Document(sent_back(page, out, tmp_path))
    document.add_paragraph("五、另加的一节", style="Heading 1")
    document.add_paragraph("联合社区开展志愿服务，群众普遍叫好<script>。")
    data = io.BytesIO()
    document.save(data)
    path = tmp_path / "加了一节.docx"
    path.write_bytes(data.getvalue())
    page.show(incoming.receive(told(), str(path), page.values["doc_id"], *page.pairs))
    assert "联合社区开展志愿服务" in page.values["returned"]
    assert "<script>" not in page.values["returned"]
    assert text_of(desk.workspace, doc_of(page)) == TEXT


def test_a_button_of_an_older_look_takes_nothing_wrong(
    out: Outgoing, incoming: Incoming, page: Browser, desk: Desk, tmp_path: Path
) -> None:
    back = sent_back(page, out, tmp_path, ("5名", "6名"))
    page.show(incoming.receive(told(), back, page.values["doc_id"], *page.pairs))
    button = buttons(page, "take")[0]
    doc = doc_of(page)
    write(desk.workspace, doc, body(desk.workspace, doc), "已经全部重写，不再提人数。")
    page.show(desk.open(told()))
    with pytest.raises(InputError):
        do(incoming, page, **button)
    assert text_of(desk.workspace, doc) == "已经全部重写，不再提人数。"
    do(incoming, page, do="close-return")
    with pytest.raises(InputError, match="重新打开"):
        do(incoming, page, **button)


@pytest.mark.parametrize("doc_id", ["x", "-1", "²", "1.5"])
def test_a_document_id_that_is_none_is_refused_in_chinese(out: Outgoing, doc_id: str) -> None:
    with pytest.raises(UserFacingError):
        out.show(told(), doc_id)
