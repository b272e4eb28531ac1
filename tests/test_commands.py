"""The command line that scripts depend on: its outputs, its statuses, its one-line errors."""

import json
from pathlib import Path

import pytest
from docx import Document

from drafter.__main__ import main

FACTS = "- 召开党组会研究党建工作13次\n- 与8个支部签订责任书8份，每季度听取一次汇报\n"


@pytest.fixture
def facts(tmp_path: Path) -> Path:
    path = tmp_path / "要 点.md"
    path.write_text(FACTS, encoding="utf-8")
    return path


def draft_file(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "稿子.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_faithful_draft_passes(facts: Path, tmp_path: Path) -> None:
    text = "召开党组会研究党建工作13次，与8个支部签订责任书8份，每季度听取一次汇报。"
    assert main(["check", str(draft_file(tmp_path, text)), "--facts", str(facts)]) == 0


def test_an_invented_number_fails_and_is_named(
    facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "召开党组会研究党建工作13次，走访56户，与8个支部签订责任书8份，每季度听取一次汇报。"
    path = draft_file(tmp_path, text)
    assert main(["check", str(path), "--facts", str(facts), "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert [(f["check"], f["text"]) for f in found if f["severity"] == "error"] == [
        ("untraced_number", "56户")
    ]


def test_a_batch_gives_one_line_for_one_case(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cases.jsonl"
    cases = [
        {"id": "好", "year": 2026, "facts": ["讲党课4次"], "draft": "讲党课4次。"},
        {"id": "坏", "year": 2026, "facts": ["每季度讲党课"], "draft": "每月讲党课。"},
    ]
    path.write_text("\n".join(json.dumps(c, ensure_ascii=False) for c in cases), encoding="utf-8")
    assert main(["check", "--batch", str(path)]) == 1
    good, bad = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert good == {"id": "好", "findings": []}
    assert bad["id"] == "坏"
    assert {"check", "severity", "text", "message"} == set(bad["findings"][0])
    assert "changed_qualifier" in {f["check"] for f in bad["findings"]}


def test_a_bad_case_is_named_by_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "cases.jsonl"
    path.write_text('{"id": 1, "facts": [], "draft": "甲"}\n{"id": 2}\n', encoding="utf-8")
    assert main(["check", "--batch", str(path)]) == 1
    assert "第 2 行" in capsys.readouterr().err


def test_a_drafted_result_exports_to_word(tmp_path: Path) -> None:
    made = {
        "title": "述职报告",
        "year": 2026,
        "sections": [
            {"heading": "履职情况", "level": 1, "role": "成效", "text": ""},
            {"heading": "压实责任", "level": 2, "role": "成效", "text": "召开党组会13次。"},
        ],
    }
    source, out = tmp_path / "稿.json", tmp_path / "稿.docx"
    source.write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
    assert main(["export", str(source), "-o", str(out)]) == 0
    texts = [paragraph.text for paragraph in Document(str(out)).paragraphs]
    assert "述职报告" in texts[0]
    assert any("召开党组会13次" in text for text in texts)


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["draft", "没有.md"], 1, "找不到文件"),
        (["draft"], 2, "缺少参数"),
        (["model", "get", "没有这个模型"], 1, "没有这个模型"),
        (["check"], 2, "没有指定"),
        (["飞"], 2, "可选"),
    ],
)
def test_errors_are_one_chinese_line_with_the_next_step(
    arguments: list[str], status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = main(arguments)
    except SystemExit as stop:
        code = int(str(stop.code))
    err = capsys.readouterr().err.strip()
    assert code == status
    assert said in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "空"),
        ("\n".join(f"- 第{n}项活动{n}次" for n in range(5000)), "条"),
        ("开展活动" * 50_000, "字"),
    ],
)
def test_unusable_facts_are_refused_before_any_model_is_asked_for(
    text: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "要点.md"
    path.write_text(text, encoding="utf-8")
    out = tmp_path / "out.json"
    assert main(["draft", str(path), "--json", str(out)]) == 1
    assert said in capsys.readouterr().err
    assert not out.exists()


def test_no_place_for_the_output_is_said_first(
    facts: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["draft", str(facts), "--json", str(tmp_path / "无" / "o.json")]) == 1
    assert "输出位置" in capsys.readouterr().err


@pytest.mark.model
def test_a_whole_report_from_a_file_with_the_small_model(
    small_model: Path, models_dir: Path, tmp_path: Path
) -> None:
    sheet = tmp_path / "要点.md"
    sheet.write_text(
        "单位：云岭区城市管理局\n职务：党组书记\n年度：2026\n" + FACTS
        + "- 问题：个别支部会议记录照抄文件\n- 打算：每季度到不少于3个支部开展现场指导\n",
        encoding="utf-8",
    )  # fmt: skip
    samples = tmp_path / "样本"
    samples.mkdir()
    (samples / "一.txt").write_text(
        "某局党组书记述职报告\n2025年，我认真履职，现报告如下。\n一、履职情况\n（一）压实责任\n"
        "一是定好任务单。年初召开党组会×次专题研究党建，与支部签订责任书×份，逐项写明时限。"
        "二是常问常督。每季度听取支部书记汇报×次，当面指出问题，限期改正。\n",
        encoding="utf-8",
    )
    out, word = tmp_path / "o.json", tmp_path / "o.docx"
    arguments = ["--model", str(small_model), "--library", str(samples)]
    assert main(["draft", str(sheet), *arguments, "--json", str(out), "-o", str(word)]) == 0
    made = json.loads(out.read_text(encoding="utf-8"))
    assert {fact["status"] for fact in made["facts"]} <= {"used", "merged"}
    body = "".join(section["text"] for section in made["sections"])
    for anchor in ("13次", "8份", "每季度", "不少于3个"):
        assert anchor in body
    assert not [f for f in made["findings"] if f["severity"] == "error"]
    assert word.stat().st_size > 5000


def test_a_batch_takes_each_fact_as_it_stands(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = ["单位：某局", "开展主题党日12次；讲党课4次。"]
    path = tmp_path / "cases.jsonl"
    case = {"id": 1, "year": 2026, "facts": facts, "draft": "单位：某局\u2028开展主题党日12次。"}
    path.write_text(
        json.dumps(case, ensure_ascii=False)
        + "\n"
        + json.dumps({"id": 2, "year": 2026, "facts": ["讲党课4次"], "draft": ""}),
        encoding="utf-8",
    )
    assert main(["check", "--batch", str(path)]) == 1
    lines = capsys.readouterr().out.split("\n")
    dropped = [f["text"] for f in json.loads(lines[0])["findings"] if f["check"] == "dropped_fact"]
    assert dropped == [facts[1]]
    assert [f["text"] for f in json.loads(lines[1])["findings"]] == ["讲党课4次"]
