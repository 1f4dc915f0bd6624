"""Bridges A-B, B-C and C-A: each message reaches each server once."""

import random

import pytest

from fault.counts import tenth_of

from .bridging import CHANNEL, Author, Listener, url_of, wait_for

MESSAGES = tenth_of(600)
KILLS = tenth_of(20)


class Cycle:
    def __init__(self, addresses, bridge):
        self.addresses = addresses
        self.bridges = [self.between(bridge, one, other) for one, other in ((0, 1), (1, 2), (2, 0))]
        self.listeners = [Listener(address) for address in addresses]

    def between(self, bridge, one, other):
        urls = [url_of(self.addresses[n]) for n in (one, other)]
        labels = [f"--label={url}={'abc'[n]}" for url, n in zip(urls, (one, other))]
        return bridge(*urls, *labels, "--channel", CHANNEL)

    def wait_until_all_are_seen(self, name, home):
        """Everywhere, and by the direct way alone."""
        label = "abc"[home]
        for n, listener in enumerate(self.listeners):
            if n != home:
                wait_for(lambda: [x for x in listener.names() if x.startswith(name)] ==
                         [f"{name}@{label}"])

    def check(self, authors):
        everything = sum(len(author.texts) for author in authors)
        for listener in self.listeners:
            listener.hear_all(everything)
        for n, listener in enumerate(self.listeners):
            heard = [text for _, text in listener.hear()]
            assert len(heard) == everything
            for author in authors:
                assert [text for text in heard if text in author.texts] == author.texts


@pytest.fixture
def three(servers):
    return servers(3, session_timeout="10m")


@pytest.fixture
def cycle(three, bridge):
    return Cycle([server.address for server in three], bridge)


def authors_of(cycle, each):
    return [Author(address, name, each)
            for address, name in zip(cycle.addresses, ("ringo", "paul", "john"))]


def test_each_message_reaches_each_server_once(cycle):
    authors = authors_of(cycle, MESSAGES // 3)
    for home, author in enumerate(authors):
        cycle.wait_until_all_are_seen(author.person.name, home)
    for author in authors:
        author.start()
    cycle.check(authors)


def test_also_what_is_said_before_anybody_is_seen(cycle):
    """Whichever way is first: all that the ways agree about is the message's own key."""
    wait_for(lambda: all("bridge-2" in listener.names() for listener in cycle.listeners))
    authors = authors_of(cycle, 5)
    for author in authors:
        author.start()
    cycle.check(authors)


@pytest.mark.parametrize("victims", ["bridges", "servers"])
def test_while_some_are_killed(cycle, three, seed, victims):
    rng = random.Random(seed)
    victims = cycle.bridges if victims == "bridges" else three
    authors = authors_of(cycle, MESSAGES // 3)
    for home, author in enumerate(authors):
        cycle.wait_until_all_are_seen(author.person.name, home)
    for author in authors:
        author.start()
    for moment in sorted(rng.sample(range(1, MESSAGES), KILLS)):
        wait_for(lambda: len(cycle.listeners[0].hear()) >= moment)
        victim = rng.choice(victims)
        victim.kill()
        victim.start()
    cycle.check(authors)
