"""The streams of a session end with it, also where nobody reads them: nothing is left of them soon
after. (A WebSocket is no session's: what ends there is the subscription.)"""

import time

from conformance.waiting import wait_until

from .crowd import Crowd
from .load import KeepAliveApi
from .processes import sockets
from .stalled_streams import ServerSent

MEMBERS, STREAMS = 20, 16  # of a member as many as it may have
MESSAGES, TEXT = 60, "x" * 16_000  # more than the system keeps of a connection
# It is a second, which src/http/event_stream_test.cpp counts on a clock of its own; how busy the
# machine is shall not decide here: far below the 40 s after which whoever takes nothing is given up
# all the same.
GONE_S = 15


def test_stalled_streams_are_closed_when_their_session_ends(start):
    server = start(session_timeout="30m")
    api = KeepAliveApi(*server.api.address)
    members = [api.member("octopus", f"reader{n}") for n in range(MEMBERS)]
    writer = api.member("octopus", "writer")
    before = sockets(server.pid)
    with Crowd(server.api.address) as crowd:
        for n in range(MEMBERS * STREAMS):
            crowd.connect(1, say=ServerSent.request(members[n % MEMBERS]))
        wait_until(lambda: crowd.answered() == MEMBERS * STREAMS, seconds=60)
        for _ in range(MESSAGES):
            writer.posted(TEXT)
        assert sockets(server.pid) == before + MEMBERS * STREAMS
        for member in members:
            member.leave()
        began = time.monotonic()
        wait_until(lambda: sockets(server.pid) == before, seconds=30)
        assert time.monotonic() - began < GONE_S
