"""P1, P2, P3: durable posts."""

import statistics
from dataclasses import dataclass

from measuring import Target, best, compare, ratio
from peers import BETTER_NCHAN, Redis, Webdis, nchans
from servers import Yallchatd
from wire import body


@dataclass(frozen=True)
class Case:
    connections: int
    channels: int = 1
    depth: int = 1

    def __str__(self):
        connections = "1 connection" if self.connections == 1 else f"{self.connections} connections"
        pipelined = f", {self.depth} pipelined" if self.depth > 1 else ""
        channels = "1 channel" if self.channels == 1 else f"{self.channels} channels"
        return f"{connections}{pipelined}, {channels}"


def post_requests(bench, case, server):
    """A session for each connection, and at least one in each channel."""
    sessions = max(case.connections, case.channels)
    server.prepare(bench.load, sessions, case.channels)
    return [server.post(i, body(i)) for i in range(sessions)]


def post(bench):
    def measure(case, server):
        return bench.load.run(server, post_requests(bench, case, server), expect=server.posted,
                              connections=case.connections, depth=case.depth,
                              seconds=bench.seconds, warmup=bench.warmup)
    return measure


def p1(bench):
    """Closed loop: each connection has one post of 100 bytes under way, and sends the next when it
    is answered. yallchatd and Redis answer when the post is synced; nchan keeps it in memory."""
    cases = [Case(64, 1), Case(64, 100), Case(256, 100)]

    def judge(rows):
        targets = []
        for case in cases:
            ours = rows[case, "yallchatd"]
            nchan = best([rows[case, name] for name in nchans()])
            bounds = [(nchan, 0.75), (rows[case, "Redis always"], 1.3),
                      (rows[case, "webdis + Redis always"], 2.5)]
            targets += [Target(f"{case}: ours / {peer.server}", ratio(ours, peer), ">=", bound,
                               " x") for peer, bound in bounds]
            targets.append(Target(f"moonshot, {case}: ours / {nchan.server}", ratio(ours, nchan),
                                  ">=", 1.2 if case.connections == 256 else 1.0, " x"))
        return targets, [BETTER_NCHAN]

    servers = {"yallchatd": Yallchatd, **nchans(), "Redis always": Redis,
               "webdis + Redis always": Webdis}
    return [compare(bench, "P1", "durable posts", cases, servers, post(bench), judge)]


def p2(bench):
    """One connection, one post at a time: what a single person waits. Beside it what the disk
    itself asks for 150 bytes and for 4 KiB, measured in the same rounds."""
    case = Case(1)
    costs = []

    def measure(case, server):
        if server.name == "yallchatd":
            costs.append(bench.load.sync_cost())
        return post(bench)(case, server)

    def judge(rows):
        ours = rows[case, "yallchatd"]
        relative = statistics.median(run["p50_us"] / cost["bytes_150"]["p50_us"]
                                     for run, cost in zip(ours.runs, costs))
        targets = [Target("p50", ours.median("p50_us") / 1000, "<=", 0.25, " ms"),
                   Target("p99", ours.median("p99_us") / 1000, "<=", 0.6, " ms"),
                   Target("moonshot: p50 / that of the sync itself, 150 bytes", relative, "<=",
                          1.2, " x")]
        return targets, [sync_note(costs, size) for size in ("bytes_150", "bytes_4096")]

    servers = {"yallchatd": Yallchatd, **nchans(), "Redis always": Redis,
               "webdis + Redis always": Webdis}
    return [compare(bench, "P2", "durable post, 1 connection", [case], servers, measure, judge)]


def sync_note(costs, size):
    p50, p99 = (statistics.median(cost[size][q] for cost in costs) / 1000
                for q in ("p50_us", "p99_us"))
    return (f"the sync itself, {size[6:]} bytes written and fdatasync: "
            f"p50 {p50:.3f} ms, p99 {p99:.3f} ms")


def p3(bench):
    """Closed loop with 16 posts under way on each connection: the next ones are sent when answers
    come, as many as came."""
    case = Case(64, 100, 16)

    def judge(rows):
        value = ratio(rows[case, "yallchatd"], rows[case, "Redis always"])
        return [Target("ours / Redis always", value, ">=", 1, " x"),
                Target("moonshot: ours / Redis always", value, ">=", 2, " x")], []

    servers = {"yallchatd": Yallchatd, **nchans(), "Redis always": Redis}
    return [compare(bench, "P3", "durable posts, pipelined", [case], servers, post(bench), judge)]
