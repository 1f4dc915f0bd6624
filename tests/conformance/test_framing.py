"""Requests that cannot be framed: the exact answer, and then the connection is closed."""

import pytest

from .bad_requests import BAD_REQUESTS, BadRequest, GOOD, PUT, SESSION
from .raw_connection import RawConnection


def filled(member, request):
    """The request for this member's channel and key."""
    return BadRequest("", 0, request).bytes_for(member.channel, member.key)


def ask(raw, member, request):
    return raw.ask(filled(member, request))


@pytest.mark.parametrize("bad", BAD_REQUESTS, ids=lambda bad: bad.name)
def test_what_cannot_be_framed_is_answered_and_the_connection_closed(raw, ringo, bad):
    """The framing rows of the table of bad input: this status, then the connection closes."""
    raw.send(filled(ringo, bad.request))
    answer = raw.read_answer()
    assert answer.status == bad.status
    assert raw.is_closed_by_server()


@pytest.mark.parametrize("bad", BAD_REQUESTS, ids=lambda bad: bad.name)
def test_nothing_of_what_cannot_be_framed_is_posted(raw, ringo, bad):
    """No message comes of it, nor of what follows it on the connection."""
    raw.send(filled(ringo, bad.request + GOOD + "\r\nbad"))
    raw.read_answer()
    assert raw.is_closed_by_server()
    assert ringo.posted("first") == 1


@pytest.mark.parametrize("bad", BAD_REQUESTS, ids=lambda bad: bad.name)
def test_a_framing_answer_has_the_common_headers(raw, ringo, bad):
    """Every answer carries yallchat: 1 and Cache-Control: no-store; this one also says that it is
    the last."""
    raw.send(filled(ringo, bad.request))
    answer = raw.read_answer()
    assert (answer["yallchat"], answer["cache-control"]) == ("1", "no-store")
    assert answer["connection"].lower() == "close"
    assert (answer.body, bool(answer["reason"])) == (b"false", True)


def test_the_same_request_without_a_fault_is_good(raw, ringo):
    """The requests of the table are bad only by what their names say."""
    assert ask(raw, ringo, GOOD + "\r\nhi!").status == 200
    assert raw.is_usable()


def test_64_fields_are_not_too_many(raw, ringo):
    """More than 64 fields are refused, 64 are not."""
    fields = "".join(f"X-{n}: a\r\n" for n in range(61))
    assert ask(raw, ringo, GOOD + fields + "\r\nhi!").status == 200


def test_a_target_of_4_kib_is_not_too_long(raw):
    """More than 4 KiB are refused, 4 KiB are not."""
    target = "/" + "a" * 4095
    assert raw.ask(f"GET {target} HTTP/1.1\r\nHost: here\r\n\r\n".encode()).status == 404
    assert raw.is_usable()


def test_a_large_body_is_refused_before_it_is_read(raw, ringo):
    """413, before reading it: the answer needs no byte of the body."""
    answer = ask(raw, ringo, PUT + SESSION + "Content-Length: 16385\r\n\r\n")
    assert answer.status == 413
    assert raw.is_closed_by_server()


def test_a_large_body_is_not_asked_for(raw, ringo):
    """Where the client waits for 100 Continue, a large body is refused instead."""
    head = PUT + SESSION + "Content-Length: 16385\r\nExpect: 100-continue\r\n\r\n"
    assert ask(raw, ringo, head).status == 413
    assert raw.is_closed_by_server()


def test_a_body_far_too_large_is_answered_though_the_client_goes_on_sending(raw, ringo):
    """The answer is not eaten by a reset while the client is still sending."""
    request = PUT + SESSION + "Content-Length: 49152\r\n\r\n" + "a" * 49152
    assert ask(raw, ringo, request).status == 413


# name: status, and a request after whose answer the connection goes on
USABLE = {
    "unknown-path": (404, "PUT /nothing HTTP/1.1\r\n" + SESSION + "Content-Length: 3\r\n\r\nhi!"),
    "wrong-method": (405, "DELETE /chats/@C/events HTTP/1.1\r\n" + SESSION + "\r\n"),
    "wrong-method-and-body": (405, "PUT /chats/@C/events HTTP/1.1\r\n" + SESSION +
                              "Content-Length: 3\r\n\r\nhi!"),
    "unknown-method": (501, "BREW /chats/@C/events HTTP/1.1\r\n" + SESSION + "\r\n"),
    "one-of-two-expectations": (417, "GET /chats/@C/directory HTTP/1.1\r\n" + SESSION +
                                "Expect: 100-continue\r\nExpect: tea\r\n\r\n"),
    "one-of-two-content-encodings": (415, GOOD + "Content-Encoding: identity\r\n"
                                     "Content-Encoding: br\r\n\r\nhi!"),
    "one-of-two-content-types": (415, GOOD + "Content-Type: text/plain\r\n"
                                 "Content-Type: multipart/mixed\r\n\r\nhi!"),
    "expectation": (417, "GET /chats/@C/directory HTTP/1.1\r\n" + SESSION + "Expect: tea\r\n\r\n"),
    "no-length": (411, PUT + SESSION + "\r\n"),
    "content-encoding": (415, GOOD + "Content-Encoding: br\r\n\r\nhi!"),
    "multipart": (415, GOOD + "Content-Type: multipart/form-data; boundary=x\r\n\r\nhi!"),
    "empty-text": (400, PUT + SESSION + "Content-Length: 0\r\n\r\n"),
    "empty-chunks": (400, PUT + SESSION + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
    "nul-in-text": (400, GOOD + "\r\nh\0!"),
    "no-utf8": (400, GOOD + "\r\nh\xff!"),
    "bad-json": (400, GOOD + "Content-Type: application/json\r\n\r\nhi!"),
    "bad-name": (400, "PUT /chats/@C/join/a%2Cb HTTP/1.1\r\n" + SESSION + "\r\n"),
    "bad-number": (400, "GET /chats/@C/events?from=x HTTP/1.1\r\n" + SESSION + "\r\n"),
    "no-session": (401, "GET /chats/@C/events HTTP/1.1\r\nHost: here\r\n\r\n"),
    "no-session-and-body": (401, PUT + "Host: here\r\nContent-Length: 3\r\n\r\nhi!"),
    "unknown-channel": (404, "GET /chats/@Cx/events HTTP/1.1\r\n" + SESSION + "\r\n"),
    "foreign-source": (403, GOOD + "source: paul\r\n\r\nhi!"),
    "name-taken": (409, "PUT /chats/@C/join/ringo HTTP/1.1\r\nHost: here\r\n\r\n"),
}


@pytest.mark.parametrize("status, request_", USABLE.values(), ids=USABLE.keys())
def test_after_other_failures_the_connection_goes_on(raw, ringo, status, request_):
    """What is framed well but refused leaves the connection usable."""
    assert ask(raw, ringo, request_).status == status
    assert ask(raw, ringo, GOOD + "\r\nhi!").status == 200
    assert raw.is_usable()


def test_an_answer_is_for_its_own_connection_only(api, ringo):
    """A connection that is closed for bad framing does not end another one."""
    with RawConnection(api.address) as good, RawConnection(api.address) as bad:
        assert good.is_usable()
        bad.send(filled(ringo, BAD_REQUESTS[0].request))
        assert bad.read_answer().status == 400
        assert good.is_usable()
