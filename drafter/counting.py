"""Numbers that a draft counts itself: 三项措施 before three of them, 三年 of 2012年 to 2015年.

They are no fact's, and follow from what the draft says beside them. Pure functions of a text.
"""

import re
from calendar import monthrange

from drafter.dates import split_form
from drafter.listed import clause_items, marked_items, possible_items
from drafter.numbers import Quantity, find_quantities

_STOP = re.compile(r"[。；;！？!?\n]")
_LISTABLE = frozenset([*"个项条件类种步处方面点大支家所轮招年", "个季度"])
# 后两项合计: some of the numbers listed before.
_SOME = re.compile("(?:前|后|以上|上述|这)$")
# 县气象局与光明村两个党支部; 物业公司和业委会……两家坐到一起.
_JOINED = re.compile(r"[\u4e00-\u9fff]{2,}(?:以及|[与和同跟及])[\u4e00-\u9fff]{2,}")
_FIGURES = re.compile(
    "(?:真实|鲜活|沉甸甸的?|简单的?)?(?:数字|数据|数|指标|百分比|比例)(?!化|库|平台|中心)"
)
# 今年80人，加上去年的60人，两年共140人.
_BOTH_YEARS = re.compile("[今本]年[^。；]{0,40}[去上]年|[去上]年[^。；]{0,40}[今本]年")
# 2月26日至3月1日 without a year: 4天 or 5天.
_COMMON_YEAR, _LEAP_YEAR = 2023, 2024
_WHO = re.compile(
    r"[一二两三四五六七八](?:[家人名位所方地校村社]|个(?=单位|部门|支部|党支部|党组织|村|社区|街道|学校))"
)


