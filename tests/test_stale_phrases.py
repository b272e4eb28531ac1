"""Wording of its time: what a report of a year may say, by data/stale_phrases.toml."""

import re
import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.checks import stale_phrase
from drafter.data import load_table
from drafter.types import Finding, Sources
from tests.checks_cases import make_draft, make_facts


def told(text: str, year: int | None, facts: tuple[str, ...] = ()) -> list[Finding]:
    sources = Sources(make_facts(facts), (), year)
    return list(stale_phrase.check(make_draft(text, year=year), sources))


@pytest.mark.parametrize(
    ("text", "year", "words", "better"),
    [
        ("深入学习贯彻党的十九大精神。", 2026, "党的十九大精神", "党的二十大精神"),
        ("深入学习贯彻党的十八大精神。", 2019, "党的十八大精神", "党的十九大精神"),
        (
            "认真学习党的十八大和十八届三中、四中、五中、六中全会精神。",
            2024,
            "党的十八大和十八届三中、四中、五中、六中全会精神",
            "党的二十大和二十届历次全会精神",
        ),
        (
            "贯彻党的十九大和十九届历次全会精神，推动工作。",
            2025,
            "党的十九大和十九届历次全会精神",
            "党的二十大和二十届历次全会精神",
        ),
        ("认真学习党的十九大报告。", 2025, "党的十九大报告", "党的二十大报告"),
        ("广泛宣讲党的十九大，覆盖党员120名。", 2025, "十九大", None),
        ("落实党的十九大决策部署。", 2025, "党的十九大决策部署", "党的二十大精神"),
        ("2025年，认真学习党的十九大精神，抓实党建。", 2025, "党的十九大精神", "党的二十大精神"),
        ("扎实开展党纪学习教育。", 2026, "开展党纪学习教育", "推进党纪学习教育常态化长效化"),
        ("走访贫困户23户。", 2025, "贫困户", "脱贫户"),
        ("联合区卫计委开展义诊。", 2024, "卫计委", "卫生健康委"),
        ("与县扶贫办结对。", 2022, "扶贫办", "乡村振兴局"),
        ("与县扶贫办结对。", 2025, "扶贫办", "农业农村局"),
        ("与银监局共建。", 2022, "银监局", "银保监局"),
        ("与银监局共建。", 2025, "银监局", "金融监管局"),
        ("开展扫黑除恶专项斗争。", 2024, "扫黑除恶专项斗争", "常态化扫黑除恶斗争"),
        ("落实《中国共产党党内监督条例（试行）》。", 2022, None, "中国共产党党内监督条例"),
        ("紧扣决胜全面建成小康社会。", 2025, "决胜全面建成小康社会", "全面建设社会主义现代化国家"),
        ("抓好“六五”普法。", 2018, "“六五”普法", "七五普法"),
        ("抓好“六五”普法。", 2023, "“六五”普法", "八五普法"),
        ("扎实开展“两学一做”学习教育。", 2025, "“两学一做”学习教育", None),
        ("扎实推进“不忘初心、牢记使命”主题教育。", 2024, None, None),
        ("开展党的群众路线教育实践活动。", 2020, "党的群众路线教育实践活动", None),
        ("扎实开展党史学习教育。", 2025, "开展党史学习教育", None),
        ("坚决打赢脱贫攻坚战。", 2024, "坚决打赢脱贫攻坚战", "推进乡村全面振兴"),
        ("扎实做好常态化疫情防控。", 2025, "常态化疫情防控", None),
        ("实施“十三五”规划。", 2025, None, None),
        ("以邓小平理论、“三个代表”重要思想、科学发展观为指导。", 2022, None, None),
        ("以习近平同志为总书记的党中央。", 2024, None, "以习近平同志为核心的党中央"),
    ],
)
def test_wording_that_has_gone(text: str, year: int, words: str | None, better: str | None) -> None:
    (found,) = told(text, year)
    assert found.severity == "error"
    assert words is None or found.text == words
    if better is not None:
        assert found.suggestion == better
        assert better in found.message


