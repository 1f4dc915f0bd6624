"""Streams: server-sent events, and what they have in common with a line an event (of which the rest
is in test_ndjson.py)."""

import time
from datetime import datetime

import pytest

from .api import unique
from .event_stream import NDJSON, SSE, EventStream, events_request
from .raw_connection import RawConnection
from .waiting import at_once, wait_until

AT_ONCE_S = 5  # an end must be told within 1 s; the rest is for a machine that is busy
STREAMS = 16  # that a session may have


@pytest.fixture(params=[SSE, NDJSON])
def stream(request):
    """stream(member, **request): an open one, of either kind; closed after the test."""
    opened = []

    def start(member, **more):
        opened.append(EventStream(member, request.param, **more))
        assert opened[-1].answer.status == 200, opened[-1].answer
        return opened[-1]

    yield start
    for one in opened:
        one.close()


def types(events):
    return [event["type"] for event in events]


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


# --- Where it begins ---


def begin(stream, member, **request):
    """The number of the first message."""
    return stream(member, **request).messages(1)[0][0]


def test_a_stream_begins_at_the_sessions_cursor(stream, ringo):
    """It is behind the newest message at its join, and polls move it."""
    for n in range(5):
        ringo.posted(f"{n}")
    assert ringo.poll().seqnr == 1
    assert begin(stream, ringo) == 2


def test_a_stream_moves_no_cursor(stream, api, channel, ringo):
    """Neither what it gave nor where it began matters to the session's polls."""
    for n in range(1, 6):
        ringo.posted(f"{n}")
    api.member(channel, "paul")
    assert stream(ringo, query="?from=3").messages(3)[-1] == (5, "5")
    assert stream(ringo, at=4).messages(2)[-1] == (5, "5")
    assert ringo.poll().is_directory
    assert ringo.poll().seqnr == 1


def test_backlog_comes_before_what_is_new(stream, ringo):
    """One order, nothing twice and nothing left out where the two meet."""
    for n in range(1, 301):
        ringo.posted(f"{n}")
    one = stream(ringo, query="?from=1")
    for n in range(301, 601):
        ringo.posted(f"{n}")
    assert one.messages(600) == [(n, f"{n}") for n in range(1, 601)]


@pytest.mark.parametrize(("request_", "first"), [
    ({"query": "?from=3"}, 3), ({"headers": {"seqnr": "3"}}, 3), ({"at": 3}, 3),
    ({"headers": {"Last-Event-ID": "3"}}, 4), ({"headers": {"Last-Event-ID": "0"}}, 1),
    ({"query": "?from=0"}, 1), ({"at": 0}, 1), ({"headers": {"seqnr": "0"}}, 1)])
def test_a_stream_begins_where_it_is_asked_to(stream, ringo, request_, first):
    """Each way of saying it alone. N is the first that is given, but after Last-Event-ID."""
    for n in range(5):
        ringo.posted(f"{n}")
    assert ringo.poll().seqnr == 1
    assert begin(stream, ringo, **request_) == first


@pytest.mark.parametrize(("request_", "first"), [
    ({"headers": {"Last-Event-ID": "1"}, "query": "?from=3", "at": 4}, 2),
    ({"headers": {"Last-Event-ID": "1", "seqnr": "3"}}, 2),
    ({"query": "?from=3", "headers": {"seqnr": "3"}, "at": 4}, 3),
    ({"query": "?from=3", "at": 4}, 3), ({"headers": {"seqnr": "3"}, "at": 4}, 3)])
def test_what_counts_first(stream, ringo, request_, first):
    """Last-Event-ID, which a browser adds to the URL that it was given; from and seqnr, which mean
    the same; the number in the path."""
    for n in range(5):
        ringo.posted(f"{n}")
    assert begin(stream, ringo, **request_) == first


def test_the_number_in_the_path_counts_for_every_stream(stream, ringo):
    """That a poll uses it once only is because polls move a cursor."""
    for n in range(5):
        ringo.posted(f"{n}")
    assert [begin(stream, ringo, at=2) for _ in range(3)] == [2, 2, 2]


@pytest.mark.parametrize("number", ["x", "-1", "1.5", "", "9223372036854775808", "0x1", "1 2"])
@pytest.mark.parametrize("name", ["Last-Event-ID", "seqnr", "from"])
def test_what_is_no_number_is_400(api, ringo, name, number):
    headers = {"Accept": SSE}
    if name != "from":
        headers[name] = number
    query = "?from=" + number.replace(" ", "%20") if name == "from" else ""
    answer = api.call("GET", ringo.path("events") + query, ringo.key, headers=headers)
    assert (answer.status, answer["reason"]) == (400, "bad-seqnr")


@pytest.mark.parametrize("query", ["limit=0", "limit=x", "limit=", "limit=1&limit=2", "wait=-1",
                                   "wait=1.5", "wait=", "wait=1&wait=1"])
@pytest.mark.parametrize("accept", [SSE, NDJSON])
def test_a_limit_or_wait_that_is_no_number_is_400_for_a_stream_too(api, ringo, accept, query):
    answer = api.call("GET", ringo.path("events") + f"?{query}", ringo.key,
                      headers={"Accept": accept})
    assert (answer.status, answer["reason"]) == (400, "bad-number")


def test_two_positions_that_differ_are_400(api, ringo):
    """As at a poll."""
    path = ringo.path("events")
    for headers, query in (([("seqnr", "1")], "?from=2"), ([("Last-Event-ID", "1")] * 2, "")):
        answer = api.call("GET", path + query, ringo.key, headers=[("Accept", SSE), *headers])
        assert (answer.status, answer["reason"]) == (400, "bad-seqnr")


