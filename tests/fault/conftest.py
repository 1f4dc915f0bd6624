import os
import random
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from .damaged_data import Chat
from .namespaces import Namespace
from .processes import is_instrumented
from .server import Server

ROOM_BYTES = 512 * 1024 * 1024  # for two segments of the log and a store, and somebody else


@pytest.fixture
def seed():
    """Printed where the test fails; YALLCHAT_SEED=N makes the same choices again."""
    number = int(os.environ.get("YALLCHAT_SEED", random.randrange(1 << 32)))
    print(f"YALLCHAT_SEED={number}")
    return number


@pytest.fixture
def start(tmp_path):
    """start(**settings): a server with data of the test's own; killed after the test."""
    servers = []

    def run(**settings):
        folder = tmp_path / f"server{len(servers)}"
        folder.mkdir()
        servers.append(Server(folder, **settings))
        return servers[-1]

    yield run
    for server in servers:
        server.kill()


@pytest.fixture
def memory_folder(tmp_path):
    """For data in memory, if that has room: where time is judged, nobody should wait for what others
    write to the disk. To be asked for before start, for a server uses it."""
    memory = Path("/dev/shm")
    if not memory.is_dir() or shutil.disk_usage(memory).free < ROOM_BYTES:
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(dir=memory, prefix="yallchat-") as folder:
        yield Path(folder)


@pytest.fixture
def namespace():
    """namespace(kind, within=None): a Namespace that ends with the test."""
    made = []

    def make(kind, within=None):
        made.append(Namespace(kind, within))
        return made[-1]

    yield make
    for one in reversed(made):
        one.close()


@pytest.fixture
def plain_memory():
    """For tests that weigh the server: a sanitizer adds to its memory many times over."""
    if is_instrumented():
        pytest.skip("a sanitizer's own memory hides the server's")


@dataclass
class Lives:
    """A server's data after each of its lives, and what was said in all of them."""

    chat: Chat
    first: Path  # after one life
    stopped: Path  # after two lives, each ended by SIGTERM
    killed: Path  # after a third, ended by kill -9
    said_when_stopped: int


@pytest.fixture(scope="session")
def lives(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lives")
    chat = Chat(folder)
    chat.stop_and_copy(folder / "first")
    chat.server.start()
    chat.stop_and_copy(folder / "stopped")
    said = len(chat.said)
    chat.server.start()
    chat.kill_and_copy(folder / "killed")
    return Lives(chat, folder / "first", folder / "stopped", folder / "killed", said)
