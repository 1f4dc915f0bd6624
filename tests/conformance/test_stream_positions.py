"""Where a stream begins, and what it says of what is no longer kept."""

import pytest

from .event_stream import NDJSON, SSE, types
from .waiting import at_once, wait_until

MESSAGES = 1100


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


# --- What is gone ---



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
