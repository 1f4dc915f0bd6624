"""Requests as bytes, ready to be sent: of HTTP and of Redis. And what is said in them."""

BODY_BYTES = 100


def body(i):
    """100 bytes of text."""
    return f"message of u{i}: ".ljust(BODY_BYTES, "x").encode()


def stamped_body(number=0):
    """100 bytes with a stamp, see load/stamp.h; the load generator writes it anew in what it posts
    itself."""
    return f"a message ^{0:016}{number:08}$ ".ljust(BODY_BYTES, "x").encode()


def http_request(method, target, body=b"", **headers):
    lines = [f"{method} {target} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if body or method != "GET":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def resp_request(*arguments):
    parts = [b"*%d\r\n" % len(arguments)]
    for argument in arguments:
        argument = argument if isinstance(argument, bytes) else str(argument).encode()
        parts.append(b"$%d\r\n%s\r\n" % (len(argument), argument))
    return b"".join(parts)


def websocket_request(target):
    return http_request("GET", target, Upgrade="websocket", Connection="Upgrade",
                        Sec_WebSocket_Key="eWFsbGNoYXRkIGJlbmNoIQ==", Sec_WebSocket_Version=13)


def websocket_text(text):
    """A client's frame. It is masked with zeros, which leaves the text as it is."""
    payload = text.encode()
    assert len(payload) < 2**16
    length = (bytes([0x80 | len(payload)]) if len(payload) < 126
              else bytes([0x80 | 126]) + len(payload).to_bytes(2, "big"))
    return b"\x81" + length + bytes(4) + payload
