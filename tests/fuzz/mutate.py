"""Inputs made wrong: bytes, members of zips, the XML in them, and Chinese text of known pieces."""

import io
import random
import re
import zipfile
import zlib

NUMBERS = (b"0", b"-1", b"1", b"65536", b"2147483648", b"99999999999999999999", b"1e309", b"NaN")
TOKENS = (
    *(b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\n" * 9, b"<", b">", b"&#0;", b"&x;", b"]]>"),
    *(b"<!--", b"<![CDATA[", b"</w:p>", b"<w:p>", b"<w:tbl>", b"\xe2\x80\xae", b"\xe2\x80\x8b"),
    *(b"../", b"%00", b"\\", b'"', b"{", b"[", b"endobj", b"stream\n", b"/Kids", b"PK\x05\x06"),
    *(b"=1+1", b"\xed\xa0\x80", b"\xf0\xa0\x80\x80", b"\xe3\x80\x80"),
)
PIECES = (
    *"一二三四五六七八九十百千万亿零〇两半几多余０１９0123456789%％‰.．,，、。；：:！？…—-－~～·“”《》（）()【】",
    *("\n", "\n\n", "\t", "\u3000", "\u200b", "\ufeff", "\r\n", " ", "|", "#", "*", "- ", "1. "),
    *("一是", "二是", "三是", "第一，", "首先，", "一、", "（一）", "(1)", "①", "1．", "十一、"),
    *("个", "次", "名", "项", "万元", "亿元", "人次", "份", "期", "户", "家", "平方米", "公里"),
    *("百分之", "增长", "同比", "以上", "左右", "约", "近", "不少于", "每季度", "每月", "其中"),
    *("2026年", "2025年3月", "3月5日", "“十四五”", "上半年", "9:30", "1/3", "三分之一", "1.8万"),
    *("单位：", "年度：", "职务：", "问题：", "打算：", "标题：", "报告类型：", "合计", "党支部"),
    *("党组会", "张某某", "松岭区水务局", "主题党日", "存在的问题", "下一步", "原因", "成效"),
    *("习近平新时代中国特色社会主义思想", "党的二十大", "同志", "省委", "召开", "开展", "研究"),
    *("XX", "×××", "某某", "𠀀", "é", "😀", "\ud7ff", "\uf8ff", "㈠", "Ⅻ", "½", "٣", "²"),
)


def text(rng: random.Random, seeds: list[str], most: int = 120) -> str:
    """Return Chinese text of known pieces, or a seed with pieces put in, cut and doubled."""
    parts = [rng.choice(PIECES) for _ in range(rng.randrange(most))]
    if not seeds or rng.random() < 0.4:
        return "".join(parts)
    made = list(rng.choice(seeds))
    for part in parts[: rng.randrange(1, 12)]:
        at = rng.randrange(len(made) + 1)
        match rng.randrange(4):
            case 0:
                made[at:at] = part
            case 1:
                del made[at : at + rng.randrange(1, 9)]
            case 2:
                span = made[at : at + rng.randrange(1, 60)]
                made[at:at] = span * rng.randrange(1, 4)
            case _:
                made[at : at + 1] = part
    return "".join(made)


def raw(rng: random.Random, data: bytes) -> bytes:
    """Return bytes with a few places flipped, cut, doubled or replaced."""
    made = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 3, 5, 9, 30))):
        at = rng.randrange(len(made) + 1)
        match rng.randrange(7):
            case 0 if at < len(made):
                made[at] ^= 1 << rng.randrange(8)
            case 1:
                made[at : at + rng.randrange(1, 5)] = rng.randbytes(rng.randrange(1, 5))
            case 2:
                del made[at : at + rng.choice((1, 2, 8, 64, 512))]
            case 3:
                made[at:at] = rng.choice(TOKENS) * rng.choice((1, 1, 1, 50))
            case 4:
                made[at:at] = made[at : at + rng.choice((4, 32, 256))]
            case 5:
                found = list(re.finditer(rb"\d+", made[at : at + 2000]))
                if found:
                    spot = rng.choice(found)
                    made[at + spot.start() : at + spot.end()] = rng.choice(NUMBERS)
            case _ if rng.random() < 0.1:
                del made[at:]
    return bytes(made)


def markup(rng: random.Random, data: bytes) -> bytes:
    """Return XML or HTML with elements doubled, dropped, exchanged; well formed at times."""
    spots = [match.span() for match in re.finditer(rb"<[^<>]{1,400}>", data)]
    if not spots:
        return raw(rng, data)
    made = data
    for _ in range(rng.randrange(1, 5)):
        start, end = rng.choice(spots)
        tag = data[start:end]
        match rng.randrange(6):
            case 0:
                made = made.replace(tag, b"", 1)
            case 1:
                made = made.replace(tag, tag * rng.choice((2, 3, 300)), 1)
            case 2:
                other = rng.choice(spots)
                made = made.replace(tag, data[other[0] : other[1]], 1)
            case 3:
                value = rng.choice((*NUMBERS, b"", *TOKENS[6:9]))
                made = made.replace(tag, re.sub(rb'"[^"]*"', b'"' + value + b'"', tag, count=1), 1)
            case 4:
                a, b = sorted((start, rng.choice(spots)[1]))
                made = made[:b] + made[a:b] + made[b:] if b - a < 50_000 else made
            case _:
                made = raw(rng, made)
    return made


def archive(rng: random.Random, data: bytes) -> bytes:
    """Return a zip with a member changed, renamed, dropped or doubled; else its bytes changed."""
    if rng.random() < 0.25:
        return raw(rng, data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            held = [(entry.filename, opened.read(entry)) for entry in opened.infolist()]
    except (zipfile.BadZipFile, zlib.error, ValueError, RuntimeError, EOFError, OSError):
        return raw(rng, data)
    made = io.BytesIO()
    chosen = rng.randrange(len(held)) if held else 0
    with zipfile.ZipFile(made, "w", rng.choice((0, 8))) as out:
        for at, (name, content) in enumerate(held):
            if at == chosen or rng.random() < 0.1:
                match rng.randrange(8):
                    case 0:
                        continue
                    case 1:
                        name = rng.choice(("../" + name, "/" + name, name.upper(), held[0][0]))
                    case 2:
                        content = raw(rng, content)
                    case 3:
                        content = rng.choice(held)[1]
                    case _:
                        content = markup(rng, content)
            out.writestr(zipfile.ZipInfo(name), content)
    return raw(rng, made.getvalue()) if rng.random() < 0.05 else made.getvalue()


def any_file(rng: random.Random, data: bytes) -> bytes:
    """Return a file made wrong in the way that reaches furthest into it."""
    if data.startswith(b"PK"):
        return archive(rng, data)
    if b"<" in data[:200] and not data.startswith(b"%PDF") and rng.random() < 0.7:
        return markup(rng, data)
    return raw(rng, data)
