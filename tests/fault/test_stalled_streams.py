"""Row 6, of streams. A crowd that opens streams and does not read them: memory stays under its
limit, others are served, and who reads later, or is given up and resumes, has missed nothing."""

import pytest

from conformance.event_stream import EventStream
from conformance.waiting import wait_until

from .bystander import Bystander
from .counts import tenth_of
from .crowd import Crowd, allowed
from .load import KeepAliveApi
from .processes import is_at_rest, is_instrumented, memory_bytes, sockets
from .stalled_streams import KINDS, read_on

KiB, MiB = 1024, 1024 * 1024
READERS = tenth_of(10_000)
MEMBERS, STREAMS = 10, 10  # of a channel, of a member
CHANNELS = READERS // MEMBERS // STREAMS
MESSAGES = 60
TEXT = "x" * 16_000
LATE = 20  # who read again
# What a reader may cost: its connection, and the event that it is in the middle of.
A_READER_BYTES = 64 * KiB
# src/base/limits.h: live events of a channel, in each of two kinds; twice that, and room to grow.
A_CHANNEL_BYTES = 2 * 2 * 2 * 256 * KiB
# Messages that are recent, or not stored yet, and pages of the store.
HISTORY_BYTES = (32 + 64 + 8) * MiB
GIVEN_UP_S = 40  # who takes nothing for so long
# A directory that is much longer than what a reader may cost.
LARGE = 2_500  # members
LONG_NAME = "\U00020000" * 27


@pytest.fixture
def server(memory_folder, start):
    if allowed(READERS) < READERS:
        pytest.skip(f"not {READERS} connections are allowed (ulimit -Hn)")
    return start(data=memory_folder / "data", session_timeout="30m")


def join(server, channel):
    api = KeepAliveApi(*server.api.address)
    members = [api.member(channel, f"reader{n}") for n in range(MEMBERS)]
    api.close()
    return members


def test_stalled_streams(server):
    """Of server-sent events, and over WebSockets."""
    members = [join(server, f"octopus{n}") for n in range(CHANNELS)]
    writers = [KeepAliveApi(*server.api.address).member(f"octopus{n}", "writer")
               for n in range(CHANNELS)]
    bystander = Bystander(server)
    # Before all others, so that it is told of each join.
    live = EventStream(writers[0])
    before, held = memory_bytes(server.pid), sockets(server.pid)
    readers = [(KINDS[n % 2], member) for of_one in members for member in of_one
               for n in range(STREAMS)]
    with Crowd(server.api.address) as crowd:
        for kind, member in readers:
            crowd.connect(1, say=kind.request(member))
        wait_until(lambda: crowd.answered() == READERS, seconds=60)
        for n in range(1, MESSAGES + 1):
            assert [writer.posted(TEXT) for writer in writers] == [n] * CHANNELS
            assert live.messages(1) == [(n, TEXT)], "who reads is not held up by who does not"
        wait_until(lambda: is_at_rest(server.pid), seconds=60)
        if not is_instrumented():  # a sanitizer's own memory hides the server's
            assert memory_bytes(server.pid) < (before + READERS * A_READER_BYTES + HISTORY_BYTES +
                                               CHANNELS * A_CHANNEL_BYTES)
        bystander.assert_not_held_up()
        everything = [(n, TEXT) for n in range(1, MESSAGES + 1)]
        for (kind, member), one in zip(readers[:LATE], crowd.sockets):
            assert read_on(kind, one, member, MESSAGES) == everything
        crowd.close(LATE)
        wait_until(lambda: sockets(server.pid) <= held, seconds=GIVEN_UP_S + 60)
        for (kind, member), one in zip(readers[LATE:], crowd.sockets[:LATE]):
            assert read_on(kind, one, member, MESSAGES) == everything
    live.close()


def test_stalled_streams_in_a_large_channel(server):
    """Each begins with the directory, at a number of its own; of that there is one for all who are
    in the middle of it."""
    api = KeepAliveApi(*server.api.address)
    members = [api.member("octopus", f"{LONG_NAME}{n:05}") for n in range(LARGE)]
    before = memory_bytes(server.pid)
    readers = [(KINDS[n % 2], member, n + 1) for n, member in enumerate(members[:READERS])]
    with Crowd(server.api.address) as crowd:
        for kind, member, first in readers:
            crowd.connect(1, say=kind.request(member, first))
        wait_until(lambda: crowd.answered() == len(readers), seconds=60)
        wait_until(lambda: is_at_rest(server.pid), seconds=60)
        if not is_instrumented():  # a sanitizer's own memory hides the server's
            assert memory_bytes(server.pid) < before + len(readers) * A_READER_BYTES
        names = [f"{LONG_NAME}{n:05}" for n in range(LARGE)]
        for (kind, _, first), one in list(zip(readers, crowd.sockets))[:LATE]:
            event = kind(one).next()
            assert (event["seqnr"], event["users"]) == (first - 1, names)
    api.close()
