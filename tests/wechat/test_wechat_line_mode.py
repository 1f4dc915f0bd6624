"""What wechat prints, and how it ends."""
import json
import os
import signal
import socket
import subprocess
import threading

import pytest

from .conftest import ENVIRONMENT, WECHAT
from .wechat_fake import FakeServer, Reply

FAST = ("--interval", "20ms")


def test_a_piped_line_is_sent_printed_as_the_server_has_it_and_the_chat_left(wechat, serve):
    server = serve()
    server.names = ["paul"]
    done = wechat("ringo", server.url, *FAST, stdin=b"hello\n")
    assert (done.out, done.err, done.code) == ("* here: paul, ringo\nringo: hello\n", "", 0)
    assert [r.body for r in server.seen("messages")] == [b"hello"]
    assert len(server.seen("leave")) == 1 and server.names == ["paul"]


def test_lines_are_sent_in_order_an_unfinished_last_one_too_and_empty_ones_skipped(wechat, serve):
    server = serve()
    done = wechat("ringo", server.url, *FAST, stdin=b"one\r\n\n\r\ntwo\n three ")
    assert done.code == 0
    assert [text for _, text in server.messages] == ["one", "two", " three "]


def test_many_lines_all_arrive_once_and_are_printed_once(wechat, serve):
    server = serve()
    texts = [f"line {n}" for n in range(300)]
    done = wechat("ringo", server.url, *FAST, "-q", stdin="\n".join(texts).encode())
    assert [text for _, text in server.messages] == texts
    assert done.lines == ["ringo: " + text for text in texts]


def test_a_long_input_is_held_back_while_the_server_takes_its_time(start, serve):
    class Slow(FakeServer):
        released = threading.Event()

        def on_messages(self, request):
            self.released.wait(30)
            return super().on_messages(request)
    server = serve(Slow)
    running = start("ringo", server.url, *FAST)
    pipe = running.process.stdin.fileno()
    os.set_blocking(pipe, False)
    written = 0
    # Each poll that the server sees is a turn in which the client could have read more.
    for polls in range(20, 40):
        try:
            while True:
                written += os.write(pipe, b"x" * 999 + b"\n")
        except BlockingIOError:
            server.wait_for("events", polls)
    server.released.set()
    assert written < 300_000, "a pipe full and a few lines, not all there is"


def test_joins_and_leaves_are_read_off_the_directory_events(start, serve):
    class Chatty(FakeServer):
        directories = []

        def nothing(self):
            if self.directories:
                return Reply(200, {"type": "DIR"}, json.dumps(self.directories.pop(0)).encode())
            return Reply(204)
    server = serve(Chatty)
    running = start("ringo", server.url, *FAST)
    assert running.line() == "* here: ringo"
    server.directories += [["ringo", "paul", "george"], ["paul", "ringo"]]
    assert running.line() == "* george joined"
    assert running.line() == "* paul joined"
    assert running.line() == "* george left"


def test_json_prints_each_event_as_one_line(wechat, serve):
    class Dated(FakeServer):
        directories = [["ringo"]]

        def event(self, number):
            reply = super().event(number)
            reply.headers["date-sent"] = "2026-01-02T03:04:05.678Z"
            return reply

        def nothing(self):
            if self.messages and self.directories:
                return Reply(200, {"type": "DIR"}, json.dumps(self.directories.pop(0)).encode())
            return Reply(204)
    server = serve(Dated)
    server.names = ["paul"]
    server.messages.append(("paul", "before"))
    done = wechat("ringo", server.url + "/1", *FAST, "--json", stdin='tab\t"é"\n'.encode())
    events = [json.loads(line) for line in done.lines]
    assert events[0] == {"type": "DIR", "channel": "octopus", "body": ["paul", "ringo"]}
    assert [e for e in events if e["type"] == "MSG"] == [
        {"type": "MSG", "channel": "octopus", "seqnr": 1, "source": "paul", "body": "before",
         "time": "2026-01-02T03:04:05.678Z"},
        {"type": "MSG", "channel": "octopus", "seqnr": 2, "source": "ringo", "body": 'tab\t"é"',
         "time": "2026-01-02T03:04:05.678Z"}]
    assert {"type": "LEAVE", "channel": "octopus", "source": "paul"} in events


def test_nothing_in_a_text_or_a_name_reaches_the_terminal_as_a_command(wechat, serve):
    server = serve()
    server.messages.append(("evil%1B%E2%80%AE", "a\nb\tc\r\nd\x1b[31me\x07\x7f\x9b\u202ef\u2028g"))
    done = wechat("ringo", server.url, "--poll")
    assert done.out == "evil: a b c d[31mef g\n"
    done = wechat("ringo", server.url, "--poll", "--json")
    assert json.loads(done.out)["body"] == "a\nb\tc\r\nd\x1b[31me\x07\x7f\x9b\u202ef\u2028g"
    assert not set(done.out.rstrip("\n")) & set("\n\t\r\x1b\x07\x7f\x9b\u202e\u2028")


