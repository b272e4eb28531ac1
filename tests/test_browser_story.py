"""The whole story in a real Chromium: paste, plan, draft, regenerate, compare, edit, export.

The real server, the real small model, the real library. With DRAFTER_SCREENSHOTS=1 the pictures of
docs/screenshots are made anew.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from index.embed import default_weights
from tests.conftest import ROOT, verified
from tests.egress import attempts, recorded

pytestmark = [pytest.mark.browser, pytest.mark.model]

SCREENSHOTS = ROOT / "docs" / "screenshots"
BROKEN_OFF = re.compile("AbortError|Connection errored out|Failed to fetch|ERR_ABORTED")
PASTE = """单位：松岭区水务局
职务：党组书记
年度：2026
1. 召开党组会研究党建工作12次，其中专题研究基层党建4次
2. 党组理论学习中心组集体学习10次、专题研讨4次
3. 8个党支部全部完成标准化建设验收，其中3个被评为区级示范支部
4. 组织党员干部巡河1860人次，发现并整改河道问题143个
5. 问题：抽查的8个支部中有2个会议记录过于简单
6. 打算：每季度到不少于2个支部开展现场指导
"""
WRITING_SECONDS = 400
FIRST = "#card-2"  # the first （一）; cards 0 and 1 are 导语 and the heading above it


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def address(models_dir: Path, small_model: Path, own_home: Path, tmp_path: Path) -> Iterator[str]:
    """Run app.py as a person does, with an empty home and the small model."""
    verified(models_dir, default_weights())
    port = free_port()
    environment = {
        **os.environ,
        "DRAFTER_HOME": str(own_home),
        "DRAFTER_MODELS": str(models_dir),
        "DRAFTER_MODEL": "qwen2.5-coder-0.5b",
    }
    outward = tmp_path / "egress.txt"
    installed = os.environ.get("DRAFTER_INSTALLED")  # where tools/prove_bundle.sh installed it
    starter = [str(Path(installed, "启动拟稿台.sh"))] if installed else None
    program = starter or [sys.executable, "app.py"]
    log = (tmp_path / "server.log").open("w", encoding="utf-8")
    server = subprocess.Popen(
        [*program, "--no-browser", "--port", str(port)],
        cwd=ROOT,
        env=recorded(environment, outward),
        stdout=log,
        stderr=subprocess.STDOUT,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        wait_until_up(url, server, tmp_path / "server.log")
        yield url
    finally:
        server.terminate()
        server.wait(timeout=20)
        log.close()
        written = (tmp_path / "server.log").read_text(encoding="utf-8")
    assert "Traceback" not in written, written
    # An installed program takes no code of ours from outside, so nothing watches it from within:
    # where it is tried there is no route.
    assert installed or attempts(outward) == []


def wait_until_up(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text(encoding="utf-8")
        try:
            with urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail("the page did not come up within a minute")


@pytest.fixture
def page(address: str) -> Iterator[Any]:
    """Open the page in Chromium; nothing may leave 127.0.0.1 and the console stays clean."""
    playwright = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("no chromium here")
    outside: list[str] = []
    errors: list[str] = []
    with playwright.sync_playwright() as run:
        browser = run.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"],
        )
        context = browser.new_context(
            viewport={"width": 1920, "height": 1080}, locale="en-US", accept_downloads=True
        )
        context.set_default_timeout(60_000)
        context.add_init_script("localStorage.setItem('drafter-tour', 'done')")

        def watch(route: Any) -> None:
            if route.request.url.startswith((address, "data:", "blob:")):
                route.continue_()
            else:
                outside.append(route.request.url)
                route.abort()

        context.route("**/*", watch)
        opened = context.new_page()
        leaving = [False]

        def tell(said: str) -> None:
            # A page that is left breaks off what it was asking: Gradio logs that as an error.
            if not (leaving[0] and BROKEN_OFF.search(said)):
                errors.append(said)

        def going(request: Any) -> None:
            if request.is_navigation_request() and request.frame == opened.main_frame:
                leaving[0] = True

        opened.on("request", going)
        opened.on("domcontentloaded", lambda _: leaving.__setitem__(0, False))
        opened.on("console", lambda said: tell(said.text) if said.type == "error" else None)
        opened.on("pageerror", lambda error: tell(str(error)))
        opened.goto(address)
        opened.locator("#saved .saved").wait_for()
        yield opened
        browser.close()
    assert outside == []
    assert errors == []


def shot(page: Any, name: str) -> None:
    if os.environ.get("DRAFTER_SCREENSHOTS") == "1":
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        page.wait_for_timeout(400)
        page.screenshot(path=SCREENSHOTS / f"{name}.png")


def texts(page: Any) -> list[str]:
    """Return what all editors hold, in the report's order."""
    return [str(box.input_value()) for box in page.locator(".editor textarea").all()]


