"""Row 5. The wall clock jumps by an hour, ahead and back: it decides nothing. Nobody active
expires, who is idle does in time, and date-sent never goes back."""

import struct
import time
from datetime import datetime, timedelta

import pytest

from conformance.waiting import wait_until

from .load import Crew, KeepAliveApi, Poster, Reader
from .preload import build, environment
from .record import Record

HOUR = 3600
TIMEOUT_S = 5
CHANNELS = ["octopus"]


class Clock:
    """The server's wall clock, as far from the true one as set."""

    def __init__(self, file):
        self.file = file
        file.write_bytes(struct.pack("=q", 0))

    def set(self, shift_s):
        with open(self.file, "r+b", buffering=0) as shared:
            shared.write(struct.pack("=q", shift_s))


@pytest.fixture(scope="session")
def library(tmp_path_factory):
    return build("clock", tmp_path_factory.mktemp("preload"))


@pytest.fixture
def clock(tmp_path):
    return Clock(tmp_path / "shift")


@pytest.fixture
def server(start, library, clock):
    return start(session_timeout=f"{TIMEOUT_S}s",
                 environment=environment(library, FAULT_CLOCK_SHIFT=clock.file))


def sent(answer):
    return datetime.fromisoformat(answer["date-sent"])


def dates(member):
    """Of all messages, in their order."""
    found = []
    while (answer := member.poll(from_=len(found) + 1)).status != 204:
        if answer.is_message:
            found.append(sent(answer))
    return found


def date_of_a_post(member):
    seqnr = member.posted("what time is it?")
    answer = member.poll(from_=seqnr)
    return sent(member.poll(from_=seqnr) if answer.is_directory else answer)


def is_about(date, shift_s):
    """The true time and so much."""
    return abs(date - datetime.now(date.tzinfo) - timedelta(seconds=shift_s)) < timedelta(minutes=5)


class DatingReader(Reader):
    """Polls often; all that it gets must be dated no earlier than what came before."""

    last = None

    def work(self):
        answer = self.members[0].poll()
        if answer.is_message:
            date = sent(answer)
            assert self.last is None or date >= self.last
            self.last = date
            return True
        assert answer.is_directory or answer.status == 204, (answer.status, answer["reason"])
        return answer.status == 200


@pytest.mark.parametrize("steps", [[HOUR, -HOUR, 0], [-HOUR, 0, HOUR]], ids=str)
def test_clock_jumps_under_load(server, clock, seed, steps):
    """The sessions of those under way live on, one that is idle ends no sooner and no later than
    without the jump."""
    record, place = Record(), server.api.address
    crew = Crew([DatingReader(place, "reader", CHANNELS, seed),
                 *(Poster(record, place, f"poster{n}", CHANNELS, seed) for n in range(2))])
    assert is_about(date_of_a_post(crew.workers[0].members[0]), 0)
    crew.begin()
    idle, joined = server.api.member("octopus", "idle"), time.monotonic()
    for shift in steps:
        clock.set(shift)
        record.wait_for_more(50)
    observer = server.api.member("octopus", "observer")
    wait_until(lambda: "idle" not in observer.directory().json(), seconds=4 * TIMEOUT_S)
    assert time.monotonic() - joined >= TIMEOUT_S - 1
    assert idle.poll().status == 401
    crew.halt()
    for worker in crew.workers:
        assert worker.members[0].poll().status in (200, 204)
    history = dates(observer)
    assert len(history) > 50 * len(steps)
    assert history == sorted(history)
    # The clock is read, so the jump was one: what is ahead shows, what is behind is held back.
    assert is_about(history[-1], HOUR)


def test_clock_behind_after_a_restart(server, clock):
    """date-sent is no earlier than that of the message before, though that was an hour ago."""
    clock.set(HOUR)
    ringo = server.api.member("octopus", "ringo")
    ahead = date_of_a_post(ringo)
    assert is_about(ahead, HOUR)
    server.kill()
    clock.set(-HOUR)
    server.start()
    ringo.api = KeepAliveApi(*server.api.address)
    assert date_of_a_post(ringo) >= ahead
    paul = ringo.api.member("zebra", "paul")
    assert is_about(date_of_a_post(paul), -HOUR)
