"""Requests as bytes, ready to be sent: of HTTP and of Redis. And what is said in them."""

BODY_BYTES = 100


def body(i):
    """100 bytes of text."""
    return f"message of u{i}: ".ljust(BODY_BYTES, "x").encode()


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
