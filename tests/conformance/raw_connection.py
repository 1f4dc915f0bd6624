"""A TCP connection on which a test sends exactly the bytes it wants, and reads answers one by
one."""

import json
import socket
from dataclasses import dataclass

from .api import PATIENCE_S


class ClosedByServer(AssertionError):
    """Where more was to come."""


@dataclass
class RawAnswer:
    version: str
    status: int
    fields: list  # (name in lower case, value), in the order they came
    body: bytes

    def __getitem__(self, name):
        """The header's value, or None. A header that came twice fails the test."""
        values = [value for field, value in self.fields if field == name.lower()]
        assert len(values) <= 1, f"{name} came {len(values)} times"
        return values[0] if values else None

    def json(self):
        return json.loads(self.body.decode("utf-8"))


class RawConnection:
    def __init__(self, address, connected=None):
        """connected: a socket to use, instead of one made here."""
        self._socket = connected or socket.create_connection(address, timeout=PATIENCE_S)
        self._socket.settimeout(PATIENCE_S)
        # What is sent is on its way at once, also in small pieces.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._unread = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()

    def send(self, data):
        """A server that has answered already may have closed: that is not an error of the
        sender."""
        try:
            self._socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def send_until_stuck(self, data, most, seconds=1):
        """Sends it again and again, up to so many bytes or until none is taken for so long; gives
        how many were."""
        self._socket.settimeout(seconds)
        sent = 0
        try:
            while sent < most:
                sent += self._socket.send(data[sent % len(data):])
        except socket.timeout:
            pass
        self._socket.settimeout(PATIENCE_S)
        return sent

    def be_patient(self, seconds):
        """From now on a read may take so long."""
        self._socket.settimeout(seconds)

    def finish_sending(self):
        self._socket.shutdown(socket.SHUT_WR)

    def read_answer(self, method="GET"):
        """The next answer, also an interim one (100). method: what was asked, for HEAD has no
        body."""
        answer = self.read_head()
        bodiless = method == "HEAD" or answer.status < 200 or answer.status in (204, 304)
        if not bodiless:
            answer.body = self._read_body(answer)
        return answer

    def read_head(self):
        """The next answer without its body: of one that does not end by itself."""
        head = self._read_past(b"\r\n\r\n")
        status_line, *lines = head.decode("latin-1").split("\r\n")[:-2]
        version, status = status_line.split(" ")[:2]
        fields = [(n.lower(), v.strip()) for n, v in (line.split(":", 1) for line in lines)]
        return RawAnswer(version, int(status), fields, b"")

    def read_line(self):
        """Of a body that does not end by itself; without the line's end."""
        return self._read_past(b"\n")[:-1]

    def ask(self, data, method="GET"):
        self.send(data)
        return self.read_answer(method)

    def is_closed_by_server(self):
        """Waits for the end of the stream. False where more bytes come, or nothing happens."""
        if self._unread:
            return False
        try:
            return self._socket.recv(1) == b""
        except ConnectionResetError:
            return True
        except socket.timeout:
            return False

    def is_usable(self):
        """Whether the connection takes one more request."""
        return self.ask(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n").status == 200

    def has_answer_within(self, seconds):
        if self._unread:
            return True
        self._socket.settimeout(seconds)
        try:
            return self._socket.recv(1, socket.MSG_PEEK) != b""
        except (socket.timeout, BlockingIOError):
            return False
        finally:
            self._socket.settimeout(PATIENCE_S)

    def _read_body(self, answer):
        if (answer["transfer-encoding"] or "").lower() == "chunked":
            return self._read_chunks()
        if answer["content-length"] is not None:
            return self._read_exactly(int(answer["content-length"]))
        return self._read_to_end()

    def _read_chunks(self):
        body = b""
        while size := int(self._read_past(b"\r\n"), 16):
            body += self._read_exactly(size)
            self._read_exactly(2)
        self._read_past(b"\r\n")
        return body

    def _read_past(self, mark):
        while mark not in self._unread:
            self._receive()
        end = self._unread.index(mark) + len(mark)
        return self._take(end)

    def _read_exactly(self, count):
        while len(self._unread) < count:
            self._receive()
        return self._take(count)

    def _read_to_end(self):
        while data := self._socket.recv(65536):
            self._unread += data
        return self._take(len(self._unread))

    def _receive(self):
        data = self._socket.recv(65536)
        if not data:
            raise ClosedByServer(f"the server closed the connection after {self._unread!r}")
        self._unread += data

    def _take(self, count):
        taken, self._unread = self._unread[:count], self._unread[count:]
        return taken
