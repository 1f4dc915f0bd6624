"""An operator kicks a user: the session is over, for good, and everybody sees it."""

import pytest

from .test_restart import BOTH_ENDS, restart


@pytest.fixture
def server(start_server):
    return start_server()


def test_who_is_kicked_has_no_session_any_more(server):
    ringo = server.api.member("octopus", "ringo")
    answer = server.admin.kick("octopus", "ringo")
    assert (answer.status, answer.json()) == (200, True)
    for after in ringo.poll(), ringo.post("late"), ringo.directory(), ringo.leave():
        assert (after.status, after["reason"]) == (401, "no-session")


def test_the_others_are_told_by_the_directory(server):
    """... once, and they stay."""
    paul = server.api.member("octopus", "paul")
    server.api.member("octopus", "ringo")
    elsewhere = server.api.member("squid", "ringo")
    assert paul.poll().json() == ["paul", "ringo"]
    server.admin.kick("octopus", "ringo")
    told = paul.poll()
    assert told.is_directory and told.json() == ["paul"]
    assert paul.poll().status == 204
    assert paul.directory().json() == ["paul"]
    assert elsewhere.directory().json() == ["ringo"]


def test_the_name_is_free_again(server):
    """Also for who was kicked, whose old key stays void."""
    ringo = server.api.member("octopus", "ringo")
    server.admin.kick("octopus", "ringo")
    again = server.api.member("octopus", "ringo")
    assert again.posted("back") == 1
    assert ringo.poll().status == 401


def test_what_was_said_stays(server):
    ringo = server.api.member("octopus", "ringo")
    ringo.posted("hello")
    server.admin.kick("octopus", "ringo")
    late = server.api.member("octopus", "late", at=1)
    message = late.next_message()
    assert (message["source"], message.json()) == ("ringo", "hello")


@BOTH_ENDS
def test_a_kick_that_was_answered_is_never_undone(server, end):
    ringo = server.api.member("octopus", "ringo")
    paul = server.api.member("octopus", "paul")
    assert server.admin.kick("octopus", "paul").status == 200
    restart(server, ringo, paul, end=end)
    assert paul.poll().status == 401
    assert ringo.directory().json() == ["ringo"]
    assert server.admin.kick("octopus", "ringo").status == 200, "the socket is there again"


def test_nobody_of_that_name(server):
    """... or no channel: each is told apart, and nothing happens."""
    ringo = server.api.member("octopus", "ringo")
    answer = server.admin.kick("octopus", "paul")
    assert (answer.status, answer["reason"], answer.json()) == (404, "no-user", False)
    answer = server.admin.kick("squid", "ringo")
    assert (answer.status, answer["reason"], answer.json()) == (404, "no-channel", False)
    assert ringo.directory().json() == ["ringo"]


def test_a_second_kick_finds_nobody(server):
    server.api.member("octopus", "ringo").posted("so that the channel stays")
    assert server.admin.kick("octopus", "ringo").status == 200
    assert server.admin.kick("octopus", "ringo")["reason"] == "no-user"


def test_a_problem_is_told_as_one_to_who_asks(server):
    answer = server.admin.kick("octopus", "ringo", headers={"Accept": "application/problem+json"})
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["reason"] == "no-channel"
    assert "octopus" in answer.json()["detail"]


@pytest.mark.parametrize("channel, user, kicked_channel, kicked_user", [
    ("octopus", "Ringo", "OCTOPUS", "rINGO"),
    ("осьминог", "Зелёный", "ОСЬМИНОГ", "зелёный"),
    ("八爪鱼", "林戈", "八爪鱼", "林戈"),
    ("caf\u00e9", "Jos\u00e9", "cafe\u0301", "jose\u0301"),
    ("a@b.c", "~me", "a@b.c", "~me"),
    ("83", "42", "83", "42"),
    ("kick", "kick", "kick", "kick"),
])
def test_names_are_those_of_the_chat(server, channel, user, kicked_channel, kicked_user):
    """Percent-encoded UTF-8, in any spelling that is the same name."""
    member = server.api.member(channel, user)
    assert server.admin.kick(kicked_channel, kicked_user).status == 200
    assert member.poll().status == 401


def test_every_byte_of_a_name_may_be_encoded(server):
    member = server.api.member("octopus", "ringo")
    encoded = "".join(f"%{byte:02x}" for byte in b"ringo")
    assert server.admin.call("PUT", f"/kick/octopus/{encoded}/").status == 200
    assert member.poll().status == 401


@pytest.mark.parametrize("path", [
    "/kick/octopus", "/kick/octopus/", "/kick//ringo", "/kick/octopus/rin%20go",
    "/kick/octo%2Fpus/ringo", "/kick/octopus/ringo%", "/kick/octopus/%ff", "/kick/../ringo",
])
def test_what_is_no_name_is_refused(server, path):
    answer = server.admin.call("PUT", path)
    assert (answer.status, answer["reason"]) == (400, "bad-name")


@pytest.mark.parametrize("method, path, status, allow", [
    ("GET", "/kick/octopus/ringo", 405, "PUT, OPTIONS"),
    ("POST", "/kick/octopus/ringo", 405, "PUT, OPTIONS"),
    ("OPTIONS", "/kick/octopus/ringo", 204, "PUT, OPTIONS"),
    ("PUT", "/", 405, "GET, HEAD, OPTIONS"),
    ("OPTIONS", "/", 204, "GET, HEAD, OPTIONS"),
    ("FETCH", "/", 501, None),
    ("PUT", "/kick/octopus/ringo/more", 404, None),
    ("PUT", "/kickoctopus/ringo", 404, None),
    ("GET", "/nothing", 404, None),
    ("PUT", "/chats/octopus/join/ringo", 404, None),
])
def test_other_calls_do_nothing(server, method, path, status, allow):
    ringo = server.api.member("octopus", "ringo")
    answer = server.admin.call(method, path)
    assert (answer.status, answer["Allow"]) == (status, allow)
    assert ringo.directory().status == 200


def test_clients_cannot_kick(server):
    """Operators' calls are on the admin socket only."""
    ringo = server.api.member("octopus", "ringo")
    assert server.api.call("PUT", "/kick/octopus/ringo", ringo.key).status == 404
    assert ringo.directory().status == 200


def test_the_status_counts(server):
    before = server.admin.call("GET", "/").json()
    assert before["server"] == "yallchatd" and before["data"].endswith("/data")
    assert (before["channels"], before["sessions"]) == (0, 0)
    for user in "ringo", "paul":
        server.api.member("octopus", user)
    after = server.admin.call("GET", "/").json()
    assert (after["channels"], after["sessions"]) == (1, 2)
    assert after["log_entry"] >= before["log_entry"] + 2
    assert after["uptime_s"] >= before["uptime_s"] >= 0
    assert server.admin.call("HEAD", "/").body == b""
