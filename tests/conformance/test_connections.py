"""HTTP/1.1 and 1.0, with and without keep-alive, Expect, chunked bodies, pipelines, slow
clients."""

import pytest

from .raw_connection import RawConnection


def head(member, verb="directory", method="GET", version="1.1", fields=""):
    host = "Host: here\r\n" if version == "1.1" else ""
    return (f"{method} {member.path(verb)} HTTP/{version}\r\n{host}session: {member.key}\r\n"
            f"{fields}\r\n").encode()


def chunked(member, *chunks):
    fields = "Transfer-Encoding: chunked\r\n"
    body = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
    return head(member, "messages", "PUT", fields=fields) + body + b"0\r\n\r\n"


def test_http_1_1_keeps_the_connection(raw, ringo):
    """HTTP/1.1 with keep-alive: one connection takes many requests."""
    for _ in range(5):
        assert raw.ask(head(ringo)).json() == ["ringo"]


def test_http_1_1_without_keep_alive(raw, ringo):
    """HTTP/1.1 without keep-alive: closed after the answer when the client says so."""
    answer = raw.ask(head(ringo, fields="Connection: close\r\n"))
    assert answer.json() == ["ringo"]
    assert answer["connection"].lower() == "close"
    assert raw.is_closed_by_server()


def test_http_1_0_closes_after_the_answer(raw, ringo):
    """HTTP/1.0 without keep-alive: closed after the answer; no Host needed."""
    assert raw.ask(head(ringo, version="1.0")).json() == ["ringo"]
    assert raw.is_closed_by_server()


def test_http_1_0_keeps_the_connection_when_asked(raw, ringo):
    """HTTP/1.0 with keep-alive: the answer says that the connection stays."""
    for _ in range(3):
        answer = raw.ask(head(ringo, version="1.0", fields="Connection: keep-alive\r\n"))
        assert answer.json() == ["ringo"]
        assert answer["connection"].lower() == "keep-alive"
        assert answer["content-length"] is not None


def test_the_whole_protocol_over_http_1_0(api, channel):
    """HTTP/1.0 works: join, message, event and leave, each on a connection of its own."""
    def ask(request):
        with RawConnection(api.address) as connection:
            answer = connection.ask(request.encode())
            assert connection.is_closed_by_server()
            return answer

    joined = ask(f"PUT /chats/{channel}/join/ringo HTTP/1.0\r\n\r\n")
    session = f"session: {joined['session']}\r\n"
    put = f"PUT /chats/{channel}/messages HTTP/1.0\r\n{session}Content-Length: 5\r\n\r\nhello"
    assert ask(put).body == b"true"
    assert ask(f"GET /chats/{channel}/events HTTP/1.0\r\n{session}\r\n").json() == "hello"
    assert ask(f"GET /chats/{channel}/events HTTP/1.0\r\n{session}\r\n").status == 204
    assert ask(f"PUT /chats/{channel}/leave/ HTTP/1.0\r\n{session}\r\n").body == b"true"


def test_http_1_0_never_gets_chunks(raw, ringo):
    """HTTP/1.0 knows no chunked answers."""
    assert raw.ask(head(ringo, version="1.0"))["transfer-encoding"] is None


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_message_without_a_length_is_411(raw, ringo, version):
    """Content-Length or chunked; neither: 411."""
    answer = raw.ask(head(ringo, "messages", "PUT", version))
    assert (answer.status, answer.body) == (411, b"false")


def test_join_and_leave_need_no_length(raw, channel):
    """Join and leave need no length."""
    joined = raw.ask(f"PUT /chats/{channel}/join/ringo HTTP/1.1\r\nHost: here\r\n\r\n".encode())
    assert joined.status == 200
    leave = (f"PUT /chats/{channel}/leave/ HTTP/1.1\r\nHost: here\r\n"
             f"session: {joined['session']}\r\n\r\n")
    assert raw.ask(leave.encode()).body == b"true"


def test_a_body_of_join_is_read_past(raw, channel):
    """A body there is read and ignored: the next request on the connection is found after it."""
    body = "GET /nothing HTTP/1.1\r\nHost: here\r\n\r\n"
    join = (f"PUT /chats/{channel}/join/ringo HTTP/1.1\r\nHost: here\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}")
    assert raw.ask(join.encode()).status == 200
    assert raw.is_usable()


def test_a_chunked_body_of_join_is_read_past(raw, channel):
    """A chunked body is read and ignored too."""
    join = (f"PUT /chats/{channel}/join/ringo HTTP/1.1\r\nHost: here\r\n"
            "Transfer-Encoding: chunked\r\n\r\n3\r\nhi!\r\n0\r\n\r\n")
    assert raw.ask(join.encode()).status == 200
    assert raw.is_usable()


@pytest.mark.parametrize("body", [b"0\r\n\r\n", b"2\r\nhi\r\n0\r\n\r\n"], ids=["empty", "text"])
def test_a_chunked_body_in_pieces_of_one_byte(raw, api, channel, body):
    """However the network cuts a body, it is read."""
    raw.send(f"PUT /chats/{channel}/join/ringo HTTP/1.1\r\nHost: here\r\n"
             "Transfer-Encoding: chunked\r\n\r\n".encode())
    for byte in range(len(body)):
        raw.send(body[byte:byte + 1])
        # When another connection was answered, the server has seen the byte.
        assert api.call("GET", "/").status == 200
    assert raw.read_answer().json() == ["ringo"]
    assert raw.is_usable()


