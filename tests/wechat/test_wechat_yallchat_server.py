"""With a server that says "yallchat" but has no streams: connections kept, positions explicit, repeats
safe."""
import json

from .wechat_fake import Hang, Reply, Yallchat

FAST = ("--interval", "20ms")


def test_connections_are_kept_and_every_poll_says_where_it_stands(wechat, serve):
    server = serve(Yallchat)
    server.messages += [("paul", "one")]
    done = wechat("ringo", server.url, *FAST, stdin=b"a\nb\nc\n")
    assert (done.lines, done.err, done.code) == \
        (["* here: ringo", "ringo: a", "ringo: b", "ringo: c"], "", 0)
    assert [r.header("Connection") for r in server.requests[1:]] == \
        [None] * (len(server.requests) - 1)
    assert len({r.connection for r in server.requests[1:]}) <= 2
    assert server.seen("events")[0].header("seqnr") == "2"
    assert server.seen("events")[-1].path == "/chats/octopus/events"
    assert server.seen("directory") == []


def test_the_number_in_the_url_is_the_first_position(wechat, serve):
    server = serve(Yallchat)
    server.messages += [("paul", "one"), ("paul", "two"), ("paul", "three")]
    assert wechat("ringo", server.url + "/2", "--poll").lines == ["paul: two", "paul: three"]
    assert wechat("ringo", server.url, "--poll").lines == ["paul: one", "paul: two", "paul: three"]
    assert wechat("ringo", server.url + "/9", "--poll").lines == []


def test_a_lost_answer_loses_and_doubles_nothing(start, serve):
    class Shaky(Yallchat):
        def on_events(self, request):
            reply = super().on_events(request)
            if reply.status == 200 and len(self.seen("events")) % 2 == 0:
                raise Hang
            return reply
    server = serve(Shaky)
    server.messages += [("paul", str(n)) for n in range(8)]
    running = start("ringo", server.url + "/1", *FAST, "-q")
    assert [running.line() for _ in range(8)] == [f"paul: {n}" for n in range(8)]


def test_a_put_with_a_lost_answer_is_repeated_under_its_key_and_said_once(wechat, serve):
    class Shy(Yallchat):
        def put(self, request):
            first = request.header("Idempotency-Key") not in self.keys
            reply = super().put(request)
            if first:
                raise Hang
            return reply
    server = serve(Shy)
    done = wechat("ringo", server.url, *FAST, "-q", stdin=b"same\nsame\n")
    assert (done.lines, done.code) == (["ringo: same", "ringo: same"], 0)
    assert [text for _, text in server.messages] == ["same", "same"]
    assert len({r.header("Idempotency-Key") for r in server.seen("messages")}) == 2


def test_an_unknown_outcome_is_asked_about_again_under_the_same_key(wechat, serve):
    class Unsure(Yallchat):
        def put(self, request):
            first = request.header("Idempotency-Key") not in self.keys
            reply = super().put(request)
            return Reply(504, {"reason": "outcome-unknown"}, b"false") if first else reply
    server = serve(Unsure)
    done = wechat("ringo", server.url, *FAST, "-q", stdin=b"hello\n")
    assert (done.lines, done.code) == (["ringo: hello"], 0)
    assert [text for _, text in server.messages] == ["hello"]


def test_what_is_no_longer_kept_is_a_gap_and_not_silence(wechat, serve):
    server = serve(Yallchat)
    server.messages += [("paul", str(n)) for n in range(1, 6)]
    server.oldest = 4
    done = wechat("ringo", server.url + "/2", "--poll")
    assert done.lines == ["* gap: messages 2 to 3 are no longer kept", "paul: 4", "paul: 5"]
    done = wechat("ringo", server.url + "/2", "--poll", "--json")
    assert json.loads(done.lines[0]) == {"type": "GAP", "channel": "octopus", "from": 2, "first": 4}
    done = wechat("ringo", server.url + "/3", "--poll", "-q")
    assert done.lines == ["paul: 4", "paul: 5"] and "message 3 is no longer kept" in done.err
    assert wechat("ringo", server.url, "--poll").lines == ["paul: 4", "paul: 5"]


def test_after_a_lost_session_reading_resumes_where_it_was(start, serve):
    server = serve(Yallchat)
    running = start("ringo", server.url, *FAST, "-q")
    server.wait_for("events")
    server.say("paul", "one")
    assert running.line() == "paul: one"
    with server.changed:
        server.users.clear()
        server.names.clear()
        server.say("paul", "two")
        server.say("paul", "three")
    assert [running.line(), running.line()] == ["paul: two", "paul: three"]


def test_a_server_that_lags_behind_what_was_read_repeats_nothing(start, serve):
    server = serve(Yallchat)
    running = start("ringo", server.url, *FAST, "-q")
    server.wait_for("events")
    server.say("paul", "one")
    server.say("paul", "two")
    assert [running.line(), running.line()] == ["paul: one", "paul: two"]
    with server.changed:
        kept = server.messages[:]
        server.messages[:] = kept[:1]
        server.users.clear()
        server.names.clear()
    server.wait_for("join", 2)
    server.wait_for("events", len(server.seen("events")) + 3)
    with server.changed:
        server.messages[:] = kept
    server.say("paul", "three")
    assert running.line() == "paul: three"


def test_a_channel_that_lost_its_history_is_read_from_its_new_beginning(start, serve):
    server = serve(Yallchat)
    running = start("ringo", server.url, *FAST, "-q")
    server.wait_for("events")
    for text in ("one", "two", "three"):
        server.say("paul", text)
        assert running.line() == "paul: " + text
    with server.changed:
        server.messages.clear()
        server.users.clear()
        server.names.clear()
    server.wait_for("join", 2)
    server.wait_for("events", len(server.seen("events")) + 3)
    server.say("paul", "anew")
    assert running.line() == "paul: anew"
    running.end_input()
    assert running.wait() == 0
    errors = [running.error() for _ in range(3)]
    assert any("its history was lost" in error for error in errors)
