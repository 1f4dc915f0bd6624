"""How each failure that the description for machines has is got from a server: functions of a good
request, as openapi_answers.py has them."""

import socket

from .api import PATIENCE_S, unique
from .openapi_document import operations
from .openapi_requests import good_request
from .openapi_successes import upgraded
from .raw_connection import RawConnection
from .waiting import at_once, wait_until


def changed(change):
    """A request that is good but for this."""
    return lambda good, api, servers: change(good(api)).send_to(api)


def on(change=lambda request: request, **settings):
    """... or good elsewhere, but not on a server with these settings."""
    def get(good, api, servers):
        there = servers.api(**settings)
        return change(good(there)).send_to(there)
    return get


def in_channel(name):
    return lambda request: request.to(request.channel, name)


def repeated(good, api, servers):
    request = good(api)
    request.send_to(api)
    return request.send_to(api)


def key_reused(request):
    request.member.posted("something else", {"Idempotency-Key": "k"})
    return request.with_fields(("Idempotency-Key", "k"))


def of_another_channel(request):
    stranger = request.member.api.member(unique(), "ringo")
    return request.without("session").with_fields(("session", stranger.key))


def where_one_is_enough(**settings):
    """On a server that has the one channel, or session, that it may have."""
    def get(good, api, servers):
        there = servers.api(**settings)
        there.join("octopus", "ringo")
        return good(there).send_to(there)
    return get


def too_many_joins(good, api, servers):
    there = servers.api(limits={"loopback": True, "joins_per_second": 1})
    return wait_until(lambda: (answer := good(there).send_to(there)).status == 429 and answer,
                      interval_s=0)


def too_many_posts(good, api, servers):
    limits = {"loopback": True, "joins_per_second": 0, "posts_per_second": 1, "posts_burst": 1}
    there = servers.api(limits=limits)
    request = good(there)
    return wait_until(lambda: (answer := request.send_to(there)).status == 429 and answer,
                      interval_s=0)


def too_many_connections(good, api, servers):
    limits = {"loopback": True, "joins_per_second": 0, "posts_per_second": 0,
              "connections_per_address": 4}
    there = servers.api(limits=limits)
    request, held = good(there), []
    try:
        for _ in range(5):
            held.append(RawConnection(there.address))
            answer = held[-1].ask(request.raw(), request.method)
            if answer.status == 429:
                return answer
    finally:
        for raw in held:  # the server shall know before somebody else wants to be served
            raw.finish_sending()
            raw.is_closed_by_server()
            raw.__exit__()
    raise AssertionError("all were served")


def impatient(address):
    """A connection that takes little before it is read from."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.settimeout(PATIENCE_S)
    connection.connect(address)
    return RawConnection(address, connection)


def too_many_polls(good, api, servers):
    """One poll's answer is not taken, so those after it wait, and at last may not."""
    there = servers.api(limits={"max_message": 500_000})
    request = good(there)
    for _ in range(5):
        request.member.posted("\x01" * 480_000)  # six times as long in JSON: beyond what is buffered
    poll, waiting = request.raw(), []
    with impatient(there.address) as stuck:
        stuck.send(poll.replace(b"/events", b"/events?from=1") + poll * 4)
        try:
            for _ in range(100):
                waiting.append(impatient(there.address))
                waiting[-1].send(poll)
                if waiting[-1].has_answer_within(0.05):
                    answer = waiting[-1].read_answer()
                    if answer.status == 429:
                        return answer
        finally:
            for raw in waiting:
                raw.__exit__()
    raise AssertionError("all may wait")


def too_many_streams(good, api, servers):
    request, held = good(api).with_fields(("Accept", "text/event-stream")), []
    try:
        for _ in range(17):
            held.append(RawConnection(api.address))
            held[-1].send(request.raw())
            assert held[-1].has_answer_within(PATIENCE_S)
        return held[-1].read_answer()
    finally:
        for raw in held:
            raw.__exit__()


def unfinished(api, path, method, reason):
    """What comes when a request was begun and goes no further."""
    request = good_request(api, path, method).with_body(b"").with_fields(("Content-Length", "5"))
    text = request.head() if reason == "head-timeout" else request.head() + "\r\n"
    with RawConnection(api.address) as raw:
        return raw.ask(text.encode())


def timed_out(reason, path, method):
    """All operations at a time, for each takes as long as its timeout."""
    def get(good, api, servers):
        if reason not in servers.kept:
            there = servers.api(limits={"header_timeout": "1s", "body_timeout": "1s"})
            asked = [(p, m) for p, m, _ in operations() if m != "options"]
            got = at_once([lambda it=it: unfinished(there, *it, reason) for it in asked],
                          threads=len(asked))
            servers.kept[reason] = dict(zip(asked, got))
        return servers.kept[reason][path, method]
    return get


