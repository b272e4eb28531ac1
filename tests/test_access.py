"""Who may use the page: people, passwords, sessions, waiting after wrong tries."""

import os
import stat
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafter.access.passwords import OWASP, check_password, hash_password, is_password
from drafter.access.roster import Roster
from drafter.access.sessions import Sessions
from drafter.access.throttle import ADDRESS_FREE, LONGEST_WAIT, NAME_FREE, PAIR_FREE, Throttle
from drafter.errors import InputError
from tests.access_cases import CHEAP, GOOD, Clock


@pytest.fixture
def roster(tmp_path: Path) -> Any:
    one = Roster(tmp_path, CHEAP)
    yield one
    one.close()


# passwords


def test_a_password_is_stored_by_the_published_figures() -> None:
    assert (OWASP.n, OWASP.r, OWASP.p) == (1 << 17, 8, 1)
    stored = hash_password(GOOD)
    assert stored.startswith("scrypt$131072$8$1$")
    assert GOOD not in stored
    assert is_password(GOOD, stored)
    assert hash_password(GOOD, CHEAP) != hash_password(GOOD, CHEAP)


@given(st.text(max_size=40), st.text(max_size=40))
def test_only_the_same_password_is_the_same(one: str, other: str) -> None:
    same = unicodedata.normalize("NFKC", one) == unicodedata.normalize("NFKC", other)
    assert is_password(other, hash_password(one, CHEAP)) == same


@pytest.mark.parametrize(
    "weak",
    [
        "short",
        "1234567890",
        "qwertyuiop",
        "aaaaaaaaaaaa",
        "ababababab",
        "甲方甲方甲方甲方甲方",
        "x" * 129,
    ],
)
def test_a_weak_password_is_refused_with_the_reason(weak: str) -> None:
    with pytest.raises(InputError) as refused:
        check_password("甲方", weak)
    assert "密码" in refused.value.message


# people


def test_the_list_is_for_its_owner_only_and_holds_no_password(roster: Roster) -> None:
    roster.add("甲方", GOOD, 1.0)
    Sessions(roster, Clock()).begin(roster.person("甲方"))
    if os.name != "nt":
        assert stat.S_IMODE(roster.path.stat().st_mode) == 0o600
    assert GOOD.encode() not in roster.path.read_bytes()


def test_the_first_is_the_owner_and_numbers_are_never_given_twice(roster: Roster) -> None:
    first, second = roster.add("甲方", GOOD, 1.0), roster.add("乙方", GOOD, 2.0)
    assert (first.owner, second.owner) == (True, False)
    roster.remove("乙方", 3.0)
    again = roster.add("乙方", GOOD, 4.0)
    assert again.id > second.id  # not the documents of whoever had the name before
    roster.remove("甲方", 5.0)
    assert not roster.add("丙方", GOOD, 6.0).owner  # nor the owner's, unless it is said
    assert roster.add("丁方", GOOD, 7.0, owner=True).owner
    with pytest.raises(InputError, match="已经有管理员"):
        roster.add("戊方", GOOD, 8.0, owner=True)


@pytest.mark.parametrize("name", ["", "a b", "../x", "a/b", "<b>", "x" * 33, "a\n", "甲\u202e方"])
def test_a_name_that_is_none_is_refused(roster: Roster, name: str) -> None:
    with pytest.raises(InputError, match="用户名"):
        roster.add(name, GOOD, 1.0)


def test_admission_needs_name_and_password_of_the_same_person(roster: Roster) -> None:
    roster.add("甲方", GOOD, 1.0)
    roster.add("乙方", GOOD + "乙", 1.0)
    assert roster.admitted("甲方", GOOD) == roster.person("甲方")
    wide = GOOD.replace("1", "１").replace(" ", "\u3000")  # the input method was on
    assert roster.admitted(" 甲方 ", wide) == roster.person("甲方")
    for name, password in (("甲方", GOOD + "乙"), ("乙方", GOOD), ("丙方", GOOD), ("", "")):
        assert roster.admitted(name, password) is None


