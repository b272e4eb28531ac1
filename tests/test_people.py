"""Eight people at one real page process with a real model server: nothing lost, nothing mixed."""

from pathlib import Path

import pytest

from bench.people import TINY_REPLY, Person, faults, run
from tests.letters_gguf import build_letters_gguf

PEOPLE, KEYS = 8, 3


@pytest.fixture(scope="module")
def everybody(
    tmp_path_factory: pytest.TempPathFactory,
) -> tuple[Path, list[Person]]:
    folder = tmp_path_factory.mktemp("people")
    home = folder / "拟稿 台"
    home.mkdir()
    model = build_letters_gguf(folder / "tiny.gguf")
    people, _ = run(home, model, PEOPLE, KEYS, slots=4, most=TINY_REPLY, lines=4)
    return home, people


def test_eight_write_and_type_at_once_without_an_error(
    everybody: tuple[Path, list[Person]],
) -> None:
    for person in everybody[1]:
        assert person.seen.errors == []
        assert len(person.seen.saves) >= KEYS


def test_everybodys_text_is_their_own_and_as_they_typed_it(
    everybody: tuple[Path, list[Person]],
) -> None:
    assert faults(*everybody) == []


def test_no_save_waits_until_something_is_written(
    everybody: tuple[Path, list[Person]],
) -> None:
    """How long they take `bench.people` tells; one that queued behind the model took as long."""
    people = everybody[1]
    slowest = max(one for person in people for one in person.seen.saves)
    assert slowest < min(person.seen.seconds for person in people)


def test_somebody_waited_and_was_told_where_they_stand(
    everybody: tuple[Path, list[Person]],
) -> None:
    assert any(person.seen.places for person in everybody[1])
