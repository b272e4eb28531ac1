"""Sample points turned back into the bullets they were written from, so that drafts follow them."""

import threading
from collections.abc import Iterator

from drafter.engine import Engine
from drafter.pairs import bundled_pairs, point_key, recover_with
from drafter.shelf import Shelf
from drafter.shots import SHORTEST, points_of, recover_by_rule, shot_text
from drafter.types import WriteEvent
from index.types import Section


class Recovering:
    """Keeps with every exemplar point its bullets: bundled ones, the rule's, or the model's."""

    def __init__(self, shelf: Shelf, engine: Engine) -> None:
        self._shelf = shelf
        self._library = shelf.library
        self._engine = engine

    def bullets(self, section: Section, point: int) -> tuple[str, ...] | None:
        """Return the bullets kept for a point, or those that came with the samples."""
        kept = self._library.pair(section.id, point)
        return kept or bundled_pairs().get(point_key(points_of(section)[point]))

    def recover_pairs(self, stop: threading.Event, with_model: bool) -> Iterator[WriteEvent]:
        """Store with every exemplar point the bullets it was written from; resumable.

        Bundled bullets and the rule's come at once. With `with_model`, the engine then improves on
        the rule's, one point at a time, so that writing never waits for more than one.
        """
        sources = self._library.pair_sources()
        points = [
            (section, number, point)
            for section in self._library.sections()
            if section.role not in ("导语", "结语")
            for number, point in enumerate(points_of(section))
            if len(shot_text(point)) >= SHORTEST
        ]
        for section, number, point in points:
            if (section.id, number) not in sources:
                sources[section.id, number] = self._store_known(section, number, point)
        left = [p for p in points if sources[p[0].id, p[1]] == "rule"] if with_model else []
        if left:
            yield from waiting(self._shelf, self._engine, stop, "")
        for done, (section, number, point) in enumerate(left):
            if stop.is_set():
                yield WriteEvent("stopped", None, "", "已停止，还原过的都已保存。", done, len(left))
                return
            message = f"正在把样本还原成要点：{done}/{len(left)}"
            yield WriteEvent("status", None, "", message, done, len(left))
            with self._engine.turn(object(), stop, patient=True) as turn:
                for waits in turn.waiting():
                    yield WriteEvent("status", None, "", f"{message}，{waits}", done, len(left))
                if stop.is_set():
                    stopped = "已停止，还原过的都已保存。"
                    yield WriteEvent("stopped", None, "", stopped, done, len(left))
                    return
                found = recover_with(turn.model, point)
            # "tried" marks a point whose rule bullets stand, so that it is not asked for again.
            bullets, source = (found, "model") if found else (_by_rule(point), "tried")
            self._library.put_pair(section.id, number, bullets, shot_text(point), source)
        yield WriteEvent("done", None, "", "样本的要点都还原好了。", len(left), len(left))

    def _store_known(self, section: Section, number: int, point: str) -> str:
        found = bundled_pairs().get(point_key(point))
        source = "model" if found else "rule"
        bullets = found or _by_rule(point)
        self._library.put_pair(section.id, number, bullets, shot_text(point), source)
        return source


def _by_rule(point: str) -> tuple[str, ...]:
    return recover_by_rule(shot_text(point))


def waiting(
    shelf: Shelf, engine: Engine, stop: threading.Event, section_id: str
) -> Iterator[WriteEvent]:
    """Tell what is being fetched or loaded until library and model are ready."""
    for waited in (shelf.wait(stop), engine.wait(stop)):
        for status in waited:
            yield WriteEvent("status", section_id, "", status.message, 0, 0)
