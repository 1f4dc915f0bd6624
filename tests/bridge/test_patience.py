"""Sides that are away or ask for patience, bridges that are away, and sessions that end."""

import runpy
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from foreign.forwarder import Forwarder
from wechat.wechat_fake import FakeServer, Reply

from .bridging import CHANNEL, Author, Listener, Person, wait_for
from .conftest import labelled

running = runpy.run_path(
    str(Path(__file__).resolve().parents[1] / "foreign" / "launch.py"))["running"]


def test_what_is_said_while_the_bridge_is_away_is_carried_when_it_is_back(two):
    both = two()
    ringo, paul = Person(both.a, "ringo"), Person(both.b, "paul")
    ringo.say("before")
    both.at_b.hear_all(1)
    assert both.bridge.stop() == 0
    assert both.at_b.names() == ["listener", "paul"]
    for n in range(20):
        ringo.say(f"ringo {n}")
        paul.say(f"paul {n}")
    ringo.leave()
    both.bridge.start()
    both.at_a.hear_all(41)
    both.at_b.hear_all(41)
    assert both.at_b.said_by("ringo@a") == ["before", *(f"ringo {n}" for n in range(20))]
    assert both.at_a.said_by("paul@b") == [f"paul {n}" for n in range(20)]


def test_after_a_kill_it_takes_its_sessions_up_again(two):
    """Nobody is refused the name that is held by the bridge's own earlier session."""
    both = two(session_timeout="10m")
    ringo = Person(both.a, "ringo")
    wait_for(lambda: "ringo@a" in both.at_b.names())
    both.bridge.kill()
    names = both.at_b.names()
    both.bridge.start()
    ringo.say("hello")
    assert both.at_b.hear_all(1) == [("ringo@a", "hello")]
    assert both.at_b.names() == names
    assert both.bridge.of_type("refused") == []


def test_a_dead_side_is_waited_for_while_the_others_are_bridged_on(servers, bridge):
    three = servers(3)
    a, b, c = (server.address for server in three)
    at_a, at_b = Listener(a), Listener(b)
    bridge(*labelled(a, b, c), "--channel", CHANNEL)
    ringo, paul, john = Person(a, "ringo"), Person(b, "paul"), Person(c, "john")
    wait_for(lambda: {"paul@b", "john@c"} <= set(at_a.names()))
    wait_for(lambda: {"ringo@a", "john@c"} <= set(at_b.names()))
    three[2].kill()
    for n in range(50):
        ringo.say(f"ringo {n}")
        paul.say(f"paul {n}")
    at_a.hear_all(100)
    at_b.hear_all(100)
    three[2].start()
    at_c = Listener(c)
    at_c.hear_all(100)
    for source, listener in (("paul@b", at_a), ("paul", at_b), ("paul@b", at_c)):
        assert listener.said_by(source) == [f"paul {n}" for n in range(50)]
    assert at_c.said_by("ringo@a") == [f"ringo {n}" for n in range(50)]
    john.say("I am back")
    at_a.hear_all(101)


def test_a_side_that_is_not_there_at_first_is_waited_for(servers, bridge):
    one, other = servers(2)
    other.kill()
    at_a = Listener(one.address)
    bridge(*labelled(one.address, other.address), "--channel", CHANNEL)
    wait_for(lambda: "bridge" in at_a.names())
    at_a.say("hello?")
    other.start()
    at_b = Listener(other.address)
    assert at_b.hear_all(1) == [("listener@a", "hello?")]


def test_more_than_may_wait_is_read_again_later(servers, bridge):
    """While a side is away more is said than the bridge keeps."""
    one, other = servers(2)
    bridge(*labelled(one.address, other.address), "--channel", CHANNEL)
    at_b = Listener(other.address)
    ringo = Author(one.address, "ringo", 1100)
    wait_for(lambda: "ringo@a" in at_b.names())
    other.kill()
    ringo.start()
    ringo.join()
    other.start()
    at_b.hear_all(1100)
    assert at_b.said_by("ringo@a") == ringo.texts
    assert len(at_b.hear()) == 1100


