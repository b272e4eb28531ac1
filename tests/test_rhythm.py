"""The form of a section follows its exemplars; its letters never change."""

import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from drafter.checks.passages import letters
from drafter.data import load_table
from drafter.joining import joining_mark, sentences_of
from drafter.rhythm import Rhythm, learn, section_text, set_form
from drafter.types import Sampling
from drafter.write import Policy, SectionTask, write_section
from tests.fakes import FakeChat
from tests.test_write import LETTERS, MEETING, task

LONG_BODY = (
    "把每月学习内容分解到科室，由业务骨干结合手头项目讲案例，讲完当场提问，年底逐人检验学习效果"
)
SHORT_BODY = "新建支部两个，支部书记全部由科室负责人兼任"
LABELLED = (
    f"一是抓实理论学习。{LONG_BODY}。二是健全基层组织。{LONG_BODY}。三是严格组织生活。{LONG_BODY}。"
)
RUNNING = (
    f"一是抓实理论学习，{LONG_BODY}。二是健全基层组织，{LONG_BODY}。三是严格组织生活，{LONG_BODY}。"
)
SERIES = f"一是学习不深入，{SHORT_BODY}；二是支部不平衡，{SHORT_BODY}；三是办法不多，{SHORT_BODY}。"
PLAIN = f"年初主持召开会议研究要点，{LONG_BODY}。{LONG_BODY}；对进展慢的事项当面提醒。{LONG_BODY}。"
# What a small model writes: a label, then one short sentence.
POINTS = ("抓实理论学习。全年组织集中学习十二次，专题研讨五次。",
          "讲好专题党课。班子成员到联系支部讲党课九次。")  # fmt: skip


def rhythm(*texts: str, ordinals: bool = True) -> Rhythm:
    found = learn(texts, ordinals)
    assert found is not None
    return found


def test_without_exemplars_nothing_is_changed() -> None:
    assert learn((), True) is None
    assert learn(("一句话不成习惯。",), True) is None
    assert set_form(POINTS, True, None) == POINTS
    assert section_text(POINTS, True, None) == f"一是{POINTS[0]}二是{POINTS[1]}"


def test_sentence_lengths_are_counted_in_letters_without_openers() -> None:
    found = rhythm("一是甲乙丙丁。二是甲乙，丙丁。" * 3)
    assert found.sentence == 4
    assert rhythm(PLAIN * 3, ordinals=False).longest <= load_table("rhythm")["longest"]


def test_labels_have_the_mark_that_the_exemplars_give_them() -> None:
    long = tuple(f"{label}。{LONG_BODY}。" for label in ("抓实理论学习", "建强支部班子"))
    stopped = set_form(long, True, rhythm(LABELLED, LABELLED))
    assert stopped == long
    joined = set_form(long, True, rhythm(RUNNING, RUNNING))
    assert all(re.match("[^。]{6}，", point) for point in joined)
    colon = rhythm(*[LABELLED.replace("。把", "：把")] * 3)
    assert set_form(long, True, colon)[0].startswith("抓实理论学习：")


def test_a_label_is_no_sentence_before_less_text_than_the_exemplars_have() -> None:
    found = rhythm(LABELLED, LABELLED)
    assert found.label_mark == "。" and found.label_body == len(LONG_BODY) - 3
    shaped = set_form(POINTS, True, found)
    assert [point[6] for point in shaped] == ["，", "，"]


def test_the_labels_of_one_section_have_one_mark() -> None:
    mixed = (POINTS[1], f"建强支部班子。{LONG_BODY}。{LONG_BODY}。")
    marks = {point[6] for point in set_form(mixed, True, rhythm(LABELLED, LABELLED))}
    assert len(marks) == 1


def test_where_no_paragraph_opens_with_a_label_ours_becomes_a_clause() -> None:
    shaped = section_text(POINTS, False, rhythm(PLAIN, PLAIN, ordinals=False))
    assert shaped.startswith("抓实理论学习，全年")


def test_short_points_are_one_sentence_where_the_exemplars_are() -> None:
    points = ("到一线调研少，全年只有六次。", "对支部书记催得多、教得少。")
    assert section_text(points, True, rhythm(*[SERIES] * 6)) == (
        "一是到一线调研少，全年只有六次；二是对支部书记催得多、教得少。"
    )
    stopped = SERIES.replace("；", "。")
    own = (f"学习不够深入，{SHORT_BODY}。", f"支部不够平衡，{SHORT_BODY}。")
    assert set_form(own, True, rhythm(stopped, stopped)) == own


def test_a_series_with_a_full_stop_inside_a_point_stays_apart() -> None:
    points = ("调研少，情况不明。因此，底数不清。", "办法不多。")
    assert "；" not in section_text(points, True, rhythm(*[SERIES] * 6))


def test_points_stand_on_lines_of_their_own_where_the_exemplars_do() -> None:
    lines = "一是" + "。\n二是".join([LONG_BODY] * 4) + "。"
    lines = lines.replace("二是", "三是", 2).replace("三是", "二是", 1)
    text = section_text(POINTS, True, rhythm(lines, lines))
    assert text.count("\n") == 1 and text.split("\n")[1].startswith("二是")


def test_short_sentences_of_one_point_are_joined_towards_the_exemplars_length() -> None:
    point = "修订议事办法三项，公开事务清单四十八项。推行首问负责，办结群众诉求九十件。"
    found = rhythm(PLAIN, PLAIN, ordinals=False)
    (shaped,) = set_form((point,), False, found)
    assert shaped.count("。") == 1
    (kept,) = set_form((point,), False, replace(found, whole=18))
    assert kept == point, "sentences as long as the exemplars' stay"


