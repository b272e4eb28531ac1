"""The usual way: one request a section, exemplars in the prompt, no checks, no second try.

`python -m bench.faithful.usual --model NAME --seeds 1,2 --out FOLDER` plans each sheet as the
product does, so that both ways write the same sections from the same facts beside the same
exemplars, then asks once for each whole section as a sensible person would. Saved in the form of
bench.faithful.drafts, so that every measure applies. Opening, closing and leads are the outline's
formulas in both ways.
"""

import argparse
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.faithful.drafts import SHEETS, begin, missing, numbers, open_desk, open_model
from bench.faithful.saved import FORMULAS, as_json, file_of, write_json
from drafter.prompts import as_data
from drafter.types import ChatModel, DraftSection, Message, Sampling
from drafter.workflow import SAMPLES, Workspace

EXEMPLARS = 3
LEAST_CHARS = 80  # nobody asks for a section of 20 characters
EXEMPLAR_CHARS = 700  # three of them, facts and reply fit into 4,096 tokens

SYSTEM = (
    "你是一位经验丰富的机关党务材料写作专家，擅长撰写党建述职报告和工作总结。"
    "请根据用户给出的要点写出指定的小节，参考范文的结构、句式和语气，但内容必须来自要点，"
    "不要照抄范文，不要遗漏要点，不要编造数字和事例。只输出正文，不要输出标题和说明。"
)
ASK = """请撰写《{title}》中的“{heading}”一节，{chars}字左右。

【要点】
{facts}

{exemplars}
请按照以上要点写出“{heading}”的正文。"""


def cut(text: str, length: int = EXEMPLAR_CHARS) -> str:
    """Return text up to its last full stop within `length` characters."""
    if len(text) <= length:
        return text
    end = text.rfind("。", 0, length)
    return text[: end + 1] if end > 0 else text[:length]


def usual_messages(
    title: str, heading: str, chars: int, facts: Sequence[str], exemplars: Sequence[str]
) -> list[Message]:
    """Return the one request for a section."""
    shown = "\n\n".join(
        f"【参考范文{number}】\n{as_data(cut(text))}" for number, text in enumerate(exemplars, 1)
    )
    bullets = "\n".join(f"{number}. {as_data(text)}" for number, text in enumerate(facts, 1))
    asked = ASK.format(title=title, heading=heading, chars=chars, facts=bullets, exemplars=shown)
    return [{"role": "system", "content": SYSTEM}, {"role": "user", "content": asked}]


def _fitting(model: ChatModel, room: int, make: list[list[Message]]) -> list[Message]:
    """Return the first prompt that leaves `room` tokens for the reply, else the last."""
    fits = (m for m in make if model.count_tokens(m) + room <= model.context_tokens)
    return next(fits, make[-1])


def write_usual(
    model: ChatModel, desk: Workspace, doc: int, section: DraftSection, chars: int, seed: int
) -> tuple[str, tuple[str, ...]]:
    """Return the section as one reply gives it, and the ids of the exemplars in its prompt."""
    sheet = desk.sheet(doc)
    assert sheet is not None
    facts = [fact.text for fact in sheet.facts if fact.id in section.fact_ids]
    shown = desk.exemplars(doc, section.id)[:EXEMPLARS]
    texts = [exemplar.section.text for exemplar in shown]
    heading, chars = section.heading or section.role, max(LEAST_CHARS, chars)
    title = desk.document(doc).title
    prompts = [
        usual_messages(title, heading, chars, facts, texts[:n]) for n in range(len(texts), -1, -1)
    ]
    # A Chinese character is a little under a token; twice the length asked for is enough.
    room = max(300, 2 * chars)
    sampling = Sampling(max_tokens=room, seed=seed)
    reply = "".join(model.stream(_fitting(model, room, prompts), sampling)).strip()
    # An empty text would be written by the workflow when it fills in the formulas.
    return reply or "。", tuple(exemplar.section.id for exemplar in shown)


def draft_usual(model: ChatModel, desk: Workspace, path: Path, seed: int) -> dict[str, Any]:
    """Write one sheet the usual way and return it in the form that is saved."""
    doc = begin(desk, path)
    texts = {section.id: section.text for section in desk.library.sections()}
    shown: dict[str, tuple[str, ...]] = {}
    began = time.monotonic()
    for state in desk.sections(doc):
        section = state.section
        if section.fact_ids and section.role not in FORMULAS:
            text, ids = write_usual(model, desk, doc, section, state.target_chars, seed)
            shown[section.id] = ids
            desk.save_text(doc, section.id, text, state.rev)
    for _ in desk.write_all(doc, threading.Event(), seed):
        pass  # only opening, closing and leads are still empty
    seconds = round(time.monotonic() - began, 1)
    data = as_json(desk, doc, {})
    data["stats"]["seconds"] = seconds
    for section_json in data["sections"]:
        section_json["exemplar_ids"] = list(shown.get(section_json["id"], ()))
    data["exemplars"] = {key: [texts[i] for i in ids] for key, ids in shown.items()}
    return {"sheet": path.stem, "seed": seed, "way": "usual", **data}


def main() -> int:
    """Draft what is not saved yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", help="name of the manifest, path or address")
    parser.add_argument("--seeds", type=numbers, default=[1, 2])
    parser.add_argument("--sheets", default=str(SHEETS / "*.md"), help="glob of fact sheets")
    parser.add_argument("--library", type=Path, default=SAMPLES)
    parser.add_argument("--out", type=Path, required=True, help="folder for the drafts")
    args = parser.parse_args()
    left = missing(args.sheets, args.seeds, args.out)
    if not left:
        print("nothing left to draft")
        return 0
    model = open_model(args.model)
    with open_desk(model, args.library) as desk:
        for path, seed in left:
            data = draft_usual(model, desk, path, seed)
            write_json(file_of(args.out, path.stem, seed), data)
            print(path.stem, seed, data["stats"], flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
