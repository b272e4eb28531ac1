"""Preview, PDF and templates at the page: made when asked, told when old, stopped, refused."""

import base64
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from drafter import printing
from drafter.errors import ExportError, InputError
from drafter.ui.desk import Desk
from drafter.ui.jobs import Jobs
from drafter.ui.outgoing import Outgoing
from drafter.ui.previewing import KEPT, Previewing
from drafter.workflow import Workspace
from index.soffice import SEARCH_VARIABLE, find_office
from tests.fakes import FakeChat, FakeEmbedder
from tests.test_export_template import office_template
from tests.test_handing import TEXT, body, write
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
def previewing(desk: Desk) -> Previewing:
    return Previewing(desk)


PrintOut = Callable[[bytes, threading.Event | None], bytes]


@pytest.fixture
def fake_office(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, PrintOut]]:
    """Put an office in place that prints a page from a file, or what a test puts into "print"."""
    desk: dict[str, PrintOut] = {"print": lambda _data, _stop: two_pages()}

    def print_out(data: bytes, stop: threading.Event | None = None) -> bytes:
        return desk["print"](data, stop)

    monkeypatch.setattr(printing, "pdf_of", print_out)
    monkeypatch.setattr(printing, "can_make_pdf", lambda: True)
    yield desk


def two_pages() -> bytes:
    import io

    import pypdfium2

    document = pypdfium2.PdfDocument.new()
    for _ in range(2):
        document.new_page(595, 842)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def steps(made: Any) -> list[Mapping[str, Any]]:
    return [made] if isinstance(made, Mapping) else list(made)


def make(previewing: Previewing, page: Browser) -> list[Mapping[str, Any]]:
    seen = steps(previewing.make(told(), page.values["doc_id"], *page.pairs))
    for updates in seen:
        page.show(updates)
    return seen


def edit(desk: Desk, page: Browser, text: str) -> None:
    doc = int(page.values["doc_id"])
    write(desk.workspace, doc, body(desk.workspace, doc), text)


@pytest.mark.usefixtures("fake_office")
def test_the_pages_are_shown_in_order_with_their_numbers(
    previewing: Previewing, page: Browser
) -> None:
    seen = make(previewing, page)
    assert "正在排版" in seen[0]["preview"] and "stop-preview" in seen[0]["preview"]
    assert "第 1/2 页" in seen[1]["preview"]
    shown = page.values["preview_pages"]
    assert re.findall("第 (.) 页，共 2 页", shown) == ["1", "2"]
    pictures = re.findall(r'src="data:image/png;base64,([^"]+)"', shown)
    assert all(base64.b64decode(picture).startswith(b"\x89PNG") for picture in pictures)
    assert len(pictures) == 2 and 'src="/' not in shown
    assert "共 2 页" in page.values["preview"] and "stale" not in page.values["preview"]


@pytest.mark.usefixtures("fake_office")
def test_a_preview_is_told_to_be_old_when_text_or_layout_change(
    previewing: Previewing, page: Browser, desk: Desk, out: Outgoing
) -> None:
    make(previewing, page)
    edit(desk, page, TEXT + "\n三是新加的一句。")
    shown = previewing.show(told(), page.values["doc_id"])
    assert "已经改过" in shown["preview"]
    assert "preview_pages" not in shown, "the pages are there already"
    edit(desk, page, TEXT)
    assert "已经改过" not in previewing.show(told(), page.values["doc_id"])["preview"]
    out.choose(told(), "wide", "")
    assert "已经改过" in previewing.show(told(), page.values["doc_id"])["preview"]
    make(previewing, page)
    assert "已经改过" not in page.values["preview"]


