import os
import pathlib
import queue
import signal
import subprocess
import threading

import pytest

from .wechat_fake import FakeServer

ROOT = pathlib.Path(__file__).resolve().parents[2]
WECHAT = str(pathlib.Path(os.environ.get("YALLCHAT_BIN", ROOT / "build/release/bin")) / "wechat")
# Nothing of the surroundings: no proxy, no locale.
ENVIRONMENT = {"PATH": os.environ["PATH"], "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")}
LONG = 30  # seconds; only a test that fails waits for so long


class Done:
    def __init__(self, process, out, err):
        self.code = process.returncode
        self.out = out.decode()
        self.err = err.decode()

    @property
    def lines(self):
        return self.out.splitlines()


class Running:
    """A wechat that is going on: its lines come as they are printed."""

    def __init__(self, *args, stdin=subprocess.PIPE):
        self.process = subprocess.Popen([WECHAT, *args], stdin=stdin, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, env=ENVIRONMENT)
        self.lines = queue.Queue()
        self.errors = queue.Queue()
        for stream, lines in ((self.process.stdout, self.lines),
                              (self.process.stderr, self.errors)):
            threading.Thread(target=self._read, args=(stream, lines), daemon=True).start()

    @staticmethod
    def _read(stream, lines):
        for line in stream:
            lines.put(line.decode().rstrip("\n"))
        lines.put(None)

    def line(self):
        return self.lines.get(timeout=LONG)

    def error(self):
        return self.errors.get(timeout=LONG)

    def type(self, text):
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()

    def end_input(self):
        self.process.stdin.close()

    def signal(self, number):
        self.process.send_signal(number)

    def wait(self):
        return self.process.wait(LONG)


@pytest.fixture
def wechat():
    """wechat(ARGS..., stdin=bytes): a whole run."""
    def run(*args, stdin=b""):
        process = subprocess.Popen([WECHAT, *args], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, env=ENVIRONMENT)
        try:
            return Done(process, *process.communicate(stdin, LONG))
        finally:
            process.kill()
    return run


@pytest.fixture
def start():
    """start(ARGS...): a run in the background, ended with the test."""
    started = []

    def run(*args, **more):
        started.append(Running(*args, **more))
        return started[-1]
    yield run
    for running in started:
        if running.process.poll() is None:
            running.process.send_signal(signal.SIGKILL)
            running.process.wait()


@pytest.fixture
def serve():
    """serve(Kind): a fake server of that kind."""
    servers = []

    def make(kind=FakeServer, *args):
        servers.append(kind(*args))
        return servers[-1]
    yield make
    for server in servers:
        server.close()
