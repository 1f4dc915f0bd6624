"""WebSocket, byte for byte: the handshake, and frames that are bad or unusual (RFC 6455)."""

import pytest

from .waiting import wait_until
from .websocket_client import (BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, WebSocketConnection,
                               close, frame, handshake, text, upgrade_fields)

MAX_MESSAGE = 16 * 1024  # unless set
MOST_BYTES = MAX_MESSAGE * 6 + 4 * 1024  # of a message over a WebSocket
MORE_THAN_FITS_BYTES = 64 * 1024 * 1024  # into what the system and the server keep of a connection
A_WHILE_S = 25  # longer than the server waits for an OPEN, or is silent


@pytest.fixture
def socket(api, channel):
    with WebSocketConnection(api.address, channel) as connection:
        yield connection


# --- The handshake ---


def test_the_handshake_is_answered(raw, channel):
    """As RFC 6455 has it, with no extension and no subprotocol."""
    fields = upgrade_fields("dGhlIHNhbXBsZSBub25jZQ==") | {
        "Sec-WebSocket-Extensions": "permessage-deflate", "Sec-WebSocket-Protocol": "chat"}
    answer = raw.ask(handshake(channel, fields))
    assert answer.status == 101
    assert answer["sec-websocket-accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    assert (answer["upgrade"].lower(), answer["connection"].lower()) == ("websocket", "upgrade")
    assert answer["yallchat"] == "1"
    assert (answer["sec-websocket-extensions"], answer["sec-websocket-protocol"]) == (None, None)
    assert answer["content-length"] is None


@pytest.mark.parametrize("fields", [
    {"Upgrade": "WebSocket", "Connection": "keep-alive, upgrade"},
    {"Upgrade": "h2c, websocket"},
    {"Origin": "http://here"},
    {"Origin": "https://here"},
    {"Origin": "http://HERE:80"},
    {"Host": "here:8000", "Origin": "http://here:8000"},
])
def test_other_good_handshakes(raw, channel, fields):
    """Tokens in any case, among others; pages of the server's own origin."""
    assert raw.ask(handshake(channel, upgrade_fields() | fields)).status == 101


# name: status, reason, and what is other than in a good handshake
REFUSED = {
    "no-version": (426, "websocket-version", {"Sec-WebSocket-Version": None}),
    "old-version": (426, "websocket-version", {"Sec-WebSocket-Version": "8"}),
    "several-versions": (426, "websocket-version", {"Sec-WebSocket-Version": "13, 8"}),
    "no-key": (400, "bad-websocket-key", {"Sec-WebSocket-Key": None}),
    "short-key": (400, "bad-websocket-key", {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25j"}),
    "no-base64": (400, "bad-websocket-key", {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25j-_=="}),
    "no-connection": (400, "bad-upgrade", {"Connection": "keep-alive"}),
    "foreign-origin": (403, "foreign-origin", {"Origin": "http://elsewhere.example"}),
    "other-port": (403, "foreign-origin", {"Origin": "http://here:8000"}),
    "sandbox": (403, "foreign-origin", {"Origin": "null"}),
    "two-keys": (400, "bad-websocket-key", {"sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ=="}),
    "two-origins": (403, "foreign-origin", {"Origin": "http://here", "origin": "http://here"}),
}


@pytest.mark.parametrize("status, reason, fields", REFUSED.values(), ids=REFUSED.keys())
def test_bad_handshakes_are_refused_in_http(raw, channel, status, reason, fields):
    """The status and the reason; then the connection goes on as it was."""
    answer = raw.ask(handshake(channel, upgrade_fields() | fields))
    assert (answer.status, answer["reason"], answer.body) == (status, reason, b"false")
    if status == 426:
        assert answer["sec-websocket-version"] == "13"
        assert (answer["upgrade"].lower(), answer["connection"].lower()) == ("websocket", "upgrade")
    assert raw.is_usable()


@pytest.mark.parametrize("version, fields", [
    ("1.0", {}),
    ("1.1", {"Upgrade": "h2c"}),
    ("1.1", {"Upgrade": None}),
])
def test_what_asks_for_no_websocket_is_a_poll(raw, channel, version, fields):
    """Upgrade is ignored in HTTP/1.0 and to what the server does not speak (RFC 9110, section
    7.8)."""
    answer = raw.ask(handshake(channel, upgrade_fields() | fields, version))
    assert (answer.status, answer["reason"]) == (401, "no-session")


def test_frames_may_follow_the_handshake_at_once(api, channel, ringo):
    """Without waiting for its answer."""
    early = text({"type": "OPEN", "session": ringo.key}) + frame(PING, b"early")
    with WebSocketConnection(api.address, channel, early) as socket:
        frames = [socket.read_frame(), socket.read_frame()]
        assert {"DIR" if read.opcode == TEXT else read.payload for read in frames} == {
            "DIR", b"early"}


# --- Bad frames ---

FRAGMENT = text("{", final=False)

# name: the code that the server closes with, and what the client sends
BAD_FRAMES = {
    "not-masked": (1002, text("{}", mask=None)),
    "not-masked-and-empty": (1002, frame(PING, mask=None)),
    "reserved-bit-1": (1002, text("{}", reserved=4)),
    "reserved-bit-2": (1002, text("{}", reserved=2)),
    "reserved-bit-3": (1002, frame(PING, reserved=1)),
    "opcode-3": (1002, frame(3, b"x")),
    "opcode-7": (1002, frame(7)),
    "opcode-11": (1002, frame(11)),
    "opcode-15": (1002, frame(15, b"x")),
    "fragmented-ping": (1002, frame(PING, b"x", final=False)),
    "fragmented-close": (1002, frame(CLOSE, b"\x03\xe8", final=False)),
    "long-ping": (1002, frame(PING, b"x" * 126)),
    "long-pong": (1002, frame(PONG, b"x" * 126)),
    "long-close": (1002, close(1000, b"x" * 124)),
    "continuation-of-nothing": (1002, frame(CONTINUATION, b"{}")),
    "fragment-of-nothing": (1002, frame(CONTINUATION, b"{", final=False)),
    "continuation-after-the-end": (1002, FRAGMENT + frame(CONTINUATION, b"}") +
                                   frame(CONTINUATION, b"}")),
    "text-within-a-message": (1002, FRAGMENT + text("{}")),
    "beginning-within-a-message": (1002, FRAGMENT + FRAGMENT),
    "length-in-two-bytes": (1002, frame(TEXT, b"{}", length=b"\x7e\0\x02")),
    "length-in-eight-bytes": (1002, frame(TEXT, b"{}", length=b"\x7f" + bytes(7) + b"\x02")),
    "length-beyond-63-bits": (1002, frame(TEXT, length=b"\x7f\x80" + bytes(7))),
    "binary": (1003, frame(BINARY, b"{}")),
    "fragment-of-binary": (1003, frame(BINARY, b"{", final=False)),
    "stray-continuation-byte": (1007, text(b"\x80")),
    "overlong": (1007, text(b"\xc0\x80")),
    "surrogate": (1007, text(b"\xed\xa0\x80")),
    "beyond-unicode": (1007, text(b"\xf4\x90\x80\x80")),
    "latin-1": (1007, text("\u00e9".encode("latin-1"))),
    "ends-within-a-character": (1007, text(b"a\xf0\x9f\x90")),
    "bad-text-in-fragments": (1007, text(b"\xce\xba\xed", final=False) +
                              frame(CONTINUATION, b"\xa0\x80", final=False)),
    "too-long": (1009, frame(TEXT, length=b"\x7f" + (MOST_BYTES + 1).to_bytes(8, "big"))),
    "far-too-long": (1009, frame(TEXT, length=b"\x7f\x7f" + b"\xff" * 7)),
    "too-long-in-fragments": (1009, text("x" * MOST_BYTES, final=False) +
                              frame(CONTINUATION, b"x")),
    "close-of-one-byte": (1002, frame(CLOSE, b"\x03")),
    "close-with-a-bad-reason": (1007, close(1000, b"\xff")),
} | {f"close-{code}": (1002, close(code))
     for code in [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535]}

bad_frames = pytest.mark.parametrize("code, data", BAD_FRAMES.values(), ids=BAD_FRAMES.keys())


@bad_frames
def test_a_bad_frame_closes_with_its_code(socket, code, data):
    """A broken frame closes with 1002, text that is not UTF-8 with 1007, a binary message with
    1003, a message over the bound with 1009."""
    socket.send(data)
    assert socket.read_close() == code


@bad_frames
def test_a_bad_frame_in_small_pieces_is_as_bad(socket, code, data):
    """However the network cuts it."""
    step = 1 if len(data) < 200 else 997
    for i in range(0, len(data), step):
        socket.send(data[i:i + step])
    assert socket.read_close() == code


@bad_frames
def test_nothing_after_a_bad_frame_is_obeyed(socket, ringo, code, data):
    """What was asked before it is done, what stands behind it is not read."""
    socket.open(ringo)
    before = text({"type": "POST", "channel": ringo.channel, "body": "before"})
    after = text({"type": "POST", "channel": ringo.channel, "body": "after"})
    socket.send(before + data + after)
    assert socket.read_close() == code
    assert ringo.posted("last") == 2
    assert ringo.drain() == [(1, "before"), (2, "last")]


def test_a_bad_socket_harms_no_other(api, channel, ringo, socket):
    with WebSocketConnection(api.address, channel) as bad:
        socket.open(ringo)
        bad.open(ringo)
        bad.send(frame(TEXT, b"\xff"))
        assert bad.read_close() == 1007
        ringo.posted("hello")
        assert socket.read_json()["body"] == "hello"


# --- Good frames ---


def test_pings_are_answered_with_what_they_had(socket):
    """In their order, also between the fragments of a message."""
    socket.send(frame(PING) + frame(PING, b"\xff\0" * 62) + FRAGMENT + frame(PING, b"3"))
    assert [socket.read_until(PONG).payload for _ in range(3)] == [b"", b"\xff\0" * 62, b"3"]


def test_a_pong_is_nothing(socket):
    socket.send(frame(PONG, b"unasked") + frame(PING, b"x"))
    assert socket.read_frame().payload == b"x"


@pytest.mark.parametrize("size", [1, 2, 7, 40])
def test_a_message_in_fragments_is_one(socket, ringo, size):
    """Cut anywhere, within characters too, with pings between."""
    socket.open(ringo)
    body = "κόσμε 🐙" * 3
    whole = ('{"type":"POST","ref":7,"body":"' + body + '"}').encode()
    pieces = [whole[i:i + size] for i in range(0, len(whole), size)]
    socket.send(text(pieces[0], final=False))
    for piece in pieces[1:]:
        socket.send(frame(PING) + frame(CONTINUATION, b"", final=False) +
                    frame(CONTINUATION, piece, final=False))
    socket.send(frame(CONTINUATION))
    answers = [socket.read_json(), socket.read_json()]
    assert {"type": "POSTED", "channel": ringo.channel, "seqnr": 1, "ref": 7} in answers
    assert ringo.drain() == [(1, body)]


def test_a_post_byte_by_byte(socket, ringo):
    socket.open(ringo)
    for byte in text({"type": "POST", "body": "slowly"}):
        socket.send(bytes([byte]))
    assert {socket.read_json()["type"], socket.read_json()["type"]} == {"MSG", "POSTED"}
    assert ringo.drain() == [(1, "slowly")]


def test_the_longest_text_may_be_escaped(socket, ringo):
    """A message has at most max_message * 6 + 4 KiB: each byte of a text may be \\u00XX."""
    socket.open(ringo)
    socket.send(text('{"type":"POST","body":"' + "\\u0001" * MAX_MESSAGE + '"}'))
    assert {socket.read_json()["type"], socket.read_json()["type"]} == {"MSG", "POSTED"}
    assert ringo.drain() == [(1, "\x01" * MAX_MESSAGE)]


def test_the_longest_message_is_read(socket):
    """Told by its header alone: one byte more is 1009, this is an object without a type."""
    message = "{}" + " " * (MOST_BYTES - 2)
    socket.send(text(message))
    assert socket.read_json()["reason"] == "bad-frame"
    socket.send(text(message + " "))
    assert socket.read_close() == 1009


def test_who_sends_and_does_not_read_is_not_read_from(socket):
    """Pongs are kept for it, but not without bound; when it reads, it goes on."""
    ping = frame(PING, b"x" * 125)
    sent = socket.send_until_stuck(ping * 500, most=MORE_THAN_FITS_BYTES)
    assert sent < MORE_THAN_FITS_BYTES
    for _ in range(sent // len(ping)):
        assert socket.read_frame().opcode == PONG
    rest = -sent % len(ping)
    socket.send((ping[-rest:] if rest else b"") + frame(PING, b"last"))
    while (pong := socket.read_frame()).payload != b"last":
        assert pong.opcode == PONG


# --- The end ---


@pytest.mark.parametrize("code", [1000, 1001, 1003, 1007, 1011, 1012, 1014, 3000, 3999, 4000, 4999])
def test_a_close_is_answered_with_its_code(socket, code):
    socket.send(close(code, "bye — bye".encode()))
    assert socket.read_close() == code


def test_a_close_without_a_code_is_answered_with_none(socket):
    socket.send(frame(CLOSE))
    assert socket.read_close() is None


def test_a_close_may_come_within_a_message(socket):
    socket.send(FRAGMENT + close(1000))
    assert socket.read_close() == 1000


def test_who_just_goes_leaves_nothing_behind(api, channel, ringo):
    """Without a close frame: a session may have 16 streams, and each of these is free again."""
    def opens():
        with WebSocketConnection(api.address, channel) as socket:
            socket.send_json({"type": "OPEN", "session": ringo.key})
            return socket.read_json()["type"] == "DIR"

    for _ in range(40):
        wait_until(opens)


# --- Time ---


def test_a_socket_that_opens_nothing_is_closed(socket):
    """A socket that has opened nothing within 10 s is closed (1008)."""
    socket.send(frame(PING))  # which is not to open something
    socket.be_patient(A_WHILE_S)
    assert socket.read_close() == 1008


def test_how_long_a_socket_may_open_nothing_is_a_setting(start_server):
    """The one for a request's head."""
    api = start_server(limits={"header_timeout": "1s"}).api
    with WebSocketConnection(api.address, "octopus") as socket:
        socket.be_patient(8)  # sooner than without the setting
        assert socket.read_close() == 1008


def test_a_silent_socket_is_pinged(socket, ringo):
    """The server pings when nothing was sent for 15 s, and goes on when it is answered."""
    socket.open(ringo)
    socket.be_patient(A_WHILE_S)
    ping = socket.read_until(PING)
    socket.send(frame(PONG, ping.payload) + frame(PING, b"there"))
    assert socket.read_until(PONG).payload == b"there"


# --- What is in a text ---

# name: the reason, and the text
BAD_TEXTS = {
    "empty": ("bad-frame", ""),
    "no-json": ("bad-frame", "hello"),
    "no-object": ("bad-frame", '"OPEN"'),
    "an-array": ("bad-frame", '[{"type":"CLOSE"}]'),
    "two-objects": ("bad-frame", '{"type":"CLOSE"}{"type":"CLOSE"}'),
    "no-type": ("bad-frame", "{}"),
    "unknown-type": ("bad-frame", '{"type":"JOIN"}'),
    "type-in-small": ("bad-frame", '{"type":"open"}'),
    "type-is-a-number": ("bad-frame", '{"type":1}'),
    "too-deep": ("bad-frame", '{"type":"CLOSE","a":' + "[" * 8 + "]" * 8 + "}"),
    "session-is-a-number": ("bad-frame", '{"type":"OPEN","session":1}'),
    "channel-is-a-number": ("bad-frame", '{"type":"OPEN","channel":1}'),
    "no-body": ("bad-frame", '{"type":"POST"}'),
    "body-is-a-number": ("bad-frame", '{"type":"POST","body":1}'),
    "key-is-a-number": ("bad-frame", '{"type":"POST","body":"x","key":1}'),
    "origin-is-a-list": ("bad-frame", '{"type":"POST","body":"x","origin":[]}'),
    "from-is-text": ("bad-seqnr", '{"type":"OPEN","from":"1"}'),
    "from-is-negative": ("bad-seqnr", '{"type":"OPEN","from":-1}'),
    "from-is-half": ("bad-seqnr", '{"type":"OPEN","from":1.5}'),
    "from-is-too-large": ("bad-seqnr", '{"type":"OPEN","from":9223372036854775808}'),
    "ref-is-a-list": ("bad-frame", '{"type":"CLOSE","ref":[1]}'),
    "ref-is-too-long": ("bad-frame", '{"type":"CLOSE","ref":"' + "x" * 65 + '"}'),
    "lone-surrogate": ("bad-frame", '{"type":"POST","body":"\\ud800"}'),
}


@pytest.mark.parametrize("reason, message", BAD_TEXTS.values(), ids=BAD_TEXTS.keys())
def test_a_text_that_means_nothing_is_an_error_and_no_end(socket, reason, message):
    """A frame that could not be obeyed: ERROR, with what was wrong; the socket goes on."""
    socket.send(text(message))
    error = socket.read_json()
    assert (error["type"], error["status"], error["reason"]) == ("ERROR", 400, reason)
    assert error["detail"]
    socket.send(frame(PING, b"still here"))
    assert socket.read_frame().payload == b"still here"


@pytest.mark.parametrize("ref", ["7", "-1.5", "18446744073709551616", '"a"', '"' + "x" * 64 + '"'])
def test_a_ref_comes_back_as_it_was(socket, ref):
    """ref, a number or a string of at most 64 bytes, is the client's own and comes back."""
    socket.send(text('{"type":"DANCE","ref":' + ref + "}"))
    assert socket.read_until(TEXT).payload.endswith(b'"ref":' + ref.encode() + b"}")
