"""Row 9. No file can be opened any more: who is connected is served, nothing is lost, accepting
pauses without spinning, and goes on when there is room."""

import resource
import time

import pytest

from conformance.raw_connection import RawConnection
from conformance.waiting import wait_until

from .crowd import Crowd
from .load import Crew, KeepAliveApi, ObedientPoster, Visitor
from .processes import has_sanitizer, processor_s, sockets
from .record import Record, read_channel

CHANNELS = ["octopus", "zebra"]
FILES = 64
MORE_THAN_FIT = 100
LARGE = (400_000, 500_000)  # texts that make the log open its next file soon
NEXT_FILES = 2  # of the log: one may be at hand, the other is made when there are few left


@pytest.fixture
def server(start):
    return start(prefix=["prlimit", f"--nofile={FILES}"], session_timeout="10m",
                 limits={"max_message": 524_288, "idle_timeout": "10m"})


def crew_for(server, record, seed):
    place = server.api.address
    posters = [ObedientPoster(record, place, f"poster{n}", CHANNELS, seed, sizes=LARGE)
               for n in range(3)]
    return Crew([*posters, Visitor(place, "visitor", CHANNELS, seed)])


def newest_log_file(server):
    return max(path.name for path in (server.folder / "data/log").glob("*.log"))


def begin(crew, record):
    """Under way, and so connected."""
    crew.begin()
    record.wait_for_more(20)


def is_served(address):
    with RawConnection(address) as connection:
        return connection.is_usable()


def test_out_of_files_who_is_there_is_served(server, seed):
    """Also when the log and the store need files: a kill afterwards loses nothing."""
    record = Record()
    crew = crew_for(server, record, seed)
    begin(crew, record)
    with Crowd(server.api.address) as crowd:
        crowd.connect(MORE_THAN_FIT)
        wait_until(lambda: "no more connections" in server.log())
        for _ in range(NEXT_FILES):
            last = newest_log_file(server)
            while newest_log_file(server) == last:
                record.wait_for_more(1)
        crew.halt()
        assert not server.has_ended()
        server.kill()
    server.start()
    crew.go_on(server.api.address)
    api = KeepAliveApi(*server.api.address)
    for channel in CHANNELS:
        assert record.violations(channel, read_channel(api.member(channel, "late"))) == []


@pytest.mark.parametrize("known", ["at the start", "only by the system's refusal"])
def test_out_of_files_accepting_pauses(start, server, known):
    """It costs little time and few words, and goes on when connections go away."""
    if known != "at the start":
        if has_sanitizer("ubsan"):
            pytest.skip("UBSan looks at objects through a pipe, and takes no pipe for a bad one")
        server = start(limits={"idle_timeout": "10m"})
        resource.prlimit(server.pid, resource.RLIMIT_NOFILE, (FILES, FILES))
    with Crowd(server.api.address) as crowd:
        crowd.connect(MORE_THAN_FIT)
        wait_until(lambda: "no more connections" in server.log())
        held = sockets(server.pid)
        before, began = processor_s(server.pid), time.monotonic()
        time.sleep(1)  # what is measured is a length of time
        elapsed = time.monotonic() - began
        assert processor_s(server.pid) - before < elapsed / 4
        assert server.log().count("no more connections") < 5
        assert sockets(server.pid) == held

        crowd.close(MORE_THAN_FIT - 10)
        wait_until(lambda: sockets(server.pid) < held)
        assert is_served(server.api.address)


def test_out_of_files_operators_are_heard(server):
    """No crowd of clients takes their place."""
    with Crowd(server.api.address) as crowd:
        crowd.connect(MORE_THAN_FIT)
        wait_until(lambda: "no more connections" in server.log())
        assert server.admin.call("GET", "/").status == 200
