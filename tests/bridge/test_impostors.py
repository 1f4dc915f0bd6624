"""Who makes up names, origins and keys keeps nobody's message away."""

import pytest

from .bridging import CHANNEL, Listener, Person, url_of, wait_for


def key_of(hop):
    return {"Idempotency-Key": hop, "origin": hop}


@pytest.mark.parametrize("name, text", [("mallory", "hello"), ("mallory@a", "hello"),
                                        ("ringo@a@x", "goodbye")])
def test_who_uses_up_the_key_that_a_message_will_have_keeps_it_not_away(two, name, text):
    both = two()
    mallory = Person(both.b, name)
    mallory.say(text, key_of(f"a/{CHANNEL}/1"))
    ringo = Person(both.a, "ringo")
    ringo.say("hello")
    ringo.say("again")
    assert both.at_b.hear_all(3) == [(name, text), ("ringo@a", "hello"), ("ringo@a", "again")]


def test_a_message_that_found_its_key_used_up_is_put_once_whatever_dies(two):
    both = two()
    Person(both.b, "mallory@a").say("mine", key_of(f"a/{CHANNEL}/1"))
    both.servers[1].pause()
    ringo = Person(both.a, "ringo")
    ringo.say("hello")
    both.bridge.kill()
    both.servers[1].go_on()
    both.bridge.start()
    ringo.say("again")
    assert both.at_b.hear_all(3)[1:] == [("ringo@a", "hello"), ("ringo@a", "again")]


def test_two_servers_of_one_label_are_both_heard(servers, bridge):
    """Behind two bridges, of which neither knows of the other; their messages have the same numbers."""
    one, other, b = (server.address for server in servers(3))
    at_b = Listener(b)
    for address in (one, other):
        made = bridge(url_of(address), url_of(b), "--label", f"{url_of(address)}=a",
                      "--label", f"{url_of(b)}=b", "--channel", CHANNEL, "--one-way")
        wait_for(lambda: made.of_type("bridging"))
    for address, who in ((one, "john"), (other, "george")):
        person = Person(address, who)
        wait_for(lambda: f"{who}@a" in at_b.names())
        person.say(f"I am {who}")
    assert sorted(at_b.hear_all(2)) == [("george@a", "I am george"), ("john@a", "I am john")]


def test_who_makes_up_an_origin_keeps_no_message_of_another_bridges_away(servers, bridge):
    """A chain a-b-c; mallory is on c, and says what looks brought from a by a shorter way."""
    a, b, c = (server.address for server in servers(3))
    where = {"a": a, "b": b, "c": c}
    for near, far in ("ab", "bc"):
        bridge(*(url_of(where[label]) for label in (near, far)), "--channel", CHANNEL,
               *(f"--label={url_of(where[label])}={label}" for label in (near, far)))
    at_c, ringo = Listener(c), Person(a, "ringo")
    wait_for(lambda: "ringo@a@b" in at_c.names())
    Person(c, "mallory@a").say("hello", {"origin": f"a/{CHANNEL}/1"})
    at_c.hear_all(1)
    ringo.say("hello")
    assert at_c.hear_all(2)[1] == ("ringo@a@b", "hello")
