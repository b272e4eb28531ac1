"""Two people at one server, over HTTP: nothing without a session, nothing of another's with one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from drafter.ui.shared import cache_of
from tests.access_cases import ADDRESS, ONE, SECRETS, TWO, House, Visitor, file_of, log_in, opened

MINE = "甲方的要点：召开党组会研究党建工作12次。"
SAMPLE = "甲方留存的样本\n\n一、主要成效\n（一）抓实机关学习。全年集体学习10次，专题研讨4次。\n"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DRAFTER_HOME", str(tmp_path_factory.mktemp("home") / "拟稿 台"))
        patch.setenv("GRADIO_ANALYTICS_ENABLED", "False")
        patch.setenv("GRADIO_TEMP_DIR", "")  # set by make_app; put back afterwards
        from index.home import home

        two = House(home())
        yield two
        two.close()


@pytest.fixture(scope="module")
def client(house: House) -> Iterator[Any]:
    with opened(house) as client:
        yield client


@pytest.fixture(scope="module")
def one(client: Any) -> Visitor:
    return Visitor(client, ONE)


@pytest.fixture(scope="module")
def two(client: Any) -> Visitor:
    return Visitor(client, TWO)


@pytest.fixture(autouse=True)
def own_home(client: Any) -> None:
    """The home is the module's here, not a test's own."""
    client.cookies.clear()


EVERY_KIND = (
    *("/config", "/gradio_api/info", "/gradio_api/queue/data?session_hash=x", "/theme.css"),
    *("/gradio_api/heartbeat/x", "/gradio_api/file=/etc/passwd", "/gradio_api/upload_progress"),
    *("/assets/index.js", "/static/img/logo.svg", "/favicon.ico", "/session", "/none/such"),
    *("/gradio_api/startup-events", "/gradio_api/app_id", "/manifest.json", "//", "/login/"),
)


@pytest.mark.parametrize("path", EVERY_KIND)
def test_without_a_session_no_path_answers(client: Any, path: str) -> None:
    answer = client.get(ADDRESS + path)
    assert answer.status_code == 401
    assert answer.headers["x-drafter-login"] == "required"


@pytest.mark.parametrize("path", ["queue/join", "upload", "cancel", "reset", "queue/data"])
def test_without_a_session_nothing_is_taken(client: Any, path: str) -> None:
    answer = client.post(f"/gradio_api/{path}", content=b"{}")
    assert answer.status_code == 401


def test_the_page_without_a_session_leads_to_the_form(client: Any) -> None:
    answer = client.get("/?doc=3")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?onward=/%3Fdoc%3D3"
    form = client.get(answer.headers["location"])
    assert 'lang="zh-CN"' in form.text
    assert 'value="/?doc=3"' in form.text
    assert "http://" not in form.text
    assert "https://" not in form.text
    assert "default-src 'none'" in form.headers["content-security-policy"]


def test_a_link_on_another_site_needs_no_second_login(client: Any) -> None:
    """It comes without the cookie; from a page of our own the browser sends it."""
    elsewhere = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    elsewhere |= {"sec-fetch-dest": "document"}
    first = client.get("/login?onward=/%3Fdoc%3D3", headers=elsewhere)
    assert "url=/login?onward=/%3Fdoc%3D3" in first.text
    assert "<form" not in first.text
    own = {**elsewhere, "sec-fetch-site": "same-origin"}
    assert "<form" in client.get("/login?onward=/%3Fdoc%3D3", headers=own).text


def test_the_form_leads_nowhere_else_and_escapes(client: Any) -> None:
    for evil in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"):
        assert log_in(client, ONE, onward=evil).headers["location"] == "/"
        client.cookies.clear()
    shown = client.post("/login", data={"name": '"><script>x</script>', "password": "no"})
    assert shown.status_code == 401
    assert "<script>" not in shown.text


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: Any) -> None:
    made = log_in(client, ONE).headers["set-cookie"]
    token = made.partition(";")[0].partition("=")[2]
    assert len(token) >= 43  # 256 bits in base64
    for wanted in ("HttpOnly", "SameSite=Strict", "Path=/", "Max-Age="):
        assert wanted in made
    assert "Secure" not in made  # this one is served without TLS


def test_somebody_else_at_the_same_browser_ends_the_first_ones_session(client: Any) -> None:
    first = log_in(client, ONE).headers["set-cookie"].partition(";")[0]
    said = {"name": TWO, "password": SECRETS[TWO]}
    client.cookies.clear()
    assert client.get("/login", headers={"cookie": first}).headers["location"] == "/"
    second = client.post("/login", data=said, headers={"cookie": first})
    assert second.status_code == 303
    client.cookies.clear()
    assert client.get("/session", headers={"cookie": first}).status_code == 401


def test_logging_out_ends_the_session(client: Any) -> None:
    cookie = log_in(client, TWO).headers["set-cookie"].partition(";")[0]
    client.cookies.clear()
    assert client.get("/session", headers={"cookie": cookie}).status_code == 200
    out = client.post("/logout", headers={"cookie": cookie})
    assert out.headers["location"] == "/login"
    assert "Max-Age=0" in out.headers["set-cookie"]
    assert client.get("/session", headers={"cookie": cookie}).status_code == 401


def test_a_page_of_another_person_is_not_served_by_my_session(one: Visitor, client: Any) -> None:
    headers = {"cookie": one.cookie, "x-drafter-person": "2"}
    answer = client.post("/gradio_api/queue/join", headers=headers, content=b"{}")
    assert answer.status_code == 401
    assert answer.headers["x-drafter-login"] == "other"


def test_documents_are_each_ones_own(house: House, one: Visitor, two: Visitor) -> None:
    one.tell("new", "click")
    doc = str(house.chief.documents()[0].id)
    assert "saved" in one.tell("paste", "change", doc_id=doc, paste=MINE)
    assert house.chief.paste(int(doc)) == MINE
    for _ in range(3):  # a document of the same number, if there is one, is one's own
        assert "甲方" not in two.tell("new", "click")
    assert "甲方" not in two.tell("docs", "input", docs=doc)
    two.tell("paste", "change", doc_id=doc, paste="乙方自己的。")
    assert house.chief.paste(int(doc)) == MINE
    assert (house.roster.path.parent / "users" / "2" / "drafts.db").exists()


def test_the_page_is_served_with_ones_own_document(
    house: House, one: Visitor, two: Visitor, client: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("drafter.ui.server.HOLD_SECONDS", 30.0)
    doc = house.chief.documents()[0].id
    house.chief.save_paste(doc, MINE)
    opening = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    for cookie, holds in ((one.cookie, True), (two.cookie, False), ("", False)):
        answer = client.get(f"/?doc={doc}", headers={**opening, "cookie": cookie})
        assert (MINE in answer.text) is holds
        assert answer.headers["cache-control"] == "no-store"


def test_a_stream_is_its_own_pages_only(house: House, one: Visitor, two: Visitor) -> None:
    doc = str(house.chief.documents()[0].id)
    one.tell("arrange", "click", doc_id=doc, paste=MINE, outline="")
    assert one.ask("write_all", "click", doc_id=doc, selected="", offset="0").status_code == 200
    overheard = two.get(f"/gradio_api/queue/data?session_hash={one.session}")
    assert "process_" not in overheard.text
    assert "党组会" not in overheard.text
    assert "书写进度" in one.hear()
    assert "党组会" in "".join(state.section.text for state in house.chief.sections(int(doc)))


def test_uploads_and_exports_are_each_ones_own(house: House, one: Visitor, two: Visitor) -> None:
    doc = str(house.chief.documents()[0].id)
    sample = one.upload("甲方.txt", SAMPLE.encode())
    told = one.tell("export_txt", "click", doc_id=doc)
    folder = cache_of(house.roster.person(ONE))
    export = next((folder / "exports").rglob("*.txt"), None)
    assert export is not None, told
    assert export.name in told
    for path in (sample, str(export)):
        assert one.get(f"/gradio_api/file={path}").status_code == 200
        refused = two.get(f"/gradio_api/file={path}")
        assert refused.status_code >= 400
        assert "甲方" not in refused.text
        around = f"{cache_of(house.roster.person(TWO))}/../user-1/{Path(path).name}"
        assert two.get(f"/gradio_api/file={around}").status_code >= 400
        # Named as if uploaded by this page.
        asked = two.ask("upload", "upload", upload=[file_of(path)])
        assert asked.status_code >= 400
    assert two.get(f"/gradio_api/file={house.roster.path}").status_code >= 400


def test_samples_and_what_is_found_in_them_are_each_ones_own(one: Visitor, two: Visitor) -> None:
    mine = one.upload("甲方.txt", SAMPLE.encode())
    assert "甲方留存的样本" in one.tell("upload", "upload", upload=[file_of(mine)])
    asked = {"query": "机关学习", "role": "不限"}
    assert "抓实机关学习" in one.tell("search", "click", **asked)
    assert "抓实机关学习" not in two.tell("search", "click", **asked)


def test_backups_are_each_ones_own(house: House, one: Visitor, two: Visitor) -> None:
    one.tell("copy_now", "click")
    mine = house.chief.keeping.backups.list()
    assert mine
    two.tell("copy_now", "click")
    restore = {"do": "restore-copy", "id": mine[0].name}
    told = two.tell("copies", "act", event_data=restore)
    theirs = {b.name for b in (Path(house.roster.path.parent) / "users/2/backups").iterdir()}
    assert "没有名为" in told or mine[0].name in theirs  # made in the same second
    assert house.chief.paste(house.chief.documents()[0].id) == MINE


def test_only_the_owner_chooses_the_model(house: House, one: Visitor, two: Visitor) -> None:
    fields = {"set_model": "m", "set_engine": "auto", "set_server_model": "", "set_key": "秘钥"}
    assert "统一设定" in two.tell("keep", "click", **fields, set_embedder="")
    assert house.chief.settings().model != "m"
    assert "秘钥" not in two.tell("prepare", "click")


def test_a_person_who_is_removed_is_out_at_once(house: House, client: Any) -> None:
    house.roster.add("丙方", "a third pass phrase", house.clock())
    cookie = log_in(client, "丙方", "a third pass phrase").headers["set-cookie"].partition(";")[0]
    client.cookies.clear()
    assert client.get("/session", headers={"cookie": cookie}).status_code == 200
    house.roster.remove("丙方", house.clock())
    assert client.get("/session", headers={"cookie": cookie}).status_code == 401
    assert log_in(client, "丙方", "a third pass phrase").status_code == 401


def test_wrong_passwords_wait_and_say_the_same_of_everybody(client: Any) -> None:
    said = [log_in(client, name, f"wrong {n}") for n in range(6) for name in (TWO, "无此人")]
    known, unknown = said[::2], said[1::2]
    assert [a.status_code for a in known] == [a.status_code for a in unknown]
    assert known[0].status_code == 401
    assert known[-1].status_code == 429
    assert "请 30 秒后再试" in known[-1].text or "秒后再试" in known[-1].text
    assert known[0].text.replace(TWO, "") == unknown[0].text.replace("无此人", "")
    right = client.post("/login", data={"name": TWO, "password": SECRETS[TWO]})
    assert right.status_code == 429  # not even the right one, until the wait is over
