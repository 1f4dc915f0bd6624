"""A WebSocket's client for exact bytes: frames as a test wants them, also such as RFC 6455 forbids.

For what a good client does there is python3-websockets (websocket_chat.py), which could not
send these.
"""

import base64
import hashlib
import json
import os
from dataclasses import dataclass

from .api import segment
from .raw_connection import RawConnection

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
MASK = b"\x37\xfa\x21\x3d"


def frame(opcode, payload=b"", final=True, reserved=0, mask=MASK, length=None):
    """The bytes of a frame. mask: None for a frame without. length: the bytes that tell it, where
    they shall be others than those of the payload's (without the mask bit)."""
    first = bytes([final << 7 | reserved << 4 | opcode])
    told = bytearray(length or _shortest(len(payload)))
    if mask is None:
        return first + told + payload
    told[0] |= 0x80
    return first + told + mask + bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))


def text(payload, **more):
    """The frame of a text, given as a str, as bytes, or as what is to be JSON."""
    if not isinstance(payload, (str, bytes)):
        payload = json.dumps(payload)
    return frame(TEXT, payload.encode() if isinstance(payload, str) else payload, **more)


def close(code, reason=b""):
    return frame(CLOSE, code.to_bytes(2, "big") + reason)


def _shortest(size):
    if size < 126:
        return bytes([size])
    if size < 1 << 16:
        return b"\x7e" + size.to_bytes(2, "big")
    return b"\x7f" + size.to_bytes(8, "big")


def accept_of(key):
    """RFC 6455, section 4.2.2."""
    digest = hashlib.sha1(key.encode() + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11").digest()
    return base64.b64encode(digest).decode()


def upgrade_fields(key=None):
    """The fields of a handshake, to be changed where a test wants another one."""
    return {
        "Host": "here",
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": key or base64.b64encode(os.urandom(16)).decode(),
    }


def handshake(channel, fields, version="1.1", method="GET", verb="events"):
    """The request's bytes. fields: as of upgrade_fields(); None leaves one out. verb: with what may
    stand before and behind it."""
    lines = [f"{name}: {value}" for name, value in fields.items() if value is not None]
    request = f"{method} /chats/{segment(channel)}/{verb} HTTP/{version}\r\n"
    return (request + "\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


@dataclass
class Frame:
    opcode: int
    payload: bytes

    @property
    def code(self):
        """Of a close frame; None where it has none."""
        return int.from_bytes(self.payload[:2], "big") if self.payload else None

    def json(self):
        return json.loads(self.payload.decode("utf-8"))


class WebSocketConnection(RawConnection):
    """A connection that becomes a WebSocket at once, or fails the test. early: frames that are sent
    right behind the handshake. verb, headers: what else the handshake says."""

    def __init__(self, address, channel, early=b"", verb="events", headers=None):
        super().__init__(address)
        fields = upgrade_fields() | (headers or {})
        answer = self.ask(handshake(channel, fields, verb=verb) + early)
        assert answer.status == 101, (answer.status, answer["reason"])
        assert answer["sec-websocket-accept"] == accept_of(fields["Sec-WebSocket-Key"])

    def send_json(self, value):
        self.send(text(value))

    def read_frame(self):
        """The next frame. Asserts what holds for each of the server's: whole, not masked, no
        reserved bit, a length in as few bytes as it takes."""
        first, told = self._read_exactly(2)
        assert first & 0xF0 == 0x80, f"a frame that begins with {first:#x}"
        length = bytes([told])
        if told >= 126:
            length += self._read_exactly(2 if told == 126 else 8)
        size = int.from_bytes(length[1:], "big") if told >= 126 else told
        assert length == _shortest(size), f"a length of {length!r}"
        return Frame(first & 0x0F, self._read_exactly(size))

    def read_until(self, opcode):
        """The next frame of that kind; others, but for the end, are passed over."""
        while (read := self.read_frame()).opcode != opcode:
            assert read.opcode != CLOSE, f"closed: {read.payload!r}"
        return read

    def read_json(self):
        """The object in the next text."""
        return self.read_until(TEXT).json()

    def read_close(self):
        """The code of the server's close, behind whatever comes before it; None where it has none.
        Asserts that it is the last frame, and that the connection ends after it."""
        while (read := self.read_frame()).opcode != CLOSE:
            pass
        read.payload[2:].decode("utf-8")
        assert self.is_closed_by_server()
        return read.code

    def open(self, member, **more):
        """Subscribes to the member's channel; gives the directory that answers it."""
        self.send_json({"type": "OPEN", "channel": member.channel, "session": member.key} | more)
        answer = self.read_json()
        assert answer["type"] == "DIR", answer
        return answer
