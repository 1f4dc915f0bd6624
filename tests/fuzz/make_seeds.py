"""Writes the seeds of the fuzzers: make_seeds.py [FOLDER], by default build/fuzz/seeds.

Requests and names are those of the conformance tests, the table of bad input among them; the rest
stands here. What they lead to is in corpus/, minimized; these are needed again only when a target
is new or its input has changed.
"""

import json
import pathlib
import sys

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS))

from conformance.bad_requests import BAD_REQUESTS  # noqa: E402
from conformance.test_names import ALLOWED, FORBIDDEN_SEGMENTS, SAME_USER  # noqa: E402

KEY = "qL8R4QIcQ_ZsRqOAbeRfcZhilN_MksRtDaErMA-x5lA"  # of no server


def field(tag, value):
    """A field of protobuf's wire form: a number as a varint, bytes with their length."""
    if isinstance(value, int):
        return varint(tag << 3) + varint(value)
    return varint(tag << 3 | 2) + varint(len(value)) + value


def varint(number):
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def entry(*commands, version=1):
    return field(1, version) + b"".join(field(2, command) for command in commands)


def requests():
    for bad in BAD_REQUESTS:
        if len(bad.request) < 4000:  # the others are made of the same, only longer
            yield bad.bytes_for("octopus", KEY)
    head = f"Host: here\r\nsession: {KEY}\r\n".encode()
    put = b"PUT /chats/octopus/messages HTTP/1.1\r\n" + head
    yield put + b"Content-Length: 3\r\n\r\nhey"
    yield put + b"Transfer-Encoding: Chunked\r\n\r\n2;a=b\r\nhe\r\n1 ;x=\"y\"\r\ny\r\n0\r\n\r\n"
    yield put + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\nhi"
    yield put + b"Content-Type: application/json\r\nContent-Length: 4\r\n\r\n\"hi\""
    yield put + b"Idempotency-Key: a\r\norigin: a/b/3\r\nContent-Length: 1\r\n\r\nxGET / HTTP/1.1\r\n"
    yield b"\r\nGET /chats/octopus/events?from=1&wait=2 HTTP/1.1\r\n" + head + b"seqnr: 83\r\n\r\n"
    yield b"GET http://here:8000/chats/octopus/83/events HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
    yield b"OPTIONS * HTTP/1.1\r\nHost: [::1]:8000\r\nAccept: application/problem+json\r\n\r\n"
    yield b"GET /chats/\xc3\xa9/directory HTTP/1.1\r\nHost: h\r\nsource: \xc3\xa9\r\na:\r\n\r\n"
    yield b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close, , x\r\nProxy-Connection: \"\r\n\r\n"
    yield b"GET / HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n"
    yield b"M" * 4200 + b" / HTTP/1.0\r\n\r\n"


def paths():
    for path in ["/", "", "*", "//", "/chats", "/chats/", "/chats/octopus", "/other/octopus/events",
                 "/chats/octopus/join/ringo", "/chats/octopus/join", "/chats/octopus/join//",
                 "/chats/83", "/chats/83/", "/chats//", "/chats/a%2", "/openapi.json", "/openapi.json/x",
                 "/chats/octopus/messages?from=83&limit=2",
                 "/chats/octopus/leave/", "/chats/octopus/83/events", "/chats/83/events",
                 "/chats/octopus/007/messages", "/chats/octopus/9223372036854775808/events",
                 "/chats/octopus/directory?x", "/chats//events", "/chats/%6fctopus/%64irectory",
                 "/chats/octopus/events?from=1&from=2&seqnr=%38%33", "/chats/a/events?from=&wait",
                 "/chats/a/events?from=%&seqnr=9223372036854775807"]:
        yield path.encode()
    for name in FORBIDDEN_SEGMENTS.values():
        yield f"/chats/octopus/join/{name}".encode()


def names():
    from urllib.parse import unquote_to_bytes
    for name in FORBIDDEN_SEGMENTS.values():
        yield unquote_to_bytes(name)
    for name in ALLOWED:
        yield name.encode()
    for held, same in SAME_USER.values():
        yield held.encode() + b"\n" + same.encode()
    for pair in ["user1\nuserl", "\u0130\ni\u0307", "\ufb01n\nfin", "\u0345\u03b1\n\u03b1\u03b9",
                 "\ufdfa\na", "\u013f\nl", "\u00df\nss", "\u1e9e\nSS", "m\nrn", "\u041c\nM",
                 "\u1100\u1161\u11a8\n\uac01", "e\u0323\u0302\n\u1ec7", "\u2126\n\u03c9",
                 "\U0001d4b3\nx", "\u03c3\n\u03c2"]:
        yield pair.encode()
    yield b"x" * 33
    yield b"x" * 65
    yield ("\u0e33" * 40).encode()
    yield ("a" + "\u0301" * 40).encode()


