"""A page that can be killed and started again at once: everything heavy is imported beforehand, and
each start is a process of its own. Run as `python -m tests.crash_server HOME PORT`; a line on its
input starts a server, whose process number it prints."""

import os
import sys
from pathlib import Path


def serve(home: Path, port: int) -> None:
    import uvicorn

    from drafter.ui.server import make_app
    from drafter.workflow import Workspace
    from tests.fakes import FakeChat, FakeEmbedder

    desk = Workspace(home, chat=FakeChat("好。"), embedder=FakeEmbedder())
    uvicorn.run(make_app("127.0.0.1", port, desk), port=port, log_level="error")


def main() -> None:
    import gradio  # noqa: F401
    import uvicorn  # noqa: F401

    import drafter.ui.page
    import drafter.ui.server
    import drafter.workflow  # noqa: F401

    for _line in sys.stdin:
        process = os.fork()
        if process == 0:
            serve(Path(sys.argv[1]), int(sys.argv[2]))
            os._exit(0)
        sys.stdout.write(f"{process}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