def editor(page: Any, card: str) -> Any:
    return page.locator(f"{card} .editor textarea")


def wait_for_idle(page: Any) -> None:
    page.locator("[data-busy]").wait_for(state="detached", timeout=WRITING_SECONDS * 1000)


def wait_until_saved(page: Any) -> None:
    """Wait for the save that follows typing, and let the place it holds become free."""
    page.wait_for_timeout(1800)


def type_chinese(page: Any, pieces: list[tuple[str, str]]) -> None:
    """Type as an input method does: spelling on screen first, then the characters."""
    client = page.context.new_cdp_session(page)
    for spelling, characters in pieces:
        for end in range(1, len(spelling) + 1):
            client.send(
                "Input.imeSetComposition",
                {"text": spelling[:end], "selectionStart": end, "selectionEnd": end},
            )
            page.wait_for_timeout(30)
        client.send("Input.insertText", {"text": characters})
        page.wait_for_timeout(60)


def open_evidence(page: Any, name: str) -> Any:
    page.locator(f"#ev-tabs button[role=tab][data-tab-id={name}]").click()
    return page.locator(f"#ev_{name}")


def test_from_paste_to_word(page: Any, tmp_path: Path) -> None:
    arrange(page)
    draft(page)
    regenerate_one(page)
    compare_with_exemplars(page)
    edit_and_reload(page)
    restore_from_history(page)
    export_to_word(page, tmp_path)


def arrange(page: Any) -> None:
    shot(page, "01-开始")
    page.locator("#paste textarea").fill(PASTE)
    page.locator("#arrange").click()
    page.locator(".fact").first.wait_for()
    assert page.locator(".fact").count() == 6
    assert "松岭区水务局" in page.locator("#title textarea, #title input").first.input_value()
    assert page.locator(".card").count() >= 6
    assert re.search(r"doc=\d+", page.url)
    shot(page, "02-提纲")
    # Move a fact by hand, and back.
    fact = page.locator(".fact").nth(3)
    fact.locator("summary").click()
    before = fact.locator(".chip").inner_text()
    fact.locator("select").select_option("")
    fact.locator("[data-do=move-fact]").click()
    page.locator(".fact.unplaced").wait_for()
    fact.locator("summary").click()
    fact.locator("select").select_option(index=0)
    fact.locator("[data-do=move-fact]").click()
    page.locator(".fact.unplaced").wait_for(state="detached")
    assert "→" in before


def draft(page: Any) -> None:
    page.locator("#write_all").click()
    page.locator(".live").first.wait_for(timeout=WRITING_SECONDS * 1000)
    shot(page, "03-生成中")
    wait_for_idle(page)
    page.wait_for_timeout(800)
    assert page.locator(".live").count() == 0
    whole = "\n".join(texts(page))
    for number in ("12次", "10次", "1860人次", "143个", "不少于2个"):
        assert number in whole
    assert page.locator(".fact.lost, .fact.open").count() == 0
    shot(page, "04-全文")


def regenerate_one(page: Any) -> None:
    before = texts(page)
    page.locator(f"{FIRST} .card-head .number").click()
    page.locator(f"{FIRST} [data-do=rewrite]").click()
    page.locator(f"{FIRST} .candidate").wait_for(timeout=WRITING_SECONDS * 1000)
    wait_for_idle(page)
    assert texts(page) == before, "a candidate must not touch any text"
    shot(page, "05-候选对比")
    page.locator(f"{FIRST} [data-do=accept]").click()
    page.locator(f"{FIRST} .candidate").wait_for(state="detached")
    wait_until_saved(page)
    after = texts(page)
    assert [a for i, a in enumerate(after) if i != 2] == [b for i, b in enumerate(before) if i != 2]


