"""Runs the load generator, and writes the files of requests that it sends."""

import json
import struct
import subprocess

from servers import BINARIES

LONGEST_S = 300  # that one load may take before it is given up


class Load:
    def __init__(self, folder):
        self.folder = folder

    def run(self, server, requests, *, expect, **options):
        """Load on the server; what it gave. Any answer with another status than expected is in
        "status"; "failed" is their number. connections, depth, seconds, warmup, rate, count: see
        yallchat-load."""
        result = self._command(server, ["--requests", self._write("requests", requests)],
                               {"expect": expect, **options})
        result["failed"] = sum(count for status, count in result["status"].items()
                               if int(status) != expect) + result["unanswered"]
        return result

    def fanout(self, server, subscriptions, *, posts=(), greetings=(), expect=200, **options):
        """Readers, and posts to them; what that gave. subscriptions: what each reader says, step by
        step, and the texts that its answers must have: the same for all. "failed" are posts that
        were refused and deliveries that came twice or in the wrong order; what did not come is
        "missing", or "unanswered". connections, rate, seconds, warmup, channels, backlog: see
        yallchat-load."""
        steps = [step for subscription in subscriptions for step, _ in subscription]
        command = ["--readers", self._write("readers", steps)]
        for _, ready in subscriptions[0]:
            command += ["--ready", ready]
        if posts:
            command += ["--requests", self._write("requests", posts)]
        if greetings:
            command += ["--greetings", self._write("greetings", greetings)]
        result = self._command(server, command, {"expect": expect, **options})
        result["failed"] = sum(count for status, count in result["status"].items()
                               if int(status) != expect) + result["wrong"]
        return result

    def _write(self, name, requests):
        path = self.folder / name
        with open(path, "wb") as file:
            for request in requests:
                file.write(struct.pack("<I", len(request)) + request)
        return path

    def _command(self, server, what, options):
        command = [BINARIES / "yallchat-load", "--port", server.port, "--protocol",
                   server.protocol, *what]
        for pid in server.pids():
            command += ["--cpu-of", pid]
        for name, value in options.items():
            command += ["--" + name.replace("_", "-"), value]
        output = subprocess.run([str(part) for part in command], check=True,
                                stdout=subprocess.PIPE, timeout=LONGEST_S).stdout
        return json.loads(output)

    def post_all(self, server, requests, count, **options):
        """So many requests that succeed, round the list: what is refused is sent again. Gives how
        many were refused."""
        missing, refused = count, 0
        while missing:
            result = self.run(server, requests, expect=server.posted, count=missing, **options)
            if not result["successes"]:
                raise RuntimeError(f"{server.name} refuses everything: {result['status']}")
            missing -= result["successes"]
            refused += result["failed"]
        return refused

    def capture(self, server, requests, header):
        """Sends each request once; the header's value in each answer. All must succeed."""
        path = self.folder / "captured"
        result = self.run(server, requests, expect=200, count=len(requests), connections=64,
                          capture=header, captured_to=path)
        if result["failed"]:
            raise RuntimeError(f"{server.name} refused what a workload needs: {result['status']}")
        return path.read_text().splitlines()

    def sync_cost(self):
        """Of a few bytes made durable in this folder, without any server."""
        output = subprocess.run([BINARIES / "yallchat-load", "--sync-cost", self.folder],
                                check=True, stdout=subprocess.PIPE).stdout
        return json.loads(output)
