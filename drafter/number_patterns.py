"""The patterns by which numbers are found, built from the word tables once.

Source of the words: data/units.toml, qualifiers.toml, fixed_terms.toml and names.toml.
"""

import re
from functools import lru_cache

from drafter.data import load_table
from drafter.numerals import CHINESE_NUMERALS

CN, CN_ONE = CHINESE_NUMERALS, "一二三四五六七八九"
_ARABIC = r"(?<![\d.A-Za-z])\d{1,3}(?:,\d{3})+(?:\.\d+)?|(?<![\d.A-Za-z])\d+(?:\.\d+)?"
_NUMBER = rf"(?:{_ARABIC}|[{CN}]+(?:点[{CN}]+)?)"

# Letters before 近, 约, 超 that make another word with it: 最近, 公约, 签约, 反超.
NO_LIMIT = "最附靠邻临亲就贴远制节公条预签相规履契违邀誓盟缔赶反"

# 一个半小时, 3个半月, 两年半: the half stands after the measure word.
HALF = re.compile(
    rf"(?P<n>{_NUMBER})(?:个半(?P<u1>小时|钟头|月)|(?P<u2>年|天|小时|公里|倍)半)(?!数|点|程)"
)
# 半年, 半天: a half of one; 一半 and 半数 are shares.
SHARE_HALF = re.compile(r"一半(?!是|儿)|半数|减半")
# 1/3, not 3/15 in a date or 24/7.
FRACTION = re.compile(r"(?<![\d/.])(\d{1,2})/(\d{1,3})(?![\d/.])")
# 全区第三, 排名第一: a place in an order, without a measure word.
RANK = re.compile(
    r"(?:全(?:国|省|市|区|县|州|镇|乡|旗|街道|集团|系统|校|院|公司|行业|局|厅|部)|排名|名列|位列|位居|排在|列"
    r"|居|获|夺|得|拿下|考核|评比|竞赛|成绩|总分|得分|排行|测评|综合)[^，。；、\d第]{0,8}$"
)