@pytest.mark.usefixtures("fake_office")
def test_what_is_typed_but_not_saved_is_in_the_preview(
    previewing: Previewing, page: Browser, desk: Desk, fake_office: dict[str, PrintOut]
) -> None:
    from index.parse import read_text_bytes

    printed: list[bytes] = []

    def print_out(data: bytes, _stop: threading.Event | None) -> bytes:
        printed.append(data)
        return two_pages()

    fake_office["print"] = print_out
    card = page.card(body(desk.workspace, int(page.values["doc_id"])))
    page.values[f"editor.{card}"] = TEXT.replace("压实", "扛牢")
    make(previewing, page)
    assert "扛牢" in read_text_bytes("稿.docx", printed[0])


@pytest.mark.usefixtures("fake_office")
def test_a_page_that_is_opened_anew_gets_the_preview_there_is(
    previewing: Previewing, page: Browser
) -> None:
    make(previewing, page)
    reloaded = told()
    reloaded.session = "another"
    (shown,) = steps(previewing.look(reloaded, page.values["doc_id"]))
    assert "data:image/png" in shown["preview_pages"]


def test_a_stop_keeps_the_old_preview(
    previewing: Previewing, page: Browser, desk: Desk, fake_office: dict[str, PrintOut]
) -> None:
    make(previewing, page)
    before = page.values["preview_pages"]
    edit(desk, page, TEXT + "\n三是新加的一句。")

    def stopped(_data: bytes, stop: threading.Event | None) -> bytes:
        assert stop is not None
        steps(previewing.act(told(do="stop-preview"), page.values["doc_id"], *page.pairs))
        assert stop.is_set()
        raise ExportError("已停止。", "")

    fake_office["print"] = stopped
    page.show(desk.open(told()))
    seen = make(previewing, page)
    assert "已停止" in seen[-1]["message"]
    assert page.values["preview_pages"] == before
    assert "已经改过" in page.values["preview"]
    fake_office["print"] = lambda _data, _stop: two_pages()
    assert "已经改过" not in make(previewing, page)[-1]["preview"]


def test_only_one_preview_is_made_at_a_time(
    previewing: Previewing, page: Browser, fake_office: dict[str, PrintOut]
) -> None:
    refused: list[str] = []

    def meanwhile(_data: bytes, _stop: threading.Event | None) -> bytes:
        with pytest.raises(InputError) as second:
            make(previewing, page)
        refused.append(second.value.message)
        assert "正在生成" in previewing.show(told(), page.values["doc_id"])["preview"]
        return two_pages()

    fake_office["print"] = meanwhile
    make(previewing, page)
    assert len(refused) == 1


def test_a_preview_never_shows_up_in_another_document(
    previewing: Previewing, page: Browser, desk: Desk, fake_office: dict[str, PrintOut]
) -> None:
    first = page.values["doc_id"]

    def meanwhile(_data: bytes, _stop: threading.Event | None) -> bytes:
        page.show(desk.new(told(), *page.pairs))
        return two_pages()

    fake_office["print"] = meanwhile
    seen = steps(previewing.make(told(), first, *page.pairs))
    assert all("preview_pages" not in updates for updates in seen)
    page.show(desk.switch(told(), first, *page.pairs))
    assert "data:image/png" in previewing.show(told(), first)["preview_pages"]


def test_an_error_leaves_the_place_as_it_was(
    previewing: Previewing, page: Browser, fake_office: dict[str, PrintOut]
) -> None:
    def broken(_data: bytes, _stop: threading.Event | None) -> bytes:
        raise ExportError("LibreOffice 没能生成 PDF。", "请再试一次。")

    fake_office["print"] = broken
    seen: list[Mapping[str, Any]] = []
    with pytest.raises(ExportError):
        for updates in previewing.make(told(), page.values["doc_id"], *page.pairs):
            seen.append(updates)
    assert "点左边的“生成预览”" in seen[-1]["preview"]
    fake_office["print"] = lambda _data, _stop: two_pages()
    make(previewing, page)
    assert "共 2 页" in page.values["preview"]


