"""The peers. Their configurations are in peers/."""

import os
import time
from pathlib import Path

from servers import Server, START_S, program
from wire import http_request, resp_request


class Nchan(Server):
    """nginx + nchan with one or two workers: in memory, nothing is durable."""

    posted = 202

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


BETTER_NCHAN = "Of nchan the better of 1 and 2 workers counts."


def nchans():
    return {"nchan, 1 worker": lambda folder: Nchan(folder, 1),
            "nchan, 2 workers": lambda folder: Nchan(folder, 2)}


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
