"""Joining, leaving, and who holds a name."""

import re

from .api import unique

KEY_OF_256_BITS = re.compile(r"[A-Za-z0-9_-]{43}")


def test_join_gives_a_session_key_with_status_200(api):
    """"... issues a HTTP PUT connection to the appropriate chat channel URL, e.g.
    http://machine:8000/chats/4/join/ringo, and the server returns a session key ("session") in the
    HTTP header with HTTP status code 200." """
    answer = api.join(unique("4"), "ringo")
    assert answer.status == 200
    assert answer["session"]


def test_session_key_is_256_bits_in_base64url_and_nothing_else(ringo):
    """The key is 256 random bits, base64url."""
    assert KEY_OF_256_BITS.fullmatch(ringo.key)


def test_each_join_gives_another_key(api, channel):
    """"The server MUST pair each username with a session key." """
    keys = {api.member(channel, user).key for user in ("john", "paul", "george", "ringo")}
    assert len(keys) == 4


def test_join_answers_with_the_directory(api, channel, ringo):
    """"Directory joinChat": the body is the directory with the new member in it, type DIR."""
    assert ringo.joined.json() == ["ringo"]
    assert ringo.joined["type"] == "DIR"
    assert api.member(channel, "paul").joined.json() == ["paul", "ringo"]


def test_join_tells_the_seqnr_of_head(api, channel, ringo):
    """The join's seqnr is the number of the channel's last message, 0 where there is none."""
    assert ringo.joined.seqnr == 0
    ringo.posted("one")
    ringo.posted("two")
    assert api.member(channel, "paul").joined.seqnr == 2


def test_a_new_channel_is_made_by_the_first_join(api, channel, ringo):
    """"If a client wants to start a new chat conversation, it simply connects to the server with a
    new channel name." """
    assert api.call("GET", f"/chats/{channel}/directory", ringo.key).status == 200


def test_join_with_a_held_name_is_409_and_false(api, channel, ringo):
    """"If joining failed, which can only happen if that particular username is already taken, the
    server sets status code 409." """
    answer = api.join(channel, "ringo")
    assert answer.status == 409
    assert answer.body == b"false"
    assert answer["reason"] == "name-taken"
    assert answer["session"] is None


def test_a_refused_join_changes_nothing_for_the_holder(api, channel, ringo):
    """"After joining, the server MUST check that only the client that offers the correct key may
    operate as that username." """
    api.join(channel, "ringo")
    assert ringo.directory().json() == ["ringo"]
    assert ringo.poll().status == 204


def test_the_same_name_in_another_channel_is_free(api, ringo):
    """A session is one user in one channel."""
    assert api.join(unique(), "ringo").status == 200


def test_join_with_the_right_key_is_the_same_join(api, channel, ringo):
    """A join that offers the right key for that very name and channel is the same join again: 200,
    same key."""
    again = api.join(channel, "ringo", session=ringo.key)
    assert again.status == 200
    assert again["session"] == ringo.key
    assert again["type"] == "DIR"
    assert again.json() == ["ringo"]


def test_join_with_another_members_key_is_409(api, channel, ringo):
    """Only the right key for that very name makes it the same join."""
    paul = api.member(channel, "paul")
    assert api.join(channel, "ringo", session=paul.key).status == 409


def test_join_with_the_key_of_another_channel_is_a_new_join(api, ringo):
    """A client that sends its last key with everything may still join elsewhere, and gets a new
    key."""
    answer = api.join(unique(), "ringo", session=ringo.key)
    assert answer.status == 200
    assert answer["session"] != ringo.key


def test_a_join_whose_answer_was_lost_is_answered_anew(api, channel):
    """With an Idempotency-Key, the same join repeated while the session is unused answers anew."""
    retry = {"Idempotency-Key": "lost-answer"}
    first = api.join(channel, "ringo", headers=retry)
    second = api.join(channel, "ringo", headers=retry)
    assert (first.status, second.status) == (200, 200)
    assert second.json() == ["ringo"]
    assert api.call("GET", f"/chats/{channel}/directory", second["session"]).status == 200


def test_the_key_of_a_lost_answer_is_dead(api, channel):
    """When a join has been answered anew, only the new key is good."""
    retry = {"Idempotency-Key": "lost-answer"}
    first = api.join(channel, "ringo", headers=retry)
    second = api.join(channel, "ringo", headers=retry)
    assert second["session"] != first["session"]
    assert api.call("GET", f"/chats/{channel}/directory", first["session"]).status == 401


def test_a_used_session_is_not_answered_anew(api, channel):
    """... while the session is unused; after that the name is held, and the join is 409."""
    retry = {"Idempotency-Key": "lost-answer"}
    ringo = api.member(channel, "ringo", headers=retry)
    assert ringo.directory().status == 200
    assert api.join(channel, "ringo", headers=retry).status == 409
    assert ringo.directory().status == 200


def test_another_idempotency_key_does_not_take_an_unused_name(api, channel):
    """Only the same join, that is one with the same Idempotency-Key, is answered anew."""
    api.join(channel, "ringo", headers={"Idempotency-Key": "mine"})
    assert api.join(channel, "ringo", headers={"Idempotency-Key": "another"}).status == 409


def test_leave_answers_true(ringo):
    """"bool leaveChat: PUT http://machine:8000/chats/[channel]/leave/" """
    answer = ringo.leave()
    assert answer.status == 200
    assert answer.body == b"true"


def test_leave_removes_from_the_directory(api, channel, ringo):
    """"The server MUST maintain a directory for each chat, which is the list of the usernames." """
    paul = api.member(channel, "paul")
    paul.leave()
    assert ringo.directory().json() == ["ringo"]


def test_after_leave_the_key_is_unknown(ringo):
    """A session that has ended is 401, also for a second leave."""
    ringo.leave()
    assert ringo.leave().status == 401
    assert ringo.poll().status == 401


def test_after_leave_the_name_is_free(api, channel, ringo):
    """409 only while the name is held."""
    ringo.leave()
    again = api.member(channel, "ringo")
    assert again.key != ringo.key


def test_a_body_on_join_and_leave_is_ignored(api, channel):
    """Join and leave need no length; a body there is read and ignored."""
    joined = api.join(channel, "ringo", body=b'{"not": "asked for')
    assert joined.status == 200
    left = api.call("PUT", f"/chats/{channel}/leave/", joined["session"], body=b"\xff\x00")
    assert (left.status, left.body) == (200, b"true")
