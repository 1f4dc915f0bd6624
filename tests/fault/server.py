"""A server that may refuse to start, and one that dies while it starts."""

import subprocess

from conformance.api import Api
from conformance.server_process import ServerProcess

REFUSAL_S = 20


class Refused(Exception):
    """The server ended without listening. code: its exit status; words: its stderr."""

    def __init__(self, code, words):
        super().__init__(f"exit {code}: {words[-2000:]}")
        self.code = code
        self.words = words


class Server(ServerProcess):
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

    def _spawn(self):
        with open(self.folder / "stderr.txt", "ab") as errors:
            self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, stderr=errors)
