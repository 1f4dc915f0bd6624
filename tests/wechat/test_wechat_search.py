"""wechat --search: hits on standard output, the newest last, and an exit code like grep's."""
import json
import os
import pty
import signal
import subprocess
from urllib.parse import parse_qs, urlsplit

import pytest

from .conftest import ENVIRONMENT, WECHAT
from .wechat_fake import FakeServer, Hang, Reply, Yallchat


class Searchable(Yallchat):
    """Finds one word, wherever it is, in pages of two."""

    indexed_to = None

    def find(self, words, newest):
        hits = []
        for number in range(min(newest, len(self.messages)), 0, -1):
            source, text = self.messages[number - 1]
            at = text.find(words)
            if at >= 0:
                hits.append({"type": "MSG", "channel": "octopus", "seqnr": number, "source": source,
                             "body": text, "time": "2026-01-02T03:04:05.678Z",
                             "hits": [[at, at + len(words)]]})
        return hits

    def on_messages(self, request):
        if request.method != "GET":
            return super().on_messages(request)
        if request.header("session") not in self.users:
            return Reply(401, {}, b"false")
        query = {k: v[0] for k, v in parse_qs(urlsplit(request.path).query).items()}
        hits = self.find(query["q"], int(query.get("from", len(self.messages))))
        page = hits[:min(int(query["limit"]), 2)]
        more = len(hits) > len(page)
        known = len(self.messages) if self.indexed_to is None else self.indexed_to
        return Reply(200, {}, json.dumps({
            "events": page, "indexed-to": known,
            "next": page[-1]["seqnr"] - 1 if more else None}).encode())


def searchable(serve, kind=Searchable, count=7):
    server = serve(kind)
    server.messages += [("paul", f"drummer {n}") if n % 2 else ("john", f"singer {n}")
                        for n in range(1, count + 1)]
    return server


def test_hits_are_printed_like_grep_has_them_the_newest_last(wechat, serve):
    server = searchable(serve)
    done = wechat("--search", "drummer", "ringo", server.url, stdin=b"not read\n")
    assert done.lines == [f"{n} 2026-01-02T03:04:05Z paul: drummer {n}" for n in (1, 3, 5, 7)]
    assert (done.err, done.code) == ("", 0)
    assert server.names == [] and not server.seen("events")
    assert len(server.seen("messages")) == 2 and len(server.seen("leave")) == 1


def test_nothing_found_is_exit_1(wechat, serve):
    done = wechat("--search", "guitar", "ringo", searchable(serve).url)
    assert (done.out, done.err, done.code) == ("", "", 1)


def test_words_arrive_as_they_were_given(wechat, serve):
    server = searchable(serve)
    words = 'späte "trommler & co" 100% 鼓手+#?'
    server.messages.append(("paul", words))
    assert wechat("--search", words, "ringo", server.url).lines == \
        [f"8 2026-01-02T03:04:05Z paul: {words}"]


def test_more_than_the_limit_is_not_silence(wechat, serve):
    done = wechat("--search", "drummer", "--limit", "3", "ringo", searchable(serve).url)
    assert [line.split()[0] for line in done.lines] == ["3", "5", "7"]
    assert done.err == "wechat: only the newest 3 are shown; for more: --limit\n"
    assert done.code == 0


def test_json_prints_each_hit_as_one_event(wechat, serve):
    done = wechat("--search", "drummer 7", "--json", "ringo", searchable(serve).url)
    assert json.loads(done.out) == {
        "type": "MSG", "channel": "octopus", "seqnr": 7, "source": "paul", "body": "drummer 7",
        "time": "2026-01-02T03:04:05.678Z", "hits": [[0, 9]]}


