"""Where things stand, as HTML: progress of writing, the model, the library, messages."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count as counter
from typing import Literal

from drafter.health import SERVER
from drafter.types import EngineStatus, SectionState
from drafter.ui.jobs import View
from drafter.ui.tags import mini
from drafter.ui.text import clock, count, duration, esc, megabytes, spoken

Kind = Literal["error", "info"]
_serial = counter()


def message_html(
    kind: Kind, message: str, hint: str = "", undo: str = "", buttons: str = "", hold: bool = False
) -> str:
    """Return a message bar. `undo` is the action its button asks for, with a value after ":";
    `buttons` is the HTML of others. One on `hold` stays till it is read, whatever follows it."""
    # Alternating classes restart the fading of an info that replaces another one.
    turn = "ab"[next(_serial) % 2]
    do, _, value = undo.partition(":")
    button = (mini("撤销", do, id=value) if undo else "") + buttons
    stay = (" stay" if kind == "error" or button else "") + (" hold" if hold else "")
    role = "alert" if kind == "error" else "status"
    return (
        f'<div class="message {kind}{stay} turn-{turn}" role="{role}"><div><b>{esc(message)}</b>'
        f"{f'<span>{esc(hint)}</span>' if hint else ''}</div>{button}"
        '<button type="button" class="close" data-close aria-label="关闭">×</button></div>'
    )


def noted_html(message: str, hint: str, caution: str) -> str:
    """Return an info message; with a caution (drafter.cautions) it stays until it is closed."""
    if not caution:
        return message_html("info", message, hint)
    seen = '<button type="button" class="mini" data-close>知道了</button>'
    return message_html("info", message, f"{caution}{hint}", buttons=seen)


def saved_html() -> str:
    """Return the note that everything is saved."""
    return f'<span class="saved">已保存 {clock()}</span>'


def unsaved_html() -> str:
    """Return the note before anything was typed."""
    return '<span class="saved">自动保存</span>'


def written(states: Sequence[SectionState]) -> int:
    """Return how long the report is: what its sections say, without title and headings."""
    return sum(count(state.section.text) for state in states)


def totals_html(states: Sequence[SectionState], used: int, facts: int, errors: int = 0) -> str:
    """Return the numbers a writer wants: length, reading time, facts used, what must be mended."""
    if not states:
        return ""
    size = written(states)
    done = sum(bool(state.section.text.strip()) for state in states)
    bodies = sum(bool(state.section.fact_ids) or not state.section.heading for state in states)
    parts = [f"全文 {size:,} 字"]
    if size:
        parts.append(spoken(size))
    parts.append(f"已写 {min(done, bodies)}/{bodies} 节")
    if facts:
        parts.append(f"要点 {used}/{facts} 已用")
    if size and errors:
        parts.append(f'<b class="error">▲ 须改 {errors} 处</b>')
    return f'<div class="totals">{" · ".join(parts)}</div>'


def progress_html(view: View, name: str) -> str:
    """Return what the writer is doing, how far it is and how long it may still take."""
    if view.ended:
        return '<div class="progress"></div>'
    share = view.done / view.total if view.total else 0.0
    left = f"，约剩 {duration(view.left)}" if view.kind == "all" and view.left is not None else ""
    unit = "稿" if view.kind == "section" else "节"
    step = f"第 {min(view.done + 1, view.total)}/{view.total} {unit}" if view.total > 1 else ""
    stopping = "正在停止…" if view.stopped else ""
    text = stopping or "　".join(part for part in (step, view.message or name) if part) + left
    return (
        f'<div class="progress busy" data-busy role="progressbar" '
        f'aria-label="书写进度" aria-valuetext="{esc(text)}"><span>{esc(text)}</span>'
        f'<i class="track"><i style="width:{share:.0%}"></i></i></div>'
    )


IDLE = '<div class="progress"></div>'
MODEL_CHARS = 24  # of a model's name on the status line


def engine_html(engine: EngineStatus, library: EngineStatus, *, long: bool = False) -> str:
    """Return where model and library stand: one line, or (`long`) with buttons for settings."""
    return (
        f'<div class="standing{" long" if long else ""}">'
        f"{_standing('写作模型', engine, long)}{_standing('样本库', library, long)}</div>"
    )


_LABELS = {
    "missing": "未就绪",
    "downloading": "下载中",
    "loading": "准备中",
    "ready": "就绪",
    "failed": "有问题",
}


def _standing(name: str, status: EngineStatus, long: bool) -> str:
    bar = ""
    if status.state == "downloading" and 0 < status.total_bytes <= status.done_bytes:
        status = replace(status, state="loading", total_bytes=0)  # fetched; being checked or loaded
    if status.total_bytes and status.state in ("downloading", "loading"):
        share = min(1.0, status.done_bytes / status.total_bytes)
        bar = f'<i class="track"><i style="width:{share:.0%}"></i></i>'
    size = ""
    if status.state == "downloading" and status.total_bytes:
        size = f" {megabytes(status.done_bytes)} / {megabytes(status.total_bytes)}"
    stop = (
        '<button type="button" class="mini" data-do="stop-preparing">停止下载</button>'
        if status.state == "downloading"
        else ""
    )
    start = (
        '<button type="button" class="mini" data-do="prepare">重试</button>'
        if status.state in ("failed", "missing")
        else ""
    )
    where = f"（{_short(status.model)}）" if status.engine == SERVER else ""
    said = status.message if long else _in_short(status)
    text = f'<span class="said">{esc(said)}</span>' if said else ""
    return (
        f'<span class="part {status.state}" title="{esc(status.message)}"><i class="lamp"></i>'
        f"{name}：{_LABELS[status.state]}{esc(where or size)}{bar}{stop}{start}{text}</span>"
    )


def _short(model: str) -> str:
    """Return the end of a model's name that tells it apart: servers name models by long paths."""
    name = model.rstrip("/").rpartition("/")[2]
    return name if len(name) <= MODEL_CHARS else name[: MODEL_CHARS - 1] + "…"


def _in_short(status: EngineStatus) -> str:
    """Return what is amiss in its first sentence; the next step is told by pointing at it."""
    return status.message.partition("。")[0] if status.state == "failed" else ""


def settled(*statuses: EngineStatus) -> bool:
    """Say whether nothing more will happen by itself."""
    return all(status.state in ("ready", "failed", "missing") for status in statuses)
