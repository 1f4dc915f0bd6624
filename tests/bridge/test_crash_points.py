"""The bridge dies at each point of a put, towards a server that knows no key: the message is there once.

The server is a fake that knows the original text alone, and stops where the test says."""

import signal
import threading

import pytest

from wechat.wechat_fake import FakeServer, Hang, Reply

from .bridging import CHANNEL, Listener, Person, wait_for
from .conftest import labelled


class Stopping(FakeServer):
    """A put whose text is in stops stops there once: before it is taken, or behind."""

    def __init__(self):
        super().__init__()
        self.before = set()
        self.behind = set()
        self.gone = threading.Event()  # whoever waits for an answer
        self.reached = threading.Event()

    def stop(self):
        self.reached.set()
        self.gone.wait(60)
        raise Hang

    def put(self, request):
        text = request.body.decode()
        if text in self.before:
            self.before.remove(text)
            self.stop()
        reply = super().put(request)
        if text in self.behind:
            self.behind.remove(text)
            self.stop()
        return reply


class Deaf(Stopping):
    """Nobody hears their own messages."""

    def on_events(self, request):
        key = request.header("session")
        while key in self.users:
            reply = super().on_events(request)
            if reply.headers.get("source") != self.users[key]:
                return reply
            request.path = "/chats/octopus/events"
        return Reply(401, {}, b"false")


@pytest.fixture
def ringo(servers):
    return Person(servers(1)[0].address, "ringo")


def bridged(bridge, ringo, server):
    one = bridge(*labelled(ringo.api.address, ("127.0.0.1", server.port)), "--channel", CHANNEL)
    wait_for(lambda: "ringo@a" in server.names)
    return one


def texts(server):
    return [text for _, text in server.messages]


@pytest.fixture
def fake():
    """fake(Kind): a fake server of that kind."""
    made = []

    def make(kind):
        made.append(kind())
        return made[-1]

    yield make
    for server in made:
        server.gone.set()
        server.close()


@pytest.mark.parametrize("where", ["before", "behind"])
def test_killed_while_a_put_is_under_way(fake, bridge, ringo, where):
    server = fake(Stopping)
    one = bridged(bridge, ringo, server)
    getattr(server, where).add("two")
    ringo.say("one")
    wait_for(lambda: one.of_type("carried"))
    ringo.say("two")
    ringo.say("three")
    assert server.reached.wait(60)
    one.kill()
    server.gone.set()
    one.start()
    wait_for(lambda: "three" in texts(server))
    assert texts(server) == ["one", "two", "three"]


@pytest.mark.parametrize("where", ["before", "behind"])
def test_a_put_whose_answer_is_lost(fake, bridge, ringo, where):
    """It is looked for; only one that is not there is put again, and that is told."""
    server = fake(Stopping)
    one = bridged(bridge, ringo, server)
    getattr(server, where).add("two")
    server.gone.set()
    for text in ("one", "two", "two", "three"):
        ringo.say(text)
    wait_for(lambda: "three" in texts(server))
    assert texts(server) == ["one", "two", "two", "three"]
    repeated = [report["from"]["seqnr"] for report in one.of_type("repeated")]
    assert repeated == ([2] if where == "before" else [])


class Slow(Deaf):
    """A put that stopped goes on, and is answered."""

    def stop(self):
        self.reached.set()
        self.gone.wait(60)


def test_a_stop_waits_for_the_put_that_is_under_way(fake, bridge, ringo):
    """So nothing is open when it is started again, though nothing could be read back."""
    server = fake(Slow)
    one = bridged(bridge, ringo, server)
    server.before.add("two")
    ringo.say("one")
    ringo.say("two")
    assert server.reached.wait(60)
    one.process.send_signal(signal.SIGTERM)
    threading.Timer(0.3, server.gone.set).start()
    assert one.wait() == 0
    assert texts(server) == ["one", "two"]
    assert not any("flight" in link.read_text() for link in one.state.glob("link-*"))


@pytest.mark.parametrize("where", ["before", "behind"])
def test_own_messages_that_are_not_echoed_are_put_again_and_that_is_told(fake, bridge, ringo,
                                                                         where):
    """What the bridge says under its own name, to whom nothing of it is read back."""
    server = fake(Deaf)
    server.names.append("ringo@a")  # so that there is no puppet
    one = bridge(*labelled(ringo.api.address, ("127.0.0.1", server.port)), "--channel", CHANNEL)
    wait_for(lambda: one.of_type("refused", **{"as": "ringo@a"}))
    getattr(server, where).add("<ringo@a> two")
    server.gone.set()
    for text in ("one", "two", "three"):
        ringo.say(text)
    wait_for(lambda: "<ringo@a> three" in texts(server))
    twice = [] if where == "before" else ["<ringo@a> two"]
    assert texts(server) == ["<ringo@a> one", "<ringo@a> two", *twice, "<ringo@a> three"]
    assert [report["from"]["seqnr"] for report in one.of_type("repeated")] == [2]


def test_a_channel_that_counts_anew_is_carried_on(fake, bridge, ringo):
    """A server that lost its messages gives their numbers to others."""
    server = fake(Stopping)
    at_a = Listener(ringo.api.address)
    one = bridged(bridge, ringo, server)
    wait_for(lambda: one.of_type("bridging", **{"to": {"side": "a", "channel": CHANNEL}}))
    for n in range(3):
        server.say("paul", f"old {n}")
    at_a.hear_all(3)
    assert one.stop() == 0
    server.messages.clear()
    server.say("paul", "new 1")
    server.say("paul", "new 2")
    server.say("paul", "new 3")
    one.start()
    at_a.hear_all(6)
    assert at_a.said_by("paul@b") == ["old 0", "old 1", "old 2", "new 1", "new 2", "new 3"]


def test_a_session_that_is_lost_while_somebody_has_its_name_is_made_under_another(fake, bridge,
                                                                                   ringo):
    server = fake(Stopping)
    at_a = Listener(ringo.api.address)
    one = bridged(bridge, ringo, server)
    wait_for(lambda: len(one.of_type("bridging")) == 2)
    server.say("paul", "before")
    at_a.hear_all(1)
    server.users = {key: name for key, name in server.users.items() if name != "bridge"}
    wait_for(lambda: "bridge-2" in server.names)
    server.say("paul", "behind")
    assert at_a.hear_all(2) == [("paul@b", "before"), ("paul@b", "behind")]


class Numberless(Stopping):
    seqnr_on_put = False

    def event(self, number):
        reply = super().event(number)
        del reply.headers["seqnr"]
        return reply


def test_a_server_without_numbers_is_bridged_while_the_bridge_is_there(fake, bridge, ringo):
    """And nothing is carried twice when it is started again."""
    server = fake(Numberless)
    at_a = Listener(ringo.api.address)
    one = bridged(bridge, ringo, server)
    wait_for(lambda: len(one.of_type("bridging")) == 2)
    for n in range(3):
        server.say("paul", f"paul {n}")
        ringo.say(f"ringo {n}")
    at_a.hear_all(6)
    wait_for(lambda: len(server.messages) == 6)
    assert one.stop() == 0
    one.reports.clear()
    one.start()
    wait_for(lambda: len(one.of_type("bridging")) == 2)
    server.say("paul", "the last")
    ringo.say("the last")
    at_a.hear_all(8)
    wait_for(lambda: len(server.messages) == 8)
    assert at_a.said_by("paul@b") == ["paul 0", "paul 1", "paul 2", "the last"]
    assert [text for who, text in server.messages if who != "paul"] == \
        ["ringo 0", "ringo 1", "ringo 2", "the last"]
