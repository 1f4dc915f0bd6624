"""The strangers meet each other."""
import itertools
import time
from contextlib import ExitStack

import pytest

from .clients import (
    ALL, BACKLOG, Chunked, EverySeqHeader, EverySeqPath, Expecting,
    KeepAlive, NaiveUrllib, PercentPath, RawUtf8Path,
)  # fmt: skip
from .launch import running
from .reading import Surprise

VARIANTS = [
    "",
    "--http11",
    "--no-length",
    "--directory=newlines",
    "--directory=commas --http11",
    "--nothing=null",
    "--nothing=false --http11",
    "--nothing=empty-array",
    "--nothing=empty --http11",
    "--no-put-seqnr",
    "--refuse-channels --known octopus-" + " --known octopus-".join(k.__name__ for k in ALL),
    "--backlog-in-path --http11",
]
LENIENT_VARIANTS = [
    "--directory=plain",
    "--plain-text-bodies --http11",
    "--plain-text-bodies --directory=commas",
    "--json-object-events",
    "--json-object-events --directory=newlines",
]
TEXT = 'he said "hi",\n{"a": 1} \\ 100% + żółw &=?'
fresh_number = itertools.count()


@pytest.fixture(scope="module")
def servers():
    """Each variant is started once, when it is first needed."""
    started = {}
    with ExitStack() as stack:
        def url(variant):
            if variant not in started:
                started[variant] = stack.enter_context(running(*variant.split()))
            return started[variant]

        yield url


@pytest.fixture
def room():
    return f"octopus{next(fresh_number)}"


def wait_event(client, seconds=3):
    return wait_until(client.poll, seconds)


def wait_until(condition, seconds=3):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := condition():
            return found
    pytest.fail("it did not happen in time")


def make(kind, lenient=False):
    client = kind()
    client.lenient = lenient
    return client


def converse(url, room, kind, lenient=False):
    """A whole life of one kind of client, with a friend of a plain kind."""
    ann, bob, other = make(kind, lenient), make(KeepAlive, lenient), make(kind, lenient)
    assert ann.join(url, room, "ann")
    assert ann.status == 200 and ann.session
    assert ann.poll() is None
    assert bob.join(url, room, "bob")
    assert wait_event(ann) == ("DIR", ["ann", "bob"])
    assert ann.directory() == bob.directory() == ["ann", "bob"]

    assert not other.join(url, room, "ann")
    assert other.session is None

    assert bob.put(TEXT)
    assert wait_event(ann) == ("MSG", 1, "bob", TEXT)
    assert wait_event(bob) == ("MSG", 1, "bob", TEXT)
    assert ann.put("") and ann.put(TEXT)
    assert wait_event(bob) == ("MSG", 2, "ann", "")
    assert wait_event(bob) == ("MSG", 3, "ann", TEXT)
    assert bob.poll() is None

    assert bob.leave()
    assert wait_event(ann) == ("DIR", ["ann"])
    assert ann.leave()
    assert not ann.put("too late")
    assert ann.poll() is None and ann.status == 403
    ann.close(), bob.close(), other.close()


def pairs(variants, without=()):
    for variant, kind in itertools.product(variants, ALL):
        if kind is EverySeqPath and "--backlog-in-path" not in variant:
            continue  # its paths are not understood
        if kind not in without:
            name = f"{kind.__name__}-{variant.partition(' --known')[0]}"
            yield pytest.param(variant, kind, id=name)


@pytest.mark.parametrize("variant, kind", pairs(VARIANTS))
def test_conversation(servers, room, variant, kind):
    if "--known" in variant:
        room = "octopus-" + kind.__name__
    converse(servers(variant), room, kind)


@pytest.mark.parametrize("variant, kind", pairs(LENIENT_VARIANTS, without=[NaiveUrllib]))
def test_lenient_conversation(servers, room, variant, kind):
    converse(servers(variant), room, kind, lenient=True)


def test_strict_clients_are_surprised(servers, room):
    client = KeepAlive()
    with pytest.raises(Surprise):
        client.join(servers("--directory=plain"), room, "ann")
    client.close()


def test_taken_name(servers, room):
    for variant, status in ("", 409), ("--join-refusal-without-session", 200):
        for kind in NaiveUrllib, KeepAlive:
            room += "x"
            assert make(kind).join(servers(variant), room, "ann")
            second = make(kind)
            assert not second.join(servers(variant), room, "ann")
            assert second.status == status and second.session is None


@pytest.mark.parametrize("kind", [k for k in ALL if k is not EverySeqPath])
def test_refused_channel(servers, kind):
    url = servers("--refuse-channels")
    client = kind()
    assert not client.join(url, "unknown", "ann")
    assert client.status == 200
    assert client.join(url, "octopus", kind.__name__)


