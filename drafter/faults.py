"""What is wrong with one point, said as an order to the model that is to mend it.

The product's own checks decide; here their findings become imperatives. Statements would not do: a
small model told “…没有写进正文” wrote just that into the report (docs/log.md). What still slips
through in such words is itself a fault.
"""

import re
from collections import Counter
from collections.abc import Sequence

from drafter.anchors import missing_anchors
from drafter.checks import run_checks
from drafter.checks.lost_doings import LostDoing, lost_doings
from drafter.types import Draft, DraftSection, Fact, Finding, Sources
from drafter.wording import bigrams, stutters, unsupported_clauses
from index.types import Role

# Faults that matter less than a missing or invented thing: worth a retry, not worth falling back.
MINOR = frozenset({"length", "repetition", "framing", "voice", "thin", "stutter", "doubt"})

# Checks whose warnings say that a fact was told otherwise.
TOLD_OTHERWISE = frozenset({"changed_qualifier", "untraced_number"})

# Checks whose warnings say that something may have been brought in: a body, a person, an exemplar's
# wording. Worth another try, and called "doubt", since it may be the fact's own in other words.
BROUGHT_IN = frozenset({"untraced_name", "exemplar_leak", "term_form", "unsupported"})

# Share of the pairs of letters of a fact without anchors from which it counts as told.
UNTOLD = 0.3

# Words of the prompts that a small model now and then writes into the report.
ECHOES = ("要点", "要求：", "正文里的", "这一段", "务必", "改写", "重写", "没有写进", "照抄")

# Kinds of Party organisation a report is from (党章, chapters 4, 5, 9); small models mix them.
BODIES = ("党组", "党委", "党工委", "党总支")

LOOPED = 6  # letters of a clause that is not said three times

# What ties clauses and need not be written.
_TIES = re.compile(
    "下一步|总的看|总体看|主观上|客观上|比如|例如|同时|此外|其中|为此|等等?|另外|首先|其次|最后|具体来说"
    "|存在问题|主要问题|主要表现|主要是|一方面|另一方面|.?一是|.?二是|.{1,2}"
)
_DONE = re.compile("(?<![为除])了(?!解)|已经?(?!有)|取得|完成率")
_SPEAKER = re.compile("我(?!国|党|区|市|县|省|局|镇|乡|街道|校|院|社区|村)")


def find_faults(
    text: str, facts: Sequence[Fact], role: Role, exemplars: Sequence[str], year: int | None
) -> tuple[tuple[str, str], ...]:
    """Return (check name, order in Chinese) for each fault of a point; () when it is good."""
    said = "".join(fact.text for fact in facts)
    if not text.strip():  # to the checks an empty section is one not written yet
        return (("empty", "把材料写成一段话"),)
    section = DraftSection("P", "", 2, role, text, tuple(f.id for f in facts), (), False)
    found = [
        (_named(finding, text, facts), _order(finding, text, facts))
        for finding in run_checks(
            Draft("", year, (section,)), Sources(tuple(facts), tuple(exemplars), year)
        )
        if _counts(finding, text, facts)
        # What a fact itself leaves blank (某局) is the person's to fill in, not the model's.
        if not (finding.check == "placeholder" and finding.text in said)
    ]
    if len(text) > max(3.2 * len(said), len(said) + 90):
        found.append(("length", "写短一些"))
    if any(word in text and word not in said for word in ECHOES):
        found.append(("echo", "只写报告正文"))
    found += _runaway(text, said)
    found += [
        ("stutter", f"“{run}”只说一次") for run in stutters(text, [f.text for f in facts])[:1]
    ]
    found += _voice(text, said, role) + _bodies(text, said) + _thin(text, facts)
    found += _joints(text, said)
    found += _untold(text, facts)
    return (*found, *_unsupported(text, facts, role))


def _counts(finding: Finding, text: str, facts: Sequence[Fact]) -> bool:
    """Whether a finding is worth another try: what is certain, and warnings that a model can mend.

    A warning of these checks says that a fact is told otherwise; one of dropped_fact counts where
    an anchor is gone, since only then the order names what to write.
    """
    if finding.severity == "error" or finding.check in ("placeholder", "repetition"):
        return True
    if finding.severity != "warning":
        return False
    if finding.check == "dropped_fact":
        lost = (f for f in facts if f.text == finding.text)
        return any(missing_anchors(f, text) or lost_doings(f.text, text) for f in lost)
    return finding.check in TOLD_OTHERWISE | BROUGHT_IN


def _named(finding: Finding, text: str, facts: Sequence[Fact]) -> str:
    """A warning about what was brought in is a doubt, and so is one about a doing: the anchors that
    a fact's text must have are there, and other words may stand for it."""
    if finding.severity != "warning":
        return finding.check
    if finding.check == "dropped_fact":
        fact = next((f for f in facts if f.text == finding.text), None)
        return "doubt" if fact and not missing_anchors(fact, text) else finding.check
    return "doubt" if finding.check in BROUGHT_IN else finding.check


