"""How each answer of the description for machines is got from a server.

A case is made from a good request of the operation, by what makes it the wrong one: a function of
the request that changes it, or one that gets the answer from a server in a state of its own.
"""

import json
import re
import socket
from dataclasses import dataclass

from .api import PATIENCE_S, unique
from .openapi_document import operations, reasons, resolve
from .openapi_requests import good_request
from .raw_connection import RawConnection
from .server_process import REPOSITORY
from .waiting import at_once, wait_until

EVENTS, MESSAGES = "/chats/{channel}/events", "/chats/{channel}/messages"

# Why no request brings these about.
NOT_ON_DEMAND = {
    "unavailable": "needs a full disk: tests/fault/test_disk_full.py",
    "outcome-unknown": "does not happen on one machine",
}

# Answered before the server knows what form of failure is wanted.
UNREAD = {"bad-request", "http-version", "target-too-long", "head-too-large", "too-many-fields",
          "transfer-encoding", "head-timeout", "body-timeout", "too-many-connections"}


@dataclass(frozen=True)
class Case:
    answer: tuple  # path, method, status, reason
    kind: str  # which of several, or the reason
    get: object

    @property
    def name(self):
        path, method, status, _ = self.answer
        return f"{method} {path} {status} {self.kind or ''}".strip()

    @property
    def reaches_the_service(self):
        return self.kind not in UNREAD

    def ask(self, api, servers, accept=None):
        path, method = self.answer[:2]

        def good(on):
            request = good_request(on, path, method)
            return request.with_fields(("Accept", accept)) if accept else request

        return self.get(good, api, servers)


def cases():
    """One for each reason of each failure of each operation, and for each kind of each success."""
    for path, method, operation in operations():
        for status, response in operation["responses"].items():
            for reason in reasons(resolve(response)):
                answer = (path, method, status, reason)
                if reason is None:
                    for kind, get in successes(path, method, status).items():
                        yield Case(answer, kind, get)
                elif reason in ("head-timeout", "body-timeout"):
                    yield Case(answer, reason, timed_out(reason, path, method))
                elif reason not in NOT_ON_DEMAND:
                    yield Case(answer, reason, FAILURES[reason])


# --- Successes ---

def plain(good, api, servers):
    return good(api).send_to(api)


def unchanged(good, api, servers):
    request = good(api)
    tag = request.send_to(api)["etag"]
    return request.with_fields(("If-None-Match", tag)).send_to(api)


def after(prepare):
    """A good request after its member has done something."""
    def get(good, api, servers):
        request = good(api)
        prepare(request.member)
        return request.send_to(api)
    return get


def with_query(query):
    def get(good, api, servers):
        request = good(api)
        request.member.posted("hello")
        request.target += query
        return request.send_to(api)
    return get


def stream(accept):
    """All of a stream, from its beginning to the leave of its member."""
    def get(good, api, servers):
        request = good(api).with_fields(("Accept", accept))
        request.member.posted("hello")
        with RawConnection(api.address) as raw:
            raw.send(request.raw())
            assert raw.has_answer_within(PATIENCE_S)
            request.member.leave()
            return raw.read_answer()
    return get


UPGRADE = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
           "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}


def upgraded(**fields):
    """A request for a WebSocket, with these fields instead."""
    instead = {name.replace("_", "-"): value for name, value in fields.items()}

    def get(good, api, servers):
        request = good(api).without("session").with_fields(
            *{**UPGRADE, **instead}.items())
        return request.send_to(api)
    return get


def gap(good, api, servers):
    api = servers.api(history=1000)
    request = good(api)
    at_once([lambda: request.member.posted("x")] * 1100, threads=16)
    return request.to("/messages", "/messages?from=1").send_to(api)


def successes(path, method, status):
    hello = after(lambda member: member.posted("hello"))
    some = {
        (EVENTS, "get", "200"): {
            "message": hello,
            "directory": after(lambda member: member.api.member(member.channel, "paul")),
            "batch": with_query("?limit=10&from=1"),
            "long-poll": with_query("?wait=1&limit=1&from=1"),
            "server-sent-events": stream("text/event-stream"),
            "ndjson": stream("application/x-ndjson")},
        (EVENTS, "get", "101"): {"101": upgraded()},
        (MESSAGES, "get", "200"): {"page": hello, "empty": plain, "gap": gap,
                                   "search": with_query("?q=hell")},
    }
    return some.get((path, method, status), {"": unchanged if status == "304" else plain})


def is_of_kind(kind, answer):
    """Where an operation has successes of several kinds, whether the answer is this one."""
    media = (answer["content-type"] or "").split("/")[-1]
    is_object = media == "json" and isinstance(answer.json(), dict)
    of_batches = is_object and {"events", "next"} == answer.json().keys() - {"first", "last"}
    return {"message": answer["type"] == "MSG", "directory": answer["type"] == "DIR",
            "batch": of_batches, "long-poll": of_batches,
            "server-sent-events": media == "event-stream", "ndjson": media == "x-ndjson",
            "search": is_object and "indexed-to" in answer.json()}.get(kind, True)


# --- Failures ---

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
        for raw in held:
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

# Answers to what is no operation.
ELSEWHERE = {
    "NotFound": lambda api: api.call("GET", "/nothing"),
    "MethodNotAllowed": lambda api: api.call("DELETE", "/chats"),
    "MethodUnknown": lambda api: api.call("BREW", "/chats"),
}


def examples():
    """The events and frames that docs/streams.md shows, with a text where it leaves one out."""
    page = (REPOSITORY / "docs/streams.md").read_text()
    shown = re.findall(r'\{"type":"[A-Z]+"[^\n`]*?\}(?=[`\n])', page)
    return [json.loads(text.replace(":KEY", ':"KEY"')) for text in shown if not re.search(r",\.\.\.[,}]", text)]
