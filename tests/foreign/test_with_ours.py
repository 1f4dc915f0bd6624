"""The strangers' clients meet this project's server."""

import itertools
from urllib.parse import unquote

import pytest

from conformance.api import unique
from conformance.server_process import ServerProcess
from conformance.waiting import at_once, wait_until

from .clients import ALL, BACKLOG, EverySeqPath, KeepAlive, NaiveUrllib
from .test_self import TEXT

# NaiveUrllib sends the "ü" in `source` in Latin-1: urllib writes headers so.
NAMES = ["ann", "Jürgen"]
KINDS = pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)


@pytest.fixture(scope="module")
def start(tmp_path_factory):
    """Gives the URL of a server with these settings, which is started when it is first needed."""
    servers = {}

    def url(**settings):
        chosen = tuple(settings.items())
        if chosen not in servers:
            servers[chosen] = ServerProcess(tmp_path_factory.mktemp("ours"), **settings)
        return "http://{}:{}".format(*servers[chosen].api.address)

    yield url
    for server in servers.values():
        server.kill()


@pytest.fixture
def ours(start):
    return start()


@pytest.fixture
def room():
    return unique()


def make(kind):
    """Those who always name a position begin at the beginning, as their text has it."""
    return kind(position=1) if kind in BACKLOG else kind()


def read_all(client):
    """The messages that wait, as (seqnr, source, text), and the directories."""
    messages, directories = [], []
    while event := client.poll():
        if event[0] == "MSG":
            messages.append((event[1], unquote(event[2]), event[3]))
        else:
            directories.append(event[1])
    return messages, directories


@KINDS
@pytest.mark.parametrize("name", NAMES)
def test_a_conversation(ours, room, kind, name):
    """A whole life: every message comes once, in the server's order, to both."""
    room += name
    ann, bob = make(kind), KeepAlive()
    assert ann.join(ours, room, name) and ann.status == 200 and ann.session
    assert ann.directory() == [name]
    assert bob.join(ours, room, "bob")
    assert wait_until(ann.poll) == ("DIR", sorted([name, "bob"]))
    assert ann.directory() == bob.directory() == sorted([name, "bob"])

    said = []
    for number in range(1, 4):
        for client in (bob, ann):
            said.append((len(said) + 1, client.user, f"{TEXT} {number}"))
            assert client.put(said[-1][2])
            assert int(client.put_seqnr) == len(said)
    assert read_all(ann) == read_all(bob) == (said, [])
    assert ann.put("more") and read_all(ann) == ([(7, name, "more")], [])

    assert ann.leave()
    assert read_all(bob) == ([(7, name, "more")], [["bob"]])
    assert not ann.put("too late") and ann.directory() is None and not ann.leave()
    ann.close(), bob.close()


def test_all_of_them_in_one_room_hear_the_same(ours, room):
    """All talk at once, and each hears everybody once, in one order, also itself."""
    clients = [make(kind) for kind in ALL]
    for client, kind in zip(clients, ALL):
        assert client.join(ours, room, kind.__name__)
        assert client.directory() == sorted(k.__name__ for k in ALL[:ALL.index(kind) + 1])

    def talk(client):
        return lambda: [client.put(f"{client.user} {n}") for n in range(5)]

    assert all(itertools.chain(*at_once([talk(client) for client in clients])))
    heard = [messages for messages, _ in at_once([lambda c=c: read_all(c) for c in clients])]
    assert [number for number, _, _ in heard[0]] == list(range(1, 5 * len(ALL) + 1))
    assert all(messages == heard[0] for messages in heard)
    for client in clients:
        mine = [text for _, source, text in heard[0] if source == client.user]
        assert mine == [f"{client.user} {n}" for n in range(5)]
        assert client.leave()
        client.close()


@pytest.mark.parametrize("kind", BACKLOG)
def test_the_backlog(ours, room, kind):
    """From the number on, each message once, then what is new."""
    bob = NaiveUrllib()
    assert bob.join(ours, room, "bob")
    assert all(bob.put(f"message {n}") for n in range(1, 6))
    ann = kind(position=3)
    assert ann.join(ours, room, "ann")
    assert read_all(ann)[0] == [(n, "bob", f"message {n}") for n in range(3, 6)]
    assert bob.put("new") and read_all(ann)[0] == [(6, "bob", "new")]


@pytest.mark.parametrize("kind", [k for k in ALL if k not in BACKLOG])
def test_no_backlog_without_asking(ours, room, kind):
    bob, ann = NaiveUrllib(), kind()
    assert bob.join(ours, room, "bob") and bob.put("early")
    assert ann.join(ours, room, "ann") and ann.poll() is None
    ann.close()


@KINDS
def test_a_taken_name(ours, room, kind):
    first, second = make(kind), make(kind)
    assert first.join(ours, room, "ann")
    assert not second.join(ours, room, "ann")
    assert second.session is None
    assert kind is NaiveUrllib or second.status == 409
    first.close(), second.close()


@KINDS
def test_a_refused_channel(start, kind):
    """The channels are as many as are allowed: false, and no session."""
    url = start(max_channels=1)
    assert make(kind).join(url, "octopus", kind.__name__)
    other = make(kind)
    assert not other.join(url, "zebra", kind.__name__)
    assert other.session is None and other.status == 403


@pytest.mark.parametrize("kind", [NaiveUrllib, KeepAlive, EverySeqPath])
def test_idle_users_are_removed(start, room, kind):
    """... are told so, and may come again."""
    url = start(session_timeout="1s")
    idle, awake = make(kind), KeepAlive()
    assert idle.join(url, room, "idle") and awake.join(url, room, "awake")
    assert wait_until(awake.poll) == ("DIR", ["awake"])
    assert idle.poll() is None and idle.status == 401
    assert idle.directory() is None and not idle.put("hello?")
    assert idle.join(url, room, "idle")
    awake.close(), idle.close()
