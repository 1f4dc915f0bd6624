"""Row 11. The answer to a join or a post is lost: who asks again under the same key is answered,
and once is once. A session which nobody claims is freed."""

import time

import pytest

from conformance.raw_connection import RawConnection
from conformance.waiting import wait_until

KEY = {"Idempotency-Key": "once"}


def ask_and_go_away(api, path, body="", **fields):
    """Sends all of a PUT, and closes without reading."""
    lines = [f"PUT {path} HTTP/1.1", "Host: here", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in fields.items()]
    with RawConnection(api.address) as connection:
        connection.send("\r\n".join([*lines, "", body]).encode())


@pytest.fixture
def ringo(start):
    return start().api.member("octopus", "ringo")


def test_a_post_is_posted_once(ringo):
    """X with a key: the retry is told the number that the first attempt was given."""
    for number in range(1, 6):
        key = {"Idempotency-Key": str(number)}
        ask_and_go_away(ringo.api, ringo.path("messages"), "hello", session=ringo.key, **key)
        assert wait_until(lambda: ringo.poll(from_=number).is_message)
        assert ringo.posted("hello", key) == number
    assert ringo.posted("the end") == 6


def test_a_join_locks_nobody_out(ringo):
    """The same join again, with the same key, is answered with a session."""
    path = "/chats/octopus/join/paul"
    ask_and_go_away(ringo.api, path, **KEY)
    wait_until(lambda: ringo.directory().json() == ["paul", "ringo"])
    paul = ringo.api.member("octopus", "paul", headers=KEY)
    assert paul.posted("hello") == 1
    assert ringo.directory().json() == ["paul", "ringo"]


def test_a_session_that_nobody_claims_is_freed(start):
    """At its timeout, no sooner and without anybody's help: the name can be had again."""
    timeout_s = 3
    api = start(session_timeout=f"{timeout_s}s").api
    ringo, began = api.member("octopus", "ringo"), time.monotonic()
    ask_and_go_away(api, "/chats/octopus/join/paul")
    wait_until(lambda: ringo.directory().json() == ["paul", "ringo"])
    assert api.join("octopus", "paul").status == 409
    wait_until(lambda: ringo.directory().json() == ["ringo"])
    assert time.monotonic() - began >= timeout_s - 1
    assert api.join("octopus", "paul").status == 200
