"""A bridge of a test's own: wechat -b with a state directory, killed and started again; and people who
talk on the servers that it bridges."""

import http.client
import json
import os
import signal
import subprocess
import threading
import time
from pathlib import Path

from conformance.api import Api

ROOT = Path(__file__).resolve().parents[2]
WECHAT = str(Path(os.environ.get("YALLCHAT_BIN", ROOT / "build/release/bin")) / "wechat")
ENVIRONMENT = {"PATH": os.environ["PATH"], "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")}
LONG_S = 30  # only a test that fails waits for so long
CHANNEL = "octopus"


def wait_for(condition, what="it", long_s=LONG_S):
    """What condition gives, as soon as that is true."""
    deadline = time.monotonic() + long_s
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < deadline, f"{what} did not come; last: {value!r}"
        time.sleep(0.02)


class Bridge:
    """Runs until the test ends; what it prints is in reports, as JSON."""

    def __init__(self, *arguments, state=None):
        self.command = [WECHAT, "-b", *arguments, "--json", "--interval", "20ms"]
        if state is not None:
            self.command += ["--state", str(state)]
        self.state = state
        self.reports = []
        self.errors = []
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                        env=ENVIRONMENT)
        self.readers = [
            threading.Thread(target=self._read, args=(self.process.stdout, self._take), daemon=True),
            threading.Thread(target=self._read, args=(self.process.stderr, self.errors.append),
                             daemon=True)]
        for reader in self.readers:
            reader.start()

    @staticmethod
    def _read(stream, take):
        for line in stream:
            take(line.decode())

    def _take(self, line):
        self.reports.append(json.loads(line))

    def of_type(self, kind, **more):
        return [r for r in list(self.reports)
                if r["type"] == kind and all(r.get(k) == v for k, v in more.items())]

    def kill(self):
        self.process.kill()
        self._reap()

    def pause(self):
        self.process.send_signal(signal.SIGSTOP)

    def go_on(self):
        self.process.send_signal(signal.SIGCONT)

    def stop(self):
        """SIGTERM; gives the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.wait()

    def wait(self):
        code = self.process.wait(LONG_S)
        self._reap()
        return code

    def _reap(self):
        self.process.wait()
        for reader in self.readers:
            reader.join(LONG_S)
        self.process.stdout.close()
        self.process.stderr.close()


class Person:
    """Somebody in a chat of any WeChat server, with the calls of the original text alone."""

    def __init__(self, address, name, channel=CHANNEL):
        self.api = Api(*address)
        self.name = name
        joined = self.api.join(channel, name)
        assert joined.status == 200, joined.status
        self.key = joined["session"]
        self.path = f"/chats/{channel}"

    def say(self, text, headers=None):
        answer = self.api.call("PUT", f"{self.path}/messages", self.key, text.encode(),
                               {"source": self.name, **(headers or {})})
        assert answer.status == 200, answer.status

    def names(self):
        return sorted(self.api.call("GET", f"{self.path}/directory", self.key).json())

    def leave(self):
        self.api.call("PUT", f"{self.path}/leave/", self.key)


class Listener(Person):
    """Hears a chat from its beginning on: heard is what was said, as (source, text)."""

    def __init__(self, address, name="listener", channel=CHANNEL):
        super().__init__(address, name, channel)
        self.heard = []
        self.next = 1

    def hear(self):
        """All that there is by now; a server that is away says nothing."""
        while True:
            try:
                answer = self.api.call("GET", f"{self.path}/events", self.key,
                                       headers={"seqnr": str(self.next)})
            except OSError:
                return self.heard
            if answer.status != 200 or answer["type"] is None:
                return self.heard
            if answer["type"] == "MSG":
                assert answer.seqnr == self.next
                self.next += 1
                self.heard.append((answer["source"], answer.json()))

    def said_by(self, source):
        return [text for who, text in self.heard if who == source]

    def hear_all(self, count):
        """Until so many were said, for as long as more come; gives them."""
        while len(self.heard) < count:
            before = len(self.heard)
            wait_for(lambda: len(self.hear()) > before, f"more than {before} of {count} messages")
        return self.heard


def url_of(address, channel=None):
    return "{}:{}".format(*address) + (f"/chats/{channel}" if channel else "")


class Author(threading.Thread):
    """Says text 0, 1, 2... one after the other, each once, whatever happens to the server meanwhile (one
    that takes an Idempotency-Key)."""

    def __init__(self, address, name, count, channel=CHANNEL):
        super().__init__(daemon=True)
        self.person = Person(address, name, channel)
        self.texts = [f"{name} {n}" for n in range(count)]
        self.said = 0

    def run(self):
        for text in self.texts:
            while True:
                try:
                    self.person.say(text, {"Idempotency-Key": text})
                    break
                except (OSError, http.client.HTTPException):
                    time.sleep(0.02)
            self.said += 1
