"""Session keys: who may do what, and what everybody else is told."""

import pytest

from .api import unique
from .waiting import wait_until

ALWAYS_DIFFERENT = {"date"}


def events(api, channel, keys):
    return api.call("GET", f"/chats/{channel}/events", headers=[("session", key) for key in keys])


def what_is_said(answer):
    headers = [(name.lower(), value) for name, value in answer.headers.items()]
    same = [field for field in headers if field[0] not in ALWAYS_DIFFERENT]
    return answer.status, sorted(same), answer.body


BAD_KEYS = {
    "none": [],
    "empty": [""],
    "short": ["x"],
    "one-too-short": ["A" * 42],
    "one-too-long": ["A" * 44],
    "not-base64url": ["A" * 42 + "+"],
    "unknown": ["A" * 43],
    "not-ascii": ["\xff" * 43],
    "long": ["A" * 4000],
    "two-unknown": ["A" * 43, "B" * 43],
}


@pytest.mark.parametrize("keys", BAD_KEYS.values(), ids=BAD_KEYS.keys())
def test_no_or_a_bad_key_is_401(api, channel, ringo, keys):
    """None, malformed, unknown, doubled: 401 with WWW-Authenticate: session."""
    answer = events(api, channel, keys)
    assert (answer.status, answer.body) == (401, b"false")
    assert (answer["reason"], answer["WWW-Authenticate"]) == ("no-session", "session")


@pytest.mark.parametrize("keys", BAD_KEYS.values(), ids=BAD_KEYS.keys())
def test_all_bad_keys_get_the_same_answer(api, channel, ringo, keys):
    """The same answer: nothing in it tells an unknown key from none."""
    assert what_is_said(events(api, channel, keys)) == what_is_said(events(api, channel, []))


def test_a_doubled_key_is_401_even_if_it_is_right(api, channel, ringo):
    """Doubled: 401, and the same answer."""
    answer = events(api, channel, [ringo.key, ringo.key])
    assert what_is_said(answer) == what_is_said(events(api, channel, []))
    assert events(api, channel, [ringo.key, "A" * 43]).status == 401


def test_an_ended_session_gets_the_same_answer(api, channel, ringo):
    """A key that was good is as unknown as one that never was."""
    paul = api.member(channel, "paul")
    paul.leave()
    assert what_is_said(events(api, channel, [paul.key])) == what_is_said(events(api, channel, []))


def test_an_expired_session_gets_the_same_answer(start_server):
    """Expired: 401, the same answer."""
    api = start_server(session_timeout="1s").api
    ringo, paul = api.member("octopus", "ringo"), api.member("octopus", "paul")
    wait_until(lambda: ringo.directory().json() == ["ringo"])
    expired, none = events(api, "octopus", [paul.key]), events(api, "octopus", [])
    assert what_is_said(expired) == what_is_said(none)


CALLS = [("GET", "events"), ("GET", "directory"), ("PUT", "messages"), ("POST", "messages"),
         ("PUT", "leave/")]


@pytest.mark.parametrize("method, verb", CALLS)
def test_every_call_but_join_needs_the_key(ringo, method, verb):
    """"NOTE: For all subsequent communication, the client must set the "session" header with the
    session key." """
    body = b"hello" if verb == "messages" else None
    answer = ringo.api.call(method, ringo.path(verb), body=body)
    assert (answer.status, answer.body) == (401, b"false")
    assert answer["WWW-Authenticate"] == "session"


@pytest.mark.parametrize("method, verb", CALLS)
def test_a_key_of_another_channel_is_403(api, ringo, method, verb):
    """A key of another channel: 403. A session is one user in one channel."""
    body = b"hello" if verb == "messages" else None
    stranger = api.member(unique(), "ringo")
    answer = api.call(method, ringo.path(verb), stranger.key, body)
    assert (answer.status, answer.body) == (403, b"false")
    assert ringo.directory().json() == ["ringo"]
    assert ringo.posted("first") == 1


def test_a_key_in_the_url_is_no_key(ringo):
    """Never in a URL."""
    path = ringo.path(f"events?session={ringo.key}")
    assert ringo.api.call("GET", path).status == 401


def test_the_name_of_the_session_header_has_no_case(api, ringo):
    """Header names are compared without case."""
    answer = api.call("GET", ringo.path("directory"), headers={"SESSION": f" {ringo.key} "})
    assert answer.status == 200


def test_one_letter_off_is_another_key(api, channel, ringo):
    """"... only the client that offers the correct key may operate as that username." """
    for at in (0, 20, 42):
        wrong = ringo.key[:at] + ("A" if ringo.key[at] != "A" else "Q") + ringo.key[at + 1:]
        assert events(api, channel, [wrong]).status == 401
    assert events(api, channel, [ringo.key.swapcase()]).status == 401


def test_keys_and_messages_are_not_in_the_log_nor_keys_in_the_data(start_server):
    """Only a key's SHA-256 is stored, and neither a key nor a message's text is ever logged."""
    server = start_server(log_level="debug")
    ringo = server.api.member("octopus", "ringo")
    ringo.posted("a secret text")
    ringo.next_message()
    server.api.call("GET", ringo.path("events"), ringo.key[:-1])
    ringo.leave()
    assert server.stop() == 0
    assert ringo.key[:-1] not in server.log()
    assert "a secret text" not in server.log()
    assert not any(ringo.key.encode() in content for content in server.data())