def window(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span of the sentence around `start:end` with the sentence before and after."""
    before = [m.end() for m in _STOP.finditer(text, 0, start)][-2:]
    after = [m.end() for m in _STOP.finditer(text, end)][:2]
    return before[0] if len(before) == 2 else 0, after[-1] if len(after) == 2 else len(text)


def is_date(quantity: Quantity) -> bool:
    """Whether a number is a date, a year or a time of day."""
    return bool(quantity.form) and quantity.kind != "fraction"


def counted_here(quantity: Quantity, text: str) -> str:
    """Return what of the text around it a number counts, as words for a person; "" if nothing."""
    return (
        _listed(quantity, text)
        or _lasted(quantity, text)
        or _one_each(quantity, text)
        or _figures(quantity, text)
    )


def _figures(quantity: Quantity, text: str) -> str:
    """两个数字的背后, 三组数据: the numbers just told, of which there are as many at least."""
    if quantity.unit not in ("个", "组", "项", "串") or not 2 <= quantity.value <= 6:
        return ""
    if not _FIGURES.match(text, quantity.end):
        return ""
    start = window(text, quantity.start, quantity.end)[0]
    told = [q for q in find_quantities(text[start : quantity.start]) if not q.weak]
    told = [q for q in told if not is_date(q)]
    return f"前文的{quantity.text}数" if len(told) >= quantity.value else ""


def _listed(quantity: Quantity, text: str) -> str:
    """三项措施, 两个支部: the draft itself lists that many."""
    things = quantity.unit == "件" and re.match("[\u4e00-\u9fff]{0,4}事", text[quantity.end :])
    if quantity.value > 12 or quantity.kind != "count":
        return ""
    who = _WHO.match(quantity.text + text[quantity.end : quantity.end + 3]) is not None
    if quantity.unit not in _LISTABLE | {"方面"} and not (things or who):
        return ""
    count = int(quantity.value)
    start, end = window(text, quantity.start, quantity.end)
    sentence_start = max(start, *(m.end() for m in _STOP.finditer(text, 0, quantity.start)), 0)
    if marked_items(text[quantity.end :]) == count:
        return f"后文列了{count}项"
    stop = _STOP.search(text, quantity.end)
    rest = text[quantity.end : stop.start() if stop else len(text)]
    parts = [text[sentence_start : quantity.start].rpartition("，")[2]]
    parts += re.split(r"[，：]", rest)
    if any(count in possible_items(part) for part in parts):
        return f"文中列了{count}项"
    if who and count in _subjects(text[sentence_start : quantity.start]):
        return f"前文列了{count}个"
    lead, _, colon = re.split("[。！？\n]", text[quantity.end :])[0].partition("：")
    if colon and not re.search("[；;]", lead) and clause_items(colon) == count:
        return f"冒号后列了{count}项"
    colon = text[quantity.end : end].partition("：")[2]
    if colon.startswith("\n") and len(_lines(text, quantity.end)) == count:
        return f"冒号后列了{count}行"
    if quantity.unit == "年":
        years = {q.form[:4] for q in find_quantities(text[start:end], loose=True) if is_date(q)} - {
            "*"
        }
        both = count == 2 and _BOTH_YEARS.search(text[start:end])
        return f"文中列了{count}年" if len(years) == count or both else ""
    if quantity.unit == "个" and _named_before(text[start : quantity.start], rest[:2]) == count:
        return f"前文列了{count}个"
    return _numbers_told(quantity, text[sentence_start : quantity.start], rest)


def _numbers_told(quantity: Quantity, before: str, after: str) -> str:
    """两期 before the numbers of two, 后两项 after a list of three."""
    count = int(quantity.value)
    if re.search("(?:其余|余下|剩下|剩余|还有|尚有|仍有|还剩|另有)的?$", before):
        return ""  # what is left is no count of the numbers told
    for side in (before, after):
        units = [q.unit for q in find_quantities(side, loose=True) if not q.weak and not is_date(q)]
        if any(units.count(unit) == count for unit in units):
            return f"文中列了{count}个数"
        some = side is before and _SOME.search(before) and quantity.unit in tuple("项类个批期")
        if some and any(units.count(unit) > count for unit in units):
            return f"前文所列的{quantity.text}"
    return ""


def _lines(text: str, start: int) -> tuple[str, ...]:
    """The lines below the colon that follows `start`, as far as the text goes without a gap."""
    below = text[start:].partition("：\n")[2].split("\n\n")[0]
    return tuple(line for line in below.split("\n") if line.strip())


def _subjects(before: str) -> frozenset[int]:
    """Return the numbers of bodies or people that a clause before a number may list."""
    found: set[int] = set()
    for part in re.split("[，：]", before):
        found |= possible_items(part)
        if "、" not in part and _JOINED.search(part):
            found.add(2)
    return frozenset(found)


def _one_each(quantity: Quantity, text: str) -> str:
    """共3名 after 甲班、乙班、丙班各评1名."""
    start = max((m.end() for m in _STOP.finditer(text, 0, quantity.start)), default=0)
    head = text[start : quantity.start]
    for match in re.finditer(r"([^，。；：]*、[^，。；：]*?)各", head):
        each = next((q for q in find_quantities(head) if q.start >= match.end()), None)
        if each is None or each.unit != quantity.unit or each.start - match.end() > 8:
            continue
        items = [n for n in possible_items(match[1]) if n * each.value == quantity.value]
        if items:
            return f"{items[0]}×{each.text}"
    return ""


def _lasted(quantity: Quantity, text: str) -> str:
    """三年 of 2012年 to 2015年, 三个月 of 3至5月: as long as the times told beside it say."""
    if quantity.kind != "count" or quantity.unit not in ("年", "个月", "天"):
        return ""
    start, end = window(text, quantity.start, quantity.end)
    forms = [split_form(q.form) for q in find_quantities(text[start:end], loose=True) if is_date(q)]
    also: list[int] = []
    if quantity.unit == "年":
        said = [part for year, rest in forms for part in (year, *rest.split("~"))]
        ends = sorted({int(part) for part in said if re.fullmatch("(?:19|20)\\d\\d", part)})
    elif quantity.unit == "天":
        days = [rest for _, rest in forms if re.fullmatch(r"[\d*]+-\d\d", rest)]
        ends, also = _days(days, _COMMON_YEAR), _days(days, _LEAP_YEAR)
    else:
        said = [part[:2] for _, rest in forms for part in rest.split("~")]
        ends = sorted({int(part) for part in said if re.fullmatch("\\d\\d", part)})
    spans = {
        b - a + more for one in (ends, also) for a in one for b in one if b > a for more in (0, 1)
    }
    return f"{ends[0]}至{ends[-1]}" if quantity.value in spans else ""


def _days(told: list[str], year: int) -> list[int]:
    """Days told as 06-30, the next as 07-02 or *-02, as numbers that can be subtracted: those of
    one month, or of two that follow each other, as 12月 and 1月 do; 2月 is as long as in `year`."""
    months = sorted({one[:2] for one in told} - {"*-"})
    if len(months) == 1:
        return sorted({int(one.rpartition("-")[2]) for one in told})
    if len(months) != 2 or len(told) != 2:
        return []
    for first, second in (told, told[::-1]):
        month = int(first[:2])
        if int(second[:2]) == month % 12 + 1:
            return [int(first[3:]), int(second[3:]) + monthrange(year, month)[1]]
    return []


def _named_before(text: str, noun: str) -> int:
    """Return how many different 第一党支部, 第二党支部 … the words before a number name."""
    if not re.fullmatch("[\u4e00-\u9fff]{2}", noun):
        return 0
    return len(
        set(re.findall(f"第[一二三四五六七八九十\\d]{{1,2}}[^，。；、第]{{0,4}}?{noun}", text))
    )
