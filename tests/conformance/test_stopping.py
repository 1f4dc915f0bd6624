"""A server that stops: what begins then is ended, and costs no time."""

from .event_stream import SSE, EventStream, events_request
from .raw_connection import RawConnection
from .waiting import wait_until


class AskedFor(EventStream):
    """A stream that was asked for over this connection."""

    def __init__(self, connection):
        self._read_on(connection, SSE)

    def only_event(self):
        """It is the end, so nobody is told who is there."""
        event = self._read_event()
        assert event["type"] == "END" and self.is_over()
        return event


def test_a_stream_that_begins_while_the_server_stops_is_told_so(start_server):
    """It was asked for behind a post that was under way."""
    server = start_server()
    ringo = server.api.member("octopus", "ringo")
    post = (f"PUT {ringo.path('messages')} HTTP/1.1\r\nHost: here\r\nsession: {ringo.key}\r\n"
            "Content-Length: 5\r\n\r\nhello").encode()
    with RawConnection(server.api.address) as connection:
        connection.send(post[:-2])
        # The server has read that: it answers others, and so this one waits for its body.
        assert ringo.directory().status == 200
        server.begin_to_stop()
        wait_until(lambda: "stopping" in server.log())
        connection.send(post[-2:] + events_request(ringo))
        assert connection.read_answer("PUT").status == 200
        stream = AskedFor(connection)
        assert stream.only_event()["reason"] == "stopping"
    assert server.stop() == 0
    assert "did not finish in time" not in server.log()
