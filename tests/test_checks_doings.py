"""A number that is told while what was done with it, or to whom, is lost or exchanged."""

import json

import pytest

from bench.faithful import cases as bench
from bench.faithful.cases import FOLDER, read_cases
from drafter.anchors import find_anchors
from drafter.checking import check_case
from drafter.checks import run_checks
from drafter.checks.lost_doings import lost_doings
from drafter.faults import MINOR, find_faults
from drafter.fixes import apply_fix, fixes_of
from drafter.types import Draft, DraftSection, Fact, Sources

DOING = tuple(read_cases(FOLDER / "doing"))
EXEMPLAR = "坚持用制度管人，为每名党员建立积分台账，编印学习口袋书，激发了党员干事热情。"


def fact(text: str) -> Fact:
    return Fact("F1", text, find_anchors(text), None, None)


def found(facts: list[str], draft: str, exemplars: tuple[str, ...] = ()) -> list[tuple[str, str]]:
    case = {"year": 2026, "facts": facts, "draft": draft, "exemplars": list(exemplars)}
    return [(one["check"], one["severity"]) for one in check_case(case)]


@pytest.mark.parametrize(
    ("told", "draft", "severity"),
    [
        ("发展党员7名", "严把入口关，解决党员7名。", "error"),
        ("召开党组会研究党建工作12次", "党组会召开党建工作12次。", "error"),
        ("走访困难党员26名", "社区党委走访党员26名。", "error"),
        ("巡察反馈问题整改143个", "巡察反馈发现问题143个。", "error"),
        ("群众满意率96.5%", "群众参与率96.5%。", "error"),
        ("关停散乱污企业3家", "走访散乱污企业3家。", "error"),
        ("收集居民意见327条", "建起议事厅，居民意见327条。", "warning"),
        ("36名有能力的党员联系农户", "36名党员联系农户。", "warning"),
        ("诊疗群众8320人次", "服务群众8320人次。", "warning"),
    ],
)
def test_a_lost_doing_is_told(told: str, draft: str, severity: str) -> None:
    assert ("dropped_fact", severity) in found([told], draft)


@pytest.mark.parametrize(
    ("facts", "draft"),
    [
        (["召开党组会研究党建工作12次"], "党组先后12次召开会议研究党建工作。"),
        (["发展党员7名"], "新吸收7名同志加入党组织，党员队伍有了新生力量。"),
        (["走访老党员23人", "走访困难群众51户"], "走访老党员23人、困难群众51户。"),
        (["废止制度11项，修订制度8项"], "对现有制度进行清理，废止11项、修订8项。"),
        (["回访出院患者320人次"], "对出院患者进行回访，共320人次。"),
        (["上党课4次", "支委会12次"], "支委会12次、党课4次。"),
        (["修订制度6项"], "建章立制，修订制度6项。"),
    ],
)
def test_other_words_for_a_doing_are_fine(facts: list[str], draft: str) -> None:
    assert not [one for one in found(facts, draft) if one[0] == "dropped_fact"]


def test_the_labelled_cases_are_told_and_clean_ones_raise_no_error() -> None:
    results = bench.run_all(DOING)
    faults = [one for one in results if one.case.kind == "fault"]
    missed = [r.case.id for r in faults if not any(bench.is_hit(f, r.case) for f in r.found)]
    assert len(missed) <= 0.05 * len(faults), missed
    assert bench.clean_with_error(results)[0] == 0


def test_the_message_names_what_stands_instead() -> None:
    case = {"year": 2026, "facts": ["发展党员7名"], "draft": "解决党员7名。"}
    assert "（写成了“解决”）" in json.dumps(check_case(case), ensure_ascii=False)


def test_a_retry_is_told_which_word_goes_with_the_number() -> None:
    faults = find_faults("解决党员7名。", [fact("发展党员7名")], "成效", (), 2026)
    assert ("dropped_fact", "“7名”写明“发展党员”，不写“解决”") in faults


def test_a_doing_that_other_words_may_tell_is_worth_a_retry_only() -> None:
    told = fact("收集居民意见327条，已解决301条")
    faults = find_faults("居民意见327条，已解决301条。", [told], "成效", (), 2026)
    assert ("doubt", "“327条”写明“收集”") in faults
    assert {check for check, _ in faults} <= MINOR


def test_one_click_puts_the_fact_back() -> None:
    told = fact("发展党员7名")
    section = DraftSection("S1", "", 1, "成效", "严把入口关，解决党员7名。", ("F1",), (), False)
    draft, sources = Draft("", 2026, (section,)), Sources((told,), (), 2026)
    (finding,) = (one for one in run_checks(draft, sources) if one.check == "dropped_fact")
    fixed = [apply_fix(section.text, fix) for fix in fixes_of(finding, section, told, (told,))]
    assert any(not lost_doings(told.text, text) for text in fixed)


def test_a_deed_of_an_exemplar_is_a_leak_in_any_wording() -> None:
    draft = "召开支委会18次，并建立党员积分台账。"
    assert ("exemplar_leak", "error") in found(["召开支委会18次"], draft, (EXEMPLAR,))
    own = ["召开支委会18次", "建立积分台账1本"]
    assert ("exemplar_leak", "error") not in found(own, draft, (EXEMPLAR,))


def test_a_deed_without_a_fact_is_warned_of_and_a_pose_is_not() -> None:
    told = fact("召开支委会18次")

    def warned(text: str) -> list[str]:
        section = DraftSection("S1", "", 1, "成效", text, ("F1",), (), False)
        found = run_checks(Draft("", 2026, (section,)), Sources((told,), (), 2026))
        return [f.text for f in found if f.check == "unsupported" and f.severity == "warning"]

    assert warned("召开支委会18次，编印了口袋读本。") == ["编印了口袋读本"]
    assert warned("召开支委会18次，战斗堡垒作用不断增强。") == []
