"""Two servers of ours, and one bridge: what is said, and who is seen."""

import socket
from urllib.parse import quote, unquote

import pytest

from .bridging import CHANNEL, Listener, Person, url_of, wait_for
from .conftest import labelled


def test_what_is_said_on_one_side_is_said_on_the_other_by_the_same_person(two):
    both = two()
    ringo, paul = Person(both.a, "ringo"), Person(both.b, "paul")
    wait_for(lambda: "ringo@a" in both.at_b.names() and "paul@b" in both.at_a.names())
    ringo.say("hello")
    both.at_b.hear_all(1)
    paul.say("☺ he said\n\"hi\"")
    assert both.at_a.hear_all(2) == [("ringo", "hello"), ("paul@b", "☺ he said\n\"hi\"")]
    assert both.at_b.hear_all(2) == [("ringo@a", "hello"), ("paul", "☺ he said\n\"hi\"")]


def test_where_a_message_has_been_is_told_with_it(two):
    both = two()
    ringo = Person(both.a, "ringo")
    wait_for(lambda: "ringo@a" in both.at_b.names())
    ringo.say("hello")
    both.at_b.hear_all(1)
    event = both.at_b.api.call("GET", both.at_b.path + "/events", both.at_b.key,
                               headers={"seqnr": "1"})
    assert event["origin"] == "a/octopus/1"


def test_joins_and_leaves_follow(two):
    both = two()
    ringo = Person(both.a, "ringo")
    wait_for(lambda: both.at_b.names() == ["bridge", "listener", "listener@a", "ringo@a"])
    paul = Person(both.b, "paul")
    wait_for(lambda: both.at_a.names() ==
             ["bridge", "listener", "listener@b", "paul@b", "ringo"])
    ringo.leave()
    wait_for(lambda: "ringo@a" not in both.at_b.names())
    paul.leave()
    wait_for(lambda: both.at_a.names() == ["bridge", "listener", "listener@b"])


def test_who_says_something_and_goes_is_heard(two):
    both = two()
    for n in range(5):
        ringo = Person(both.a, f"ringo{n}")
        ringo.say("hello")
        ringo.leave()
    both.at_b.hear_all(5)
    assert [who for who, _ in both.at_b.heard] == [f"ringo{n}@a" for n in range(5)]
    wait_for(lambda: both.at_b.names() == ["bridge", "listener", "listener@a"])


def test_a_name_that_somebody_holds_stands_before_the_text(two):
    both = two()
    holder = Person(both.b, "ringo@a")
    ringo = Person(both.a, "ringo")
    wait_for(lambda: both.bridge.of_type("refused", **{"as": "ringo@a"}))
    ringo.say("hello")
    assert both.at_b.hear_all(1) == [("bridge", "<ringo@a> hello")]
    holder.say("it is mine")  # a is a label: it is taken for a puppet
    ringo.say("again")
    both.at_b.hear_all(3)
    assert both.at_a.hear_all(2) == [("ringo", "hello"), ("ringo", "again")]


def test_a_name_that_is_too_long_stands_before_the_text(two):
    both = two()
    name = "r" * 32
    Person(both.a, name).say("hello")
    assert both.at_b.hear_all(1) == [("bridge", f"<{name}@a> hello")]


def test_a_person_with_at_in_the_name_is_carried_unless_it_is_a_label(two):
    both = two()
    for name in ("zoe@home", "eve@b"):
        Person(both.a, name).say(f"I am {name}")
    Person(both.a, "ringo").say("the last")
    assert both.at_b.hear_all(2) == [("zoe@home@a", "I am zoe@home"), ("ringo@a", "the last")]
    assert "eve@b@a" not in both.at_b.names()


@pytest.mark.parametrize("name", ["x@", "@x", "x@@y", "@", "日本語", "zoë@b@"])
def test_any_name_that_a_person_may_have_is_seen_and_heard(two, name):
    both = two()
    person = Person(both.a, name)
    wait_for(lambda: f"{name}@a" in both.at_b.names())
    person.say("hello", {"source": quote(name)})
    wait_for(lambda: both.at_b.hear())
    assert [(unquote(who), text) for who, text in both.at_b.heard] == [(f"{name}@a", "hello")]
    both.at_b.say("hello yourself")
    assert both.at_a.hear_all(2)[1] == ("listener@b", "hello yourself")


