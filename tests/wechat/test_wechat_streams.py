"""With a server that gives streams, and with what may stand between it and the client.

Where an interval is a minute, what comes in time did not come by a poll.
"""
import json
import threading

import pytest

from .wechat_fake import Hang, Reply, Streaming, Yallchat

FAST = ("--interval", "20ms")
SLOW = ("--interval", "60s")


def test_what_is_said_is_pushed_and_nothing_is_polled(start, serve):
    server = serve(Streaming)
    running = start("ringo", server.url, *SLOW)
    assert running.line() == "* here: ringo"
    for n in range(20):
        server.say("paul", f"number {n}")
        assert running.line() == f"paul: number {n}"
    assert len(server.seen("events")) == 1
    running.end_input()
    assert running.wait() == 0 and running.error() is None


def test_lines_are_sent_beside_the_stream_and_come_back_over_it(wechat, serve):
    server = serve(Streaming)
    texts = [f"line {n}" for n in range(100)]
    done = wechat("ringo", server.url, *SLOW, "-q", stdin="\n".join(texts).encode())
    assert (done.lines, done.err, done.code) == ([f"ringo: {text}" for text in texts], "", 0)
    assert [text for _, text in server.messages] == texts
    assert len(server.seen("leave")) == 1


def test_the_backlog_comes_over_the_stream_and_then_what_is_new(start, serve):
    server = serve(Streaming)
    server.messages += [("paul", str(n)) for n in range(1, 6)]
    running = start("ringo", server.url + "/3", *SLOW, "-q")
    assert [running.line() for _ in range(3)] == ["paul: 3", "paul: 4", "paul: 5"]
    server.say("paul", "6")
    assert running.line() == "paul: 6"
    assert server.seen("events")[0].header("seqnr") == "3"


def test_who_comes_and_goes_is_printed_as_ever(start, serve):
    server = serve(Streaming)
    running = start("ringo", server.url, *SLOW)
    assert running.line() == "* here: ringo"
    server.wait_for_streams(1)
    server.tell({"type": "JOIN", "seqnr": 0, "source": "pa\x1bul"})
    server.tell({"type": "TYPING", "seqnr": 0, "source": "paul"}, b"\n", b"\r\n")
    server.tell({"type": "LEAVE", "seqnr": 0, "source": "pa\x1bul", "reason": "kicked"})
    server.tell({"type": "DIR", "seqnr": 0, "users": ["george", "ringo"]})
    assert [running.line() for _ in range(3)] == ["* paul joined", "* paul left", "* george joined"]


def test_json_is_the_same_over_a_stream_and_over_polls(wechat, serve):
    outputs = []
    for kind in (Yallchat, Streaming):
        class Dated(kind):
            def event(self, number):
                reply = super().event(number)
                reply.headers["date-sent"] = "2026-01-02T03:04:05.678Z"
                return reply
        server = serve(Dated)
        server.messages += [("paul", 'tab\t"é"\u202e'), ("paul", "two")]
        server.names.append("paul")
        outputs.append(wechat("ringo", server.url + "/1", *FAST, "--json", stdin=b"three\n"))
    assert outputs[0].out == outputs[1].out and len(outputs[0].lines) == 4


def test_a_stream_that_is_cut_anywhere_loses_and_doubles_nothing(start, serve):
    class Shaky(Streaming):
        def stream(self, number):
            """Whole the first time; then cut after as many bytes as there were streams."""
            data = b"".join(self.line(self.message(n)) for n in range(number, len(self.messages) + 1))
            streams = self.streams
            for part in super().stream(number):
                if streams % 8 == 7:
                    yield part
                else:
                    yield part + data[:streams * 37]
                    return
    server = serve(Shaky)
    server.messages += [("paul", str(n)) for n in range(40)]
    running = start("ringo", server.url + "/1", *FAST, "-q")
    assert [running.line() for _ in range(40)] == [f"paul: {n}" for n in range(40)]
    server.say("paul", "the end")
    assert running.line() == "paul: the end"


@pytest.mark.parametrize("nonsense", [b"<html>\n", b"[1]\n", b'{"type":"MSG"}\n', b"\x00\xff\n"])
def test_a_stream_that_is_none_is_broken_and_nothing_is_lost(start, serve, nonsense):
    server = serve(Streaming)
    running = start("ringo", server.url, *SLOW, "-q", "-v")
    server.wait_for_streams(1)
    server.say("paul", "one")
    assert running.line() == "paul: one"
    server.tell(nonsense)
    server.wait_for_streams(2)
    server.say("paul", "two")
    assert running.line() == "paul: two"


@pytest.mark.parametrize("kind", ["mute", "only a head", "half a line"])
def test_a_proxy_that_eats_the_stream_makes_nobody_deaf(start, serve, kind):
    class Eaten(Streaming):
        released = threading.Event()

        def on_events(self, request):
            if not self.is_stream(request):
                return super().on_events(request)
            if kind == "mute":
                self.released.wait(30)
                raise Hang
            return super().on_events(request)

        def stream(self, number):
            if kind == "half a line":
                yield b'{"type":"DIR","users":['
            self.released.wait(30)
    server = serve(Eaten)
    running = start("ringo", server.url, *FAST, "-q")
    server.wait_for("events")
    for n in range(5):
        server.say("paul", str(n))
        assert running.line() == f"paul: {n}"
    running.type("hello\n")
    assert running.line() == "ringo: hello"
    running.end_input()
    assert running.wait() == 0 and running.error() is None
    server.released.set()


