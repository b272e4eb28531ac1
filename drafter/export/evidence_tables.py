"""Evidence to tables: where each sentence and each fact stands, what was found, how it was made.

Pure; knows nothing of files. Words that a person sees come from `drafter/data/evidence_words.toml`.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime

from drafter.data import load_table
from drafter.export.evidence_types import Cell, Consulted, Evidence, Table
from drafter.outlines import numbered
from drafter.remarks import Remark
from drafter.tracing import Sentence, told_in, trace
from drafter.types import DraftSection, Fact, FactUse, Run, Version

_FOUND_COLUMNS = ("程度", "问题", "所在节", "原文", "说明", "判断依据")
_FOUND_WIDTHS = (7, 12, 16, 22, 26, 17)
_NONE = "——"


def tables_of(evidence: Evidence) -> tuple[Table, ...]:
    """Return the tables of the appendix, in order; one without rows is still there."""
    names = _names(evidence)
    traced = tuple(
        (section, sentence)
        for section in evidence.draft.sections
        for sentence in trace(section, evidence.facts)
    )
    return (
        _summary(evidence, traced),
        _sentences(evidence, traced, names),
        _facts(evidence, traced, names),
        _open_findings(evidence, names),
        _ignored_findings(evidence, names),
        _runs(evidence, names),
        _exemplars(evidence, names),
    )


def origin_of(text: str, history: tuple[Version, ...]) -> tuple[Version | None, Version | None]:
    """Return the version a text stands in, and the model's version it goes back to.

    `history` is newest first. A text restored from an earlier one goes back to whatever that one
    did; None where the text was never stored, or no model had a hand in it.
    """
    same = [version for version in history if version.text == text]
    if not same:
        return None, None
    for version in same:
        if version.run is not None:
            return same[0], version
    by_id = {version.id: version for version in history}
    seen: set[int] = set()
    at: Version | None = same[0]
    while at is not None and at.run is None and at.id not in seen:
        seen.add(at.id)
        at = by_id.get(at.parent_id) if at.parent_id is not None else None
    return same[0], at if at is not None and at.run is not None else None


_Traced = tuple[tuple[DraftSection, Sentence], ...]


def _names(evidence: Evidence) -> dict[str, str]:
    """Return what a person calls each section: its number and heading, or its role."""
    sections = evidence.draft.sections
    return {
        section.id: f"{number}{section.heading}" if section.heading else f"（{section.role}）"
        for number, section in zip(numbered(sections), sections, strict=True)
    }


def _words(group: str) -> Mapping[str, str]:
    words: Mapping[str, str] = load_table("evidence_words")[group]
    return words


def _summary(evidence: Evidence, traced: _Traced) -> Table:
    told = told_in(sentence for _, sentence in traced)
    unused = [fact for fact in evidence.facts if fact.id not in told]
    severity = _words("severity")
    still: list[str] = [
        remark.finding.severity for remark in evidence.remarks if not remark.ignored
    ]
    counts = "，".join(f"{word} {still.count(level)}" for level, word in severity.items())
    rows: list[tuple[Cell, ...]] = [
        ("报告", evidence.draft.title),
        ("年度", evidence.draft.year if evidence.draft.year is not None else _NONE),
        ("附录生成时间", _time(evidence.made_at)),
        ("句子", f"{len(traced)} 句，其中 {sum(bool(s.fact_ids) for _, s in traced)} 句对上要点"),
        ("要点", f"{len(evidence.facts)} 条，其中 {len(unused)} 条未用"),
        ("未处理的问题", f"{len(still)} 处（{counts}）"),
        ("已忽略的问题", f"{len(evidence.remarks) - len(still)} 处"),
        ("正文校验值（SHA-256）", _text_hash(evidence)),
    ]
    if evidence.file_sha256:
        rows.append(("对应文件校验值（SHA-256）", evidence.file_sha256))
    rows += [("写作模型", _models(evidence)), *evidence.tools]
    note = "本附录由程序按现稿生成，供核对用；“未对上要点”不等于有误，须由人判断。"
    return Table("概况", note, ("项目", "内容"), (22, 78), tuple(rows))


def _models(evidence: Evidence) -> str:
    """Return the models that had a hand in the text as it stands, each with its hash."""
    runs = [
        source.run
        for section in evidence.draft.sections
        for source in [origin_of(section.text, evidence.histories.get(section.id, ()))[1]]
        if section.text.strip() and source is not None and source.run is not None
    ]
    named = dict.fromkeys(
        f"{run.model}（校验值：{run.model_sha256 or '无，服务器或文件夹'}）" for run in runs
    )
    return "\n".join(named) or "现稿没有模型写的文字"


def _text_hash(evidence: Evidence) -> str:
    parts = [evidence.draft.title]
    for section in evidence.draft.sections:
        parts += [section.heading, section.text]
    return _sha256("\x1f".join(parts))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _sentences(evidence: Evidence, traced: _Traced, names: Mapping[str, str]) -> Table:
    facts = {fact.id: fact for fact in evidence.facts}
    rows = []
    for number, (section, sentence) in enumerate(traced, 1):
        told = [facts[fact_id] for fact_id in sentence.fact_ids]
        rows.append(
            (
                number,
                names[section.id],
                section.text[sentence.start : sentence.end],
                "\n".join(f"{fact.id} {fact.text}" for fact in told) or "未对上要点",
            )
        )
    note = "每一句话依据哪几条要点。"
    columns = ("序号", "所在节", "句子", "依据的要点")
    return Table("句子依据", note, columns, (6, 18, 42, 34), tuple(rows))


def _facts(evidence: Evidence, traced: _Traced, names: Mapping[str, str]) -> Table:
    places: dict[str, list[tuple[DraftSection, Sentence]]] = {}
    for section, sentence in traced:
        for fact_id in sentence.fact_ids:
            places.setdefault(fact_id, []).append((section, sentence))
    uses = {use.fact_id: use for use in evidence.uses}
    rows = []
    for fact in evidence.facts:
        told = places.get(fact.id, [])
        use = uses.get(fact.id)
        where = "\n".join(dict.fromkeys(names[section.id] for section, _ in told))
        said = "\n".join(section.text[s.start : s.end] for section, s in told)
        missing = "、".join(use.missing) if use and told else ""
        status = _status(use, bool(told))
        rows.append((fact.id, fact.text, status, where or _NONE, said or _NONE, missing or _NONE))
    note = "每一条要点写在哪一句；没有写进正文的标“未用”。"
    columns = ("编号", "要点", "去向", "所在节", "写它的句子", "写漏的内容")
    return Table("要点去向", note, columns, (6, 28, 12, 16, 28, 10), tuple(rows))


def _status(use: FactUse | None, told: bool) -> str:
    """Return the word for where a fact went; what no sentence tells was not used."""
    words = _words("fact")
    if not told:
        return words["unplaced" if use and use.status == "unplaced" else "unused"]
    if use is None or use.status == "unplaced":
        return words["used"]
    return words["partly" if use.status == "dropped" else use.status]


def _open_findings(evidence: Evidence, names: Mapping[str, str]) -> Table:
    rows = [_found(remark, names) for remark in evidence.remarks if not remark.ignored]
    note = "检查发现、尚未改正也没有忽略的地方。"
    return Table("未处理的问题", note, _FOUND_COLUMNS, _FOUND_WIDTHS, tuple(rows))


def _ignored_findings(evidence: Evidence, names: Mapping[str, str]) -> Table:
    rows = [
        (*_found(remark, names), evidence.reasons.get(remark.matter) or "没有填写")
        for remark in evidence.remarks
        if remark.ignored
    ]
    note = "检查发现、由人核实后忽略的地方。"
    columns = (*_FOUND_COLUMNS, "忽略的理由")
    return Table("已忽略的问题", note, columns, (7, 11, 14, 18, 20, 15, 15), tuple(rows))


def _found(remark: Remark, names: Mapping[str, str]) -> tuple[Cell, ...]:
    finding = remark.finding
    return (
        _words("severity").get(finding.severity, finding.severity),
        _words("checks").get(finding.check, finding.check),
        names.get(finding.section_id or "", "全文"),
        finding.text or _NONE,
        finding.message,
        _fact_line(remark.fact),
    )


def _fact_line(fact: Fact | None) -> str:
    return f"{fact.id} {fact.text}" if fact else _NONE


def _runs(evidence: Evidence, names: Mapping[str, str]) -> Table:
    rows = []
    for section in evidence.draft.sections:
        if section.text.strip():
            history = evidence.histories.get(section.id, ())
            rows.append((names[section.id], *_made(section, history, evidence.made_at)))
    note = "每一节现稿由谁写成；由模型起草的，列出模型、参数和随机种子，据此可以重做。"
    columns = (
        *("所在节", "由谁写成", "版本", "时间", "模型", "模型校验值", "采样参数", "随机种子"),
        *("提示词校验值", "给模型的要点", "用时（秒）", "本节正文校验值"),
    )
    widths = (10, 7, 6, 8, 9, 11, 12, 6, 11, 6, 5, 11)
    return Table("生成记录", note, columns, widths, tuple(rows))


def _made(
    section: DraftSection, history: tuple[Version, ...], made_at: datetime
) -> tuple[Cell, ...]:
    now, source = origin_of(section.text, history)
    words = _words("version")
    digest = _sha256(section.text)
    if now is None:
        return (_NONE,) * 10 + (digest,)
    who = words["model"] if source and source.text == section.text else words["human"]
    if source and source.text != section.text:
        who = words["edited"]
    elif source is None and now.author == "model":  # filled in by rule: 导语, 结语 and leads
        who = words["formula"]
    when = _time(datetime.fromisoformat(now.created_at), made_at)
    shown = str(now.id) if source in (None, now) else f"{now.id}（起草：{source.id}）"
    run = source.run if source else None
    return (who, shown, when, *(_run(run) if run else (_NONE,) * 7), digest)


def _run(run: Run) -> tuple[Cell, ...]:
    sampling = run.sampling
    chosen = (
        f"温度 {sampling.temperature:g}\n候选词累计概率 {sampling.top_p:g}\n"
        f"最多写 {sampling.max_tokens} 个词元"
    )
    return (
        run.model,
        run.model_sha256 or "无（服务器或文件夹）",
        chosen,
        run.seed,
        run.prompt_sha256 or _NONE,
        "、".join(run.fact_ids) or _NONE,
        round(run.seconds, 1),
    )


def _exemplars(evidence: Evidence, names: Mapping[str, str]) -> Table:
    rows = [
        (names[section.id], *_consulted(exemplar))
        for section in evidence.draft.sections
        for exemplar in evidence.exemplars.get(section.id, ())
    ]
    note = "每一节参照了样本库里的哪些段落；只学写法，不取内容。"
    columns = ("所在节", "样本报告", "样本标题", "相似度", "与现稿最长的相同文字", "编号")
    return Table("参考范例", note, columns, (18, 26, 20, 7, 20, 9), tuple(rows))


def _consulted(exemplar: Consulted) -> Iterator[Cell]:
    yield exemplar.report or "样本已从库里删除"
    yield exemplar.heading or _NONE
    yield _NONE if exemplar.likeness is None else round(exemplar.likeness, 3)
    count = sum(letter.isalnum() for letter in exemplar.run)
    yield f"{count} 字：{exemplar.run}" if count else _NONE
    yield exemplar.section_id


def _time(when: datetime, like: datetime | None = None) -> str:
    zone = (like or when).tzinfo
    shown = when.astimezone(zone) if when.tzinfo and zone else when
    return f"{shown:%Y-%m-%d %H:%M:%S}"
