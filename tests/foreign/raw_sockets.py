"""Clients which write their requests by hand, one connection for each."""
import http.client
import socket
import time

from .base import TIMEOUT, Client
from .reading import Answer, headers_from


class RawSocket(Client):
    """HTTP/1.1, `Connection: close`, no length where there is no body."""

    def target(self, path):
        return path

    def header_name(self, name):
        return name

    def standing_headers(self):
        return [("Host", f"{self.host}:{self.port}"), ("Connection", "close")]

    def framing(self, body):
        return [] if body is None else [("Content-Length", str(len(body)))]

    def head(self, method, path, headers, body):
        lines = [f"{method} {self.target(path)} HTTP/1.1"]
        for name, value in self.standing_headers() + headers + self.framing(body):
            lines.append(f"{self.header_name(name)}: {value}")
        return "\r\n".join(lines + ["", ""]).encode()

    def send(self, sock, head, body):
        sock.sendall(head + (body or b""))

    def exchange(self, method, path, headers, body):
        head = self.head(method, path, headers, body)
        with socket.create_connection((self.host, self.port), TIMEOUT) as sock:
            self.send(sock, head, body)
            return self.receive(sock, method)

    def receive(self, sock, method):
        with http.client.HTTPResponse(sock, method=method) as response:
            response.begin()
            content = response.read()
            return Answer(response.status, headers_from(response.getheaders()), content)


class Http10(Client):
    """HTTP/1.0 without Host; whatever comes before the end is the answer."""

    leave_word = "leave"

    def exchange(self, method, path, headers, body):
        lines = [f"{method} {path} HTTP/1.0"]
        lines += [f"{name}: {value}" for name, value in headers]
        if body is not None:
            lines.append(f"Content-Length: {len(body)}")
        request = "\r\n".join(lines + ["", ""]).encode() + (body or b"")
        with socket.create_connection((self.host, self.port), TIMEOUT) as sock:
            sock.sendall(request)
            return self.parse(self.until_end(sock))

    def until_end(self, sock):
        received, deadline = b"", time.monotonic() + TIMEOUT
        while more := sock.recv(4096):
            received += more
            if time.monotonic() > deadline:
                raise TimeoutError("the server does not come to an end")
        return received

    def parse(self, received):
        head, _, body = received.partition(b"\r\n\r\n")
        status_line, *lines = head.decode("latin-1").split("\r\n")
        headers = headers_from(line.split(":", 1) for line in lines)
        return Answer(int(status_line.split()[1]), headers, body)


class Chunked(RawSocket):
    """Messages in small chunks, of unannounced length."""

    def framing(self, body):
        return [] if body is None else [("Transfer-Encoding", "chunked")]

    def send(self, sock, head, body):
        sock.sendall(head)
        if body is None:
            return
        for at in range(0, len(body), 11):
            piece = body[at : at + 11]
            sock.sendall(b"%X\r\n%s\r\n" % (len(piece), piece))
        sock.sendall(b"0\r\n\r\n")


class Expecting(RawSocket):
    """Asks whether it may go on; after a short while it goes on anyway."""

    patience = 0.2
    continued = 0  # how often the server did say 100

    def framing(self, body):
        expect = [] if body is None else [("Expect", "100-continue")]
        return super().framing(body) + expect

    def send(self, sock, head, body):
        sock.sendall(head)
        if body is None:
            return
        status = self.peek_status(sock)
        if status == b"100":
            self.continued += 1
        if status in (b"100", None):
            sock.sendall(body)

    def peek_status(self, sock):
        """Leaves the bytes where they are: the answer's reader skips a 100."""
        deadline = time.monotonic() + self.patience
        seen = b""
        try:
            while b"\r\n" not in seen and (left := deadline - time.monotonic()) > 0:
                sock.settimeout(left)
                seen = sock.recv(200, socket.MSG_PEEK)
                if not seen:
                    return b"closed"
        except TimeoutError:
            pass
        finally:
            sock.settimeout(TIMEOUT)
        return seen.split()[1] if b"\r\n" in seen else None
