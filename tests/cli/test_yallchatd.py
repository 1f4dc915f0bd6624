"""The command line of yallchatd: what it takes, prints, and ends with."""

import json
import os
import signal
import socket
import subprocess

import pytest

from conformance.api import Api
from conformance.server_process import binary

from .conftest import PATIENCE_S

FREE = ("--listen", "127.0.0.1:0")


@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_is_on_stdout(yallchatd, flag):
    done = yallchatd(flag)
    assert (done.code, done.err) == (0, "")
    for told in ("--listen HOST:PORT", "--session-timeout DURATION", "YALLCHAT_", "curl"):
        assert told in done.out


@pytest.mark.parametrize("flag", ["--version", "-V"])
def test_the_version_is_on_stdout(yallchatd, flag):
    done = yallchatd(flag)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("yallchatd ") and done.out.count("\n") == 1


@pytest.mark.parametrize("arguments, told", [
    (["--no-such-flag"], "--no-such-flag"),
    (["something"], "something"),
    (["--history"], "--history"),
    (["--config", "missing.toml"], "missing.toml"),
])
def test_wrong_usage_is_2(yallchatd, arguments, told):
    """... and what is wrong is on stderr."""
    done = yallchatd(*arguments)
    assert (done.code, done.out) == (2, "")
    assert told in done.err


def test_listens_and_says_where(serving):
    """One line on stdout for each --listen, nothing else there, and port 0 is a free one."""
    server = serving(*FREE, *FREE, listening=2)
    assert len(set(server.listening)) == 2
    for host, port in server.listening:
        assert host == "127.0.0.1" and port != 0
        assert Api(host, port).call("GET", "/").status == 200
    done = server.stop()
    assert (done.code, done.out) == (0, "")


def test_what_is_not_the_address_is_on_stderr(serving):
    """One JSON object a line, where stderr is no terminal."""
    done = serving(*FREE).stop()
    lines = [json.loads(line) for line in done.err.splitlines()]
    assert any("stopping" in line["message"] for line in lines)
    assert all(line.keys() == {"time", "level", "message"} for line in lines)
    assert all(line["level"] in ("debug", "info", "warn", "error") for line in lines)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_to_stop_is_0(serving, number):
    assert serving(*FREE).stop(number).code == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_that_comes_as_early_as_can_be_is_0(number, tmp_path):
    """Whoever has read `listening` may stop the server. Here that line waits for room in a pipe,
    and the warning before it tells that it is about to come."""
    reading, writing = full_pipe()
    process = subprocess.Popen([binary().resolve(), "--listen", "0.0.0.0:0"], cwd=tmp_path,
                               stdout=writing, stderr=subprocess.PIPE)
    os.close(writing)
    try:
        assert b"WITHOUT TLS" in process.stderr.readline()
        process.send_signal(number)
        with open(reading, "rb") as pipe:
            assert b"listening on http://0.0.0.0:" in pipe.read()
        assert process.wait(PATIENCE_S) == 0
    finally:
        process.kill()
        process.communicate()


def full_pipe():
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    try:
        while True:
            os.write(writing, b" " * 4096)
    except BlockingIOError:
        os.set_blocking(writing, True)
    return reading, writing


def test_an_address_that_is_taken_is_1(yallchatd):
    """... also if it is the second one, and then nothing was said on stdout."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        done = yallchatd(*FREE, "--listen", address)
    assert (done.code, done.out) == (1, "")
    assert address in done.err


def test_plaintext_beyond_loopback_is_warned_of(serving):
    done = serving("--listen", "0.0.0.0:0").stop()
    assert any(line["level"] == "warn" and "WITHOUT TLS" in line["message"]
               for line in map(json.loads, done.err.splitlines()))


def test_plaintext_on_loopback_is_not(serving):
    assert "TLS" not in serving(*FREE).stop().err


def test_the_log_level_holds(serving):
    assert serving(*FREE, "--log-level", "error").stop().err == ""


def test_data_is_where_it_is_said(serving, tmp_path):
    """--data, and the directory where the server was started when it is not given."""
    serving(*FREE, "--data", "deep/in/there").stop()
    assert [path.name for path in tmp_path.iterdir()] == ["deep"]
    assert (tmp_path / "deep/in/there/yallchat.db").exists()
    serving(*FREE).stop()
    assert (tmp_path / "yallchat-data/yallchat.db").exists()