def test_poll_prints_the_backlog_from_the_oldest_or_from_the_number_and_exits(wechat, serve):
    server = serve()
    server.messages += [("paul", "one"), ("paul", "two"), ("paul", "three")]
    done = wechat("ringo", server.url, "--poll", stdin=b"not read\n")
    assert (done.out, done.err, done.code) == ("paul: one\npaul: two\npaul: three\n", "", 0)
    assert wechat("ringo", server.url + "/2/", "--poll").out == "paul: two\npaul: three\n"
    assert server.names == [] and not server.seen("messages")


def test_the_backlog_that_was_asked_for_is_printed_before_leaving_at_the_end_of_input(wechat, serve):
    server = serve()
    server.messages += [("paul", str(n)) for n in range(20)]
    done = wechat("ringo", server.url + "/1", *FAST, "-q", stdin=b"")
    assert done.lines == [f"paul: {n}" for n in range(20)]


def test_follow_goes_on_listening_after_the_end_of_input(start, serve):
    server = serve()
    running = start("ringo", server.url, *FAST, "--follow")
    running.type("hello\n")
    running.end_input()
    assert [running.line(), running.line()] == ["* here: ringo", "ringo: hello"]
    server.say("paul", "still there?")
    assert running.line() == "paul: still there?"


@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_leaves_the_chat(start, serve, number, code):
    server = serve()
    running = start("ringo", server.url, *FAST)
    assert running.line() == "* here: ringo"
    running.signal(number)
    assert running.wait() == code
    assert server.names == []


@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_in_the_middle_of_an_input_tells_what_is_lost(start, serve, number, code):
    class Stuck(FakeServer):
        released = threading.Event()

        def on_messages(self, request):
            if request.body == b"line 3":
                self.released.wait(30)
            return super().on_messages(request)
    server = serve(Stuck)
    running = start("ringo", server.url, *FAST, "-q")
    running.type("".join(f"line {n}\n" for n in range(1, 101)))
    server.wait_for("messages", 3)
    running.signal(number)
    assert running.wait() == code
    server.released.set()
    assert running.error() == ("wechat: not acknowledged: line 3 and what follows it "
                               "(98 lines of what was read)")
    assert len(server.seen("messages")) == 3 and len(server.seen("leave")) == 1


@pytest.mark.parametrize("signals", [1, 2])
def test_a_signal_while_disconnected_tells_the_line_that_waits(start, serve, signals):
    class Silent(FakeServer):
        released = threading.Event()

        def on_leave(self, request):
            self.released.wait(30)
            return super().on_leave(request)

        def on_messages(self, request):
            return Reply(503, {"Retry-After": "60"}, b"false")
    server = serve(Silent)
    running = start("ringo", server.url, *FAST, "-q")
    running.type("\nhello\n")
    server.wait_for("messages")
    running.signal(signal.SIGINT)
    if signals == 2:
        server.wait_for("leave")
        running.signal(signal.SIGINT)
    assert running.wait() == 130
    server.released.set()
    assert running.error() == "wechat: not acknowledged: line 2"
    assert running.error() is None


def test_a_reader_that_goes_away_ends_it_quietly_and_the_chat_is_left(serve):
    server = serve()
    server.messages += [("paul", "x" * 1000) for _ in range(200)]
    process = subprocess.Popen([WECHAT, "ringo", server.url + "/1", "--follow"],
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, env=ENVIRONMENT)
    process.stdout.readline()
    process.stdout.close()
    assert process.wait(30) == 141
    assert process.stderr.read() == b""
    assert server.names == []


def test_nobody_listening_is_exit_1(wechat):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening
        done = wechat("ringo", f"127.0.0.1:{taken.getsockname()[1]}/chats/octopus")
    assert done.code == 1 and done.out == ""
    assert done.err.startswith("wechat: Failed to connect")


def test_a_taken_name_is_exit_3_in_words_one_can_act_on(wechat, serve):
    server = serve()
    server.names = ["ringo"]
    done = wechat("ringo", server.url)
    assert done.code == 3
    assert done.err == ("wechat: the name 'ringo' is taken, perhaps by your own earlier session; "
                        "free in 60 s at most\n")


@pytest.mark.parametrize("reply, words", [
    (Reply(200, {"session": "k"}, b"false"), "the server said false (HTTP 200)"),
    (Reply(200, {}, b"false"), "the server said false (HTTP 200)"),
    (Reply(200, {}, b"true"), "it gave no session"),
    (Reply(403, {"reason": "policy"}, b"false"), "not allowed (HTTP 403, policy)"),
])
def test_a_refused_channel_is_exit_3(wechat, serve, reply, words):
    class Refusing(FakeServer):
        def on_join(self, request):
            return reply
    done = wechat("ringo", serve(Refusing).url)
    assert done.code == 3
    assert done.err == f"wechat: the server did not let 'ringo' into the channel 'octopus': {words}\n"