def _order(finding: Finding, text: str, facts: Sequence[Fact]) -> str:
    if finding.check == "dropped_fact":
        fact = next((f for f in facts if f.text == finding.text), None)
        if fact and (doings := lost_doings(fact.text, text)):
            return _told_wrong(doings[0])
        lost = [anchor.text for anchor in missing_anchors(fact, text)] if fact else []
        return "写上" + "、".join(f"“{part}”" for part in lost or [finding.text])
    if finding.check == "changed_qualifier" or _is_exchanged(finding):
        return f"“{finding.text}”改回原来的说法"
    if finding.check == "exemplar_leak":
        return f"不写“{finding.text}”"
    return f"删去“{finding.text}”"


def _told_wrong(lost: LostDoing) -> str:
    """Say which word goes with the number: “7名”写明“发展党员”，不写“解决”."""
    order = f"“{lost.number}”写明“{lost.words}”"
    return f"{order}，不写“{lost.instead}”" if lost.instead else order


def _is_exchanged(finding: Finding) -> bool:
    """Whether a number was given to another thing: it is to go back, not to be taken out."""
    return finding.check == "untraced_number" and finding.severity == "warning"


def _voice(text: str, said: str, role: Role) -> list[tuple[str, str]]:
    """A plan told as done, or a person who was not speaking: 摸清了 for 拟摸清, 我始终认为."""
    found: list[tuple[str, str]] = []
    if role == "打算" and _DONE.search(text) and not _DONE.search(said):
        found.append(("tense", "写成下一步要做的事，不写成已经做完"))
    if _SPEAKER.search(text) and "我" not in said:
        found.append(("voice", "不用“我”“我们”作主语"))
    return found


def _runaway(text: str, said: str) -> list[tuple[str, str]]:
    """A clause told over and over, as a small model does that has lost its way: no minor fault."""
    times = Counter(c for c in re.split("[，。；：、\n]", text) if len(c) >= LOOPED)
    over = [clause for clause, number in times.items() if number > max(2, said.count(clause))]
    return [("runaway", f"“{clause}”只说一次") for clause in over[:1]]


def _joints(text: str, said: str) -> list[tuple[str, str]]:
    """Words that tie clauses as the facts do not (虽然调研偏少，但只有6次), and a row of 一是… in a
    point that is itself one of such a row."""
    found = []
    if (tie := re.search("虽然|尽管|即便|即使", text)) and tie[0] not in said:
        found.append(("joint", f"不写“{tie[0]}”“但”"))
    through = re.search("(?:^|[。；])((?:通过|经过)[^，。；]{2})[^，。；]*[。；]", text)
    if through and through[1] not in said:
        found.append(("joint", "写完整的句子，不以“通过”开头"))
    if re.search("(?<![\u4e00-\u9fff])[一二三]是(?!否)", text) and "一是" not in said:
        found.append(("joint", "不写“一是”“二是”"))
    return found


def _thin(text: str, facts: Sequence[Fact]) -> list[tuple[str, str]]:
    """Clauses of a fact of which hardly more than the number came through: “抓党建工作12次” for
    “召开党组会研究党建工作12次”."""
    pairs = bigrams(text)
    clauses = [c for fact in facts for c in re.split("[，；。：、]", fact.text) if len(c) >= 8]
    lost = [c for c in clauses if (own := bigrams(c)) and len(own & pairs) / len(own) < 0.5]
    return [("thin", f"写上“{clause}”") for clause in lost]


def _untold(text: str, facts: Sequence[Fact]) -> list[tuple[str, str]]:
    """Facts without anchors of which next to nothing came through: the checks only warn of them,
    since a person may have said it in other words, and while writing that is a fact lost."""
    pairs = bigrams(text)
    lost = [
        fact
        for fact in facts
        if not fact.anchors and (own := bigrams(fact.text)) and len(own & pairs) < UNTOLD * len(own)
    ]
    found = [("dropped_fact", f"写上“{fact.text}”") for fact in lost]
    bare = (fact.text for fact in facts if not fact.anchors and fact not in lost)
    clauses = (clause for words in bare for clause in re.split("[，；。：、]", words))
    # 教得少、催得多 told as 教得少: where nothing is counted, no other rule misses the second.
    gone = (
        clause
        for clause in clauses
        if (own := bigrams(clause)) and own.isdisjoint(pairs) and not _TIES.fullmatch(clause)
    )
    return found + [("dropped_fact", f"写上“{clause}”") for clause in gone]


def _bodies(text: str, said: str) -> list[tuple[str, str]]:
    """Another body of the Party than the facts name: 党委 for 党组 is another office's report."""
    named = [body for body in BODIES if body in said]
    other = [body for body in BODIES if body in text and body not in said]
    return [("body", f"“{body}”改回“{named[0]}”") for body in other if named]


def _unsupported(text: str, facts: Sequence[Fact], role: Role) -> list[tuple[str, str]]:
    """What the point says beyond its facts. One framing clause is the genre's, and only where
    results are told; a problem, cause or plan nobody named is an invention."""
    loose = unsupported_clauses(text, [fact.text for fact in facts])
    if role == "成效":
        return [("framing", f"删去“{clause}”") for clause in loose[1:]]
    return [("invented", f"删去“{clause}”") for clause in loose]
