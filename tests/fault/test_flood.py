"""Row 8. A flood of connections, idle ones and slow ones of each kind: those who were there are
served, and who is too slow is closed."""

import pytest

from conformance.event_stream import EventStream
from conformance.raw_connection import RawConnection
from conformance.waiting import wait_until
from conformance.websocket_client import handshake, upgrade_fields

from .bystander import REQUESTS, Bystander
from .counts import tenth_of
from .crowd import Crowd, allowed
from .load import KeepAliveApi
from .processes import sockets

FLOOD = tenth_of(20_000)
A_PORT_RANGE = 10_000  # connections from one address, of the ports that the system gives out
HOGS, MANY = 20, 1000
REQUESTS_A_TURN = 64  # src/base/limits.h
LIMITS = {"header_timeout": "2s", "body_timeout": "2s", "idle_timeout": "4s"}


def source(n):
    return f"127.0.1.{1 + n // A_PORT_RANGE}"


@pytest.fixture
def flood():
    """How many."""
    return allowed(FLOOD)


@pytest.fixture
def server(memory_folder, start, flood):
    return start(data=memory_folder / "data", session_timeout="10m", limits=LIMITS)


@pytest.fixture
def ringo(server):
    return Bystander(server)


def test_flood_of_connections(server, ringo, flood):
    """They say nothing. Those beyond what the server has taken wait; in the end all are closed."""
    held = sockets(server.pid)
    with Crowd(server.api.address) as crowd:
        crowd.connect(flood, source)
        ringo.assert_not_held_up()
        wait_until(lambda: crowd.ended() == flood and sockets(server.pid) <= held, seconds=60)
    ringo.assert_not_held_up()


def head_of_a_post(member, length):
    return (f"PUT {member.path('messages')} HTTP/1.1\r\nHost: here\r\nsession: {member.key}\r\n"
            f"Content-Length: {length}\r\n\r\n").encode()


def directories(member, count):
    return (f"GET {member.path('directory')} HTTP/1.1\r\nHost: here\r\n"
            f"session: {member.key}\r\n\r\n").encode() * count


def test_flood_of_slow_clients(server, ringo, flood):
    """A head that comes byte by byte, a body that does, and answers that are not read: each has so
    long, however it trickles."""
    api = KeepAliveApi(*server.api.address)
    paul = [api.member("zebra", f"member-with-a-long-name-{n:08}") for n in range(100)][0]
    api.close()
    held = sockets(server.pid)
    with Crowd(server.api.address) as crowd:
        crowd.connect(flood // 20, source, say=directories(paul, 100))
        crowd.connect(flood // 6, source, say=head_of_a_post(paul, 1)[:20])
        crowd.connect(flood // 6, source, say=head_of_a_post(paul, 1000))
        ringo.assert_not_held_up()
        wait_until(lambda: trickle(crowd) and sockets(server.pid) <= held, seconds=60,
                   interval_s=0.2)
    ringo.assert_not_held_up()


def trickle(crowd):
    """One byte more to each that is still there, so that none is idle."""
    for one in crowd.sockets:
        try:
            one.send(b"x")
        except OSError:
            pass
    return True


def test_flood_beside_a_stream(server, ringo, flood):
    """A stream that was there is told of all that is said, each message once. WebSockets that open
    nothing are closed, whether they are silent or in the middle of a frame."""
    paul = server.api.member("bystanders", "paul")
    held = sockets(server.pid)
    upgrade = handshake("zebra", upgrade_fields())
    with EventStream(paul) as stream, Crowd(server.api.address) as crowd:
        assert stream.next()["type"] == "DIR"
        before = int(paul.posted("before"))
        crowd.connect(flood // 2, source, say=upgrade)
        crowd.connect(flood // 2, source, say=upgrade + b"\x81\xfe")
        ringo.assert_not_held_up()
        numbers = [seqnr for seqnr, _ in stream.messages(1 + REQUESTS // 2)]
        assert numbers == list(range(before, before + len(numbers)))
        wait_until(lambda: sockets(server.pid) <= held + 1, seconds=60)


def test_flood_of_pipelined_requests(start):
    """Who sends very many requests at once is not answered all of them before others are. Judged by
    the order of the server's log, of a moment at which all requests were there."""
    server = start(log_level="debug")
    paul = server.api.member("zebra", "paul")
    with RawConnection(server.api.address) as one, Crowd(server.api.address) as crowd:
        assert one.is_usable()
        server.pause()
        crowd.connect(HOGS, say=b"GET /nothing HTTP/1.1\r\nHost: here\r\n\r\n" * MANY)
        one.send(head_of_a_post(paul, 5) + b"hello")
        server.go_on()
        assert one.read_answer().status == 200
    before = server.log()[:server.log().rindex("is answered 200")]
    assert before.count("is answered 404") <= HOGS * REQUESTS_A_TURN * 3


def test_flood_from_one_address(start):
    """Where connections of an address are limited, one beyond is told so and closed; others come
    in."""
    server = start(limits={"loopback": True, "connections_per_address": 10})
    with Crowd(server.api.address) as crowd:
        from_one = crowd.connect(100, lambda n: "127.0.1.1")
        wait_until(lambda: crowd.ended() == len(from_one) - 10)
        with RawConnection(server.api.address) as another:
            assert another.is_usable()