def on_a_terminal(url, *options, **environment):
    """The output of a search for "drummer" on a terminal."""
    master, slave = pty.openpty()
    process = subprocess.Popen([WECHAT, "--search", "drummer", *options, "ringo", url], stdin=slave,
                               stdout=slave, stderr=slave, env=ENVIRONMENT | environment)
    os.close(slave)
    output = b""
    try:
        while data := os.read(master, 4096):
            output += data
    except OSError:
        pass  # the terminal has nobody left
    finally:
        os.close(master)
        process.wait(30)
    return output


@pytest.mark.parametrize("environment, colour", [
    ({"TERM": "xterm"}, True), ({"TERM": "xterm", "NO_COLOR": ""}, True),
    ({"TERM": "xterm", "NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)])
def test_hits_are_in_colour_on_a_terminal_that_has_any(serve, environment, colour):
    server = searchable(serve, count=0)
    server.messages += [("paul", "the 鼓 drummer\x1b[2J is late")]
    found = b"\x1b[1;31mdrummer\x1b[m" if colour else b"drummer"
    assert on_a_terminal(server.url, **environment) == \
        "1 2026-01-02T03:04:05Z paul: the 鼓 ".encode() + found + b"[2J is late\r\n"


def test_who_asks_for_colours_gets_them_on_pipes_too_and_who_does_not_want_them_never(wechat, serve):
    server = searchable(serve)
    for when, coloured in [("always", True), ("auto", False), ("never", False)]:
        done = wechat("--search", "drummer", "--color", when, "ringo", server.url)
        assert ("\x1b[1;31mdrummer\x1b[m" in done.out) == coloured
    assert b"\x1b" not in on_a_terminal(server.url, "--color", "never", TERM="xterm")


def test_what_the_search_does_not_know_yet_is_told(wechat, serve):
    server = searchable(serve)
    server.indexed_to = 5
    done = wechat("--search", "drummer", "ringo", server.url)
    assert done.err == "wechat: warning: what came after message 5 cannot be found yet\n"
    assert done.code == 0


@pytest.mark.parametrize("kind", [FakeServer, Yallchat])
def test_a_server_that_cannot_search_is_exit_3(wechat, serve, kind):
    class Plain(kind):
        def on_messages(self, request):
            return Reply(405, {}, b"false")
    server = serve(Plain)
    done = wechat("--search", "drummer", "ringo", server.url)
    assert done.code == 3 and done.out == ""
    assert done.err.startswith("wechat: the server cannot search")
    assert server.names == []


def test_words_that_mean_nothing_to_the_server_are_exit_2(wechat, serve):
    class Picky(Searchable):
        def on_messages(self, request):
            return Reply(400, {"reason": "bad-query", "detail": "a quote is not closed"}, b"false")
    done = wechat("--search", '"drummer', "ringo", serve(Picky).url)
    assert done.code == 2 and done.out == ""
    assert done.err == \
        "wechat: the server refused it (HTTP 400, bad-query): a quote is not closed\n"


def test_a_taken_name_is_exit_3_and_nobody_listening_is_exit_4(wechat, serve):
    server = searchable(serve)
    server.names = ["ringo"]
    assert wechat("--search", "drummer", "ringo", server.url).code == 3
    server.close()
    assert wechat("--search", "drummer", "ringo", server.url).code == 4


def test_a_page_that_is_lost_is_asked_for_again(wechat, serve):
    class Shaky(Searchable):
        def on_messages(self, request):
            if len(self.seen("messages")) % 2:
                raise Hang
            return super().on_messages(request)
    done = wechat("--search", "drummer", "ringo", searchable(serve, Shaky).url)
    assert [line.split()[0] for line in done.lines] == ["1", "3", "5", "7"] and done.code == 0


def test_a_signal_ends_a_search_and_leaves_the_chat(start, serve):
    class Busy(Searchable):
        def on_messages(self, request):
            return Reply(503, {"Retry-After": "60"}, b"false")
    server = serve(Busy)
    running = start("--search", "drummer", "ringo", server.url)
    server.wait_for("messages")
    running.signal(signal.SIGINT)
    assert running.wait() == 130 and server.names == []
