"""Candidates and locked sentences through the composer: a fake model, the real stores."""

import random
import threading
from pathlib import Path

import pytest

from drafter.errors import InputError
from drafter.sentences import bare_sentences
from drafter.types import WriteEvent
from drafter.workflow import Workspace
from tests.fakes import FakeChat, FakeEmbedder

PASTE = """单位：云岭区水务局
年度：2026
1. 召开党组会研究党建工作12次
2. 与党支部签订责任书8份
3. 发展党员5名，其中一线职工3名
4. 走访慰问困难党员46人次
5. 开展主题党日活动24次
"""


class VariedChat(FakeChat):
    """Retells its bullets in another way each time, now and then with nonsense around them."""

    ways: tuple[str, ...] = (
        "今年{}。",
        "{}。",
        "全年{}，有序推进。",
        "扎实{}。",
        "一是{}。",
        "{}；{}。",
        "好。",
        "{}",
    )

    def __init__(self, seed: int = 1, delay: float = 0.0) -> None:
        super().__init__("", delay=delay)
        self.random = random.Random(seed)  # noqa: S311 - a test's, not a secret's
        self.systems: list[str] = []

    def stream(self, messages, sampling):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN201
        self.systems.append(messages[0]["content"])
        self.history.append((tuple(messages), sampling))
        asked = messages[-1]["content"] if "要点" in messages[-1]["content"] else ""
        for line in asked.splitlines()[1:]:
            way = self.random.choice(self.ways)
            yield way.replace("{}", line.removeprefix("- "))


@pytest.fixture
def chat() -> VariedChat:
    return VariedChat()


@pytest.fixture
def desk(own_home: Path, chat: VariedChat) -> Workspace:
    return Workspace(own_home, chat=chat, embedder=FakeEmbedder())


@pytest.fixture
def place(desk: Workspace) -> tuple[int, str]:
    """Return a document and its one section with all facts of results, written."""
    doc = desk.create_document().id
    desk.save_paste(doc, PASTE)
    plan = desk.make_plan(doc)
    home = next(s.id for s in plan.sections if s.fact_ids)
    from drafter import plan as planning

    for fact in ("F1", "F2", "F3", "F4", "F5"):
        plan = planning.move_fact(plan, fact, home)
    desk.save_plan(doc, plan)
    list(desk.write_all(doc, threading.Event()))
    return doc, home


def text_of(desk: Workspace, place: tuple[int, str]) -> str:
    return desk.section(*place).section.text


def rewrite(desk: Workspace, place: tuple[int, str], **asked: object) -> list[WriteEvent]:
    return list(desk.write_section(*place, threading.Event(), **asked))  # type: ignore[arg-type]


def lock(desk: Workspace, place: tuple[int, str], word: str) -> str:
    bare = bare_sentences(text_of(desk, place))
    at = next(n for n, one in enumerate(bare) if word in one.text)
    return desk.candidates.locks.lock(*place, at, bare[at].text)


@pytest.mark.parametrize("words", [("8份",), ("12次", "24次"), ("3名",), ("46人次", "12次", "8份")])
def test_a_locked_sentence_is_there_after_ten_rewritings(
    desk: Workspace, place: tuple[int, str], words: tuple[str, ...]
) -> None:
    locked = [lock(desk, place, word) for word in words]
    order = [one.text for one in bare_sentences(text_of(desk, place)) if one.text in locked]
    before = place_of(desk, place, order[0])
    seen = set()
    for _ in range(10):
        rewrite(desk, place)
        candidate = desk.section(*place).candidate
        assert candidate is not None
        desk.accept(*place, candidate.id)
        text = text_of(desk, place)
        seen.add(text)
        assert [one.text for one in bare_sentences(text) if one.text in order] == order
        assert all(text.encode().count(words.encode()) == 1 for words in order)
        assert place_of(desk, place, order[0]) == before
        uses = {use.fact_id: use.status for use in desk.fact_uses(place[0])}
        assert all(uses[f] in ("used", "merged") for f in ("F1", "F2", "F3", "F4", "F5"))
    assert len(seen) > 1


