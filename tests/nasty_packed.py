"""The corpus of nasty files, second half: Word, PDF, tables, archives."""

import io
import random
import zipfile
from collections.abc import Callable

from tests.nasty import (
    REPORT,
    W,
    body,
    cut,
    docx,
    links,
    lying_zip,
    ole,
    paragraph,
    pdf,
    report_pdf,
    xlsx,
    zipped,
)
from tests.nasty_files import HEAD, Nasty, refused, text

LAUGHS = (
    '<!DOCTYPE a [<!ENTITY a0 "哈">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    + "]>"
)
EXTERNAL = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
# Standard security handler, revision 2 (ISO 32000-1, 7.6.3): no password fits these O and U.
LOCK = f"/Encrypt<</Filter/Standard/V 1/R 2/O<{'41' * 32}>/U<{'42' * 32}>/P -4>>/ID[<01><01>]"
FIB = b"\xec\xa5\xc1\x00" + bytes(6)  # the first bytes of the WordDocument stream
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"


def with_doctype(doctype: str, entity: str) -> Callable[[], bytes]:
    return lambda: _with_document(doctype + body(paragraph(HEAD + entity)))


def _with_document(xml: str) -> bytes:
    return zipped(
        {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": links(("officeDocument", "word/document.xml")),
            "word/document.xml": xml,
        }
    )


def many_elements(count: int) -> bytes:
    """Return a docx of very many paragraphs that does not pack so well as to give it away."""
    random.seed(5)
    ids = (f'<w:p w:rsidR="{random.getrandbits(32):08X}"/>' for _ in range(count))
    return docx("".join(ids) + paragraph(HEAD))


def rows(*values: str) -> str:
    cells = "".join(f'<c t="inlineStr"><is><t>{value}</t></is></c>' for value in values)
    return f"<row>{cells}</row>"


def many_cells(count: int) -> bytes:
    random.seed(5)
    cells = (f"<c><v>{random.getrandbits(20)}</v></c>" * 10 for _ in range(count))
    return xlsx({"表": "".join(f"<row>{cell}</row>" for cell in cells)})


ROW = "<w:tr/>"
PICTURE = "<w:p><w:r><w:drawing/></w:r></w:p>"
DEEP = "<w:sdt>" * 9000 + "</w:sdt>" * 9000
WORD = (
    text("macros", "a.docm", lambda: docx(None, vbaProject="x")),
    text("strict", "a.docx", lambda: _with_document(body(paragraph(HEAD)).replace(W, STRICT))),
    text("5,000 paragraphs", "a.docx", lambda: docx(paragraph(HEAD) * 5000)),
    text("100,000 rows", "a.docx", lambda: docx(f"<w:tbl>{ROW * 10**5}</w:tbl>{paragraph(HEAD)}")),
    text(
        "tables only", "a.docx",
        lambda: docx(f"<w:tbl><w:tr>{f'<w:tc>{paragraph(HEAD)}</w:tc>' * 2}</w:tr></w:tbl>"),
        f"{HEAD}\t{HEAD}",
    ),
    refused("empty document", "a.docx", lambda: docx(""), "没有文字"),
    refused("pictures only", "a.docx", lambda: docx(PICTURE), "文字识别"),
    refused("no document in it", "a.docx", lambda: zipped({"[Content_Types].xml": "<T/>"}), "损坏"),
    refused("broken xml", "a.docx", lambda: docx("<w:p>"), "损坏"),
    refused("9,000 levels deep", "a.docx", lambda: docx(DEEP), "损坏"),
    refused("truncated", "a.docx", lambda: cut(docx(), 0.6), "损坏"),
    refused("only its first bytes", "a.docx", lambda: docx()[:30], "损坏"),
    refused("encrypted docx", "a.docx", lambda: ole({"EncryptedPackage": b"x"}), "加密"),
    refused("encrypted doc", "a.doc", lambda: ole({"WordDocument": FIB + b"\x00\x01"}), "加密"),
    refused("OLE of nothing known", "a.doc", lambda: ole({"Contents": b"x"}), "损坏"),
    refused("OLE cut short", "a.doc", lambda: ole({"WordDocument": FIB})[:40], "损坏"),
    refused("billion laughs", "a.docx", with_doctype(LAUGHS, "&a9;"), "损坏"),
    refused("external entity", "a.docx", with_doctype(EXTERNAL, "&x;"), "损坏"),
    refused("entities in styles", "a.docx", lambda: docx(None, styles=LAUGHS + "<a/>"), "损坏"),
    refused("entities in Word XML", "a.doc",
            lambda: b"<?xml version='1.0'?><!DOCTYPE a><w:wordDocument/>", "损坏"),
    refused("3,000,000 paragraphs", "a.docx", lambda: many_elements(2_600_000), "上限"),
)  # fmt: skip

PDF = (
    text("pdf", "a.pdf", report_pdf),
    text("300 pages", "a.pdf", lambda: report_pdf(300), "研讨4次"),
    text("bytes before its mark", "a.pdf", lambda: b"\x00mail\n" + report_pdf()),
    text("table of places lost", "a.pdf", lambda: report_pdf().replace(b"startxref\n", b"x\n9")),
    refused("pdf without its end", "a.pdf", lambda: cut(report_pdf(), 0.9), "重新下载"),
    refused("scan", "a.pdf", lambda: pdf([[], [], []], picture=True), "扫描件"),
    refused("blank pages", "a.pdf", lambda: pdf([[]]), "没有文字"),
    refused("1,200 pages", "a.pdf", lambda: pdf([[]] * 1200), "1200 页"),
    refused("encrypted pdf", "a.pdf", lambda: report_pdf(1, LOCK), "加密"),
    refused("pdf cut short", "a.pdf", lambda: report_pdf()[:200], "损坏"),
    refused("pdf in name only", "a.pdf", lambda: b"%PDF-1.7\n" + bytes(300), "损坏"),
)

