"""Row 6. A crowd asks for much and does not read: memory stays under its limit, others are served,
and who reads later has missed nothing. These are clients that poll ahead; streams are in
test_stalled_streams.py."""

import pytest

from conformance.raw_connection import RawConnection
from conformance.waiting import at_once, wait_until

from .bystander import Bystander
from .counts import tenth_of
from .crowd import Crowd, allowed
from .load import KeepAliveApi
from .processes import is_at_rest, is_instrumented, memory_bytes

KiB = 1024
READERS = tenth_of(10_000)
MEMBERS = 100  # of a channel
MESSAGES = 40
TEXT = "x" * 16_000
FIRST_TO_READ = 20
ASKERS = 30
# What a reader may cost that asked for all of that: what it asked, one answer, and the connection.
A_READER_BYTES = 128 * KiB
# src/base/limits.h: answers that a connection has not taken; a string may have twice the room.
UNSENT_BYTES = 1024 * KiB


@pytest.fixture
def server(memory_folder, start):
    if allowed(READERS) < READERS:
        pytest.skip(f"not {READERS} connections are allowed (ulimit -Hn)")
    return start(data=memory_folder / "data", session_timeout="30m",
                 limits={"idle_timeout": "30m"})


def request(member, verb):
    return (f"GET {member.path(verb)} HTTP/1.1\r\nHost: here\r\nsession: {member.key}\r\n"
            "\r\n").encode()


def join(server, channel):
    """The members of one channel."""
    api = KeepAliveApi(*server.api.address)
    found = [api.member(channel, f"reader-with-a-long-name-{n:08}") for n in range(MEMBERS)]
    api.close()
    return found


def fill(server, channel):
    """The members of one channel, in which something was said since they joined."""
    members = join(server, channel)
    for _ in range(MESSAGES):
        members[0].posted(TEXT)
    members[0].api.close()
    return members


def assert_weighs_less(server, most):
    if not is_instrumented():  # a sanitizer's own memory hides the server's
        assert memory_bytes(server.pid) < most


def read_on(one):
    """A connection of the crowd, read as a client reads."""
    connection = RawConnection(None, connected=one)
    answers = [connection.read_answer() for _ in range(MESSAGES + 1)]
    assert answers[0]["type"] == "DIR"
    return [(int(answer["seqnr"]), answer.json()) for answer in answers[1:]]


def test_stalled_readers(server):
    """Each asks for all messages at once."""
    channels = [f"octopus{n}" for n in range(READERS // MEMBERS)]
    members = sum(at_once([lambda c=c: fill(server, c) for c in channels]), [])
    bystander = Bystander(server)
    before = memory_bytes(server.pid)
    with Crowd(server.api.address) as crowd:
        for member in members:
            crowd.connect(1, say=request(member, "events") * (MESSAGES + 1))
        wait_until(lambda: crowd.answered() == READERS and is_at_rest(server.pid), seconds=60)
        assert_weighs_less(server, before + READERS * A_READER_BYTES)
        bystander.assert_not_held_up()
        for one in crowd.sockets[:FIRST_TO_READ]:
            assert read_on(one) == [(n, TEXT) for n in range(1, MESSAGES + 1)]


def test_stalled_askers(server):
    """Answers that need no turn, directories, are gathered only up to a bound."""
    members = join(server, "octopus")
    bystander = Bystander(server)
    before = memory_bytes(server.pid)
    directory = len(members[0].directory().body)
    with Crowd(server.api.address) as crowd:
        for member in members[:ASKERS]:
            crowd.connect(1, say=request(member, "directory") * (2 * UNSENT_BYTES // directory))
        wait_until(lambda: crowd.answered() == ASKERS and is_at_rest(server.pid), seconds=60)
        assert_weighs_less(server, before + ASKERS * (2 * UNSENT_BYTES + A_READER_BYTES))
        bystander.assert_not_held_up()
