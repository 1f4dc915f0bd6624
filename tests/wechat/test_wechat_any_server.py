"""A server written from the original text, in whatever dress, is good enough; and what it gets is exact."""
import json
import socket
import threading

import pytest

from .wechat_fake import FakeServer, Hang, Reply

FAST = ("--interval", "20ms")


def run_with_paul(wechat, server, text="hi"):
    """ringo joins a chat with paul in it, reads what paul said, says hello."""
    server.names = ["paul"]
    server.messages.append(("paul", text))
    return wechat("ringo", server.url + "/1", *FAST, stdin=b"hello\n")


EXPECTED = ["* here: paul, ringo", "paul: hi", "ringo: hello"]


@pytest.mark.parametrize("encode", [
    lambda names: json.dumps(names), lambda names: json.dumps("\n".join(names)),
    lambda names: json.dumps(",".join(names)), lambda names: json.dumps(", ".join(names) + "\n"),
    lambda names: "\n".join(names), lambda names: ", ".join(names),
    lambda names: json.dumps({"type": "DIR", "body": names})])
def test_a_directory_is_an_array_or_a_string_with_newlines_or_commas(wechat, serve, encode):
    class Dressed(FakeServer):
        def encode_names(self):
            return encode(self.names).encode()
    done = run_with_paul(wechat, serve(Dressed))
    assert (done.lines, done.err, done.code) == (EXPECTED, "", 0)


@pytest.mark.parametrize("nothing", [
    Reply(204), Reply(200, {}, b"null"), Reply(200, {}, b"false"), Reply(200, {}, b"[]"),
    Reply(200, {}, b""), Reply(200, {"type": "DIR"}, b"[]"), Reply(200, {}, b" \r\n")])
def test_nothing_new_has_many_forms(wechat, serve, nothing):
    class Dressed(FakeServer):
        def nothing(self):
            return nothing
    done = run_with_paul(wechat, serve(Dressed))
    assert (done.lines, done.err, done.code) == (EXPECTED, "", 0)


@pytest.mark.parametrize("change", [str.upper, str.title, lambda name: name.swapcase() + "  "])
def test_headers_come_in_any_case(wechat, serve, change):
    class Dressed(FakeServer):
        def answer(self, request):
            reply = super().answer(request)
            reply.headers = {change(k).strip(): v for k, v in reply.headers.items()}
            return reply
    done = run_with_paul(wechat, serve(Dressed))
    assert (done.lines, done.err, done.code) == (EXPECTED, "", 0)


def test_a_put_may_be_answered_without_seqnr(wechat, serve):
    class Dressed(FakeServer):
        seqnr_on_put = False
    done = run_with_paul(wechat, serve(Dressed))
    assert (done.lines, done.err, done.code) == (EXPECTED, "", 0)


def test_events_may_come_without_seqnr(wechat, serve):
    class Dressed(FakeServer):
        seqnr_on_put = False

        def event(self, number):
            reply = super().event(number)
            del reply.headers["seqnr"]
            return reply
    done = run_with_paul(wechat, serve(Dressed))
    assert (done.lines, done.err, done.code) == (EXPECTED, "", 0)


@pytest.mark.parametrize("raw", ["plain text, really", "{broken", "null", "42", "[1, 2]", "false"])
def test_a_body_that_is_not_an_encoded_text_is_text(wechat, serve, raw):
    class Dressed(FakeServer):
        def event(self, number):
            reply = super().event(number)
            reply.body = self.messages[number - 1][1].encode()
            return reply
    done = run_with_paul(wechat, serve(Dressed), raw)
    assert done.lines == ["* here: paul, ringo", "paul: " + raw, "ringo: hello"]


@pytest.mark.parametrize("seqnr", [int, str])
def test_where_headers_are_missing_the_members_of_an_object_count(wechat, serve, seqnr):
    class Dressed(FakeServer):
        def event(self, number):
            source, text = self.messages[number - 1]
            return Reply(200, {}, json.dumps({"type": "MSG", "source": source, "body": text,
                                              "seqnr": seqnr(number)}).encode())
    done = run_with_paul(wechat, serve(Dressed))
    assert (done.lines, done.err, done.code) == (EXPECTED, "", 0)