def place_of(desk: Workspace, place: tuple[int, str], words: str) -> set[str]:
    """Return the numbers told before a sentence."""
    before = text_of(desk, place).partition(words)[0]
    return {number for number in ("12次", "8份", "5名", "46人次", "24次") if number in before}


def test_a_lock_that_tells_everything_leaves_nothing_to_write(
    desk: Workspace, place: tuple[int, str]
) -> None:
    for word in ("12次", "8份", "5名", "46人次", "24次"):
        lock(desk, place, word)
    with pytest.raises(InputError, match="锁定"):
        rewrite(desk, place)


def test_typing_over_a_locked_sentence_drops_the_lock_with_a_note(
    desk: Workspace, place: tuple[int, str]
) -> None:
    words = lock(desk, place, "8份")
    before = text_of(desk, place)
    state = desk.section(*place)
    saved = desk.save_text(*place, before.replace("8份", "9份"), state.rev)
    locks = desk.candidates.locks
    assert locks.of(place[0])[place[1]].gone == (words,)
    desk.save_text(*place, before, saved.rev)  # taken back: the lock holds again
    assert locks.of(place[0])[place[1]].live == (words,)
    desk.save_text(*place, before.replace("8份", "9份"), desk.section(*place).rev)
    events = rewrite(desk, place)
    assert "锁定已解除" in events[-1].message
    assert locks.of(place[0]) == {}


def test_a_lock_follows_its_sentence_into_another_section(
    desk: Workspace, place: tuple[int, str]
) -> None:
    doc, home = place
    words = lock(desk, place, "8份")
    other = next(s for s in desk.sections(doc) if s.section.id != home and s.section.heading)
    moved = bare_sentences(text_of(desk, place))
    rest = "".join(one.text for one in moved if one.text != words)
    desk.save_text(doc, home, rest, desk.section(doc, home).rev)
    desk.save_text(doc, other.section.id, words, other.rev)
    assert desk.candidates.locks.of(doc)[other.section.id].live == (words,)
    desk.candidates.locks.unlock(doc, other.section.id, words)
    assert desk.candidates.locks.of(doc) == {}


def test_locking_a_sentence_that_was_changed_meanwhile_is_refused(
    desk: Workspace, place: tuple[int, str]
) -> None:
    with pytest.raises(InputError):
        desk.candidates.locks.lock(*place, 0, "别的一句。")


def test_variants_of_one_request_stand_together_and_a_new_request_replaces_them(
    desk: Workspace, place: tuple[int, str]
) -> None:
    doc, home = place
    before = text_of(desk, place)
    events = rewrite(desk, place, variants=3)
    reviewed = desk.review.read(doc)
    variants = desk.candidates.of(doc, reviewed, {})[home]
    ids = [event.version_id for event in events if event.kind == "section"]
    assert [variant.version.id for variant in variants] == ids
    assert len(ids) == 3
    assert len({v.version.run.seed for v in variants if v.version.run}) == 3
    assert all((v.told, v.facts) == (5, 5) for v in variants)
    assert text_of(desk, place) == before
    rewrite(desk, place, variants=2)
    assert len(desk.candidates.of(doc, reviewed, {})[home]) == 2
    desk.accept(doc, home, desk.candidates.of(doc, reviewed, {})[home][0].version.id)
    assert home not in desk.candidates.of(doc, reviewed, {})
    assert len(desk.history(doc, home)) == 6  # nothing is ever thrown away


def test_stopping_keeps_finished_variants_and_the_partial_one(
    desk: Workspace, place: tuple[int, str]
) -> None:
    stop = threading.Event()
    texts = finished = 0
    for event in desk.write_section(*place, stop, variants=3):
        finished += event.kind == "section"
        texts += event.kind == "text" and finished == 1 and len(event.text) > 30
        if texts:
            stop.set()
    variants = desk.candidates.of(place[0], desk.review.read(place[0]), {})[place[1]]
    assert len(variants) == 2
    assert variants[1].told < 5
    assert len(variants[1].version.text) > 0


