"""Text with marks in it: what changed between two texts, what was found."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import Indel

from drafter.remarks import Remark
from drafter.sentences import bare_sentences
from drafter.tracing import Sentence
from drafter.ui.text import esc, in_words

# Equal runs shorter than this inside a change are shown as changed: shreds are hard to read.
SHRED = 2
_RANK = {"error": 0, "warning": 1, "advice": 2}


def diff(old: str, new: str) -> list[tuple[str, str]]:
    """Return (kind, text) pieces leading from `old` to `new`; kind is "=", "-" or "+".

    Joining "=" and "-" gives `old`, joining "=" and "+" gives `new`.
    """
    pieces: list[tuple[str, str]] = []
    removed = added = ""
    for op in Indel.opcodes(old, new):
        gone, come = old[op.src_start : op.src_end], new[op.dest_start : op.dest_end]
        shred = op.tag == "equal" and len(gone) < SHRED and bool(removed or added)
        if op.tag != "equal" or shred:
            removed += gone
            added += come
            continue
        pieces += _change(removed, added)
        removed = added = ""
        pieces.append(("=", gone))
    return pieces + _change(removed, added)


def _change(removed: str, added: str) -> list[tuple[str, str]]:
    return [(kind, text) for kind, text in (("-", removed), ("+", added)) if text]


def diff_html(old: str, new: str) -> str:
    """Return `new` with what it adds marked, and what it leaves out struck through."""
    tags = {"=": "{}", "-": "<del>{}</del>", "+": "<ins>{}</ins>"}
    return "".join(tags[kind].format(esc(text)) for kind, text in diff(old, new))


def growing_html(old: str, new: str) -> str:
    """Return an unfinished `new` with what `old` does not have marked; nothing is struck yet."""
    if not old:
        return esc(new)
    tags = {"=": "{}", "+": "<ins>{}</ins>", "-": ""}
    return "".join(tags[kind].format(esc(text)) for kind, text in diff(old, new))


def traced_html(
    text: str,
    sentences: Sequence[Sentence],
    remarks: Sequence[Remark],
    numbers: Mapping[str, int] | None = None,
    locked: Collection[str] = (),
) -> str:
    """Return `text` cut into its sentences, each with its facts, and with findings marked.

    With `numbers` (by the remark's key) it is for reading: sentences can be reached by key and
    marks carry their number. Without, it is laid over an editor: no character is added. Where
    findings overlap, a stretch has the worst one's mark and the keys of all. Sentences in `locked`
    (without their ordinals) are marked as such.
    """
    marks = [_Mark(*r.finding.span, r) for r in remarks if r.finding.span is not None]
    marks = [mark for mark in marks if 0 <= mark.start < mark.end <= len(text)]
    parts: list[str] = []
    position = 0
    bare = {one.end: one.text for one in bare_sentences(text)} if locked else {}
    for at, sentence in enumerate(sentences):
        if not position <= sentence.start < sentence.end <= len(text):
            continue
        parts.append(_marked(text, position, sentence.start, marks, numbers))
        inner = _marked(text, sentence.start, sentence.end, marks, numbers)
        held = bare.get(sentence.end) in locked
        parts.append(_sentence(sentence, at, inner, readable=numbers is not None, held=held))
        position = sentence.end
    html = "".join(parts) + _marked(text, position, len(text), marks, numbers)
    return html.replace("\n", "<br>") if numbers is not None else html


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    remark: Remark


def _sentence(sentence: Sentence, at: int, inner: str, readable: bool, held: bool) -> str:
    facts = " ".join(sentence.fact_ids)
    told = f"出自 {'、'.join(sentence.fact_ids)}" if facts else "没有对应的要点"
    told += "；已锁定，重写时不变" if held else ""
    reach = f' role="button" tabindex="0" title="{esc(told)}"' if readable else ""
    kind = "sentence held" if held else "sentence"
    return (
        f'<span class="{kind}" data-section="{esc(sentence.section_id)}" data-at="{at}" '
        f'data-facts="{esc(facts)}"{reach}>{inner}</span>'
    )


def _marked(
    text: str, start: int, end: int, marks: Sequence[_Mark], numbers: Mapping[str, int] | None
) -> str:
    """Return `text[start:end]` with what is found in it marked."""
    inside = [mark for mark in marks if mark.start < end and start < mark.end]
    edges = {start, end, *(m.start for m in inside), *(m.end for m in inside)}
    stops = sorted(edge for edge in edges if start <= edge <= end)
    parts = []
    for left, right in pairwise(stops):
        over = [mark for mark in inside if mark.start <= left and right <= mark.end]
        words = esc(text[left:right])
        parts.append(_mark_html(words, over, numbers is not None) if over else words)
        parts += [
            f'<sup class="{mark.remark.finding.severity}">{numbers[mark.remark.key]}</sup>'
            for mark in over
            if numbers is not None and mark.end == right and mark.remark.key in numbers
        ]
    return "".join(parts)


def _mark_html(words: str, over: Sequence[_Mark], readable: bool) -> str:
    found = sorted((mark.remark for mark in over), key=lambda r: _RANK[r.finding.severity])
    keys = " ".join(remark.key for remark in found)
    title = ""
    # Over an editor nothing can be pointed at, and a long report's marks with what each says are
    # half a million characters.
    if readable:
        said = "；".join(dict.fromkeys(in_words(remark.finding.message) for remark in found))
        title = f' title="{esc(said)}"'
    return (
        f'<mark class="found {found[0].finding.severity}" data-keys="{esc(keys)}"{title}>'
        f"{words}</mark>"
    )