def test_a_server_that_answers_the_join_with_no_directory_is_asked_for_it(wechat, serve):
    class Dressed(FakeServer):
        def on_join(self, request):
            reply = super().on_join(request)
            reply.body = b"true"
            return reply
    done = run_with_paul(wechat, serve(Dressed))
    assert done.lines == EXPECTED


def test_the_directory_is_asked_for_first_as_the_original_has_it(wechat, serve):
    server = serve()
    run_with_paul(wechat, server)
    assert [r.verb for r in server.requests][:3] == ["join", "directory", "events"] or \
        [r.verb for r in server.requests][:3] == ["join", "directory", "messages"]


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_session_the_server_forgot_is_made_anew_and_reading_resumes(start, serve, status):
    class Forgetful(FakeServer):
        def on_events(self, request):
            reply = super().on_events(request)
            return Reply(status, {}, b"false") if reply.status == 401 else reply
    server = serve(Forgetful)
    running = start("ringo", server.url, *FAST)
    assert running.line() == "* here: ringo"
    server.say("paul", "one")
    assert running.line() == "paul: one"
    with server.changed:
        server.users.clear()
        server.names.clear()
        server.say("paul", "while away")
    assert running.line() == "paul: while away"
    server.say("paul", "three")
    assert running.line() == "paul: three"
    assert len(server.seen("join")) == 2
    assert server.seen("join")[1].header("session") == "key-1", "the old session is offered"


def test_a_line_that_meets_a_forgotten_session_is_sent_after_joining_again(start, serve):
    server = serve()
    running = start("ringo", server.url, "--interval", "20s")
    assert running.line() == "* here: ringo"
    server.wait_for("events")
    with server.changed:
        server.users.clear()
        server.names.clear()
    running.type("hello\n")
    assert running.line() == "ringo: hello"
    assert [text for _, text in server.messages] == ["hello"]


@pytest.mark.parametrize("status", [400, 404, 405, 501])
def test_a_number_in_the_path_that_is_refused_goes_into_the_header(wechat, serve, status):
    class NoNumbers(FakeServer):
        def on_events(self, request):
            if request.path.split("/")[-2].isdigit():
                return Reply(status, {}, b"false")
            number = request.header("seqnr")
            if number:
                self.cursor[request.header("session")] = int(number) - 1
            return super().on_events(request)
    server = serve(NoNumbers)
    server.messages += [("paul", "one"), ("paul", "two"), ("paul", "three")]
    done = wechat("ringo", server.url + "/2", "--poll")
    assert (done.lines, done.err, done.code) == (["paul: two", "paul: three"], "", 0)
    assert server.seen("events")[0].path == "/chats/octopus/2/events"
    assert server.seen("events")[0].header("seqnr") is None
    assert len(server.seen("join")) == 1


def test_a_server_without_a_place_of_its_own_is_told_each_position(wechat, serve):
    class Stateless(FakeServer):
        def on_events(self, request):
            number = request.path.split("/")[-2]
            if not number.isdigit() or int(number) > len(self.messages):
                return Reply(204)
            return self.event(int(number))
    server = serve(Stateless)
    server.messages += [("paul", "one"), ("paul", "two"), ("paul", "three")]
    assert wechat("ringo", server.url, "--poll").lines == ["paul: one", "paul: two", "paul: three"]


def test_an_event_that_comes_twice_is_printed_once(start, serve):
    class Stutterer(FakeServer):
        def nothing(self):
            return self.event(len(self.messages)) if self.messages else Reply(204)
    server = serve(Stutterer)
    running = start("ringo", server.url, *FAST)
    assert running.line() == "* here: ringo"
    for number in range(5):
        server.say("paul", f"number {number}")
        server.wait_for("events", len(server.seen("events")) + 5)
    assert [running.line() for _ in range(5)] == [f"paul: number {n}" for n in range(5)]
    assert running.lines.empty()


def test_after_an_event_the_next_poll_follows_at_once(start, serve):
    server = serve()
    server.messages += [("paul", str(n)) for n in range(50)]
    running = start("ringo", server.url + "/1", "--interval", "60s", "-q")
    assert [running.line() for _ in range(50)] == [f"paul: {n}" for n in range(50)]


# --- what is sent ---

