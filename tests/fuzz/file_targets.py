"""The readers of files: reports, facts, the returned Word file, templates, packages of all work.

Product code runs most of them in a process of its own, where whatever is not foreseen becomes a
refusal. Here they run in this process, which is a hundred times faster; what is not foreseen is run
again the product's way, and only what that does not turn into a refusal is a find. `INNER` counts
the others, so that none of them is overlooked.
"""

import contextlib
import io
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

from drafter.export.docx import WordChoice, docx_of, to_docx
from drafter.export.layout import paragraphs_of_text
from drafter.fact_files import fill, read_fact_file
from drafter.packing import pack, unpack
from drafter.returning import compare, read_bounded, read_edited
from drafter.store import Store
from drafter.templates import learn, look_into
from index.errors import UnreadableFile, UserFacingError
from index.parse import read_each_bytes, read_file_bytes
from index.reading.archive import members
from index.reading.extract import text_of
from index.reading.kinds import kind_of
from index.reading.package import Package
from index.reading.types import Request
from index.split import parse_report
from tests.export_cases import REPORT
from tests.fuzz.mutate import any_file, archive, raw
from tests.fuzz.types import Target
from tests.nasty import REPORT as WORDS
from tests.nasty import cut, docx, report_pdf, xlsx, zipped
from tests.nasty_files import ENCODINGS, PAGE, WRONG_ENDINGS
from tests.nasty_packed import ARCHIVES, PDF, TABLES, WORD, rows

# Failures inside a reader that the process around it turns into a refusal, by kind and place.
INNER: Counter[str] = Counter()
BIG = 200_000  # a seed larger than this makes slow and similar inputs


def inside(run: Callable[[], object], outside: Callable[[], object]) -> None:
    """Run a reader here; what it does not foresee, as the product runs it."""
    try:
        run()
    except UserFacingError:
        raise
    except (MemoryError, RecursionError):
        INNER["too much"] += 1
    except Exception as error:  # noqa: BLE001 - this is what fuzzing looks for
        trace = error.__traceback__
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        where = trace.tb_frame.f_code.co_filename.rpartition("/")[2] if trace else ""
        INNER[f"{type(error).__name__} {where}:{trace.tb_lineno if trace else 0}"] += 1
        outside()


def reading(name: str) -> Callable[[bytes], None]:
    """Return the reading of a report and of facts from a file of this name."""

    def run(data: bytes) -> None:
        kind = kind_of(name, data)
        if kind in ("empty", "picture", "packed", "text"):
            parse_report(read_file_bytes(name, data).text)
            fill("1. 开展1次\n", [read_fact_file(name, data)])
            return
        for rows_wanted in (False, True):
            with tempfile.TemporaryDirectory() as folder:
                request = Request("text", name, kind, rows_wanted, folder)
                inside(lambda r=request: text_of(r, data), lambda: read_file_bytes(name, data))  # type: ignore[misc]

    return run


def packed_reports(data: bytes) -> None:
    if kind_of("a.zip", data) != "zip":
        return
    inside(
        lambda: list(members(Package("a.zip", data))), lambda: list(read_each_bytes("a.zip", data))
    )


def as_served(data: bytes) -> None:
    """The whole way of an upload, process and all; the name is in the first line."""
    name, _, content = data.partition(b"\n")
    for reading_ in read_each_bytes(name.decode("utf-8", "replace")[:40], content):
        parse_report(reading_.text)
    read_fact_file("事实.xlsx", content)
    read_bounded("稿.docx", content)


def returned(data: bytes) -> None:
    inside(
        lambda: compare(REPORT, read_edited("稿.docx", data)),
        lambda: read_bounded("稿.docx", data),
    )
    with contextlib.suppress(UnreadableFile, MemoryError, RecursionError):
        compare(REPORT, read_edited("稿.docx", data))  # this half runs in the page's process


