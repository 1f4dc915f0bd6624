"""Sessions that nobody uses are removed; those in use are not."""

import time

from .waiting import wait_until


def test_an_idle_member_leaves_the_directory(start_server):
    """"The server may remove a user from a chat at any time, thus removing the user from the
    directory. Typically a server may do this if it has not communicated with a client after some
    specified timeout." """
    api = start_server(session_timeout="1s").api
    ringo = api.member("octopus", "ringo")
    paul = api.member("octopus", "paul")
    wait_until(lambda: ringo.directory().json() == ["ringo"])
    assert paul.poll().status == 401


def test_the_removal_is_a_directory_event(start_server):
    """A session without a request for session_timeout is removed, and the directory changes."""
    api = start_server(session_timeout="1s").api
    ringo = api.member("octopus", "ringo")
    api.member("octopus", "paul")
    assert ringo.poll().json() == ["paul", "ringo"]
    event = wait_until(lambda: (answer := ringo.poll()).status == 200 and answer)
    assert event.is_directory
    assert event.json() == ["ringo"]


def test_the_name_of_an_idle_member_is_free_again(start_server):
    """409 only while the name is held."""
    api = start_server(session_timeout="1s").api
    api.member("octopus", "paul")
    assert api.join("octopus", "paul").status == 409
    wait_until(lambda: api.join("octopus", "paul").status == 200)


def test_an_active_poller_is_not_removed(start_server):
    """A session with requests stays, for as long as they come."""
    api = start_server(session_timeout="2s").api
    ringo = api.member("octopus", "ringo")
    end = time.monotonic() + 6
    while time.monotonic() < end:
        assert ringo.poll().status == 204
        time.sleep(0.2)
    assert ringo.directory().json() == ["ringo"]


def test_an_unclaimed_join_is_freed(start_server):
    """A session whose key never reached its client holds the name no longer than the timeout."""
    api = start_server(session_timeout="1s").api
    api.join("octopus", "paul", headers={"Idempotency-Key": "lost"})
    wait_until(lambda: api.join("octopus", "paul").status == 200)


def test_the_channel_of_expired_members_without_messages_is_forgotten(start_server):
    """A channel without members that never had a message is forgotten, also when they just went
    away."""
    api = start_server(session_timeout="1s", max_channels=1).api
    api.member("junk", "ringo")
    wait_until(lambda: api.join("octopus", "ringo").status == 200)
