"""Streams: server-sent events, and what they have in common with a line an event (of which the rest
is in test_ndjson.py): how one is asked for and answered, and its events."""

import time
from datetime import datetime

import pytest

from .api import unique
from .event_stream import NDJSON, SSE, EventStream, events_request, types
from .waiting import wait_until


# --- The answer ---


def test_the_answer_of_a_stream(ringo):
    """It has no length, ends with the connection, and tells proxies not to gather it."""
    with EventStream(ringo) as stream:
        answer = stream.answer
        assert (answer.version, answer.status) == ("HTTP/1.1", 200)
        assert answer["content-type"] == "text/event-stream"
        assert answer["x-accel-buffering"] == "no"
        assert answer["connection"].lower() == "close"
        assert answer["content-length"] is None and answer["transfer-encoding"] is None
        assert (answer["yallchat"], answer["cache-control"]) == ("1", "no-store")
        assert "accept" in answer["vary"].lower()


def test_the_bytes_of_server_sent_events(raw, api, channel, ringo):
    """A comment and the time to reconnect come at once; then blocks of id, event and data."""
    raw.send(events_request(ringo))
    raw.read_head()
    ringo.posted("hello")
    lines = [raw.read_line().decode() for _ in range(11)]
    assert lines[:3] == [": yallchat", "retry: 1000", ""]
    assert lines[3:7] == ["id: 0", "event: DIR",
                          f'data: {{"type":"DIR","channel":"{channel}","seqnr":0,'
                          '"users":["ringo"]}', ""]
    assert lines[7:9] == ["id: 1", "event: MSG"]
    begin = f'data: {{"type":"MSG","channel":"{channel}","seqnr":1,"source":"ringo","body":"hello"'
    assert lines[9].startswith(begin) and lines[9].endswith('Z"}')
    assert lines[10] == ""


@pytest.mark.parametrize("accept", [
    "application/json, text/event-stream", "text/event-stream;q=0.9, */*;q=0.1",
    "Text/Event-Stream", "text/event-stream ; charset=utf-8"])
def test_who_accepts_server_sent_events_among_others_gets_them(raw, ringo, accept):
    raw.send(events_request(ringo, accept))
    assert raw.read_head()["content-type"] == "text/event-stream"


@pytest.mark.parametrize("accept", [
    "*/*", "application/json", "text/*", "text/event-stream;q=0", "text/event-stream-of-mine",
    "application/x-ndjson; q=0.000, application/json", ""])
def test_who_did_not_ask_for_a_stream_gets_a_plain_poll(raw, ringo, accept):
    """A client of the base protocol may accept whatever it likes."""
    ringo.posted("hello")
    answer = raw.ask(events_request(ringo, accept))
    assert (answer["type"], answer.json()) == ("MSG", "hello")
    assert raw.is_usable()


@pytest.mark.parametrize(("accept", "given"), [
    ("application/x-ndjson, text/event-stream;q=0.5", NDJSON),
    ("application/x-ndjson;q=0.5, text/event-stream;q=0.6", SSE)])
def test_of_both_kinds_the_one_that_is_preferred_is_given(raw, ringo, accept, given):
    raw.send(events_request(ringo, accept))
    assert raw.read_head()["content-type"] == given


def test_head_of_a_stream_is_that_of_a_poll(raw, ringo):
    """HEAD tells of the next event without giving it, and the connection stays."""
    ringo.posted("hello")
    request = events_request(ringo).replace(b"GET ", b"HEAD ", 1)
    answer = raw.ask(request, "HEAD")
    assert (answer.status, answer["seqnr"]) == (200, "1")
    assert raw.is_usable()


def test_a_client_of_http_1_0_gets_a_stream(stream, ringo):
    """It needs no chunks: the stream ends with the connection."""
    one = stream(ringo, version="1.0")
    assert one.answer["transfer-encoding"] is None
    ringo.posted("hello")
    assert types(one.events(2)) == ["DIR", "MSG"]
    assert ringo.leave().status == 200
    assert one.until(lambda event: event["type"] == "END")
    assert one.is_over()


@pytest.mark.parametrize("accept", [SSE, NDJSON])
def test_without_a_key_a_stream_is_401(api, ringo, accept):
    """As any call."""
    answer = api.call("GET", ringo.path("events"), headers={"Accept": accept})
    assert (answer.status, answer["reason"]) == (401, "no-session")
    answer = api.call("GET", f"/chats/{unique()}/events", ringo.key, headers={"Accept": accept})
    assert (answer.status, answer["reason"]) == (404, "no-channel")


def test_a_stream_on_a_connection_that_was_used_before(stream, raw, ringo):
    poll = events_request(ringo, "application/json")
    ringo.posted("hello")
    assert raw.ask(poll)["seqnr"] == "1"
    assert raw.ask(poll).status == 204
    one = stream(ringo, connection=raw)
    ringo.posted("again")
    assert [event["seqnr"] for event in one.events(2)] == [1, 2]


