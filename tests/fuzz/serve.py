"""The real page on a port, for fuzzing: `python -m tests.fuzz.serve HOME PORT`. No model."""

import os
import sys
from pathlib import Path


def main() -> None:
    import uvicorn

    from drafter.ui.server import make_app
    from drafter.workflow import Workspace
    from tests.fakes import FakeChat, FakeEmbedder
    from tests.fuzz.text_targets import PASTE

    home, port = Path(sys.argv[1]), int(sys.argv[2])
    os.environ["DRAFTER_HOME"] = str(home)
    desk = Workspace(home, chat=FakeChat("召开党组会12次。"), embedder=FakeEmbedder())
    if not desk.documents():
        doc = desk.create_document().id
        desk.save_paste(doc, PASTE)
        desk.make_plan(doc)
    uvicorn.run(make_app("127.0.0.1", port, desk), port=port, log_level="error")


if __name__ == "__main__":
    main()
