"""P5, P6, P7, P14: readers who are told: how late, at what memory, and how fast they catch up."""

import functools
from dataclasses import dataclass

from hold import seconds_until_rest
from measuring import THROUGHPUT, Target, best, compare, log, ratio
from peers import BETTER_NCHAN, Ngircd, RedisPubSub, RedisStreams, nchan_streams
from servers import SSE, WEBSOCKET, YallchatdStreams
from wire import stamped_body

KIB = 1024
POSTERS = 16
KEPT = 1000  # messages to catch up with

DELIVERIES = [
    *THROUGHPUT[:3],
    ("p50 ms", lambda row: f"{row.median('p50_us') / 1000:.2f}"),
    ("p99 ms", lambda row: f"{row.median('p99_us') / 1000:.2f}"),
    ("spread of p99", lambda row: f"{row.spread('p99_us'):.0%}"),
    ("p99.9 ms", lambda row: f"{row.median('p999_us') / 1000:.2f}"),
    *THROUGHPUT[6:],
    ("missing", lambda row: f"{sum(row.values('missing')):,}"),
    ("readers lost", lambda row: f"{sum(row.values('lost')):,}"),
]
OF_DELIVERIES = "A second, CPU: of deliveries, each one message at one reader."


@dataclass(frozen=True)
class Fan:
    readers: int
    per_second: int  # posts
    seconds: float

    def __str__(self):
        readers = "1 reader" if self.readers == 1 else f"{self.readers:,} readers"
        return f"{readers}, {self.per_second:,} posts/s"


def ours():
    return {f"yallchatd {transport}": functools.partial(YallchatdStreams, transport=transport)
            for transport in (SSE, WEBSOCKET)}


def live(bench):
    """Posts of 100 bytes at a fixed rate by 16 connections to one channel that all readers are in.
    The load is an open loop: a latency is from when a post was due, not from when it could be sent,
    to when a reader has it; all of all readers count, and what never came counts as late as it was
    at the end."""
    def measure(case, server):
        server.prepare_fanout(bench.load, POSTERS, case.readers, 1)
        return bench.load.fanout(
            server, [server.subscription(i) for i in range(case.readers)],
            posts=[server.post(i, stamped_body()) for i in range(POSTERS)],
            greetings=server.greetings, expect=server.posted, connections=POSTERS,
            rate=case.per_second, seconds=case.seconds, warmup=max(bench.warmup, 1))
    return measure


def all_came(row, case):
    return Target(f"{case}, {row.server}: deliveries and answers that did not come",
                  sum(row.values("missing")) + sum(row.values("unanswered")), "<=", 0)


def later(row, peer, case, bound):
    return Target(f"{case}: p99 of {row.server} / {peer.server}", ratio(row, peer, "p99_us"), "<=",
                  bound, " x")


def p5(bench):
    """As many deliveries as the best known can make here: two million a second to 1000 readers, one
    million to 5000; each post of ours is on the disk before anybody reads it. Not nchan, which
    makes a tenth of that. ngircd in one case: its readers would tell each other of 5000 joins."""
    seconds = 4 if bench.quick else 30
    servers = {**ours(), RedisPubSub.name: RedisPubSub}

    def table(name, case, bound, servers):
        def judge(rows):
            of_ours = [rows[case, server] for server in ours()]
            return [target for row in of_ours for target in (
                all_came(row, case), later(row, rows[case, RedisPubSub.name], case, bound))], [
                    OF_DELIVERIES]
        return compare(bench, name, f"fan-out at a fixed rate, {case}", [case], servers,
                       live(bench), judge, DELIVERIES)

    return [table("P5", Fan(1000, 2000, seconds), 1.5, {**servers, Ngircd.name: Ngircd}),
            table("P5", Fan(5000, 200, seconds), 1.5, servers),
            table("P5 moonshot", Fan(1000, 4000, seconds / 2), 1.0, servers),
            table("P5 moonshot", Fan(5000, 400, seconds / 2), 1.0, servers)]


def p6(bench):
    """What people see where many read and few speak. The readers of a server are all by SSE, or all
    by WebSocket; each is compared with its like."""
    seconds = 3 if bench.quick else 10
    cases = [Fan(1000, 50, seconds), Fan(5000, 10, seconds)]
    nchans = {transport: nchan_streams(transport) for transport in (SSE, WEBSOCKET)}

    def judge(rows):
        targets = []
        for case in cases:
            for transport, peers in nchans.items():
                row = rows[case, f"yallchatd {transport}"]
                peer = min((rows[case, name] for name in peers),
                           key=lambda peer: peer.median("p99_us"))
                targets += [all_came(row, case), later(row, peer, case, 0.8)]
        return targets, [BETTER_NCHAN, OF_DELIVERIES]

    servers = {**ours(), **nchans[SSE], **nchans[WEBSOCKET], RedisPubSub.name: RedisPubSub}
    return [compare(bench, "P6", "few posts to many readers", cases, servers, live(bench), judge,
                    DELIVERIES)]


@dataclass(frozen=True)
class Idle:
    readers: int
    heard: bool

    def __str__(self):
        before = "who have heard 10 messages each" if self.heard else "who have heard nothing"
        return f"{self.readers:,} readers {before}"