def template(data: bytes) -> None:
    inside(lambda: look_into("模板.docx", data), lambda: learn("模板.docx", data))


def exported_on(data: bytes) -> None:
    """A template that was taken is used in the page's process: it must export then."""
    look_into("模板.docx", data)
    docx_of(paragraphs_of_text("正文。"), WordChoice(template=data))


def package(data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "全部.zip"
        source.write_bytes(data)
        home = Path(folder) / "家"
        unpack(home, source)
        Store(home / "drafts.db").close()


@cache
def packed_home() -> bytes:
    """Return a package of a home with one document."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "家"
        store = Store(home / "drafts.db")
        store.create_document("年度述职报告")
        store.close()
        (home / "templates").mkdir()
        (home / "templates" / "abc-本单位.dotx").write_bytes(docx())
        pack(home, Path(folder) / "全部.zip")
        return (Path(folder) / "全部.zip").read_bytes()


def _small(*groups: tuple[object, ...]) -> list[tuple[str, bytes]]:
    made = [(nasty.name, nasty.make()) for group in groups for nasty in group]  # type: ignore[attr-defined]
    return [(name, data) for name, data in made if data and _size(data) < BIG]


def _size(data: bytes) -> int:
    """Return how much a file holds, a zip once it is unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as opened:
            return len(data) + sum(entry.file_size for entry in opened.infolist())
    except zipfile.BadZipFile:
        return len(data)


def file_targets() -> tuple[Target, ...]:
    """Return the targets that take files."""
    word = tuple(data for name, data in _small(WORD) if data.startswith(b"PK"))
    report = to_docx(REPORT)
    table = xlsx({"事实": rows("事项", "次数") + rows("党组会", "12")}, ("党组会",))
    sheets = (table, *(d for _, d in _small(TABLES) if d.startswith(b"PK")))
    pdfs = (report_pdf(), *(d for _, d in _small(PDF) if b"%PDF" in d[:1024]))
    texts = tuple(d for n, d in _small(ENCODINGS, WRONG_ENDINGS) if not d.startswith(b"PK"))
    zips = (zipped({"一/a.txt": WORDS, "b.docx": docx()}), *(d for _, d in _small(ARCHIVES)))
    mht = (
        b'MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n--x\nContent-Type: '
        b'text/html; charset="utf-8"\nContent-Transfer-Encoding: quoted-printable\n\n'
        + PAGE.encode() + b"\n--x--\n"
    )  # fmt: skip
    served = tuple(
        name.encode() + b"\n" + data
        for name, data in [
            *_small(WORD, PDF, TABLES, ARCHIVES, ENCODINGS),
            ("半.docx", cut(report, 0.6)),
        ]
    )  # fmt: skip
    page = (PAGE.encode(), ("<table><tr><td colspan=3>次数<td>12</table>" + PAGE).encode("gbk"))
    csv = "事项,次数\n党组会,12\n主题党日,十二\n合计,24\n"
    return (
        Target("docx", (report, docx(), *word), any_file, reading("a.docx"), 30),
        Target("xlsx", sheets, any_file, reading("a.xlsx"), 30),
        Target("csv", (csv.encode(), csv.encode("gbk")), raw, reading("a.csv")),
        Target("pdf", pdfs, raw, reading("a.pdf"), 30),
        Target("html", page, any_file, reading("a.html")),
        Target("mht", (mht,), any_file, reading("a.mht")),
        Target("text", texts, raw, reading("a.txt")),
        Target("markdown", (("# 标题\n" + WORDS).encode(),), raw, reading("a.md")),
        Target("zip", zips, archive, packed_reports, 30),
        Target("returned", (report, docx(), *word), any_file, returned, 30, 2),
        Target("template", (report, docx()), any_file, template, 30),
        Target("template_export", (report, docx()), any_file, exported_on, 30),
        Target("package", (packed_home(),), archive, package, 20),
        Target("as_served", served, any_file, as_served, 120, 1.5),
    )
