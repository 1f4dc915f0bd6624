"""Nothing that one client does wrong may lose, delay or reorder what others wrote."""

import threading

import pytest

from .api import unique
from .bad_requests import BAD_REQUESTS
from .raw_connection import RawConnection

GARBAGE = [b"\r\n", b"\0" * 200, b"GET\r\n\r\n", b"GET /\r\n\r\n",
           b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
           b"\xff\xfe\xfd" * 1000, b"SSH-2.0-x\r\n", b": \r\n\r\n"]


class Writer:
    """Posts numbered messages in a thread of its own until it is stopped."""

    def __init__(self, member):
        self.posted = []  # (seqnr, text) as acknowledged
        self._member = member
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._write)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()

    def _write(self):
        while not self._stop.is_set():
            text = f"{len(self.posted) + 1}"
            self.posted.append((self._member.posted(text), text))


def misbehave(api, channel, key):
    for bad in BAD_REQUESTS:
        with RawConnection(api.address) as connection:
            connection.send(bad.bytes_for(channel, key))
            connection.read_answer()
    for bad in [bad.bytes_for(channel, key) for bad in BAD_REQUESTS] + GARBAGE:
        with RawConnection(api.address) as connection:
            connection.send(bad)  # and gone without reading the answer


def misuse(member):
    member.post("forged", {"source": "writer"})
    member.post(b"\xff")
    member.post("")
    member.post("x", {"Content-Encoding": "gzip"})
    member.post("{", {"Content-Type": "application/json"})
    member.poll(from_="x")
    member.api.join(member.channel, member.name)
    member.api.join(member.channel, "a b")
    member.api.call("DELETE", member.path("messages"), member.key)
    member.api.call("PUT", member.path("leave/"), "A" * 43)


@pytest.mark.parametrize("where", ["same-channel", "another-channel"])
def test_bad_input_leaves_what_others_write_alone(api, channel, where):
    """Nothing in the table may lose, delay or reorder what others wrote."""
    author, reader = api.member(channel, "writer"), api.member(channel, "reader")
    elsewhere = channel if where == "same-channel" else unique()
    vandal = api.member(elsewhere, "vandal")
    with Writer(author) as writer:
        misbehave(api, elsewhere, vandal.key)
        for _ in range(10):
            misuse(vandal)
    assert len(writer.posted) > 1
    assert writer.posted == [(n, f"{n}") for n in range(1, len(writer.posted) + 1)]
    assert reader.drain() == writer.posted
    assert author.drain() == writer.posted


def test_bad_input_leaves_the_directory_alone(api, channel, ringo):
    """No bad input makes or ends a session."""
    vandal = api.member(channel, "vandal")
    misbehave(api, channel, vandal.key)
    misuse(vandal)
    assert ringo.directory().json() == ["ringo", "vandal"]


def test_a_client_that_never_reads_stops_nobody(api, channel, ringo):
    """A client that sends and never reads its answers costs only itself."""
    ask = (f"GET {ringo.path('directory')} HTTP/1.1\r\nHost: here\r\n"
           f"session: {ringo.key}\r\n\r\n")
    with RawConnection(api.address) as connection:
        connection.send(ask.encode() * 50)
        assert [ringo.posted("x") for _ in range(10)] == list(range(1, 11))
    assert len(ringo.drain()) == 10


def test_many_half_sent_requests_stop_nobody(api, ringo):
    """Connections that begin a request and wait keep no other from being served."""
    halves = [RawConnection(api.address) for _ in range(40)]
    for half in halves:
        half.send(b"PUT /chats/x/messages HTTP/1.1\r\nHost: he")
    assert [ringo.posted("x") for _ in range(10)] == list(range(1, 11))
    for half in halves:
        half.__exit__()