def p7(bench):
    """Streams that are open and silent, in 100 channels: how much larger the server is (resident)
    than before they were opened, divided by their number. The sessions of ours are there before, so
    they are not in it. What a stream keeps of the messages that it has had is."""
    channels = 100
    readers = 1000 if bench.quick else 10_000
    cases = [Idle(readers, False), Idle(readers, True)]

    def measure(case, server):
        server.prepare_fanout(bench.load, channels, readers, channels)
        for pid in server.pids():
            seconds_until_rest(pid)
        posts = [server.post(i, stamped_body()) for i in range(channels)] * case.heard
        rate = {"rate": 500} if case.heard else {}
        result = bench.load.fanout(
            server, [server.subscription(i) for i in range(readers)], posts=posts,
            greetings=server.greetings if case.heard else (), expect=server.posted,
            connections=channels, channels=channels, seconds=2, **rate)
        result["a_reader_kib"] = (result["memory_after"] - result["memory_before"]) / readers / KIB
        log(f"  {case}, {server.name}: {result['a_reader_kib']:.1f} KiB each")
        return result

    def judge(rows):
        targets = []
        for case in cases:
            for name in ours():
                is_kib = rows[case, name].median("a_reader_kib")
                targets += [Target(f"{case}: {name}", is_kib, "<=", 10, " KiB"),
                            Target(f"moonshot, {case}: {name}", is_kib, "<=", 4, " KiB")]
        return targets, ["Before: resident memory of the server without readers."]

    def mib(name):
        return lambda row: f"{row.median(name) / KIB / KIB:.1f}"

    columns = [*THROUGHPUT[:2],
               ("a reader, KiB", lambda row: f"{row.median('a_reader_kib'):.1f}"),
               ("spread", lambda row: f"{row.spread('a_reader_kib'):.0%}"),
               ("before, MiB", mib("memory_before")), ("with readers, MiB", mib("memory_after")),
               ("s until all had subscribed", lambda row: f"{row.median('subscribing_s'):.1f}"),
               ("missing", lambda row: f"{sum(row.values('missing')):,}")]
    one_worker = {name: make for transport in (SSE, WEBSOCKET)
                  for name, make in nchan_streams(transport).items() if "1 worker" in name}
    servers = {**ours(), **one_worker, RedisPubSub.name: RedisPubSub, Ngircd.name: Ngircd}
    return [compare(bench, "P7", "memory of a stream that is open", cases, servers, measure, judge,
                    columns)]


def catching_up(bench):
    """After a pause of the network: 500 readers are connected, and ask all at once for all of the
    channel's 1000 messages. From the first request to when the last reader has all. p50, p99: when
    a reader had all. Redis has a stream and gives each reader one answer."""
    readers = 500

    def measure(case, server):
        server.prepare_fanout(bench.load, 1, readers, 1)
        keep = [server.post(0, stamped_body(i)) for i in range(KEPT)]
        kept = bench.load.run(server, keep, expect=server.kept, count=KEPT, connections=1, depth=16)
        if kept["failed"]:
            raise RuntimeError(f"{server.name} refused what was to be caught up with")
        return bench.load.fanout(
            server, [server.subscription(i, oldest=True) for i in range(readers)], backlog=KEPT)

    def judge(rows):
        targets = []
        for transport in (SSE, WEBSOCKET):
            row = rows[case, f"yallchatd {transport}"]
            peer = best([rows[case, name] for name in nchan_streams(transport)])
            value, text = ratio(row, peer), f"{row.server} / {peer.server}, deliveries a second"
            targets += [all_came(row, case), Target(text, value, ">=", 4, " x"),
                        Target(f"moonshot: {text}", value, ">=", 10, " x")]
        return targets, [BETTER_NCHAN, OF_DELIVERIES]

    case = f"{readers} readers, {KEPT:,} messages each"
    servers = {**ours(), **nchan_streams(SSE), **nchan_streams(WEBSOCKET),
               RedisStreams.name: RedisStreams}
    return compare(bench, "P14, catching up", "what was missed", [case], servers, measure, judge,
                   DELIVERIES)


def to_one_reader(bench):
    """What two people feel of each other: the sync, and the way through the server."""
    case = Fan(1, 1000, 2 if bench.quick else 5)

    def judge(rows):
        targets = []
        for name in ours():
            row = rows[case, name]
            p50, p99 = (row.median(quantile) / 1000 for quantile in ("p50_us", "p99_us"))
            targets += [all_came(row, case), Target(f"p50, {name}", p50, "<=", 0.4, " ms"),
                        Target(f"p99, {name}", p99, "<=", 1, " ms"),
                        Target(f"moonshot: p50, {name}", p50, "<=", 0.25, " ms"),
                        Target(f"moonshot: p99, {name}", p99, "<=", 0.5, " ms")]
        return targets, []

    columns = [(heading, show) if not heading.startswith("p") else
               (heading, lambda row, name=f"p{heading[1:-3].replace('.', '')}_us":
                f"{row.median(name) / 1000:.3f}") for heading, show in DELIVERIES]
    nchans = {**nchan_streams(SSE), **nchan_streams(WEBSOCKET)}
    servers = {**ours(), **nchans, RedisPubSub.name: RedisPubSub, Ngircd.name: Ngircd}
    return compare(bench, "P14, one reader", "post to receipt", [case], servers, live(bench), judge,
                   columns)


def p14(bench):
    return [catching_up(bench), to_one_reader(bench)]
