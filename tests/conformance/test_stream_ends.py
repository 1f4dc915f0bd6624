"""Streams and their sessions: what keeps either, what ends it, and how a reader goes on."""

import time

from .event_stream import NDJSON, SSE, EventStream, types
from .waiting import wait_until

AT_ONCE_S = 5  # an end must be told within 1 s; the rest is for a machine that is busy
STREAMS = 16  # that a session may have


# --- Its end ---


def assert_ends(stream, reason, began):
    """With this reason, soon, and the connection with it."""
    event = stream.until(lambda event: event["type"] == "END")[-1]
    assert event["reason"] == reason
    assert stream.is_over()
    assert time.monotonic() - began < AT_ONCE_S, "told too late"


def test_a_leave_ends_all_streams_of_its_session(stream, ringo):
    """And no other member's; the end has the number of the last message."""
    ringo.posted("hello")
    streams = [stream(ringo, query="?from=1") for _ in range(3)]
    for one in streams:
        one.messages(1)
    began = time.monotonic()
    assert ringo.leave().status == 200
    for one in streams:
        assert_ends(one, "left", began)


def test_the_shape_of_an_end(stream, channel, ringo):
    one = stream(ringo)
    ringo.posted("hello")
    one.messages(1)
    ringo.leave()
    event = one.until(lambda event: event["type"] == "END")[-1]
    assert event == {"type": "END", "channel": channel, "seqnr": 1, "reason": "left"}


def test_another_members_leave_ends_no_stream(stream, api, channel, ringo):
    paul = api.member(channel, "paul")
    one = stream(ringo)
    paul.leave()
    ringo.posted("still here")
    assert types(one.events(3)) == ["DIR", "LEAVE", "MSG"]


def test_a_stopping_server_ends_all_streams(start_server, stream):
    """They are told, and the server does not wait for them."""
    server = start_server()
    ringo = server.api.member("octopus", "ringo")
    one, ahead = stream(ringo), stream(ringo, query="?from=9")
    assert types([one.next(), ahead.next()]) == ["DIR", "DIR"]
    assert server.stop() == 0
    for ended in (one, ahead):
        assert ended.next()["reason"] == "stopping"
        assert ended.is_over()


def test_a_session_with_a_stream_cannot_be_replaced(stream, channel, api):
    """A repeated join makes a key void that nobody has used; a stream is a use."""
    key = {"Idempotency-Key": "a"}
    ringo = api.member(channel, "ringo", headers=key)
    one = stream(ringo)
    assert one.next()["type"] == "DIR"
    assert api.join(channel, "ringo", headers=key).status == 409
    ringo.posted("hello")
    assert one.messages(1) == [(1, "hello")]


def test_a_broken_connection_has_no_end(start_server, stream):
    """Of a stream that ends without END, the connection broke."""
    server = start_server()
    one = stream(server.api.member("octopus", "ringo"))
    assert one.next()["type"] == "DIR"
    server.kill()
    assert one.is_over()


# --- Sessions ---


def test_an_open_stream_keeps_its_session_alive(start_server, stream):
    """While others, who do nothing, expire one after the other; and that is told."""
    api = start_server(session_timeout="1s").api
    one = stream(api.member("octopus", "ringo"))
    assert one.next()["type"] == "DIR"
    for n in range(4):
        api.member("octopus", f"guest{n}")
        joined, left = one.events(2)
        assert (joined["type"], joined["source"]) == ("JOIN", f"guest{n}")
        assert (left["type"], left["source"], left["reason"]) == ("LEAVE", f"guest{n}", "expired")


def test_a_session_whose_stream_was_closed_expires(start_server, stream):
    """The client went without a word to the protocol; others are told in time."""
    api = start_server(session_timeout="1s").api
    one, other = stream(api.member("octopus", "ringo")), stream(api.member("octopus", "paul"))
    one.until(lambda event: event["type"] == "JOIN")
    other.next()
    other.close()
    assert one.next() == {"type": "LEAVE", "channel": "octopus", "seqnr": 0, "source": "paul",
                          "reason": "expired"}


def test_a_session_may_have_16_streams(api, ringo):
    """The next gets 429; when one is closed there is room."""
    streams = [EventStream(ringo, (SSE, NDJSON)[n % 2]) for n in range(STREAMS)]
    answer = api.call("GET", ringo.path("events"), ringo.key, headers={"Accept": SSE})
    assert (answer.status, answer["reason"], answer.body) == (429, "too-many-streams", b"false")
    ringo.posted("hello")
    for one in streams:
        assert one.messages(1) == [(1, "hello")]
    streams.pop().close()

    def another():
        streams.append(EventStream(ringo))
        return streams[-1].answer.status == 200

    wait_until(another)
    for one in streams:
        one.close()


def test_another_session_has_streams_of_its_own(api, channel, ringo):
    paul = api.member(channel, "paul")
    streams = [EventStream(ringo) for _ in range(STREAMS)]
    streams.append(EventStream(paul))
    assert streams[-1].answer.status == 200
    for one in streams:
        one.close()


def is_let_in(member):
    """Opens a stream, and goes without reading it."""
    with EventStream(member) as stream:
        return stream.answer.status == 200


def test_a_stream_whose_client_has_gone_leaves_room(ringo):
    for _ in range(3 * STREAMS):
        wait_until(lambda: is_let_in(ringo))


# --- Restarts ---


def test_a_stream_goes_on_after_a_kill(start_server, stream):
    """From where its reader was: nothing acknowledged is lost, nothing comes twice."""
    server = start_server()
    ringo = server.api.member("octopus", "ringo")
    one = stream(ringo)
    texts, last = [], "0"
    for life in range(3):
        texts += [f"{life}/{n}" for n in range(20)]
        for text in texts[-20:]:
            ringo.posted(text)
        read = one.messages(10 if life else 15)
        assert [text for _, text in read] == texts[int(last):int(last) + len(read)]
        last = str(read[-1][0])
        server.kill()
        server.start()
        ringo.api = server.api
        one = stream(ringo, headers={"Last-Event-ID": last})
    assert [text for _, text in one.messages(60 - int(last))] == texts[int(last):]
