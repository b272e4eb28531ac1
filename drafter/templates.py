"""A template looked into once, when it is added, in a process of its own.

`python -m drafter.templates` is that process: what is learned of a template (what it gives, the
lines it puts around a report) is sent back and kept, so that the page never reads it for that.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from drafter.errors import ExportError, UserFacingError
from drafter.export.docx import WordChoice, docx_of
from drafter.export.layout import paragraphs_of_text
from drafter.export.template import TemplateReport, template_report
from drafter.export.template_parts import AGAIN, unusable
from drafter.returning import read_edited
from drafter.returning.surroundings import Surroundings
from index.errors import UnreadableFile
from index.reading.bounded import ask_process
from index.reading.limits import limit_process

_HERE = "正文在此处。"


@dataclass(frozen=True, slots=True)
class Learned:
    """What a template gives, and the lines it puts around a report."""

    report: TemplateReport
    around: Surroundings


def learn(name: str, data: bytes) -> Learned:
    """Return what a template is, learned in a process of limited time and memory.

    Raises ExportError where it cannot be used.
    """
    try:
        ((head, body),) = ask_process("drafter.templates", name, data)
    except UnreadableFile as refused:
        raise ExportError(refused.message, AGAIN) from None
    if "unusable" in head:
        raise ExportError(*head["unusable"])
    return learned_of(body.decode("utf-8"))


def written(learned: Learned) -> str:
    """Return what was learned as text to keep."""
    return json.dumps(asdict(learned), ensure_ascii=False)


def learned_of(text: str) -> Learned:
    """Return what `written` made a text of."""
    read = json.loads(text)
    report, around = read["report"], read["around"]
    return Learned(
        TemplateReport(report["has_place"], tuple(report["added"]), tuple(report["left"])),
        Surroundings(tuple(around["ahead"]), tuple(around["behind"])),
    )


def look_into(name: str, data: bytes) -> Learned:
    """Return what a template is, read here; raises ExportError or UnreadableFile."""
    report = template_report(data)
    read = read_edited(name, docx_of(paragraphs_of_text(_HERE), WordChoice(template=data)))
    lines = [line.text for line in read.lines]
    place = next((n for n, line in enumerate(lines) if line.endswith(_HERE)), None)
    if place is None:
        return Learned(report, Surroundings())
    return Learned(report, Surroundings(tuple(lines[:place]), tuple(lines[place + 1 :])))


def main() -> int:
    """Answer one request; return the exit status."""
    limit_process()
    name = str(json.loads(sys.stdin.buffer.readline()))
    try:
        learned = look_into(name, sys.stdin.buffer.read())
        _send({}, written(learned).encode("utf-8", "replace"))
    except UserFacingError as refused:
        _send({"unusable": (refused.message, refused.hint)})
    except (MemoryError, RecursionError):
        refusal = unusable("内容异常庞大")
        _send({"unusable": (refusal.message, refusal.hint)})
    _send({"end": "end"})
    return 0


def _send(head: Mapping[str, Any], body: bytes = b"") -> None:
    out = sys.stdout.buffer
    out.write(json.dumps({**head, "size": len(body)}).encode() + b"\n" + body)
    out.flush()


if __name__ == "__main__":
    raise SystemExit(main())
