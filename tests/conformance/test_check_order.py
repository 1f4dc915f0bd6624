"""Where a request is wrong in two ways, the first check in this order answers: path 404, method
405, names and numbers 400, key 401, channel 404, key of another channel 403, source 403, media and
body."""

import pytest

from .api import unique


@pytest.fixture
def stranger(api):
    """A member of another channel."""
    return api.member(unique(), "ringo")


def test_path_before_method(api):
    """Unknown path with a method that no path has: 404."""
    assert api.call("DELETE", "/nothing").status == 404


def test_path_before_names(api):
    """Unknown verb after a bad name: 404."""
    assert api.call("GET", "/chats/a%2Cb/nothing").status == 404
    assert api.call("GET", "/chats/a%zz/nothing").status == 404
    assert api.call("GET", "/nothing/a%zz").status == 404


def test_method_before_names(api):
    """Wrong method with a bad name: 405."""
    assert api.call("DELETE", "/chats/a%2Cb/directory").status == 405
    assert api.call("DELETE", "/chats/a%zz/directory").status == 405
    assert api.call("DELETE", f"/chats/a/{10 ** 20}/directory").status == 405


def test_method_before_key(api, channel):
    """Wrong method without a key: 405."""
    assert api.call("DELETE", f"/chats/{channel}/directory").status == 405


def test_names_before_key(api):
    """Bad name without a key: 400."""
    assert api.call("GET", "/chats/a%2Cb/directory").status == 400


def test_numbers_before_key(api, channel):
    """Bad number without a key: 400."""
    assert api.call("GET", f"/chats/{channel}/events?from=x").status == 400
    assert api.call("GET", f"/chats/{channel}/events", headers={"seqnr": "x"}).status == 400


def test_key_before_channel(api):
    """Unknown channel without a key: 401, so that a stranger learns nothing of channels."""
    assert api.call("GET", f"/chats/{unique()}/directory").status == 401


def test_channel_before_foreign_key(api, stranger):
    """Unknown channel with a key of another one: 404."""
    assert api.call("GET", f"/chats/{unique()}/directory", stranger.key).status == 404


def test_key_before_body(api, ringo):
    """No key and a bad body: 401."""
    path = ringo.path("messages")
    assert api.call("PUT", path, body=b"\xff").status == 401
    assert api.call("PUT", path, body=b"x", headers={"Content-Encoding": "gzip"}).status == 401


def test_foreign_key_before_body(api, ringo, stranger):
    """A key of another channel and a bad body: 403."""
    assert api.call("PUT", ringo.path("messages"), stranger.key, b"\xff").status == 403


def test_source_before_media_and_body(ringo):
    """A foreign source and a bad body: 403."""
    assert ringo.post(b"\xff", {"source": "paul"}).status == 403
    assert ringo.post("hello", {"source": "paul", "Content-Encoding": "gzip"}).status == 403


def test_framing_before_all(raw):
    """A request that cannot be framed is answered for that, whatever it asks."""
    answer = raw.ask(b"DELETE /nothing HTTP/1.1\r\nHost: here\r\nContent-Length: x\r\n\r\n")
    assert answer.status == 400
    assert raw.is_closed_by_server()
