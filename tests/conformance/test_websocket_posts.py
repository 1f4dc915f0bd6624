"""What is posted over a WebSocket, and frames that are not obeyed."""

import pytest

from .api import unique
from .websocket_chat import connect, scenario


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
