"""Streams that are asked for over connections of a crowd, to be read much later, or never."""

import socket

from conformance.event_stream import SSE, EventStream, events_request
from conformance.raw_connection import ClosedByServer, RawConnection
from conformance.websocket_client import WebSocketConnection, handshake, text, upgrade_fields


class ServerSent(EventStream):
    """Read from a socket on which request() was said."""

    def __init__(self, connected):
        self._read_on(RawConnection(None, connected), SSE)
        assert self.answer.status == 200, self.answer

    @staticmethod
    def request(member, first=1):
        return events_request(member, query=f"?from={first}")


class Upgraded(WebSocketConnection):
    """A WebSocket on whose socket the upgrade was asked for."""

    def __init__(self, connected):
        RawConnection.__init__(self, None, connected)


class OverWebSocket(EventStream):
    """The subscription of one channel, read in the same way."""

    def __init__(self, connected):
        self._read_on(Upgraded(connected))
        assert self.answer.status == 101, self.answer

    @staticmethod
    def request(member, first=1):
        """The upgrade, and behind it, without waiting for its answer, what is wanted."""
        wanted = {"type": "OPEN", "session": member.key, "from": first}
        return handshake(member.channel, upgrade_fields()) + text(wanted)

    def _read_event(self):
        return self._connection.read_json()


KINDS = [ServerSent, OverWebSocket]


def read_on(kind, connected, member, count):
    """The next so many messages over a socket on which a stream was asked for: what came before the
    server gave the reader up, if it did, and the rest over a connection that resumes."""
    messages = []
    while True:
        try:
            stream = kind(connected)
            while len(messages) < count:
                messages += stream.messages(1)
            return messages
        except (ClosedByServer, ConnectionResetError):
            connected.close()
            connected = socket.create_connection(member.api.address)
            connected.sendall(kind.request(member, messages[-1][0] + 1 if messages else 1))
