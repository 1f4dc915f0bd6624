"""A chat over WebSocket, by a client that others wrote (python3-websockets)."""

import asyncio
import functools
import json
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
import websockets
from websockets.exceptions import ConnectionClosed, InvalidStatusCode

from .api import PATIENCE_S, segment, unique
from .waiting import at_once

TEST_S = 60
CHANNELS_A_SOCKET = 64
STREAMS_A_SESSION = 16
MESSAGES = 1100  # more than history=1000 keeps


def scenario(test):
    """A test that awaits."""
    @functools.wraps(test)
    def run(*arguments, **fixtures):
        asyncio.run(asyncio.wait_for(test(*arguments, **fixtures), TEST_S))
    return run


@asynccontextmanager
async def connect(api, channel, **more):
    """A WebSocket at the channel's URL."""
    host, port = api.address
    url = f"ws://{host}:{port}/chats/{segment(channel)}/events"
    more = {"compression": None, "ping_interval": None, "max_size": None} | more
    async with websockets.connect(url, **more) as connection:
        yield Socket(connection)


class Socket:
    """What it sends and receives are objects. connection: the library's."""

    def __init__(self, connection):
        self.connection = connection

    async def send_json(self, **value):
        await self.connection.send(json.dumps(value))

    async def next(self, type_=None):
        """The next object; others than of that type are passed over, but for an ERROR."""
        while True:
            received = json.loads(await asyncio.wait_for(self.connection.recv(), PATIENCE_S))
            if type_ in (None, received["type"]):
                return received
            assert received["type"] != "ERROR", received

    async def ask(self, **value):
        """Sends, and gives what comes next."""
        await self.send_json(**value)
        return await self.next()

    async def open(self, member, **more):
        """Subscribes; gives the directory that answers."""
        directory = await self.ask(type="OPEN", channel=member.channel, session=member.key, **more)
        assert directory["type"] == "DIR", directory
        return directory

    async def post(self, member, body, **more):
        """Posts, asserts success, and gives the answer; events meanwhile are passed over."""
        await self.send_json(type="POST", channel=member.channel, body=body, **more)
        return await self.next("POSTED")

    async def refused(self, **value):
        """Sends, asserts that it could not be obeyed, and gives the answer."""
        await self.send_json(**value)
        return await self.next("ERROR")

    async def messages(self, count):
        """The next messages as (seqnr, body)."""
        return [((event := await self.next("MSG"))["seqnr"], event["body"]) for _ in range(count)]

    async def answers_pings(self):
        await asyncio.wait_for(await self.connection.ping(), PATIENCE_S)
        return True


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


# --- Posts ---


@scenario
async def test_a_post_is_answered_with_its_number(api, channel, ringo):
    """POSTED: the message is on the disk; ref comes back. It is made by the session that opened."""
    async with connect(api, channel) as socket:
        await socket.open(ringo)
        assert await socket.post(ringo, "hello", ref=7) == {
            "type": "POSTED", "channel": channel, "seqnr": 1, "ref": 7}
        assert await socket.post(ringo, "again", ref="r\"é") == {
            "type": "POSTED", "channel": channel, "seqnr": 2, "ref": "r\"é"}
        assert "ref" not in await socket.post(ringo, "and again")
        assert ringo.drain() == [(1, "hello"), (2, "again"), (3, "and again")]
        assert ringo.poll(from_=1)["source"] == "ringo"


@scenario
async def test_who_posts_hears_it_too(api, channel, ringo):
    """A stream has all messages, the session's own among them, with what came with it."""
    async with connect(api, channel) as socket:
        await socket.open(ringo)
        await socket.send_json(type="POST", channel=channel, body="hello", origin="a/b/3")
        received = {(event := await socket.next())["type"]: event for _ in range(2)}
        assert received["POSTED"]["seqnr"] == 1
        assert (received["MSG"]["body"], received["MSG"]["origin"]) == ("hello", "a/b/3")


@scenario
async def test_posts_that_do_not_wait_for_each_other_keep_their_order(api, channel, ringo):
    async with connect(api, channel) as socket:
        await socket.open(ringo)
        for i in range(50):
            await socket.send_json(type="POST", channel=channel, body=str(i), ref=i)
        answers = []
        while len(answers) < 50:
            received = await socket.next()
            if received["type"] == "POSTED":
                answers.append((received["ref"], received["seqnr"]))
        assert answers == [(i, i + 1) for i in range(50)]
        assert ringo.drain() == [(i + 1, str(i)) for i in range(50)]


