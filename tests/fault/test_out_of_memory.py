"""Row 9. No memory is left: the server ends at once, and nothing that it acknowledged is lost or
wrong after a restart."""

import random
import resource
import signal
from contextlib import ExitStack

from conformance.raw_connection import RawConnection

from .counts import tenth_of
from .load import Crew, KeepAliveApi, Poster, Visitor
from .processes import memory_bytes
from .record import Record, read_channel

MiB = 1024 * 1024
CHANNELS = ["octopus", "zebra"]
ROUNDS = tenth_of(50)
TEXT = b"x" * 500_000
HOGS = 1000  # far more of such texts than there is memory for


def crew_for(server, record, seed):
    place = server.api.address
    posters = [Poster(record, place, f"poster{n}", CHANNELS, seed) for n in range(3)]
    return Crew([*posters, Visitor(place, "visitor", CHANNELS, seed)])


def use_up_memory(server, hog, left):
    """Allows a little more than it has now, and lets a crowd begin to post, which is kept until it
    is whole. Gives the exit status."""
    limit = memory_bytes(server.pid, "VmSize") + left
    resource.prlimit(server.pid, resource.RLIMIT_AS, (limit, limit))
    half_a_post = (f"PUT {hog.path('messages')} HTTP/1.1\r\nHost: here\r\nsession: {hog.key}\r\n"
                   f"Content-Length: {len(TEXT) + 1}\r\n\r\n").encode() + TEXT
    with ExitStack() as hogs:
        try:
            for _ in range(HOGS):
                hogs.enter_context(RawConnection(server.api.address)).send(half_a_post)
        except OSError:
            pass  # it has ended meanwhile
        return server.wait_for_death()


def test_out_of_memory_under_load(start, plain_memory, seed):
    """Again and again, at another moment each time."""
    rng = random.Random(seed)
    server, record = start(session_timeout="10m", limits={"max_message": 524_288}), Record()
    crew = crew_for(server, record, seed)
    hog = server.api.member("walrus", "hog")
    for _ in range(ROUNDS):
        crew.begin()
        record.wait_for_more(rng.randint(1, 100))
        assert use_up_memory(server, hog, rng.randrange(16 * MiB)) in (1, -signal.SIGABRT)
        crew.end()
        server.start()
        crew.go_on(server.api.address)
    api = KeepAliveApi(*server.api.address)
    for channel in CHANNELS:
        assert record.violations(channel, read_channel(api.member(channel, "late"))) == []