def test_an_empty_line_behind_a_request_is_no_beginning_of_another(start_server):
    """Old clients send one; then the connection is idle, and ends without an answer to nothing."""
    server = start_server(limits={"header_timeout": "1s", "idle_timeout": "2s"})
    with RawConnection(server.api.address) as raw:
        answer = raw.ask(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n\r\n")
        assert answer.status == 200
        assert raw.is_closed_by_server()


def test_a_chunked_message(raw, ringo):
    """Content-Length or chunked; a character may be spread over chunks."""
    whale = "\U0001f433".encode()
    assert raw.ask(chunked(ringo, b"a ", whale[:1], whale[1:], b"!")).status == 200
    assert ringo.next_message().json() == "a \U0001f433!"
    assert raw.is_usable()


def test_a_chunk_size_may_have_zeros_and_either_case(raw, ringo):
    """A chunk's size is hexadecimal, in either case, with leading zeros."""
    request = head(ringo, "messages", "PUT", fields="Transfer-Encoding: chunked\r\n")
    request += b"000A\r\n0123456789\r\nb\r\n0123456789a\r\n0\r\n\r\n"
    assert raw.ask(request).status == 200
    assert ringo.next_message().json() == "01234567890123456789a"


def test_100_is_sent_before_the_body(raw, ringo):
    """Expect: 100-continue: the server says 100, then the client sends, then comes the answer."""
    fields = "Content-Length: 5\r\nExpect: 100-continue\r\n"
    assert raw.ask(head(ringo, "messages", "PUT", fields=fields)).status == 100
    answer = raw.ask(b"hello")
    assert (answer.status, answer["seqnr"]) == (200, "1")
    assert ringo.next_message().json() == "hello"


def test_100_before_chunks(raw, ringo):
    """Expect: 100-continue with a chunked body."""
    fields = "Transfer-Encoding: chunked\r\nExpect: 100-Continue\r\n"
    assert raw.ask(head(ringo, "messages", "PUT", fields=fields)).status == 100
    assert raw.ask(b"5\r\nhello\r\n0\r\n\r\n").status == 200


def test_http_1_0_gets_no_100(raw, ringo):
    """HTTP/1.0 knows no interim answers: its Expect is ignored."""
    fields = "Content-Length: 5\r\nExpect: 100-continue\r\n"
    raw.send(head(ringo, "messages", "PUT", "1.0", fields))
    assert not raw.has_answer_within(0.3)
    assert raw.ask(b"hello").status == 200


def test_pipelined_requests_are_answered_in_order(raw, ringo):
    """One connection's requests are answered one after the other."""
    put = head(ringo, "messages", "PUT", fields="Content-Length: 2\r\n")
    raw.send(b"".join(put + b"%02d" % n for n in range(20)) + head(ringo))
    assert [raw.read_answer()["seqnr"] for _ in range(20)] == [f"{n}" for n in range(1, 21)]
    assert raw.read_answer().json() == ["ringo"]
    assert [text for _, text in ringo.drain()] == [f"{n:02d}" for n in range(20)]


def test_more_requests_than_may_wait_are_all_answered_in_order(raw, ringo):
    """However many a client sends before it reads: each is answered, reads see the writes before."""
    put = head(ringo, "messages", "PUT", fields="Content-Length: 1\r\n") + b"x"
    get = head(ringo, "events?from=1")
    raw.send(put * 200 + (put + get) * 10)
    assert [raw.read_answer()["seqnr"] for _ in range(200)] == [f"{n}" for n in range(1, 201)]
    for n in range(201, 211):
        assert raw.read_answer()["seqnr"] == f"{n}"
        assert raw.read_answer()["seqnr"] == "1"


def test_a_request_may_come_byte_by_byte(raw, ringo):
    """Where TCP cuts the stream is no matter."""
    for byte in head(ringo, "messages", "PUT", fields="Content-Length: 3\r\n") + b"hi!":
        raw.send(bytes([byte]))
    assert raw.read_answer().status == 200
    assert ringo.next_message().json() == "hi!"


def test_a_half_closed_client_still_gets_its_answer(raw, ringo):
    """A client that has sent all and says so is answered."""
    raw.send(head(ringo))
    raw.finish_sending()
    assert raw.read_answer().json() == ["ringo"]
    assert raw.is_closed_by_server()


def test_a_half_closed_client_gets_all_of_its_answers(raw, ringo):
    """What was sent before the end is whole, and answered; the rest of a request is not."""
    put = head(ringo, "messages", "PUT", fields="Content-Length: 1\r\n") + b"x"
    raw.send(put * 100 + head(ringo) + put + head(ringo)[:-1])
    raw.finish_sending()
    assert [raw.read_answer()["seqnr"] for _ in range(100)] == [f"{n}" for n in range(1, 101)]
    assert raw.read_answer().json() == ["ringo"]
    assert raw.read_answer()["seqnr"] == "101"
    assert raw.is_closed_by_server()


def test_a_message_cut_short_is_no_message(api, ringo):
    """A client that vanishes within its body has posted nothing."""
    for request in (head(ringo, "messages", "PUT", fields="Content-Length: 100\r\n") + b"half",
                    chunked(ringo, b"half")[:-5]):
        with RawConnection(api.address) as connection:
            connection.send(request)
            connection.finish_sending()
    assert ringo.posted("first") == 1
    assert ringo.drain() == [(1, "first")]


def test_header_names_have_no_case_and_values_may_be_padded(raw, ringo):
    """What we accept is liberal."""
    request = (f"GET {ringo.path('directory')} HTTP/1.1\r\nhOST:here\r\n"
               f"SeSsIoN:\t {ringo.key} \t\r\n\r\n")
    assert raw.ask(request.encode()).json() == ["ringo"]
