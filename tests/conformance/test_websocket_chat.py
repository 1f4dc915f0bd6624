"""What is read over a WebSocket, by a client that others wrote: events of one channel."""

import asyncio

import pytest
from websockets.exceptions import ConnectionClosed

from .api import unique
from .waiting import at_once
from .websocket_chat import connect, scenario

MESSAGES = 1100  # more than history=1000 keeps


# --- Events ---


@scenario
async def test_a_directory_answers_open(api, channel, ringo):
    """DIR: who is there; first in each stream. Its seqnr is that of the last message before it."""
    api.member(channel, "paul")
    ringo.posted("before")
    async with connect(api, channel) as socket:
        directory = await socket.open(ringo, **{"from": 2})
        assert directory == {"type": "DIR", "channel": channel, "seqnr": 1,
                             "users": ["paul", "ringo"]}


@scenario
async def test_the_ref_of_an_open_comes_back_in_its_directory(api, channel, ringo):
    """And in no other."""
    async with connect(api, channel) as socket:
        directory = await socket.open(ringo, ref="r\"é")
        assert directory == {"type": "DIR", "channel": channel, "seqnr": 0, "users": ["ringo"],
                             "ref": "r\"é"}
        await socket.ask(type="CLOSE", channel=channel)
        assert (await socket.open(ringo, ref=7))["ref"] == 7
        await socket.ask(type="CLOSE", channel=channel)
        assert "ref" not in await socket.open(ringo)


@scenario
async def test_messages_come_as_they_are_posted(api, channel, ringo):
    """In the one shape of an event, with the numbers and texts that polls have."""
    paul = api.member(channel, "paul")
    async with connect(api, channel) as socket:
        await socket.open(ringo)
        paul.posted("hello\n\"κόσμε\" 🐙")
        event = await socket.next()
        assert list(event) == ["type", "channel", "seqnr", "source", "body", "time"]
        time = event.pop("time")
        assert event == {"type": "MSG", "channel": channel, "seqnr": 1, "source": "paul",
                         "body": "hello\n\"κόσμε\" 🐙"}
        assert time == ringo.next_message()["date-sent"]
        paul.posted("over a bridge", {"origin": "a/b/3"})
        assert (await socket.next())["origin"] == "a/b/3"


@scenario
async def test_who_comes_and_goes_is_told_between_messages(api, channel, ringo):
    """Joins, leaves and messages are in one order; who joins sees itself in its directory."""
    async with connect(api, channel) as socket, connect(api, channel) as other:
        await socket.open(ringo)
        ringo.posted("one")
        paul = api.member(channel, "paul")
        ringo.posted("two")
        paul.leave()
        ringo.posted("three")
        events = [await socket.next() for _ in range(5)]
        assert [(e["type"], e["seqnr"], e["source"], e.get("reason")) for e in events] == [
            ("MSG", 1, "ringo", None), ("JOIN", 1, "paul", None), ("MSG", 2, "ringo", None),
            ("LEAVE", 2, "paul", "left"), ("MSG", 3, "ringo", None)]
        george = api.member(channel, "george")
        assert (await other.open(george))["users"] == ["george", "ringo"]


@scenario
async def test_a_stream_keeps_its_session_and_tells_of_others_that_expire(start_server):
    """An open stream keeps its session alive."""
    api = start_server(session_timeout="1s").api
    ringo = api.member("octopus", "ringo")
    async with connect(api, "octopus") as socket:
        await socket.open(ringo)
        for name in ["paul", "george", "john"]:  # one after the other: longer than a timeout
            api.member("octopus", name)
            assert (await socket.next("LEAVE")) == {"type": "LEAVE", "channel": "octopus",
                                                    "seqnr": 0, "source": name,
                                                    "reason": "expired"}
        assert ringo.poll().status == 200


# --- Where a stream begins ---


@pytest.mark.parametrize("from_", [0, 1, 2, 3])
@scenario
async def test_from_is_the_first_message(api, channel, ringo, from_):
    """N is the first message that is given; 0 means 1."""
    for text in ["one", "two", "three"]:
        ringo.posted(text)
    everything = [(1, "one"), (2, "two"), (3, "three"), (4, "live")]
    async with connect(api, channel) as socket:
        directory = await socket.open(ringo, **{"from": from_})
        ringo.posted("live")
        expected = everything[max(from_, 1) - 1:]
        assert directory["seqnr"] == expected[0][0] - 1
        assert await socket.messages(len(expected)) == expected


