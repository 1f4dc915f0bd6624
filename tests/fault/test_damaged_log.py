"""Row 4. A log that was torn or decayed: the torn end is cut off with a warning, and everything
before it is there; what cannot be a torn end, or what the store knows better, refuses to start."""

import random
import re
import shutil
from dataclasses import dataclass

import pytest

from conformance.waiting import at_once

from .counts import is_full
from .damaged_data import (
    HEADER_BYTES, copy, entry_of, flip, frames, history_of, position, read, replace_store, segments,
    start_on,
)  # fmt: skip
from .load import KeepAliveApi

HEADER_USED = 40  # bytes of the header that a checksum covers
TORN = r'"level":"warn".*\.log at offset \d+: cut a torn entry'
DAMAGED = r"\.log at offset \d+"
ENDS_EARLY = r"the log in \S+/log ends at \d+, before the store's position \d+"
REFUSED = None


@dataclass
class Expected:
    last: int  # the log's last entry that is read, or REFUSED
    warned: bool = False


@dataclass
class Ground:
    """Data to be copied and damaged, and what a server should make of it then."""

    lives: object
    folder: object
    store_is_behind: bool

    def __post_init__(self):
        data = self.data = copy(self.lives.killed, self.folder) / "data"
        if self.store_is_behind:
            replace_store(data, by=self.lives.stopped)
        self.position = position(data)
        self.newest = segments(data)[-1]
        self.frames = frames(self.newest)
        self.entries = [(entry_of(data, one.message.text), one)
                        for one in self.lives.chat.said[self.lives.said_when_stopped:]]

    def said_until(self, last):
        before = self.lives.chat.said[:self.lives.said_when_stopped]
        return before + [one for entry, one in self.entries if entry <= last]

    def check(self, name, damage, expected, goes_on=False):
        """Damages a copy, and starts a server on it."""
        if expected.last is not REFUSED and expected.last < self.position:
            expected = Expected(REFUSED)
        folder = copy(self.data, self.folder)
        damage(folder / "data")
        said = self.said_until(expected.last or 0)
        then = (lambda server: self.go_on(server, said)) if goes_on else None
        found = start_on(folder, self.lives.chat, then)
        if expected.last is REFUSED:
            assert found.refused, f"{name}: the server starts and has {found.history}"
            assert found.refused.code == 1, (name, found.refused)
            assert re.search(f"{DAMAGED}|{ENDS_EARLY}", found.refused.words), (name, found.refused)
            return
        assert not found.refused, (name, found.refused)
        assert found.history == history_of(said), name
        assert bool(re.search(TORN, found.warnings)) == expected.warned, (name, found.warnings)

    def go_on(self, server, said):
        """What is posted now gets the next number, and is there after one more kill."""
        octopus = self.lives.chat.on(server.api)["octopus"]
        here = history_of(said)["octopus"]
        assert octopus.posted("one more") == len(here) + 1
        server.kill()
        server.start()
        octopus = self.lives.chat.on(KeepAliveApi(*server.api.address))["octopus"]
        assert [m.text for m in read(octopus)] == [m.text for m in here] + ["one more"]


@pytest.fixture(params=["store behind the log", "store as it was"])
def ground(request, lives, tmp_path):
    yield Ground(lives, tmp_path, request.param == "store behind the log")
    shutil.rmtree(tmp_path)


def lengths(ground, rng):
    """Every end of a frame, a byte less, and some in between; the header; the zeros at the end. For
    ./dev soak every length of the last two frames."""
    size = ground.newest.stat().st_size
    found = {0, 1, HEADER_USED, HEADER_BYTES - 1, HEADER_BYTES, size - 1, size}
    for frame in ground.frames[::1 if ground.store_is_behind else 3]:
        found |= {frame.end, frame.end - 1, rng.randrange(frame.begin, frame.end)}
    if is_full():
        found |= set(range(ground.frames[-2].begin, ground.frames[-1].end))
    return sorted(found)