def test_every_request_is_exact(wechat, serve):
    server = serve()
    wechat("ringo", server.url, *FAST, stdin="grüße ☺\n".encode())
    for request in server.requests:
        names = [name.lower() for name, _ in request.headers]
        assert len(names) == len(set(names)), "no header twice"
        assert "expect" not in names and "transfer-encoding" not in names
        assert request.header("Connection") == "close"
    assert len({r.connection for r in server.requests}) == len(server.requests)
    [join], [put], [leave] = (server.seen(v) for v in ("join", "messages", "leave"))
    assert (join.method, join.path) == ("PUT", "/chats/octopus/join/ringo")
    assert (leave.method, leave.path) == ("PUT", "/chats/octopus/leave/")
    assert join.header("Content-Length") == leave.header("Content-Length") == "0"
    assert join.header("Content-Type") is None and leave.header("session") == "key-1"
    assert (put.method, put.path) == ("PUT", "/chats/octopus/messages")
    assert put.header("type") == "MSG" and put.header("source") == "ringo"
    assert put.header("session") == "key-1"
    assert put.header("Content-Type") == "text/plain; charset=utf-8"
    assert put.body == "grüße ☺".encode() and put.header("Content-Length") == str(len(put.body))
    assert server.seen("events")[0].method == server.seen("directory")[0].method == "GET"
    assert all(r.header("Content-Length") is None for r in server.seen("events"))
    assert all(r.header("session") == "key-1" for r in server.seen("events"))


def test_a_name_beyond_ascii_travels_encoded_and_comes_back_decoded(wechat, serve):
    class Encoding(FakeServer):
        def event(self, number):
            reply = super().event(number)
            reply.headers["source"] = "Gr%C3%BC%C3%9Fe"
            return reply
    server = serve(Encoding)
    done = wechat("Grüße", f"127.0.0.1:{server.port}/chats/café", *FAST, stdin=b"hello\n")
    assert done.lines == ["* here: Grüße", "Grüße: hello"] and done.err == ""
    assert server.seen("join")[0].path == "/chats/caf%C3%A9/join/Gr%C3%BC%C3%9Fe"
    assert server.seen("messages")[0].header("source") == "Gr%C3%BC%C3%9Fe"


@pytest.mark.parametrize("form", ["{}", "http://{}", "HTTP://{}", "{}/"])
def test_a_url_may_be_written_in_many_ways(wechat, serve, form):
    server = serve()
    done = wechat("ringo", form.format(server.url), *FAST, stdin=b"hello\n")
    assert done.code == 0
    assert server.seen("join")[0].path == "/chats/octopus/join/ringo"


def test_a_channel_may_be_a_number(wechat, serve):
    server = serve()
    wechat("ringo", f"127.0.0.1:{server.port}/chats/83", *FAST)
    assert server.seen("join")[0].path == "/chats/83/join/ringo"


# --- what goes wrong ---

def test_a_server_that_fails_for_a_while_is_asked_again(wechat, serve):
    class Shaky(FakeServer):
        failures = {"join": 1, "events": 2, "messages": 1}

        def answer(self, request):
            if self.failures.get(request.verb, 0) > 0:
                self.failures[request.verb] -= 1
                return Reply(503, {"Retry-After": "0"}, b"false")
            return super().answer(request)
    server = serve(Shaky)
    done = wechat("ringo", server.url, *FAST, stdin=b"hello\n")
    assert (done.lines, done.code) == (["* here: ringo", "ringo: hello"], 0)


def test_too_many_requests_are_waited_out_as_long_as_the_server_says(wechat, serve):
    class Limited(FakeServer):
        def on_messages(self, request):
            if len(self.seen("messages")) == 1:
                return Reply(429, {"Retry-After": "1"}, b"false")
            return super().on_messages(request)
    server = serve(Limited)
    done = wechat("ringo", server.url, *FAST, stdin=b"hello\n")
    assert (done.lines, done.err, done.code) == (["* here: ringo", "ringo: hello"], "", 0)


def test_a_connection_that_stays_lost_is_exit_1_after_retry(start, serve):
    server = serve()
    running = start("ringo", server.url, *FAST, "--retry", "500ms")
    assert running.line() == "* here: ringo"
    server.close()
    warning = running.error()
    assert "trying again for 500ms" in warning and "gave up" not in warning
    assert running.wait() == 1
    assert running.error().endswith("; gave up after trying again for 500ms")


