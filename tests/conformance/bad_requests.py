"""Requests that cannot be framed, byte for byte, with the status that answers each.

In a request @C stands for a channel and @K for the key of a session in it, so that the request
would be a good one but for what its name says. After each of these answers the server closes the
connection.
"""

from dataclasses import dataclass

PUT = "PUT /chats/@C/messages HTTP/1.1\r\n"
SESSION = "Host: here\r\nsession: @K\r\n"
GOOD = PUT + SESSION + "Content-Length: 3\r\n"
CHUNKED = PUT + SESSION + "Transfer-Encoding: chunked\r\n\r\n"
SMUGGLED = "PUT /chats/@C/messages HTTP/1.1\r\n" + SESSION + "Content-Length: 3\r\n\r\nbad"


@dataclass(frozen=True)
class BadRequest:
    name: str
    status: int
    request: str

    def bytes_for(self, channel, key):
        return self.request.replace("@C", channel).replace("@K", key).encode("latin-1")


def _length(value):
    return PUT + SESSION + f"Content-Length: {value}\r\n\r\nbad"


def _field(line):
    return GOOD + line + "\r\n\r\nbad"


def _fields(count, value):
    return _field("\r\n".join(f"X-{n}: {value}" for n in range(count)))


def _coding(value, version="1.1"):
    put = PUT.replace("1.1", version)
    return put + SESSION + f"Transfer-Encoding: {value}\r\n\r\n3\r\nbad\r\n0\r\n\r\n"


def _chunks(body):
    return CHUNKED + body