class Refusing(Forwarder):
    """Between a server and the bridge; where it says so, the bridge's own name is held."""

    refused = None  # how often

    def _pass_on(self, source, to, eaten):
        join = f"PUT /chats/{CHANNEL}/join/bridge ".encode()
        try:
            while data := source.recv(65536):
                if self.refused is not None and data.startswith(join):
                    self.refused += 1
                    source.sendall(b"HTTP/1.1 409 Conflict\r\nyallchat: 1\r\nreason: name-taken\r\n"
                                   b"Content-Length: 5\r\n\r\nfalse")
                else:
                    to.sendall(data)
        except OSError:
            pass
        self._end(source)
        self._end(to)


def test_what_is_read_again_is_read_though_the_bridge_is_refused_its_name(servers, bridge):
    one, other = servers(2, session_timeout="10m")
    between = Refusing(one.address)
    made = bridge(*labelled(between.address, other.address), "--one-way", "--channel", CHANNEL)
    at_b = Listener(other.address)
    wait_for(lambda: made.of_type("bridging"))
    other.kill()
    ringo = Author(one.address, "ringo", 1300)
    ringo.run()
    between.refused = 0
    other.start()
    at_b.hear_all(1300)
    assert between.refused and at_b.said_by("ringo@a") == ringo.texts


def test_sides_that_were_away_at_different_times_are_both_given_what_they_missed(servers, bridge):
    """What one of them must have again begins before what the other must."""
    one, early, late = servers(3)
    bridge(*labelled(one.address, early.address, late.address), "--one-way", "--channel", CHANNEL)
    listeners = [Listener(early.address), Listener(late.address)]
    ringo = Author(one.address, "ringo", 1200)
    paul = Author(one.address, "paul", 1500)
    wait_for(lambda: all({"ringo@a", "paul@a"} <= set(at.names()) for at in listeners))
    early.kill()
    ringo.run()
    listeners[1].hear_all(1200)
    late.kill()
    paul.run()
    early.start()
    late.start()
    # Both take what waits for them before they can be given more.
    one.pause()
    listeners[0].hear_all(1024)
    listeners[1].hear_all(1200 + 1024)
    one.go_on()
    for at in listeners:
        at.hear_all(2700)
        assert at.said_by("ringo@a") == ringo.texts
        assert at.said_by("paul@a") == paul.texts


class Choosy(FakeServer):
    """Lets nobody in but the bridge itself."""

    def __init__(self, status):
        super().__init__()
        self.status = status

    def on_join(self, request):
        if not request.path.endswith("/bridge"):
            return Reply(self.status, {}, b"false")
        return super().on_join(request)


@pytest.mark.parametrize("status", [400, 403, 404])
def test_where_no_puppet_is_let_in_names_stand_before_the_text(servers, bridge, status):
    server = Choosy(status)
    try:
        ringo = Person(servers(1)[0].address, "ringo")
        one = bridge(*labelled(ringo.api.address, ("127.0.0.1", server.port)), "--channel", CHANNEL)
        [report] = wait_for(lambda: one.of_type("refused"))
        assert report["as"] == "ringo@a" and str(status) in report["detail"]
        for n in range(3):
            ringo.say(f"text {n}")
        wait_for(lambda: len(server.messages) == 3)
        assert server.messages == [("bridge", f"<ringo@a> text {n}") for n in range(3)]
    finally:
        server.close()


class Patient(FakeServer):
    """Every third put is asked to come again in a second."""

    puts = 0

    def put(self, request):
        self.puts += 1
        if self.puts % 3 == 2:
            return Reply(429, {"Retry-After": "1"}, b"false")
        self.times.append(time.monotonic())
        return super().put(request)

    def __init__(self):
        super().__init__()
        self.times = []


def test_429_is_obeyed_and_order_is_kept(servers, bridge):
    server = Patient()
    try:
        ringo = Person(servers(1)[0].address, "ringo")
        bridge(*labelled(ringo.api.address, ("127.0.0.1", server.port)), "--channel", CHANNEL)
        wait_for(lambda: "ringo@a" in server.names)
        for n in range(5):
            ringo.say(f"text {n}")
        wait_for(lambda: len(server.messages) == 5)
        assert server.messages == [("ringo@a", f"text {n}") for n in range(5)]
        assert server.times[1] - server.times[0] >= 0.9
    finally:
        server.close()


