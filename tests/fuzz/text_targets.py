"""The parsers of text: facts, numbers, sentences, reports, checks, differences, wishes, tables."""

import random
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from drafter.anchors import find_anchors, missing_anchors, new_names, new_quantities
from drafter.checks import run_checks
from drafter.dates import spoken_years
from drafter.export.docx import to_redline
from drafter.export.layout import paragraphs_of_text
from drafter.export.redline import Author
from drafter.facts import read_facts
from drafter.fixes import apply_fix, fixes_of
from drafter.last_year import compare_with
from drafter.numbers import find_placeholders, find_quantities
from drafter.numerals import parse_number
from drafter.outlines import list_outlines
from drafter.paste import clean_paste, read_header, totals_of
from drafter.patterns import compare, parallel
from drafter.preferences import settings_from_json
from drafter.sentences import bare_at, bare_sentences, point_of, renumbered
from drafter.topics import load_topics
from drafter.tracing import trace
from drafter.types import Draft, DraftSection, FactSheet, Sources
from drafter.wishes import read_wish
from drafter.wording import join_points, tidy, trim_head, trim_tail
from index.clean import clean
from index.parse import strip_markdown
from index.split import parse_report, sections_of
from tests.fuzz.mutate import raw, text
from tests.fuzz.types import Target

ROOT = Path(__file__).parent.parent.parent
PASTE = """单位：松岭区水务局
职务：党组书记
年度：2026
1. 召开党组会研究党建工作12次，其中专题研究基层党建4次
2. 8个党支部全部完成标准化建设验收，其中3个被评为区级示范支部
3. 组织党员干部巡河1860人次，发现并整改河道问题143个，整改率百分之九十七点五
问题：抽查的8个支部中有2个会议记录过于简单
打算：每季度到不少于2个支部开展现场指导
"""
REPORT = """松岭区水务局党组书记2025年度抓基层党建工作述职报告
一、履职情况
（一）压实责任。一是召开党组会研究党建工作12次。二是专题研究基层党建4次，同比增长百分之三十。
（二）建强队伍。发展党员5名，培训1860人次，投入1.8万元，完成率97.5%。
二、存在的问题及原因
一是学习不够深入。二是载体不够多，个别支部组织生活质量不高。
三、下一步打算
每季度开展1次现场指导，力争2026年底前覆盖率达到100%。
"""
TABLE = "序号\t事项\t次数\n1\t党组会\t12\n2\t主题党日\t十二\n合计\t\t24\n"


