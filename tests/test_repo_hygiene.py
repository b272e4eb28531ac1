"""What must never get into the repository: one machine's paths, promises, other people's text.

Files git tracks, and new ones it would; without git (a downloaded archive) nothing can be checked.
"""

import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LONGEST_FILE = 350
COPIED_RUN = 20  # Chinese characters in a row that count as somebody else's sentence
TEXT = {".py", ".md", ".toml", ".txt", ".json", ".jsonl", ".css", ".js", ".bat", ".sh", ".html", ""}

# Wording that belongs to nobody: published formulas of the Party and the genre's fixed phrases.
# They are cut out before texts are compared, in the order given (longer ones first).
# Source: 《中国共产党章程》 (2022), reports to the 18th–20th Congress, documents of the 主题教育.
FORMULAS = (
    "增强政治意识大局意识核心意识看齐意识",
    "坚定道路自信理论自信制度自信文化自信",
    "坚决维护习近平总书记党中央的核心全党的核心地位",
    "坚决维护党中央权威和集中统一领导",
    "习近平总书记系列重要讲话精神",
    "习近平总书记重要讲话和重要指示批示精神",
    "习近平总书记重要讲话精神",
    "习近平新时代中国特色社会主义思想",
    "中国特色社会主义",
    "中国共产党支部工作条例试行",
    "关于新形势下党内政治生活的若干准则",
    "增强四个意识坚定四个自信做到两个维护",
    "不忘初心牢记使命",
    "学党史悟思想办实事开新局",
    "抓基层党建工作述职评议考核",
    "抓基层党建工作述职报告",
    "抓基层党建述职报告",
    "履行全面从严治党主体责任",
    "履行抓基层党建工作",
    "党风廉政建设和反腐败",
    "意识形态工作责任制",
    "基层党组织书记",
    "基层党组织建设",
    "基层党建工作",
    "全面从严治党",
    "党风廉政建设",
    "党的十八大",
    "党的十九大",
    "党的二十大",
    "第一责任人",
    "一岗双责",
    "三会一课",
    "三重一大",
    "民主集中制",
    "两学一做学习教育",
    "党史学习教育",
    "战斗堡垒作用",
    "先锋模范作用",
)


def chinese_only(text: str) -> str:
    """Return the Chinese characters of a text, with the formulas cut out."""
    kept = "".join(re.findall(r"[\u4e00-\u9fff]", text))
    for formula in FORMULAS:
        kept = kept.replace(formula, "|")
    return kept


def runs(text: str) -> Iterator[str]:
    """Yield every run of COPIED_RUN Chinese characters without a formula inside."""
    for part in chinese_only(text).split("|"):
        for start in range(len(part) - COPIED_RUN + 1):
            yield part[start : start + COPIED_RUN]


def copied_runs(text: str, foreign: set[str]) -> list[str]:
    return [run for run in runs(text) if run in foreign]


@cache
def files() -> tuple[Path, ...]:
    """Return all files git tracks or would track."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    command = [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    paths = (ROOT / name for name in listed.decode("utf-8").split("\0") if name)
    return tuple(sorted({path for path in paths if path.is_file()}))


def texts(*suffixes: str) -> Iterator[tuple[str, str]]:
    """Yield (name, text) of the text files; of those with one of `suffixes` when any is given."""
    for path in files():
        if path.suffix in (suffixes or TEXT):
            yield str(path.relative_to(ROOT)), path.read_text(encoding="utf-8", errors="replace")


def lines_with(pattern: str, *suffixes: str) -> list[str]:
    wanted = re.compile(pattern)
    return [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in texts(*suffixes)
        for number, line in enumerate(text.splitlines(), start=1)
        if wanted.search(line)
    ]


def test_no_path_of_one_machine() -> None:
    places = "work|farm|root|tmp/(?:venv|dl|bash_jobs)|opt/(?:wheels|pypi)|Users/[a-z]+"
    found = lines_with(rf"(?<![A-Za-z0-9_.])/(?:{places})\b(?!\|)/?(?![|)])")
    assert not found, "\n".join(found)


def test_no_host_of_a_package_registry() -> None:
    """Which registry serves a machine is that machine's business, not the project's."""
    hosts = [
        "pypi[.]org",
        "pythonhosted[.]org",
        "download[.]pytorch[.]org",
        "npmjs[.]org",
        "deb[.]debian[.]org",
        "tsinghua[.]edu",
        "mirrors?[.](?:aliyun|ustc|163|huaweicloud|tencent)",
    ]
    found = lines_with("|".join(hosts))
    assert not found, "\n".join(found)


def test_no_file_too_long_to_read() -> None:
    lengths = {name: text.count("\n") for name, text in texts(".py")}
    long = {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE}
    assert not long, f"split these, or give a reason here: {long}"


def test_no_promise_left_in_code() -> None:
    words = ["TO" + "DO", "FIX" + "ME", "XX" + "X:", "NotImplemented" + "Error"]
    found = lines_with("|".join(words), ".py", ".toml", ".bat", ".sh")
    assert not found, "\n".join(found)


def test_data_tables_parse_and_name_their_source() -> None:
    wrong = []
    for name, text in texts(".toml"):
        tomllib.loads(text)
        comments = "\n".join(line for line in text.splitlines() if line.startswith("#"))
        is_data = name != "pyproject.toml"
        if is_data and not re.search(r"来源|依据|[Ss]ource|taken from", comments):
            wrong.append(name)
    assert not wrong, f"say in a comment where the content comes from: {wrong}"


def test_a_copied_sentence_is_recognised() -> None:
    sentence = "这是一个专门写来试验能不能认出整句照抄情况的句子，标点不算。"
    foreign = set(runs(sentence))
    assert copied_runs(f"前文。{sentence.replace('，', ' ')}后文。", foreign)
    assert not copied_runs("这是一个专门写来试验的句子。", foreign)
    assert not set(runs("深入学习贯彻习近平新时代中国特色社会主义思想和党的二十大精神"))


def test_no_sentence_of_the_real_reports(shared_reports: tuple[Path, ...]) -> None:
    foreign: set[str] = set()
    for report in shared_reports:
        foreign.update(runs(report.read_text(encoding="utf-8", errors="replace")))
    found = {name: copied_runs(text, foreign)[:3] for name, text in texts()}
    found = {name: copied for name, copied in found.items() if copied}
    assert not found, f"text of somebody else's report: {found}"
