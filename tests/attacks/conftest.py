"""One real server for all attacks; whatever it tries to reach outside is recorded and stopped."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attacks.target import Target
from tests.egress import this_process


@pytest.fixture(scope="session")
def served_target(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Target]:
    home = tmp_path_factory.mktemp("home") / "拟稿 台"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DRAFTER_HOME", str(home))
        patch.setenv("GRADIO_ANALYTICS_ENABLED", "False")
        patch.setenv("GRADIO_TEMP_DIR", "")  # set by make_app; put back afterwards
        made = Target(home)
        yield made
        made.stop()


@pytest.fixture
def target(served_target: Target, capfd: pytest.CaptureFixture[str]) -> Iterator[Target]:
    """Return the server; after each attack it must still answer and have asked nobody outside."""
    watch = this_process()
    before = len(watch.seen)
    yield served_target
    assert watch.seen[before:] == []
    assert served_target.http.get("/theme.css").status_code == 200
    assert not leaked(served_target.home)
    said = capfd.readouterr()
    assert "Exception in ASGI application" not in said.err + said.out


def leaked(home: Path) -> list[str]:
    """Return the files under a home's cache that hold what no upload of a test does."""
    signs = (b"root:x:0:0", b"[project]\nname", b"SQLite format 3")
    cache = home / "cache"
    files = [path for path in cache.rglob("*") if path.is_file()]
    return [str(p) for p in files if any(sign in p.read_bytes()[:4096] for sign in signs)]
