"""Pages of other origins: an exact list says which may use the API."""

import pytest

from .api import PATIENCE_S, unique
from .raw_connection import RawConnection

LISTED = "https://chat.example"
OUR_HEADERS = {"yallchat", "session", "type", "seqnr", "source", "date-sent", "origin",
               "first-seqnr", "reason", "detail", "etag", "link", "retry-after", "allow"}
# What a page sends; whatever a browser may not be told to send needs no leave.
ASKED_HEADERS = {"session", "seqnr", "source", "idempotency-key", "content-type", "accept",
                 "last-event-id", "if-none-match"}


@pytest.fixture(scope="module")
def server(request, tmp_path_factory):
    if request.config.getoption("--url", None):
        pytest.skip("needs a server of its own")
    from .server_process import ServerProcess
    server = ServerProcess(tmp_path_factory.mktemp("cors"), cors_origins=LISTED)
    yield server.api
    server.stop()


def words(header):
    return {word.strip().lower() for word in (header or "").split(",")}


def cors_headers(answer):
    return [name for name in answer.headers if name.lower().startswith("access-control-")]


def every_kind_of_answer(api, origin):
    """Success, nothing, failure, and what is answered before the request is whole."""
    headers = {"Origin": origin}
    ringo = api.member(unique(), "ringo", headers=headers)
    with RawConnection(api.address) as raw:
        raw.send(b"PUT %s HTTP/1.1\r\nHost: here\r\nOrigin: %s\r\nContent-Length: 99999\r\n\r\n"
                 % (ringo.path("messages").encode(), origin.encode()))
        too_long = raw.read_answer()
    assert too_long.status == 413
    return [ringo.joined, ringo.post("x", headers), ringo.poll(headers=headers),
            ringo.poll(headers=headers), ringo.directory(headers),
            api.call("GET", "/chats", headers=headers), api.call("GET", "/no", headers=headers),
            api.call("GET", ringo.path("events"), headers=headers),
            api.call("OPTIONS", ringo.path("events"), headers=headers)], too_long


def test_answers_to_a_listed_origin_say_so_and_what_may_be_read(server):
    answers, too_long = every_kind_of_answer(server, LISTED)
    for answer in answers:
        assert answer["Access-Control-Allow-Origin"] == LISTED
        assert words(answer["Vary"]) == {"accept", "origin"}
        assert OUR_HEADERS <= words(answer["Access-Control-Expose-Headers"])
        assert answer["Access-Control-Allow-Credentials"] is None
    assert too_long["access-control-allow-origin"] == LISTED


@pytest.mark.parametrize("origin", [
    "http://chat.example", "https://chat.example:8443", "https://chat.example.evil",
    "https://evil.example", "https://CHAT.example", "null", "*"])
def test_an_origin_that_is_not_listed_gets_no_such_header(server, origin):
    for answer in every_kind_of_answer(server, origin)[0]:
        assert cors_headers(answer) == []
        assert words(answer["Vary"]) == {"accept"}


def test_a_request_without_an_origin_gets_no_such_header(server):
    assert cors_headers(server.call("GET", "/chats")) == []


@pytest.mark.parametrize("origin", [LISTED, "null"])
def test_by_default_no_origin_is_listed(api, origin):
    preflight = {"Origin": origin, "Access-Control-Request-Method": "PUT"}
    assert cors_headers(api.call("GET", "/", headers={"Origin": origin})) == []
    assert cors_headers(api.call("OPTIONS", "/chats/octopus/messages", headers=preflight)) == []


@pytest.mark.parametrize("path, method", [("join/ringo", "PUT"), ("messages", "POST"),
                                          ("messages", "PUT"), ("events", "GET"),
                                          ("directory", "HEAD")])
def test_a_preflight_is_told_what_is_allowed(server, path, method):
    """What a browser asks before it sends a page's request, without the page's key."""
    answer = server.call("OPTIONS", f"/chats/octopus/{path}", headers={
        "Origin": LISTED, "Access-Control-Request-Method": method,
        "Access-Control-Request-Headers": ",".join(sorted(ASKED_HEADERS))})
    assert (answer.status, answer.body) == (204, b"")
    assert answer["Access-Control-Allow-Origin"] == LISTED
    assert method.lower() in words(answer["Access-Control-Allow-Methods"])
    assert ASKED_HEADERS <= words(answer["Access-Control-Allow-Headers"])
    assert int(answer["Access-Control-Max-Age"]) > 0
    assert answer["Access-Control-Allow-Credentials"] is None
    assert method in answer["Allow"]


def test_a_preflight_of_another_origin_is_told_nothing(server):
    answer = server.call("OPTIONS", "/chats/octopus/messages", headers={
        "Origin": "https://evil.example", "Access-Control-Request-Method": "PUT"})
    assert answer.status == 204
    assert cors_headers(answer) == []


@pytest.mark.parametrize("origin", [LISTED, "https://evil.example", "null",
                                    "https://" + "a" * 2000 + ".example"])
def test_the_origin_of_a_page_is_not_kept_as_that_of_a_bridge(api, ringo, origin):
    """On a post a browser's Origin and a bridge's origin have one name."""
    assert ringo.post("hello", {"Origin": origin}).status == 200
    event, = api.call("GET", ringo.path("messages"), ringo.key).json()["events"]
    assert "origin" not in event


def test_the_origin_of_a_bridge_is_kept(api, ringo):
    ringo.posted("hello", {"origin": "server1/octopus/83,server2/zebra/7"})
    event, = api.call("GET", ringo.path("messages"), ringo.key).json()["events"]
    assert event["origin"] == "server1/octopus/83,server2/zebra/7"


def test_an_origin_that_is_neither_is_400(ringo):
    for origin in ("a b", "a" * 1025):
        answer = ringo.post("hello", {"origin": origin})
        assert (answer.status, answer["reason"]) == (400, "bad-origin")


def test_a_stream_may_be_read_by_pages_of_a_listed_origin(server):
    ringo = server.member(unique(), "ringo")
    with RawConnection(server.address) as raw:
        raw.send(f"GET {ringo.path('events')} HTTP/1.1\r\nHost: here\r\nsession: {ringo.key}\r\n"
                 f"Accept: text/event-stream\r\nOrigin: {LISTED}\r\n\r\n".encode())
        assert raw.has_answer_within(PATIENCE_S)
        ringo.leave()
        answer = raw.read_answer()
    assert (answer.status, answer["content-type"]) == (200, "text/event-stream")
    assert answer["access-control-allow-origin"] == LISTED


@pytest.mark.parametrize("origin, status", [(LISTED, 101), ("https://evil.example", 403)])
def test_a_websocket_may_be_opened_by_pages_of_a_listed_origin(server, origin, status):
    """A browser asks no leave for one, so the server looks at where it comes from."""
    with RawConnection(server.address) as raw:
        answer = raw.ask(b"GET /chats/octopus/events HTTP/1.1\r\nHost: here\r\n"
                         b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                         b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: %s\r\n\r\n"
                         % origin.encode())
        assert answer.status == status