def bodies():
    yield from [b'"hello"', b'{"body":"hi"}', b'{"body":1}', b'{"a":[{"b":null}],"body":"x"}', b"[]",
                b'{"body":"a","body":"b"}', b'"\\u0000\\ud83d\\ude00\\n"', b'"\\ud800"', b'"\\udc00x"',
                b'"\xed\xa0\x80"', b'"\xc0\x80"', b"[[[[[[[[1]]]]]]]]", b"[[[[[[[[[1]]]]]]]]]",
                b"1e999", b"-0", b"true", b"nul", b'"a', b'{"body":"\xf0\x9f\x90\x99"}', b' \t"x" ',
                b'"x"y', b"\xef\xbb\xbf\"x\"", b"123456789012345678901234567890", b'"\x7f\x1f"', b""]


def entries():
    token = bytes(range(16))
    user = field(1, b"Ringo") + field(2, b"ringo") + field(3, b"ringo")
    channel = field(1, b"Octopus") + field(2, b"octopus")
    join = field(1, channel) + field(2, user) + field(3, bytes(32)) + field(4, token)
    join = join + field(5, 0) + field(6, 83)
    post = field(1, 5) + field(2, b"hello") + field(3, 3) + field(4, token) + field(5, token)
    touch = field(1, 4) + field(2, 9) + field(3, 2) + field(4, 6) + field(5, varint(83) + b"\0")
    commands = [field(1, join), field(2, field(1, 3)), field(3, post + field(6, b"a/b/3")),
                field(4, touch), field(5, field(1, 12)),
                field(6, field(1, 60) + field(2, 10) + field(4, 1000)), field(7, b"")]
    for command in commands:
        yield entry(command)
    yield entry(*commands)
    yield entry()
    yield entry(b"")
    yield entry(commands[1], version=2)
    yield entry(field(50, b"new"))
    yield entry(field(1, field(3, b"short")))
    yield entry(field(3, field(1, 2**64 - 1) + field(99, 1)))
    yield entry(field(3, post), field(3, field(2, bytes(300))))
    yield entry(field(9, field(1, b"octopus") + field(2, b"ringo")))


def logs():
    frames = bytes([0, 40] * 3)
    yield b""
    yield b"\0" + frames
    yield b"\2" + frames + bytes([8, 0]) + frames + bytes([9]) + frames + bytes([6, 200])
    yield b"\0" + frames + bytes([4, 20])
    yield b"\0" + frames + bytes([4, 20, 9]) + frames
    yield b"\0" + frames + bytes([4, 20, 0, 10])
    yield b"\0" + frames + bytes([2, 30, 9, 255])
    yield b"\0" + frames + bytes([1, 10, 1, 0])
    yield b"\0" + frames + bytes([1, 10, 0, 1])
    yield b"\0" + frames + bytes([5, 30])
    yield b"\0" + frames + bytes([3, 8]) + b"12345678"
    yield b"\0" + frames + bytes([8, 1]) + frames
    yield b"\0" + frames + bytes([8, 255]) + frames
    yield b"\0" + bytes([7, 7]) + frames + bytes([7, 0])
    yield b"\0" + frames + bytes([10, 0, 0, 16, 9, 1])
    yield b"\0" + frames + bytes([10, 0, 0, 0, 8, 2])
    yield b"\0" + frames + bytes([10, 0, 1, 16, 60])
    yield b"\0" + frames + bytes([8, 0]) + frames + bytes([10, 0, 2])
    yield b"\xff" + b"YALLLOG\n" + bytes([1]) + bytes(5000)
    yield b"\xff" + b"YALLLOG\n" + bytes([2]) + bytes(5000)