@scenario
async def test_the_same_key_is_the_same_message(api, channel, ringo):
    """key is an idempotency key, the one of HTTP; another text under it is 422."""
    assert ringo.posted("over http", {"Idempotency-Key": "k0"}) == 1
    async with connect(api, channel) as socket:
        await socket.open(ringo)
        assert (await socket.post(ringo, "over http", key="k0"))["seqnr"] == 1
        assert (await socket.post(ringo, "hello", key="k1"))["seqnr"] == 2
        assert (await socket.post(ringo, "hello", key="k1", ref=2))["seqnr"] == 2
        error = await socket.refused(type="POST", channel=channel, body="other", key="k1", ref=3)
        assert (error["status"], error["reason"], error["ref"]) == (422, "key-reused", 3)
        assert ringo.drain() == [(1, "over http"), (2, "hello")]


@scenario
async def test_all_readers_have_one_order(api, channel):
    """Order is the server's, the same for every reader, whoever posts and how."""
    members = [api.member(channel, name) for name in ["ringo", "paul", "george"]]
    async with connect(api, channel) as a, connect(api, channel) as b, connect(api, channel) as c:
        sockets = [a, b, c]
        for socket, member in zip(sockets, members):
            await socket.open(member, **{"from": 1})
        for i in range(30):
            for socket, member in zip(sockets, members):
                await socket.send_json(type="POST", channel=channel, body=f"{member.name} {i}")
        read = [await socket.messages(90) for socket in sockets]
        assert [seqnr for seqnr, _ in read[0]] == list(range(1, 91))
        assert read[0] == read[1] == read[2]
        for member in members:
            own = [body for _, body in read[0] if body.startswith(member.name)]
            assert own == [f"{member.name} {i}" for i in range(30)]


# --- Errors ---

# name: status and reason, and what is posted
BAD_POSTS = {
    "empty": (400, "empty-text", {"body": ""}),
    "nul": (400, "nul-in-text", {"body": "a\0b"}),
    "too-long": (413, "too-long", {"body": "x" * (16 * 1024 + 1)}),
    "empty-key": (400, "bad-idempotency-key", {"body": "x", "key": ""}),
    "long-key": (400, "bad-idempotency-key", {"body": "x", "key": "k" * 256}),
    "bad-origin": (400, "bad-origin", {"body": "x", "origin": "a b"}),
    "no-text": (400, "bad-frame", {}),
}


@pytest.mark.parametrize("status, reason, post", BAD_POSTS.values(), ids=BAD_POSTS.keys())
@scenario
async def test_a_bad_post_is_an_error_with_the_reason_of_the_call(api, channel, ringo, status,
                                                                  reason, post):
    """Nothing is posted; the socket and the subscription go on."""
    async with connect(api, channel) as socket:
        await socket.open(ringo)
        error = await socket.refused(type="POST", channel=channel, ref="r", **post)
        assert error.pop("detail")
        assert error == {"type": "ERROR", "channel": channel, "status": status, "reason": reason,
                         "ref": "r"}
        assert (await socket.post(ringo, "good"))["seqnr"] == 1


@scenario
async def test_a_post_needs_its_channel_to_be_open(api, channel, ringo):
    """And is made by the session that opened it: a key in the frame opens nothing."""
    other = api.member(unique(), "ringo")
    async with connect(api, channel) as socket:
        await socket.open(ringo)
        error = await socket.refused(type="POST", channel=other.channel, body="x", ref=1,
                                 session=other.key)
        assert (error["channel"], error["ref"]) == (other.channel, 1)
        assert (error["status"], error["reason"]) == (409, "not-open")
        assert other.posted("first") == 1


@scenario
async def test_an_open_is_checked_as_a_call_is(api, channel, ringo):
    """One answer for all that is no key; the channel, and whose key it is, after it."""
    other = api.member(unique(), "ringo")
    cases = [
        (401, "no-session", {"channel": channel, "session": "x" * 43}),
        (401, "no-session", {"channel": channel, "session": ""}),
        (401, "no-session", {"channel": channel}),
        (401, "no-session", {"channel": unique(), "session": "x" * 43}),
        (404, "no-channel", {"channel": unique(), "session": ringo.key}),
        (403, "other-channel", {"channel": other.channel, "session": ringo.key}),
        (400, "bad-name", {"channel": "a,b", "session": ringo.key}),
        (400, "bad-name", {"channel": "x" * 5000, "session": ringo.key}),
        (400, "bad-seqnr", {"channel": channel, "session": ringo.key, "from": -1}),
    ]
    async with connect(api, channel) as socket:
        for status, reason, frame in cases:
            error = await socket.refused(type="OPEN", ref=status, **frame)
            assert (error["status"], error["reason"], error["ref"]) == (status, reason,
                                                                        status), frame
            if status == 401:
                assert "header" not in error["detail"], "which no browser can set"
        await socket.open(ringo)


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
