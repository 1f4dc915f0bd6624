"""yallchatctl: what it takes, prints, and ends with."""

import pytest

from conformance.api import Api

from .test_admin_socket import FREE, kill


@pytest.fixture
def api(serving):
    """A server with its data where both programs look for it by themselves."""
    return Api(*serving(*FREE).listening[0])


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_is_on_stdout(yallchatctl, flag):
    done = yallchatctl(flag)
    assert (done.code, done.err) == (0, "")
    for told in ("kick CHANNEL USER", "--socket PATH", "exit codes:", "yallchatctl kick octopus"):
        assert told in done.out


@pytest.mark.parametrize("flag", ["--version", "-V"])
def test_the_version_is_on_stdout(yallchatctl, flag):
    done = yallchatctl(flag)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("yallchatctl ") and done.out.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], ["kick", "octopus"], ["ban", "octopus", "ringo"]])
def test_wrong_usage_is_2(yallchatctl, arguments):
    done = yallchatctl(*arguments)
    assert (done.code, done.out) == (2, "")
    assert "yallchatctl: error: " in done.err


def test_a_kick_is_0_and_done(yallchatctl, api):
    ringo = api.member("octopus", "ringo")
    done = yallchatctl("kick", "octopus", "ringo")
    assert (done.code, done.out, done.err) == (0, "kicked ringo from octopus\n", "")
    assert ringo.poll().status == 401
    assert api.join("octopus", "ringo").status == 200


@pytest.mark.parametrize("channel, user", [
    ("осьминог", "Зелёный"), ("八爪鱼", "林戈"), ("cafe\u0301", "Jos\u00e9"), ("~a@b.c", "-_-"),
])
def test_names_are_written_as_in_the_chat(yallchatctl, api, channel, user):
    member = api.member(channel, user)
    assert yallchatctl("kick", "--", channel, user).code == 0
    assert member.poll().status == 401


@pytest.mark.parametrize("channel, user, told", [
    ("octopus", "paul", "nobody in octopus is named paul (HTTP 404, no-user)"),
    ("octopus", "林戈", "nobody in octopus is named 林戈 (HTTP 404, no-user)"),
    ("squid", "ringo", "there is no channel squid (HTTP 404, no-channel)"),
    ("octopus", "rin go", "bad-name"),
    ("octo/pus", "ringo", "bad-name"),
    ("..", "ringo", "bad-name"),
    ("octopus", "", "bad-name"),
])
def test_what_the_server_refuses_is_1(yallchatctl, api, channel, user, told):
    ringo = api.member("octopus", "ringo")
    done = yallchatctl("kick", channel, user)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("yallchatctl: ") and told in done.err
    assert ringo.directory().json() == ["ringo"]


def test_the_status_is_a_line_a_value(yallchatctl, api, tmp_path):
    api.member("octopus", "ringo")
    done = yallchatctl("status")
    assert (done.code, done.err) == (0, "")
    status = dict(line.split(": ", 1) for line in done.out.splitlines())
    assert status["data"] == str(tmp_path / "yallchat-data")
    assert (status["channels"], status["sessions"]) == ("1", "1")
    assert int(status["uptime_s"]) >= 0


def test_the_server_is_found_where_it_is_said(yallchatctl, serving, tmp_path):
    serving(*FREE, "--data", "one")
    serving(*FREE, "--data", "two", "--admin-socket", tmp_path / "chat.sock")
    for arguments, variables, data in [
            (["--data", "one"], {}, "one"),
            (["--socket", "one/admin.sock"], {}, "one"),
            ([], {"YALLCHAT_DATA": "one"}, "one"),
            (["--socket", "chat.sock"], {}, "two"),
            ([], {"YALLCHAT_ADMIN_SOCKET": str(tmp_path / "chat.sock")}, "two")]:
        done = yallchatctl("status", *arguments, **variables)
        assert f"data: {tmp_path / data}\n" in done.out, done.err


def test_no_proxy_comes_in_between(yallchatctl, api):
    assert api.join("octopus", "ringo").status == 200
    assert yallchatctl("kick", "octopus", "ringo", http_proxy="http://127.0.0.1:9").code == 0


def test_no_server_is_3_and_says_what_to_do(yallchatctl, serving):
    """Which socket it was, and whether there never was one or its server died."""
    done = yallchatctl("kick", "octopus", "ringo")
    assert (done.code, done.out) == (3, "")
    assert "./yallchat-data/admin.sock: there is no such socket" in done.err
    assert "--data DIR" in done.err
    kill(serving(*FREE))
    done = yallchatctl("kick", "octopus", "ringo")
    assert (done.code, done.out) == (3, "")
    assert "./yallchat-data/admin.sock: nobody listens there" in done.err


@pytest.mark.parametrize("socket", ["x" * 200, "."])
def test_what_can_be_no_socket_is_3(yallchatctl, socket):
    done = yallchatctl("--socket", socket, "status")
    assert (done.code, done.out) == (3, "")
    assert f"no server at {socket}: " in done.err
