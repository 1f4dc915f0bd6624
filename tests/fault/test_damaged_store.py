"""Row 4. A store that decayed: a damaged message is answered as such and logged, damaged state
refuses to start, and never is a text wrong or missing without a word."""

import random
import re
import sqlite3
from contextlib import closing

import pytest

from conformance.event_stream import NDJSON, SSE, EventStream
from conformance.waiting import at_once

from .counts import tenth_of
from .damaged_data import WRITERS, copy, flip, history_of, start_on
from .load import KeepAliveApi

FLIPS = tenth_of(600)


@pytest.fixture
def stopped(lives, tmp_path):
    """A folder whose data may be damaged: everything is in the store, nothing beside it."""
    return copy(lives.stopped, tmp_path)


def said_in(lives):
    return history_of(lives.chat.said[:lives.said_when_stopped])


def flip_in(file, what):
    """Flips a bit in the one place of the file where this is."""
    content = file.read_bytes()
    assert content.count(what) == 1
    flip(file, content.find(what) + len(what) // 2)


def state_about(file, name):
    """The value of a row of state in which the name is."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as store:
        return store.execute("SELECT value FROM state WHERE instr(value, ?)", [name]).fetchone()[0]


def test_a_damaged_message_is_a_gap_where_many_are_given(lives, stopped):
    """In streams and batches, with its number and the reason; those around it are right."""
    expected = said_in(lives)["zebra"]
    victim = expected[4]
    flip_in(stopped / "data/yallchat.db", victim.text.encode())
    right = [(m.seqnr, m.text) for m in expected if m is not victim]
    gap = {"type": "GAP", "channel": "zebra", "seqnr": victim.seqnr, "from": victim.seqnr,
           "first": victim.seqnr + 1, "reason": "damaged-history"}

    def is_right(events):
        said = [(e["seqnr"], e["body"]) for e in events if e["type"] == "MSG"]
        gaps = [e for e in events if e["type"] == "GAP"]
        return (said, gaps) == (right, [gap]) and events.index(gap) == events.index(
            next(e for e in events if e["seqnr"] == victim.seqnr + 1)) - 1

    def read(server):
        zebra = lives.chat.on(server.api)["zebra"]
        for accept in (SSE, NDJSON):
            with EventStream(zebra, accept, query="?from=1") as stream:
                assert is_right(stream.events(1 + len(expected)))
        batch = server.api.call("GET", zebra.path("events") + "?limit=100&from=1", zebra.key)
        assert is_right(batch.json()["events"])
        assert batch.json()["next"] == len(expected) + 1

    assert not start_on(stopped, lives.chat, read).refused


def test_a_damaged_message_is_answered_as_damaged_and_the_others_are_served(lives, stopped):
    """500 damaged-history with its seqnr, logged with channel and seqnr; all others are right, and
    the channel goes on."""
    expected = said_in(lives)
    victim = expected["zebra"][4]
    flip_in(stopped / "data/yallchat.db", victim.text.encode())

    def go_on(server):
        zebra = lives.chat.on(KeepAliveApi(*server.api.address))["zebra"]
        assert zebra.posted("one more") == len(expected["zebra"]) + 1
        assert zebra.poll(from_=victim.seqnr).status == 500
        assert zebra.poll().seqnr == victim.seqnr + 1, "a plain poller gets past it"

    found = start_on(stopped, lives.chat, go_on)
    assert not found.refused
    assert [m.seqnr for m in found.history["zebra"] if m.text is None] == [victim.seqnr]
    found.history["zebra"][victim.seqnr - 1] = victim
    assert found.history == expected
    told = rf'"level":"error".*channel \S+ seqnr {victim.seqnr} .*damaged'
    assert re.search(told, found.warnings)


@pytest.mark.parametrize("channel", WRITERS)
def test_damaged_state_refuses_to_start(lives, stopped, channel):
    """... and says which row."""
    store = stopped / "data/yallchat.db"
    flip_in(store, state_about(store, WRITERS[channel].encode()))
    found = start_on(stopped, lives.chat)
    assert found.refused and found.refused.code == 1
    assert re.search(r"table state: row \(.*\): its checksum does not match", found.refused.words)


def places(file, rng):
    """Mostly where something is, and some where there seems to be nothing; the header anyway."""
    content = file.read_bytes()
    used = [at for at, byte in enumerate(content) if byte]
    return [*range(16, 24), *rng.sample(range(24, 100), 8), *rng.sample(used, FLIPS - 24),
            *rng.sample(range(len(content)), 8)]


def test_a_store_with_a_bit_flipped_anywhere(lives, tmp_path, seed):
    """It refuses to start and says that it is the store, or every message is right or told to be
    damaged."""
    rng = random.Random(seed)
    expected = said_in(lives)

    def flipped(offset):
        bit = rng.randrange(8)

        def check():
            folder = copy(lives.stopped, tmp_path)
            flip(folder / "data/yallchat.db", offset, bit)
            found, name = start_on(folder, lives.chat), f"bit {bit} at {offset}"
            if found.refused:
                assert found.refused.code == 1, (name, found.refused)
                assert "yallchat.db" in found.refused.words, (name, found.refused)
                return
            assert {c: len(h) for c, h in found.history.items()} == \
                {c: len(h) for c, h in expected.items()}, name
            for channel, messages in found.history.items():
                for message, right in zip(messages, expected[channel]):
                    assert message == right or message.text is None, name
        return check

    at_once([flipped(offset) for offset in places(lives.stopped / "yallchat.db", rng)], threads=2)


def test_a_write_ahead_log_with_a_bit_flipped_loses_nothing(lives, tmp_path, seed):
    """What the store loses with it is read from the log again."""
    rng = random.Random(seed)
    size = (lives.killed / "yallchat.db-wal").stat().st_size
    assert size > 0

    def flipped(offset):
        def check():
            folder = copy(lives.killed, tmp_path)
            flip(folder / "data/yallchat.db-wal", offset)
            found = start_on(folder, lives.chat)
            assert found.history == history_of(lives.chat.said), f"bit 0 at {offset}"
        return check

    at_once([flipped(offset) for offset in [0, 8, *rng.sample(range(size), 10)]], threads=2)