def replies():
    yield (b'200\nyallchat: 1\n\n{"events":[{"type":"GAP","from":83,"first":2001},{"type":"MSG",'
           b'"seqnr":2001,"source":"a","body":"b"}],"next":2002,"head":2412}')
    yield b'200\n\n{"channels":[{"channel":"octopus","users":2,"first":1,"head":412}]}'
    ours = "type: MSG\nseqnr: 83\nsource: Zo%C3%AB\ndate-sent: 2026-01-02T03:04:05.678Z\n\n"
    for head, body in [("200\n" + ours, '"hello"'), ("200\n" + ours, "42"), ("200\n" + ours, "[1]"),
                       ("200\ntype: DIR\n\n", '["paul","ringo"]'), ("204\n\n", ""),
                       ("200\ntype: dir\n\n", "paul, ringo\njohn"), ("200\n\n", "just text\r\n"),
                       ("200\n\n", '{"type":"MSG","seqnr":"7","source":"a","body":"b","time":"t"}'),
                       ("200\n\n", '[{"seqnr":1,"body":"a"},{"body":["x"]},{"type":"DIR","body":{}}]'),
                       ("200\n\n", "false"), ("200\n\n", '"false"'), ("200\n\n", "null"),
                       ("401\nreason: no-session\ndetail: join%20first\n\n", "false"),
                       ("429\nretry-after: 99999999999999999999\n\n", ""),
                       ("503\nretry-after: 2\n\n", '{"detail":"' + "\u00e9" * 600 + '"}'),
                       ("302\nlocation: http://elsewhere/\n\n", "<html>"),
                       ("200\n\n", '{"type":"DIR","users":["paul"]}\n\n{"type":"GAP","first":7}\n'
                        '{"type":"MSG","seqnr":7,"source":"a","body":"b"}\n{"type":"END"}\n'),
                       ("200\n\n", '{"events":[{"seqnr":7,"source":"a","body":"b","hits":[[0,1]]}],'
                        '"indexed-to":7,"next":null}'),
                       ("200\n\n", '{"body":["paul"]}'), ("200\n\n", '{"body":"paul,ringo"}')]:
        yield (head + body).encode()


def keys():
    yield from [KEY.encode(), b"A" * 43, b"A" * 42 + b"B", b"A" * 42 + b"=", b"A" * 42, b"A" * 44,
                b"A" * 42 + b"+", b"", b"_-" * 21 + b"8", KEY.encode()[:-1] + b" "]


def urls():
    for url in ["my.chat.server/chats/octopus", "http://localhost:8000/chats/octopus/83",
                "https://example.org/team/chats/octopus/", "HTTP://[::1]:1/chats/%C3%A9",
                "chats/octopus", "ftp://a/chats/b", "a:0/chats/b", "a:65536/chats/b", "a@b/chats/c",
                "a/chats/chats/1", "a/chats/b/18446744073709551616", "a/chats/b?x", "/chats/b", "[x/chats/b",
                "a/chats/\u00e9 %zz%", "a//chats//b", "a/chats/1/2", "a/chats/..", "a b/chats/c", ""]:
        yield url.encode()


def frame(first, payload=b"", mask=b"\x37\xfa\x21\x3d", length=None):
    """A masked frame; first: the final bit, the reserved ones, the opcode. length: another one."""
    masked = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))
    if length is None:
        size = len(payload)
        length = (bytes([0x80 | size]) if size < 126 else b"\xfe" + size.to_bytes(2, "big")
                  if size < 65536 else b"\xff" + size.to_bytes(8, "big"))
    return bytes([first]) + length + mask + masked


def websockets():
    clear = b"\0\0\0\0"  # a mask under which the fuzzer sees what it changes
    text = "κόσμε 🐙".encode()
    yield frame(0x81, b"Hello")
    yield frame(0x81, text, clear) + frame(0x89, b"ping", clear) + frame(0x88, b"\x03\xe8bye", clear)
    yield b"".join(frame(0x01 if i == 0 else 0x80 if i == len(text) - 1 else 0x00, text[i:i + 1], clear)
                   + frame(0x8A) for i in range(len(text)))
    yield frame(0x01, b"a") + frame(0x89, b"x" * 125) + frame(0x00) * 3 + frame(0x80, b"b")
    yield frame(0x81, b"x" * 126, clear) + frame(0x81, b"y" * 1000, clear) + frame(0x88)
    yield frame(0x01, b"x" * 999) + frame(0x80, b"yz")
    yield from [frame(0x82, b"x"), frame(0xC1, b"x"), frame(0x83, b"x"), frame(0x09), frame(0x80),
                frame(0x81, b"\xed\xa0\x80", clear), frame(0x81, b"a\xf0\x9f\x90", clear),
                frame(0x88, b"\x03"), frame(0x88, b"\x03\xed"), frame(0x88, b"\x03\xe8\xff"),
                frame(0x88, b"\x13\x87"), frame(0x81, b"x" * 126, length=b"\xff" + bytes(7) + b"\x7e"),
                frame(0x81, b"x", length=b"\xfe\0\1"), frame(0x81, length=b"\xff" + b"\xff" * 8),
                frame(0x81, length=b"\xff" + bytes(5) + b"\1\0\0"), b"\x81\x05Hello",
                frame(0x89, b"x" * 126), frame(0x01, b"a") + frame(0x81, b"b")]


