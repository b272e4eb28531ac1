"""What each command of `python -m drafter` does. Prints; raises; returns a status."""

import argparse
import json
import sys
import tempfile
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from drafter.checks import ADVICE_ONLY, run_checks
from drafter.errors import EngineError, ExportError, InputError
from drafter.export.docx import to_docx
from drafter.facts import read_facts
from drafter.models import default_model, get_model, list_models
from drafter.types import Draft, DraftSection, Finding, Sources, WrittenPoint
from index.embed import default_embedder, default_weights
from index.home import models_dir
from index.parse import read_text

STATUS_SECONDS = 2.0


def _say(message: str) -> None:
    print(message, file=sys.stderr, flush=True)


def _write_bytes(path: Path, data: bytes) -> None:
    """Write through a neighbour file so that a failure leaves no half-written output."""
    part = path.with_name(path.name + ".part")
    try:
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        raise ExportError(
            f"写不进文件 {path}（{error.strerror}）。",
            "换一个有写权限的位置，或先关闭正在打开它的程序。",
        ) from error


def _require_writable(path: Path | None) -> None:
    """Say now, not after minutes of writing, that the output has no place to go."""
    if path and (not path.parent.is_dir() or path.is_dir()):
        raise InputError(f"输出位置 {path} 不存在或是文件夹。", "请先建好文件夹，写明文件名。")


def draft(args: argparse.Namespace) -> int:
    """Write a whole report from a file of facts."""
    _require_writable(args.out)
    _require_writable(args.json_out)
    text = read_text(args.facts)
    read_facts(text)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="drafter-") as scratch:
        result, made = _draft_text(text, args, Path(scratch))
    result["stats"]["seconds"] = round(time.monotonic() - began, 1)
    if args.json_out:
        _write_bytes(args.json_out, json.dumps(result, ensure_ascii=False, indent=1).encode())
    if args.out:
        _write_bytes(args.out, to_docx(made))
    if not args.out and not args.json_out:
        print(_plain(made))
    stats = result["stats"]
    _say(
        f"写完：{len(result['sections'])} 节，{stats['points']} 段，"
        f"一次写成 {stats['first_try']}，重试 {stats['retried']}，用要点原话 {stats['fell_back']}。"
    )
    return 0


def _plain(made: Draft) -> str:
    from drafter.export.text import to_txt

    return to_txt(made).decode("utf-8")


def _draft_text(text: str, args: argparse.Namespace, scratch: Path) -> tuple[dict[str, Any], Draft]:
    from drafter.workflow import SAMPLES, Workspace

    home = scratch if args.library else None
    desk = Workspace(home, drafts=scratch / "drafts.db")
    if args.model:
        desk.save_settings(replace(desk.settings(), model=args.model))
    samples = args.library or (None if desk.library.reports() else SAMPLES)
    if samples:
        _say("正在把样本放进样本库…")
        desk.library.build([samples])
    desk.embedder()
    doc = desk.create_document().id
    if args.year:
        text = f"年度：{args.year}\n{text}"
    desk.save_paste(doc, text)
    plan = desk.make_plan(doc)
    points = _write_all(desk, doc)
    made = desk.draft(doc)
    uses = {use.fact_id: use for use in desk.fact_uses(doc)}
    sheet = read_facts(text)
    result = {
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
        "findings": [_finding_json(finding) for finding in desk.findings(doc)],
        "outline": plan.outline,
        "stats": _stats(points),
    }
    return result, made


def _write_all(desk: Any, doc: int) -> list[WrittenPoint]:  # noqa: ANN401 - Workspace, lazily imported
    points: list[WrittenPoint] = []
    said = 0.0
    for event in desk.write_all(doc, threading.Event()):
        points += event.points
        now = time.monotonic()
        if event.kind == "section" or (event.kind == "status" and now - said > STATUS_SECONDS):
            said = now
            place = f"[{event.done}/{event.total}] " if event.points else ""
            _say(place + event.message)
    return points


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


