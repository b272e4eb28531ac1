"""Lists and names that are nearly the published ones, and those that only look like them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.checks import term_form
from drafter.checks.near_lists import likeness
from drafter.types import Finding, Sources
from tests.checks_cases import make_draft, make_facts


def told(text: str, year: int | None = 2025, facts: tuple[str, ...] = ()) -> list[Finding]:
    sources = Sources(make_facts(facts), (), year)
    return list(term_form.check(make_draft(text, year=year), sources))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        # A stranger in a member's place: at the end, at the beginning, within.
        ("提升政治判断力、政治领悟力、政治落实力。", "政治判断力、政治领悟力、政治落实力"),
        ("防范化解重要风险、精准脱贫、污染防治齐发力。", None),
        ("增强担当意识、大局意识、核心意识、看齐意识。", "担当意识、大局意识、核心意识、看齐意识"),
        ("发扬理论联系实践、密切联系群众、批评和自我批评的作风。", None),
        ("做到集体领导、民主集中、个别协商、会议决定。", None),
        ("弘扬崇尚劳动、热爱劳动、勤奋劳动、诚实劳动的风气。", None),
        # Told by the name that follows the list, or stands in its sentence.
        ("力戒形式主义、官僚主义、享乐主义和个人主义这“四风”。", None),
        ("抓好经济建设、政治建设、文化建设、社会建设、党的建设“五位一体”总体布局。", None),
        ("重大决策、重要干部任免、重大项目安排、大额物资采购等“三重一大”事项上会。", None),
        ("推行“四议两公开”，村党组织提议、村“两委”会议决议、党员大会审议、村民代表会议决议，"
         "决议公开、实施结果公开。", None),
        # Two members only: the one is right, the other nearly.
        ("坚决维护习近平总书记核心地位，坚决维护党中央权威和集体统一领导。", None),
        ("毫不动摇巩固和发展公有制经济，毫不动摇鼓励、支持、引导民营经济发展。", None),
        # Another term's members behind the name.
        ("“四个自信”即政治意识、大局意识、核心意识、看齐意识。", None),
        ("严守“六大纪律”：政治纪律、组织纪律、廉洁纪律、群众纪律、生活纪律。", None),
    ],
)  # fmt: skip
def test_a_list_that_is_nearly_the_published_one(text: str, words: str | None) -> None:
    (found,) = told(text)
    assert found.severity == "error"
    assert words is None or found.text == words
    assert found.suggestion


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("学习《中国共产党农村基层工作条例》。", "中国共产党农村基层组织工作条例"),
        ("学习《中国共产党国企基层组织工作条例》。", "中国共产党国有企业基层组织工作条例"),
        ("学习《党政领导干部选拔任用条例》。", "党政领导干部选拔任用工作条例"),
        ("“不忘初心、永记使命”主题教育中整改9项。", "“不忘初心、牢记使命”主题教育"),
        ("“两学一做”主题教育中整改9项。", "“两学一做”学习教育"),
        ("落实中央纪律监察委员会要求。", "中央纪律检查委员会"),
        ("落实中央党风廉政委员会要求。", None),
        ("党的第二十次全国人民代表大会。", "党的第二十次全国代表大会"),
        ("第十三次全国人民代表大会。", "第十三届全国人民代表大会"),
        ("2023年党的二十大召开时组织收看。", None),
        ("2022年召开的党的二十届三中全会。", None),
        ("学习党的二十届十一中全会精神。", None),
    ],
)
def test_a_name_that_is_nearly_a_published_one(text: str, right: str | None) -> None:
    (found,) = told(text)
    assert (found.severity, found.suggestion) == ("error", right)


@pytest.mark.parametrize(
    "text",
    [
        "增强宗旨意识、大局意识、服务意识、担当意识。",
        "查摆形式主义、官僚主义等“四风”问题9个。",
        "抓好思想建设、组织建设、作风建设、制度建设。",
        "坚决维护习近平总书记核心地位，坚决维护党中央权威和集中统一领导。",
        "把方向、管大局、作决策、抓班子、带队伍、保落实。",
        "“三有”支部：有队伍、有阵地、有活动。",
        "“三会一课”制度落实到位，召开党员大会4次、支委会12次。",
        "修订《某某局党委工作规则》，学习《中国共产党章程》《党支部工作条例》《信访工作条例》。",
        "学习《中国共产党支部工作条例（试行）》《中国共产党党校（行政学院）工作条例》。",
        "学习《中国共产党社会工作条例》。",
        "开展廉政主题教育、爱国主义主题教育，对照中央八项规定精神开展学习教育。",
        "正确政绩观学习教育中查摆问题9个，习近平新时代中国特色社会主义思想主题教育成果转化为制度。",
        "中央组织部、中央政法委员会和中央企业工作委员会。",
        "区委落实中央部署，机关党的工作委员会抓落实。",
        "2022年，党的二十大胜利召开；2024年7月，党的二十届三中全会召开。",
        "2023年，党的二十大召开后，宣讲12场。",
        "第十四届全国人民代表大会第一次会议，中国共产党第二十次全国代表大会。",
        "坚持自治、德治、法治相结合。",
    ],
)
def test_what_only_looks_like_one_passes(text: str) -> None:
    assert told(text) == []


def test_a_list_the_fact_has_letter_by_letter_is_a_warning() -> None:
    words = "政治意识、大局意识、核心意识、规矩意识"
    assert [one.severity for one in told(f"增强{words}。")] == ["error"]
    (found,) = told(f"增强{words}。", facts=(f"党员增强{words}",))
    assert found.severity == "warning"
    assert "要点" in found.message


def test_a_doubtful_list_after_the_name_is_a_warning_without_a_fix() -> None:
    (found,) = told("落实“三会一课”制度，党员大会、支委会、党小组会、民主生活会。")
    assert (found.severity, found.suggestion) == ("warning", None)


@given(st.text("大局看齐意识", max_size=8), st.text("大局看齐意识", max_size=8))
def test_likeness_is_a_share_and_the_same_both_ways(one: str, other: str) -> None:
    assert 0 <= likeness(one, other) <= 1
    assert likeness(one, other) == likeness(other, one)
    assert likeness(one, one) == (1 if one else 0)


@given(
    st.lists(
        st.sampled_from(
            [
                *("政治意识", "大局意识", "核心", "看齐意识", "、", "，", "和", "“四个意识”", "即"),
                *("党的", "二十届", "十", "中全会", "《中国共产党", "条例》", "2022年", "召开"),
                *("主题教育", "中央", "委员会", "。"),
            ]
        ),
        max_size=14,
    )
)  # fmt: skip
def test_spans_are_the_words_told_and_do_not_overlap(parts: list[str]) -> None:
    text = "".join(parts)
    for found in told(text, None):
        assert found.span is not None
        assert text[slice(*found.span)] == found.text
