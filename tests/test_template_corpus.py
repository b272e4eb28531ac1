"""A template may be anything: it is used or refused in Chinese, quickly, and never in the page."""

import io
import random
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from drafter.errors import ExportError, UserFacingError
from drafter.export.template_parts import MAX_XML_BYTES, read_parts
from drafter.layouts import Layouts
from drafter.returning import read_bounded
from drafter.store import Store
from drafter.templates import learn, learned_of, written
from index.parse import read_text_bytes
from tests.nasty import docx as plain_docx
from tests.nasty_packed import ARCHIVES, DEEP, LAUGHS, WORD
from tests.test_export_template import office_template

STYLES = "word/styles.xml"


def with_part(name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a good template in which one part was changed."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(office_template())) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.namelist():
            part = old.read(entry)
            new.writestr(entry, change(part) if entry == name else part)
    return out.getvalue()


def with_inside(name: str, more: bytes) -> bytes:
    """Return a good template with more before the end of one part's root."""
    return with_part(name, lambda part: part[: (end := part.rindex(b"</"))] + more + part[end:])


def dense(count: int) -> bytes:
    """Return XML that does not pack so well as to give it away."""
    random.seed(7)
    return b"".join(b'<w:style w:styleId="%08x"/>' % random.getrandbits(32) for _ in range(count))


BAD: dict[str, Callable[[], bytes]] = {
    "8,000,000 styles": lambda: with_inside(STYLES, b"<w:style/>" * 8_000_000),
    "9,000,000 paragraphs": lambda: with_inside("word/document.xml", b"<w:p/>" * 9_000_000),
    "a part of 11 MB": lambda: with_inside("word/settings.xml", dense(MAX_XML_BYTES // 30 + 9999)),
    "9,000 levels": lambda: with_inside(STYLES, DEEP.encode()),
    "entities": lambda: with_part(STYLES, lambda _: f"{LAUGHS}<a>&a9;</a>".encode()),
    "entities in UTF-16": lambda: with_part(
        STYLES, lambda _: f"{LAUGHS}<a>&a9;</a>".encode("utf-16")
    ),
    "entities in the head of a page": lambda: with_part(
        "word/header1.xml", lambda _: f"{LAUGHS}<a>&a9;</a>".encode("utf-16-be")
    ),
}


@pytest.mark.parametrize("make", BAD.values(), ids=BAD.keys())
def test_what_would_take_long_is_refused_at_once(make: Callable[[], bytes]) -> None:
    data = make()
    began = time.process_time()
    with pytest.raises(ExportError) as refused:
        learn("弹.dotx", data)
    assert "另存为" in refused.value.hint
    with pytest.raises(ExportError):
        from drafter.export.template import template_report

        template_report(data)
    assert time.process_time() - began < 5


@pytest.mark.parametrize("file", (*WORD, *ARCHIVES), ids=lambda file: file.label)
def test_the_corpus_of_nasty_files_breaks_no_template(
    file: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = file.make()  # type: ignore[attr-defined]
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    try:
        read_parts(data)
    except ExportError as refused:
        assert "模板" in refused.message and refused.hint
        return
    try:
        learned = learn("模板.dotx", data)
    except ExportError as refused:
        assert refused.hint
    else:
        assert learned_of(written(learned)) == learned
    assert not list(tmp_path.iterdir())


def test_the_page_reads_a_template_once_and_remembers(
    own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layouts = Layouts(Store(own_home / "drafts.db"), own_home / "templates")
    kept = layouts.add_template("某局.dotx", office_template())

    def again(*_: object) -> None:
        raise AssertionError("it is known")

    monkeypatch.setattr("drafter.layouts.learn", again)
    fresh = Layouts(Store(own_home / "drafts.db"), own_home / "templates")
    assert fresh.choice().template == kept.path.read_bytes()
    assert (report := fresh.report(kept)) is not None and report.has_place
    assert fresh.surroundings()[0].behind == ("抄送：某某科",)


def test_a_file_put_among_the_templates_by_hand_is_looked_into_first(own_home: Path) -> None:
    folder = own_home / "templates"
    folder.mkdir(parents=True)
    (folder / "0123456789ab-外来.dotx").write_bytes(with_inside(STYLES, b"<w:style/>" * 8_000_000))
    layouts = Layouts(Store(own_home / "drafts.db"), folder)
    (kept,) = layouts.templates()
    assert layouts.report(kept) is None
    assert layouts.surroundings() == ()
    layouts.choose(kept.layout)
    with pytest.raises(ExportError, match="庞大"):
        layouts.choice()


def test_the_process_answers_even_where_the_file_kills_it() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "drafter.templates"],
        input=b'"a.dotx"\n' + b"PK\x03\x04nothing",
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0
    assert b"unusable" in done.stdout


@pytest.mark.parametrize("make", [BAD["8,000,000 styles"], BAD["9,000,000 paragraphs"]])
def test_the_same_files_are_refused_as_reports(make: Callable[[], bytes]) -> None:
    for read in (read_bounded, read_text_bytes):
        with pytest.raises(UserFacingError):
            read("弹.docx", make())


def test_a_plain_docx_of_the_corpus_is_no_template() -> None:
    with pytest.raises(ExportError, match="不是 Word 文件"):
        learn("a.docx", plain_docx())
