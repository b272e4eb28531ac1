"""What each command of `python -m drafter` does. Prints; raises; returns a status."""

import argparse
import json
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from drafter.access.asking import user
from drafter.checking import check, finding_json, say
from drafter.errors import EngineError, InputError, UserFacingError, WeightsError
from drafter.export.docx import to_docx
from drafter.exporting import export, write_bytes
from drafter.facts import read_facts
from drafter.keeping import backup, doctor
from drafter.models import default_model, get_model, list_models
from drafter.paste import totals_of
from drafter.types import Draft, DraftSection, WrittenPoint
from index.embed import default_embedder, default_weights
from index.errors import LibraryMismatch
from index.home import models_dir
from index.parse import read_file
from index.scratch import scratch_folder

__all__ = ["backup", "check", "doctor", "draft", "export", "model", "user"]

STATUS_SECONDS = 2.0


def _require_writable(path: Path | None) -> None:
    """Say now, not after minutes of writing, that the output has no place to go."""
    if path and (not path.parent.is_dir() or path.is_dir()):
        raise InputError(f"输出位置 {path} 不存在或是文件夹。", "请先建好文件夹，写明文件名。")


def draft(args: argparse.Namespace) -> int:
    """Write a whole report from a file of facts."""
    _require_writable(args.out)
    _require_writable(args.json_out)
    reading = read_file(args.facts, markdown=False)
    for note in reading.notes:
        say(f"提示：{note}")
    text = reading.text
    read_facts(text)
    for total in totals_of(text):
        say(f"提示：合计行没有算作要点：{total}。")
    began = time.monotonic()
    with scratch_folder("draft") as scratch:
        result, made, failure = _draft_text(text, args, scratch)
    result["stats"]["seconds"] = round(time.monotonic() - began, 1)
    if args.json_out:
        write_bytes(args.json_out, json.dumps(result, ensure_ascii=False, indent=1).encode())
    if args.out:
        write_bytes(args.out, to_docx(made))
    if not args.out and not args.json_out:
        print(_plain(made))
    if failure:
        say("没有写完；写好的部分已经输出。")
        raise failure
    stats = result["stats"]
    say(
        f"写完：{len(result['sections'])} 节，{stats['points']} 段，"
        f"一次写成 {stats['first_try']}，重试 {stats['retried']}，用要点原话 {stats['fell_back']}。"
    )
    return 0


def _plain(made: Draft) -> str:
    from drafter.export.text import to_txt

    return to_txt(made).decode("utf-8")


def _draft_text(
    text: str, args: argparse.Namespace, scratch: Path
) -> tuple[dict[str, Any], Draft, UserFacingError | None]:
    """Return the result, the draft, and what stopped the writing half-way, if anything did."""
    from drafter.workflow import Workspace

    chosen = Workspace()
    settings = chosen.settings()
    chosen.close()
    desk = Workspace(scratch if args.library else None, drafts=scratch / "drafts.db")
    desk.save_settings(replace(settings, model=args.model or settings.model))
    try:
        _fill_library(desk, args.library)
        doc = desk.create_document().id
        if args.year:
            text = f"年度：{args.year}\n{text}"
        desk.save_paste(doc, text)
        plan = desk.make_plan(doc)
        points: list[WrittenPoint] = []
        failure: UserFacingError | None = None
        try:
            _write_all(desk, doc, args.seed, points)
        except UserFacingError as error:
            failure = error
        made = desk.draft(doc)
        return _result(desk, doc, plan.outline, points), made, failure
    finally:
        desk.close()


def _fill_library(desk: Any, library: Path | None) -> None:  # noqa: ANN401 - Workspace
    """Load the embedder and fill an empty library; a report can be written without them."""
    from drafter.workflow import SAMPLES

    samples = library or (None if desk.library.reports() else SAMPLES)
    try:
        desk.embedder()
        if samples:
            say("正在把样本放进样本库…")
            desk.library.build([samples])
        desk.library.search("党建", None, 1)
    except (WeightsError, LibraryMismatch) as error:
        say(f"样本库用不了，这一次不用范例。{error.message}{error.hint}")


def _result(desk: Any, doc: int, outline: str, points: list[WrittenPoint]) -> dict[str, Any]:  # noqa: ANN401
    made, sheet = desk.draft(doc), desk.sheet(doc)
    uses = {use.fact_id: use for use in desk.fact_uses(doc)}
    return {
        "title": made.title,
        "year": made.year,
        "model": desk.engine_status().model,
        "sections": [_section_json(section) for section in made.sections],
        "facts": [
            {
                "id": fact.id,
                "text": fact.text,
                "status": uses[fact.id].status,
                "section": uses[fact.id].section_id,
            }
            for fact in sheet.facts
        ],
        "findings": [finding_json(finding) for finding in desk.findings(doc)],
        "outline": outline,
        "stats": _stats(points),
    }


def _write_all(desk: Any, doc: int, seed: int, points: list[WrittenPoint]) -> None:  # noqa: ANN401
    said = 0.0
    for event in desk.write_all(doc, threading.Event(), seed):
        points += event.points
        now = time.monotonic()
        if event.kind == "section" or (event.kind == "status" and now - said > STATUS_SECONDS):
            said = now
            place = f"[{event.done}/{event.total}] " if event.points else ""
            say(place + event.message)


def _section_json(section: DraftSection) -> dict[str, Any]:
    return {
        "id": section.id,
        "heading": section.heading,
        "level": section.level,
        "role": section.role,
        "text": section.text,
        "fact_ids": list(section.fact_ids),
        "exemplar_ids": list(section.exemplar_ids),
    }


def _stats(points: list[WrittenPoint]) -> dict[str, Any]:
    return {
        "seconds": 0.0,
        "points": len(points),
        "first_try": sum(p.attempts == 1 and not p.fell_back for p in points),
        "retried": sum(p.attempts > 1 and not p.fell_back for p in points),
        "fell_back": sum(p.fell_back for p in points),
        "first_try_missing": sum(len(p.first_try_missing) for p in points),
        "first_try_new": sum(len(p.first_try_new) for p in points),
    }


def model(args: argparse.Namespace) -> int:
    """List, fetch or show models."""
    if args.action == "get":
        return _get(args.name)
    chosen = default_model()
    if args.action == "show" and chosen not in {info.name for info in list_models()}:
        print(chosen)
    for info in list_models():
        if args.action == "show" and info.name != chosen:
            continue
        mark = "已下载" if info.installed else "未下载"
        default = "（默认）" if info.name == chosen else ""
        print(f"{info.name}\t{mark}\t{info.bytes / (1 << 20):,.0f} MB\t{info.label}{default}")
    return 0


def _get(name: str) -> int:
    said = [0.0]

    def progress(done: int, total: int, message: str) -> None:
        now = time.monotonic()
        if now - said[0] > STATUS_SECONDS or done == total:
            said[0] = now
            say(f"{message or '下载中'} {done / (1 << 20):,.0f}/{total / (1 << 20):,.0f} MB")

    stop = threading.Event()
    try:
        if name == default_weights().name:
            default_embedder(models_dir(), progress, stop)
            path = models_dir()
        else:
            path = get_model(name, progress, stop)
    except KeyboardInterrupt as error:
        stop.set()
        raise EngineError("下载已停止。", "已下载的部分保留，再次运行会接着下载。") from error
    say(f"已就绪：{path}")
    return 0
