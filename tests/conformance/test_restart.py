"""A server that was stopped, or killed, goes on where it was."""

from http.client import HTTPException

import pytest

from .waiting import at_once

BOTH_ENDS = pytest.mark.parametrize("end", ["stop", "kill"])


@pytest.fixture
def server(start_server):
    return start_server()


def restart(server, *members, end="stop"):
    if end == "stop":
        assert server.stop() == 0
    else:
        server.kill()
    server.start()
    for member in members:
        member.api = server.api


def test_sigterm_ends_the_server_with_status_0(server):
    """SIGTERM: answers what is under way and ends with status 0 within 10 s."""
    server.api.member("octopus", "ringo").posted("hello")
    assert server.stop() == 0


@BOTH_ENDS
def test_acknowledged_messages_are_kept(server, end):
    """No acknowledged message is lost, and each keeps its number."""
    ringo = server.api.member("octopus", "ringo")
    posted = [(ringo.posted(f"m{n}"), f"m{n}") for n in range(20)]
    restart(server, ringo, end=end)
    late = server.api.member("octopus", "late", at=1)
    assert late.drain() == posted


def test_messages_acknowledged_under_load_survive_a_kill(server):
    """kill -9 while many post: each message that was answered true is there once, under its
    number."""
    members = [server.api.member("octopus", f"user{n}") for n in range(4)]
    acknowledged = []

    def post_until_killed(member):
        try:
            for n in range(10000):
                acknowledged.append((member.posted(f"{member.name}-{n}"), f"{member.name}-{n}"))
                if len(acknowledged) > 200:
                    server.kill()
        except (OSError, HTTPException):
            pass  # not acknowledged: it may be there or not

    at_once([lambda m=m: post_until_killed(m) for m in members])
    server.start()
    kept = server.api.member("octopus", "late", at=1).drain()
    assert [number for number, _ in kept] == list(range(1, len(kept) + 1))
    assert set(acknowledged) <= set(kept)
    assert len({text for _, text in kept}) == len(kept)


@BOTH_ENDS
def test_seqnr_goes_on(server, end):
    """seqnr is gapless, for ever."""
    ringo = server.api.member("octopus", "ringo")
    assert ringo.posted("before") == 1
    restart(server, ringo, end=end)
    assert ringo.posted("after") == 2


@BOTH_ENDS
def test_sessions_go_on(server, end):
    """A key is as good after the restart as before, and a name as held."""
    ringo = server.api.member("octopus", "ringo")
    restart(server, ringo, end=end)
    assert ringo.directory().json() == ["ringo"]
    assert server.api.join("octopus", "ringo").status == 409


@BOTH_ENDS
def test_ended_sessions_stay_ended(server, end):
    """A leave that was answered is never undone."""
    ringo = server.api.member("octopus", "ringo")
    paul = server.api.member("octopus", "paul")
    assert paul.leave().status == 200
    restart(server, ringo, paul, end=end)
    assert paul.poll().status == 401
    assert ringo.directory().json() == ["ringo"]


def test_cursors_are_exact_after_a_clean_stop(server):
    """A clean stop writes down exact cursors: nothing is given twice, nothing left out."""
    ringo = server.api.member("octopus", "ringo")
    for n in range(1, 7):
        ringo.posted(f"m{n}")
    assert [ringo.next_message().seqnr for _ in range(3)] == [1, 2, 3]
    restart(server, ringo)
    assert [ringo.next_message().seqnr for _ in range(3)] == [4, 5, 6]


@BOTH_ENDS
def test_a_cursor_never_skips_messages(server, end):
    """After a crash a plain poller may get messages again, but misses none."""
    ringo = server.api.member("octopus", "ringo")
    for n in range(1, 7):
        ringo.posted(f"m{n}")
    read = [ringo.next_message().seqnr for _ in range(3)]
    restart(server, ringo, end=end)
    assert set(read) | {number for number, _ in ringo.drain()} == set(range(1, 7))


@BOTH_ENDS
def test_idempotency_keys_are_remembered(server, end):
    """The key is in the state that survives: a retry across a restart is the same message."""
    ringo = server.api.member("octopus", "ringo")
    key = {"Idempotency-Key": "a"}
    assert ringo.posted("hello", key) == 1
    restart(server, ringo, end=end)
    assert ringo.posted("hello", key) == 1
    assert ringo.post("other", key).status == 422
    assert ringo.posted("next") == 2


def test_state_survives_many_restarts(server):
    """What was restored is stored again."""
    ringo = server.api.member("octopus", "ringo")
    for n in range(1, 6):
        assert ringo.posted(f"m{n}") == n
        restart(server, ringo, end="stop" if n % 2 else "kill")
    assert [ringo.poll(from_=n).json() for n in range(1, 6)] == [f"m{n}" for n in range(1, 6)]
