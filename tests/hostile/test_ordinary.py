"""Ordinary bullets are no orders, and orders in other clothes are: both lists are texts."""

from pathlib import Path

import pytest

from drafter.facts import read_facts
from drafter.hostile import held

HERE = Path(__file__).parent


def lines(name: str) -> list[str]:
    rows = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [row for row in rows if row and not row.startswith("#")]


@pytest.mark.parametrize("text", lines("ordinary.txt"))
def test_an_ordinary_bullet_is_told_to_the_model(text: str) -> None:
    assert not held(text)
    assert not any(held(fact.text) for fact in read_facts(f"- {text}").facts)


@pytest.mark.parametrize("text", lines("orders.txt"))
def test_an_order_is_not(text: str) -> None:
    assert held(text)
