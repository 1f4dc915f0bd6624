"""Many channels over one WebSocket; and its handshake, by a client that others wrote."""

import asyncio
from contextlib import AsyncExitStack

import pytest
from websockets.exceptions import InvalidStatusCode

from .api import PATIENCE_S, unique
from .websocket_chat import connect, scenario

CHANNELS_A_SOCKET = 64
STREAMS_A_SESSION = 16


# --- Many channels ---


@scenario
async def test_many_channels_over_one_socket(api):
    """64 channels a socket; the next is an error, until one is closed."""
    members = [api.member(unique(), "ringo") for _ in range(CHANNELS_A_SOCKET + 1)]
    *opened, late = members
    async with connect(api, opened[0].channel) as socket:
        for member in opened:
            await socket.open(member)
        error = await socket.refused(type="OPEN", channel=late.channel, session=late.key, ref=1)
        assert (error["channel"], error["ref"]) == (late.channel, 1)
        assert (error["status"], error["reason"]) == (429, "too-many-channels")
        for member in opened:
            member.posted(f"in {member.channel}")
        received = [await socket.next() for _ in opened]
        assert {event["channel"]: event["body"] for event in received} == {
            member.channel: f"in {member.channel}" for member in opened}
        await socket.ask(type="CLOSE", channel=opened[7].channel)
        await socket.open(late)


@scenario
async def test_close_ends_a_subscription_at_once(api, channel, ringo):
    """CLOSED answers; nothing of the channel comes behind it, and it may be opened again."""
    async with connect(api, channel) as socket:
        await socket.open(ringo)
        assert await socket.ask(type="CLOSE", channel=channel) == {"type": "CLOSED",
                                                                   "channel": channel}
        ringo.posted("unheard")
        assert await socket.answers_pings()
        await socket.refused(type="POST", channel=channel, body="x")
        await socket.open(ringo, **{"from": 2})
        ringo.posted("heard")
        assert await socket.messages(1) == [(2, "heard")]


@scenario
async def test_a_channel_is_open_once_a_socket(api, channel, ringo):
    """Else ERROR 409 already-open; the first subscription goes on, whoever asked."""
    paul = api.member(channel, "paul")
    async with connect(api, channel) as socket, connect(api, channel) as other:
        await socket.open(ringo)
        for member in [ringo, paul]:
            error = await socket.refused(type="OPEN", channel=channel, session=member.key)
            assert (error["status"], error["reason"]) == (409, "already-open")
        await other.open(ringo)
        paul.posted("hello")
        assert (await socket.next())["body"] == (await other.next())["body"] == "hello"


@scenario
async def test_without_a_channel_it_is_that_of_the_url(api, channel, ringo):
    """OPEN without channel; names are as in URLs, in any case, and answers have the real one."""
    async with connect(api, channel.upper()) as socket:
        opened = await socket.ask(type="OPEN", session=ringo.key)
        assert (opened["type"], opened["channel"]) == ("DIR", channel)
        error = await socket.refused(type="OPEN", channel=channel.title(), session=ringo.key)
        assert error["reason"] == "already-open"
        assert (await socket.ask(type="CLOSE"))["type"] == "CLOSED"


@scenario
async def test_a_session_has_so_many_streams(api, channel, ringo):
    """16 streams a session; the next gets 429 too-many-streams."""
    async with AsyncExitStack() as stack:
        for _ in range(STREAMS_A_SESSION):
            await (await stack.enter_async_context(connect(api, channel))).open(ringo)
        async with connect(api, channel) as last:
            error = await last.refused(type="OPEN", session=ringo.key)
            assert (error["status"], error["reason"]) == (429, "too-many-streams")


# --- The handshake ---


@scenario
async def test_a_browsers_page_must_be_the_servers_own(api, channel, ringo):
    """A browser's Origin must be the server's own: else 403 foreign-origin."""
    host, port = api.address
    async with connect(api, channel, origin=f"http://{host}:{port}") as socket:
        await socket.open(ringo)
    with pytest.raises(InvalidStatusCode) as refused:
        async with connect(api, channel, origin="https://elsewhere.example"):
            pass
    assert refused.value.status_code == 403
    assert refused.value.headers["reason"] == "foreign-origin"


@scenario
async def test_or_be_allowed_by_name(start_server):
    """Or in the setting cors_origins, exactly."""
    api = start_server(cors_origins="https://app.example").api
    async with connect(api, "octopus", origin="https://app.example") as socket:
        assert await socket.answers_pings()
    with pytest.raises(InvalidStatusCode):
        async with connect(api, "octopus", origin="https://app.example.evil"):
            pass


@scenario
async def test_compression_is_not_agreed_on(api, channel, ringo):
    """No extension is needed; who offers one does without."""
    async with connect(api, channel, compression="deflate", subprotocols=["chat"]) as socket:
        assert (socket.connection.extensions, socket.connection.subprotocol) == ([], None)
        await socket.open(ringo)
        assert (await socket.post(ringo, "x" * 10_000))["seqnr"] == 1


@scenario
async def test_the_library_closes_as_it_should(api, channel, ringo):
    """The client's code is echoed, and nothing is left open."""
    async with connect(api, channel) as socket:
        await socket.open(ringo)
        await asyncio.wait_for(socket.connection.close(4001, "bye"), PATIENCE_S)
        assert socket.connection.close_code == 4001
