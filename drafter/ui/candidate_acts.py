"""What the buttons of candidates and of single sentences do, each with its way back."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from drafter.candidates import Change
from drafter.errors import InputError
from drafter.ui.desk import Desk
from drafter.ui.showing import Page, Updates
from drafter.ui.status_view import message_html, saved_html
from drafter.ui.text import esc, whole_number
from drafter.ui.wiring import Told
from drafter.workflow import Workspace


class CandidateActs:
    """Acts on candidates and locks. What is typed was saved before (`Acts`)."""

    def __init__(self, desk: Desk) -> None:
        self._candidates = desk.workspace.candidates
        self._locks = desk.workspace.candidates.locks
        self._discard = desk.workspace.discard
        self.acts: dict[str, Callable[[Told, Page], Updates]] = {
            "accept": self.accept,
            "discard": self.discard,
            "discard-all": self.discard_all,
            "undo-discard": self.undo_discard,
            "take": self.take,
            "undo-take": self.undo,
            "lock-sentence": self.lock,
            "unlock-sentence": self.unlock,
        }

    def accept(self, told: Told, page: Page) -> Updates:
        """Make a candidate the text; the others are put away."""
        section, version = told.get("id"), told.number("version")
        change = self._candidates.accept(page.doc, section, version)
        note = message_html(
            "info", "已采用候选，原来的文字在“历史”里。", undo=f"undo-take:{_written(change)}"
        )
        return {"focus": section, "saved": saved_html(), "message": note}

    def discard(self, told: Told, page: Page) -> Updates:
        """Put one candidate away."""
        section, version = told.get("id"), told.number("version")
        self._discard(page.doc, section, version)
        note = message_html(
            "info", "已放弃这一稿，它还在“历史”里。", undo=f"undo-discard:{section}/{version}"
        )
        return {"focus": section, "message": note}

    def discard_all(self, told: Told, page: Page) -> Updates:
        """Put all candidates of a section away."""
        section = told.get("id")
        away = self._candidates.discard_all(page.doc, section)
        back = f"undo-discard:{section}/{','.join(map(str, away))}"
        note = message_html("info", f"已放弃 {len(away)} 稿，都还在“历史”里。", undo=back)
        return {"focus": section, "message": note}

    def undo_discard(self, told: Told, page: Page) -> Updates:
        """Lay candidates that were put away beside the section again."""
        section, _, ids = told.get("id").partition("/")
        self._candidates.lay_out(page.doc, section, _numbers(ids))
        return {"focus": section, "message": message_html("info", "候选已放回。")}

    def take(self, told: Told, page: Page) -> Updates:
        """Take one sentence of a candidate into the text."""
        section = told.get("id")
        change = self._candidates.take(page.doc, section, told.number("version"), told.number("at"))
        done = "已换上这一句。" if change.picked and change.picked.replaced else "已加进这一句。"
        lost = "、".join(change.picked.lost) if change.picked else ""
        hint = f"现稿里原有的{lost}没有了，请核对。" if lost else ""
        note = message_html("info", done, hint, undo=f"undo-take:{_written(change)}")
        return {"focus": section, "saved": saved_html(), "message": note}

    def undo(self, told: Told, page: Page) -> Updates:
        """Take back what a candidate changed."""
        change = _read(told.get("id"))
        self._candidates.undo(page.doc, change)
        note = message_html("info", "已撤销，恢复成原来的文字。")
        return {"focus": change.section_id, "saved": saved_html(), "message": note}

    def lock(self, told: Told, page: Page) -> Updates:
        """Lock a sentence against every rewriting."""
        section = told.get("id")
        self._locks.lock(page.doc, section, told.number("at"), told.get("words"))
        note = message_html("info", "已锁定这一句。", "重写时它一字不动、还在原处；自己仍可以改。")
        return {"focus": section, "message": note}

    def unlock(self, told: Told, page: Page) -> Updates:
        """Unlock a sentence, or drop a lock whose sentence is gone."""
        self._locks.unlock(page.doc, told.get("id"), told.get("words"))
        return {"focus": told.get("id"), "message": message_html("info", "已解除锁定。")}


# Acts that take a lock away on purpose, or a whole section with all that is in it.
_MEANT = ("unlock-sentence", "drop", "undo-step", "redo-step")


@contextmanager
def keeping_locks(workspace: Workspace, doc: int, do: str) -> Iterator[list[str]]:
    """Fill the list given with the locked sentences that an act takes out of the text."""
    locks = workspace.candidates.locks
    held = [] if do in _MEANT else [words for s in locks.of(doc).values() for words in s.live]
    lost: list[str] = []
    yield lost
    if held:
        left = {words for s in locks.of(doc).values() for words in s.live}
        lost += dict.fromkeys(words for words in held if words not in left)


def with_lost(updates: Updates, lost: Sequence[str]) -> Updates:
    """Return what an act shows, with word of the locked sentences it took out of the text."""
    if not lost:
        return updates
    said = "；".join(f"“{words[:24]}{'…' if len(words) > 24 else ''}”" for words in lost)
    words = f"锁定的句子不在正文里了，锁定失效：{said}"
    before = updates.get("message")
    if isinstance(before, str) and "</div>" in before:
        message = before.replace("</div>", f"<span>{esc(words)}</span></div>", 1)
    else:
        message = message_html("info", words)
    return {**updates, "message": message}


def _written(change: Change) -> str:
    """Return a change as the page carries it: section/before/after/candidates."""
    away = ",".join(map(str, change.away))
    return f"{change.section_id}/{change.before or 0}/{change.after or 0}/{away}"


def _read(written: str) -> Change:
    section, before, after, away = (*written.split("/"), "", "", "", "")[:4]
    if not (section and before.isdecimal() and after.isdecimal()):
        raise InputError("没有可以撤销的改动。", "各节的旧内容可以在“历史”里恢复。")
    return Change(
        section, whole_number(before) or None, whole_number(after) or None, _numbers(away)
    )


def _numbers(written: str) -> tuple[int, ...]:
    return tuple(n for n in map(whole_number, written.split(",")) if n)
