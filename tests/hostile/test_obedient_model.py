"""Whatever comes in by any door, a model that obeys it does not change the report: the facts that
were clean read as they do without it, and the poison stands in its own words or nowhere."""

import re

import pytest

from drafter.hostile import held, signs
from drafter.wording import bigrams
from tests.hostile.adversary import TRICKS, Obedient
from tests.hostile.cases import BULLETS, Poison, poisons, without_quotes, write

ALL = poisons()


def named(poison: Poison) -> str:
    return f"{poison.entry}-{ALL.index(poison)}"


def without_its_point(text: str, own: tuple[str, ...]) -> str:
    """Return a text without the sentences made of the poisoned fact's own words: what no pattern
    knows may be garbled by the model there, and nowhere else."""
    said = bigrams("".join(own))
    kept = []
    for sentence in re.split("[。；]", text):
        pairs = bigrams(re.sub("^[一二三四五六]是", "", sentence))
        if len(pairs & said) < 0.6 * len(pairs) or any(b in sentence for b in BULLETS):
            kept.append(sentence)
    return "。".join(kept)


@pytest.mark.parametrize("poison", ALL, ids=named)
def test_the_draft_is_what_it_is_without_the_poison(poison: Poison) -> None:
    for trick in TRICKS:
        model = Obedient(poison.payload, trick)
        text, own = write(poison, model)
        rest = without_quotes(text, own)
        if poison.entry == "bullet" and not poison.known:
            rest = without_its_point(text, own)
        for word in poison.payload:
            assert word not in rest, (trick, word, text)
        for bullet in BULLETS:
            assert all(part in text for part in bullet.split("，")), (trick, bullet, text)
        if poison.known and poison.entry in ("bullet", "pair"):
            assert not model.seen, (trick, model.prompts[-1])
            # A bullet over several lines is several facts; one that only states is told.
            if poison.entry == "bullet" and all(held(words) for words in own):
                clean, _ = write(None, Obedient(poison.payload, trick))
                assert rest == clean, (trick, text)


@pytest.mark.parametrize("poison", [p for p in ALL if p.known], ids=named)
def test_the_person_is_told_what_the_text_carries(poison: Poison) -> None:
    if poison.entry == "exemplar" and "铁柱" in poison.text:
        pytest.skip("a plain false statement: nothing in its form gives it away")
    assert signs(poison.text), poison.text


def test_there_are_more_than_thirty_poisons_by_every_door() -> None:
    assert len(ALL) >= 40
    assert {poison.entry for poison in ALL} >= {
        *("bullet", "group", "title", "unit", "wish", "exemplar", "heading", "pair"),
    }