def after_truncation(ground, length):
    whole = [frame for frame in ground.frames if frame.end <= length]
    if not whole:
        return Expected(REFUSED)  # the first frame was durable before the file had its name
    torn = ground.newest.read_bytes()[whole[-1].end:length]
    return Expected(whole[-1].number, warned=any(torn))


def test_a_log_that_is_cut_short(ground, seed):
    """At every such length: exactly the whole entries before it count."""
    def truncated(number, length):
        def damage(data):
            with open(segments(data)[-1], "r+b") as file:
                file.truncate(length)
        return lambda: ground.check(f"truncated to {length}", damage,
                                    after_truncation(ground, length), goes_on=number % 12 == 9)

    at_once([truncated(n, length) for n, length in
             enumerate(lengths(ground, random.Random(seed)))], threads=2)


def offsets(ground, segment, rng):
    """In the header, in each frame, and behind the last."""
    size = segment.stat().st_size
    fixed = [0, 8, 12, rng.randrange(16, HEADER_USED), rng.randrange(HEADER_USED, HEADER_BYTES)]
    in_frames = [rng.randrange(frame.begin, frame.begin + 32) if n % 2 else
                 rng.randrange(frame.begin + 32, frame.end)
                 for n, frame in enumerate(frames(segment))]
    last = frames(segment)[-1]
    behind = [last.end, rng.randrange(last.end, size)] if size > last.end else []
    return [*fixed, *in_frames, last.begin, last.end - 1, *behind]


def after_flip(ground, segment, offset):
    there = frames(segment)
    end = ground.frames[-1].number
    if offset < HEADER_USED:
        return Expected(REFUSED)
    if offset < HEADER_BYTES:
        return Expected(end)  # nothing is kept there
    if offset >= there[-1].end:
        return Expected(end, warned=True)
    if offset < there[-1].begin or len(there) == 1:
        return Expected(REFUSED)
    if segment.name != ground.newest.name:
        return Expected(end)  # the next segment begins with the same entry
    return Expected(there[-2].number, warned=True)


def test_a_log_with_a_bit_flipped(ground, seed):
    """In each file: never a wrong text, never a silent gap."""
    rng = random.Random(seed)

    def flipped(name, offset):
        expected = after_flip(ground, ground.data / "log" / name, offset)
        bit = rng.randrange(8)
        return lambda: ground.check(f"bit {bit} at {offset} of {name} flipped",
                                    lambda data: flip(data / "log" / name, offset, bit), expected)

    at_once([flipped(segment.name, offset) for segment in segments(ground.data)
             for offset in offsets(ground, segment, rng)[::1 if ground.store_is_behind else 4]],
            threads=2)


def test_a_log_that_is_gone(lives, tmp_path):
    """The store is ahead of a log without entries: that is refused, and changes nothing."""
    for damage in (lambda data: shutil.rmtree(data / "log"),
                   lambda data: segments(data)[-1].unlink()):
        folder = copy(lives.killed, tmp_path)
        damage(folder / "data")
        found = start_on(folder, lives.chat)
        assert found.refused and found.refused.code == 1
        assert re.search(ENDS_EARLY, found.refused.words)
        shutil.copytree(lives.killed / "log", folder / "data/log", dirs_exist_ok=True)
        assert start_on(folder, lives.chat).history == history_of(lives.chat.said)


def test_a_log_with_a_hole(lives, tmp_path):
    """A segment in the middle is gone: refused, with the entry that is missing."""
    folder = copy(lives.killed, tmp_path)
    replace_store(folder / "data", by=lives.first)
    whole = copy(folder / "data", tmp_path)
    assert start_on(whole, lives.chat).history == history_of(lives.chat.said)
    segments(folder / "data")[-2].unlink()
    found = start_on(folder, lives.chat)
    assert found.refused and found.refused.code == 1
    assert re.search(r"the log in \S+ begins with entry \d+", found.refused.words)