@scenario
async def test_beyond_the_newest_waits(api, channel, ringo):
    """Whatever is beyond the newest message waits."""
    async with connect(api, channel) as socket:
        await socket.open(ringo, **{"from": 3})
        for text in ["one", "two", "three", "four"]:
            ringo.posted(text)
        assert await socket.messages(2) == [(3, "three"), (4, "four")]


@scenario
async def test_without_from_it_begins_at_the_cursor_and_moves_none(api, channel, ringo):
    """Else the session's cursor as it is. A stream moves no cursor."""
    ringo.posted("before")
    paul = api.member(channel, "paul")
    ringo.posted("after")
    for _ in range(2):
        async with connect(api, channel) as socket:
            await socket.open(paul)
            assert await socket.messages(1) == [(2, "after")]
    assert paul.next_message().json() == "after"


@scenario
async def test_a_long_history_is_streamed_whole_and_once(api, channel, ringo):
    """Nothing is lost and nothing comes twice, from the store to what is posted meanwhile."""
    at_once([lambda: ringo.posted("x" * 100)] * 500)
    async with connect(api, channel) as socket:
        await socket.open(ringo, **{"from": 1})
        await socket.messages(100)
        at_once([lambda: ringo.posted("y")] * 100)
        assert [seqnr for seqnr, _ in await socket.messages(500)] == list(range(101, 601))


@scenario
async def test_what_is_not_kept_is_a_gap(start_server):
    """GAP: messages from to first - 1 were asked for and are not kept; first is the oldest that
    is."""
    ringo = start_server(history=1000).api.member("octopus", "ringo")
    at_once([lambda: ringo.posted("x")] * MESSAGES, threads=16)
    oldest = ringo.poll(from_=1).seqnr
    assert oldest > 1
    async with connect(ringo.api, "octopus") as socket:
        await socket.open(ringo, **{"from": 1})
        assert await socket.next() == {"type": "GAP", "channel": "octopus", "seqnr": oldest - 1,
                                       "from": 1, "first": oldest}
        assert [n for n, _ in await socket.messages(1000)] == list(range(oldest, oldest + 1000))


# --- The end ---


@scenario
async def test_a_leave_ends_the_subscription_not_the_socket(api, channel, ringo):
    """END is the last event of the channel; others go on."""
    elsewhere = api.member(unique(), "ringo")
    async with connect(api, channel) as socket:
        await socket.open(ringo)
        await socket.open(elsewhere)
        paul = api.member(channel, "paul")
        await socket.next("JOIN")
        ringo.leave()
        assert await socket.next("END") == {"type": "END", "channel": channel, "seqnr": 0,
                                            "reason": "left"}
        paul.posted("unheard")
        elsewhere.posted("heard")
        assert (await socket.next())["body"] == "heard"
        assert (await socket.open(paul))["users"] == ["paul"]


@scenario
async def test_a_stopping_server_says_so(start_server):
    """END with stopping to each channel; the socket is closed with 1001."""
    server = start_server()
    ringo = server.api.member("octopus", "ringo")
    async with connect(server.api, "octopus") as socket:
        await socket.open(ringo)
        stopped = asyncio.get_running_loop().run_in_executor(None, server.stop)
        assert (await socket.next())["reason"] == "stopping"
        with pytest.raises(ConnectionClosed) as end:
            await socket.next()
        assert end.value.rcvd.code == 1001
        assert await stopped == 0


@scenario
async def test_who_reads_on_from_its_last_number_misses_nothing(start_server):
    """Whoever has seen an event goes on from seqnr + 1, over a restart too."""
    server = start_server()
    ringo = server.api.member("octopus", "ringo")
    async with connect(server.api, "octopus") as socket:
        await socket.open(ringo)
        ringo.posted("one")
        last = (await socket.next("MSG"))["seqnr"]
        ringo.posted("two")
        server.kill()
    server.start()
    ringo.api = server.api
    ringo.posted("three")
    async with connect(server.api, "octopus") as socket:
        await socket.open(ringo, **{"from": last + 1})
        assert await socket.messages(2) == [(2, "two"), (3, "three")]
