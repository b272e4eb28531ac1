"""Builders of files as they come in, sound ones and nasty ones, by hand: nothing stored binary."""

import io
import struct
import zipfile
import zlib

from tests.nasty_ole import ole

__all__ = ["REPORT", "body", "cut", "docx", "ole", "paragraph", "pdf", "xlsx", "zipped"]

REPORT = (
    "清源区农业局党支部述职报告\n一、履职情况\n（一）抓学习。全年集中学习12次，研讨4次。\n"
    "二、存在问题\n一是学习不够深入，二是载体不够多。\n"
)
W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = (
    f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="a/xml"/></Types>'
)


def zipped(members: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def links(*targets: tuple[str, str], mode: str = "") -> str:
    items = "".join(
        f'<Relationship Id="r{at}" Type="{R}/{kind}" Target="{target}"{mode}/>'
        for at, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{items}</Relationships>'


def paragraph(text: str, inside: str = "") -> str:
    return f"<w:p>{inside}<w:r><w:t>{text}</w:t></w:r></w:p>"


def body(xml: str) -> str:
    spaces = (
        f'xmlns:w="{W}" xmlns:r="{R}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
        ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        ' xmlns:v="urn:schemas-microsoft-com:vml"'
    )
    return f"<w:document {spaces}><w:body>{xml}</w:body></w:document>"


def docx(xml: str | None = None, **parts: bytes | str) -> bytes:
    """Return a docx whose body is `xml` (REPORT if not given); `parts` by kind: footnotes=…"""
    plain = "".join(map(paragraph, REPORT.splitlines()))
    members: dict[str, bytes | str] = {
        "[Content_Types].xml": TYPES,
        "_rels/.rels": links(("officeDocument", "word/document.xml")),
        "word/document.xml": body(plain if xml is None else xml),
        "word/_rels/document.xml.rels": links(*((kind, _part(kind)) for kind in parts)),
        **{f"word/{_part(kind)}": content for kind, content in parts.items()},
    }
    return zipped(members)


def _part(kind: str) -> str:
    return f"{kind}.bin" if kind == "vbaProject" else f"{kind}.xml"


def xlsx(
    sheets: dict[str, str], strings: tuple[str, ...] = (), styles: str = "", hidden: str = ""
) -> bytes:
    """Return a workbook; each sheet is the XML inside its sheetData."""
    names = "".join(
        f'<sheet name="{name}" sheetId="{at}" r:id="r{at}"'
        f"{' state=' + chr(34) + 'hidden' + chr(34) if name == hidden else ''}/>"
        for at, name in enumerate(sheets, start=1)
    )
    places = [("worksheet", f"worksheets/sheet{at}.xml") for at in range(1, len(sheets) + 1)]
    texts = "".join(f"<si><t>{text}</t></si>" for text in strings)
    return zipped(
        {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": links(("officeDocument", "xl/workbook.xml")),
            "xl/workbook.xml": f'<workbook xmlns="{S}" xmlns:r="{R}"><sheets>{names}</sheets>'
            "</workbook>",
            "xl/_rels/workbook.xml.rels": links(
                *places, ("sharedStrings", "sharedStrings.xml"), ("styles", "styles.xml")
            ),
            "xl/sharedStrings.xml": f'<sst xmlns="{S}">{texts}</sst>',
            "xl/styles.xml": f'<styleSheet xmlns="{S}">{styles}</styleSheet>',
            **{
                f"xl/{place}": f'<worksheet xmlns="{S}"><sheetData>{rows}</sheetData></worksheet>'
                for (_, place), rows in zip(places, sheets.values(), strict=True)
            },
        }
    )


Lines = list[tuple[float, float, float, str]]


def pdf(pages: list[Lines], picture: bool = False, trailer: str = "") -> bytes:
    """Return a PDF of pages of (left, up, size, text); `picture` puts a grey one on each page.

    The font is one of Adobe's names for Chinese that every reader must know (STSong-Light), so that
    no font lies in the file.
    """
    objects = ["", "", "<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H"
               "/DescendantFonts[4 0 R]>>",
               "<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/DW 1000/CIDSystemInfo"
               "<</Registry(Adobe)/Ordering(GB1)/Supplement 4>>/FontDescriptor 5 0 R>>",
               "<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/Ascent 880/Descent -120"
               "/CapHeight 700/ItalicAngle 0/StemV 80/FontBBox[-25 -254 1000 880]>>",
               "<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray"
               "/BitsPerComponent 8/Length 1>>stream\n\x80\nendstream"]  # fmt: skip
    kids = []
    for lines in pages:
        drawn = "".join(
            f"BT/F {size} Tf 1 0 0 1 {left} {up} Tm<{text.encode('utf-16-be').hex()}>Tj ET "
            for left, up, size, text in lines
        ) + ("q 500 0 0 700 50 50 cm/I Do Q" if picture else "")
        objects.append(f"<</Length {len(drawn)}>>stream\n{drawn}\nendstream")
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {len(objects)} 0 R"
            "/Resources<</Font<</F 3 0 R>>/XObject<</I 6 0 R>>>>>>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[0] = "<</Type/Catalog/Pages 2 0 R>>"
    objects[1] = f"<</Type/Pages/Count {len(pages)}/Kids[{' '.join(kids)}]>>"
    return assembled(objects, trailer)


def assembled(objects: list[str], trailer: str) -> bytes:
    """Return the PDF file of these objects, the first being its catalogue."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode("latin-1")
    start = len(out)
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    end = f"trailer<</Size {len(objects) + 1}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF"
    return bytes(out + end.encode())


def report_pdf(pages: int = 1, trailer: str = "") -> bytes:
    """Return REPORT as a PDF, with a page number under each page and 20 lines of prose over it."""
    prose = "坚持每月召开支部委员会研究党建工作压实责任抓好落实形成清单"
    made = []
    for number in range(1, pages + 1):
        lines = [(90.0, 740.0 - 29 * at, 16.0, text) for at, text in enumerate(REPORT.splitlines())]
        lines += [
            (90.0 + (32 if at == 0 else 0), 560.0 - 29 * at, 16.0, prose[: 24 if at == 0 else 26])
            for at in range(14)
        ]
        made.append([*lines, (280.0, 40.0, 14.0, f"— {number} —")])
    return pdf(made, trailer=trailer)


def cut(data: bytes, share: float) -> bytes:
    """Return the first part of a file, as a broken download leaves it."""
    return data[: int(len(data) * share)]


def lying_zip(name: str, content: bytes, told: int) -> bytes:
    """Return a zip whose lists say its one member unpacks to `told` bytes, whatever it does."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(content) + packer.flush()
    raw, crc = name.encode(), zlib.crc32(content)
    common = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, crc, len(packed), told, len(raw), 0)
    local = b"PK\x03\x04" + common + raw + packed
    central = b"PK\x01\x02\x14\x00" + common + struct.pack("<HHHII", 0, 0, 0, 0, 0) + raw
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, 1, 1, len(central), len(local), 0)
    return local + central + end
