"""Posts that may be repeated: Idempotency-Key."""

import pytest

from .api import unique
from .waiting import at_once


def keyed(key):
    return {"Idempotency-Key": key}


def test_the_same_key_is_the_same_message(ringo):
    """The same key again is the first answer again (same seqnr), and no second message."""
    assert ringo.posted("hello", keyed("a")) == 1
    assert ringo.posted("hello", keyed("a")) == 1
    assert ringo.posted("next") == 2
    assert ringo.drain() == [(1, "hello"), (2, "next")]


def test_a_retry_at_the_same_time_is_the_same_message(ringo):
    """So a client may always retry, even while the first attempt is under way."""
    numbers = at_once([lambda: ringo.posted("hello", keyed("a"))] * 8)
    assert set(numbers) == {1}
    assert ringo.drain() == [(1, "hello")]


def test_another_key_is_another_message(ringo):
    """Equal texts under two keys are two messages."""
    assert [ringo.posted("hello", keyed("a")), ringo.posted("hello", keyed("b"))] == [1, 2]


def test_without_a_key_each_post_is_a_message(ringo):
    """Equal texts without a key are two messages."""
    assert [ringo.posted("hello"), ringo.posted("hello")] == [1, 2]


def test_the_same_key_with_another_body_is_422(ringo):
    """Same key, other body: 422."""
    ringo.posted("hello", keyed("a"))
    answer = ringo.post("goodbye", keyed("a"))
    assert (answer.status, answer.body) == (422, b"false")
    assert ringo.posted("next") == 2


def test_the_scope_of_a_key_is_user_and_channel(api, channel, ringo):
    """Scope (channel, user): others may use the same key."""
    ringo.posted("mine", keyed("a"))
    assert api.member(channel, "paul").posted("his", keyed("a")) == 2
    assert api.member(unique(), "ringo").posted("elsewhere", keyed("a")) == 1


def test_a_key_outlives_the_session(api, channel, ringo):
    """The scope is the user, not the session: who had to join again may still retry."""
    paul = api.member(channel, "paul")
    paul.posted("hello", keyed("a"))
    paul.leave()
    assert api.member(channel, "paul").posted("hello", keyed("a")) == 1


def test_a_refused_post_uses_up_no_key(ringo):
    """Only what was accepted is remembered."""
    assert ringo.post("\0", keyed("a")).status == 400
    assert ringo.posted("hello", keyed("a")) == 1


def brought(first, *more):
    return {"Idempotency-Key": first, "origin": ",".join((first, *more))}


@pytest.fixture
def ringo_of_a(api, channel):
    return api.member(channel, "ringo@a")


def test_a_bridged_message_that_comes_by_two_ways_is_one(api, channel, ringo_of_a):
    """Keyed by the first of its origin, it is the same message, whoever brings it."""
    by_b = api.member(channel, "ringo@a@b")
    assert ringo_of_a.posted("hello", brought("a/octopus/83")) == 1
    assert by_b.posted("hello", brought("a/octopus/83", "b/octopus/7")) == 1
    assert by_b.posted("hello", brought("a/octopus/84")) == 2
    assert ringo_of_a.drain() == [(1, "hello"), (2, "hello")]


def test_a_bridged_message_is_the_same_with_its_authors_name_before_it(api, channel, ringo_of_a):
    bridge = api.member(channel, "bridge")
    assert bridge.posted("<ringo@a@b> hello", brought("a/octopus/83", "b/octopus/7")) == 1
    assert ringo_of_a.posted("hello", brought("a/octopus/83")) == 1


def test_a_bridged_message_is_itself_in_each_channel(api, ringo_of_a):
    ringo_of_a.posted("hello", brought("a/octopus/83"))
    elsewhere = api.member(unique(), "ringo@a")
    elsewhere.posted("first")
    assert elsewhere.posted("hello", brought("a/octopus/83")) == 2


@pytest.mark.parametrize("name, text", [("ringo@a", "goodbye"), ("john@a", "hello")])
def test_what_is_no_bridged_message_under_its_key_is_422(api, channel, ringo_of_a, name, text):
    """Another text, or another author."""
    ringo_of_a.posted("hello", brought("a/octopus/83"))
    by_b = api.member(channel, name + "@b")
    answer = by_b.post(text, brought("a/octopus/83", "b/octopus/7"))
    assert (answer.status, answer["reason"]) == (422, "key-reused")


@pytest.mark.parametrize("name", ["paul", "paul@b", "paul@b@a", "a"])
def test_who_is_not_of_that_server_uses_up_no_bridged_messages_key(api, channel, ringo_of_a, name):
    assert api.member(channel, name).posted("hello", brought("a/octopus/83")) == 1
    assert ringo_of_a.posted("hello", brought("a/octopus/83")) == 2


def test_a_key_that_is_not_the_first_of_the_origin_is_its_users_own(api, channel, ringo_of_a):
    """Not the whole of it, not a later one, and not without an origin."""
    by_b = api.member(channel, "ringo@a@b")
    for n, headers in enumerate((keyed("a/octopus/83"),
                                 {"Idempotency-Key": "b/x/7", "origin": "a/octopus/83,b/x/7"},
                                 {"Idempotency-Key": "a/x/1,b/x/7", "origin": "a/x/1,b/x/7"})):
        assert ringo_of_a.posted("hello", headers) == 2 * n + 1
        assert by_b.posted("hello", headers) == 2 * n + 2
