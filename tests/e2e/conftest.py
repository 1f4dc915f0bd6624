"""Fixtures: real servers, and wechat in a real terminal with a home of the test's own."""

import os
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from conformance.api import Api, unique
from conformance.server_process import ServerProcess

from foreign import launch
from foreign.forwarder import Forwarder

from .terminal import Terminal

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(os.environ.get("YALLCHAT_BIN", ROOT / "build/release/bin")).resolve()
WECHAT = str(BIN / "wechat")


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The one that tests share which need no setting of their own."""
    process = ServerProcess(tmp_path_factory.mktemp("shared"))
    yield process
    process.stop()


@pytest.fixture
def own_server(tmp_path_factory):
    """own_server(SETTINGS...): a server that the test may stop."""
    servers = []

    def start(**settings):
        servers.append(ServerProcess(tmp_path_factory.mktemp("own"), **settings))
        return servers[-1]
    yield start
    for process in servers:
        process.kill()


@pytest.fixture
def api(server) -> Api:
    return server.api


@pytest.fixture
def channel():
    return unique()


@pytest.fixture
def environment(tmp_path):
    """Nothing of the surroundings but the sanitizers' settings."""
    kept = {name: os.environ[name] for name in ("PATH", "ASAN_OPTIONS") if name in os.environ}
    home = tmp_path / "home"
    home.mkdir()
    return kept | {"HOME": str(home), "TERM": "xterm-256color", "TZ": "UTC"}


@pytest.fixture
def terminal(environment):
    """terminal(COMMAND, width=, height=, VARIABLE=...): ended with the test."""
    terminals = []

    def run(command, width=80, height=24, **variables):
        terminals.append(Terminal(command, environment | variables, width, height))
        return terminals[-1]
    yield run
    for one in terminals:
        one.close()


def url_of(api, channel):
    """api: what has an address."""
    host, port = api.address
    return f"{host}:{port}/chats/{channel}"


@pytest.fixture
def config(environment):
    """config(TEXT): what the user has set; gives the file."""
    def write(text):
        file = Path(environment["HOME"]) / ".config/wechat/config.toml"
        file.parent.mkdir(parents=True)
        file.write_text(text)
        return file
    return write


@pytest.fixture
def foreign_server():
    """One that was written from the original text alone, by strangers."""
    with launch.running() as url:
        parts = urlsplit(url)
        yield SimpleNamespace(address=(parts.hostname, parts.port))


@pytest.fixture
def forwarder():
    """forwarder(SERVER): between the server and its clients; it may be cut."""
    forwarders = []

    def start(server):
        forwarders.append(Forwarder(server.api.address))
        return forwarders[-1]
    yield start
    for one in forwarders:
        one.close()


@pytest.fixture
def chat(terminal, api, channel):
    """chat(USER, ARGS...): wechat in the test's channel, once it is there."""
    def start(user="ringo", *arguments, to=None, at=None, **more):
        url = url_of(at or api, to or channel)
        one = terminal([WECHAT, *arguments, user, url], **more)
        one.wait_for("live")
        return one
    return start