def compare_with_exemplars(page: Any) -> None:
    page.locator(f"{FIRST} .card-head .number").click()
    panel = open_evidence(page, "exemplars")
    panel.locator(".exemplar").first.wait_for(timeout=120_000)
    assert panel.locator(".exemplar").count() >= 2
    assert panel.locator(".role-成效").count() >= 2
    assert "相似" in panel.locator(".score").first.inner_text()
    shot(page, "06-范例对照")
    assert "F1" in open_evidence(page, "facts").inner_text()
    shot(page, "07-本节要点")


def edit_and_reload(page: Any) -> None:
    box = editor(page, FIRST)
    box.click()
    box.press("Control+End")
    type_chinese(page, [("dangjian", "党建"), ("gongzuo", "工作"), ("zhashi", "扎实")])
    box.press("Backspace")
    wait_until_saved(page)
    box.press("Control+End")
    page.keyboard.insert_text("，本单位新增9999个事项。")  # a paste, and a number no fact has
    wait_until_saved(page)
    typed = box.input_value()
    assert typed.endswith("党建工作扎，本单位新增9999个事项。")
    panel = open_evidence(page, "issues")
    panel.locator(".finding", has_text="9999").first.wait_for()
    shot(page, "08-修改与问题")
    others = texts(page)
    page.reload()
    page.locator(f"{FIRST} .card-head").wait_for()
    page.wait_for_timeout(1500)
    assert texts(page) == others
    assert editor(page, FIRST).input_value() == typed


def restore_from_history(page: Any) -> None:
    page.locator(f"{FIRST} .card-head .number").click()
    page.locator(f"{FIRST} [data-do=history]").click()
    panel = page.locator("#ev_history")
    panel.locator(".version.model").first.wait_for()
    edited = editor(page, FIRST).input_value()
    shot(page, "09-历史")
    panel.locator(".version.model [data-do=restore]").first.click()
    page.locator(".message", has_text="已恢复").wait_for()
    wait_until_saved(page)
    restored = editor(page, FIRST).input_value()
    assert restored != edited
    assert "9999" not in restored
    # The edited text is still there, and comes back the same way.
    again = panel.locator(".version.human", has_text="9999").filter(
        has=page.locator("[data-do=restore]")
    )
    again.locator("[data-do=restore]").first.click()
    deadline = time.monotonic() + 30  # the field follows when the server has answered
    while editor(page, FIRST).input_value() != edited and time.monotonic() < deadline:
        page.wait_for_timeout(100)
    wait_until_saved(page)
    assert editor(page, FIRST).input_value() == edited


def export_to_word(page: Any, tmp_path: Path) -> None:
    import docx

    with page.expect_download() as waiting:
        page.locator("#export_docx").click()
    path = tmp_path / "report.docx"
    waiting.value.save_as(path)
    assert waiting.value.suggested_filename.endswith(".docx")
    exported = "\n".join(paragraph.text for paragraph in docx.Document(str(path)).paragraphs)
    assert "9999个事项" in exported
    assert page.locator("#title textarea, #title input").first.input_value() in exported
    shot(page, "10-导出")
    page.locator("#message [data-close]").click()
    page.set_viewport_size({"width": 1366, "height": 768})
    shot(page, "11-小屏幕")
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.locator("#main > .tab-wrapper button[role=tab][data-tab-id=library]").click()
    page.locator("table.reports [data-do=show]").first.click()
    page.locator("#parsed h4").first.wait_for()
    page.locator("#query textarea, #query input").first.fill("推动支部标准化建设")
    page.locator("#search").click()
    page.locator("#hits .exemplar").first.wait_for()
    shot(page, "12-样本库")
    page.locator("#main > .tab-wrapper button[role=tab][data-tab-id=settings]").click()
    page.locator("#standing_long .ready").first.wait_for()
    shot(page, "13-设置")
    page.locator("#main > .tab-wrapper button[role=tab][data-tab-id=help]").click()
    shot(page, "14-帮助")
