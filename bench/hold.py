"""P1-hold and P1-rate: posts for a minute, and posts at a fixed rate."""

import threading
import time
from dataclasses import dataclass

from measuring import Row, Table, Target, THROUGHPUT, compare, log
from peers import Redis, nchans
from posts import Case, post_requests
from process import cpu_s, folder_bytes, memory_bytes, written_bytes
from servers import Yallchatd

MIB = 2**20


class Watch:
    """The largest log and the largest memory of a server while it is watched, looked at every
    100 ms by a thread of its own."""

    def __init__(self, server):
        self.log_bytes = self.memory_bytes = 0
        self._server = server
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()

    def _look(self):
        while not self._over.wait(0.1):
            log_bytes = folder_bytes(self._server.folder / "data/log")
            self.log_bytes = max(self.log_bytes, log_bytes)
            self.memory_bytes = max(self.memory_bytes, memory_bytes(self._server.process.pid))


def seconds_until_rest(pid):
    """How long the process goes on working: until it uses less than 5 % of a core and writes less
    than 64 KiB in 300 ms."""
    start = time.monotonic()
    while time.monotonic() - start < 60:
        cpu, written = cpu_s(pid), written_bytes(pid)
        time.sleep(0.3)
        if cpu_s(pid) - cpu < 0.015 and written_bytes(pid) - written < 64 * 1024:
            break
    return time.monotonic() - start - 0.3


def p1_hold(bench):
    """P1 over 100 channels for 60 s, ours only. The store must keep up: no post is refused (posts
    are, from 32 MiB that are not stored yet), the log is trimmed behind the store while posts go
    on, and the server has nothing left to do soon after the last."""
    case = Case(64, 100)
    seconds = 10 if bench.quick else 60
    row = Row(f"{case}, {seconds} s", "yallchatd")
    with Yallchatd(bench.new_folder()) as server:
        requests = post_requests(bench, case, server)
        with Watch(server) as watch:
            result = bench.load.run(server, requests, expect=200, connections=case.connections,
                                    seconds=seconds)
        rest_s = seconds_until_rest(server.process.pid)
        before = time.monotonic()
        server.stop()
        stop_s = time.monotonic() - before
    row.runs.append({**result, "rest_s": rest_s, "stop_s": stop_s, "log_bytes": watch.log_bytes,
                     "memory_bytes": watch.memory_bytes})
    log(f"  {row.case}: {result['per_second']:,.0f}/s")
    seconds_of_it = result["every_second"]
    part = max(len(seconds_of_it) // 6, 1)
    targets = [Target("answers that are not 200", result["failed"], "<=", 0),
               Target("the last sixth of the time / the first, posts/s",
                      sum(seconds_of_it[-part:]) / sum(seconds_of_it[:part]), ">=", 0.8, " x"),
               Target("at rest after the last post", rest_s, "<=", 1, " s")]
    notes = [f"posts in each second: least {min(seconds_of_it):,}, most {max(seconds_of_it):,}",
             f"largest while it ran: log {watch.log_bytes / MIB:,.0f} MiB, "
             f"memory {watch.memory_bytes / MIB:,.0f} MiB",
             f"stopping, with everything stored: {stop_s:.2f} s"]
    return [Table("P1-hold", "durable posts for a minute", THROUGHPUT, [row], targets, notes)]


@dataclass(frozen=True)
class Rate:
    posts: Case
    per_second: int

    def __str__(self):
        return f"{self.per_second:,} posts/s, {self.posts}"


def p1_rate(bench):
    """Open loop: posts are due at a fixed rate, and wait for nobody. A latency is from when the
    post was due, so a stall is felt by all who would have posted in it. No target; this is what
    users of a server that is not at its limit feel."""
    cases = [Rate(Case(64, 100), 5_000), Rate(Case(64, 100), 20_000)]

    def measure(case, server):
        return bench.load.run(server, post_requests(bench, case.posts, server),
                              expect=server.posted, connections=case.posts.connections,
                              rate=case.per_second, seconds=bench.seconds, warmup=bench.warmup)

    columns = [*THROUGHPUT, ("p99.9 ms", lambda row: f"{row.median('p999_us') / 1000:.3f}")]
    servers = {"yallchatd": Yallchatd, **nchans(), "Redis always": Redis}
    return [compare(bench, "P1-rate", "durable posts at a fixed rate", cases, servers, measure,
                    lambda rows: ([], []), columns)]