def test_a_refused_line_is_told_and_the_others_are_sent(wechat, serve):
    class Picky(FakeServer):
        def on_messages(self, request):
            if request.body == b"bad":
                return Reply(413, {"reason": "too-long"}, b"false")
            if request.body == b"no":
                return Reply(200, {}, b"false")
            return super().on_messages(request)
    server = serve(Picky)
    done = wechat("ringo", server.url, *FAST, "-q",
                  stdin=b"one\nbad\nno\n\xff\xfe\nnul\0\n" + b"x" * 1_100_000 + b"\nlast\n")
    assert done.code == 3
    assert done.out == "ringo: one\nringo: last\n"
    assert sorted(done.err.splitlines()) == [
        "wechat: line 2 was not sent: it is too long (HTTP 413, too-long)",
        "wechat: line 3 was not sent: the server said false (HTTP 200)",
        "wechat: line 4 was not sent: it is not UTF-8",
        "wechat: line 5 was not sent: it contains NUL",
        "wechat: line 6 was not sent: it is longer than 1048576 bytes"]


DETAIL = "the character U+0020 is not allowed%1B in a name; caf%C3%A9"


def test_a_refused_join_ends_in_the_servers_own_words(wechat, serve):
    class Refusing(FakeServer):
        def on_join(self, request):
            return Reply(400, {"reason": "bad-name", "detail": DETAIL}, b"false")
    done = wechat("a b", serve(Refusing).url)
    assert done.code == 3
    assert done.err == ("wechat: the server did not let 'a b' into the channel 'octopus': the server "
                        "refused it (HTTP 400, bad-name): the character U+0020 is not allowed in a "
                        "name; café\n")


def test_an_address_that_the_server_does_not_know_is_no_fault_of_the_user(wechat, serve):
    class Elsewhere(FakeServer):
        def on_join(self, request):
            return Reply(404, {}, b"false")
    done = wechat("ringo", serve(Elsewhere).url)
    assert done.code == 3
    assert done.err == "wechat: there is no such chat at this address (HTTP 404)\n"


@pytest.mark.parametrize("status, reply", [
    (413, Reply(413, {"detail": "at most 5 bytes"}, b"false")),
    (422, Reply(422, {"Content-Type": "application/problem+json"},
                b'{"detail": "at most\\u001b 5 bytes"}'))])
def test_a_refused_line_ends_in_the_servers_own_words(wechat, serve, status, reply):
    class Picky(FakeServer):
        def on_messages(self, request):
            return reply
    done = wechat("ringo", serve(Picky).url, *FAST, "-q", stdin=b"too long\n")
    assert done.code == 3
    assert done.err.startswith("wechat: line 1 was not sent: ")
    assert done.err.endswith(f" (HTTP {status}): at most 5 bytes\n")


def test_messages_that_are_never_read_back_are_a_warning_after_five_seconds(wechat, serve):
    class Forgetful(FakeServer):
        def on_events(self, request):
            return Reply(204)
    done = wechat("ringo", serve(Forgetful).url, *FAST, stdin=b"hello\n")
    assert done.code == 0
    assert done.err == ("wechat: warning: the server took 1 message that was not read back within "
                        "5s\n")


@pytest.mark.parametrize("args", [
    [], ["ringo"], ["ringo", "host"], ["ringo", "host/octopus"], ["", "host/chats/x"],
    ["a\nb", "host/chats/x"], ["ringo", "ftp://host/chats/x"], ["ringo", "host:0/chats/x"],
    ["ringo", "host/chats/x", "--follow", "--poll"], ["ringo", "host/chats/x", "--nonsense"],
    ["ringo", "host/chats/x", "--interval", "soon"], ["ringo", "host/chats/x", "extra"],
    ["ringo", "host/chats/x/events"]])
def test_wrong_usage_is_exit_2_with_the_usage(wechat, args):
    done = wechat(*args)
    assert done.code == 2 and done.out == ""
    usage, error = done.err.splitlines()
    assert usage.startswith("usage: wechat ") and error.startswith("wechat: error: ")


def test_a_url_without_a_chat_is_answered_with_an_example(wechat):
    assert "my.chat.server/chats/octopus" in wechat("ringo", "my.chat.server").err


@pytest.mark.parametrize("flag, begins", [("-h", "usage: wechat "), ("--help", "usage: wechat "),
                                          ("-V", "wechat "), ("--version", "wechat ")])
def test_help_and_version_go_to_standard_output(wechat, flag, begins):
    done = wechat(flag)
    assert done.code == 0 and done.err == "" and done.out.startswith(begins)


def test_quiet_prints_only_messages(wechat, serve):
    done = wechat("ringo", serve().url, *FAST, "-q", stdin=b"hello\n")
    assert done.out == "ringo: hello\n"


def test_verbose_shows_requests_but_never_the_session_key(wechat, serve):
    done = wechat("ringo", serve().url, *FAST, "-v", stdin=b"hello\n")
    assert "> PUT http://127.0.0.1" in done.err and "/chats/octopus/messages" in done.err
    assert "key-1" not in done.err
