"""How much of a channel's past can be read."""

import pytest

from .waiting import at_once, wait_until

MESSAGES = 1100


def fill(member):
    """Posts by several clients of one session; the order among them does not matter."""
    at_once([lambda: member.posted("x")] * MESSAGES, threads=16)


def read_from(member, number):
    """Asks for number, then polls on to the end; the first answer and all seqnrs."""
    first = member.poll(from_=number)
    assert first.is_message
    return first, [first.seqnr] + [seqnr for seqnr, _ in member.drain()]


def test_the_last_1000_messages_are_kept(api, channel, ringo):
    """"The server MAY keep the entire chat history, but it only must store the last 1000 messages
    for each chat channel." """
    fill(ringo)
    late = api.member(channel, "late")
    first, numbers = read_from(late, MESSAGES - 999)
    assert first["first-seqnr"] is None
    assert numbers == list(range(MESSAGES - 999, MESSAGES + 1))


def test_older_than_what_is_kept_starts_at_the_oldest_and_says_so(start_server):
    """"If a client asks for messages starting from a sequence number to HEAD, if the server has the
    message history, it will be sent to the client, otherwise it MAY be truncated": then it starts
    at the oldest, and says so in first-seqnr."""
    ringo = start_server(history=1000).api.member("octopus", "ringo")
    fill(ringo)
    first, numbers = read_from(ringo, 1)
    assert first.seqnr == int(first["first-seqnr"])
    assert 1 < first.seqnr <= MESSAGES - 999
    assert numbers == list(range(first.seqnr, MESSAGES + 1))


def test_a_truncated_history_keeps_its_numbers(start_server):
    """seqnr goes on for ever, whatever was dropped."""
    ringo = start_server(history=1000).api.member("octopus", "ringo")
    fill(ringo)
    assert ringo.posted("next") == MESSAGES + 1
    assert ringo.poll(from_=MESSAGES + 1).json() == "next"


@pytest.mark.parametrize("setting", [{"history_age": "1s"}, {"history_bytes": 10_000}])
def test_what_is_beyond_an_age_or_a_size_goes_but_for_the_last_1000(start_server, setting):
    ringo = start_server(**setting).api.member("octopus", "ringo")
    fill(ringo)
    wait_until(lambda: ringo.poll(from_=1)["first-seqnr"] == str(MESSAGES - 999))
    first, numbers = read_from(ringo, 1)
    assert numbers == list(range(MESSAGES - 999, MESSAGES + 1))
