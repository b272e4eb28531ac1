"""A day's work without a browser, for a watched process: `python -m tests.egress.story HOME`.

Page, paste, plan, writing, search, checks, exports, the file that comes back, templates, copies.
"""

import io
import os
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from drafter.workflow import Workspace


def main() -> None:
    home = Path(sys.argv[1])
    os.environ["DRAFTER_HOME"] = str(home)
    from starlette.testclient import TestClient

    from drafter.packing import pack
    from drafter.ui.server import make_app
    from drafter.workflow import Workspace
    from tests.fakes import FakeChat, FakeEmbedder
    from tests.fuzz.text_targets import PASTE, REPORT

    desk = Workspace(home, chat=FakeChat("召开党组会研究党建工作12次。"), embedder=FakeEmbedder())
    app = make_app("127.0.0.1", 7860, desk)
    with TestClient(app, base_url="http://127.0.0.1:7860") as page:
        assert page.get("/").status_code == 200
        assert page.get("/theme.css").status_code == 200
        assert page.get("/gradio_api/file=https://example.com/").status_code == 404
    desk = Workspace(home, chat=FakeChat("召开党组会研究党建工作12次。"), embedder=FakeEmbedder())
    desk.library.add_files("往年.txt", REPORT.encode())
    doc = desk.create_document().id
    desk.save_paste(doc, PASTE)
    desk.make_plan(doc)
    for _event in desk.write_all(doc, threading.Event()):
        pass
    assert desk.library.search("压实责任", None, 3)
    desk.findings(doc)
    for state in desk.sections(doc):
        desk.exemplars(doc, state.section.id)
    for form in ("docx", "txt", "md"):
        name, data = desk.export(doc, form)
        assert data, name
    come_back(desk, doc)
    desk.keeping.keeper.look()
    desk.close()
    pack(home, home / "全部.zip")


def come_back(desk: "Workspace", doc: int) -> None:
    """The Word file edited and read again, with its changes looked at."""
    import docx

    name, data = desk.export(doc, "docx")
    opened = docx.Document(io.BytesIO(data))
    opened.add_paragraph("另外，请核对次数。")
    out = io.BytesIO()
    opened.save(out)
    received = desk.receiving.receive(doc, name, out.getvalue())
    assert desk.receiving.compared(doc, received).sections


if __name__ == "__main__":
    main()
