"""The corpus of nasty files, first half: encodings and wrong endings.

Each file comes with what must come of it: words of its text, or words of its Chinese refusal.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tests.nasty import REPORT, docx, ole, report_pdf

HEAD = "清源区农业局党支部述职报告"
PAGE = f"<html><body><script>坏</script><p>{HEAD}</p><p>一、履职情况</p></body></html>"


@dataclass(frozen=True, slots=True)
class Nasty:
    """A file: what its text must hold, or (`refused`) what its refusal must say."""

    label: str
    name: str
    make: Callable[[], bytes]
    text: str = ""
    refused: str = ""


def text(label: str, name: str, make: Callable[[], bytes], expected: str = HEAD) -> Nasty:
    return Nasty(label, name, make, text=expected)


def refused(label: str, name: str, make: Callable[[], bytes], said: str) -> Nasty:
    return Nasty(label, name, make, refused=said)


def encoded(encoding: str, bom: bytes = b"", words: str = REPORT) -> Callable[[], bytes]:
    return lambda: bom + words.encode(encoding)


TRADITIONAL = "清源區農業局黨支部述職報告\n一、履職情況\n全年集中學習12次，研討4次。\n" * 3

ENCODINGS = (
    text("utf-8", "a.txt", encoded("utf-8")),
    text("utf-8 with BOM", "a.txt", encoded("utf-8-sig")),
    text("gbk", "a.txt", encoded("gbk")),
    text("gb18030 with its BOM", "a.txt", encoded("gb18030", b"\x84\x31\x95\x33")),
    text("gb18030, four bytes", "a.txt", encoded("gb18030", words=REPORT + "㐀𠀀")),
    text("utf-16 with BOM", "a.txt", encoded("utf-16")),
    text("utf-16-le without BOM", "a.txt", encoded("utf-16-le")),
    text("utf-16-be without BOM", "a.txt", encoded("utf-16-be")),
    text("utf-32 with BOM", "a.txt", encoded("utf-32")),
    text("big5", "a.txt", encoded("big5", words=TRADITIONAL), "清源區農業局黨支部"),
    text("traditional in gbk", "a.txt", encoded("gbk", words=TRADITIONAL), "清源區農業局黨支部"),
    text("old Mac line ends", "a.txt", lambda: REPORT.replace("\n", "\r").encode()),
    text("utf-8 cut in a character", "a.txt", lambda: (REPORT * 3).encode()[:-2]),
    text("gbk cut in a character", "a.txt", lambda: (REPORT * 3 + "汇").encode("gbk")[:-1]),
    text("gbk with a stray byte", "a.txt", lambda: (REPORT * 9).encode("gbk") + b"\xff\n"),
    text("markdown in gbk", "a.md", lambda: f"# {HEAD}\n".encode("gbk")),
    refused("empty", "a.txt", lambda: b"", "空文件"),
    refused("blank", "a.txt", lambda: "\ufeff \n\u3000\n".encode(), "没有文字"),
    refused("random bytes", "a.txt", lambda: bytes(range(256)) * 40, "编码"),
    refused("NULs", "a.txt", lambda: bytes(4000), "编码"),
    refused("control characters", "a.txt", lambda: bytes(range(1, 32)) * 99, "编码"),
)

WRONG_ENDINGS = (
    text("docx called txt", "a.txt", docx),
    text("docx called doc", "a.doc", docx),
    text("docx called pdf", "a.pdf", docx),
    text("docx without an ending", "述职报告", docx),
    text("pdf called docx", "a.docx", report_pdf),
    text("text called doc", "a.doc", encoded("gbk")),
    text("text called docx", "a.docx", encoded("utf-8")),
    text("web page called doc", "a.doc", lambda: PAGE.encode("gbk")),
    text("web page called wps in utf-16", "a.wps", lambda: PAGE.encode("utf-16")),
    text(
        "mht called doc",
        "a.doc",
        lambda: (
            b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\n"
            b'Content-Type: text/html; charset="utf-8"\nContent-Transfer-Encoding: 8bit\n\n'
            + PAGE.encode()
            + b"\n--x--\n"
        ),
    ),
    text("table page called xls", "a.xls", lambda: b"<table><tr><td>" + HEAD.encode("gbk")),
    text(
        "csv called xlsx", "a.xlsx", lambda: f"{HEAD},12\n讲党课,4\n".encode("gbk"), HEAD + "\t12"
    ),
    refused("picture called docx", "a.docx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(99), "图片"),
    refused("jpeg", "扫描.jpg", lambda: b"\xff\xd8\xff\xe0" + bytes(99), "文字识别"),
    refused("program called docx", "a.docx", lambda: b"MZ" + bytes(999), "损坏"),
    refused("few words called docx", "a.docx", lambda: b"this is no archive", "损坏"),
    refused("rar called zip", "a.zip", lambda: b"Rar!\x1a\x07\x00" + bytes(99), "解压"),
    refused("slides", "a.docx", lambda: ole({"PowerPoint Document": b"x"}), "演示文稿"),
    refused("xml", "a.xml", lambda: b"<?xml version='1.0'?><a>" + HEAD.encode(), "XML"),
)
