"""A server that may refuse to start, one that dies while it starts, and one that is started through
another program or with other libraries."""

import os
import signal
import subprocess

from conformance.api import Api
from conformance.server_process import ServerProcess

REFUSAL_S = 20
DEATH_S = 20


class Refused(Exception):
    """The server ended without listening. code: its exit status; words: its stderr."""

    def __init__(self, code, words):
        super().__init__(f"exit {code}: {words[-2000:]}")
        self.code = code
        self.words = words


class Server(ServerProcess):
    """prefix: a program and its arguments that runs the server in its own place (nsenter);
    environment: variables beside those of the test. Both may be changed before the next start."""

    def __init__(self, folder, prefix=(), environment=None, **settings):
        self.prefix = list(prefix)
        self.environment = dict(environment or {})
        super().__init__(folder, **settings)

    @property
    def folder(self):
        return self._folder

    @property
    def pid(self):
        return self._process.pid

    def start(self):
        """Raises Refused where the server ends instead."""
        self._spawn()
        marker = "listening on http://"
        line = self._first_line()
        if not line.startswith(marker):
            code = self._process.wait(REFUSAL_S)
            self._process.stdout.close()
            raise Refused(code, self.log())
        host, port = line[len(marker):].strip().rsplit(":", 1)
        self.api = Api(host, int(port))

    def start_and_kill(self, after_s):
        """kill -9 while it recovers, or a little later."""
        self._spawn()
        try:
            self._process.wait(after_s)
        except subprocess.TimeoutExpired:
            pass
        self.kill()

    def terminate(self):
        """SIGTERM, without waiting for what it does; stop() waits."""
        self._process.terminate()

    def has_ended(self):
        return self._process.poll() is not None

    def wait_for_death(self):
        """Waits until it has ended by itself; gives the exit status."""
        code = self._process.wait(DEATH_S)
        self._process.stdout.close()
        return code

    def _spawn(self):
        with open(self.folder / "stderr.txt", "ab") as errors:
            self._process = subprocess.Popen([*self.prefix, *self._command],
                                             env={**os.environ, **self.environment},
                                             stdout=subprocess.PIPE, stderr=errors)
