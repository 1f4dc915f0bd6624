"""Limits on what one address or session may do, each a setting; on loopback only where asked
for."""

import pytest

from .raw_connection import RawConnection
from .waiting import wait_until
from .websocket_client import WebSocketConnection


@pytest.fixture
def limited(start_server):
    """Starts a server whose limits hold on loopback too."""
    return lambda **limits: start_server(limits={"loopback": True, **limits}).api


def assert_try_later(answer, status):
    assert (answer.status, answer.body) == (status, b"false")
    assert int(answer["Retry-After"]) >= 1


def test_too_many_joins_of_one_address_are_429(limited):
    """Rate limit: 429 and Retry-After."""
    api = limited(joins_per_second=2)
    answers = [api.join("octopus", f"user{n}") for n in range(40)]
    assert answers[0].status == 200
    refused = [answer for answer in answers if answer.status != 200]
    assert refused
    for answer in refused:
        assert_try_later(answer, 429)


def test_after_a_while_an_address_may_join_again(limited):
    """A rate is a rate: it frees with time."""
    api = limited(joins_per_second=2)
    wait_until(lambda: api.join("octopus", "ringo").status == 429, interval_s=0)
    wait_until(lambda: api.join("octopus", "paul").status == 200)


def test_too_many_posts_of_one_session_are_429(limited):
    """A session may post a burst, then so many a second."""
    ringo = limited(posts_per_second=1, posts_burst=5).member("octopus", "ringo")
    answers = [ringo.post(f"{n}") for n in range(40)]
    assert [answer.status for answer in answers[:5]] == [200] * 5
    refused = [answer for answer in answers if answer.status != 200]
    assert refused
    for answer in refused:
        assert_try_later(answer, 429)


def test_too_many_posts_over_a_websocket_say_when_to_try_again(limited):
    """Frames have no header Retry-After: the ERROR has it as a member."""
    api = limited(posts_per_second=1, posts_burst=5)
    ringo = api.member("octopus", "ringo")
    with WebSocketConnection(api.address, "octopus") as socket:
        socket.open(ringo)
        for n in range(40):
            socket.send_json({"type": "POST", "body": f"{n}"})
        answers = [socket.read_json() for _ in range(40)]
        while not (refused := [one for one in answers if one["type"] == "ERROR"]):
            answers.append(socket.read_json())
    for error in refused:
        assert (error["status"], error["reason"]) == (429, "too-many-posts")
        assert error["retry-after"] >= 1


def test_a_refused_post_leaves_no_gap(limited):
    """What was refused is not appended, and the next number is not used up."""
    ringo = limited(posts_per_second=1, posts_burst=5).member("octopus", "ringo")
    accepted = [f"{n}" for n in range(20) if ringo.post(f"{n}").status == 200]
    last = wait_until(lambda: (answer := ringo.post("last")).status == 200 and answer)
    assert last.seqnr == len(accepted) + 1
    assert [text for _, text in ringo.drain()] == [*accepted, "last"]


def test_one_sessions_posts_do_not_limit_anothers(limited):
    """The limit of posts is a session's own."""
    api = limited(posts_per_second=1, posts_burst=5)
    ringo, paul = api.member("octopus", "ringo"), api.member("octopus", "paul")
    wait_until(lambda: ringo.post("x").status == 429, interval_s=0)
    assert paul.post("hello").status == 200


def test_loopback_is_not_limited_by_default(api, channel):
    """Address limits and the limit of posts are off on loopback unless they are asked for there."""
    members = [api.member(channel, f"user{n}") for n in range(20)]
    assert [members[0].posted("x") for _ in range(100)] == list(range(1, 101))
    connections = [RawConnection(api.address) for _ in range(80)]
    assert all(connection.is_usable() for connection in connections)
    for connection in connections:
        connection.__exit__()


def test_too_many_connections_of_one_address_are_refused(limited):
    """Connections an address are limited; those it has are not disturbed, and a closed one makes
    room."""
    address = limited(connections_per_address=4).address
    held = [RawConnection(address) for _ in range(4)]
    assert all(connection.is_usable() for connection in held)
    assert not takes_a_request(address)
    assert all(connection.is_usable() for connection in held)
    held.pop().__exit__()
    wait_until(lambda: takes_a_request(address))


def takes_a_request(address):
    """Whether a new connection is served; it may be refused by an answer or just closed."""
    try:
        with RawConnection(address) as connection:
            return connection.is_usable()
    except (ConnectionError, AssertionError):
        return False


def test_sessions_beyond_the_cap_are_503(start_server):
    """Other caps: 503, Retry-After and false."""
    api = start_server(limits={"max_sessions": 2}).api
    ringo = api.member("octopus", "ringo")
    api.member("octopus", "paul")
    assert_try_later(api.join("octopus", "john"), 503)
    assert ringo.directory().json() == ["paul", "ringo"]
    ringo.leave()
    assert api.join("octopus", "john").status == 200


def test_a_header_that_takes_too_long_is_408(start_server):
    """Header phase over its time: 408, and closed; also where bytes keep trickling in."""
    address = start_server(limits={"header_timeout": "1s"}).api.address
    with RawConnection(address) as raw:
        raw.send(b"GET / HTTP/1.1\r\nHost: here\r\nX-A: ")
        wait_until(lambda: raw.send(b"a") or raw.has_answer_within(0.1), interval_s=0)
        assert raw.read_answer().status == 408
        assert raw.is_closed_by_server()


def test_header_time_begins_anew_with_each_request(start_server):
    """The header phase is one request's, not the connection's."""
    address = start_server(limits={"header_timeout": "2s"}).api.address
    with RawConnection(address) as raw:
        for _ in range(3):
            raw.send(b"GET / HTTP/1.1\r\n")
            assert not raw.has_answer_within(0.8)
            assert raw.ask(b"Host: here\r\n\r\n").status == 200


def test_an_idle_connection_is_closed(start_server):
    """Idle keep-alive over its time: closed without an answer to nothing."""
    address = start_server(limits={"idle_timeout": "1s"}).api.address
    with RawConnection(address) as raw:
        assert raw.is_usable()
        assert raw.is_closed_by_server()
