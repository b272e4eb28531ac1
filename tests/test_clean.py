"""What is not the report goes and is listed; what is the report stays."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.clean import clean

TITLE = "清源区农业局党组书记抓基层党建工作述职报告"
BODY = "一、履职情况\n（一）抓学习。全年集中学习12次。\n二、存在问题\n一是研讨不深。二是联系不够。"

NOTICES = (
    "咨询QQ：123456789",
    "QQ群 87654321",
    "加微信：gongwen_66 领取",
    "会员资料，严禁倒卖",
    "仅供学习参考，请勿外传",
    "【内部资料，禁止转载】",
    "举报倒卖者奖励年费会员",
    "更多材料请关注微信公众号：松风笔记",
    "扫描二维码关注我们",
    "来源：松风文秘网",
    "https://www.example.com/doc/123.html",
    "www.example.cn",
    "链接：https://pan.example.com/s/1abc 提取码：ab12",
    "本文档由会员上传分享",
    "版权归原作者所有，如有侵权请联系删除",
    "欢迎下载使用，可编辑修改",
    "松风文库整理，咨询客服",
    "发布时间：2024-01-03",
    "责任编辑：小松",
    "- 3 -",
    "—12—",
    "第3页 共8页",
    "第 3 页",
    "3 / 8",
    "Page 2 of 9",
    "==========",
)

OWN = (
    "各位领导、同志们：",
    "区委组织部：",
    "清源区农业局党组",
    "中共清源区农业局党组",
    "2024年12月30日",
    "述职人：XXX",
    "****",
    "依托“清源先锋”微信公众号发布党建信息36条，阅读量2万余次。",
    "建立党员QQ群、微信群4个，落实“三会一课”线上提醒。",
    "订阅党报党刊120份，发放学习资料300册。",
    "涉密文件严禁外传，保密制度落实到每个支部、每名党员。",
    "公布举报电话，群众满意度持续提升，推进作风建设。",
    "打击倒卖农资行为4起，服务群众120余户，推进放心农资下乡工作。",
    "搭建党建信息平台、资源共享平台，推动组织共建、资源共享。",
    "以上汇报，请批评指正。",
    "谢谢大家！",
    "附件：工作台账",
    "**年共召开党员大会*次。",
    "（三）办好学习平台。订阅资料12种。",
)


@pytest.mark.parametrize("notice", NOTICES)
@pytest.mark.parametrize("place", ["before", "between", "after"])
def test_a_notice_is_dropped_wherever_it_stands(notice: str, place: str) -> None:
    text = {
        "before": f"{notice}\n{TITLE}\n{BODY}\n",
        "between": f"{TITLE}\n　{notice} \n{BODY}\n",
        "after": f"{TITLE}\n{BODY}\n\n{notice}\n",
    }[place]
    kept, dropped = clean(text)
    assert dropped == (notice,)
    assert kept.replace("\n\n", "\n") == f"{TITLE}\n{BODY}"


@pytest.mark.parametrize("own", OWN)
def test_a_line_of_the_report_stays(own: str) -> None:
    for text in (f"{TITLE}\n{own}\n{BODY}\n", f"{TITLE}\n{BODY}\n{own}\n"):
        kept, dropped = clean(text)
        assert dropped == ()
        assert own in kept.split("\n")


@pytest.mark.parametrize("own", [line for line in OWN if "。" in line or line.endswith("！")])
def test_a_line_of_the_report_stays_beside_notices(own: str) -> None:
    kept, dropped = clean(f"{TITLE}\n{BODY}\n{own}\n松风文库\n松风文库整理，咨询QQ123456789\n")
    assert own in kept.split("\n")
    assert dropped == ("松风文库", "松风文库整理，咨询QQ123456789")


def test_a_block_of_notices_before_the_title_goes_with_its_slogans() -> None:
    block = [
        "松风文库",
        "一年四季在身边",
        "写作路上不孤单",
        "会员专享 用后删除",
        "【温馨提示】",
        "客服QQ：123456789",
        "明天会更好",
    ]
    kept, dropped = clean("\n".join([*block, "", TITLE, BODY]))
    assert dropped == tuple(block)
    assert kept.startswith(TITLE)


def test_a_title_over_two_lines_survives_the_block_before_it() -> None:
    head = "松风文库\n会员资料 禁止外传\n\n中共清源区农业局党组\n关于2024年度党建工作情况的报告\n"
    kept, dropped = clean(head + BODY)
    assert dropped == ("松风文库", "会员资料 禁止外传")
    assert kept.startswith("中共清源区农业局党组\n关于2024年度党建工作情况的报告")


def test_a_title_without_the_usual_words_survives_the_block_before_it() -> None:
    head = (
        "松风文库\n会员资料 禁止外传\n党旗引领聚合力 服务为民谱新篇\n松风文库整理，咨询QQ123456\n"
    )
    kept, dropped = clean(head + BODY)
    assert kept.startswith("党旗引领聚合力 服务为民谱新篇")
    assert dropped == ("松风文库", "会员资料 禁止外传", "松风文库整理，咨询QQ123456")


def test_a_title_before_the_notices_survives() -> None:
    kept, dropped = clean(f"{TITLE}\n松风文库整理，咨询QQ123456\n松风文库\n{BODY}\n")
    assert kept.startswith(TITLE)
    assert dropped == ("松风文库整理，咨询QQ123456", "松风文库")


@pytest.mark.parametrize(
    ("line", "own", "notice"),
    [
        (
            "坚持每月检查。松风文库整理，咨询QQ1234567",
            "坚持每月检查。",
            "松风文库整理，咨询QQ1234567",
        ),
        ("【会员资料】坚持每月检查支部。", "坚持每月检查支部。", "【会员资料】"),
        (f"{TITLE}  松风文库整理，咨询QQ1234567", TITLE, "松风文库整理，咨询QQ1234567"),
        (
            "（二）抓检查。坚持每月检查。更多公文请加QQ群：1234567。形成闭环。",
            "（二）抓检查。坚持每月检查。形成闭环。",
            "更多公文请加QQ群：1234567。",
        ),
    ],
)
def test_a_notice_glued_to_the_report_is_split_off(line: str, own: str, notice: str) -> None:
    kept, dropped = clean(f"{BODY}\n{line}\n")
    assert dropped == (notice,)
    assert kept.split("\n")[-1] == own


def test_running_headers_go_and_the_title_stays_once() -> None:
    pages = [
        f"{TITLE}\n{BODY}",
        "清源区农业局",
        TITLE,
        "落实责任。",
        "清源区农业局",
        TITLE,
        "清源区农业局",
    ]
    kept, dropped = clean("\n".join(pages))
    assert kept.count(TITLE) == 1
    assert sorted(dropped) == sorted([TITLE] * 2 + ["清源区农业局"] * 3)


def test_page_numbers_alone_on_their_lines_go_when_they_count_up() -> None:
    kept, dropped = clean(f"{TITLE}\n{BODY}\n1\n坚持检查。\n2\n坚持讲评。\n3\n")
    assert dropped == ("1", "2", "3")
    assert "坚持讲评。" in kept


def test_labels_that_repeat_in_the_report_stay() -> None:
    lines = "整改措施\n每月一查。\n整改措施\n每季一评。\n整改措施\n年底一考。\n责任人：XXX\n" * 2
    kept, dropped = clean(f"{TITLE}\n{lines}")
    assert dropped == ()
    assert kept.count("整改措施") == 6


def test_zero_width_characters_and_space_at_line_ends_are_no_characters() -> None:
    assert clean("\ufeff　　坚持\u200b学习　\t\r\n\r\n\r\n\r\n再学习\u00a0") == (
        "坚持学习\n\n再学习",
        (),
    )


LINES = st.lists(
    st.one_of(
        st.sampled_from([*NOTICES, *OWN, TITLE, "松风文库", "7", *BODY.split("\n")]),
        st.text("松风党支部学习工作。，！【】（）QQ123456789 一二、：-—第页", max_size=40),
        st.tuples(st.sampled_from(OWN), st.sampled_from(NOTICES)).map("".join),
    ),
    max_size=14,
)


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


@settings(max_examples=300, deadline=None)
@given(LINES)
def test_every_character_is_kept_or_listed(lines: list[str]) -> None:
    text = "\n".join(lines)
    kept, dropped = clean(text)
    assert sorted(bare(text)) == sorted(bare(kept + "".join(dropped)))
    assert all(line and line == line.strip() for line in dropped)
