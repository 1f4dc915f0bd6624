"""A server of ours and one that a stranger wrote from the original text alone (tests/foreign)."""

import random
import runpy
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from fault.counts import tenth_of

from .bridging import CHANNEL, Author, Listener, Person, wait_for
from .conftest import labelled

running = runpy.run_path(
    str(Path(__file__).resolve().parents[1] / "foreign" / "launch.py"))["running"]
VARIANTS = [(), ("--backlog-in-path", "--http11"), ("--no-put-seqnr",), ("--nothing=null",),
            ("--join-refusal-without-session", "--directory=array", "--dir-to-joiner")]
MESSAGES = tenth_of(800)  # a stranger keeps 1000
KILLS = tenth_of(20)


@pytest.fixture(params=VARIANTS, ids=" ".join)
def stranger(request):
    with running(*request.param) as url:
        yield urlsplit(url).hostname, urlsplit(url).port


@pytest.fixture
def our_server(servers):
    return servers(1, session_timeout="10m")[0]


@pytest.fixture
def ours(our_server):
    return our_server.address


@pytest.fixture
def bridged(ours, stranger, bridge):
    """The listeners on both sides, and the bridge: a is ours, b the stranger's."""
    listeners = Listener(ours), Listener(stranger)
    return *listeners, bridge(*labelled(ours, stranger), "--channel", CHANNEL)


def test_both_see_and_hear_each_other(ours, stranger, bridged):
    at_a, at_b, _ = bridged
    ringo, paul = Person(ours, "ringo"), Person(stranger, "paul")
    wait_for(lambda: "ringo@a" in at_b.names() and "paul@b" in at_a.names())
    ringo.say("hello")
    at_b.hear_all(1)
    paul.say("hello")
    ringo.say("hello")
    assert sorted(at_a.hear_all(3)) == [("paul@b", "hello"), ("ringo", "hello"), ("ringo", "hello")]
    assert sorted(at_b.hear_all(3)) == [("paul", "hello"), ("ringo@a", "hello"),
                                        ("ringo@a", "hello")]
    paul.leave()
    wait_for(lambda: "paul@b" not in at_a.names())


def test_what_was_said_before_the_bridge_is_not_carried(ours, stranger, bridge):
    """Neither when it is started, nor when it is started again before anything new was said."""
    at_a = Listener(ours)
    paul = Person(stranger, "paul")
    for n in range(20):
        paul.say(f"before {n}")
    one = bridge(*labelled(ours, stranger), "--channel", CHANNEL)
    wait_for(lambda: "paul@b" in at_a.names())
    assert one.stop() == 0
    one.start()
    wait_for(lambda: "paul@b" in at_a.names())
    paul.say("now")
    assert at_a.hear_all(1) == [("paul@b", "now")]


def test_what_is_said_while_the_bridge_is_away_is_carried_when_it_is_back(ours, stranger, bridged):
    at_a, at_b, one = bridged
    ringo, paul = Person(ours, "ringo"), Person(stranger, "paul")
    wait_for(lambda: "ringo@a" in at_b.names() and "paul@b" in at_a.names())
    ringo.say("one")
    at_b.hear_all(1)
    paul.say("two")
    at_a.hear_all(2)
    assert one.stop() == 0
    for n in range(5):
        ringo.say(f"ringo {n}")
        paul.say(f"paul {n}")
    one.start()
    at_a.hear_all(12)
    at_b.hear_all(12)
    assert at_a.said_by("paul@b") == ["two", *(f"paul {n}" for n in range(5))]
    assert at_b.said_by("ringo@a") == ["one", *(f"ringo {n}" for n in range(5))]


@pytest.mark.parametrize("victim", ["the bridge", "our server"])
def test_one_is_killed_again_and_again(our_server, ours, stranger, bridged, seed, victim):
    at_a, at_b, one = bridged
    killed = one if victim == "the bridge" else our_server
    rng = random.Random(seed)
    authors = [Author(ours, "ringo", MESSAGES // 2), Author(stranger, "paul", MESSAGES // 2)]
    wait_for(lambda: "ringo@a" in at_b.names() and "paul@b" in at_a.names())
    for author in authors:
        author.start()
    for moment in sorted(rng.sample(range(1, MESSAGES), KILLS)):
        wait_for(lambda: len(at_a.hear()) >= moment)
        killed.kill()
        killed.start()
    at_a.hear_all(MESSAGES)
    at_b.hear_all(MESSAGES)
    assert at_a.said_by("paul@b") == authors[1].texts
    assert at_b.said_by("ringo@a") == authors[0].texts
    assert len(at_a.hear()) == len(at_b.hear()) == MESSAGES