def _finding_json(finding: Finding) -> dict[str, Any]:
    return {
        "check": finding.check,
        "severity": finding.severity,
        "section": finding.section_id,
        "text": finding.text,
        "message": finding.message,
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


def _as_draft(text: str, facts: Sources) -> Draft:
    """Take a plain text as a draft: parsed if it has headings, else one section with every fact."""
    from index.split import parse_report

    ids = tuple(fact.id for fact in facts.facts)
    parsed = parse_report(text)
    if not any(section.heading for section in parsed.sections):
        return Draft("", facts.year, (DraftSection("S1", "", 1, "成效", text, ids, (), False),))
    sections: list[DraftSection] = []
    opening = "".join(filter(None, (parsed.salutation, parsed.preamble)))
    if opening:
        sections.append(DraftSection("S0", "", 1, "导语", opening, ids, (), False))
    for number, section in enumerate(parsed.sections, 1):
        key = f"S{number}"
        lead = section.lead or ""
        sections.append(
            DraftSection(key, section.heading or "", 1, section.role, lead, ids, (), False)
        )
        for place, sub in enumerate(section.subsections, 1):
            sections.append(
                DraftSection(
                    f"{key}.{place}", sub.heading or "", 2, sub.role, sub.text, ids, (), False
                )
            )
    return Draft(parsed.title, facts.year, tuple(sections))


def _sources(facts: str, exemplars: list[str], year: int | None) -> Sources:
    sheet = read_facts(facts) if facts.strip() else None
    own_year = year or (sheet.year if sheet else None)
    return Sources(sheet.facts if sheet else (), tuple(exemplars), own_year)


def check(args: argparse.Namespace) -> int:
    """Check one draft, or many from a JSON Lines file."""
    if args.batch:
        return _check_batch(args.batch)
    if not args.draft:
        raise InputError(
            "没有指定要检查的文稿。", "例：python -m drafter check 稿子.docx --facts 要点.md"
        )
    facts = read_text(args.facts) if args.facts else ""
    sources = _sources(facts, [read_text(path) for path in args.exemplar], args.year)
    findings = run_checks(_as_draft(read_text(args.draft), sources), sources)
    if args.json:
        print(json.dumps([_finding_json(f) for f in findings], ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            print(f"{finding.severity}\t{finding.check}\t{finding.text}\t{finding.message}")
        _say(f"共 {len(findings)} 处。")
    return 1 if any(finding.severity == "error" for finding in findings) else 0


def _check_batch(path: Path) -> int:
    failed = False
    for number, line in enumerate(read_text(path).splitlines(), 1):
        if not line.strip():
            continue
        try:
            case = json.loads(line)
            facts, text = "\n".join(f"- {fact}" for fact in case["facts"]), case["draft"]
            sources = _sources(facts, list(case.get("exemplars", ())), case.get("year"))
        except (json.JSONDecodeError, KeyError, TypeError, AttributeError) as error:
            raise InputError(
                f"{path} 第 {number} 行不是合格的用例（{error}）。",
                "每行一个 JSON：{id, year, facts:[…], draft, exemplars?:[…]}。",
            ) from error
        found = [
            {key: value for key, value in _finding_json(f).items() if key != "section"}
            for f in run_checks(_as_draft(text, sources), sources)
            if f.check not in ADVICE_ONLY
        ]
        failed = failed or any(f["severity"] == "error" for f in found)
        print(json.dumps({"id": case.get("id"), "findings": found}, ensure_ascii=False))
    return 1 if failed else 0


def export(args: argparse.Namespace) -> int:
    """Turn the JSON of `draft` into a Word file."""
    try:
        data = json.loads(read_text(args.draft))
        sections = tuple(
            DraftSection(
                s.get("id", f"S{n}"), s["heading"], int(s["level"]), s["role"], s["text"],
                tuple(s.get("fact_ids", ())), tuple(s.get("exemplar_ids", ())), False,
            )
            for n, s in enumerate(data["sections"], 1)
        )  # fmt: skip
        made = Draft(str(data["title"]), data.get("year"), sections)
    except (json.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            f"{args.draft} 不是 draft --json 的输出（{error}）。",
            "请先运行 draft … --json OUT.json。",
        ) from error
    _write_bytes(args.out, to_docx(made))
    _say(f"已导出 {args.out}。")
    return 0


def model(args: argparse.Namespace) -> int:
    """List, fetch or show models."""
    if args.action == "get":
        return _get(args.name)
    chosen = default_model()
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
            _say(f"{message or '下载中'} {done / (1 << 20):,.0f}/{total / (1 << 20):,.0f} MB")

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
    _say(f"已就绪：{path}")
    return 0
