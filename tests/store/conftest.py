"""Fixtures of the tests of store."""

from pathlib import Path

import pytest

from drafter.store import Store
from tests.store.cases import PLAN


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "文稿 库" / "drafts.db"


@pytest.fixture
def store(path: Path) -> Store:
    return Store(path)


@pytest.fixture
def doc(store: Store) -> int:
    info = store.create_document("未命名文稿")
    store.save_plan(info.id, PLAN)
    return info.id
