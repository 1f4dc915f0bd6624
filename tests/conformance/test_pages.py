"""GET /chats/{channel}/messages: pages of history."""

import re

import pytest

from .api import unique
from .waiting import at_once, wait_until

LINK = re.compile(r'<([^>]*)>; rel="([a-z]+)"')


@pytest.fixture
def told(ringo):
    """A member of a channel in which 25 messages were said, "1" to "25"."""
    for n in range(1, 26):
        ringo.posted(str(n))
    return ringo


def ask(member, query="", **more):
    return member.api.call("GET", member.path("messages") + query, member.key, **more)


def bodies(answer):
    assert answer.status == 200, answer["reason"]
    return [event.get("body", event["type"]) for event in answer.json()["events"]]


def numbers(answer):
    return [event["seqnr"] for event in answer.json()["events"]]


def links(answer):
    return {relation: path for path, relation in LINK.findall(answer["Link"] or "")}


def ends(answer):
    page = answer.json()
    return page["first"], page["last"], page["next"], page["head"]


def test_a_page_has_events_in_their_one_shape(ringo):
    ringo.posted("zoë", headers={"origin": "elsewhere/octopus/83"})
    page = ask(ringo, "?from=1").json()
    event, = page["events"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", event.pop("time"))
    assert event == {"type": "MSG", "channel": ringo.channel, "seqnr": 1, "source": "ringo",
                     "body": "zoë", "origin": "elsewhere/octopus/83"}
    assert page == {"events": page["events"], "first": 1, "last": 1, "next": 2, "head": 1}


def test_pages_by_from_and_limit(told):
    answer = ask(told, "?from=3&limit=4")
    assert bodies(answer) == ["3", "4", "5", "6"]
    assert ends(answer) == (3, 6, 7, 25)


def test_without_from_it_is_the_newest_page(told):
    assert bodies(ask(told, "?limit=3")) == ["23", "24", "25"]
    assert bodies(ask(told)) == [str(n) for n in range(1, 26)]


def test_a_page_has_100_messages_unless_asked_and_1000_at_most(api, channel, ringo):
    at_once([lambda: ringo.posted("x")] * 1010, threads=16)
    assert numbers(ask(ringo)) == list(range(911, 1011))
    assert numbers(ask(ringo, "?from=1")) == list(range(1, 101))
    assert numbers(ask(ringo, "?from=2&limit=5000")) == list(range(2, 1002))


def test_all_pages_by_next_are_the_whole_history(told):
    seen, path = [], told.path("messages?from=1&limit=7")
    while path:
        answer = told.api.call("GET", path, told.key)
        seen += bodies(answer)
        path = links(answer).get("next")
    assert seen == [str(n) for n in range(1, 26)]


def test_all_pages_by_prev_are_the_whole_history_and_nothing_is_on_two(told):
    seen, path = [], told.path("messages?limit=7")
    while path:
        answer = told.api.call("GET", path, told.key)
        seen = bodies(answer) + seen
        path = links(answer).get("prev")
    assert seen == [str(n) for n in range(1, 26)]


def test_links_say_what_pages_there_are(told):
    """RFC 8288: first, prev, next, last, as far as there are such pages."""
    base = told.path("messages")
    assert links(ask(told, "?from=8&limit=7")) == {
        "first": f"{base}?from=1&limit=7", "prev": f"{base}?from=1&limit=7",
        "next": f"{base}?from=15&limit=7", "last": f"{base}?from=19&limit=7"}
    assert links(ask(told, "?from=3&limit=7"))["prev"] == f"{base}?from=1&limit=2"
    assert links(ask(told, "?from=1&limit=7")).keys() == {"first", "next", "last"}
    assert links(ask(told, "?limit=7")).keys() == {"first", "prev", "last"}
    assert links(ask(told, "?limit=100")).keys() == {"first", "last"}


def test_a_link_of_a_channel_beyond_ascii_can_be_followed(api):
    ringo = api.member(unique("żółw"), "ringo")
    ringo.posted("hello")
    assert bodies(api.call("GET", links(ask(ringo))["first"], ringo.key)) == ["hello"]


def test_a_channel_without_messages_has_an_empty_page(ringo):
    answer = ask(ringo)
    assert (bodies(answer), ends(answer), answer["Link"]) == ([], (None, None, 1, 0), None)


def test_beyond_the_newest_is_an_empty_page_and_back_leads_prev(told):
    answer = ask(told, "?from=90&limit=5")
    assert (bodies(answer), ends(answer)) == ([], (None, None, 90, 25))
    assert bodies(told.api.call("GET", links(answer)["prev"], told.key)) == \
        ["21", "22", "23", "24", "25"]


def test_from_0_means_1_and_the_largest_number_is_no_harm(told):
    assert bodies(ask(told, "?from=0&limit=2")) == ["1", "2"]
    assert bodies(ask(told, "?from=9223372036854775807&limit=9223372036854775807")) == []
    assert len(bodies(ask(told, "?from=1&limit=9223372036854775807"))) == 25


def test_a_number_in_the_path_is_where_it_begins_and_moves_no_cursor(told):
    path = told.path("messages?limit=2", at=20)
    assert bodies(told.api.call("GET", path, told.key)) == ["20", "21"]
    assert bodies(told.api.call("GET", told.path("messages?from=3&limit=1", at=20), told.key)) == \
        ["3"]
    assert told.poll().json() == "1"


def test_pages_move_no_cursor(api, channel, told):
    paul = api.member(channel, "paul")
    assert len(bodies(ask(paul, "?from=1"))) == 25
    assert paul.poll().status == 204
    told.posted("new")
    assert paul.next_message().json() == "new"


def test_what_its_own_connection_has_posted_is_on_the_page(ringo, raw):
    path, key = ringo.path("messages"), ringo.key
    head = f"{path} HTTP/1.1\r\nHost: here\r\nsession: {key}\r\n"
    raw.send(f"PUT {head}Content-Length: 5\r\n\r\nhello".encode() * 3
             + f"GET {head}\r\n".encode())
    assert [raw.read_answer().status for _ in range(3)] == [200] * 3
    assert bodies(raw.read_answer()) == ["hello"] * 3


def test_older_than_what_is_kept_is_a_gap(start_server):
    """GAP instead of silence, and the page goes on with the oldest that is kept."""
    ringo = start_server(history=1000).api.member("octopus", "ringo")
    at_once([lambda: ringo.posted("x")] * 1100, threads=16)
    answer = ask(ringo, "?from=7&limit=3")
    gap, *messages = answer.json()["events"]
    first = gap["first"]
    assert 7 < first <= 101
    assert gap == {"type": "GAP", "channel": "octopus", "seqnr": first - 1, "from": 7,
                   "first": first}
    assert [message["seqnr"] for message in messages] == [first, first + 1, first + 2]
    assert ends(answer) == (first, first + 2, first + 3, 1100)
    assert links(answer).keys() == {"first", "next", "last"}
    assert f"from={first}&" in links(answer)["first"]


def test_a_damaged_message_is_a_gap_that_says_so(start_server):
    server = start_server()
    ringo = server.api.member("octopus", "ringo")
    for text in ("one", "two is damaged", "three"):
        ringo.posted(text)
    server.stop()
    server.flip_in_store(b"two is damaged")
    server.start()
    ringo.api = server.api
    answer = ask(ringo, "?from=1")
    assert bodies(answer) == ["one", "GAP", "three"]
    assert answer.json()["events"][1] == {"type": "GAP", "channel": "octopus", "seqnr": 2,
                                          "from": 2, "first": 3, "reason": "damaged-history"}
    assert ends(answer) == (1, 3, 4, 3)
    assert ends(ask(ringo, "?from=2&limit=1")) == (None, None, 3, 3)


def test_history_is_read_from_the_disk_after_a_restart(start_server):
    server = start_server()
    ringo = server.api.member("octopus", "ringo")
    at_once([lambda: ringo.posted("x" * 500)] * 700, threads=16)
    server.stop()
    server.start()
    ringo.api = server.api
    ringo.posted("new")
    answer = ask(ringo, "?from=1&limit=1000")
    assert numbers(answer) == list(range(1, 702))
    assert bodies(answer)[-1] == "new"


def test_a_page_has_a_mebibyte_at_most_and_next_goes_on(ringo):
    at_once([lambda: ringo.posted("\x01" * 15_000)] * 30, threads=8)
    seen, path = [], ringo.path("messages?from=1&limit=1000")
    while path:
        answer = ringo.api.call("GET", path, ringo.key)
        assert len(answer.body) < 1024 * 1024 + 1000
        assert numbers(answer)
        seen += numbers(answer)
        path = links(answer).get("next")
    assert seen == list(range(1, 31))


def test_a_message_larger_than_a_page_is_a_page(start_server):
    ringo = start_server(limits={"max_message": 500_000}).api.member("octopus", "ringo")
    for _ in range(2):
        ringo.posted("\x01" * 400_000)
    assert ends(ask(ringo, "?from=1")) == (1, 1, 2, 2)
    assert ends(ask(ringo, "?from=2")) == (2, 2, 3, 2)


def test_head_has_the_headers_of_get_and_no_body(told):
    got = ask(told, "?from=1&limit=5")
    head = told.api.call("HEAD", told.path("messages?from=1&limit=5"), told.key)
    assert (head.status, head.body) == (200, b"")
    assert (head["Link"], head["Content-Length"]) == (got["Link"], got["Content-Length"])


def test_a_page_needs_a_session_of_its_channel(api, ringo):
    path = ringo.path("messages")
    assert api.call("GET", path).status == 401
    stranger = api.member(unique(), "ringo")
    assert api.call("GET", path, stranger.key).status == 403
    assert api.call("GET", f"/chats/{unique()}/messages", ringo.key).status == 404


@pytest.mark.parametrize("query, reason", [
    ("from=x", "bad-seqnr"), ("from=", "bad-seqnr"), ("from=-1", "bad-seqnr"),
    ("from=1&from=1", "bad-seqnr"), ("from=9223372036854775808", "bad-seqnr"),
    ("limit=0", "bad-number"), ("limit=x", "bad-number"), ("limit=1.5", "bad-number"),
    ("limit=1&limit=1", "bad-number"), ("limit=-1", "bad-number"),
])
def test_what_is_no_number_is_400_before_the_key(api, ringo, query, reason):
    for key in (ringo.key, None):
        answer = api.call("GET", ringo.path(f"messages?{query}"), key)
        assert (answer.status, answer["reason"]) == (400, reason)


def test_who_reads_pages_is_not_idle(start_server):
    """Reading is activity, as all is that shows the key: who came later and does nothing goes."""
    api = start_server(session_timeout="2s").api
    ringo = api.member("octopus", "ringo")
    assert ask(ringo).status == 200
    api.member("octopus", "paul")

    def paul_is_gone():
        assert ask(ringo).status == 200
        return api.call("GET", "/chats/octopus").json()["users"] == 1

    wait_until(paul_is_gone)
