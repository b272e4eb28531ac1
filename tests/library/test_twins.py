"""Near-duplicates are found by a few prints, and are those that comparing everything would find."""

import random
from pathlib import Path

from index.library import Library
from index.library.catalogue import Catalogue
from index.library.likeness import alike, shingles
from index.library.prints import prints_of
from index.library.schema import DATABASE
from index.library.twins import twins_of
from tests.fakes import FakeEmbedder
from tests.library.cases import report_text

LETTERS = "党建工作支部书记学习教育群众服务责任落实制度机制监督检查组织发展干部队伍作风纪律安全生产"


def changed(text: str, chance: random.Random) -> str:
    """Change, drop or add single characters and whole parts of a text, few or many."""
    characters = list(text)
    for _ in range(chance.choice((0, 3, 10, 40))):
        place = chance.randrange(len(characters))
        characters[place : place + chance.choice((0, 1, 1))] = chance.choice(("", "新", "改动"))
    cut = chance.choice((0, 0, len(characters) // 3))
    return "".join(characters[cut:])


def test_prints_find_what_comparing_with_every_report_finds(tmp_path: Path) -> None:
    chance = random.Random(4)  # noqa: S311
    library = Library(tmp_path, FakeEmbedder)
    for unit in range(12):
        body = "".join(chance.choices(LETTERS, k=chance.choice((60, 300, 900))))
        text = report_text(unit) + body if unit % 3 else f"某支部总结\n一、工作\n{body}。"
        library.add_text(f"{unit}.txt", text.encode())
    catalogue = Catalogue(tmp_path / DATABASE)
    kept = {one.id: catalogue.text(one.id) for one in catalogue.identities()}
    pairs = 0
    for _ in range(150):
        text = changed(chance.choice(list(kept.values())), chance)
        exact = [one for one, other in kept.items() if alike(shingles(text), shingles(other))]
        assert [twin.id for twin in twins_of(catalogue, text)] == exact
        pairs += len(exact)
    assert pairs > 50


def test_reports_of_an_older_version_get_their_prints(tmp_path: Path) -> None:
    library = Library(tmp_path, FakeEmbedder)
    library.add_text("a.txt", report_text(0).encode())
    catalogue = Catalogue(tmp_path / DATABASE)
    with catalogue.writing() as connection:
        connection.execute("DELETE FROM prints")
        connection.execute("UPDATE reports SET printed = 0")
    outcome = library.add_text("b.txt", (report_text(0) + "完。").encode())
    assert outcome.status == "duplicate"


def test_a_report_that_goes_takes_its_prints_along(tmp_path: Path) -> None:
    library = Library(tmp_path, FakeEmbedder)
    library.add_text("a.txt", report_text(0).encode())
    library.delete(library.reports()[0].id)
    assert not Catalogue(tmp_path / DATABASE).rows("SELECT 1 FROM prints")


def test_any_text_has_prints() -> None:
    for text in ("", "一", "，。", "党建工作" * 3, "\ud800党"):
        assert prints_of(text)