def damaged(good, api, servers):
    """A bit of the store is flipped while the server is away."""
    server = servers.start()
    request, text = good(server.api), unique("damaged")
    request.member.posted(text)
    server.stop()
    server.flip_in_store(text.encode())
    server.start()
    return request.to("/events", "/events?from=1").send_to(server.api)


def without_index(good, api, servers):
    """Where the index belongs there is a folder, which is not empty."""
    server = servers.start()
    request = good(server.api)
    server.stop()
    server.put_in_place_of_index()
    server.start()
    return request.to(request.target, f"{request.target}?q=hell").send_to(server.api)


def too_many_searches(good, api, servers):
    """They come while the server is paused, so that it has them all in one turn of its loop."""
    server = servers.start()
    request = good(server.api)
    asked = request.to(request.target, f"{request.target}?q=hell").raw()
    held = [RawConnection(server.api.address) for _ in range(400)]
    try:
        for raw in held:  # accepted, each of them
            raw.ask(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
        server.pause()
        for raw in held:
            raw.send(asked)
        server.go_on()
        got = [raw.read_answer() for raw in held]
    finally:
        for raw in held:
            raw.__exit__()
    assert {answer.status for answer in got} == {200, 503}
    return next(answer for answer in got if answer.status == 503)


FAILURES = {
    "bad-request": changed(lambda r: r.without("Host")),
    "bad-name": changed(in_channel("a%20b")),
    "bad-seqnr": changed(lambda r: r.to(r.channel, f"{r.channel}/{'9' * 20}")),
    "bad-number": changed(lambda r: r.to(r.target, f"{r.target}?limit=x")),
    "bad-upgrade": upgraded(Connection="keep-alive"),
    "bad-websocket-key": upgraded(Sec_WebSocket_Key="x"),
    "bad-query": changed(lambda r: r.to(r.target, f"{r.target}?q=%22")),
    "bad-idempotency-key": changed(lambda r: r.with_fields(("Idempotency-Key", ""))),
    "bad-origin": changed(lambda r: r.with_fields(("origin", "a b"))),
    "bad-json": changed(lambda r: r.with_fields(("Content-Type", "application/json"))),
    "empty-text": changed(lambda r: r.with_body(b"")),
    "nul-in-text": changed(lambda r: r.with_body(b"a\0b")),
    "bad-utf8": changed(lambda r: r.with_body(b"\xff")),
    "no-session": changed(lambda r: r.without("session")),
    "channel-refused": where_one_is_enough(max_channels=1),
    "other-channel": changed(of_another_channel),
    "foreign-source": changed(lambda r: r.with_fields(("source", "paul"))),
    "foreign-origin": upgraded(Origin="https://evil.example"),
    "not-public": on(public_list="false"),
    "no-channel": changed(lambda r: r.to(r.channel, unique())),
    "name-taken": repeated,
    "length-required": changed(lambda r: r.with_body(None)),
    "too-long": changed(lambda r: r.with_body(b"").with_fields(("Content-Length", "1000000"))),
    "target-too-long": changed(lambda r: r.to(r.target, f"{r.target}?{'a' * 5000}")),
    "content-encoding": changed(lambda r: r.with_fields(("Content-Encoding", "gzip"))),
    "media-type": changed(lambda r: r.with_fields(("Content-Type", "multipart/form-data"))),
    "expectation": changed(lambda r: r.with_fields(("Expect", "tea"))),
    "key-reused": changed(key_reused),
    "websocket-version": upgraded(Sec_WebSocket_Version="8"),
    "too-many-joins": too_many_joins,
    "too-many-posts": too_many_posts,
    "too-many-polls": too_many_polls,
    "too-many-streams": too_many_streams,
    "too-many-connections": too_many_connections,
    "head-too-large": changed(lambda r: r.with_fields(("X-A", "a" * 17_000))),
    "too-many-fields": changed(lambda r: r.with_fields(*[("X-A", "a")] * 70)),
    "damaged-history": damaged,
    "no-search": without_index,
    "search-busy": too_many_searches,
    "transfer-encoding": changed(
        lambda r: r.with_body(None).with_fields(("Transfer-Encoding", "gzip"))),
    "full": where_one_is_enough(limits={"max_sessions": 1}),
    "http-version": changed(lambda r: setattr(r, "version", "HTTP/2.0") or r),
}
