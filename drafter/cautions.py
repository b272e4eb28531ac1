"""What a person is told of text that speaks to a model or a program: which line carries what.

Calm and short: nothing bad has happened, and nothing is asked for. Where it came in (a paste, an
uploaded sample, a returned file) the page says so at once; in the draft hostile_text does.
"""

from drafter.hostile import Sign, signs, told
from index.types import ParsedReport

MOST = 3
# What is done with it, by where it came in.
PASTED = "都只当文字看待：控制标记不交给模型，像指令的原话照录，不需要就删去。"
UNSEEN = "已自动去掉。"  # of a paste only: cleaning it takes them out
FEIGNED = "请核对这几个字。"
DOUBTFUL = "照常写进报告，是工作内容就不用理会。"
SAMPLE = "这些话只当文字看待，带有它们的段落不会给模型作范例。"
RETURNED = "都只当文字看待，采用前请看一眼。"


def of_report(report: ParsedReport) -> str:
    """Return the same for a sample report: what its sections carry, named by their headings."""
    found: list[str] = []
    for section in report.sections:
        for heading, text in (
            (section.heading, f"{section.heading or ''}\n{section.lead or ''}"),
            *((part.heading, f"{part.heading or ''}\n{part.text}") for part in section.subsections),
        ):
            carried = tuple(sign for sign in signs(text) if sign.kind != "weak")
            if carried:
                found.append(
                    f"“{(heading or section.heading or '开头')[:16]}”一节有{_few(carried)}"
                )
    whole = signs(report.title) or signs("\n".join(report.dropped_lines))
    if whole:
        found.append(f"标题或剔除的行里有{_few(whole)}")
    return _joined(found, SAMPLE)


def _few(carried: tuple[Sign, ...]) -> str:
    return told(carried[:2])


def _joined(found: list[str], what: str) -> str:
    if not found:
        return ""
    more = f"等 {len(found)} 处" if len(found) > MOST else ""
    return f"{'；'.join(found[:MOST])}{more}。{what}"


def caution(text: str, what: str = PASTED) -> str:
    """Return one or two Chinese sentences on what `text` carries, by line; "" where nothing is."""
    lines = [
        (number, carried)
        for number, line in enumerate(text.splitlines(), 1)
        if (carried := signs(line))
    ]
    found = [f"第 {number} 行有{_few(carried)}" for number, carried in lines]
    # A fake end of the data, or code, may run over several lines.
    whole = () if found else signs(text)
    kinds = {sign.kind for carried in (whole, *(one for _, one in lines)) for sign in carried}
    return _joined([f"其中有{_few(whole)}"] if whole else found, _closing(kinds, what))


def _closing(kinds: set[str], what: str) -> str:
    """Return what is done with signs of these kinds; some kinds have words of their own."""
    own = {"lookalike": FEIGNED}
    if what == PASTED:
        own |= {"hidden": UNSEEN, "weak": DOUBTFUL}
    said = [own[kind] for kind in own if kind in kinds]
    return "".join(said if kinds <= set(own) else (what, *said[:1]))