def test_lines_that_are_not_taken_within_retry_are_told(wechat, serve):
    class Full(FakeServer):
        def on_messages(self, request):
            return Reply(503, {}, b"false")
    done = wechat("ringo", serve(Full).url, *FAST, "--retry", "300ms", stdin=b"one\ntwo\n")
    assert done.code == 1
    assert done.err.splitlines()[1:] == [
        "wechat: the server failed (HTTP 503); gave up after trying again for 300ms",
        "wechat: not acknowledged: line 1 and what follows it (2 lines of what was read)"]


def test_a_lost_join_answer_is_asked_for_again_with_the_same_key(wechat, serve):
    class Shy(FakeServer):
        def on_join(self, request):
            if len(self.seen("join")) == 1:
                super().on_join(request)
                raise Hang
            if self.seen("join")[0].header("Idempotency-Key") == request.header("Idempotency-Key"):
                self.names.remove("ringo")
            return super().on_join(request)
    server = serve(Shy)
    done = wechat("ringo", server.url, *FAST, stdin=b"hello\n")
    assert (done.lines, done.code) == (["* here: ringo", "ringo: hello"], 0)


def test_a_server_that_is_none_is_given_up_soon(wechat, serve):
    class Mute(FakeServer):
        def on_join(self, request):
            raise Hang
    server = serve(Mute)
    assert wechat("ringo", server.url).code == 1
    assert len(server.seen("join")) == 3


def test_a_put_whose_answer_is_lost_is_found_in_the_events_and_not_sent_again(wechat, serve):
    class Shy(FakeServer):
        def on_messages(self, request):
            super().on_messages(request)
            if request.body == b"two":
                raise Hang
            return Reply(200, {}, b"true")
    server = serve(Shy)
    done = wechat("ringo", server.url, *FAST, "-q", stdin=b"one\ntwo\nthree\n")
    assert (done.lines, done.err, done.code) == (["ringo: one", "ringo: two", "ringo: three"], "", 0)
    assert [text for _, text in server.messages] == ["one", "two", "three"]


def test_a_put_that_was_lost_with_its_connection_is_sent_once_more_with_a_warning(wechat, serve):
    class Lossy(FakeServer):
        def on_messages(self, request):
            if len(self.seen("messages")) == 1:
                raise Hang
            return super().on_messages(request)
    server = serve(Lossy)
    done = wechat("ringo", server.url, *FAST, "-q", stdin=b"hello\n")
    assert (done.lines, done.code) == (["ringo: hello"], 0)
    assert "line 1" in done.err and "possibly double" in done.err


def test_a_put_that_is_lost_each_time_is_a_refused_line(wechat, serve):
    class Lossy(FakeServer):
        def on_messages(self, request):
            raise Hang
    server = serve(Lossy)
    done = wechat("ringo", server.url, *FAST, "-q", stdin=b"hello\n")
    assert done.code == 3 and done.out == ""
    assert "line 1 was not sent" in done.err
    assert len(server.seen("messages")) == 2


def test_the_session_key_is_not_carried_to_another_place(wechat, serve):
    elsewhere = serve()

    class Moved(FakeServer):
        def on_join(self, request):
            return Reply(307, {"Location": f"http://{elsewhere.url}/join/ringo"}, b"")
    done = wechat("ringo", serve(Moved).url)
    assert done.code == 3 and elsewhere.url in done.err
    assert elsewhere.requests == []


@pytest.mark.parametrize("scheme, words", [
    ("http", "wechat: "), ("https", "wechat: the server does not speak TLS there; try http:// (")])
def test_bytes_that_are_no_http_are_no_server(wechat, scheme, words):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        def answer():
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    connection.recv(4096)
                    connection.sendall(b"220 mail ready\r\n")
        threading.Thread(target=answer, daemon=True).start()
        done = wechat("ringo", f"{scheme}://127.0.0.1:{listener.getsockname()[1]}/chats/octopus")
        assert done.code == 1 and done.err.startswith(words)
        listener.shutdown(socket.SHUT_RDWR)