def test_path_position_needs_its_flag(servers, room):
    client = EverySeqPath()
    assert not client.join(servers(""), room, "ann")
    assert client.status == 404


def speak(url, room, count):
    bob = NaiveUrllib()
    assert bob.join(url, room, "bob")
    for number in range(1, count + 1):
        assert bob.put(f"message {number}")
    assert bob.leave()


@pytest.mark.parametrize("kind", BACKLOG)
def test_backlog(servers, room, kind):
    url = servers("--backlog-in-path")
    speak(url, room, 5)
    ann = kind(position=3)
    assert ann.join(url, room, "ann")
    numbers = [wait_event(ann)[1] for _ in range(3)]
    assert numbers == [3, 4, 5]
    assert ann.poll() is None


@pytest.mark.parametrize("kind", BACKLOG)
def test_position_beyond_the_messages(servers, room, kind):
    url = servers("--backlog-in-path")
    ann = kind(position=83)
    assert ann.join(url, room, "ann")
    assert ann.put("first") and wait_event(ann)[1] == 1
    assert ann.poll() is None


def test_no_backlog_without_asking(servers, room):
    speak(servers(""), room, 2)
    ann = NaiveUrllib()
    assert ann.join(servers(""), room, "ann")
    assert ann.poll() is None


@pytest.mark.parametrize("kind", BACKLOG)
def test_directory_to_the_joiner_comes_before_the_backlog(servers, room, kind):
    url = servers("--backlog-in-path --dir-to-joiner")
    speak(url, room, 2)
    ann = kind(position=1)
    assert ann.join(url, room, "ann")
    assert wait_event(ann) == ("DIR", ["ann"]) and ann.directory() == ["ann"]
    assert [wait_event(ann)[1] for _ in range(2)] == [1, 2]
    assert ann.poll() is None


def test_thousand_messages_are_kept(servers, room):
    url = servers("--backlog-in-path --http11")
    bob = KeepAlive()
    assert bob.join(url, room, "bob")
    for number in range(1003):
        assert bob.put(str(number))
    assert bob.connects == 1
    late = EverySeqHeader(position=1)
    assert late.join(url, room, "late")
    assert late.poll()[1] == 4
    bob.close()


def test_number_of_a_put(servers, room):
    for variant, expected in ("", "1"), ("--no-put-seqnr", None):
        ann = NaiveUrllib()
        assert ann.join(servers(variant), room, "ann") and ann.put("hello")
        assert ann.put_seqnr == expected


def test_keep_alive_keeps_its_connection(servers, room):
    ann = KeepAlive()
    assert ann.join(servers("--http11"), room, "ann")
    assert ann.put("one") and ann.poll() and ann.poll() is None and ann.leave()
    assert ann.connects == 1
    ann.close()


def test_expecting_is_told_to_continue(servers, room):
    for variant, times in ("--http11", 1), ("", 0):
        ann = Expecting()
        assert ann.join(servers(variant), room, "ann") and ann.put("hello")
        assert ann.continued == times


def test_long_message_in_chunks(servers, room):
    ann = Chunked()
    assert ann.join(servers("--http11"), room, "ann")
    assert ann.put("ü" * 3000)
    assert wait_event(ann) == ("MSG", 1, "ann", "ü" * 3000)


@pytest.mark.parametrize("kind", [KeepAlive, PercentPath, RawUtf8Path])
def test_names_beyond_ascii(servers, kind):
    room = f"öctopüs{next(fresh_number)}"
    ann, bob = kind(), PercentPath()
    assert ann.join(servers("--http11"), room, "Jürgen")
    assert bob.join(servers("--http11"), room, "bob")
    assert bob.directory() == ["Jürgen", "bob"]
    assert ann.put("hello")
    assert wait_event(bob) == ("MSG", 1, "Jürgen", "hello")
    ann.close()


def test_nobody_speaks_for_another(servers, room):
    ann, bob = KeepAlive(), KeepAlive()
    assert ann.join(servers(""), room, "ann") and bob.join(servers(""), room, "bob")
    bob.user = "ann"
    assert not bob.put("I am ann") and bob.status == 403
    bob.session = None
    assert bob.directory() is None and not bob.leave()
    ann.close(), bob.close()


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_idle_users_are_removed(room, status):
    with running("--session-timeout", "0.3", f"--gone={status}") as url:
        idle, awake = NaiveUrllib(), KeepAlive()
        assert idle.join(url, room, "idle") and awake.join(url, room, "awake")
        assert wait_event(awake) == ("DIR", ["awake"])
        assert idle.poll() is None and idle.status == status
        assert idle.directory() is None and not idle.put("hello?")
        assert idle.join(url, room, "idle")
        awake.close()
