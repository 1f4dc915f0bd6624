"""Row 7. The other end vanishes, with its machine and without a word: its connections are closed
and its sessions ended in time, and others are served."""

import pytest

from conformance.event_stream import EventStream
from conformance.raw_connection import RawConnection
from conformance.waiting import wait_until

from .load import KeepAliveApi
from .processes import sockets
from .stalled_streams import KINDS

HERE, THERE = ("10.83.0.1", 8000), "10.83.0.2"
TIMEOUT_S = 3
SLACK_S = 30  # for a machine that is busy; the server looks at each connection once a second
EACH = 10
STREAMS = 16  # that a session may have
STREAM_GONE_S = 60  # a sign of life each 15 s, of which nothing is heard for 40 s
MORE_THAN_THE_SYSTEM_TAKES = 3000  # answers, without being read


@pytest.fixture
def machines(namespace):
    """The server's, and another, with a wire between them."""
    here = namespace("net")
    there = namespace("net", within=here)
    here.run("ip", "link", "add", "wire", "type", "veth", "peer", "name", "wire", "netns",
             str(there.pid))
    for machine, address in ((here, HERE[0]), (there, THERE)):
        machine.run("ip", "address", "add", f"{address}/24", "dev", "wire")
        machine.run("ip", "link", "set", "wire", "up")
        machine.run("ip", "link", "set", "lo", "up")
    return here, there


@pytest.fixture
def server(start, machines):
    timeout = f"{TIMEOUT_S}s"
    return start(prefix=machines[0].prefix, listen="{}:{}".format(*HERE), session_timeout=timeout,
                 limits={"idle_timeout": timeout, "header_timeout": timeout,
                         "body_timeout": timeout, "connections_per_address": 0})


def member(machine, name):
    """Over one connection from that machine."""
    api = KeepAliveApi(*HERE)
    api.use(machine.connections(HERE, 1)[0])
    return api.member("octopus", name)


def beginnings(member):
    """What a peer may have sent when it vanishes, and over how many connections: nothing, a part of
    a head, a head, a part of a body, a whole request, many more than it reads answers of."""
    post = (f"PUT {member.path('messages')} HTTP/1.1\r\nHost: here\r\nsession: {member.key}\r\n"
            "Content-Length: 100\r\n\r\n").encode()
    directory = (f"GET {member.path('directory')} HTTP/1.1\r\nHost: here\r\n"
                 f"session: {member.key}\r\n\r\n").encode()
    return [*[b"", post[:20], post, post + b"half", directory] * EACH,
            directory * MORE_THAN_THE_SYSTEM_TAKES]


def test_vanished_peer(server, machines):
    """All are closed within the timeout and a little; the session ends by its own."""
    here, there = machines
    held = sockets(server.pid)
    ringo, paul = member(here, "ringo"), member(there, "paul")
    begun = beginnings(paul)
    silent = [RawConnection(None, connected=one) for one in there.connections(HERE, len(begun))]
    for connection, words in zip(silent, begun):
        connection.send(words)
    there.run("ip", "link", "set", "wire", "down")
    # One request more keeps the connection from being idle.
    wait_until(lambda: ringo.directory().status == 200 and sockets(server.pid) == held + 1,
               seconds=TIMEOUT_S + SLACK_S)
    wait_until(lambda: ringo.directory().json() == ["ringo"], seconds=TIMEOUT_S + SLACK_S)
    for connection in silent:
        connection.__exit__()


def test_vanished_reader(server, machines):
    """Streams that are read to the end ask nothing and are told nothing: they are closed all the
    same, and only then the session ends, for an open stream keeps it alive."""
    here, there = machines
    held = sockets(server.pid)
    # Connected before the joins, whose sessions end soon when nothing is open.
    mine = RawConnection(None, connected=here.connections(HERE, 1)[0])
    silent = there.connections(HERE, STREAMS)
    ringo = member(here, "ringo")
    stream = EventStream(ringo, connection=mine)
    paul = member(there, "paul")
    for n, connected in enumerate(silent):
        kind = KINDS[n % 2]
        connected.sendall(kind.request(paul))
        assert kind(connected).next()["type"] == "DIR"
    ringo.api.close()
    paul.api.close()
    there.run("ip", "link", "set", "wire", "down")
    wait_until(lambda: sockets(server.pid) == held + 1, seconds=STREAM_GONE_S + SLACK_S)
    left = stream.until(lambda event: event["type"] == "LEAVE")[-1]
    assert (left["source"], left["reason"]) == ("paul", "expired")
    for one in [*silent, stream]:
        one.close()
