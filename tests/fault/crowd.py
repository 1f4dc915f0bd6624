"""Many connections at a time that do little, held by one thread."""

import errno
import resource
import selectors
import socket

import pytest

PATIENCE_S = 30  # only a test that fails waits so long
SEGMENT_BYTES = 1000
UNREAD_BYTES = 8192  # that the system keeps for one that does not read
FILES_BESIDE = 200  # of the test process, beside the crowd


def allowed(count):
    """How many of so many connections this process, and those that it starts, may have; most of
    them, or the test is skipped."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + FILES_BESIDE
    if soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, max(hard, wanted)))
        except (ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    allowed_now = resource.getrlimit(resource.RLIMIT_NOFILE)[0] - FILES_BESIDE
    if allowed_now < count // 2:
        pytest.skip(f"needs {wanted} open files, and {hard} are allowed (ulimit -Hn)")
    return min(count, allowed_now)


class Crowd:
    """Sockets to one server. source(n): the address of the n-th, of this machine."""

    def __init__(self, address):
        self._address = address
        self.sockets = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def connect(self, count, source=lambda n: "127.0.0.1", say=b""):
        """Connects so many more, and lets each say something; gives them."""
        added = []
        for n in range(count):
            one = socket.socket()
            # On loopback a segment is so large that the system would take megabytes of answers for
            # a client that does not read.
            one.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SEGMENT_BYTES)
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, UNREAD_BYTES)
            one.bind((source(n), 0))
            one.setblocking(False)
            one.connect_ex(self._address)
            added.append(one)
        self.sockets += added
        for one in added:
            _wait_writable(one)
            if say:
                one.send(say)
        return added

    def close(self, count=None):
        """The first so many, or all."""
        closing, self.sockets = self.sockets[:count], self.sockets[len(self.sockets[:count]):]
        for one in closing:
            one.close()

    def answered(self):
        """How many of them have something to read."""
        return sum(_has_answer(one) for one in self.sockets)

    def ended(self):
        """How many of them the server has closed; what it said to them is dropped."""
        return sum(_has_ended(one) for one in self.sockets)


def _wait_writable(one):
    with selectors.DefaultSelector() as selector:
        selector.register(one, selectors.EVENT_WRITE)
        assert selector.select(PATIENCE_S), "the system does not connect"
    error = one.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    assert error == 0, errno.errorcode[error]


def _has_answer(one):
    try:
        return one.recv(1, socket.MSG_PEEK) != b""
    except BlockingIOError:
        return False


def _has_ended(one):
    try:
        while one.recv(65536):
            pass
        return True
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True
