"""Row 3. A sync fails: the server stops at once, tries no second time, and has acknowledged nothing
that was not synced. What was acknowledged is there after a restart; the rest at most once."""

import random
from dataclasses import dataclass
from pathlib import Path

import pytest

from .damaged_data import frames, segments
from .load import Crew, KeepAliveApi, Poster, Visitor
from .preload import build, environment
from .record import Record, read_channel
from .server import Refused

CHANNELS = ["octopus", "zebra"]
LARGE = (400_000, 500_000)  # texts that fill a segment of the log soon
ZEROS_OF_A_SEGMENT = 32  # syncs of the spare segment while it is made ahead


@dataclass
class Trial:
    """A server under load, on a disk whose n-th sync of files with such a name fails, as all that
    follow, counted from arm() on."""

    server: object
    record: Record
    crew: Crew
    calls: Path

    def arm(self):
        self.calls.touch()

    def assert_stopped_at_once(self):
        """With status 1 and the reason, after one failure and no sync of such a file after it."""
        assert self.server.wait_for_death() == 1
        assert "broken invariant" in self.server.log()
        outcomes = [line.split()[0] for line in self.calls.read_text().splitlines()]
        assert outcomes[-1] == "failed" and outcomes.count("failed") == 1

    def go_on(self):
        """Starts it on a disk that works again, and checks everything."""
        self.crew.end()
        self.server.environment = {}
        self.server.start()
        self.crew.go_on(self.server.api.address)
        api = KeepAliveApi(*self.server.api.address)
        for channel in CHANNELS:
            late = api.member(channel, "late")
            assert self.record.violations(channel, read_channel(late)) == []
            assert late.leave().status == 200
        self.crew.begin()
        self.record.wait_for_more(10)
        self.crew.halt()


@pytest.fixture(scope="session")
def library(tmp_path_factory):
    return build("sync", tmp_path_factory.mktemp("preload"))


@pytest.fixture
def begin(start, library, seed, tmp_path):
    def run(pattern, n, sizes=(0, 10, 100, 3000), **settings):
        calls = tmp_path / "calls"
        faults = environment(library, FAULT_SYNC_PATH=pattern, FAULT_SYNC_FROM=n,
                             FAULT_SYNC_CALLS=calls)
        server, record = start(session_timeout="10m", environment=faults,
                               limits={"max_message": 524_288}, **settings), Record()
        place = server.api.address
        posters = [Poster(record, place, f"poster{n}", CHANNELS, seed, sizes=sizes)
                   for n in range(3)]
        crew = Crew([*posters, Visitor(place, "visitor", CHANNELS, seed)])
        crew.begin()
        record.wait_for_more(10)
        return Trial(server, record, crew, calls)
    return run


def forget_last_frame(data):
    """What was written and not synced, a power cut may take."""
    newest = segments(data)[-1]
    last = frames(newest)[-1]
    with open(newest, "r+b") as file:
        file.seek(last.begin)
        file.write(bytes(last.end - last.begin))


@pytest.mark.parametrize("commit", ["inline", "thread"])
@pytest.mark.parametrize("then", ["written", "lost"])
def test_sync_of_an_entry_fails(begin, seed, then, commit):
    """written: what was not synced is there after all; lost: it is gone, so whatever was
    acknowledged of it would be missed."""
    trial = begin("*/log/*.log", n=random.Random(seed).randint(1, 100), commit=commit)
    trial.arm()
    trial.assert_stopped_at_once()
    if then == "lost":
        forget_last_frame(trial.server.folder / "data")
    trial.go_on()


@pytest.mark.parametrize("what, pattern, n", [
    ("the zeros of the next segment", "*/log/spare", 10),
    ("the first entry of the next segment", "*/log/spare", ZEROS_OF_A_SEGMENT + 1),
    ("the directory with the next segment's name", "*/log", 1),
])
def test_sync_of_the_next_segment_fails(begin, what, pattern, n):
    """Under large texts, when the segment in use is half or wholly full."""
    trial = begin(pattern, n, LARGE)
    trial.arm()
    trial.assert_stopped_at_once()
    trial.go_on()


def test_sync_of_the_store_fails(begin):
    """Though everything in the store is in the log too: a disk that fails is not trusted."""
    trial = begin("*/yallchat.db-wal", n=2)
    trial.arm()
    trial.assert_stopped_at_once()
    trial.go_on()


def test_sync_of_the_store_fails_at_the_stop(begin):
    """At SIGTERM the store's write-ahead log is brought into its file: a failure is not status
    0."""
    trial = begin("*/yallchat.db", n=1)
    trial.arm()
    trial.server.terminate()
    trial.assert_stopped_at_once()
    trial.go_on()


def test_sync_at_the_start_fails(begin):
    """The log's last entry is synced again before anything is told: the server does not start."""
    trial = begin("*/log/spare", n=2)
    trial.server.kill()
    trial.arm()
    with pytest.raises(Refused) as refused:
        trial.server.start()
    assert refused.value.code == 1
    assert "fdatasync: Input/output error" in refused.value.words
    trial.go_on()
