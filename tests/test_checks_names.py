"""untraced_name: what a reader would ask “who is that?” about, and what no reader would."""

import time
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.checks import untraced_name
from drafter.checks.claimed_names import claimed_names
from drafter.types import Finding, Sources
from tests.checks_cases import REPORTS, make_draft, make_facts, paragraphs

HAN = st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=40)


def found(text: str, facts: Sequence[str]) -> list[Finding]:
    made = make_facts(facts)
    draft = make_draft(text, ids=tuple(fact.id for fact in made))
    return list(untraced_name.check(draft, Sources(made, (), 2026)))


def errors(text: str, facts: Sequence[str]) -> list[str]:
    return [one.text for one in found(text, facts) if one.severity == "error"]


@pytest.mark.parametrize(
    ("fact", "text", "name"),
    [
        ("走访老党员8名", "走访老党员8名，老党员孙德福连声道谢。", "孙德福"),
        ("走访老党员8名", "钱主任带队走访老党员8名。", "钱主任"),
        ("表彰党员2名", "表彰党员2名，涌现出李春梅等先进典型。", "李春梅"),
        ("党员张某带队巡逻", "党员周某带队巡逻。", "周某"),
        ("联合单位开展体检2次", "联合康宁医院开展体检2次。", "康宁医院"),
        ("走访企业9家", "走访腾达机械、宏远物流等企业9家。", "腾达机械"),
        ("与学校结对", "与江北师范大学结对。", "江北师范大学"),
        ("组织参观学习1次", "组织党员赴韶山参观学习1次。", "韶山"),
        ("迎接检查2次", "迎接市委组织部检查2次。", "市委组织部"),
        ("获评先进党支部", "获评先进党支部、全省文明单位。", "全省文明单位"),
        ("线上学习人均30学时", "依托“学习强国”线上学习人均30学时。", "“学习强国”"),
        ("开展志愿服务12次", "打响“银杏先锋”品牌，开展志愿服务12次。", "“银杏先锋”"),
        ("制定办法1项", "制定《党员量化考核办法》1项。", "《党员量化考核办法》"),
        ("第二支部结对2户", "第五支部结对2户。", "第五支部"),
        ("设便民岗3个", "骨科党支部设便民岗3个。", "骨科"),
        ("4家物流企业建支部", "指导远航物流等4家物流企业建支部。", "远航物流"),
        ("大松屯村修渠2公里", "小松屯村修渠2公里。", "小松屯村"),
        ("清溪社区、望山社区共建", "清溪、望湖两个社区共建。", "望湖两个社区"),
        ("清溪社区、望山社区共建", "柳泉、望山两个社区共建。", "柳泉"),
    ],
)
def test_a_name_no_fact_has_is_found_where_it_stands(fact: str, text: str, name: str) -> None:
    assert name in errors(text, [fact])
    assert all(text[slice(*one.span)] == one.text for one in found(text, [fact]) if one.span)


@pytest.mark.parametrize(
    ("fact", "text", "name"),
    [
        ("柳河街道党工委研究党建6次", "柳岸街道党工委研究党建6次。", "柳岸街道"),
        ("到桃溪县学习1次", "到桃溪市学习1次。", "桃溪市"),
        ("青年党员许文静获评标兵", "青年党员许文婧获评标兵。", "许文婧"),
        ("区委组织部通报表扬1次", "市委组织部通报表扬1次。", "市委组织部"),
        (
            "对照《中国共产党支部工作条例（试行）》查找问题7个",
            "对照《中国共产党党员教育管理工作条例》查找问题7个。",
            "《中国共产党党员教育管理工作条例》",
        ),
    ],
)
def test_a_name_in_the_place_of_the_facts_own_is_found(fact: str, text: str, name: str) -> None:
    assert errors(text, [fact]) == [name]


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        ("柳河街道党工委慰问党员30名", "街道党工委心系党员冷暖，慰问党员30名。"),
        ("门诊楼第一党支部、第三党支部达标", "第一、第三党支部双双达标。"),
        ("支部书记郑海燕讲党课2次", "郑海燕同志带头登台，讲党课2次。"),
        ("与区住建局共建", "与区住房和城乡建设局共建，资源共享。"),
        ("市第二人民医院义诊4次", "市二院把专家请到群众身边，义诊4次。"),
        ("通读党章2遍", "原原本本通读《中国共产党章程》2遍。"),
        ("印发《网格工作办法（试行）》", "印发《网格工作办法》，划清责任。"),
        ("推行红管家服务", "推行“红管家”服务，群众省心。"),
        ("代办事项90件", "当好“店小二”，代办事项90件，打通服务群众“最后一公里”。"),
        ("整改问题5个", "破解“上热下冷”的难题，整改问题5个。"),
        ("开展党课6次", "在区委组织部的指导下，开展党课6次。"),
        ("弘扬延安精神学习1次", "以弘扬延安精神为主题，学习1次。"),
        ("深耕社区治理", "点亮社区、温暖社区，深耕社区治理，全面提升社区服务水平。"),
        ("集中学习9次", "坚持集中学习和自学相结合，集中学习9次，党员高度认可。"),
        ("党员高度重视、周密安排", "党员高度重视，书记周密安排、严格要求，干部任务清楚。"),
        ("清溪社区、望山社区共建", "清溪、望山两个社区共建。"),
        ("村务公开12次", "推行阳光村务，公开12次。"),
    ],
)
def test_other_words_for_what_a_fact_has_and_figures_of_speech_pass(fact: str, text: str) -> None:
    assert errors(text, [fact]) == []


def test_the_reporting_body_itself_is_only_asked_about() -> None:
    """A fact seldom says whose it is; the unit stands in the header, which a check does not see."""
    assert [one.severity for one in found("柳河街道党工委慰问党员30名。", ["慰问党员30名"])] == [
        "warning"
    ]


def test_without_facts_nothing_is_said() -> None:
    assert found("老党员孙德福到康宁医院体检。", []) == []


@pytest.mark.skipif(not REPORTS.is_dir(), reason="no sample reports beside the repository")
def test_real_paragraphs_told_from_themselves_stay_silent() -> None:
    for path in sorted(REPORTS.glob("*.txt")):
        for paragraph in paragraphs(path):
            assert found(paragraph, [paragraph]) == []


@given(HAN)
def test_claims_lie_in_order_inside_the_text(text: str) -> None:
    claims = claimed_names(text)
    assert all(text[claim.start : claim.end] == claim.text for claim in claims)
    assert all(a.end <= b.start for a, b in pairwise(claims))


def test_a_long_report_is_checked_while_one_types() -> None:
    facts = [f"走访青石社区居民{n}户，第{n}次" for n in range(1, 61)]
    found("先读一次词表", facts)
    text = "到青石社区走访，党员王海涛说“有事找支部”，与康宁医院共建，当好“店小二”。" * 80
    seconds = []
    for turn in range(3):
        start = time.perf_counter()
        found(text[:3000] + str(turn), facts)
        seconds.append(time.perf_counter() - start)
    assert min(seconds) < 0.25  # measured 0.03 s; room for a busy machine
