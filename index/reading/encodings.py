"""Bytes to text in the encodings Chinese offices use: UTF-8, UTF-16/32, GB18030, BIG5.

Told apart by byte-order mark, by what decodes, and by which decoding gives everyday characters
(level 1 of GB 2312 and of Big5). Knows nothing of markup.
"""

import re

from index.reading import refusals

_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_HAN = re.compile("[\u4e00-\u9fff]")
_SAMPLE = 200_000  # bytes or characters that are looked at to choose an encoding
_USUAL = 0.8  # share of everyday characters that a right decoding reaches


def decode(name: str, data: bytes) -> str:
    """Return the text; raise UnreadableFile where no encoding makes text of it."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _checked(name, data.decode(encoding, errors="replace"))
    if b"\x00" in data:
        return _checked(name, _wide(name, data))
    try:
        return _checked(name, data.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    # Cut off in the middle of a character, or a stray byte: GB18030 would make it all unreadable.
    loose = data.decode("utf-8", errors="replace")
    if len(_HAN.findall(loose[:_SAMPLE])) >= 10 and _nearly(loose):
        return _checked(name, loose)
    return _checked(name, _double_byte(name, data)).removeprefix("\ufeff")


def _nearly(text: str) -> bool:
    return text.count("\ufffd") <= max(1, len(text) // 200)


def _wide(name: str, data: bytes) -> str:
    """Decode UTF-16 without a byte-order mark, which is known by its Chinese and its ASCII."""
    for encoding in ("utf-16-le", "utf-16-be"):
        text = data[: len(data) // 2 * 2].decode(encoding, errors="replace")
        sample = text[:_SAMPLE]
        known = len(re.findall("[\t\n\r -~\u4e00-\u9fff\u3000-\u303f\uff00-\uffef“”‘’—…·]", sample))
        if known >= 0.95 * len(sample) and (_HAN.search(sample) or encoding == "utf-16-le"):
            return text
    raise refusals.not_text(name)


def _double_byte(name: str, data: bytes) -> str:
    """Decode as GB18030 or BIG5, whichever gives everyday characters."""
    tries = [(data.decode(e, errors="replace"), e) for e in ("gb18030", "big5hkscs")]
    good = [(text, _everyday(text, encoding)) for text, encoding in tries if _nearly(text)]
    if not good:
        raise refusals.not_text(name)
    simplified, share = good[0]
    best, other = max(good, key=lambda one: one[1])
    # Few characters say little: GB18030 stays unless BIG5 is plainly right and it plainly wrong.
    return best if other >= _USUAL > share else simplified


def _everyday(text: str, encoding: str) -> float:
    """Return the share of Chinese characters that are among their standard's everyday ones."""
    found = _HAN.findall(text[:_SAMPLE])
    legacy, first, last = (
        ("gb2312", b"\xb0\xa1", b"\xd7\xf9")
        if encoding == "gb18030"
        else ("big5", b"\xa4\x40", b"\xc6\x7e")
    )
    everyday = [char for char in found if first <= char.encode(legacy, "replace") <= last]
    others = len(re.findall("[\u3400-\u4dbf\ue000-\uf8ff\U00020000-\U0003ffff]", text[:_SAMPLE]))
    return len(everyday) / max(1, len(found) + others)


def _checked(name: str, text: str) -> str:
    """Refuse what decodes but is no text: NUL or more than one control character in fifty."""
    controls = len(re.findall("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ue000-\uf8ff]", text))
    if "\x00" in text or controls > max(2, len(text) // 50):
        raise refusals.not_text(name)
    return text