@pytest.mark.usefixtures("fake_office")
def test_previews_of_few_documents_are_kept_and_one_can_be_put_away(
    previewing: Previewing, page: Browser, desk: Desk
) -> None:
    first = page.values["doc_id"]
    make(previewing, page)
    page.show(*steps(previewing.act(told(do="close-preview"), first, *page.pairs)))
    assert page.values["preview_pages"] == ""
    for _ in range(KEPT + 2):
        page.show(desk.new(told(), *page.pairs))
        page.show(desk.arrange(told(), page.values["doc_id"], PASTE, "", *page.pairs))
        edit(desk, page, TEXT)
        page.show(desk.open(told()))
        make(previewing, page)
    assert len(previewing._made) == KEPT


def test_without_libreoffice_the_page_offers_word(
    previewing: Previewing, page: Browser, out: Outgoing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SEARCH_VARIABLE, "")
    doc_id = page.values["doc_id"]
    assert "导出 Word" in previewing.show(told(), doc_id)["preview"]
    with pytest.raises(ExportError, match="LibreOffice"):
        make(previewing, page)
    with pytest.raises(ExportError, match="LibreOffice"):
        steps(out.pdf(told(), doc_id, *page.pairs))


@pytest.mark.usefixtures("fake_office")
def test_the_pdf_is_fetched_and_its_text_can_be_compared_with_later(
    page: Browser, out: Outgoing, desk: Desk
) -> None:
    doc_id = page.values["doc_id"]
    seen = steps(out.pdf(told(), doc_id, *page.pairs))
    assert "正在生成 PDF" in seen[0]["message"]
    path = Path(seen[-1]["download"]["value"])
    assert path.suffix == ".pdf" and path.read_bytes().startswith(b"%PDF")
    edit(desk, page, TEXT.replace("压实", "扛牢"))
    assert len(desk.workspace.handing.comparable(int(doc_id))) == 1


@pytest.mark.usefixtures("fake_office")
def test_a_pdf_does_not_push_aside_the_digest_of_the_word_file(
    page: Browser, out: Outgoing, desk: Desk
) -> None:
    doc = int(page.values["doc_id"])
    out.exporter("docx")(told(), page.values["doc_id"], *page.pairs)
    before = desk.workspace.handing.handed(doc)
    steps(out.pdf(told(), page.values["doc_id"], *page.pairs))
    assert desk.workspace.handing.handed(doc) == before


@pytest.mark.office
def test_a_real_preview_has_the_pages_of_the_real_pdf(
    previewing: Previewing, page: Browser, desk: Desk
) -> None:
    if find_office() is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    make(previewing, page)
    assert page.values["preview_pages"].count("<img") >= 1
    assert "共 1 页" in page.values["preview"]


def test_a_template_is_added_chosen_and_removed_after_asking(
    page: Browser, out: Outgoing, desk: Desk, tmp_path: Path
) -> None:
    upload = tmp_path / "某局<b>模板.dotx"
    upload.write_bytes(office_template())
    doc_id = page.values["doc_id"]
    added = out.add_template(told(), str(upload), doc_id)
    label, layout = added["layout"]["choices"][-1]
    assert (label, added["layout"]["value"]) == ("模板：某局b模板", layout)
    assert added["template"] is None and "再点一次，删除模板" in added["fonts"]
    assert "{{正文}}" in added["fonts"] and "成文日期" in added["fonts"]
    key = re.findall('data-key="([^"]+)"', added["fonts"])[0]
    removed = out.remove_template(told(key=key), doc_id)
    assert removed["layout"]["value"] == "gbt9704"
    assert "模板：" not in str(removed["layout"]["choices"])
    with pytest.raises(InputError):
        out.remove_template(told(key="../../drafts.db"), doc_id)


def test_a_template_that_is_broken_or_missing_is_refused(
    page: Browser, out: Outgoing, tmp_path: Path
) -> None:
    broken = tmp_path / "坏.dotx"
    broken.write_bytes(b"PK\x03\x04")
    with pytest.raises(ExportError, match="已损坏"):
        out.add_template(told(), str(broken), page.values["doc_id"])
    with pytest.raises(InputError):
        out.add_template(told(), None, page.values["doc_id"])
