"""Outages, failures, and restarts."""

import signal
from pathlib import Path

from conformance.server_process import ServerProcess

from wechat.wechat_fake import FakeServer, Reply

from .conftest import WECHAT, url_of


def test_an_outage_is_told_waited_out_and_loses_nothing(chat, own_server, forwarder, channel):
    server = own_server()
    between = forwarder(server)
    paul = server.api.member(channel, "paul")
    ringo = chat("ringo", at=between, width=100)
    between.cut()
    ringo.wait_for("; trying again")
    ringo.wait_for("no connection, again in ")
    paul.posted("while it was away")
    ringo.line("typed meanwhile")
    ringo.wait_for("… ringo: typed meanwhile")
    between.restore()
    ringo.wait_for("connected again", "paul: while it was away", "live")
    ringo.wait_for_row(r"\d\d:\d\d ringo: typed meanwhile +│.*")
    ringo.wait_while("… ringo")
    page = paul.api.call("GET", paul.path("messages"), paul.key).json()
    assert [event["body"] for event in page["events"]] == ["while it was away", "typed meanwhile"]


def test_an_outage_is_waited_out_no_longer_than_asked_for(chat, own_server, forwarder, channel):
    between = forwarder(own_server())
    ringo = chat("ringo", "--retry", "1s", at=between, width=100)
    between.cut()
    ringo.wait_for("gave up after trying again for 1s", "not connected")
    between.restore()
    ringo.line(f"/join {channel}")
    ringo.wait_for("live")
    ringo.line("back")
    ringo.wait_for_row(r"\d\d:\d\d ringo: back +│.*")


def test_what_was_not_sent_stays_and_is_sent_again(chat, forwarder, channel, tmp_path):
    folder = tmp_path / "server"
    folder.mkdir()
    server = ServerProcess(folder, limits={"max_message": 100})
    try:
        between = forwarder(server)
        ringo = chat("ringo", at=between, width=150)
        ringo.line("x" * 120)
        ringo.wait_for("✗ ringo: xxx", "a message has at most 100 bytes", "(/resend)")
        ringo.line("/resend")
        ringo.wait_for("✗ ringo: xxx")
        assert server.stop() == 0
        between.cut()
        (folder / "yallchat.toml").write_text("")
        server.start()
        between.restore(server.api.address)
        ringo.wait_for("connected again")
        ringo.line("/resend")
        ringo.wait_for_row(r"\d\d:\d\d ringo: x{120} .*")
        ringo.wait_while("✗")
    finally:
        server.kill()


def test_a_restart_takes_the_session_up(chat, api, channel, environment):
    paul = api.member(channel, "paul")
    ringo = chat("ringo", width=100)
    paul.posted("read")
    ringo.wait_for("paul: read")
    ringo.signal(signal.SIGTERM)
    assert ringo.wait_for_end() == 143
    state = Path(environment["HOME"]) / ".local/state/wechat"
    assert state.stat().st_mode & 0o777 == 0o700
    files = [path for path in state.iterdir() if not path.suffix]
    assert [path.stat().st_mode & 0o777 for path in files] == [0o600]
    key = files[0].read_text().split()[1]
    assert api.call("GET", paul.path("directory"), key).status == 200
    paul.posted("unread")
    again = chat("ringo", width=100)
    again.wait_for("paul: unread", "── new ──")
    line = again.row_of("── new ──")
    assert (again.row_of("paul: read"), again.row_of("paul: unread")) == (line - 1, line + 1)
    again.line("it is me")
    again.wait_for("ringo: it is me")
    assert files[0].read_text().split()[1] == key
    again.line("/quit")
    assert again.wait_for_end() == 0
    assert key not in files[0].read_text()
    assert api.call("GET", paul.path("directory"), key).status == 401
    assert key.encode() not in ringo.bytes + again.bytes


def test_a_restart_is_let_in_at_once_by_a_server_that_knows_the_base_only(terminal, foreign_server,
                                                                           channel):
    """It cannot take the session up there, but with its key it can leave."""
    url = url_of(foreign_server, channel)
    one = terminal([WECHAT, "ringo", url])
    one.wait_for("polling")
    one.line("before")
    one.wait_for_row(r" +ringo: before +│.*")
    one.signal(signal.SIGKILL)
    one.wait_for_end()
    again = terminal([WECHAT, "ringo", url])
    again.wait_for("polling")
    again.line("after")
    again.wait_for_row(r" +ringo: after +│.*")


def test_a_crash_and_a_restart_lose_nothing(chat, api, channel):
    ringo = chat("ringo")
    ringo.signal(signal.SIGKILL)
    assert ringo.wait_for_end() == -signal.SIGKILL
    chat("ringo").wait_for("1 here")


def test_a_second_one_of_the_same_name_does_not_take_the_session(chat, terminal, api, channel):
    ringo = chat("ringo")
    second = terminal([WECHAT, "ringo", url_of(api, channel)])
    assert second.wait_for_end() == 3
    assert b"is taken" in second.bytes
    ringo.line("still here")
    ringo.wait_for("ringo: still here")


def test_who_was_kicked_is_back_under_the_old_name(chat, server, api, channel):
    ringo = chat("ringo", width=100)
    assert server.admin.kick(channel, "ringo").status == 200
    ringo.wait_for("the server ended the session", "joined again", "live")
    ringo.line("back")
    ringo.wait_for("ringo: back")


def test_a_server_that_is_not_there_is_told_on_the_terminal_as_it_was(terminal):
    ringo = terminal([WECHAT, "ringo", "127.0.0.1:1/chats/octopus"])
    assert ringo.wait_for_end() == 1
    assert ringo.bytes.rstrip().splitlines()[-1].split(b"\x1b")[-1].find(b"wechat: ") >= 0


def test_a_server_that_only_speaks_wechat_is_polled(terminal, foreign_server):
    ringo = terminal([WECHAT, "--interval", "50ms", "ringo", url_of(foreign_server, "octopus")])
    ringo.wait_for("polling", "1 here")
    paul = terminal([WECHAT, "--interval", "50ms", "paul", url_of(foreign_server, "octopus")])
    ringo.wait_for("paul joined")
    paul.wait_for("polling")
    paul.line("hello")
    ringo.wait_for("paul: hello")
    ringo.line("/search hello")
    ringo.wait_for("not searched")
    paul.wait_while("… paul")


class GivesNobodyTheirOwn(FakeServer):
    """The text does not say that who speaks is sent it too."""

    def put(self, request):
        return Reply(200, {}, b"true")


def test_own_lines_that_are_not_given_back_stand_before_what_is_said_later(terminal):
    server = GivesNobodyTheirOwn()
    try:
        ringo = terminal([WECHAT, "--interval", "50ms", "ringo", server.url])
        ringo.wait_for("polling")
        ringo.line("one")
        ringo.wait_for("✓ ringo: one")
        server.say("paul", "two")
        ringo.wait_for("paul: two")
        assert ringo.row_of("paul: two") == ringo.row_of("      ringo: one") + 1
        for number in range(3, 9):
            ringo.line(f"number {number}")
        ringo.wait_for("✓ ringo: number 8")
        assert ringo.row_of("number 8") == ringo.row_of("paul: two") + 6
        assert ringo.text.count("✓") == 4 and "…" not in ringo.text
    finally:
        server.close()
