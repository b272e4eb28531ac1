"""A template looked into once, when it is added, in a process of its own.

`python -m drafter.templates` is that process: what is learned of a template (what it gives, the
lines it puts around a report) is sent back and kept, so that the page never reads it for that.
"""

import json
from dataclasses import asdict, dataclass

from drafter.errors import ExportError
from drafter.export.docx import WordChoice, docx_of
from drafter.export.layout import paragraphs_of_text
from drafter.export.template import TemplateReport, template_report
from drafter.export.template_parts import AGAIN
from drafter.returning import read_edited
from drafter.returning.surroundings import Surroundings
from index.errors import UnreadableFile
from index.reading.answering import answer
from index.reading.bounded import ask_process

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


if __name__ == "__main__":
    raise SystemExit(answer(lambda name, data: written(look_into(name, data)), "unusable"))
