"""Fixtures: the server under test, a channel of the test's own, and servers with settings of their
own."""

from urllib.parse import urlsplit

import pytest

from .api import Api, unique
from .event_stream import NDJSON, SSE, EventStream
from .raw_connection import RawConnection
from .server_process import ServerProcess


def pytest_addoption(parser):
    parser.addoption("--url", help="test the server at this URL (http://host:port), start none")


@pytest.fixture(scope="session")
def api(request, tmp_path_factory):
    """The server that all tests share which need no setting of their own."""
    url = request.config.getoption("--url", None)
    if url:
        parts = urlsplit(url)
        assert parts.scheme == "http" and parts.hostname, "--url wants http://host:port"
        yield Api(parts.hostname, parts.port or 80)
        return
    server = ServerProcess(tmp_path_factory.mktemp("shared"))
    yield server.api
    server.stop()


@pytest.fixture
def start_server(request, tmp_path_factory):
    """Starts a server with settings of the test's own; ended after the test."""
    if request.config.getoption("--url", None):
        pytest.skip("needs a server of its own")
    servers = []

    def start(**settings):
        servers.append(ServerProcess(tmp_path_factory.mktemp("own"), **settings))
        return servers[-1]

    yield start
    for server in servers:
        server.kill()


@pytest.fixture
def channel():
    return unique()


@pytest.fixture
def ringo(api, channel):
    """The channel's first member."""
    return api.member(channel, "ringo")


@pytest.fixture
def raw(api):
    """A connection to the shared server for exact bytes."""
    with RawConnection(api.address) as connection:
        yield connection


@pytest.fixture(params=[SSE, NDJSON])
def stream(request):
    """stream(member, **request): an open one, of either kind; closed after the test."""
    opened = []

    def start(member, **more):
        opened.append(EventStream(member, request.param, **more))
        assert opened[-1].answer.status == 200, opened[-1].answer
        return opened[-1]

    yield start
    for one in opened:
        one.close()
