"""Events: their form, their order, and who gets which."""

from datetime import datetime, timezone

from .waiting import at_once


def test_a_message_event_has_type_seqnr_and_source(ringo):
    """"Message::Event: seqnr: <int>, type: MSG, source: <username>, body: message contents" """
    ringo.posted("hello")
    event = ringo.poll()
    assert event.status == 200
    assert (event["type"], event["seqnr"], event["source"]) == ("MSG", "1", "ringo")
    assert event.json() == "hello"


def test_a_message_event_tells_when_it_was_sent(ringo):
    """date-sent is RFC 3339."""
    ringo.posted("hello")
    text = ringo.poll()["date-sent"]
    sent = datetime.fromisoformat(text.replace("Z", "+00:00"))
    assert "T" in text and sent.tzinfo is not None
    assert abs((datetime.now(timezone.utc) - sent).total_seconds()) < 24 * 3600


def test_a_source_beyond_ascii_is_percent_encoded(api, channel):
    """Header values are ASCII: a non-ASCII name is percent-encoded UTF-8 there."""
    zoe = api.member(channel, "Zoë.李")
    zoe.posted("hello")
    assert zoe.poll()["source"] == "Zo%C3%AB.%E6%9D%8E"


def test_nothing_new_is_204_without_body(raw, ringo):
    """204 where there is nothing new; no body, no Content-Length."""
    head = f"GET {ringo.path('events')} HTTP/1.1\r\nHost: here\r\nsession: {ringo.key}\r\n\r\n"
    answer = raw.ask(head.encode())
    assert answer.status == 204
    assert answer["content-length"] is None and answer["transfer-encoding"] is None
    assert raw.is_usable()


def test_a_message_goes_to_all_members(api, channel, ringo):
    """"When a client wants to broadcast a message, it issues a putMessageForChat call": all get it,
    its author too."""
    others = [api.member(channel, user) for user in ("john", "paul", "george")]
    ringo.posted("to all")
    for member in [ringo, *others]:
        event = member.next_message()
        assert (event.json(), event["source"]) == ("to all", "ringo")


def test_seqnr_is_gapless_from_1(ringo):
    """Per channel, first message 1, then +1 a message."""
    assert [ringo.posted(f"{n}") for n in range(1, 31)] == list(range(1, 31))
    assert ringo.drain() == [(n, f"{n}") for n in range(1, 31)]


def test_concurrent_posts_get_one_number_each(api, channel):
    """Gapless also where many post at once, and each message is there under the number of its
    answer."""
    members = [api.member(channel, f"user{n}") for n in range(8)]
    tasks = [lambda m=m, n=n: (m.posted(f"{m.name}-{n}"), f"{m.name}-{n}")
             for n in range(15) for m in members]
    given = at_once(tasks)
    assert sorted(number for number, _ in given) == list(range(1, 121))
    assert members[0].drain() == sorted(given)


def test_order_is_the_same_for_every_reader(api, channel):
    """"For the reference client, the message ordering is ensured by the server." """
    members = [api.member(channel, f"user{n}") for n in range(4)]
    at_once([lambda m=m, n=n: m.posted(f"{m.name}-{n}") for n in range(10) for m in members])
    orders = [member.drain() for member in members]
    assert len(orders[0]) == 40
    assert orders.count(orders[0]) == 4


def test_one_authors_messages_stay_in_their_order(api, channel):
    """What one client posts one after the other is read in that order."""
    members = [api.member(channel, f"user{n}") for n in range(4)]
    at_once([lambda m=m: [m.posted(f"{m.name}-{n}") for n in range(10)] for m in members])
    read = [text for _, text in members[0].drain()]
    for member in members:
        mine = [text for text in read if text.startswith(member.name)]
        assert mine == [f"{member.name}-{n}" for n in range(10)]


def test_concurrent_polls_of_one_session_never_get_the_same_event(ringo):
    """Polls of one session are served one at a time."""
    expected = [(ringo.posted(f"{n}"), f"{n}") for n in range(1, 41)]
    answers = at_once([ringo.poll] * 40)
    assert sorted((a.seqnr, a.json()) for a in answers if a.is_message) == expected
    assert ringo.poll().status == 204


def test_polls_of_two_sessions_do_not_take_from_each_other(api, channel, ringo):
    """Each session has a cursor of its own."""
    paul = api.member(channel, "paul")
    expected = [(ringo.posted(text), text) for text in "abc"]
    assert (ringo.drain(), paul.drain()) == (expected, expected)


def test_head_never_moves_the_cursor(ringo):
    """HEAD never moves a cursor."""
    ringo.posted("hello")
    for _ in range(3):
        answer = ringo.api.call("HEAD", ringo.path("events"), ringo.key)
        assert answer.status in (200, 204) and answer.body == b""
    assert ringo.next_message().json() == "hello"


def test_a_bridged_message_says_where_it_has_been(ringo):
    """origin, as it was posted; and none where there was none."""
    ringo.posted("hello", {"origin": "a/octopus/83,b/zebra/7"})
    ringo.posted("hello")
    assert [ringo.poll()["origin"] for _ in range(2)] == ["a/octopus/83,b/zebra/7", None]
