"""What keeps a server from starting is said, and is exit status 1."""

import re
import socket

import pytest

from .server import Refused


def test_a_data_directory_in_use(start):
    """A second server on the same data ends with 1 and names the directory and who holds it; the
    first goes on."""
    server = start()
    with pytest.raises(Refused) as refused:
        start(data=server.folder / "data")
    assert refused.value.code == 1
    assert f"{server.folder}/data is in use by another process (pid {server.pid})" \
        in refused.value.words
    assert server.api.member("octopus", "ringo").posted("hello") == 1


def test_a_port_in_use(start):
    """Ends with 1 and names the address."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(Refused) as refused:
            start(listen=address)
    assert refused.value.code == 1
    assert re.search(f"cannot listen on {address}: .*in use", refused.value.words)


def test_data_that_cannot_be_a_directory(start, tmp_path):
    """Ends with 1 and names it."""
    (tmp_path / "file").write_text("not a directory")
    with pytest.raises(Refused) as refused:
        start(data=tmp_path / "file")
    assert refused.value.code == 1
    assert f"{tmp_path}/file" in refused.value.words


def test_a_database_of_somebody_else(start, tmp_path):
    """A file in the store's place that is none: refused, and left as it is."""
    folder = tmp_path / "foreign"
    folder.mkdir()
    (folder / "yallchat.db").write_bytes(b"not a database" * 1000)
    with pytest.raises(Refused) as refused:
        start(data=folder)
    assert refused.value.code == 1
    assert "yallchat.db" in refused.value.words
    assert (folder / "yallchat.db").read_bytes() == b"not a database" * 1000
