"""A poll that waits for something to come."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from .raw_connection import RawConnection
from .waiting import at_once, wait_until

LONG_S = 60  # more than any test takes: what comes earlier did not come because time was up
SOON_S = 10  # for a machine that is busy; far below LONG_S


def request(member, query, at=None):
    return (f"GET {member.path('events', at)}?{query} HTTP/1.1\r\nHost: here\r\n"
            f"session: {member.key}\r\n\r\n").encode()


class LongPoll:
    """One that waits, on a connection of its own. Asserts that it does wait."""

    def __init__(self, member, query=f"wait={LONG_S}", waits=True):
        self.connection = RawConnection(member.api.address)
        self.connection.send(request(member, query))
        if waits:
            assert not self.connection.has_answer_within(0.3)

    def answer(self):
        with self.connection:
            assert self.connection.has_answer_within(SOON_S)
            return self.connection.read_answer()


def test_what_is_there_already_is_answered_at_once(ringo):
    """In the same form as without wait."""
    ringo.posted("hello")
    answer = LongPoll(ringo, waits=False).answer()
    assert (answer.status, answer["type"], answer["seqnr"]) == (200, "MSG", "1")
    assert (answer["source"], answer.json()) == ("ringo", "hello")


def test_a_message_ends_the_wait(ringo):
    """The answer is an answer of events: headers, a body that is the text, and the cursor moves."""
    waiting = LongPoll(ringo)
    ringo.posted("hello")
    answer = waiting.answer()
    assert (answer["type"], answer["seqnr"], answer["source"]) == ("MSG", "1", "ringo")
    assert answer.json() == "hello" and answer["date-sent"]
    assert ringo.poll().status == 204


def test_a_join_and_a_leave_end_the_wait(api, channel, ringo):
    """With the directory."""
    waiting = LongPoll(ringo)
    paul = api.member(channel, "paul")
    answer = waiting.answer()
    assert (answer["type"], answer.json()) == ("DIR", ["paul", "ringo"])
    waiting = LongPoll(ringo)
    paul.leave()
    answer = waiting.answer()
    assert (answer["type"], answer.json()) == ("DIR", ["ringo"])
    assert ringo.poll().status == 204


def test_an_expired_member_ends_the_wait(start_server):
    """The session that waits is active all the time."""
    api = start_server(session_timeout="1s").api
    ringo = api.member("octopus", "ringo")
    api.member("octopus", "paul")
    wait_until(lambda: LongPoll(ringo, waits=False).answer().json() == ["ringo"])
    assert ringo.poll().status == 204


def test_when_time_is_up_there_is_nothing(ringo):
    """204, and not before."""
    began = time.monotonic()
    answer = LongPoll(ringo, "wait=1", waits=False).answer()
    assert (answer.status, answer.body) == (204, b"")
    assert time.monotonic() - began >= 1


def test_a_wait_of_0_does_not_wait(ringo):
    assert LongPoll(ringo, "wait=0", waits=False).answer().status == 204


@pytest.mark.parametrize("wait", ["61", "3600", "9223372036854775807"])
def test_a_longer_wait_is_a_wait(ringo, wait):
    """It is answered as 60 s are; who asks for more is not refused."""
    waiting = LongPoll(ringo, f"wait={wait}")
    ringo.posted("hello")
    assert waiting.answer()["seqnr"] == "1"


@pytest.mark.parametrize("wait", ["x", "-1", "1.5", "", "9223372036854775808", "1&wait=1"])
def test_a_wait_that_is_no_number_is_400(api, ringo, wait):
    answer = api.call("GET", ringo.path("events") + f"?wait={wait}", ringo.key)
    assert (answer.status, answer["reason"]) == (400, "bad-number")


def test_head_does_not_wait(api, ringo):
    answer = api.call("HEAD", ringo.path("events") + f"?wait={LONG_S}", ringo.key)
    assert answer.status == 204


def test_a_second_poll_ends_the_first(ringo):
    """The first gets 204, the second waits, or is answered; nothing is lost."""
    first = LongPoll(ringo)
    second = LongPoll(ringo)
    assert first.answer().status == 204
    assert ringo.poll().status == 204
    assert second.answer().status == 204
    third = LongPoll(ringo)
    ringo.posted("hello")
    assert third.answer().json() == "hello"


def test_a_leave_ends_the_wait(ringo):
    """There is no session any more."""
    waiting = LongPoll(ringo)
    assert ringo.leave().status == 200
    answer = waiting.answer()
    assert (answer.status, answer["reason"]) == (401, "no-session")


def test_a_position_beyond_the_newest_message_waits_for_it(ringo):
    """And not for others."""
    waiting = LongPoll(ringo, f"wait={LONG_S}&from=3")
    ringo.posted("1")
    ringo.posted("2")
    assert not waiting.connection.has_answer_within(0.3)
    ringo.posted("3")
    assert waiting.answer().json() == "3"


def test_other_calls_of_a_session_do_not_end_its_wait(ringo):
    waiting = LongPoll(ringo)
    assert ringo.directory().status == 200
    assert not waiting.connection.has_answer_within(0.3)
    ringo.posted("hello")
    assert waiting.answer().json() == "hello"


def test_another_channel_does_not_end_the_wait(api, channel, ringo):
    waiting = LongPoll(ringo)
    api.member(f"{channel}-2", "ringo").posted("elsewhere")
    assert not waiting.connection.has_answer_within(0.3)
    ringo.posted("here")
    assert waiting.answer().json() == "here"


def test_a_waiting_poll_keeps_its_session_alive(start_server):
    """Beyond the session timeout: others expire meanwhile."""
    api = start_server(session_timeout="1s").api
    ringo = api.member("octopus", "ringo")
    with LongPoll(ringo, f"wait={LONG_S}&from=9").connection:
        paul = api.member("zebra", "paul")
        for n in range(3):
            api.member("zebra", f"guest{n}")
            wait_until(lambda: paul.directory().json() == ["paul"])
        late = api.member("octopus", "late")
    assert late.joined.json() == ["late", "ringo"]


def test_a_client_that_vanishes_while_it_waits_loses_nothing(ringo):
    """An answer that nobody took has moved no cursor; the session goes on."""
    for n in range(1, 6):
        waiting = LongPoll(ringo)
        waiting.connection.__exit__()
        ringo.posted(f"{n}")
        assert ringo.next_message().json() == f"{n}"


def test_a_client_that_vanishes_harms_no_other(api, channel, ringo):
    """Of many who wait, some go without a word."""
    others = [api.member(channel, f"user{n}") for n in range(20)]
    for member in [ringo, *others]:
        assert member.directory().status == 200
    waiting = [LongPoll(member, waits=False) for member in others]
    for one in waiting[::2]:
        one.connection.__exit__()
    ringo.posted("hello")
    assert [one.answer().json() for one in waiting[1::2]] == ["hello"] * 10


def test_what_is_asked_behind_a_waiting_poll_waits_too(raw, ringo):
    """Answers come in the order of the requests; a post is not begun before it."""
    raw.send(request(ringo, f"wait={LONG_S}") +
             f"GET {ringo.path('directory')} HTTP/1.1\r\nHost: here\r\nsession: {ringo.key}\r\n\r\n"
             .encode())
    assert not raw.has_answer_within(0.3)
    ringo.posted("hello")
    assert raw.read_answer().json() == "hello"
    assert raw.read_answer().json() == ["ringo"]


@pytest.mark.parametrize("query, status", [("", 204), ("&limit=9", 200)])
def test_a_stopping_server_answers_those_who_wait(start_server, query, status):
    """It tells them that there is nothing, as at the end of their time, and need not wait for them;
    their sessions are there afterwards."""
    server = start_server()
    ringo = server.api.member("octopus", "ringo")
    waiting = LongPoll(ringo, f"wait={LONG_S}{query}")
    assert server.stop() == 0
    assert waiting.answer().status == status
    assert "did not finish in time" not in server.log()
    server.start()
    ringo.api = server.api
    ringo.posted("hello")
    assert ringo.next_message().json() == "hello"


def test_a_reader_who_only_waits_gets_every_message_once(api, channel, ringo):
    """One who polls, waiting each time, beside others who post at once."""
    members = [api.member(channel, f"user{n}") for n in range(4)]
    assert ringo.directory().status == 200
    said = 100
    with ThreadPoolExecutor(1) as pool:
        def read():
            with RawConnection(api.address) as connection:
                return [connection.ask(request(ringo, f"wait={LONG_S}")) for _ in range(said)]
        reading = pool.submit(read)
        given = at_once([lambda m=m, n=n: (m.posted(f"{m.name}-{n}"), f"{m.name}-{n}")
                         for n in range(said // 4) for m in members])
        answers = reading.result(LONG_S)
    assert [(int(a["seqnr"]), a.json()) for a in answers] == sorted(given)
