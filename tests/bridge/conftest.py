import os
import random

import pytest

from conformance.server_process import ServerProcess

from .bridging import CHANNEL, Bridge, Listener, url_of, wait_for


@pytest.fixture
def seed():
    """Printed where the test fails; YALLCHAT_SEED=N makes the same choices again."""
    number = int(os.environ.get("YALLCHAT_SEED", random.randrange(1 << 32)))
    print(f"YALLCHAT_SEED={number}")
    return number


class OurServer:
    """A server of ours that is killed and started again at the same address."""

    def __init__(self, folder, **settings):
        self.folder = folder
        self.settings = settings
        self.process = ServerProcess(folder, **settings)
        self.address = self.process.api.address

    def kill(self):
        self.process.kill()

    def pause(self):
        self.process.pause()

    def go_on(self):
        self.process.go_on()

    def start(self):
        self.process = ServerProcess(self.folder, listen="{}:{}".format(*self.address),
                                     **self.settings)


@pytest.fixture
def servers(tmp_path):
    """servers(count, **settings): servers of ours."""
    started = []

    def make(count, **settings):
        made = []
        for _ in range(count):
            folder = tmp_path / f"server{len(started)}"
            folder.mkdir()
            started.append(OurServer(folder, **settings))
            made.append(started[-1])
        return made

    yield make
    for server in started:
        server.kill()


@pytest.fixture
def bridge(tmp_path):
    """bridge(URL..., OPTION...): ended with the test. Each has a state of its own."""
    started = []

    def run(*arguments, state=None):
        started.append(Bridge(*arguments, state=state or tmp_path / f"state{len(started)}"))
        return started[-1]

    yield run
    for one in started:
        if one.process.poll() is None:
            one.kill()
        print("".join(f"{report}\n" for report in one.reports), "".join(one.errors))


@pytest.fixture
def two(servers, bridge):
    """two(OPTION...): two servers a and b of ours, with a bridge between octopus and octopus that
    carries what is said from now on."""
    class Two:
        pass

    def make(*options, state=None, **settings):
        both = Two()
        both.servers = servers(2, **settings)
        both.a, both.b = [server.address for server in both.servers]
        both.at_a, both.at_b = Listener(both.a), Listener(both.b)
        both.bridge = bridge(*labelled(both.a, both.b), "--channel", CHANNEL, *options, state=state)
        links = 1 if "--one-way" in options else 2
        wait_for(lambda: len(both.bridge.of_type("bridging")) == links)
        return both

    return make


def labelled(*addresses):
    """URLs, with a, b, c for labels."""
    arguments = [url_of(address) for address in addresses]
    for label, address in zip("abcdef", addresses):
        arguments += ["--label", f"{url_of(address)}={label}"]
    return arguments