def test_an_old_hash_is_made_anew_at_the_next_login(roster: Roster, tmp_path: Path) -> None:
    roster.add("甲方", GOOD, 1.0)
    dearer = Roster(tmp_path, type(CHEAP)(32, 8, 1))
    assert dearer.admitted("甲方", GOOD)
    (stored,) = dearer.rows("SELECT password FROM people")
    assert str(stored[0]).startswith("scrypt$32$8$1$")
    assert dearer.admitted("甲方", GOOD)
    dearer.close()


# sessions


def test_a_session_runs_out_when_nobody_is_there_and_in_the_end(roster: Roster) -> None:
    clock = Clock()
    sessions = Sessions(roster, clock, idle=100.0, life=250.0)
    token = sessions.begin(roster.add("甲方", GOOD, 1.0))
    for _ in range(2):
        clock.now += 90
        session = sessions.of(token)
        assert session is not None
        sessions.touch(session)
    clock.now += 80  # touched in time, but begun too long ago
    assert sessions.of(token) is None
    token = sessions.begin(roster.person("甲方"))
    clock.now += 101
    assert sessions.of(token) is None
    clock.now -= 101
    assert sessions.of(token) is None  # over is over, whatever the clock says later


def test_a_copy_of_the_file_lets_nobody_in(roster: Roster) -> None:
    sessions = Sessions(roster, Clock())
    token = sessions.begin(roster.add("甲方", GOOD, 1.0))
    assert token.encode() not in roster.path.read_bytes()
    (kept,) = roster.rows("SELECT token_sha256 FROM sessions")
    assert isinstance(kept[0], bytes)
    for guess in (kept[0].hex(), kept[0].decode("latin-1"), "", token[:-1], token + "x"):
        assert sessions.of(guess) is None
    assert sessions.of(token) is not None


def test_a_new_password_ends_every_session(roster: Roster) -> None:
    sessions = Sessions(roster, Clock())
    token = sessions.begin(roster.add("甲方", GOOD, 1.0))
    roster.set_password("甲方", GOOD + "新")
    assert sessions.of(token) is None


# waiting


def test_wrong_tries_make_wait_ever_longer_and_are_forgotten() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    waits = []
    for _ in range(PAIR_FREE + 8):
        throttle.failed("甲方", "10.0.0.1")
        waits.append(throttle.wait("甲方", "10.0.0.1"))
    assert waits[: PAIR_FREE - 1] == [0.0] * (PAIR_FREE - 1)
    assert waits[PAIR_FREE - 1] > 0
    assert waits == sorted(waits)
    assert waits[-1] == LONGEST_WAIT
    assert throttle.wait("甲方", "10.0.0.2") == 0  # the colleague's own computer
    clock.now += 7200
    assert throttle.wait("甲方", "10.0.0.1") == 0
    throttle.failed("甲方", "10.0.0.1")
    assert throttle.wait("甲方", "10.0.0.1") == 0


def test_many_names_from_one_address_and_many_addresses_at_one_name_wait_too() -> None:
    throttle = Throttle(Clock())
    for number in range(ADDRESS_FREE):
        throttle.failed(f"名{number}", "10.0.0.1")
    assert throttle.wait("从未试过", "10.0.0.1") > 0
    for number in range(NAME_FREE):
        throttle.failed("甲方", f"10.0.1.{number}")
    assert throttle.wait("甲方", "10.0.2.1") > 0


def test_a_right_password_makes_no_colleague_wait() -> None:
    """Many wrong tries from one office, long ago: who gets in now holds up nobody."""
    clock = Clock()
    throttle = Throttle(clock)
    for number in range(ADDRESS_FREE):
        throttle.failed(f"名{number}", "10.0.0.1")
    clock.now += throttle.wait("别人", "10.0.0.1") + 1
    for _ in range(6):
        throttle.failed("甲方", "10.0.0.1")
        throttle.passed("甲方", "10.0.0.1")
        assert throttle.wait("乙方", "10.0.0.1") == 0