TABLES = (
    text("csv in gbk", "a.csv", lambda: "事项,次数\n讲党课,4\n".encode("gbk"), "讲党课\t4"),
    text("csv with semicolons", "a.csv", lambda: "事项;次数\n讲党课;4\n".encode(), "讲党课\t4"),
    text("csv with line ends in cells", "a.csv", lambda: '"甲\n乙",4\n丙,5'.encode(), "甲；乙\t4"),
    text("tsv in utf-16", "a.csv", lambda: "事项\t次数\n讲党课\t4\n".encode("utf-16"), "讲党课\t4"),
    text("csv with a quote left open", "a.csv", lambda: '"讲党课,4\n研讨,5'.encode(), "讲党课"),
    text("workbook", "a.xlsx", lambda: xlsx({"Sheet1": rows("讲党课", "4次")}), "讲党课\t4次"),
    text("row a million", "a.xlsx",
         lambda: xlsx({"表": rows("讲党课").replace("<c ", '<c r="A1048576" ')}), "讲党课"),
    text("column XFD", "a.xlsx",
         lambda: xlsx({"表": rows("讲党课") + '<row><c r="XFD2"><v>1</v></c></row>'}), "讲党课"),
    text("string that is not there", "a.xlsx",
         lambda: xlsx({"表": rows("讲党课") + '<row><c t="s"><v>99</v></c></row>'}), "讲党课"),
    text("macro workbook", "a.xlsm", lambda: xlsx({"表": rows("讲党课", "4次")}), "讲党课"),
    refused("empty workbook", "a.xlsx", lambda: xlsx({"Sheet1": ""}), "没有文字"),
    refused("250,000 cells", "a.xlsx", lambda: many_cells(25_000), "太大"),
    refused("endless csv", "a.csv", lambda: b"1,2,3,4,5,6,7,8\n" * 30_000, "太大"),
    refused("one endless cell", "a.csv", lambda: b'"' + b"a" * 300_000, "损坏"),
    refused("entities in a workbook", "a.xlsx",
            lambda: xlsx({"表": rows("讲党课")}, styles=f"</styleSheet>{LAUGHS}"), "损坏"),
    refused("old workbook, encrypted", "a.xls", lambda: ole({"EncryptionInfo": b""}), "加密"),
)  # fmt: skip


def locked_zip() -> bytes:
    """Return a zip that says its member is encrypted."""
    data = bytearray(zipped({"a.txt": REPORT}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def nested_zip(depth: int) -> bytes:
    data = zipped({"a.txt": REPORT})
    for _ in range(depth):
        data = zipped({"里.zip": data})
    return data


def gbk_named_zip() -> bytes:
    """Return a zip as Windows makes it: names in GBK, nothing saying so."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo("x" * 10), REPORT)
    return buffer.getvalue().replace(b"x" * 10, "述职.txt".encode("gbk") + b"  ")


def overlapping_zip() -> bytes:
    """Return a zip whose 1,500 entries are all the same bytes of the file."""
    one = zipped({"a.txt": REPORT * 2000})
    start, end = one.index(b"PK\x01\x02"), one.index(b"PK\x05\x06")
    entries = one[start:end] * 1500
    tail = bytearray(one[end:])
    tail[8:12] = (1500).to_bytes(2, "little") * 2
    tail[12:16] = len(entries).to_bytes(4, "little")
    return one[:start] + entries + bytes(tail)


ARCHIVES = (
    refused("zip bomb in a docx", "a.docx",
            lambda: zipped({"word/document.xml": bytes(60 << 20)}), "庞大"),
    refused("zip bomb", "a.zip", lambda: zipped({"a.txt": bytes(90 << 20)}), "庞大"),
    refused("zip that lies about its size", "a.zip",
            lambda: lying_zip("a.txt", b"a" * (64 << 20), 1000), "损坏"),
    refused("overlapping entries", "a.zip", overlapping_zip, "庞大"),
    refused("3,000 entries", "a.zip",
            lambda: zipped({f"{n}.txt": "x" for n in range(3000)}), "庞大"),
    refused("nothing in it", "a.zip", lambda: zipped({}), "空的压缩包"),
    refused("locked member", "a.zip", locked_zip, "加密"),
    refused("four zips deep", "a.zip", lambda: nested_zip(4), "太多层"),
    refused("zip cut short", "a.zip", lambda: cut(zipped({"a.txt": REPORT}), 0.7), "损坏"),
    refused("OFD", "a.ofd", lambda: zipped({"OFD.xml": "<a/>"}), "OFD"),
    refused("book", "a.epub", lambda: zipped({"mimetype": "application/epub+zip"}), "电子书"),
    refused("archive called docx", "a.docx", lambda: zipped({"a.txt": REPORT}), "损坏"),
    text("zip of reports", "a.zip", lambda: zipped({"一/a.txt": REPORT, "b.docx": docx()})),
    text("zip in a zip", "a.zip", lambda: nested_zip(1)),
    text("names in GBK", "a.zip", gbk_named_zip),
    text("way out of the folder", "a.zip", lambda: zipped({"../../../etc/a.txt": REPORT})),
    text("docx called zip", "a.zip", docx),
    text("what systems leave", "a.zip",
         lambda: zipped({"__MACOSX/._a.txt": b"\x00", "Thumbs.db": b"\x01", "a.txt": REPORT})),
)  # fmt: skip

PACKED: tuple[Nasty, ...] = (*WORD, *PDF, *TABLES, *ARCHIVES)
