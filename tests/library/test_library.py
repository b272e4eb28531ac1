"""The library: nothing embedded twice, whole reports only, searched by role and meaning."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.library import Library
from index.library.topics import topic_index
from index.types import BuildProgress, Exemplar, Section
from tests.fakes import FakeEmbedder
from tests.library.cases import CrashingEmbedder, report_text, statuses, topics_of, whole


def test_a_folder_is_imported_and_the_second_time_nothing_is_embedded(
    library: Library, samples: Path, embedder: FakeEmbedder
) -> None:
    steps: list[BuildProgress] = []
    first = library.build([samples], steps.append)
    assert statuses(first.outcomes) == ["added"] * 4
    assert first.embedded == len(embedder.encoded) > 20
    assert (steps[0].done, steps[-1].done, steps[-1].total) == (0, 4, 4)
    assert whole(library)
    second = library.build([samples, samples / "0-述职.txt"])
    assert statuses(second.outcomes) == ["unchanged"] * 4
    assert second.embedded == 0 and len(embedder.encoded) == first.embedded


def test_listing_needs_no_embedder(tmp_path: Path, samples: Path) -> None:
    def refuse() -> FakeEmbedder:
        raise AssertionError("asked for the embedder")

    Library(tmp_path / "库", FakeEmbedder).build([samples])
    library = Library(tmp_path / "库", refuse)
    infos = library.reports()
    assert [info.source for info in infos] == [f"{n}-述职.txt" for n in range(4)]
    assert infos[0].year == 2024 and infos[0].title.startswith("河东街道")
    assert library.report(infos[1].id) == infos[1]
    section = next(library.sections())
    assert library.section(section.id) == section
    assert statuses(library.build([samples]).outcomes) == ["unchanged"] * 4
    library.delete(infos[0].id)
    assert len(library.reports()) == 3


def test_an_empty_library_finds_nothing_and_asks_for_no_embedder(tmp_path: Path) -> None:
    def refuse() -> FakeEmbedder:
        raise AssertionError("asked for the embedder")

    assert Library(tmp_path / "库", refuse).search("党建") == ()


def test_search_finds_the_topic_and_keeps_to_the_role(library: Library, samples: Path) -> None:
    library.build([samples])
    found = library.search("警示教育和廉政谈话，岗位廉政风险", top_k=3)
    assert all("廉政" in (e.section.heading or "") for e in found)
    assert [e.score for e in found] == sorted((e.score for e in found), reverse=True)
    problems = library.search("理论学习", role="问题", top_k=4)
    assert problems and {e.section.role for e in problems} == {"问题"}
    assert library.search("理论学习", role="原因") == ()


def test_search_is_spread_over_reports_and_can_leave_one_out(
    library: Library, samples: Path
) -> None:
    library.build([samples])
    found = library.search("河东街道 理论学习 专题研讨", role="成效", top_k=4)
    assert len({e.section.report for e in found}) >= 3
    out = library.reports()[0].id
    rest = library.search("理论学习", top_k=50, exclude_reports=[out])
    assert out not in {e.section.report for e in rest}


def test_more_than_there_is_and_nothing_at_all_can_be_asked_for(
    library: Library, samples: Path
) -> None:
    library.build([samples])
    everything = library.search("党建", top_k=10_000)
    assert len(everything) == len(list(library.sections()))
    assert len({e.section.id for e in everything}) == len(everything)
    assert library.search("党建", top_k=0) == () and library.search("  ") == ()
    assert len(library.search("党建", top_k=7, mmr=False)) == 7


def test_files_that_cannot_be_read_are_listed_and_the_others_go_on(
    library: Library, samples: Path
) -> None:
    (samples / "1-述职.txt").write_bytes(bytes(range(256)) * 40)
    (samples / "坏.docx").write_bytes(b"PK\x03\x04 broken")
    (samples / "空.txt").write_text("", encoding="utf-8")
    report = library.build([samples, samples / "没有这个.txt"])
    failed = [o for o in report.outcomes if o.status == "failed"]
    assert {Path(o.path).name for o in failed} >= {
        "1-述职.txt",
        "坏.docx",
        "没有这个.txt",
        "空.txt",
    }
    assert all(o.message.endswith("。") and o.report_id is None for o in failed)
    assert statuses(report.outcomes).count("added") == 3
    assert whole(library)


def test_a_near_copy_is_recognised_and_names_the_report_it_copies(
    library: Library, tmp_path: Path, embedder: FakeEmbedder
) -> None:
    first = tmp_path / "原件.txt"
    first.write_text(report_text(0), encoding="utf-8")
    library.build([first])
    count = len(embedder.encoded)
    copy = report_text(0).replace("2024年度", "2025 年度").replace("一是", "首先，")
    outcome = library.add_text("抄件.txt", copy.encode("gb18030"))
    assert outcome.status == "duplicate" and "原件.txt" in outcome.message
    assert len(library.reports()) == 1 and len(embedder.encoded) == count
    assert library.add_text("另一份.txt", report_text(1).encode()).status == "added"


def test_a_file_changed_at_its_path_replaces_its_old_self(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "述职.txt"
    path.write_text(report_text(0), encoding="utf-8")
    (tmp_path / "后来.txt").write_text(report_text(2), encoding="utf-8")
    library.build([path, tmp_path / "后来.txt"])
    path.write_text(report_text(0) + "四、表态\n坚决完成各项任务。\n", encoding="utf-8")
    (outcome,) = library.build([path]).outcomes
    assert outcome.status == "added" and "替换" in outcome.message
    path.write_text(report_text(5), encoding="utf-8")
    (outcome,) = library.build([path]).outcomes
    assert outcome.status == "added"
    assert [info.source for info in library.reports()] == ["述职.txt", "后来.txt"]
    assert whole(library)


def test_two_uploads_of_one_name_are_two_reports(library: Library) -> None:
    assert library.add_text("述职.txt", report_text(0).encode()).status == "added"
    assert library.add_text("述职.txt", report_text(1).encode()).status == "added"
    assert len(library.reports()) == 2


def test_a_report_deleted_and_added_again_is_not_embedded_again(
    library: Library, embedder: FakeEmbedder
) -> None:
    outcome = library.add_text("甲.txt", report_text(0).encode())
    assert outcome.report_id
    sections = [s.id for s in library.sections()]
    library.delete(outcome.report_id)
    assert library.reports() == () and library.search("党建") == ()
    count = len(embedder.encoded)
    library.add_text("甲.txt", report_text(0).encode())
    assert len(embedder.encoded) == count
    assert [s.id for s in library.sections()] == sections, "ids are stable"


def test_a_crash_in_the_middle_leaves_whole_reports_only(tmp_path: Path, samples: Path) -> None:
    crashing = Library(tmp_path / "库", lambda: CrashingEmbedder("城南学校"))
    with pytest.raises(MemoryError):
        crashing.build([samples])
    crashing.close()
    embedder = FakeEmbedder()
    library = Library(tmp_path / "库", lambda: embedder)
    assert [info.source for info in library.reports()] == ["0-述职.txt", "1-述职.txt"]
    assert whole(library) and library.search("理论学习")
    report = library.build([samples])
    assert statuses(report.outcomes) == ["unchanged", "unchanged", "added", "added"]
    assert not any("河东街道" in text for text in embedder.encoded)


def test_topics_bring_forward_sections_on_the_same_matter(
    tmp_path: Path, samples: Path, embedder: FakeEmbedder
) -> None:
    by_topic = Library(tmp_path / "库", lambda: embedder, topics_of)
    by_topic.build([samples])
    plain = Library(tmp_path / "库", lambda: embedder)
    # In wording it is close to 青山镇's sections whatever they are about; it is about one thing.
    query = "青山镇做法见实效\n青山镇把换届列入考核；青山镇做法见实效，青山镇列入考核。"
    found, before = (lib.search(query, "成效", 4, mmr=False) for lib in (by_topic, plain))
    assert found[0].section.heading == "抓实组织建设"

    def share(exemplars: Sequence[Exemplar]) -> int:
        return sum(e.section.heading == "抓实组织建设" for e in exemplars)

    assert share(found) > share(before)
    assert all(-1 <= e.score <= 1 for e in found)
    assert [e.score for e in found] == sorted((e.score for e in found), reverse=True)


def test_an_excluded_report_has_no_say_in_the_order_of_the_others(
    tmp_path: Path, samples: Path, embedder: FakeEmbedder
) -> None:
    library = Library(tmp_path / "库", lambda: embedder, topics_of)
    library.build([samples])
    own = library.reports()[0].id
    # The report's own sections: nothing else in the library comes near them in wording.
    queries = [f"{s.heading}\n{s.text}" for s in library.sections() if s.report == own and s.text]
    excluded = [library.search(query, None, 1, (own,))[0].section.id for query in queries]
    library.delete(own)
    assert excluded == [library.search(query, None, 1)[0].section.id for query in queries]


def test_topics_that_say_nothing_change_nothing(
    tmp_path: Path, samples: Path, embedder: FakeEmbedder
) -> None:
    silent = Library(tmp_path / "库", lambda: embedder, lambda text: {})
    silent.build([samples])
    plain = Library(tmp_path / "库", lambda: embedder)
    for query in ("理论学习中心组", "与样本毫无关系的话", "抓实服务群众\n走访困难居民"):
        assert silent.search(query, None, 10) == plain.search(query, None, 10)


def test_a_section_without_topic_words_is_known_by_its_kin() -> None:
    kin = [["学习"], ["廉政"]]
    sections = [
        Section(f"s{i}", "r", None, None, "成效", 2, "" if i == 0 else kin[i % 2][0], ())
        for i in range(24)
    ]
    vectors = np.eye(2, dtype=np.float32)[[i % 2 for i in range(24)]]
    index = topic_index(sections, topics_of, vectors, np.zeros_like(vectors))
    closeness = index.closeness("学习", np.zeros(24, np.float32))
    assert closeness is not None
    assert closeness[0] > closeness[1], "its neighbours are about learning, so is it"
    by_neighbours = index.closeness("无关的话", vectors[:, 1])
    assert by_neighbours is not None and by_neighbours[1] > by_neighbours[2]
    assert index.closeness("无关的话", np.zeros(24, np.float32)) is None


@settings(max_examples=40)
@given(st.lists(st.text("学习廉政群众支部责任走", max_size=12), min_size=1, max_size=40))
def test_closeness_of_topics_stays_between_minus_one_and_one(texts: list[str]) -> None:
    sections = [
        Section(f"s{i}", "r", None, text[:3] or None, "成效", 2, text, ())
        for i, text in enumerate(texts)
    ]
    vectors = FakeEmbedder().encode_document(texts)
    index = topic_index(sections, topics_of, vectors, np.zeros_like(vectors))
    closeness = index.closeness("学习廉政", vectors @ vectors[0])
    if closeness is not None:
        assert closeness.shape == (len(texts),) and float(np.abs(closeness).max()) <= 1.0001