def alternatives(words: list[str]) -> str:
    """Return a pattern of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True))


def _published() -> list[str]:
    """The published names of campaigns, whose years stale_phrase judges (三年行动)."""
    rows = (row["phrase"] for row in load_table("stale_phrases")["entry"])
    return [name for row in rows for name in (row if isinstance(row, list) else [row])]


@lru_cache(maxsize=1)
def phrases() -> re.Pattern[str]:
    """Spans whose numerals count nothing: set phrases, Party terms, meetings and list marks."""
    units, terms = load_table("units")["phrases"], load_table("fixed_terms")
    words = [*units["not_quantities"], *units["ordinals"], *terms["phrases"]["terms"]]
    words += [entry["name"] for entry in terms["set"]]
    words += [name for name in _published() if re.search("[三五]年行动", name)]
    meetings = "|".join(load_table("names")["meetings"])
    marks = (
        rf"(?:(?<=[\n。；;：:])|^)[ \t]*(?:[（(](?:\d{{1,2}}|[{CN}]{{1,3}})[）)]"
        rf"|\d{{1,2}}[.、．)](?!\d)|[{CN}]{{1,3}}、(?![{CN_ONE}](?:[、和及与][{CN_ONE}])?季度))"
        rf"|(?<![之的{CN}])[{CN_ONE}十](?:要|则)?是"
        rf"|(?:(?<=[\n。；;：:，,])|^)(?:第|其)[{CN_ONE}十]{{1,2}}[，,、]"
        rf"|(?:(?<=[\n。；;：:，,、的])|^)[{CN_ONE}十](?=[查评改看听学议帮送讲访问比亮])"
        rf"(?=[^，。；\n]{{1,3}}[、，][{CN_ONE}十])"
    )
    joined = (
        r"每[两二](?:个?月|周|个?星期|个?季度)"
        r"|(?<![\dA-Z一])[\dA-Z一]{1,4}(?:\+[\dA-Z一]{1,4}){1,6}"
        r"|(?<![A-Za-z])[A-Za-z]{1,12}[\d.]{1,12}[A-Za-z]{0,12}|(?<!\d)\d{1,3}[GgDd](?![A-Za-z])"
        r"|(?<=[“‘])\d{3,5}(?=[”’])|(?<!\d)[0-9]0后|(?<![\d.])\d\.\d版|(?<!\d)[3-5]A级"
        r"|(?:7[×xX*]24|24|二十四)小时(?=值|在线|待命|不|轮|服务|响应|开放|自助|热线|备勤|巡|守|畅通)"
        r"|(?:建党|建国|建军|新中国成立|改革开放|成立|胜利|诞辰)[\d一二三四五六七八九十百]{1,5}周年"
        rf"|第[{CN}\d]{{1,2}}人民(?=医院|法院|法庭|中学)|第[{CN}\d]{{1,3}}次全国|[{CN}]{{1,3}}届[{CN}]{{1,3}}中全会|中央[{CN}]项规定|\d{{1,4}}[Xx×]+"
        # 把安心留给百家, 走千家、访万户: figures of speech, unless what is counted follows.
        r"|(?<=[暖访进入走串送到护知给及解连])[百千万][家户](?![企门单次店公商小农居村群困])"
        r"|(?<![在过])(?<!不超)(?:8|八)小时(?:之|以)?[内外]|365天|近[一二两三四五2345]年|(?<!\d)1\d?号(?=楼|院|线)"
        r"|(?<!\d)(?:11[09]|120|122|123\d{2}|96\d{3})(?=热线|联动|平台|电话|接警|、|工单)"
    )
    # 差的三公里: the 三公 of a distance is no 三公经费; nor is the 万一 of 两万一千张 an 万一.
    words = [word for word in words if word != "万一"]
    terms_of = rf"(?:{alternatives(words)})(?!(?<=三公)[里斤顷分])"
    terms_of += rf"|(?<![{CN}\d几])万一(?![千百十])"
    return re.compile(f"{terms_of}|{meetings}|{joined}|{marks}", re.MULTILINE)


@lru_cache(maxsize=1)
def approx_words() -> tuple[dict[str, str], dict[str, str]]:
    """Words of limit before and after a number -> the normal word of their group."""
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    for group in load_table("qualifiers")["approx"]:
        before |= dict.fromkeys(group.get("before", []), group["name"])
        after |= dict.fromkeys(group.get("after", []), group["name"])
    return before, after


@lru_cache(maxsize=1)
def count_pattern() -> re.Pattern[str]:
    """A number with its limit, its multiple and its measure word."""
    units = load_table("units")
    before, _ = approx_words()
    prefix = f"(?<![{NO_LIMIT}])(?<!规民)"
    unit = alternatives([*units["units"], *units["digit_units"]])
    return re.compile(
        rf"(?P<ord>第\s*)?(?P<pre>{prefix}(?:{alternatives(list(before))})\s*)?"
        rf"(?:(?P<den>{_NUMBER})分之(?P<num>{_NUMBER})"
        rf"|(?P<vague>(?<![人次件个总倍岁多少基以])[数几上](?=[十百千万]))?(?P<n>{_NUMBER})"
        rf"(?:\s*[-—–~～至到]+\s*(?P<n2>{_NUMBER}))?\s*"
        rf"(?P<mid>[余多来几])?(?P<mult>[百千万亿]*)(?P<mid2>[余多])?\s*(?P<unit>{unit})?)"
        rf"(?P<suf>\s*(?:以上|以下|以内|之内|左右|上下|及以上)|[余多](?=[，。；、元]))?"
    )


@lru_cache(maxsize=1)
def whole_words() -> frozenset[str]:
    """Units before which a numeral of one character still counts."""
    return frozenset(load_table("units")["units"])
