"""`python -m drafter check`: one draft, or many from a JSON Lines file."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from drafter.anchors import find_anchors
from drafter.checks import ADVICE_ONLY, run_checks
from drafter.errors import InputError
from drafter.facts import read_facts
from drafter.types import Draft, DraftSection, Fact, Finding, Sources
from index.parse import read_text
from index.starting import command


def say(message: str) -> None:
    """Tell a person something without mixing it into the output."""
    print(message, file=sys.stderr, flush=True)


def finding_json(finding: Finding) -> dict[str, Any]:
    """Return a finding as the command line prints it."""
    return {
        "check": finding.check,
        "severity": finding.severity,
        "section": finding.section_id,
        "text": finding.text,
        "message": finding.message,
    }


_STOPS = ("。", "；", ";", "！", "？")


def _heading(number: str | None, heading: str | None) -> str:
    """Return a heading with its number as they stand: the checks look at both."""
    return "".join(filter(None, (number, heading)))


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
        key, own, subs = f"S{number}", section.lead or "", section.subsections
        if not own and subs and subs[0].number is None and subs[0].heading is None:
            own, subs = subs[0].text, subs[1:]  # the text of a section without （一）
        heading = _heading(section.number, section.heading)
        sections.append(DraftSection(key, heading, 1, section.role, own, ids, (), False))
        for place, sub in enumerate(subs, 1):
            heading, text = _heading(sub.number, sub.heading), sub.text
            if not text and sub.heading_end in _STOPS:
                heading, text = "", heading + sub.heading_end  # a sentence is no heading
            sections.append(
                DraftSection(f"{key}.{place}", heading, 2, sub.role, text, ids, (), False)
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
        say(f"错误：没有指定要检查的文稿。例：{command('check 稿子.docx --facts 要点.md')}")
        return 2
    facts = read_text(args.facts, markdown=False) if args.facts else ""
    sources = _sources(facts, [read_text(path) for path in args.exemplar], args.year)
    findings = run_checks(_as_draft(read_text(args.draft), sources), sources)
    if args.json:
        print(json.dumps([finding_json(f) for f in findings], ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            print(f"{finding.severity}\t{finding.check}\t{finding.text}\t{finding.message}")
        say(f"共 {len(findings)} 处。")
    return 1 if any(finding.severity == "error" for finding in findings) else 0


def _check_batch(path: Path) -> int:
    failed = False
    # Not splitlines(): it also cuts at U+2028, which may stand inside a JSON string.
    for number, line in enumerate(read_text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            case = json.loads(line)
            found = check_case(case)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(
                f"{path} 第 {number} 行不是合格的用例（{error}）。",
                "每行一个 JSON：{id, year, facts:[…], draft, exemplars?:[…]}。",
            ) from error
        failed = failed or any(f["severity"] == "error" for f in found)
        print(json.dumps({"id": case.get("id"), "findings": found}, ensure_ascii=False))
    return 1 if failed else 0


def read_case(case: dict[str, Any]) -> tuple[Draft, Sources]:
    """Return a case of `--batch` as the checks take it.

    Each item of `facts` is one fact as it stands, never split or relabelled. Raises KeyError or
    TypeError when `draft` or `facts` is missing or is no text.
    """
    text, given, exemplars = case["draft"], case["facts"], case.get("exemplars") or []
    if not isinstance(text, str) or not all(isinstance(f, str) for f in [*given, *exemplars]):
        raise TypeError("draft、facts、exemplars 应是文字")
    facts = tuple(
        Fact(f"F{n}", fact, find_anchors(fact), None, None) for n, fact in enumerate(given, 1)
    )
    sources = Sources(facts, tuple(exemplars), case.get("year"))
    return _as_draft(text, sources), sources


def check_case(case: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what `--batch` prints of one case: findings as {check, severity, text, message}."""
    draft, sources = read_case(case)
    if not case["draft"].strip():
        gone = "文稿是空的，这条要点没有写进去。"
        return [
            {"check": "dropped_fact", "severity": "error", "text": fact.text, "message": gone}
            for fact in sources.facts
        ]
    return [
        {key: value for key, value in finding_json(f).items() if key != "section"}
        for f in run_checks(draft, sources)
        if f.check not in ADVICE_ONLY
    ]