@pytest.mark.parametrize(
    ("text", "year", "words"),
    [
        ("深入学习贯彻党的二十大精神。", 2019, "二十大"),
        ("学习贯彻党的二十届三中全会精神。", 2023, "二十届三中全会"),
        ("学习党的二十届五中全会精神。", 2025, "二十届五中全会"),
        ("喜迎党的二十大。", 2018, "二十大"),
        ("学习党的二十一大精神。", 2026, "二十一大"),
        ("深刻领悟“两个确立”的决定性意义。", 2018, "两个确立"),
        ("加快发展新质生产力。", 2020, "新质生产力"),
        ("坚定“四个自信”。", 2014, "四个自信"),
        ("落实《中国共产党支部工作条例（试行）》。", 2016, "中国共产党支部工作条例"),
        ("开展树立和践行正确政绩观学习教育。", 2024, "树立和践行正确政绩观学习教育"),
        ("与区退役军人事务局共建。", 2016, "退役军人事务局"),
    ],
)
def test_wording_that_was_yet_to_come(text: str, year: int, words: str) -> None:
    (found,) = told(text, year)
    assert (found.severity, found.text, found.suggestion) == ("error", words, None)
    assert "尚未" in found.message


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("党的十八大以来，工作扎实。", 2026),
        ("自党的十九大召开以来，持续用力。", 2025),
        ("落实党的十八届三中全会以来的改革举措。", 2025),
        ("党的十九届六中全会通过了历史决议。", 2025),
        ("打赢脱贫攻坚战以来，持续巩固拓展脱贫攻坚成果。", 2025),
        ("打赢脱贫攻坚战后，接续推进乡村全面振兴。", 2025),
        ("2020年打赢脱贫攻坚战，2025年接续推进乡村全面振兴。", 2025),
        ("十三五期间累计投入12万元。", 2025),
        ("疫情防控期间表现突出的党员12名。", 2025),
        ("获评全国脱贫攻坚先进集体。", 2025),
        ("原县扶贫办移交项目8个，曾任县工商局局长的老党员参加。", 2025),
        ("从党的群众路线教育实践活动到党纪学习教育，一以贯之抓作风。", 2026),
        ("推进“两学一做”学习教育常态化制度化。", 2025),
        ("推动党史学习教育常态化长效化，巩固拓展主题教育成果。", 2025),
        ("弘扬脱贫攻坚精神、伟大抗疫精神。", 2025),
        ("对照深入贯彻中央八项规定精神学习教育查摆问题19个，逐项整改。", 2026),
        ("建立“不忘初心、牢记使命”主题教育长效机制。", 2022),
        ("2021年开展党史学习教育时梳理的遗留事项已办结6件。", 2024),
        ("学习习近平总书记在庆祝中国共产党成立100周年大会上的重要讲话精神。", 2025),
        ("参观脱贫攻坚成就展，在脱贫攻坚、乡村振兴一线考察识别干部。", 2025),
        ("执行《关于打赢脱贫攻坚战三年行动的指导意见》。", 2024),
        ("习近平总书记指出：“打赢脱贫攻坚战，不是终点，而是新生活新奋斗的起点”。", 2024),
    ],
)
def test_history_passes(text: str, year: int) -> None:
    assert told(text, year) == []


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("深入学习贯彻党的二十大和二十届历次全会精神。", 2025),
        ("学习贯彻党的二十届四中全会精神。", 2025),
        ("学习党的二十届五中全会精神。", 2026),  # the table ends before it: nothing is claimed
        ("学习贯彻党的十八大、十九大、二十大精神。", 2025),
        ("学习贯彻党的十八大精神，学习贯彻党的十九大精神。", 2017),
        ("学习贯彻党的十九大精神，学习贯彻党的二十大精神。", 2022),
        ("决战决胜脱贫攻坚，推进乡村振兴。", 2020),
        ("开展深入贯彻中央八项规定精神学习教育。", 2025),
        ("开展树立和践行正确政绩观学习教育。", 2026),
        ("扎实开展主题教育。", 2023),
        ("开展廉政主题教育活动。", 2025),
        ("省委十二届三中全会精神。", 2025),
        ("落实劳动合同法，与劳动监察局、文化广电和旅游局共建。", 2025),
        ("做好非洲猪瘟疫情防控。", 2025),
        ("严守纪律，坚持从严治党到位。", 2025),
        ("谋划“十五五”发展。", 2025),
        ("迎接党的二十大胜利召开。", 2021),
        ("迎接党的二十一大。", 2026),
        ("以马克思列宁主义、毛泽东思想、邓小平理论、“三个代表”重要思想、科学发展观、习近平新时代"
         "中国特色社会主义思想为指导。", 2025),
    ],
)  # fmt: skip
def test_wording_of_its_time(text: str, year: int) -> None:
    assert told(text, year) == []


@pytest.mark.parametrize(
    ("text", "year", "right"),
    [
        ("以建党100周年为契机，开展宣讲6场。", 2021, True),
        ("以建党100周年为契机，开展宣讲6场。", 2020, True),
        ("以建党100周年为契机，开展宣讲6场。", 2023, False),
        ("喜迎建党一百零五周年。", 2026, True),
        ("喜迎建党一百零五周年。", 2023, False),
        ("紧扣新中国成立七十五周年主题，宣讲6场。", 2025, False),
        ("2021年建党100周年之际落成的广场，今年接待3000人次。", 2024, True),
        ("学习庆祝中国共产党成立100周年大会讲话。", 2024, True),
        ("庆祝改革开放45周年，举办展览1场。", 2023, True),
        ("慰问入党50周年的老党员8名。", 2024, True),
    ],
)
def test_an_anniversary_is_of_its_year(text: str, year: int, right: bool) -> None:
    assert (told(text, year) == []) is right


