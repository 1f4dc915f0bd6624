"""However it ends, the terminal is as it was."""

import os
import re
import signal
import termios
from types import SimpleNamespace

import pytest

from conformance.waiting import wait_until

from .conftest import WECHAT, url_of

BACK = [b"\x1b[?1049l", b"\x1b[?2026l\x1b[?2004l", b"\x1b[?7h", b"\x1b[?1l", b"\x1b[?25h"]


def started(terminal, api, channel):
    """In a shell that says how the terminal was set before and is afterwards."""
    script = 'stty -g; "$0" "$@"; echo code $?; stty -g; echo done'
    one = terminal(["/bin/sh", "-c", script, WECHAT, "ringo", url_of(api, channel)])
    one.wait_for("live")
    return one


def pid_of_wechat(one):
    children = f"/proc/{one.process.pid}/task/{one.process.pid}/children"
    with open(children, encoding="ascii") as file:
        return int(file.read().split()[0])


def is_running(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as file:
            return file.read().split()[2] != "Z"
    except FileNotFoundError:
        return False


def assert_as_it_was(one, code):
    one.wait_for_bytes(b"done\r\n")
    lines = one.bytes.decode().replace("\r", "").split("\n")
    before, after = lines[0], lines[-3]
    assert before == after
    assert f"code {code}" in lines[-4]
    leaving = one.bytes[one.bytes.rindex(BACK[0]) - 200:]
    for sequence in BACK:
        assert one.bytes.rindex(sequence) >= len(one.bytes) - len(leaving), sequence


@pytest.mark.parametrize("how", ["/quit\r", "\x03", "\x04"])
def test_after_leaving(terminal, api, channel, how):
    one = started(terminal, api, channel)
    one.type(how)
    assert_as_it_was(one, 0)
    assert api.join(channel, "ringo").status == 200  # the name is free


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGSEGV,
                                    signal.SIGABRT, signal.SIGQUIT, signal.SIGBUS, signal.SIGXFSZ])
def test_after_a_signal(terminal, api, channel, number):
    one = started(terminal, api, channel)
    os.kill(pid_of_wechat(one), number)
    assert_as_it_was(one, 128 + number)


@pytest.fixture
def job(terminal, api, channel):
    """wechat, as a job of a shell."""
    one = terminal(["/bin/bash", "--norc", "--noprofile", "-i"], PS1="$ ")
    one.line(f"{WECHAT} ringo {url_of(api, channel)}")
    one.wait_for("live")
    return one


@pytest.mark.parametrize("how", ["ctrl-z", "SIGTSTP"])
def test_while_it_is_stopped(job, how):
    one = job
    if how == "ctrl-z":
        one.type("\x1a")
    else:
        os.kill(pid_of_wechat(one), signal.SIGTSTP)
    one.wait_for("Stopped")
    assert one.bytes.rindex(BACK[0]) > one.bytes.rindex(b"\x1b[?1049h")
    one.line("echo $((6*7))")
    one.wait_for_bytes(b"42\r\n")
    one.line("fg")
    one.wait_until(lambda: one.bytes.rindex(b"\x1b[?1049h") > one.bytes.rindex(b"42\r\n"))
    one.line("and on")
    one.wait_for("ringo: and on")
    one.line("/quit")
    one.wait_until(lambda: one.bytes.rindex(BACK[0]) > one.bytes.rindex(b"and on"))


def test_after_a_stop_that_nobody_can_prepare_for_it_draws_all_anew(job):
    os.kill(pid_of_wechat(job), signal.SIGSTOP)
    job.wait_for("Stopped")
    job.line("fg")
    job.wait_until(lambda: job.bytes.count(b"\x1b[?1049h") == 2)
    job.line("and on")
    job.wait_for("ringo: and on")


def test_after_leaving_what_was_typed_is_said(terminal, api, channel):
    paul = api.member(channel, "paul")
    one = started(terminal, api, channel)
    one.type("".join(f"line {n}\r" for n in range(60)) + "/quit\r")
    assert_as_it_was(one, 0)
    page = paul.api.call("GET", paul.path("messages"), paul.key).json()
    assert [event["body"] for event in page["events"]] == [f"line {n}" for n in range(60)]


