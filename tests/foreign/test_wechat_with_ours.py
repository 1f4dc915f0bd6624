"""wechat, the terminal client, meets strangers' clients on this project's server."""

import json

import pytest

from conformance.api import unique
from conformance.server_process import ServerProcess
from conformance.waiting import wait_until
from wechat.conftest import Running

from .clients import ALL, BACKLOG, KeepAlive
from .forwarder import Forwarder

FAST = ("--interval", "20ms")


@pytest.fixture(scope="module")
def servers(tmp_path_factory):
    """servers(**settings): a server's address."""
    started = {}

    def address(**settings):
        chosen = tuple(settings.items())
        if chosen not in started:
            started[chosen] = ServerProcess(tmp_path_factory.mktemp("ours"), **settings)
        return started[chosen].api.address

    yield address
    for server in started.values():
        server.kill()


@pytest.fixture
def wechat():
    """wechat(USERNAME, URL...): a run in the background, ended with the test."""
    started = []

    def run(*arguments):
        started.append(Running(*arguments))
        return started[-1]

    yield run
    for running in started:
        running.process.kill()
        running.process.wait()


@pytest.fixture
def forward():
    """forward(ADDRESS...): something between it and a client, ended with the test."""
    forwarders = []

    def make(*arguments, **more):
        forwarders.append(Forwarder(*arguments, **more))
        return forwarders[-1]

    yield make
    for forwarder in forwarders:
        forwarder.close()


@pytest.fixture
def room():
    return unique()


def url_of(address, room):
    return "{}:{}/chats/{}".format(*address, room)


def stranger(kind, address, room, name):
    client = kind(position=1) if kind in BACKLOG else kind()
    assert client.join("http://{}:{}".format(*address), room, name)
    return client


def rest_of(running):
    """The lines until it has ended."""
    return list(iter(running.line, None))


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_wechat_and_a_stranger_talk(servers, wechat, room, kind):
    """Each hears the other and itself, once and in order, and sees the other come and go."""
    paul = stranger(kind, servers(), room, "paul")
    ringo = wechat("ringo", url_of(servers(), room), *FAST)
    assert ringo.line() == "* here: paul, ringo"
    assert wait_until(paul.poll) == ("DIR", ["paul", "ringo"])
    ringo.type("hello\n")
    assert ringo.line() == "ringo: hello"
    assert wait_until(paul.poll) == ("MSG", 1, "ringo", "hello")
    assert paul.put("☺ he said\n\"hi\"") and ringo.line() == "paul: ☺ he said \"hi\""
    assert wait_until(paul.poll) == ("MSG", 2, "paul", "☺ he said\n\"hi\"")
    assert paul.leave() and ringo.line() == "* paul left"
    ringo.end_input()
    assert ringo.wait() == 0
    assert rest_of(ringo) == [] and ringo.error() is None
    paul.close()


def test_the_backlog_is_printed_once_and_then_it_ends(servers, wechat, room):
    paul = stranger(KeepAlive, servers(), room, "paul")
    assert all(paul.put(f"message {n}") for n in range(1, 151))
    for begin, url in (1, url_of(servers(), room)), (83, url_of(servers(), room) + "/83"):
        done = wechat("ringo", url, "--poll", "--json")
        events = [json.loads(line) for line in rest_of(done)]
        assert [(e["seqnr"], e["body"]) for e in events if e["type"] == "MSG"] == \
            [(n, f"message {n}") for n in range(begin, 151)]
        assert done.wait() == 0
    paul.close()


def test_a_taken_name_is_exit_3(servers, wechat, room):
    paul = stranger(KeepAlive, servers(), room, "paul")
    second = wechat("paul", url_of(servers(), room))
    assert second.wait() == 3 and rest_of(second) == []
    assert paul.put("I am still here")
    paul.close()


def test_a_refused_channel_is_exit_3(servers, wechat):
    address = servers(max_channels=1)
    paul = stranger(KeepAlive, address, "octopus", "paul")
    refused = wechat("ringo", url_of(address, "zebra"))
    assert refused.wait() == 3 and rest_of(refused) == []
    paul.close()


def test_what_is_said_is_pushed(servers, wechat, room):
    """To readers that would ask but once a minute, in the order in which it was said."""
    readers = [wechat(f"reader{n}", url_of(servers(), room), "--interval", "60s", "-q")
               for n in range(3)]
    paul = stranger(KeepAlive, servers(), room, "paul")
    for n, reader in enumerate(readers):
        reader.type("I am reading\n")
        assert f"reader{n}: I am reading" in iter(reader.line, None)
    for n in range(100):
        assert paul.put(f"number {n}")
    for reader in readers:
        heard = iter(reader.line, "paul: number 99")
        assert [line for line in heard if line.startswith("paul: ")] == \
            [f"paul: number {n}" for n in range(99)]
    paul.close()