@pytest.mark.parametrize(
    ("text", "year", "right"),
    [
        ("党史学习教育走深走实，办实事6件。", 2024, False),
        ("推进党史学习教育常态化长效化。", 2024, True),
        ("推进“两学一做”学习教育、主题教育常态化制度化。", 2024, True),
        ("打开乡村旅游局面。", 2024, True),
        ("学习团的十九大精神，传达中国工会十八大精神。", 2024, True),
        ("与县旅游局全面合作。", 2024, False),
        ("加强和创新社会管理。", 2016, False),
        ("深入贯彻中央八项规定精神学习教育查摆的问题全部销号。", 2026, True),
        ("深入贯彻中央八项规定精神学习教育，查摆问题6个。", 2026, False),
    ],
)
def test_what_stands_beside_a_phrase_decides(text: str, year: int, right: bool) -> None:
    assert (told(text, year) == []) is right


def test_a_plenum_no_committee_ever_had_is_left_to_term_form() -> None:
    assert told("学习党的二十届九中全会精神。", 2025) == []
    assert told("学习党的二十届六中全会精神。", 2025)


def test_without_a_year_nothing_is_found() -> None:
    assert told("深入学习贯彻党的十九大精神，坚决打赢脱贫攻坚战。", None) == []


def test_the_persons_own_wording_is_a_warning_and_named_as_theirs() -> None:
    text = "学习党的十九大精神12次。"
    (found,) = told(text, 2026, ("学习党的十九大精神12次",))
    assert found.severity == "warning"
    assert "要点" in found.message
    # Told as history in the fact, told of the present in the draft: the draft's own fault.
    (found,) = told("参加“两学一做”学习教育。", 2026, ("2016年参加“两学一做”学习教育",))
    assert found.severity == "error"


def rows() -> list[dict[str, str]]:
    return list(load_table("stale_phrases")["entry"])


def spellings(row: dict[str, str]) -> list[str]:
    return [row["phrase"]] if isinstance(row["phrase"], str) else list(row["phrase"])


def test_every_line_of_the_lexicon_is_complete() -> None:
    assert len(rows()) >= 170
    for row in rows():
        assert len(row["source"]) >= 6, row
        assert row.get("from") or row.get("to"), row
        assert row.get("from", "0000") <= row.get("to", "9999"), row
        for end in ("from", "to"):
            assert re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2]))?", row.get(end, "2000")), row
        assert row.get("severity", "warning") == "warning", row
    phrases = [phrase for row in rows() for phrase in spellings(row)]
    assert len(phrases) == len(set(phrases))


@pytest.mark.parametrize("row", rows(), ids=lambda row: spellings(row)[0])
def test_each_line_does_what_it_says(row: dict[str, str]) -> None:
    for phrase in spellings(row):
        first, last = int(row.get("from", "0")[:4]), int(row.get("to", "9999")[:4])
        text = f"一是抓好{phrase}。"
        inside = [year for year in (first, last) if 1990 < year < 2100]
        if row.get("won"):  # told as a task in the year it was won: a warning
            inside.remove(last)
            assert [one.severity for one in told(text, last)] == ["warning"], phrase
        for year in inside:
            assert [one for one in told(text, year) if one.text in phrase] == [], (phrase, year)
        if last < 9999:
            assert told(text, last + 1), phrase
        if first > 2001:
            assert told(text, first - 3), phrase


def test_a_successor_is_of_the_reports_own_year() -> None:
    for row in rows():
        for year in range(2012, date.today().year + 1):
            better = stale_phrase.successor_of(row, year)
            if better and year > int(row.get("to", "9999")[:4]):
                assert [one for one in told(better, year) if one.severity == "error"] == [], row


@given(st.text("党的十八九二大届三中四全会精神脱贫攻坚战以来“”《》，。2019年从到原", max_size=60))
def test_spans_are_the_words_told(text: str) -> None:
    for found in told(text, 2024):
        assert found.span is not None
        assert text[slice(*found.span)] == found.text


def test_a_long_report_is_read_in_a_moment() -> None:
    text = "深入学习贯彻党的二十大精神，坚持“三会一课”，走访党员27户，解决用水问题14个。" * 80
    told(text, 2025)
    start = time.process_time()
    told(text, 2025)
    assert time.process_time() - start < 0.5
