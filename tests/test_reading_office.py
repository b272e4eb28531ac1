"""Old Word and RTF through the LibreOffice of this machine; files come in by the command lines."""

import json
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest
from docx import Document

from drafter.__main__ import main as draft
from index.__main__ import main
from index.library import Library
from index.parse import read_file_bytes
from index.soffice import find_office
from tests.fakes import FakeEmbedder
from tests.library.cases import report_text
from tests.nasty import docx, paragraph, pdf, report_pdf, zipped

office = pytest.mark.office
LINES = ["清源区农业局述职报告", "一、履职情况", "学习12次。"]


def old_word(folder: Path, ending: str, *lines: str) -> bytes:
    """Return a document as LibreOffice saves it in an old format."""
    program = find_office()
    if program is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    source = folder / "source.docx"
    document = Document()
    for line in lines:
        document.add_paragraph(line)
    document.save(str(source))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program, profile, "--headless", "--convert-to", ending, "--outdir"]
    subprocess.run(
        [*command, str(folder), str(source)], check=True, capture_output=True, timeout=180
    )
    return (folder / f"source.{ending}").read_bytes()


@office
@pytest.mark.parametrize("ending", ["doc", "rtf"])
def test_an_old_document_is_read(
    ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = old_word(tmp_path, ending, *LINES)
    scratch = tmp_path / "临时 文件"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    reading = read_file_bytes(f"a.{ending}", data)
    assert reading.text.split() == LINES
    assert not list(scratch.iterdir())
    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    assert str(scratch) not in running.stdout, "LibreOffice is still running"


def odt_with_picture_of(address: str) -> bytes:
    """Return an OpenDocument text that shows a picture from the network."""
    base = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<o:document-content xmlns:o="{base}office:1.0" xmlns:t="{base}text:1.0"'
        f' xmlns:d="{base}drawing:1.0" xmlns:s="{base}svg-compatible:1.0"'
        ' xmlns:x="http://www.w3.org/1999/xlink" o:version="1.2"><o:body><o:text><t:p>学习12次。'
        '<d:frame t:anchor-type="as-char" s:width="3cm" s:height="3cm">'
        f'<d:image x:href="{address}" x:type="simple" x:show="embed" x:actuate="onLoad"/>'
        "</d:frame></t:p></o:text></o:body></o:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.text"
    manifest = (
        f'<m:manifest xmlns:m="{base}manifest:1.0">'
        f'<m:file-entry m:full-path="/" m:media-type="{kind}"/>'
        '<m:file-entry m:full-path="content.xml" m:media-type="text/xml"/></m:manifest>'
    )
    return zipped({"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest})


@office
def test_a_document_cannot_reach_the_network() -> None:
    """With its usual settings LibreOffice 7.4 fetches this picture; with ours it must not."""
    if find_office() is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        port = server.getsockname()[1]
        data = odt_with_picture_of(f"http://127.0.0.1:{port}/a.png")
        assert read_file_bytes("a.odt", data).text == "学习12次。"
        with pytest.raises(TimeoutError):
            server.accept()


def test_the_command_line_shows_a_pdf(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "述职.pdf"
    path.write_bytes(report_pdf())
    assert main(["show", str(path), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert [section["heading"] for section in shown["sections"]] == ["履职情况", "存在问题"]


def test_facts_that_cannot_be_read_stop_the_writing_before_it_begins(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scan = tmp_path / "要点.pdf"
    scan.write_bytes(pdf([[]], picture=True))
    assert draft(["draft", str(scan), "--json", str(tmp_path / "o.json")]) == 1
    said = capsys.readouterr().err.strip()
    assert "扫描件" in said and len(said.splitlines()) == 1


def test_a_library_takes_a_folder_of_all_kinds(tmp_path: Path) -> None:
    folder = tmp_path / "样本"
    folder.mkdir()
    word = docx("".join(map(paragraph, report_text(0).splitlines())))
    (folder / "0.docx").write_bytes(word)
    (folder / "1.zip").write_bytes(zipped({"甲/1.txt": report_text(1), "坏.docx": b"PK\x03\x04"}))
    (folder / "2.txt").write_bytes(report_text(2).encode("gbk"))
    (folder / "扫描.pdf").write_bytes(b"%PDF-1.4\n")
    embedder = FakeEmbedder()
    library = Library(tmp_path / "库", lambda: embedder)
    outcomes = {
        Path(outcome.path).relative_to(folder).as_posix(): outcome.status
        for outcome in library.build([folder]).outcomes
    }
    assert outcomes == {
        "0.docx": "added", "1.zip/甲/1.txt": "added", "1.zip/坏.docx": "failed",
        "2.txt": "added", "扫描.pdf": "failed",
    }  # fmt: skip
    again = {outcome.status for outcome in library.build([folder]).outcomes}
    assert again == {"unchanged", "failed"}


def test_an_uploaded_zip_is_summed_up(tmp_path: Path) -> None:
    embedder = FakeEmbedder()
    library = Library(tmp_path / "库", lambda: embedder)
    data = zipped({"1.txt": report_text(1), "2.txt": report_text(2), "空.txt": b""})
    outcome = library.add_text("包.zip", data)
    assert outcome.status == "added" and outcome.report_id
    assert "导入 2 个，没有导入 1 个" in outcome.message and "空文件" in outcome.message
    assert [one.status for one in library.add_files("包.zip", data)] == [
        "unchanged", "unchanged", "failed",
    ]  # fmt: skip
