"""Files edited and saved by LibreOffice come back through the page: every edit in its place."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.returning_odt import ODT_EDITS, SAID, WHO, OdtFile
from tests.test_returning_page import Bench, bench  # noqa: F401 - a fixture
from tests.test_ui_outgoing import buttons, do

pytestmark = [pytest.mark.office]
WORD = "docx:MS Word 2007 XML"


class Office:
    """The exported report and what LibreOffice made of it, by what was done to it."""

    def __init__(self, program: str, folder: Path, data: bytes) -> None:
        self.program, self.folder = program, folder
        source = folder / "report.docx"
        source.write_bytes(data)
        for kind in ("odt", "doc", "rtf"):
            self.convert(kind, folder / kind, source)
        self.odt = (folder / "odt" / "report.odt").read_bytes()

    def convert(self, target: str, out: Path, *files: Path) -> None:
        profile = (self.folder / "profile").as_uri()
        command = [
            *(self.program, f"-env:UserInstallation={profile}", "--headless", "--norestore"),
            *("--convert-to", target, "--outdir", str(out), *map(str, files)),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=240)


@pytest.fixture(scope="module")
def edited(bench: Bench, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:  # noqa: F811
    """Return the files LibreOffice saved, by the edit's name."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    folder = tmp_path_factory.mktemp("office")
    page = bench.opened()
    office = Office(program, folder, bench.exported(page))
    files = []
    for edit in ODT_EDITS:
        file = OdtFile(office.odt, bench.state(page))
        edit(file)
        files.append(folder / f"{edit.__name__}.odt")
        files[-1].write_bytes(file.saved())
    for kind in ("doc", "rtf", "docx"):
        files.append(folder / f"as_{kind}.{kind}")
        source = folder / "report.docx" if kind == "docx" else folder / kind / f"report.{kind}"
        shutil.copy(source, files[-1])
    office.convert(WORD, folder / "back", *files)
    return {file.stem: folder / "back" / f"{file.stem}.docx" for file in files}


@pytest.mark.parametrize("edit", ODT_EDITS, ids=lambda edit: edit.__name__)
def test_an_edit_in_libreoffice_comes_back_in_its_place(
    bench: Bench,  # noqa: F811
    edited: dict[str, Path],
    edit: object,
) -> None:
    page = bench.opened()
    before = bench.bytes_of(page)
    wanted = OdtFile(odt_of(edited), bench.state(page))
    edit(wanted)  # type: ignore[operator]
    name = edit.__name__  # type: ignore[attr-defined]
    bench.upload(page, edited[name].read_bytes())
    assert bench.bytes_of(page) == before
    if wanted.state == bench.state(page):
        assert not buttons(page, "take"), "what was only saved anew has no change"
    else:
        do(bench.incoming, page, do="refuse-all")
        assert bench.bytes_of(page) == before
        do(bench.incoming, page, do="relist-return")
        do(bench.incoming, page, do="take-all")
        assert bench.state(page) == wanted.state
        assert not buttons(page, "take")
    assert [said in page.values["returned"] for said in wanted.comments] == [True] * len(
        wanted.comments
    )


def odt_of(edited: dict[str, Path]) -> bytes:
    return (edited["untouched"].parent.parent / "odt" / "report.odt").read_bytes()


@pytest.mark.parametrize("kind", ["doc", "rtf", "docx"])
def test_a_report_saved_in_another_format_has_no_change(
    bench: Bench,  # noqa: F811
    edited: dict[str, Path],
    kind: str,
) -> None:
    page = bench.opened()
    bench.upload(page, edited[f"as_{kind}"].read_bytes())
    assert not buttons(page, "take")


def test_a_tracked_change_of_libreoffice_names_its_author(
    bench: Bench,  # noqa: F811
    edited: dict[str, Path],
) -> None:
    page = bench.opened()
    bench.upload(page, edited["tracked_in"].read_bytes())
    assert f"（{WHO} 2026-11-22）" in page.values["returned"]
    bench.upload(page, edited["commented"].read_bytes())
    assert "<mark>14次</mark>" in page.values["returned"]
    assert SAID in page.values["returned"]