def words(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def cut(data: bytes, count: int) -> list[str]:
    """Return a text as so many parts, parted at its own blank lines or by length."""
    whole = words(data)
    step = len(whole) // count + 1
    return [whole[at : at + step] for at in range(0, step * count, step)]


def paste(data: bytes) -> None:
    whole = words(data)
    clean_paste(whole)
    totals_of(whole)
    for line in whole.split("\n")[:20]:
        read_header(line)
    for fact in read_facts(whole).facts:
        for anchor in fact.anchors:
            assert fact.text[anchor.start : anchor.end] == anchor.text


def numbers(data: bytes) -> None:
    whole = words(data)
    for quantity in (*find_quantities(whole), *find_quantities(whole, loose=True)):
        assert whole[quantity.start : quantity.end] == quantity.text
    find_placeholders(whole)
    parse_number(whole[:40])
    spoken_years(whole, 2026)
    for anchor in find_anchors(whole):
        assert whole[anchor.start : anchor.end] == anchor.text


def sentences(data: bytes) -> None:
    whole = words(data)
    for bare in bare_sentences(whole):
        assert 0 <= bare.start <= bare.end <= len(whole)
    section = DraftSection("S1", "一", 1, "成效", whole, ("F1",), (), False)
    told = trace(section, FACTS.facts)
    for at in (0, len(whole) // 2, len(whole)):
        bare_at(whole, at)
    for at in range(len(told)):
        point_of(whole, at, told)
    renumbered(whole)
    read_wish(whole[:200], FACTS.facts, 300)
    tidied = tidy(whole)
    trim_head(trim_tail(tidied, [fact.text for fact in FACTS.facts]), [tidied])
    join_points(tidied.split("\n"), ordinals=True)


def report(data: bytes) -> None:
    whole = words(data)
    kept, _ = clean(whole)
    parsed = parse_report(whole)
    sections_of("r", parsed)
    strip_markdown(whole)
    paragraphs_of_text(kept)
    compare_with(parsed, draft_of(data), FACTS.facts)


def draft_of(data: bytes) -> Draft:
    roles = ("导语", "成效", "问题", "打算")
    parts = cut(data, len(roles))
    made = tuple(
        DraftSection(f"S{at}", part[:12], 1, role, part, (f"F{at + 1}",), (), False)  # type: ignore[arg-type]
        for at, (role, part) in enumerate(zip(roles, parts, strict=True))
    )
    return Draft(parts[0][:30], 2026, made)


def checks(data: bytes) -> None:
    draft = draft_of(data)
    sources = Sources(FACTS.facts, (REPORT, words(data)[:80]), 2026)
    by_id = {section.id: section for section in draft.sections}
    for finding in run_checks(draft, sources):
        section = by_id.get(finding.section_id or "")
        if section is None:
            continue
        if finding.span is not None:
            start, end = finding.span
            assert 0 <= start <= end <= len(section.text), finding
        for fix in fixes_of(finding, section, None, FACTS.facts):
            apply_fix(section.text, fix)


def facts_and_text(data: bytes) -> None:
    ahead, behind = cut(data, 2)
    facts = read_facts(ahead or "1. 开展1次").facts
    for fact in facts:
        missing_anchors(fact, behind, 2026)
    new_quantities(behind, facts)
    new_names(behind, facts)
    compare(ahead, behind)
    parallel(ahead[:20], behind[:20])


def redline(data: bytes) -> None:
    old, new = cut(data, 2)
    made = to_redline(paragraphs_of_text(new), paragraphs_of_text(old), Author())
    assert made.startswith(b"PK")


def settings(data: bytes) -> None:
    settings_from_json(words(data))


def outline_table(data: bytes) -> None:
    with TemporaryDirectory() as folder:
        (Path(folder) / "a.toml").write_bytes(data)
        list_outlines.__wrapped__(Path(folder))


def topic_table(data: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "topics.toml"
        path.write_bytes(data)
        load_topics.__wrapped__(path)


def sheet() -> FactSheet:
    return read_facts(PASTE)


FACTS = sheet()


def _texts(*seeds: str) -> Callable[[random.Random, bytes], bytes]:
    held = list(seeds)
    return lambda rng, data: text(rng, [*held, words(data)]).encode("utf-8", "replace")


def text_targets() -> tuple[Target, ...]:
    """Return the targets that take text."""
    data = ROOT / "drafter" / "data"
    outlines = sorted((data / "outlines").glob("*.toml"))
    seeds = (PASTE.encode(), REPORT.encode(), TABLE.encode())
    both = (PASTE + REPORT).encode()
    change = _texts(PASTE, REPORT, TABLE)
    return (
        Target("paste", seeds, change, paste),
        Target("numbers", seeds, change, numbers),
        Target("sentences", seeds, change, sentences),
        Target("report", seeds, change, report),
        Target("checks", seeds, change, checks, 20, 2),
        Target("facts_and_text", (both,), change, facts_and_text),
        Target("redline", (both, (REPORT * 2).encode()), change, redline),
        Target("settings", (b'{"model": "a", "api_key": 1}',), raw, settings, share=0.1),
        Target("outline_table", (outlines[0].read_bytes(),), raw, outline_table, share=0.4),
        Target("topic_table", ((data / "topics.toml").read_bytes(),), raw, topic_table, share=0.3),
    )
