"""Fixed terms in their published form, by data/fixed_terms.toml; plenums that never were."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.checks import term_form
from drafter.checks.member_lists import Term, terms
from drafter.checks.passages import letters
from drafter.data import load_table
from drafter.types import Finding, Sources
from tests.checks_cases import make_draft


def told(text: str, year: int | None = 2025) -> list[Finding]:
    return list(term_form.check(make_draft(text, year=year), Sources((), (), year)))


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("增强“五个意识”。", "四个意识"),
        ("坚定“三个自信”。", "四个自信"),
        (
            "“四个意识”（政治意识、核心意识、大局意识、看齐意识）。",
            "政治意识、大局意识、核心意识、看齐意识",
        ),
        ("增强政治意识、大局意识、看齐意识、核心意识。", "政治意识、大局意识、核心意识、看齐意识"),
        ("增强政治意识、大局意识、服务意识、看齐意识。", "政治意识、大局意识、核心意识、看齐意识"),
        ("增强政治意识、大局意识、核心意识。", "政治意识、大局意识、核心意识、看齐意识"),
        ("坚定道路自信、理论自信、文化自信、制度自信。", "道路自信、理论自信、制度自信、文化自信"),
        (
            "“四个全面”战略布局（全面建成小康社会、全面深化改革、全面依法治国、全面从严治党）。",
            "全面建设社会主义现代化国家、全面深化改革、全面依法治国、全面从严治党",
        ),
        (
            "严格落实“三会一课”（支部党员大会、支委会、党小组会、民主生活会）制度。",
            "支部党员大会、支部委员会会议、党小组会、党课",
        ),
        ("学习党的十九届八中全会精神。", None),
        ("学习党的二十届九中全会精神。", None),
        ("党的二十大三中全会。", "二十届三中全会"),
        ("学习党的二十届三次全会精神。", "党的二十届三中全会"),
        ("学习习近平新时代中国特色社会主义理论体系。", "习近平新时代中国特色社会主义思想"),
        ("落实“三会两课”。", "三会一课"),
        ("履行“一岗三责”。", "一岗双责"),
        (
            "“六大纪律”：政治纪律、组织纪律、廉洁纪律、群众纪律、生活纪律、工作纪律。",
            "政治纪律、组织纪律、廉洁纪律、群众纪律、工作纪律、生活纪律",
        ),
        (
            "严守政治纪律、组织纪律、廉洁纪律、群众纪律、财经纪律、生活纪律。",
            "政治纪律、组织纪律、廉洁纪律、群众纪律、工作纪律、生活纪律",
        ),
        (
            "必须坚持人民至上、必须坚持守正创新、必须坚持自信自立、必须坚持问题导向、必须坚持系统观念、必须坚持胸怀天下。",
            "必须坚持人民至上、必须坚持自信自立、必须坚持守正创新、必须坚持问题导向、必须坚持系统观念、必须坚持胸怀天下",
        ),
        (
            "“四风”即形式主义、官僚主义、享乐主义、山头主义。",
            "形式主义、官僚主义、享乐主义、奢靡之风",
        ),
        ("运用监督执纪“五种形态”。", "四种形态"),
        (
            "统筹推进“五位一体”（经济建设、政治建设、社会建设、文化建设、生态文明建设）。",
            "经济建设、政治建设、文化建设、社会建设、生态文明建设",
        ),
        ("筑牢中华民族共同体意识。", "铸牢中华民族共同体意识"),
        ("学习《中国共产党党支部工作条例》。", "中国共产党支部工作条例（试行）"),
        ("以学铸魂、以学增智、以学促干、以学正风。", "以学铸魂、以学增智、以学正风、以学促干"),
        (
            "坚持马克思列宁主义、毛泽东思想、邓小平理论、科学发展观、“三个代表”重要思想、习近平新时代中国特色社会主义思想。",
            "马克思列宁主义、毛泽东思想、邓小平理论、“三个代表”重要思想、科学发展观、习近平新时代中国特色社会主义思想",
        ),
        (
            "“四个意识”（政治意识、大局意识、核心意识、看齐意识、责任意识）。",
            "政治意识、大局意识、核心意识、看齐意识",
        ),
        (
            "学习党史、改革开放史、新中国史、社会主义发展史。",
            "党史、新中国史、改革开放史、社会主义发展史",
        ),
        (
            "严以修身、严以律己、严以用权，谋事要实、创业要实、做人要实。",
            "严以修身、严以用权、严以律己，谋事要实、创业要实、做人要实",
        ),
        ("自我净化、自我革新、自我完善、自我提高。", "自我净化、自我完善、自我革新、自我提高"),
        ("政治、核心、大局、看齐意识。", "政治意识、大局意识、核心意识、看齐意识"),
        (
            "践行富强、民主、文明、和谐，自由、平等、法治、公正，爱国、敬业、诚信、友善的社会主义核心价值观。",
            "富强、民主、文明、和谐，自由、平等、公正、法治，爱国、敬业、诚信、友善",
        ),
        (
            "四议两公开（村党组织提议、村两委会商议、村民代表会议决议、党员大会审议，决议公开、实施结果公开）。",
            "村党组织提议、村“两委”会议商议、党员大会审议、村民会议或者村民代表会议决议、决议公开、实施结果公开",
        ),
    ],
)
def test_a_term_misquoted_is_an_error(text: str, right: str | None) -> None:
    (found,) = told(text)
    assert (found.severity, found.suggestion) == ("error", right)


@pytest.mark.parametrize(
    "text",
    [
        "增强“四个意识”、坚定“四个自信”、做到“两个维护”，落实“三会一课”。",
        "“四个意识”（政治意识、大局意识、核心意识、看齐意识）。",
        "增强政治意识、责任意识。",
        "增强政治意识、大局意识。",
        "深刻领悟“两个确立”的决定性意义。",
        "意识形态工作专题研究2次，成立两个志愿者队伍。",
        "落实“三会一课”：召开支部党员大会4次、支委会12次、党小组会12次、党课4次。",
        "“三会一课”（支部党员大会、支委会、党小组会、党课）。",
        "严格落实“三会一课”（支部党员大会、党课等）制度。",
        "坚决反对形式主义、官僚主义。",
        "严守政治纪律和政治规矩、组织纪律。",
        "推进全面深化改革、全面依法治国、全面从严治党。",
        "统筹产业振兴、人才振兴。",
        "省委十二届八中全会。",
        "市纪委十三届三次全会精神。",
        "学习党的十九届历次全会精神。",
        "党的二十届四中全会。",
        "严肃查处违反中央八项规定精神问题，反对特权思想。",
        "党的十八届三中、四中、五中、六中、七中全会。",
        "以学铸魂、以学增智、以学正风、以学促干。",
        "增强责任意识、服务意识、创新意识“三个意识”。",
        "发挥党支部战斗堡垒作用和党员先锋模范作用。",
        "严以修身、严以用权、严以律己，谋事要实、创业要实、做人要实。",
        "以邓小平理论、“三个代表”重要思想、科学发展观为指导。",
        "把党的政治建设摆在首位，加强思想建设、组织建设、作风建设。",
        "抓好党的组织建设、思想建设。",
        "党员大会、支委会、党小组会按期召开。",
        "坚持创新、协调、绿色、开放、共享的新发展理念。",
        "政治、大局、核心、看齐意识。",
        "召开党员大会4次、支委会12次，讲党课4次。",
        "召开党员大会、支委会、党小组会各12次，党课4次。",
    ],
)
def test_the_published_form_a_part_and_a_count_pass(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "year", "right"),
    [
        ("“四个全面”（全面建成小康社会、全面深化改革、全面依法治国、全面从严治党）。", 2018, True),
        ("“四个全面”（全面建成小康社会、全面深化改革、全面依法治国、全面从严治党）。", 2020, True),
        ("“四个全面”（全面建成小康社会、全面深化改革、全面依法治国、全面从严治党）。", 2023, False),
        ("“四个全面”（全面建成小康社会、全面深化改革、全面依法治国、全面从严治党）。", None, True),
        ("坚定“三个自信”。", 2014, True),
        ("坚定道路自信、理论自信、制度自信。", 2014, True),
        ("坚定道路自信、理论自信、制度自信。", 2019, False),
        ("学习党的二十届五中全会精神。", 2026, True),
        ("学习党的二十届五中全会精神。", 2025, False),
        ("学习党的十八届八中全会精神。", None, False),
        ("重温党的十三届九中全会精神。", None, True),
    ],
)
def test_terms_have_their_time(text: str, year: int | None, right: bool) -> None:
    assert (told(text, year) == []) is right


def test_a_plenum_that_never_was_says_how_many_there_were() -> None:
    (found,) = told("学习党的十九届八中全会精神。")
    assert found.text == "十九届八中全会"
    assert found.suggestion is None
    assert "7次" in found.message


def test_every_set_names_its_source_and_is_told_right_and_wrong() -> None:
    rows = load_table("fixed_terms")["set"]
    assert len(rows) >= 40
    for row in rows:
        assert re.search(r"\d{4}|章程|条例|意见", row["source"]), row
        assert len(set(row["members"])) == len(row["members"]) >= 2
        assert row.get("bare", "order") in ("whole", "order", "none")
        assert all(member in row["members"] for member in row.get("forms", ())), row
        if "joined" in row:
            assert letters(row["joined"])[0] == letters("".join(row["members"]))[0]


@pytest.mark.parametrize("term", terms(), ids=lambda term: f"{term.name}{term.first}")
def test_each_set_passes_as_published_and_fails_turned_round(term: Term) -> None:
    year = None if term.last == 9999 else term.last
    published = "、".join(term.members)
    assert told(f"坚持“{term.name}”（{published}）。", year) == []
    assert told(f"坚持{term.joined}。", year) == []
    turned = "、".join([*term.members[1:], term.members[0]])
    assert told(f"坚持“{term.name}”（{turned}）。", year), turned


def test_every_misquotation_is_no_published_form() -> None:
    published = [row["right"] for row in load_table("fixed_terms")["wrong"]]
    published += [term.joined for term in terms()] + load_table("formulas")["formulas"]
    published += load_table("formulas")["titles"]
    for words in published:
        assert [one for one in told(f"坚持{words}。", None) if one.severity == "error"] == [], words


def test_formulas_each_name_a_source() -> None:
    from drafter import data

    lines = (data._FOLDER / "formulas.toml").read_text(encoding="utf-8").splitlines()
    dated = [line for line in lines if re.match(r'  "[^"]+",  # .*\d{4}', line)]
    assert len(dated) >= 60


@given(st.text("政治大局核心看齐意识、，（）“”四个和自信十八九届中全会一二三八", max_size=60))
def test_spans_are_the_words_told(text: str) -> None:
    for found in told(text, None):
        assert found.span is not None
        assert text[slice(*found.span)] == found.text


def test_a_long_report_is_read_in_a_moment() -> None:
    text = (
        "增强“四个意识”（政治意识、大局意识、核心意识、看齐意识），落实“三会一课”12次，抓好整改。"
        * 70
    )
    told(text)
    start = time.process_time()
    told(text)
    assert time.process_time() - start < 0.5