def test_who_comes_and_goes_is_pushed(servers, wechat, room):
    ringo = wechat("ringo", url_of(servers(), room), "--interval", "60s")
    assert ringo.line() == "* here: ringo"
    ringo.type("I am reading\n")
    assert ringo.line() == "ringo: I am reading"
    paul = stranger(KeepAlive, servers(), room, "paul")
    assert ringo.line() == "* paul joined"
    assert paul.put("hello") and ringo.line() == "paul: hello"
    assert paul.leave() and ringo.line() == "* paul left"
    paul.close()


def test_a_session_that_the_server_ended_is_made_anew(servers, wechat, room, forward):
    """Nothing that was said meanwhile is missed, and nothing comes twice."""
    address = servers(session_timeout="1s")
    keeper = wechat("keeper", url_of(address, room), *FAST)
    assert keeper.line() == "* here: keeper"
    between = forward(address)
    sleeper = wechat("sleeper", url_of(between.address, room), *FAST, "-q")
    assert keeper.line() == "* sleeper joined"
    said = [f"message {n}" for n in range(20)]
    keeper.type("\n".join(said[:10]) + "\n")
    assert [sleeper.line() for _ in range(10)] == [f"keeper: {text}" for text in said[:10]]
    between.cut()
    assert [keeper.line() for _ in range(11)][-1] == "* sleeper left"
    keeper.type("\n".join(said[10:]) + "\n")
    assert [keeper.line() for _ in range(10)][-1] == f"keeper: {said[-1]}"
    between.restore()
    assert keeper.line() == "* sleeper joined"
    keeper.type("the end\n")
    assert [sleeper.line() for _ in range(11)] == \
        [f"keeper: {text}" for text in [*said[10:], "the end"]]


def test_a_proxy_that_eats_streams_makes_nobody_deaf(servers, wechat, room, forward):
    between = forward(servers(), eats_streams=True)
    ringo = wechat("ringo", url_of(between.address, room), *FAST)
    assert ringo.line() == "* here: ringo"
    paul = stranger(KeepAlive, servers(), room, "paul")
    assert ringo.line() == "* paul joined"
    assert all(paul.put(f"message {n}") for n in range(50))
    assert [ringo.line() for _ in range(50)] == [f"paul: message {n}" for n in range(50)]
    ringo.type("hello\n")
    assert ringo.line() == "ringo: hello"
    ringo.end_input()
    assert ringo.wait() == 0 and rest_of(ringo) == []
    paul.close()


def test_kill_9_in_the_middle_of_a_conversation_loses_and_doubles_nothing(tmp_path, request, wechat):
    server = ServerProcess(tmp_path)
    request.addfinalizer(lambda: server.kill())
    address = server.api.address
    reader = wechat("reader", url_of(address, "octopus") + "/1", "-q")
    writers = [wechat(f"writer{n}", url_of(address, "octopus"), "-q") for n in range(2)]
    said = [f"line {n}" for n in range(400)]
    heard = []
    for writer in writers:
        writer.type("\n".join(said) + "\n")
    for kill_after in (100, 300, 500):
        heard += [reader.line() for _ in range(kill_after - len(heard))]
        server.kill()
        server = ServerProcess(tmp_path, listen="{}:{}".format(*address))
    heard += [reader.line() for _ in range(800 - len(heard))]
    for n in range(2):
        assert [text for text in heard if text.startswith(f"writer{n}: ")] == \
            [f"writer{n}: {text}" for text in said]
    for running in (*writers, reader):
        running.end_input()
        assert running.wait() == 0
    assert rest_of(reader) == []


def test_a_server_that_was_started_again_is_found_again(tmp_path, request, wechat):
    """On the same address, with the same data: each line is said once, also that in between."""
    server = ServerProcess(tmp_path)
    request.addfinalizer(server.kill)
    address = server.api.address
    ringo = wechat("ringo", url_of(address, "octopus"), *FAST, "-q")
    for number in range(5):
        ringo.type(f"before {number}\n")
        assert ringo.line() == f"ringo: before {number}"
    assert server.stop() == 0
    ringo.type("while it is away\n")
    again = ServerProcess(tmp_path, listen="{}:{}".format(*address))
    request.addfinalizer(again.kill)
    assert ringo.line() == "ringo: while it is away"
    ringo.end_input()
    assert ringo.wait() == 0 and rest_of(ringo) == []