def test_a_session_that_the_server_ends_is_made_anew(two):
    """Also the bridge's own: nothing is missed."""
    both = two(session_timeout="1s")
    ringo = Author(both.a, "ringo", 200)
    wait_for(lambda: "ringo@a" in both.at_b.names())
    ringo.start()
    for user in ("bridge", "ringo@a"):
        for server in both.servers:
            server.process.admin.kick(CHANNEL, user)
    both.at_b.hear_all(200)
    assert [text for _, text in both.at_b.heard] == ringo.texts


@pytest.mark.parametrize("through", ["a stranger", "ours"])
def test_a_chain_of_bridges_tells_each_hop(servers, bridge, through):
    a, c = (server.address for server in servers(2))
    with running("--session-timeout", "60") as url:
        b = servers(1)[0].address if through == "ours" else (urlsplit(url).hostname,
                                                            urlsplit(url).port)
        at_a, at_c = Listener(a), Listener(c)
        for one, other in (("a", "b"), ("b", "c")):
            where = {"a": a, "b": b, "c": c}
            urls = ["{}:{}".format(*where[label]) for label in (one, other)]
            bridge(*urls, f"--label={urls[0]}={one}", f"--label={urls[1]}={other}",
                   "--channel", CHANNEL)
        ringo = Person(a, "ringo")
        wait_for(lambda: "ringo@a@b" in at_c.names())
        ringo.say("hello")
        assert at_c.hear_all(1) == [("ringo@a@b", "hello")]
        at_c.say("hello ringo")
        assert at_a.hear_all(2) == [("ringo", "hello"), ("listener@c@b", "hello ringo")]


@pytest.mark.parametrize("through", ["a stranger", "ours"])
def test_the_same_words_again_after_a_restart_are_not_taken_for_those_of_before(servers, bridge,
                                                                                through):
    """What this bridge has brought itself says nothing of another way."""
    a, c = (server.address for server in servers(2, session_timeout="10m"))
    with running("--session-timeout", "60") as url:
        b = servers(1)[0].address if through == "ours" else (urlsplit(url).hostname,
                                                            urlsplit(url).port)
        where = {"a": a, "b": b, "c": c}
        made = []
        for one, other in ("ab", "bc"):
            urls = ["{}:{}".format(*where[label]) for label in (one, other)]
            made.append(bridge(*urls, f"--label={urls[0]}={one}", f"--label={urls[1]}={other}",
                               "--channel", CHANNEL))
        at_c, ringo = Listener(c), Person(a, "ringo")
        wait_for(lambda: "ringo@a@b" in at_c.names())
        for n in range(3):
            ringo.say("ok")
            assert at_c.hear_all(n + 1) == [("ringo@a@b", "ok")] * (n + 1)
            made[1].kill()
            made[1].start()


def test_a_cycle_with_a_stranger_in_it(servers, bridge):
    """It keeps no origin and knows no keys: that the shorter way brings a message is seen by its
    author and text."""
    a, b = (server.address for server in servers(2))
    with running("--http11") as url:
        c = urlsplit(url).hostname, urlsplit(url).port
        where = {"a": a, "b": b, "c": c}
        listeners = {label: Listener(address) for label, address in where.items()}
        for one, other in ("ab", "bc", "ca"):
            urls = ["{}:{}".format(*where[label]) for label in (one, other)]
            bridge(*urls, f"--label={urls[0]}={one}", f"--label={urls[1]}={other}",
                   "--channel", CHANNEL)
        authors = [Author(where[label], name, 50)
                   for label, name in (("a", "ringo"), ("b", "paul"), ("c", "john"))]
        for author, home in zip(authors, "abc"):
            for label, listener in listeners.items():
                if label != home:
                    wait_for(lambda: [n for n in listener.names()
                                      if n.startswith(author.person.name)] ==
                             [f"{author.person.name}@{home}"])
        for author in authors:
            author.start()
        for listener in listeners.values():
            listener.hear_all(150)
        for author in authors:
            author.join()
        for listener in listeners.values():
            texts = [text for _, text in listener.hear()]
            assert sorted(texts) == sorted(sum((author.texts for author in authors), []))
