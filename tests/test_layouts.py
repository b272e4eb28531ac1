"""The office's own templates: kept, chosen, used by every export, removed, and never by a path."""

import io
from pathlib import Path

import docx
import pytest

from drafter.errors import ExportError, InputError
from drafter.export import to_docx
from drafter.export.docx import WordChoice
from drafter.export.template import MAX_TEMPLATE_BYTES
from drafter.layouts import MOST_TEMPLATES, Layouts
from drafter.returning import compare, read_edited
from drafter.returning.surroundings import without_surroundings
from drafter.store import Store
from tests.export_cases import REPORT
from tests.test_export_template import office_template
from tests.test_handing import edited


@pytest.fixture
def folder(own_home: Path) -> Path:
    return own_home / "templates"


@pytest.fixture
def layouts(own_home: Path, folder: Path) -> Layouts:
    return Layouts(Store(own_home / "drafts.db"), folder)


def numbered_template(number: int) -> bytes:
    """Return a good template that differs from those of other numbers."""
    document = docx.Document()
    document.add_paragraph(f"第{number}种")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_template_is_kept_chosen_and_used(layouts: Layouts, own_home: Path, folder: Path) -> None:
    data = office_template()
    kept = layouts.add_template("某局公文模板.dotx", data)
    assert layouts.chosen() == (kept.layout, "")
    assert layouts.offered()[-1] == ("模板：某局公文模板", kept.layout)
    again = Layouts(Store(own_home / "drafts.db"), folder)
    assert again.choice() == WordChoice("gbt9704", "", data)
    document = docx.Document(io.BytesIO(to_docx(REPORT, again.choice())))
    assert document.sections[0].header.paragraphs[0].text == "某某局文件"


def test_the_same_file_twice_is_one_template(layouts: Layouts) -> None:
    data = office_template()
    first = layouts.add_template("甲.dotx", data)
    layouts.choose("wide", "Times New Roman")
    second = layouts.add_template("乙.dotx", data)
    assert (first, [first]) == (second, list(layouts.templates()))
    assert layouts.chosen() == (first.layout, "Times New Roman")


def test_what_a_template_gives_is_told(layouts: Layouts) -> None:
    report = layouts.report(layouts.add_template("甲.dotx", office_template()))
    assert report is not None
    assert report.has_place
    assert "二级标题" not in report.added and "成文日期" in report.added
    bare = layouts.report(layouts.add_template("乙.docx", numbered_template(1)))
    assert bare is not None and not bare.has_place


def test_what_a_template_puts_around_the_report_is_no_edit_of_it(layouts: Layouts) -> None:
    layouts.add_template("乙.docx", numbered_template(1))
    layouts.add_template("甲.dotx", office_template())
    sent = to_docx(REPORT, layouts.choice())
    read = read_edited("稿.docx", sent)
    assert not compare(REPORT, read).is_unchanged
    assert compare(REPORT, without_surroundings(read, layouts.surroundings())).is_unchanged
    changed = read_edited("稿.docx", edited(sent, "抄送：某某科", "抄送：另一科"))
    left = without_surroundings(changed, layouts.surroundings())
    assert left.lines[0].text == REPORT.title
    assert left.lines[-1].text == "抄送：另一科", "what somebody changed is shown"
    plain = read_edited("稿.docx", to_docx(REPORT))
    assert without_surroundings(plain, layouts.surroundings()) == plain


def test_a_removed_template_is_gone_and_the_standard_takes_its_place(
    layouts: Layouts, folder: Path
) -> None:
    kept = layouts.add_template("甲.dotx", office_template())
    assert layouts.remove_template(kept.key) == "甲"
    assert not list(folder.iterdir())
    assert layouts.chosen() == ("gbt9704", "")
    assert layouts.choice().template is None
    with pytest.raises(InputError, match="已经不在"):
        layouts.remove_template(kept.key)
    with pytest.raises(ExportError, match="已经不在"):
        layouts.choose(kept.layout)


def test_a_template_taken_away_by_hand_does_not_stop_the_export(
    layouts: Layouts, folder: Path
) -> None:
    layouts.add_template("甲.dotx", office_template())
    next(folder.iterdir()).unlink()
    assert layouts.choice() == WordChoice()


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"nothing", "已损坏"), (office_template()[:900], "已损坏"), (b"", "已损坏")],
)
def test_a_broken_template_is_refused_and_nothing_kept(
    layouts: Layouts, folder: Path, data: bytes, said: str
) -> None:
    with pytest.raises(ExportError, match=said):
        layouts.add_template("坏.dotx", data)
    assert not folder.exists()
    assert layouts.chosen() == ("gbt9704", "")


def test_size_and_number_of_templates_have_bounds(layouts: Layouts) -> None:
    with pytest.raises(InputError, match="20 MB"):
        layouts.add_template("大.dotx", bytes(MAX_TEMPLATE_BYTES + 1))
    for number in range(MOST_TEMPLATES):
        layouts.add_template(f"{number}.docx", numbered_template(number))
    with pytest.raises(InputError, match="先删除"):
        layouts.add_template("多.docx", numbered_template(MOST_TEMPLATES))
    assert len(layouts.templates()) == MOST_TEMPLATES


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("某局.dotx", "某局"),
        ("../../etc/cron.docx", "etccron"),
        ("C:\\Windows\\a.DOTX", "CWindowsa"),
        ("", "本单位模板"),
        ("..", "本单位模板"),
        ("甲" * 300 + ".dotx", "甲" * 40),
        ("\x00\n坏<名>.dotx", "坏名"),
    ],
)
def test_no_name_leads_out_of_the_folder(
    layouts: Layouts, folder: Path, name: str, label: str
) -> None:
    kept = layouts.add_template(name, office_template())
    assert kept.label == label
    assert kept.path.parent == folder and kept.path.exists()
    assert layouts.templates() == (kept,)


@pytest.mark.parametrize("layout", ["template:../../drafts", "template:", "../wide", "template:x"])
def test_no_layout_of_a_client_is_a_path(layouts: Layouts, layout: str) -> None:
    with pytest.raises(ExportError):
        layouts.choose(layout)
    with pytest.raises(InputError):
        layouts.remove_template(layout)


def test_other_files_in_the_folder_are_not_templates(layouts: Layouts, folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "说明.txt").write_text("放模板的地方")
    (folder / "0123456789ab-半份.part").write_bytes(b"")
    assert layouts.templates() == ()
