"""Servers that are measured, and ours. Each is started for one measurement, with a folder of its
own, on a free port of 127.0.0.1, and only what was started here is stopped. The others: peers.py."""

import json
import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

from wire import http_request, websocket_request, websocket_text

HERE = Path(__file__).resolve().parent
BINARIES = HERE.parent / "build/release/bin"
START_S = 60
STOP_S = 60


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def program(name):
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if not found:
        raise SystemExit(f"{name} is missing; ./dev bench installs it")
    return found


class Server:
    """A process, started by `with`. What the workloads need to know of it: `name`, `protocol`,
    `port`, `pids` (whose CPU counts), `posted` (the status that says yes to a post; to one that
    nobody listens to: `kept`), `greetings` (what posters say first)."""

    protocol = "http"
    posted = kept = 200
    greetings = ()

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir()
        self.port = free_port()
        self.process = None

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, *_):
        try:
            self.stop()
        finally:
            self.kill()
            shutil.rmtree(self.folder, ignore_errors=True)
            os.sync()  # so that what it left for the disk to do is not on the next one's bill

    def start(self):
        self.run(self.command())
        self.wait_until_it_listens()

    def run(self, command, **more):
        with open(self.folder / "stderr.txt", "ab") as errors:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=errors,
                                            **{"stdout": errors, **more})

    def wait_until_it_listens(self):
        deadline = time.monotonic() + START_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    errors = (self.folder / "stderr.txt").read_text(errors="replace")[-2000:]
                    raise RuntimeError(f"{self.name} does not listen; it said: {errors}") from None
            time.sleep(0.005)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(STOP_S)

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def pids(self):
        return [self.process.pid]

    def from_template(self, name, **values):
        text = (HERE / "peers" / name).read_text()
        for key, value in {"port": self.port, "folder": self.folder, **values}.items():
            text = text.replace(f"@{key}@", str(value))
        path = self.folder / name
        path.write_text(text)
        return path


class Yallchatd(Server):
    """Ours, as it is shipped; `flags` are further flags, `binary` is another build."""

    name = "yallchatd"

    def __init__(self, folder, *flags, binary=BINARIES / "yallchatd"):
        super().__init__(folder)
        self.flags = flags
        self.binary = binary
        self.start_s = None
        self.keys = []

    def start(self):
        """Also measures: from before exec to the line that says it is served."""
        command = [self.binary, "--listen", f"127.0.0.1:{self.port}",
                   "--data", self.folder / "data", "--log-level", "warn", *self.flags]
        before = time.monotonic()
        self.run(command, stdout=subprocess.PIPE)
        too_long = threading.Timer(START_S, self.process.kill)
        too_long.start()
        line = self.process.stdout.readline()
        self.start_s = time.monotonic() - before
        too_long.cancel()
        if not line.startswith(b"listening on "):
            errors = (self.folder / "stderr.txt").read_text(errors="replace")[-2000:]
            raise RuntimeError(f"yallchatd did not start; it said {line!r} and: {errors}")

    def prepare(self, load, sessions, channels):
        """Joins: session i is user ui in channel c(i mod channels)."""
        joins = [http_request("PUT", f"/chats/c{i % channels}/join/u{i}") for i in range(sessions)]
        self.keys = load.capture(self, joins, "session")
        self.channels = channels

    def post(self, i, body):
        return http_request("PUT", f"/chats/c{i % self.channels}/messages", body,
                            session=self.keys[i])

    def poll(self, i, seqnr=None):
        position = {} if seqnr is None else {"seqnr": seqnr}
        return http_request("GET", f"/chats/c{i % self.channels}/events", session=self.keys[i],
                            **position)


SSE = "SSE"
WEBSOCKET = "WebSocket"


class YallchatdStreams(Yallchatd):
    """Ours, with readers that are told by one of these. Nobody who only listens, or waits until all
    others have come, shall be taken for gone."""

    def __init__(self, folder, transport, **more):
        super().__init__(folder, "--session-timeout", "1h", **more)
        self.transport = transport

    def prepare_fanout(self, load, posters, readers, channels):
        """Sessions of all: the posters' first. There are as many posters as a multiple of the
        channels, so that a reader is in channel i mod channels, too."""
        self.prepare(load, posters + readers, channels)
        self.posters = posters

    def subscription(self, i, oldest=False):
        """What reader i says, and of each answer the text that ends the wait for it."""
        key, target = self.keys[self.posters + i], f"/chats/c{i % self.channels}/events"
        start = {"from": 1} if oldest else {}
        if self.transport == SSE:
            return [(http_request("GET", target + "?from=1" * oldest, session=key,
                                  Accept="text/event-stream"), '"DIR"')]
        open_it = json.dumps({"type": "OPEN", "session": key, **start})
        return [(websocket_request(target), "\r\n\r\n"), (websocket_text(open_it), '"DIR"')]