def test_what_was_asked_before_a_stream_is_answered_before_it(stream, raw, ringo):
    """Pipelined posts and reads: a read waits for all that was asked before it."""
    post = (f"PUT {ringo.path('messages')} HTTP/1.1\r\nHost: here\r\nsession: {ringo.key}\r\n"
            "Content-Length: 2\r\n\r\n")
    raw.send(b"".join(f"{post}{n:02}".encode() for n in range(1, 21)))
    raw.send(events_request(ringo, "application/json") + events_request(ringo, query="?from=1"))
    assert [raw.read_answer()["seqnr"] for _ in range(20)] == [f"{n}" for n in range(1, 21)]
    assert raw.read_answer()["seqnr"] == "1"
    assert raw.read_head()["content-type"] == SSE
    lines = [raw.read_line().decode() for _ in range(3 + 21 * 4)]
    assert [line for line in lines if line.startswith("id")] == [f"id: {n}" for n in range(21)]


def test_what_is_sent_behind_a_stream_harms_nobody(stream, raw, ringo):
    """Nothing is answered there; the stream goes on."""
    one = stream(ringo, connection=raw)
    for _ in range(100):
        raw.send(events_request(ringo, "application/json") * 20)
    ringo.posted("hello")
    assert types(one.events(2)) == ["DIR", "MSG"]


# --- Its events ---


def test_a_message(stream, api, channel):
    """What it is, of whom, and when it was said; as a poll says it."""
    zoe = api.member(channel, "Zoë.李")
    one = stream(zoe)
    assert one.next() == {"type": "DIR", "channel": channel, "seqnr": 0, "users": ["Zoë.李"]}
    zoe.posted("h\u00e9llo\n\U0001f433")
    event = one.next()
    sent = event.pop("time")
    assert event == {"type": "MSG", "channel": channel, "seqnr": 1, "source": "Zoë.李",
                     "body": "h\u00e9llo\n\U0001f433"}
    assert sent == zoe.poll()["date-sent"]
    assert datetime.fromisoformat(sent.replace("Z", "+00:00")).tzinfo is not None


def test_a_message_that_came_over_a_bridge_has_its_origin(stream, ringo):
    one = stream(ringo)
    ringo.posted("hello", {"origin": "there.example/walrus/7"})
    event = one.events(2)[1]
    assert list(event)[-1] == "origin" and event["origin"] == "there.example/walrus/7"


def test_a_channel_beyond_ascii_has_its_name_in_events(stream, api):
    """As it is, not percent-encoded: JSON is UTF-8."""
    channel = unique("オクトパス")
    assert stream(api.member(channel, "ringo")).next()["channel"] == channel


def test_joins_and_leaves_are_told_one_by_one(stream, api, channel, ringo):
    one = stream(ringo)
    ringo.posted("hello")
    paul = api.member(channel, "paul")
    assert paul.leave().status == 200
    assert one.events(4)[2:] == [
        {"type": "JOIN", "channel": channel, "seqnr": 1, "source": "paul"},
        {"type": "LEAVE", "channel": channel, "seqnr": 1, "source": "paul", "reason": "left"}]


def test_whoever_comes_to_a_channel_sees_who_is_there(stream, api, channel, ringo):
    """The directory is sorted, and has who reads in it."""
    paul = api.member(channel, "paul")
    for member in (ringo, paul):
        assert stream(member).next()["users"] == ["paul", "ringo"]


def test_texts_that_json_must_escape_arrive_as_they_are(stream, ringo):
    """16 KiB of control characters are nearly 100 KiB of JSON; nothing in a text ends a line."""
    texts = ["\x01" * 16384, "\r\n\r\ndata: {}\n\nid: 7\n\n", "\u2028\u2029\x85\x7f", '"\\/',
             "\U0001f433" * 4096]
    one = stream(ringo)
    for text in texts:
        ringo.posted(text)
    assert [text for _, text in one.messages(len(texts))] == texts
    assert [text for _, text in stream(ringo, query="?from=1").messages(len(texts))] == texts


# --- Signs of life ---


def test_a_stream_says_that_it_lives(ringo):
    """When nothing was sent for 15 s; this test waits for it, of both kinds at once."""
    streams = [EventStream(ringo, accept) for accept in (SSE, NDJSON)]
    began = time.monotonic()
    for one in streams:
        assert one.next()["type"] == "DIR"
    wait_until(lambda: all(one.has_more_within(0) for one in streams), seconds=60)
    assert time.monotonic() - began > 10, "too often costs phones their batteries"
    for one in streams:
        one.sign_of_life()
        one.close()