_ROWS = {
    # Host
    "no-host": (400, PUT + "session: @K\r\nContent-Length: 3\r\n\r\nbad"),
    "two-hosts": (400, _field("Host: there")),
    "the-same-host-twice": (400, _field("Host: here")),
    "host-with-space": (400, (GOOD + "\r\nbad").replace("Host: here", "Host: he re")),
    "host-with-path": (400, (GOOD + "\r\nbad").replace("Host: here", "Host: here/there")),
    "host-with-a-port-that-is-none": (400, (GOOD + "\r\nbad").replace("here", "here:abc")),
    "host-with-a-port-too-large": (400, (GOOD + "\r\nbad").replace("here", "here:65536")),
    "host-with-an-open-bracket": (400, (GOOD + "\r\nbad").replace("here", "[::1")),
    "host-without-a-name": (400, (GOOD + "\r\nbad").replace("here", ":80")),
    # Content-Length
    "length-and-chunked": (400, GOOD + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED),
    "chunked-and-length": (400, PUT + SESSION + "Transfer-Encoding: chunked\r\n"
                                "Content-Length: 3\r\n\r\n0\r\n\r\n" + SMUGGLED),
    "differing-lengths": (400, _field("Content-Length: 4")),
    "repeated-length": (400, _field("Content-Length: 3")),
    "list-of-lengths": (400, _length("3, 3")),
    "length-with-plus": (400, _length("+3")),
    "length-in-hex": (400, _length("0x3")),
    "negative-length": (400, _length("-3")),
    "length-beyond-64-bits": (400, _length("18446744073709551619")),
    "length-far-beyond": (400, _length("9" * 100)),
    "empty-length": (400, _length("")),
    "length-with-a-space": (400, _length("3 0")),
    "length-with-a-point": (400, _length("3.0")),
    # chunks
    "chunk-size-no-number": (400, _chunks("x\r\nbad\r\n0\r\n\r\n")),
    "chunk-size-with-plus": (400, _chunks("+3\r\nbad\r\n0\r\n\r\n")),
    "chunk-size-with-0x": (400, _chunks("0x3\r\nbad\r\n0\r\n\r\n")),
    "trailer-field": (400, _chunks("3\r\nbad\r\n0\r\nsource: ringo\r\n\r\n")),
    "negative-chunk-size": (400, _chunks("-3\r\nbad\r\n0\r\n\r\n")),
    "empty-chunk-size": (400, _chunks("\r\nbad\r\n0\r\n\r\n")),
    "chunk-size-beyond-64-bits": (400, _chunks("10000000000000003\r\nbad\r\n0\r\n\r\n")),
    "chunk-longer-than-its-size": (400, _chunks("2\r\nbad\r\n0\r\n\r\n")),
    "bare-lf-after-chunk-size": (400, _chunks("3\nbad\r\n0\r\n\r\n")),
    "bare-lf-after-chunk": (400, _chunks("3\r\nbad\n0\r\n\r\n")),
    "bare-lf-in-a-quoted-extension": (400, _chunks('3;a="x\ny"\r\nbad\r\n0\r\n\r\n')),
    "nul-in-a-quoted-extension": (400, _chunks('3;a="x\0y"\r\nbad\r\n0\r\n\r\n')),
    "bare-lf-in-the-last-extension": (400, _chunks('3\r\nbad\r\n0;a="x\ny"\r\n\r\n')),
    "extension-without-its-last-quote": (400, _chunks('3;a="x\r\nbad\r\n0\r\n\r\n')),
    "last-extension-without-its-last-quote": (400, _chunks('3\r\nbad\r\n0;a="x\r\n\r\n')),
    "bare-lf-after-last-chunk": (400, _chunks("3\r\nbad\r\n0\n\r\n")),
    "bare-lf-as-the-end": (400, _chunks("3\r\nbad\r\n0\r\n\n")),
    "bare-lf-after-a-trailer-field": (400, _chunks("3\r\nbad\r\n0\r\nX: y\n\n")),
    # lines
    "bare-lf-after-request-line": (400, (GOOD + "\r\nbad").replace("\r\n", "\n", 1)),
    "bare-lf-after-field": (400, _field("X-A: a\nX-B: b")),
    "bare-lf-everywhere": (400, (GOOD + "\r\nbad").replace("\r\n", "\n")),
    "bare-cr-in-field": (400, _field("X-A: a\rb")),
    "nul-in-field": (400, _field("X-A: a\0b")),
    "nul-in-field-name": (400, _field("X\0A: a")),
    "space-before-colon": (400, _field("X-A : a")),
    "tab-before-colon": (400, _field("X-A\t: a")),
    "space-before-colon-of-length": (400, PUT + SESSION + "Content-Length : 3\r\n\r\nbad"),
    "folded-field": (400, _field("X-A: a\r\n b")),
    "field-folded-with-tab": (400, _field("X-A: a\r\n\tb")),
    "folded-first-line": (400, PUT + " X-A: a\r\n" + SESSION + "Content-Length: 3\r\n\r\nbad"),
    "field-without-colon": (400, _field("nothing")),
    # versions
    "http-2.0": (505, (GOOD + "\r\nbad").replace("HTTP/1.1", "HTTP/2.0", 1)),
    "http-1.32": (505, (GOOD + "\r\nbad").replace("HTTP/1.1", "HTTP/1.32", 1)),
    # Transfer-Encoding
    "gzip-then-chunked": (501, _coding("gzip, chunked")),
    "chunked-then-gzip": (501, _coding("chunked, gzip")),
    "gzip": (501, _coding("gzip")),
    "identity": (501, _coding("identity")),
    "chunked-twice": (501, _coding("chunked, chunked")),
    "two-fields-of-coding": (501, _coding("chunked\r\nTransfer-Encoding: chunked")),
    "almost-chunked": (501, _coding("xchunked")),
    "quoted-chunked": (501, _coding('"chunked"')),
    "chunked-with-parameter": (501, _coding("chunked; q=1")),
    "chunked-in-http-1.0": (501, _coding("chunked", "1.0")),
    # sizes
    "head-over-16-kib": (431, _field("X-A: " + "a" * 16 * 1024)),
    "head-of-many-large-fields": (431, _fields(17, "a" * 1024)),
    "65-fields": (431, _fields(62, "a")),
    "target-over-4-kib": (414, f"GET /{'a' * 4096} HTTP/1.1\r\n{SESSION}\r\n"),
    "long-query": (414, f"GET /chats/@C/directory?{'a' * 5000} HTTP/1.1\r\n{SESSION}\r\n"),
    "body-over-16-kib": (413, PUT + SESSION + "Content-Length: 16385\r\n\r\n" + "a" * 16385),
    "huge-body-announced": (413, PUT + SESSION + "Content-Length: 1000000000000\r\n\r\n"),
    "chunks-over-16-kib": (413, _chunks(("1000\r\n" + "a" * 4096 + "\r\n") * 5 + "0\r\n\r\n")),
    "large-chunk-announced": (413, _chunks("FFFFFF\r\n")),
}

BAD_REQUESTS = [BadRequest(name, *row) for name, row in _ROWS.items()]
