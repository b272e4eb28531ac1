"""本单位 style in the library: kept as it stands, first among equals, behind what is closer."""

import sqlite3
from pathlib import Path

import pytest

from index.errors import UserFacingError
from index.library import Library, OwnPart
from index.library.own import BONUS
from index.library.schema import STEPS
from index.types import Section
from tests.fakes import FakeEmbedder
from tests.library.cases import whole

EQUAL = "召开党组会研究党建工作，签订责任书，逐级压实支部书记责任。"
REPORT = f"某局党组书记2025年度抓基层党建工作述职报告\n一、工作成效\n（一）压实党建责任。{EQUAL}\n"
FAR = "组织党员到敬老院打扫卫生，清理楼道杂物，修剪花木。"


def part(key: str = "S2", text: str = EQUAL, heading: str = "压实党建责任") -> OwnPart:
    return OwnPart(key, "（一）", heading, "成效", 2, text)


def ids(found: tuple[Section, ...]) -> list[str]:
    return [section.id for section in found]


def test_what_is_kept_is_listed_searched_and_taken_out(library: Library) -> None:
    report = library.keep_own("draft-3", "某街道2026年述职报告", [part()])
    assert report is not None
    assert (report.year, report.sections) == (2026, 1)
    assert report.id in library.own_reports()
    assert whole(library)
    assert library.search("党组会研究党建", "成效")[0].section.report == report.id
    assert library.parsed(report.id).sections[0].subsections[0].text == EQUAL
    assert library.keep_own("draft-3", "某街道2026年述职报告", []) is None
    assert library.reports() == ()


def test_keeping_again_replaces_and_a_section_keeps_its_id_and_bullets(library: Library) -> None:
    library.keep_own("draft-3", "述职报告", [part("S2"), part("S4", FAR, "服务群众")])
    kept = ids(library.kept_own("draft-3"))
    for section in kept:
        library.put_pair(section, 0, ["党组会"], "召开党组会。", "model")
    library.keep_own(
        "draft-3", "述职报告", [part("S1", "新的一节。"), part("S2"), part("S4", "改了。")]
    )
    assert ids(library.kept_own("draft-3"))[1:] == kept
    assert library.pair(kept[0], 0) == ("党组会",)
    assert library.pair(kept[1], 0) is None, "the bullets of another text"


def test_two_documents_may_keep_the_same_words(library: Library) -> None:
    first = library.keep_own("draft-1", "述职报告", [part()])
    second = library.keep_own("draft-2", "述职报告", [part()])
    assert first is not None and second is not None
    assert first.id != second.id


def test_a_rebuild_keeps_roles_and_ids_as_they_were_written(library: Library) -> None:
    odd = OwnPart("S9", None, None, "原因", 1, "（一）这不是标题。根子在我重业务、轻党建。")
    library.keep_own("draft-3", "述职报告", [odd])
    before = library.kept_own("draft-3")
    library.rebuild()
    assert library.kept_own("draft-3") == before
    assert library.own_reports() == {before[0].report}


def test_the_own_unit_comes_first_among_equals(library: Library) -> None:
    (other,) = library.add_files("a.txt", REPORT.encode())
    library.keep_own("draft-3", "述职报告", [part()])
    library.add_files("b.txt", REPORT.replace(EQUAL, FAR).replace("压实党建责任", "服务").encode())
    for asked in ("压实党建责任\n" + EQUAL, EQUAL):
        first = library.search(asked, "成效", 3)[0]
        assert first.section.report != other.report_id
    library.set_own(next(iter(library.own_reports())), False)
    assert library.own_reports() == frozenset()


def test_the_own_unit_never_beats_a_much_closer_one(library: Library) -> None:
    (close,) = library.add_files("a.txt", REPORT.encode())
    library.keep_own("draft-3", "述职报告", [part(text=FAR, heading="服务群众")])
    for mmr in (True, False):
        found = library.search("压实党建责任\n" + EQUAL, "成效", 3, mmr=mmr)
        assert found[0].section.report == close.report_id


def test_the_bonus_is_in_the_order_and_not_in_the_score(library: Library) -> None:
    library.add_files("a.txt", REPORT.encode())
    kept = library.keep_own("draft-3", "述职报告", [part(text=EQUAL + "还听取汇报。")])
    assert kept is not None
    asked = "压实党建责任\n" + EQUAL
    with_mark = {e.section.id: e.score for e in library.search(asked, "成效", 5)}
    library.set_own(kept.id, False)
    assert with_mark == {e.section.id: e.score for e in library.search(asked, "成效", 5)}
    assert 0 < BONUS < 0.2


def test_sections_left_out_of_a_search_make_room_for_the_next(library: Library) -> None:
    library.add_files("a.txt", REPORT.encode())
    library.keep_own("draft-3", "述职报告", [part()])
    first, second = library.search(EQUAL, "成效", 2)
    left = library.search(EQUAL, "成效", 2, exclude_sections=[first.section.id])
    assert [e.section.id for e in left] == [second.section.id]


def test_a_library_of_the_version_before_is_brought_up_to_date(tmp_path: Path) -> None:
    folder = tmp_path / "库"
    before = Library(tmp_path / "今", FakeEmbedder)
    before.add_files("a.txt", REPORT.encode())
    before.close()
    folder.mkdir()
    with sqlite3.connect(folder / "library.db") as connection:
        STEPS[0](connection)
        connection.execute("ATTACH ? AS new", (str(tmp_path / "今" / "library.db"),))
        for table in ("reports", "sections", "vectors"):
            columns = [row[1] for row in connection.execute(f"PRAGMA main.table_info({table})")]
            names = ", ".join(columns)
            connection.execute(
                f"INSERT INTO main.{table} ({names}) SELECT {names} FROM new.{table}"  # noqa: S608
            )
        connection.execute("PRAGMA user_version = 1")
    connection.close()
    library = Library(folder, FakeEmbedder)
    assert library.own_reports() == frozenset()
    library.set_own(library.reports()[0].id, True)
    assert len(library.own_reports()) == 1


def test_a_mark_stays_when_a_file_comes_anew_and_an_unknown_report_is_told(
    library: Library, tmp_path: Path
) -> None:
    path = tmp_path / "去年.txt"
    path.write_text(REPORT, encoding="utf-8")
    library.build([path])
    library.set_own(library.reports()[0].id, True)
    path.write_text(REPORT + "（二）服务群众。" + FAR * 3, encoding="utf-8")
    library.build([path])
    assert library.own_reports() == {library.reports()[0].id}
    with pytest.raises(UserFacingError):
        library.set_own("gone", True)
