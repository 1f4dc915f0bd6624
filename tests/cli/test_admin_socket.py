"""The admin socket of yallchatd: where it is, who may open it, what becomes of it."""

import contextlib
import select
import signal
import socket
import stat

import pytest

from conformance.admin import Admin, Connection
from conformance.api import Api

from .conftest import PATIENCE_S

FREE = ("--listen", "127.0.0.1:0")
CONNECTIONS = 8  # of operators, at one time


@pytest.fixture
def path(tmp_path):
    """Where it is by default."""
    return tmp_path / "yallchat-data/admin.sock"


def is_answering(path):
    return Admin(path).call("GET", "/").status == 200


def kill(server):
    server.process.kill()
    server.process.communicate(timeout=PATIENCE_S)


def test_it_is_in_the_data_directory_for_its_user_only(serving, path):
    serving(*FREE)
    status = path.stat()
    assert stat.S_ISSOCK(status.st_mode)
    assert stat.S_IMODE(status.st_mode) == 0o600
    assert is_answering(path)


@pytest.mark.parametrize("setting, place", [
    ("operators", "yallchat-data/operators"),
    ("../chat.sock", "chat.sock"),
])
def test_a_relative_path_begins_at_the_data_directory(serving, path, tmp_path, setting, place):
    serving(*FREE, "--admin-socket", setting)
    assert is_answering(tmp_path / place)
    assert not path.exists()


def test_an_absolute_path_is_taken_as_it_is(serving, path, tmp_path):
    serving(*FREE, YALLCHAT_ADMIN_SOCKET=str(tmp_path / "chat.sock"))
    assert is_answering(tmp_path / "chat.sock")
    assert not path.exists()


def test_with_an_empty_setting_there_is_none(serving, path):
    server = serving(*FREE, "--admin-socket", "")
    assert path.parent.is_dir() and not path.exists()
    assert server.stop().code == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_clean_stop_removes_it(serving, path, number):
    assert serving(*FREE).stop(number).code == 0
    assert path.parent.is_dir() and not path.exists()


def test_an_operator_who_is_connected_does_not_hold_up_a_stop(serving, path):
    server = serving(*FREE)
    with contextlib.closing(Connection(path)) as connection:
        connection.connect()
        assert server.stop().code == 0


def test_what_a_killed_server_left_is_replaced(serving, path):
    kill(serving(*FREE))
    assert path.exists()
    serving(*FREE)
    assert is_answering(path)


def test_a_second_server_on_the_same_data_takes_nothing_away(serving, yallchatd, path):
    server = serving(*FREE)
    refused = yallchatd(*FREE)
    assert refused.code == 1 and "in use by another process" in refused.err
    assert is_answering(path)
    assert server.stop().code == 0


def test_a_socket_where_somebody_listens_is_left_alone(serving, yallchatd, tmp_path):
    """... though the data is another's."""
    shared = tmp_path / "chat.sock"
    serving(*FREE, "--admin-socket", shared)
    refused = yallchatd(*FREE, "--data", "other", "--admin-socket", shared)
    assert (refused.code, refused.out) == (1, "")
    assert f"{shared}: another process listens there" in refused.err
    assert is_answering(shared)


def test_a_file_that_is_no_socket_is_left_alone(yallchatd, tmp_path):
    precious = tmp_path / "precious"
    precious.write_text("words")
    refused = yallchatd(*FREE, "--admin-socket", precious)
    assert (refused.code, refused.out) == (1, "")
    assert str(precious) in refused.err and "no socket" in refused.err
    assert precious.read_text() == "words"


def test_a_place_that_is_not_there_is_1(yallchatd):
    refused = yallchatd(*FREE, "--admin-socket", "/nowhere/chat.sock")
    assert (refused.code, refused.out) == (1, "")
    assert "/nowhere/chat.sock" in refused.err


def test_operators_too_many_wait_and_clients_do_not(serving, path):
    """What comes beyond the bound is served when one goes."""
    server = serving(*FREE)
    with contextlib.ExitStack() as stack:
        operators = [stack.enter_context(contextlib.closing(Connection(path)))
                     for _ in range(CONNECTIONS)]
        for operator in operators:
            operator.request("GET", "/")
            assert operator.getresponse().read()
        waiting = stack.enter_context(socket.socket(socket.AF_UNIX))
        waiting.settimeout(PATIENCE_S)
        waiting.connect(str(path))
        waiting.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert Api(*server.listening[0]).member("octopus", "ringo").posted("hello") == 1
        assert select.select([waiting], [], [], 0)[0] == [], "it waits"
        operators[0].close()
        assert waiting.recv(12) == b"HTTP/1.1 200"
