"""The peers. Their configurations are in peers/."""

import functools
import os
import time
from pathlib import Path

from servers import SSE, Server, START_S, program
from wire import http_request, resp_request, websocket_request


class Nchan(Server):
    """nginx + nchan with one or two workers: in memory, nothing is durable."""

    posted = kept = 202

    def __init__(self, folder, workers=1):
        super().__init__(folder)
        self.workers = workers

    @property
    def name(self):
        return f"nchan, {self.workers} worker{'s' if self.workers > 1 else ''}"

    def command(self):
        user = "user root;" if os.geteuid() == 0 else ""
        config = self.from_template("nginx.conf", workers=self.workers, user=user,
                                    modules="/usr/lib/nginx/modules")
        return [program("nginx"), "-p", self.folder, "-c", config]

    def start(self):
        """The master listens before its workers are there."""
        super().start()
        deadline = time.monotonic() + START_S
        while len(self.pids()) < self.workers:
            if time.monotonic() > deadline:
                raise RuntimeError("nginx has no workers")
            time.sleep(0.005)

    def pids(self):
        master = self.process.pid
        children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        return [int(child) for child in children]

    def prepare(self, load, sessions, channels):
        self.channels = channels

    def post(self, i, body):
        return http_request("POST", f"/pub?id=c{i % self.channels}", body)


class NchanStreams(Nchan):
    """The same with readers that are told."""

    posted = 201  # somebody listens

    def __init__(self, folder, workers, transport):
        super().__init__(folder, workers)
        self.transport = transport

    def prepare_fanout(self, load, posters, readers, channels):
        self.prepare(load, posters, channels)

    def subscription(self, i, oldest=False):
        target = f"{'sse' if self.transport == SSE else 'ws'}{'-oldest' if oldest else ''}"
        target = f"/{target}?id=c{i % self.channels}"
        if self.transport == SSE:
            return [(http_request("GET", target, Accept="text/event-stream"), ": hi")]
        return [(websocket_request(target), "\r\n\r\n")]


BETTER_NCHAN = "Of nchan the better of 1 and 2 workers counts."


def nchans():
    return {"nchan, 1 worker": lambda folder: Nchan(folder, 1),
            "nchan, 2 workers": lambda folder: Nchan(folder, 2)}


def nchan_streams(transport):
    return {f"nchan {transport}, {workers} worker{'s' if workers > 1 else ''}":
            functools.partial(NchanStreams, workers=workers, transport=transport)
            for workers in (1, 2)}


class Redis(Server):
    """Redis streams natively, each write synced."""

    name = "Redis always"
    protocol = "resp"

    def command(self):
        return [program("redis-server"), self.from_template("redis.conf")]

    def prepare(self, load, sessions, channels):
        self.channels = channels

    def post(self, i, body):
        return resp_request("XADD", f"c{i % self.channels}", "*", "m", body)


class RedisStreams(Redis):
    """Readers who take all messages of a stream that are there, by XREAD."""

    name = "Redis XREAD"

    def prepare_fanout(self, load, posters, readers, channels):
        self.prepare(load, posters, channels)

    def subscription(self, i, oldest=True):
        return [(resp_request("XREAD", "COUNT", 1000, "STREAMS", f"c{i % self.channels}", 0), "")]


class RedisPubSub(Redis):
    """Redis' pub/sub: nothing is kept, so nothing is synced."""

    name = "Redis pub/sub"

    def prepare_fanout(self, load, posters, readers, channels):
        self.prepare(load, posters, channels)

    def post(self, i, body):
        return resp_request("PUBLISH", f"c{i % self.channels}", body)

    def subscription(self, i, oldest=False):
        return [(resp_request("SUBSCRIBE", f"c{i % self.channels}"), ":1\r\n")]


class Ngircd(Server):
    """An IRC server: nothing is kept, nobody is told that a message arrived. Posters speak to
    channels that they are not in, so they are not sent what others say there."""

    name = "ngircd"
    protocol = "irc"

    def command(self):
        return [program("ngircd"), "-n", "-f", self.from_template("ngircd.conf")]

    def prepare_fanout(self, load, posters, readers, channels):
        self.channels = channels
        self.greetings = [self.greeting(f"p{i}") for i in range(posters)]

    def stop(self):
        """Its way would be to tell everybody of everybody who leaves."""
        self.kill()

    def greeting(self, name):
        return f"NICK {name}\r\nUSER {name} 0 * :{name}\r\n".encode()

    def post(self, i, body):
        return b"PRIVMSG #c%d :%s\r\n" % (i % self.channels, body)

    def subscription(self, i, oldest=False):
        join = b"JOIN #c%d\r\n" % (i % self.channels)
        return [(self.greeting(f"r{i}") + join, " 366 ")]


class Webdis(Server):
    """Redis, each write synced, over HTTP by webdis."""

    name = "webdis + Redis always"

    def __init__(self, folder):
        super().__init__(folder)
        self.redis = Redis(self.folder / "redis")

    def start(self):
        self.redis.start()
        super().start()

    def command(self):
        config = self.from_template("webdis.json", redis_port=self.redis.port)
        return [program("webdis"), config]

    def stop(self):
        super().stop()
        self.redis.stop()

    def kill(self):
        super().kill()
        self.redis.kill()

    def pids(self):
        return [self.process.pid, self.redis.process.pid]

    def prepare(self, load, sessions, channels):
        self.channels = channels

    def post(self, i, body):
        return http_request("PUT", f"/XADD/c{i % self.channels}/*/m", body)