def test_after_five_seconds_without_a_byte_it_is_polled_and_said_so(start, serve):
    class Mute(Streaming):
        released = threading.Event()

        def stream(self, number):
            self.released.wait(30)
            yield b""
    server = serve(Mute)
    running = start("ringo", server.url, *SLOW, "-q", "-v")
    server.wait_for("events", 2)  # the stream, and no poll before it was given up
    server.say("paul", "one")
    errors = iter(running.error, None)
    assert any("polling instead: its first byte did not come" in error for error in errors)
    server.released.set()


def test_a_server_without_streams_is_polled_and_verbose_says_so(wechat, serve):
    server = serve(Yallchat)
    done = wechat("ringo", server.url, *FAST, "-v", stdin=b"hello\n")
    assert done.lines == ["* here: ringo", "ringo: hello"] and done.code == 0
    assert "no stream, polling instead: the server gives none (HTTP 20" in done.err
    assert done.err.count("polling instead") == 1


@pytest.mark.parametrize("status", [403, 404, 406, 429, 500, 502])
def test_a_stream_that_is_refused_is_not_a_lost_session(wechat, serve, status):
    class Refusing(Streaming):
        def on_events(self, request):
            return Reply(status, {}, b"false") if self.is_stream(request) else \
                super().on_events(request)
    server = serve(Refusing)
    done = wechat("ringo", server.url, *SLOW, stdin=b"hello\n")
    assert (done.lines, done.err, done.code) == (["* here: ringo", "ringo: hello"], "", 0)
    assert len(server.seen("join")) == 1


def test_poll_asks_for_no_stream(wechat, serve):
    server = serve(Streaming)
    server.messages += [("paul", "one"), ("paul", "two")]
    assert wechat("ringo", server.url, "--poll").lines == ["paul: one", "paul: two"]
    assert server.streams == 0


@pytest.mark.parametrize("reason", ["kicked", "expired", "replaced"])
def test_a_session_that_is_ended_is_made_anew_and_says_why(start, serve, reason):
    server = serve(Streaming)
    running = start("ringo", server.url, *SLOW, "-q")
    server.wait_for_streams(1)
    server.say("paul", "one")
    assert running.line() == "paul: one"
    with server.changed:
        server.users.clear()
        server.names.clear()
    server.tell({"type": "END", "seqnr": 1, "reason": reason}, None)
    server.say("paul", "while away")
    assert running.line() == "paul: while away"
    assert running.error() == \
        f"wechat: warning: the server ended the session ({reason}); joining again"
    assert running.error() == "wechat: warning: joined again"
    server.say("paul", "three")
    assert running.line() == "paul: three"
    assert len(server.seen("join")) == 2


def test_a_server_that_stops_is_waited_for(start, serve):
    server = serve(Streaming)
    running = start("ringo", server.url, *SLOW, "-q")
    server.wait_for_streams(1)
    server.tell({"type": "END", "seqnr": 0, "reason": "stopping"}, None)
    assert running.error() == "wechat: warning: the server is stopping; trying again for 60s"
    server.wait_for_streams(2)
    assert running.error() == "wechat: warning: connected again"
    server.say("paul", "back")
    assert running.line() == "paul: back" and len(server.seen("join")) == 1


def test_what_is_no_longer_kept_is_a_gap(start, serve):
    class Forgetful(Streaming):
        def stream(self, number):
            if number < 4:
                yield self.line({"type": "GAP", "seqnr": 3, "from": number, "first": 4})
            yield from super().stream(max(number, 4))
    server = serve(Forgetful)
    server.messages += [("paul", str(n)) for n in range(1, 6)]
    running = start("ringo", server.url + "/2", *SLOW, "--json")
    lines = [json.loads(running.line()) for _ in range(4)]
    assert lines[1] == {"type": "GAP", "channel": "octopus", "from": 2, "first": 4}
    assert [line["seqnr"] for line in lines[2:]] == [4, 5]
    quiet = start("john", server.url + "/3", *SLOW, "-q")
    assert [quiet.line(), quiet.line()] == ["paul: 4", "paul: 5"]
    assert quiet.error() == "wechat: warning: message 3 is no longer kept"


def test_a_put_with_a_lost_answer_is_repeated_under_its_key_while_streaming(wechat, serve):
    class Shy(Streaming):
        def put(self, request):
            first = request.header("Idempotency-Key") not in self.keys
            reply = super().put(request)
            if first:
                raise Hang
            return reply
    server = serve(Shy)
    done = wechat("ringo", server.url, *SLOW, "-q", stdin=b"same\nsame\n")
    assert (done.lines, done.code) == (["ringo: same", "ringo: same"], 0)
    assert [text for _, text in server.messages] == ["same", "same"]
