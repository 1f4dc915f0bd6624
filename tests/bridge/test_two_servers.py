"""Two servers of ours, and one bridge: who is seen where, and what is said."""

from .bridging import Person, wait_for


def everybody(person):
    """Who is there but those who only serve the test."""
    return [n for n in person.names() if not n.startswith(("listener", "bridge"))]


def test_what_is_said_on_one_side_is_said_on_the_other_by_the_same_person(two):
    both = two()
    ringo, paul = Person(both.a, "ringo"), Person(both.b, "paul")
    wait_for(lambda: "ringo@a" in both.at_b.names() and "paul@b" in both.at_a.names())
    ringo.say("hello")
    both.at_b.hear_all(1)
    paul.say("☺ he said\n\"hi\"")
    assert both.at_a.hear_all(2) == [("ringo", "hello"), ("paul@b", "☺ he said\n\"hi\"")]
    assert both.at_b.hear_all(2) == [("ringo@a", "hello"), ("paul", "☺ he said\n\"hi\"")]