def test_what_was_not_sent_is_told_when_it_is_back(terminal, own_server, channel):
    server = own_server()
    one = started(terminal, server.api, channel)
    server.kill()
    one.wait_for("no connection")
    one.line("never said")
    one.wait_for("… ringo: never said")
    one.line("/quit")
    one.wait_for_bytes(b"code 3\r\n")
    # What went out over a connection that was dead already may have arrived, as far as wechat knows.
    told = rf"wechat: not (sent|acknowledged, but it may be there,) in {channel}: never said\r\n"
    assert re.search(told.encode(), one.bytes)


def test_what_may_be_there_of_a_channel_that_was_left_is_told_too(terminal, own_server, forwarder,
                                                                  channel):
    """Nobody knows how far it came: the connection breaks when it is made already."""
    between = forwarder(own_server())
    one = started(terminal, between, channel)
    one.line("/join garden")
    one.wait_for("2:garden", "live")
    between.cut()
    one.wait_for("no connection")
    one.line("precious words")
    one.wait_for("… ringo: precious words")
    one.line("/part")
    one.wait_for("not acknowledged, but it may be there, in garden: precious")
    one.type("a draft")
    one.wait_for("] a draft")
    os.kill(pid_of_wechat(one), signal.SIGTERM)
    one.wait_for_bytes(b"code 143\r\n")
    told = b"wechat: not acknowledged, but it may be there, in garden: precious words\r\n"
    assert told in one.bytes
    assert f"wechat: typed, not sent, in {channel}: a draft\r\n".encode() in one.bytes


def test_who_could_not_leave_is_let_in_again(terminal, own_server, forwarder, channel):
    """The server still has the session: the next run takes it up."""
    server = own_server()
    between = forwarder(server)
    one = started(terminal, between, channel)
    between.cut()
    one.wait_for("no connection")
    one.line("/quit")
    one.wait_for_bytes(b"code 0\r\n")
    between.restore()
    started(terminal, between, channel)


def test_a_terminal_that_goes_away_ends_it(terminal, api, channel):
    one = started(terminal, api, channel)
    pid = pid_of_wechat(one)
    one.hang_up()
    wait_until(lambda: not is_running(pid))


@pytest.fixture
def stuck(chat):
    """wechat in a terminal that takes nothing more, for nobody reads what is written to it."""
    window = chat("ringo")
    pid = window.process.pid
    fd = os.open(f"/proc/{pid}/fd/1", os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    with pytest.raises(BlockingIOError):
        while True:
            os.write(fd, b"x")
    yield SimpleNamespace(window=window, pid=pid, fd=fd)
    os.close(fd)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGSEGV])
def test_after_a_signal_though_the_terminal_takes_nothing(stuck, api, channel, number):
    local_modes = 3
    assert not termios.tcgetattr(stuck.fd)[local_modes] & termios.ICANON
    api.member(channel, "paul").posted("hello")
    stuck.window.type("typed")
    stuck.window.signal(number)
    wait_until(lambda: not is_running(stuck.pid))
    assert termios.tcgetattr(stuck.fd)[local_modes] & termios.ICANON
    code = stuck.window.wait_for_end()
    assert code == (-number if number == signal.SIGSEGV else 128 + number)
    for sequence in BACK:
        assert sequence in stuck.window.bytes


def test_the_chat_goes_on_though_the_terminal_takes_nothing(stuck, api, channel):
    paul = api.member(channel, "paul")
    stuck.window.type("is anybody there?\r")
    paul.posted("yes")

    def said():
        page = paul.api.call("GET", paul.path("messages"), paul.key).json()
        return {event["body"] for event in page["events"]}

    wait_until(lambda: said() == {"is anybody there?", "yes"})
    stuck.window.type("\x0c")  # ctrl-l: over what the test has written
    stuck.window.wait_for("ringo: is anybody there?", "paul: yes")
