"""What all tests share: a home of their own, the models where there are any, the real samples.

In CI a test marked `model`, `browser` or `office` must run: its skip is turned into a failure.
"""

import os
from collections.abc import Generator
from pathlib import Path

import pytest

from index.types import Embedder
from index.weights import Weights, installed, load_manifest, verify

ROOT = Path(__file__).parent.parent
SAMPLE_REPORTS = ROOT.parent / "shared" / "sample-reports"
SMALL_MODEL = "qwen2.5-coder-0.5b"
NEEDED_IN_CI = ("model", "browser", "office")
MODEL_FIXTURES = {"small_model", "embedder"}
MODELS = os.environ.get("DRAFTER_MODELS", "")  # read before any test changes the environment


def in_ci() -> bool:
    """Tell whether this is an unattended run, where nothing may be skipped."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks for a model's fixture as needing a model."""
    for item in items:
        if MODEL_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("model")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn the skip of a test that CI must run into a failure that keeps the reason."""
    report = yield
    needed = [name for name in NEEDED_IN_CI if item.get_closest_marker(name)]
    if report.skipped and needed and in_ci() and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"CI must not skip a test marked {', '.join(needed)}. {reason}"
    return report


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give every test an empty home with Chinese and a space in its path, never the real one."""
    home = tmp_path_factory.mktemp("home") / "拟稿 台"
    monkeypatch.setenv("DRAFTER_HOME", str(home))
    if not MODELS:
        monkeypatch.delenv("DRAFTER_MODELS", raising=False)
    return home


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """Return the folder of model weights that `make test` fills; skip where there is none."""
    if not MODELS or not Path(MODELS).is_dir():
        pytest.skip("no models here: set DRAFTER_MODELS, or run make test")
    return Path(MODELS)


@pytest.fixture(scope="session")
def small_model(models_dir: Path) -> Path:
    """Return the 0.5B writer's GGUF file, checked against its manifest."""
    manifest = load_manifest(ROOT / "drafter" / "models.toml")
    weights = next(entry for entry in manifest if entry.name == SMALL_MODEL)
    return verified(models_dir, weights)


@pytest.fixture(scope="session")
def embedder(models_dir: Path) -> Embedder:
    """Return the real default embedder, loaded once for the whole run. Downloads nothing."""
    from index.embed import default_embedder, default_weights

    verified(models_dir, default_weights())
    return default_embedder(models_dir)


def verified(folder: Path, weights: Weights) -> Path:
    """Return the file of these weights; skip where it is not; a wrong one raises WeightsError."""
    path = folder / weights.file
    if not path.is_file():
        pytest.skip(f"{path.name} is not in DRAFTER_MODELS: run make test")
    if not installed(weights, folder):
        verify(path, weights)
    return path


@pytest.fixture(scope="session")
def shared_reports() -> tuple[Path, ...]:
    """Return the real sample reports beside the repository; skip where they are not."""
    found = tuple(sorted(SAMPLE_REPORTS.glob("*.txt")))
    if not found:
        pytest.skip("no ../shared/sample-reports beside the repository")
    return found
