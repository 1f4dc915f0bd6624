"""Row 2. The disk is full: posts are refused with 503 and nothing of them is kept, reads go on, and
when there is room again all works again. Nothing acknowledged is lost, whatever happens
meanwhile."""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from conformance.api import Member
from conformance.waiting import wait_until

from .load import Crew, KeepAliveApi, PatientPoster, Reader
from .record import Record, read_channel

MiB = 1024 * 1024
CHANNELS = ["octopus", "zebra"]
DISK = 256 * MiB  # the log takes 8 MiB at a time
TEXTS = (200_000, 400_000)
# So short that the log has not begun its next segment, whose room a start would have.
SHORT_TEXTS = (100, 1_000)
REFUSALS = 20
LOG_FULL = "nothing can be written: "
STORE_FULL = "store: no space left"


@dataclass
class SmallDisk:
    """A file system of DISK bytes, of which others may take everything."""

    space: object  # the mount namespace that it is in
    inside: Path  # its path there

    def __post_init__(self):
        self.inside.mkdir()
        self.space.run("mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(self.inside))
        self.outside = self.space.path(self.inside)
        self._file = self.outside / "somebody else's file"

    def folder(self, name):
        (self.outside / name).mkdir()
        return self.inside / name

    def fill(self):
        """Takes all that is free at this moment."""
        with open(self._file, "ab") as file:
            for step in (MiB, 4096):
                try:
                    while True:
                        os.posix_fallocate(file.fileno(), os.fstat(file.fileno()).st_size, step)
                except OSError:
                    pass

    def free(self):
        self._file.unlink()


@pytest.fixture
def disk(namespace, tmp_path):
    return SmallDisk(namespace("mount"), tmp_path / "small")


@pytest.fixture
def server_on(start, disk, tmp_path):
    """Starts a server whose log, store, or both are on the small disk."""
    def run(what):
        if what == "log":
            data = tmp_path / "data"
            data.mkdir()
            (data / "log").symlink_to(disk.folder("log"))
        else:
            data = disk.folder("data")
        if what == "store":
            roomy = tmp_path / "log"
            roomy.mkdir()
            (disk.outside / "data/log").symlink_to(roomy)
        return start(prefix=disk.space.prefix, data=data, session_timeout="10m",
                     limits={"max_message": 524_288})
    return run


class Chat:
    """Posters and a plain reader under way, and an observer in each channel."""

    def __init__(self, server, seed, texts=TEXTS):
        self.server = server
        self.record = Record()
        place = server.api.address
        self.reader = Reader(place, "reader", CHANNELS[:1], seed)
        posters = [PatientPoster(self.record, place, f"poster{n}", CHANNELS, seed, sizes=texts)
                   for n in range(3)]
        self.crew = Crew([self.reader, *posters])
        self._observers = [server.api.member(channel, "observer") for channel in CHANNELS]

    def observers(self):
        """With a connection to the server as it runs now."""
        api = KeepAliveApi(*self.server.api.address)
        return [Member(api, o.channel, o.name, o.joined) for o in self._observers]

    def restart(self):
        self.crew.end()
        self.server.start()

    def assert_reads_go_on(self):
        """Old messages, which the store has, and the directory."""
        for observer in self.observers():
            for seqnr in range(1, 10):
                assert observer.poll(from_=seqnr).seqnr == seqnr
            assert "observer" in observer.directory().json()

    def assert_writes_are_refused(self):
        """Of every kind, where the log has no room for another entry."""
        observer = self.observers()[0]
        for answer in (observer.post("hello"), observer.leave(),
                       observer.api.join(observer.channel, "late")):
            assert (answer.status, answer["reason"]) == (503, "unavailable")
            assert int(answer["Retry-After"]) >= 1

    def assert_all_is_there(self):
        """Gives each channel's history."""
        histories = {}
        for observer in self.observers():
            histories[observer.channel] = read_channel(observer)
            assert self.record.violations(observer.channel, histories[observer.channel]) == []
        return histories



@pytest.mark.parametrize("what", ["log", "store", "both"])
def test_disk_full_under_load(server_on, disk, seed, what):
    """Until there is room again; then a kill. Of both, the store is full at once, and refuses before
    too much is waiting for it, unless the log comes to the end of its segment first."""
    server = server_on(what)
    chat = Chat(server, seed)
    chat.crew.begin()
    chat.record.wait_for_more(20)
    disk.fill()
    # A store that is behind refuses too, before anything is full.
    wait_until(lambda: (LOG_FULL if what == "log" else STORE_FULL) in server.log())
    chat.record.wait_for_more_refused(REFUSALS)
    chat.assert_reads_go_on()
    if what != "both":
        assert (STORE_FULL if what == "log" else LOG_FULL) not in server.log()
    disk.free()
    chat.record.wait_for_more(REFUSALS)
    chat.crew.halt()
    chat.reader.settle()
    server.kill()
    server.start()
    assert chat.reader.read == chat.assert_all_is_there()[CHANNELS[0]]


@pytest.mark.parametrize("end", ["stop", "kill"])
def test_disk_full_at_the_end_and_at_the_start(server_on, disk, seed, end):
    """It stops in time and with status 0, or is killed; it starts on the full disk, refuses and
    reads; it goes on when there is room."""
    server = server_on("both")
    chat = Chat(server, seed, SHORT_TEXTS)
    chat.crew.begin()
    chat.record.wait_for_more(30)
    disk.fill()
    if end == "stop":
        assert server.stop() == 0
    else:
        server.kill()
    chat.restart()
    chat.assert_writes_are_refused()
    chat.assert_reads_go_on()
    # Whether the store is full too depends on what the log gave back of its segment.
    assert LOG_FULL in server.log()
    disk.free()
    chat.crew.go_on(server.api.address)
    chat.crew.begin()
    chat.record.wait_for_more(30)
    assert server.stop() == 0
    chat.restart()
    chat.crew.go_on(server.api.address)
    chat.reader.settle()
    history = chat.assert_all_is_there()[CHANNELS[0]]
    # After a kill a plain reader may get again what it has had.
    assert end == "kill" or chat.reader.read == history
