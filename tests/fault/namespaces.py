"""Mount and network namespaces of a test's own: what happens in them happens nowhere else, and they
end with the test, however that ends."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

# Connects, and hands the connections over to who started it.
CONNECT = """
import socket, sys
to = socket.socket(fileno=int(sys.argv[1]))
for _ in range(int(sys.argv[4])):
    one = socket.create_connection((sys.argv[2], int(sys.argv[3])), timeout=10)
    socket.send_fds(to, [b"x"], [one.fileno()])
"""
FLAGS = {"mount": "--mount", "net": "--net"}


class Namespace:
    """kind: mount or net. within: another one of this test, in whose user namespace it is made.

    A process that reads from this one's pipe keeps it, so that it is gone when the test is. Without
    root it is made in a user namespace of its own; where the system allows neither, the test is
    skipped.
    """

    def __init__(self, kind, within=None):
        self.as_user = within.as_user if within else os.geteuid() != 0
        command = [*(within.prefix if within else []), "unshare", FLAGS[kind]]
        if self.as_user and not within:
            command.append("--map-root-user")
        self._keeper = subprocess.Popen([*command, "sh", "-c", "echo ready; exec cat"],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        if self._keeper.stdout.readline() != "ready\n":
            why = self._keeper.communicate()[1].strip()
            pytest.skip(f"this system gives no {kind} namespace: {why}")
        self.pid = self._keeper.pid
        self.prefix = ["nsenter", "--target", str(self.pid), FLAGS[kind]]
        if self.as_user:
            self.prefix += ["--user", "--preserve-credentials"]

    def run(self, *command):
        done = subprocess.run([*self.prefix, *command], stdin=subprocess.DEVNULL,
                              capture_output=True, text=True)
        assert done.returncode == 0, (command, done.stderr)

    def connections(self, address, count):
        """So many from within this network namespace, as sockets of the test."""
        ours, theirs = socket.socketpair()
        with ours, theirs:
            client = [sys.executable, "-c", CONNECT, str(theirs.fileno()), *map(str, address)]
            done = subprocess.run([*self.prefix, *client, str(count)], capture_output=True,
                                  text=True, pass_fds=[theirs.fileno()])
            assert done.returncode == 0, done.stderr
            return [socket.socket(fileno=socket.recv_fds(ours, 1, 1)[1][0]) for _ in range(count)]

    def path(self, path):
        """Where a path of the namespace is seen from outside."""
        return Path(f"/proc/{self.pid}/root{path}")

    def close(self):
        self._keeper.communicate()
