"""Row 1. kill -9 under load: what was acknowledged is there once, under its number; sessions live
on."""

import random

import pytest

from .counts import tenth_of
from .load import Crew, KeepAliveApi, Poster, Visitor
from .record import Record, read_channel

CHANNELS = ["octopus", "zebra", "walrus"]
ROUNDS = tenth_of(200) // 2  # of each way


def crew_for(server, record, seed):
    place = server.api.address
    posters = [Poster(record, place, f"poster{n}", CHANNELS, seed) for n in range(4)]
    return Crew([*posters, Visitor(place, "visitor", CHANNELS, seed)])


def check_channel(api, crew, record, channel):
    reader = api.member(channel, "reader")
    assert record.violations(channel, read_channel(reader)) == []

    inside = [m for w in crew.workers for m in w.members if m.channel == channel]
    guests = [g for v in crew.of(Visitor) for g in v.guests if g.channel == channel]
    names = [member.name for member in inside + guests]
    assert reader.directory().json() == sorted([*names, "reader"])
    for member in inside + guests:
        assert member.poll().status in (200, 204), f"the session of {member.name} is gone"
        assert api.join(channel, member.name).status == 409


@pytest.mark.parametrize("commit", ["inline", "thread"])
def test_kill_under_load_again_and_again(start, seed, commit):
    """Each time: kill at a random moment, sometimes once more while it recovers, start again."""
    rng = random.Random(seed)
    server, record = start(session_timeout="10m", commit=commit), Record()
    crew = crew_for(server, record, seed)
    for _ in range(ROUNDS):
        crew.begin()
        record.wait_for_more(rng.randint(1, 120))
        server.kill()
        crew.end()
        if rng.random() < 0.3:
            server.start_and_kill(after_s=rng.uniform(0, 0.4))
        server.start()
        crew.go_on(server.api.address)
    api = KeepAliveApi(*server.api.address)
    for channel in CHANNELS:
        check_channel(api, crew, record, channel)
