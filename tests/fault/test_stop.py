"""Row 10. SIGTERM: what is under way is answered, the server ends with status 0, and readers go on
exactly where they were."""

import socket
import threading

import pytest

from conformance.api import PATIENCE_S
from conformance.raw_connection import RawConnection
from conformance.waiting import wait_until

from .counts import tenth_of
from .load import Crew, KeepAliveApi, Poster, Reader, Visitor
from .record import Record, read_channel

CHANNELS = ["octopus", "zebra"]


def test_sigterm_under_load(start, seed):
    """Every message that was taken was acknowledged, and plain pollers neither miss nor repeat."""
    server, record = start(session_timeout="10m"), Record()
    place = server.api.address
    readers = [Reader(place, f"reader{n}", [channel], seed) for n, channel in enumerate(CHANNELS)]
    posters = [Poster(record, place, f"poster{n}", CHANNELS, seed) for n in range(3)]
    crew = Crew([*readers, *posters, Visitor(place, "visitor", CHANNELS, seed)])
    for _ in range(tenth_of(30)):
        crew.begin()
        record.wait_for_more(100)
        assert server.stop() == 0
        crew.end()
        server.start()
        api = KeepAliveApi(*server.api.address)
        for channel in CHANNELS:
            late = api.member(channel, "late")
            messages = read_channel(late)
            assert record.unacknowledged_in(messages) == []
            assert record.violations(channel, messages) == []
            assert late.leave().status == 200
        crew.go_on(server.api.address)
    for reader in readers:
        reader.settle()
        assert reader.read == read_channel(reader.members[0])


def head_of_a_post(member, text):
    return (f"PUT {member.path('messages')} HTTP/1.1\r\nHost: here\r\nsession: {member.key}\r\n"
            f"Content-Length: {len(text)}\r\nExpect: 100-continue\r\n\r\n").encode()


def refuses_connections(address):
    try:
        with RawConnection(address):
            return False
    except ConnectionRefusedError:
        return True
    except ConnectionResetError:
        return False  # it waited to be accepted when the listener closed


@pytest.fixture
def half_a_post(start):
    """A server and a connection over which it has read the head of a post, and asked for the
    body."""
    server = start()
    member = server.api.member("octopus", "ringo")
    with RawConnection(server.api.address) as connection:
        assert connection.ask(head_of_a_post(member, "hello")).status == 100
        yield server, member, connection


def test_a_request_that_is_under_way_is_answered(half_a_post):
    """... and kept, though its body comes when the server already takes no more connections."""
    server, member, connection = half_a_post
    server.terminate()
    wait_until(lambda: refuses_connections(server.api.address))
    answer = connection.ask(b"hello")
    assert (answer.status, answer["seqnr"], answer.body) == (200, "1", b"true")
    assert connection.is_closed_by_server()
    assert server.stop() == 0
    server.start()
    member.api = server.api
    assert member.drain() == [(1, "hello")]


def test_a_request_that_never_ends_does_not_keep_the_server_from_ending(half_a_post):
    """exit <= 10 s, with status 0."""
    server, _, connection = half_a_post
    with RawConnection(server.api.address) as idle:
        assert idle.is_usable()
        assert server.stop() == 0


def test_who_never_stops_asking_does_not_keep_the_server(start):
    """No request is begun any more, however many are on their way."""
    server = start()
    many = b"GET / HTTP/1.1\r\nHost: here\r\n\r\n" * 2000
    answered = threading.Event()

    def ask_on(connection):
        reader = threading.Thread(target=read_on, args=(connection, answered))
        reader.start()
        try:
            while True:
                connection.sendall(many)
        except OSError:
            reader.join()

    with socket.create_connection(server.api.address) as connection:
        asker = threading.Thread(target=ask_on, args=(connection,))
        asker.start()
        assert answered.wait(PATIENCE_S)
        assert server.stop() == 0
        asker.join()
    assert "did not finish in time" not in server.log()


def read_on(connection, answered):
    try:
        while connection.recv(65536):
            answered.set()
    except OSError:
        pass
