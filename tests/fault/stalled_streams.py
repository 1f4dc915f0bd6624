"""Streams that are asked for over connections of a crowd, to be read much later, or never."""

import base64
import json

from conformance.event_stream import SSE, EventStream, events_request
from conformance.raw_connection import ClosedByServer, RawConnection

TEXT, CLOSE, PING = 1, 8, 9
MASK = b"\x37\xfa\x21\x3d"


class ServerSent(EventStream):
    """One that was asked for by request()."""

    @staticmethod
    def request(member, first=1):
        return events_request(member, query=f"?from={first}")

    @classmethod
    def read(cls, connection):
        return cls.asked_for(connection, SSE)


class OverWebSocket(EventStream):
    """The subscription of one channel, as a stream."""

    @staticmethod
    def request(member, first=1):
        """The handshake, and what is to be sent behind its answer: a client may send it at once."""
        key = base64.b64encode(b"sixteen bytes...").decode()
        head = (f"GET {member.path('events')} HTTP/1.1\r\nHost: here\r\nUpgrade: websocket\r\n"
                f"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                f"Sec-WebSocket-Key: {key}\r\n\r\n").encode()
        subscribe = json.dumps({"type": "OPEN", "session": member.key, "from": first}).encode()
        assert len(subscribe) < 126
        masked = bytes(byte ^ MASK[n % 4] for n, byte in enumerate(subscribe))
        return head + bytes([0x80 | TEXT, 0x80 | len(subscribe)]) + MASK + masked

    @classmethod
    def read(cls, connection):
        stream = cls.asked_for(connection)
        assert stream.answer.status == 101, stream.answer
        return stream

    def _read_event(self):
        while (opcode := self._connection.read_exactly(1)[0] & 0x0F) == PING:
            self._payload()
        payload = self._payload()
        assert opcode == TEXT, (opcode, payload)
        return json.loads(payload.decode("utf-8"))

    def _payload(self):
        size = self._connection.read_exactly(1)[0]
        if size >= 126:
            size = int.from_bytes(self._connection.read_exactly(2 if size == 126 else 8), "big")
        return self._connection.read_exactly(size)


KINDS = [ServerSent, OverWebSocket]


def read_on(kind, one, member, count):
    """The next so many messages over a socket on which a stream was asked for: what came before the
    server gave the reader up, if it did, and the rest over a connection that resumes."""
    connection, messages = RawConnection(None, connected=one), []
    while True:
        try:
            stream = kind.read(connection)
            while len(messages) < count:
                messages += stream.messages(1)
            return messages
        except (ClosedByServer, ConnectionResetError):
            connection = RawConnection(member.api.address)
            connection.send(kind.request(member, messages[-1][0] + 1 if messages else 1))
