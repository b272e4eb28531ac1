"""What a faithful reply may contain: numbers in every writing, no long run of an exemplar."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from drafter.chat.grammar import grammar_for
from drafter.checks.exemplar_leak import copied_spans
from drafter.facts import read_facts
from drafter.limits import admits, limits_for
from drafter.types import Limits

TWELVE = Limits(("12", "2025", "1.8"), (), ())
SAMPLE = "坚持把支部建在连上、把思想政治工作做到群众心坎里，推动各项任务落地见效。"
COPY = Limits((), (SAMPLE,), ())
# What a model may come up with around numbers, the likeliest ways to break a limit among it.
TEXTS = st.text("0123589.,，、年次人召开１２．", max_size=14)


def limits(paste: str, year: int | None = None, *exemplars: str) -> Limits:
    return limits_for(read_facts(paste).facts, exemplars, year)


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        ("召开党组会12次", "召开党组会12次"),
        ("召开党组会12次", "召开党组会１２次"),
        ("召开党组会十二次", "召开党组会12次"),
        ("召开党组会１２次", "党组会开了12次。"),
        ("投入经费1.8万元", "投入18000元"),
        ("投入经费18000元", "投入1.8万元"),
        ("投入经费三百二十万元", "投入320万元、3200000元"),
        ("培训1,200人", "培训1200人，即1,200人"),
        ("完成85.5%", "完成率达85.5%。"),
        ("整改率百分之八十五", "整改率85%"),
        ("二〇二四年三月十五日开会", "2024年3月15日"),
        ("2024.3.15开会", "2024年3月15日"),
        ("三季度开展督查", "第3季度"),
        ("走访8至10户", "走访8—10户"),
        ("三分之二完成", "2/3完成"),
        ("没有数字", "没有数字"),
    ],
)
def test_a_number_of_the_facts_may_be_written_as_usual(fact: str, text: str) -> None:
    assert admits(limits(fact), text)


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        ("召开党组会12次", "召开党组会120次"),
        ("召开党组会12次", "召开党组会1次"),
        ("召开党组会12次", "召开党组会２次"),
        ("完成85.5%", "完成85%"),
        ("完成85.5%", "完成5%"),
        ("投入经费1.8万元", "投入8万元"),
        ("投入经费1.8万元", "投入1万元"),
        ("2024年上半年开会", "2024年第1季度"),
        ("落实三会一课", "落实3会1课"),
        ("没有数字", "2025年没有数字"),
    ],
)
def test_another_number_may_not(fact: str, text: str) -> None:
    assert not admits(limits(fact), text)


def test_the_reports_year_and_title_may_be_named() -> None:
    assert admits(limits("召开会议", 2025), "2025年召开会议")
    titled = limits_for((), (), None, ["第3党支部2025年工作总结"])
    assert admits(titled, "第3党支部2025年")


def test_a_comma_between_two_numbers_joins_nothing_when_it_is_chinese() -> None:
    assert admits(limits("会议12次\n参会30人"), "会议12，30人参加")
    assert not admits(limits("会议12次\n参会30人"), "会议12,30人参加")


def test_a_number_may_be_unfinished_only_while_writing() -> None:
    for text in ("共1", "20", "1.", "共20"):
        assert admits(TWELVE, text, ended=False)
        assert not admits(TWELVE, text)
    for text in ("共12", "12.", "12，", "1.8"):
        assert admits(TWELVE, text)
    for text in ("共3", "13", "1次", "12.5", "12.12", "1.次", "22"):
        assert not admits(TWELVE, text, ended=False)


def test_thirteen_letters_of_an_exemplar_are_too_many() -> None:
    assert admits(COPY, SAMPLE[:13])  # one of them is 、
    assert not admits(COPY, SAMPLE[:15], ended=False)
    assert not admits(COPY, "我们坚持把支部建在连上 把思想政治工作做到群众", ended=False)
    assert admits(Limits((), (SAMPLE,), (SAMPLE,)), SAMPLE), "what a fact says may be said"


def test_published_formulas_may_be_repeated() -> None:
    formula = "习近平新时代中国特色社会主义思想"
    exemplar = f"坚持以{formula}为指导，结合窗口工作实际抓好日常服务群众各项举措。"
    made = limits("学习12次", None, exemplar)
    assert admits(made, f"坚持以{formula}为指导")
    assert not admits(made, "结合窗口工作实际抓好日常服务群众")


@given(TEXTS)
@example("12.5次")
@example("2025.")
def test_every_beginning_of_an_admitted_text_is_admitted(text: str) -> None:
    if admits(TWELVE, text):
        assert all(admits(TWELVE, text[:end], ended=False) for end in range(len(text) + 1))


@given(TEXTS)
@example("共13次")
def test_a_refused_text_stays_refused(text: str) -> None:
    kept = [admits(TWELVE, text[:end], ended=False) for end in range(len(text) + 1)]
    assert kept == sorted(kept, reverse=True)
    if not kept[-1]:
        assert not admits(TWELVE, text + "。")


@given(TEXTS)
def test_what_still_may_be_admitted_can_be_finished(text: str) -> None:
    if admits(TWELVE, text, ended=False):
        endings = [number[at:] for number in TWELVE.numbers for at in range(len(number) + 1)]
        assert any(admits(TWELVE, text + ending) for ending in ("", *endings))


@given(st.lists(TEXTS, min_size=1, max_size=4))
@example(["12", "3.", "，2025.1.8，1"])
def test_a_facts_own_text_is_admitted(texts: list[str]) -> None:
    paste = "\n".join(f"召开会议，{text}等" for text in texts)
    facts = read_facts(paste).facts
    made = limits_for(facts, tuple(fact.text for fact in facts), None)
    assert all(admits(made, fact.text) for fact in facts)
    assert admits(made, "。".join(fact.text for fact in facts))


@given(st.integers(0, len(SAMPLE)), st.integers(0, len(SAMPLE)), st.text("，、 我抓", max_size=6))
def test_agrees_with_the_check_on_copied_runs(start: int, end: int, between: str) -> None:
    text = SAMPLE[start:end] + between + SAMPLE[end:]
    assert admits(limits("学习", None, SAMPLE), text) == (not copied_spans(text, (SAMPLE,), ()))


def pattern_of(grammar: str) -> re.Pattern[str]:
    """Read a grammar whose rules do not circle (rule ::= body, a line each) as one pattern."""
    rules = dict(line.split(" ::= ", 1) for line in grammar.splitlines())

    def spelt(body: str) -> str:
        tokens = re.findall(r'"[^"]*"[*?]?|\[[^\]]*\][*?]?|[a-z]+[*?]?|[()|][*?]?', body)
        parts = []
        for token in tokens:
            name = token.rstrip("*?")
            mark = token[len(name) :]
            if name in rules:
                parts.append(f"(?:{spelt(rules[name])}){mark}")
            else:
                parts.append((re.escape(name.strip('"')) if '"' in name else name) + mark)
        return "".join(parts)

    return re.compile(spelt(rules["root"]), re.DOTALL)


@given(TEXTS)
@example("12.12")
@example("12.\n1.8，2025")
def test_the_grammar_says_what_admits_says(text: str) -> None:
    mixed = re.search(r"[0-9.,][０-９．]|[０-９．][0-9.,]", text)
    for made in (TWELVE, Limits((), (), ()), Limits(("1", "12", "5,8.3"), (), ())):
        if not mixed:
            assert bool(pattern_of(grammar_for(made)).fullmatch(text)) == admits(made, text), text


def test_a_grammar_holds_nothing_but_digits_and_points() -> None:
    assert grammar_for(Limits(('1"', "[^", "次"), (), ())) == grammar_for(Limits((), (), ()))
