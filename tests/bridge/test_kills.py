"""kill -9 in the middle of many messages: on each side the same texts, each once, in each author's
order."""

import random

import pytest

from fault.counts import tenth_of

from .bridging import Author, wait_for

MESSAGES = 4 * tenth_of(250)
KILLS = tenth_of(20)


def check(both, authors):
    everything = sum(len(author.texts) for author in authors)
    for listener, here in ((both.at_a, both.a), (both.at_b, both.b)):
        listener.hear_all(everything)
        for author in authors:
            at_home = author.person.api.address == here
            label = "a" if author.person.api.address == both.a else "b"
            name = author.person.name if at_home else f"{author.person.name}@{label}"
            assert listener.said_by(name) == author.texts, name
    assert len(both.at_a.hear()) == len(both.at_b.hear()) == everything


def talk_and_kill(both, seed, victim):
    rng = random.Random(seed)
    per_author = MESSAGES // 4
    authors = [Author(both.a, "ringo", per_author), Author(both.a, "john", per_author),
               Author(both.b, "paul", 2 * per_author)]
    wait_for(lambda: {"ringo@a", "john@a"} <= set(both.at_b.names()))
    for author in authors:
        author.start()
    for moment in sorted(rng.sample(range(1, MESSAGES), KILLS)):
        wait_for(lambda: len(both.at_a.hear()) >= moment or not any(a.is_alive() for a in authors))
        victim.kill()
        victim.start()
    for author in authors:
        author.join()
    check(both, authors)


def test_the_bridge_is_killed_again_and_again(two, seed):
    both = two()
    talk_and_kill(both, seed, both.bridge)


@pytest.mark.parametrize("which", [0, 1])
def test_a_server_is_killed_again_and_again(two, seed, which):
    both = two(session_timeout="10m")
    talk_and_kill(both, seed, both.servers[which])