def test_by_ipv6(servers, bridge):
    with socket.socket(socket.AF_INET6) as probe:
        try:
            probe.bind(("::1", 0))
        except OSError:
            pytest.skip("there is no IPv6 here")
        port = probe.getsockname()[1]
    a, b = servers(1)[0].address, servers(1, listen=f"[::1]:{port}")[0].address
    at_a, at_b = Listener(a), Listener(b)
    bridge(url_of(a), f"[::1]:{port}", "--channel", CHANNEL, "--label", f"{url_of(a)}=a",
           "--label", f"[::1]:{port}=b")
    wait_for(lambda: "listener@b" in at_a.names() and "listener@a" in at_b.names())
    at_b.say("hello")
    assert at_a.hear_all(1) == [("listener@b", "hello")]


def test_a_label_is_written_as_servers_write_names(servers, bridge):
    """Else nobody would know by it what came from there."""
    a, b = (server.address for server in servers(2))
    at_a, at_b = Listener(a), Listener(b)
    bridge(url_of(a), url_of(b), "--channel", CHANNEL, "--label", f"{url_of(a)}=cafe\u0301")
    wait_for(lambda: "listener@caf\u00e9" in at_b.names())
    at_a.say("hello")
    at_b.hear_all(1)
    at_b.say("the last")
    at_a.hear_all(2)
    assert [text for _, text in at_a.heard] == ["hello", "the last"]


def test_who_quotes_is_carried(two):
    """Also what looks as if a bridge had said it."""
    both = two()
    Person(both.a, "ringo").say("<paul@b> indeed")
    assert both.at_b.hear_all(1) == [("ringo@a", "<paul@b> indeed")]


def test_beyond_200_puppets_names_stand_before_the_text(two):
    both = two()
    crowd = [Person(both.a, f"user{n}") for n in range(200)]  # and the listener
    wait_for(lambda: len([n for n in both.at_b.names() if n.endswith("@a")]) == 200)
    for person in crowd:
        person.say(f"I am {person.name}")
    both.at_b.hear_all(200)
    puppets = [(f"{p.name}@a", f"I am {p.name}") for p in crowd]
    named = [("bridge", f"<{p.name}@a> I am {p.name}") for p in crowd]
    outside = [n for n, heard in enumerate(both.at_b.heard) if heard != puppets[n]]
    assert len(outside) == 1 and both.at_b.heard[outside[0]] == named[outside[0]]
    crowd[(outside[0] + 1) % 200].leave()  # there is room for one
    wait_for(lambda: f"{crowd[outside[0]].name}@a" in both.at_b.names())


def test_a_name_that_is_refused_takes_nobodys_room(two):
    both = two()
    Person(both.b, "user0@a")
    crowd = [Person(both.a, f"user{n}") for n in range(200)]  # and the listener
    puppets = {f"user{n}@a" for n in range(200)} | {"listener@a"}
    wait_for(lambda: puppets <= set(both.at_b.names()))
    crowd[0].say("hello")
    assert both.at_b.hear_all(1) == [("bridge", "<user0@a> hello")]
    assert [report["as"] for report in both.bridge.of_type("refused")] == ["user0@a"]


def test_a_message_that_is_too_long_over_there_is_told_and_the_next_are_carried(servers, bridge):
    a, b = servers(1)[0].address, servers(1, limits={"max_message": 100})[0].address
    at_b = Listener(b)
    one = bridge(*labelled(a, b), "--channel", CHANNEL)
    ringo = Person(a, "ringo")
    wait_for(lambda: "ringo@a" in at_b.names())
    ringo.say("x" * 101)
    ringo.say("short")
    assert at_b.hear_all(1) == [("ringo@a", "short")]
    [report] = one.of_type("not-carried")
    assert report["from"] == {"side": "a", "channel": CHANNEL, "seqnr": 1}
    assert "too-long" in report["detail"]


@pytest.mark.parametrize("taken", [1, 2])
def test_its_own_name_is_numbered_where_it_is_taken(servers, bridge, taken):
    a, b = (server.address for server in servers(2))
    for name in ("relay", "relay-2")[:taken]:
        Person(b, name)
    at_b = Listener(b)
    bridge(*labelled(a, b), "--channel", CHANNEL, "--as", "relay")
    wait_for(lambda: f"relay-{taken + 1}" in at_b.names())