@pytest.mark.parametrize("largest", [{"query": "?from=9223372036854775807"},
                                     {"headers": {"Last-Event-ID": "9223372036854775807"}}])
def test_the_largest_number_waits(stream, ringo, largest):
    one = stream(ringo, **largest)
    assert one.next()["type"] == "DIR"
    ringo.posted("hello")
    assert not one.has_more_within(0.3)


def test_what_is_beyond_the_newest_message_waits(stream, ringo):
    """No message before it is given."""
    ringo.posted("1")
    one = stream(ringo, query="?from=4")
    ahead = stream(ringo, headers={"Last-Event-ID": "4"})
    for n in range(2, 7):
        ringo.posted(f"{n}")
    assert one.messages(3) == [(4, "4"), (5, "5"), (6, "6")]
    assert ahead.messages(2) == [(5, "5"), (6, "6")]


def test_whoever_waits_beyond_the_newest_message_is_told_of_the_end(stream, ringo):
    one = stream(ringo, query="?from=4")
    assert one.next()["type"] == "DIR"
    ringo.leave()
    assert one.until(lambda event: event["type"] == "END")[-1]["reason"] == "left"
    assert one.is_over()


# --- One order for all ---


def come_and_go(api, channel, name, count):
    """Joins, posts and leaves."""
    for n in range(count):
        member = api.member(channel, f"{name}-{n}")
        member.posted(f"{name} {n}")
        assert member.leave().status == 200


def test_joins_leaves_and_messages_are_in_one_order(api, channel, ringo):
    """The same for every reader, of either kind of stream."""
    readers = [EventStream(ringo, accept) for accept in (SSE, NDJSON) for _ in range(4)]
    at_once([lambda m=name: come_and_go(api, channel, m, 20) for name in "abcde"])
    orders = [reader.events(1 + 3 * 100) for reader in readers]
    assert orders.count(orders[0]) == len(orders)
    for name in "abcde":
        of_one = [(event["type"], event["source"]) for event in orders[0][1:]
                  if event["source"].startswith(name)]
        assert of_one == [(kind, f"{name}-{n}") for n in range(20)
                          for kind in ("JOIN", "MSG", "LEAVE")]
    for reader in readers:
        reader.close()


def test_many_readers_of_one_channel(start_server):
    """Each of 300, some of what was, some of what is to come, is given each message once."""
    api = start_server().api
    ringo = api.member("octopus", "ringo")
    members = [api.member("octopus", f"reader{n}") for n in range(300)]
    for n in range(1, 51):
        ringo.posted(f"{n}")
    readers = [EventStream(m, (SSE, NDJSON)[n % 2], query=f"?from={n % 60 + 1}")
               for n, m in enumerate(members)]
    for n in range(51, 101):
        ringo.posted(f"{n}")
    for n, reader in enumerate(readers):
        first = n % 60 + 1
        assert reader.messages(101 - first) == [(m, f"{m}") for m in range(first, 101)]
        reader.close()


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


# --- What is gone ---

MESSAGES = 1100


def fill(member):
    at_once([lambda: member.posted("x")] * MESSAGES, threads=16)


def test_what_is_no_longer_kept_is_a_gap(start_server, stream):
    """Behind the directory; then the oldest message that there is."""
    ringo = start_server(history=1000).api.member("octopus", "ringo")
    fill(ringo)
    wait_until(lambda: ringo.poll(from_=1)["first-seqnr"])
    one = stream(ringo, query="?from=7")
    directory, gap, message = one.events(3)
    assert (directory["type"], directory["seqnr"]) == ("DIR", 6)
    assert gap == {"type": "GAP", "channel": "octopus", "seqnr": gap["first"] - 1, "from": 7,
                   "first": gap["first"]}
    assert 7 < gap["first"] <= MESSAGES - 999
    assert message["seqnr"] == gap["first"]
    assert one.messages(MESSAGES - gap["first"])[-1] == (MESSAGES, "x")


def test_who_asks_for_what_is_kept_sees_no_gap(start_server, stream):
    ringo = start_server(history=1000).api.member("octopus", "ringo")
    fill(ringo)
    one = stream(ringo, query=f"?from={MESSAGES - 999}")
    assert types(one.events(1001)) == ["DIR"] + ["MSG"] * 1000


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


# --- Readers that are slow ---


def test_a_reader_that_stalls_misses_nothing(start_server, stream):
    """While 20,000 messages are said it reads nothing; then it reads on."""
    server = start_server()
    ringo = server.api.member("octopus", "ringo")
    one = stream(ringo)
    assert one.next()["type"] == "DIR"
    said = 0
    post = (f"PUT {ringo.path('messages')} HTTP/1.1\r\nHost: here\r\nsession: {ringo.key}\r\n"
            "Content-Length: 100\r\n\r\n")
    with RawConnection(server.api.address) as poster:
        while said < 20_000:
            poster.send(b"".join(f"{post}{n:0100}".encode() for n in range(said + 1, said + 201)))
            for _ in range(200):
                assert poster.read_answer().status == 200
            said += 200
    paul = server.api.member("octopus", "paul")
    assert one.messages(said) == [(n, f"{n:0100}") for n in range(1, said + 1)]
    # It is told who is there: by the join, or by the directory where that was long past.
    event = one.next()
    assert event.get("source") == paul.name or event["users"] == ["paul", "ringo"]


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
