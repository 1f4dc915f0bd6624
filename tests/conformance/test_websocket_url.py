"""What the URL of a WebSocket, and the headers of its upgrade, say of where to begin."""

import pytest

from .websocket_client import WebSocketConnection, handshake, upgrade_fields


@pytest.fixture
def said(ringo):
    """Five messages, of which the session has read none."""
    for n in range(1, 6):
        ringo.posted(f"{n}")
    return ringo


@pytest.mark.parametrize("url, first", [
    ({"verb": "events?from=3"}, 3),
    ({"verb": "4/events"}, 4),
    ({"verb": "events", "headers": {"seqnr": "2"}}, 2),
    ({"verb": "4/events?from=3", "headers": {"Last-Event-ID": "4"}}, 5),
])
def test_it_is_where_the_channel_of_the_url_begins(api, said, url, first):
    with WebSocketConnection(api.address, said.channel, **url) as socket:
        socket.open(said)
        assert [socket.read_json()["seqnr"] for _ in range(first, 6)] == list(range(first, 6))


def test_a_frame_that_says_where_to_begin_counts_first(api, said):
    with WebSocketConnection(api.address, said.channel, verb="events?from=3") as socket:
        socket.open(said, **{"from": 5})
        assert socket.read_json()["seqnr"] == 5


def test_it_counts_once_and_for_no_other_channel(api, said):
    """Whoever opens the channel again goes on at the session's cursor."""
    paul = api.member(f"{said.channel}2", "paul")
    paul.posted("one")
    paul.posted("two")
    with WebSocketConnection(api.address, said.channel, verb="events?from=5") as socket:
        socket.open(paul)
        assert socket.read_json()["seqnr"] == 1
        assert socket.read_json()["seqnr"] == 2
        socket.open(said)
        assert socket.read_json()["seqnr"] == 5
        socket.send_json({"type": "CLOSE"})
        assert socket.read_json()["type"] == "CLOSED"
        socket.open(said)
        assert socket.read_json()["seqnr"] == 1


@pytest.mark.parametrize("verb, headers", [
    ("events?from=abc", {}),
    ("events?from=-1", {}),
    ("events?from=1&from=2", {}),
    ("events", {"Last-Event-ID": "x"}),
])
def test_what_is_no_number_is_400(raw, channel, verb, headers):
    answer = raw.ask(handshake(channel, upgrade_fields() | headers, verb=verb))
    assert (answer.status, answer["reason"]) == (400, "bad-seqnr")
