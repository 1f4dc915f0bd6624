"""How each kind of success that the description for machines has is got from a server: functions of
a good request, as openapi_answers.py has them."""

from .api import PATIENCE_S
from .raw_connection import RawConnection
from .waiting import at_once

EVENTS, MESSAGES = "/chats/{channel}/events", "/chats/{channel}/messages"


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