def test_accepting_can_be_undone_and_the_other_variants_lie_there_again(
    desk: Workspace, place: tuple[int, str]
) -> None:
    doc, home = place
    before = text_of(desk, place)
    rewrite(desk, place, variants=2)
    reviewed = desk.review.read(doc)
    first = desk.candidates.of(doc, reviewed, {})[home][0]
    change = desk.candidates.accept(doc, home, first.version.id)
    assert text_of(desk, place) == first.version.text
    desk.candidates.undo(doc, change)
    assert text_of(desk, place) == before
    again = [one.version.id for one in desk.candidates.of(doc, reviewed, {})[home]]
    assert again == sorted({first.version.id, *change.away})


def test_one_point_is_rewritten_and_the_rest_is_the_same_to_the_byte(
    desk: Workspace, place: tuple[int, str]
) -> None:
    text = "引语　两处。\n一是召开党组会研究党建工作12次；二是签订责任书8份；三是其他。\n\n"
    desk.save_text(*place, text, desk.section(*place).rev)
    bare = bare_sentences(text)
    rewrite(desk, place, point=(2, "二是" + bare[2].text))
    candidate = desk.section(*place).candidate
    assert candidate is not None
    head, tail = text.split("签订责任书8份；")
    assert candidate.text.startswith(head)
    assert candidate.text.endswith("；" + tail)
    assert "8份" in candidate.text
    with pytest.raises(InputError, match="没有对应的要点"):
        rewrite(desk, place, point=(3, bare[3].text))
    with pytest.raises(InputError, match="已经改过"):
        rewrite(desk, place, point=(2, "别的。"))


NOW = "一是召开党组会研究党建工作12次。二是发展党员5名，其中一线职工3名。"


def test_taking_a_sentence_is_the_persons_version_and_can_be_undone(
    desk: Workspace, place: tuple[int, str], chat: VariedChat
) -> None:
    doc, home = place
    chat.ways = ("{}。",)
    desk.save_text(doc, home, NOW, desk.section(doc, home).rev)
    rewrite(desk, place)
    candidate = desk.section(doc, home).candidate
    assert candidate is not None
    bare = bare_sentences(candidate.text)
    at = next(n for n, one in enumerate(bare) if "24次" in one.text)
    change = desk.candidates.take(doc, home, candidate.id, at)
    assert bare[at].text in text_of(desk, place)
    assert desk.history(doc, home)[0].author == "human"
    assert desk.section(doc, home).candidate is not None
    desk.candidates.undo(doc, change)
    assert text_of(desk, place) == NOW
    desk.save_text(doc, home, "后来改的。", desk.section(doc, home).rev)
    with pytest.raises(InputError, match="后来又改过"):
        desk.candidates.undo(doc, change)


def test_a_length_is_told_to_the_model_and_what_cannot_be_is_told_to_the_person(
    desk: Workspace, place: tuple[int, str], chat: VariedChat
) -> None:
    chat.systems.clear()
    events = rewrite(desk, place, instruction="压缩到40字，写明培训30次")
    assert any("不超过" in system for system in chat.systems)
    assert not any("40字" in system for system in chat.systems)
    assert "30次" in events[-1].message
    assert "会丢要点" in events[-1].message
    variants = desk.candidates.of(place[0], desk.review.read(place[0]), {})[place[1]]
    assert (variants[0].told, variants[0].facts) == (5, 5)
    assert "30次" not in variants[0].version.text


def test_the_fact_put_first_comes_first(desk: Workspace, place: tuple[int, str]) -> None:
    rewrite(desk, place, instruction="突出F4")
    candidate = desk.section(*place).candidate
    assert candidate is not None
    told = [candidate.text.index(number) for number in ("46人次", "12次", "8份", "5名", "24次")]
    assert told[0] == min(told)