def socket_requests():
    yield from [b'{"type":"OPEN","channel":"octopus","session":"' + KEY.encode() + b'","from":83}',
                b'{"type":"POST","channel":"octopus","body":"hello","key":"k1","ref":7}',
                b'{"type":"POST","body":"caf\xc3\xa9\\n","origin":"a/b/3","ref":"\\u00e9\\""}',
                b'{"type":"CLOSE","channel":"octopus"}', b'{"type":"DANCE","ref":-1.5e3}',
                b'{"type":"OPEN","from":"83"}', b'{"type":"OPEN","from":9223372036854775808}',
                b'{"type":"CLOSE","ref":[1]}', b'{"type":"POST","body":1}', b'{"type":null,"ref":null}',
                b'{"type":"CLOSE","type":"OPEN","ref":18446744073709551616}', b"[[[[[[[[[]]]]]]]]]",
                b'{"a":{"type":"OPEN","ref":1},"ref":1e400,"type":"CLOSE"} ', b'{"type":"CLOSE"}{}',
                b'{"channel":"' + b"x" * 1025 + b'","type":"CLOSE"}', b"{}", b"null", b'"OPEN"', b""]


def pressed_keys():
    yield from [b"\x1b[A\x1bOB\x1b[1;5C\x1b[3~\x1b[[B\x1b[Z\x1b1\x1b\r", b"caf\xc3\xa9 \xe6\x97\xa5\xff\t\r\x7f\x01",
                b"\x1b[200~one\r\ntwo\x1b[A\x07\xff\x1b[201~x", b"\x1b[200~no end\x1b[20", b"\x1b", b"\x1b[",
                b"\xc2\x9b31m", b"\x1b[?62;1c\x1b[99~", b"\x1b[" + b"1" * 70 + b"x", b"\x1b\x1b[5~",
                b"\xe6\x97", b"\x00\x1f"]


def screens():
    hostile = "\x1b]0;owned\x07\x9b[2J\u202eevil\rhome\x08\n\u2066x".encode()
    wide = "日本語 👩‍👩‍👧‍👦 \u2764\ufe0f🇫🇷 e\u0301 and so on".encode()
    yield b"\x4f\x17\x05" + b"\0".join([b"paul", b"hello ringo", b"typed", b"own", b"warned"] * 3)
    yield b"\x00\x00\x01" + b"\0".join([wide] * 6)
    yield b"\x27\x0a\x30" + b"\0".join([hostile] * 11)
    yield b"\x7f\x20\x02" + b"\0".join([wide, b"/me waves", wide, b"\n" * 300, b"2026-01-02T03:04:05.678Z"])
    yield b"\x05\x05\x09" + b"\0".join([b"a" + "\u0301".encode() * 40, b"\xff\xfe", b"x" * 99, b"/join", b""])


SEEDS = {"command": entries, "json": bodies, "keys": pressed_keys, "log": logs, "names": names,
         "path": paths, "reply": replies, "request": requests, "screen": screens,
         "session_key": keys, "url": urls, "websocket": websockets, "ws_request": socket_requests}


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else TESTS.parent / "build/fuzz/seeds"
    for target, seeds in SEEDS.items():
        (folder / target).mkdir(parents=True, exist_ok=True)
        for number, seed in enumerate(seeds()):
            (folder / target / f"seed-{number:03}").write_bytes(seed)
    print(json.dumps({target: len(list(seeds())) for target, seeds in SEEDS.items()}))


if __name__ == "__main__":
    main()