@pytest.mark.parametrize(
    ("first", "second", "mark"),
    [
        ("发展党员7名。", "其中一线职工3名。", "，"),
        ("修订制度5项。", "公开清单48项。", "，"),
        # What the first says of plan, time or negation would reach into the second.
        ("拟修订社区议事制度5项，清单三张。", "公开清单48项，每月更新。", "；"),
        ("每月公开党务清单一次，全年共12期。", "走访困难党员46人。", "；"),
        ("5月到旧址组织现场教学，26人参加。", "完成扫描38万页。", "；"),
        ("上半年，开展谈话15人次。", "压减文件19%。", ""),
        ("上半年，开展廉政提醒谈话15人次。", "7月压减文件19%。", "；"),
        ("签订共建公约，12家单位参加，认领3个片区。", "项目共19个，其中A类7个。", ""),
        # Another subject needs more than a comma.
        ("走访困难党员和职工46人次，送温暖金。", "投诉217件，全部办结。", "；"),
        # A few words before ； would be a heading, and a plain clause has no need of it.
        ("下半年打算。", "围绕防汛重点任务，每支部立一个项目。", ""),
        ("走访街道困难党员和职工共46人次。", "群众投诉217件全部办结。", ""),
        ("建立领办项目3个：物业、楼宇、网格。", "走访党员46人。", ""),
        ("走访困难党员46人次。", "今后继续走访。", ""),
        # A label speaks for its own sentence; two of them are a pair.
        ("抓实理论学习，学习12次。", "走访党员46人次。", ""),
        ("抓实理论学习，全年集中学习12次。", "讲好专题党课，讲课2次。", "；"),
        ("大家说“好。”", "走访党员46人次。", ""),
    ],
)
def test_what_may_be_joined(first: str, second: str, mark: str) -> None:
    assert joining_mark(first, second, within=True, semicolon=True) == mark


def test_no_semicolon_where_the_exemplars_have_none_and_no_comma_between_points() -> None:
    long, more = "拟修订社区议事制度5项，清单三张。", "公开清单48项，每月更新。"
    assert joining_mark(long, more, within=True, semicolon=False) == ""
    assert joining_mark("修订制度5项。", "公开清单48项。", within=False, semicolon=False) == ""


CLAUSE = st.sampled_from(
    ["召开会议13次", "其中专题研究4次", "5月到旧址学习", "上半年", "每季度听取汇报", "拟于年底完成",
     "群众投诉217件", "推行“居民点单。”", "同时", "制定《要点》", "清单：物业、网格", "还有3个"]
)  # fmt: skip
MARK = st.sampled_from("，，，。。；！")
LABEL = st.sampled_from(["", "", "抓实理论学习。", "讲好专题党课。", "支部之间不平衡。"])


@st.composite
def written(draw: st.DrawFn) -> str:
    parts = draw(st.lists(st.tuples(CLAUSE, MARK), min_size=1, max_size=9))
    text = draw(LABEL) + "".join(clause + mark for clause, mark in parts)
    return text[:-1] + "。"


RHYTHMS = st.builds(
    Rhythm,
    sentence=st.floats(5, 90),
    whole=st.floats(5, 90),
    longest=st.integers(10, 110),
    label_mark=st.sampled_from("。，："),
    label_body=st.floats(0, 80),
    series_mark=st.sampled_from(["", "。", "；"]),
    series_body=st.floats(0, 60),
    semicolons=st.sampled_from([0.0, 0.05, 0.3, 1.0]),
    own_lines=st.booleans(),
)


@given(st.lists(written(), min_size=1, max_size=6), st.booleans(), RHYTHMS)
@example(["甲。"], True, rhythm(LABELLED, LABELLED))
def test_letters_points_limits_and_repetition(
    points: list[str], ordinals: bool, found: Rhythm
) -> None:
    shaped = set_form(points, ordinals, found)
    assert len(shaped) == len(points)
    for before, after in zip(points, shaped, strict=True):
        assert letters(before)[0] == letters(after)[0]
        changed = {a + b for a, b in zip(before, after, strict=True) if a != b}
        assert changed <= {"。，", "。；", "。："}
    assert set_form(shaped, ordinals, found) == shaped
    longest = load_table("rhythm")["longest"]
    whole = max(len(letters(s)[0]) for s in sentences_of("".join(points)))
    for sentence in sentences_of("".join(shaped)):
        assert len(letters(sentence)[0]) <= max(longest, whole)
    assert section_text(points, ordinals, found)[-1] == "。"


@given(st.lists(written(), min_size=1, max_size=6), RHYTHMS)
def test_while_a_section_grows_only_marks_at_ends_of_sentences_turn(
    points: list[str], found: Rhythm
) -> None:
    """The page shows every step: nothing but 。 ， ； ： may change under the reader's eyes."""
    grown = ""
    for number in range(1, len(points) + 1):
        text = section_text(points[:number], False, replace(found, own_lines=False))
        bare, old = (re.sub("[。，；：]", "·", one) for one in (text, grown))
        assert bare.startswith(old)
        grown = text


def test_the_writer_sets_the_form_of_what_it_writes() -> None:
    job = replace(
        task(MEETING, LETTERS), exemplar_texts=(RUNNING, RUNNING), labelled=True, heading="责任"
    )
    steps = list(_write(FakeChat(f"{MEETING}。", f"{LETTERS}。"), job))
    assert not re.search("是[^，。]{6}。", steps[-1])
    assert re.search("一是[^，。]{6}，召开", steps[-1])
    alone = list(_write(FakeChat(f"{MEETING}。", f"{LETTERS}。"), replace(job, exemplar_texts=())))
    assert re.search("一是[^，。]{6}。召开", alone[-1])


def _write(chat: FakeChat, job: SectionTask) -> list[str]:
    policy = Policy(facts_per_point=1)
    return [step.text for step in write_section(chat, job, policy, Sampling())]
