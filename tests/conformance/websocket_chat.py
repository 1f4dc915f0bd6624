"""A chat over WebSocket, by a client that others wrote (python3-websockets)."""

import asyncio
import functools
import json
from contextlib import asynccontextmanager

import websockets

from .api import PATIENCE_S, segment

TEST_S = 60


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
