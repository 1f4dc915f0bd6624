"""P13: what a post costs as channels, sessions and history grow. Ours only."""

import statistics
from dataclasses import dataclass

from measuring import Target, compare
from servers import Yallchatd
from wire import body


@dataclass(frozen=True)
class Size:
    """Of a server before it is measured. Session i is in channel i mod channels; the posts that
    are measured go round all sessions, and so do those that make the history, of which there is
    one of each session at least."""

    axis: str
    channels: int
    sessions: int
    history: int = 0  # messages, of all channels

    def __str__(self):
        value = getattr(self, self.axis)
        unit = {"channels": "channel", "sessions": "session", "history": "kept message"}[self.axis]
        return f"{value:,} {unit}{'' if value == 1 else 's'}"


def sizes(quick):
    """One thing grows, the others stay."""
    sessions = [1, 1000, 10_000] if quick else [1, 1000, 100_000]
    return {
        "channels": [Size("channels", n, 10_000) for n in (1, 100, 10_000)],
        "sessions": [Size("sessions", min(n, 100), n) for n in sessions],
        "history": [Size("history", 100, 100, n)
                    for n in ([1000, 100_000] if quick else [1000, 100_000, 1_000_000])],
    }


def patient(folder, **more):
    """Whoever is not asked to say anything for a while shall stay."""
    return Yallchatd(folder, "--session-timeout", "1h", **more)


def growth(rows, cost):
    """How much more the worst size costs than the first: of each the median of the rounds'
    ratios."""
    def of(run):
        return cost(run) / run["successes"]

    first = rows[0]
    return max(statistics.median(of(run) / of(base)
                                 for run, base in zip(row.runs, first.runs)) for row in rows[1:])


def p13(bench):
    """Closed loop, 64 connections, a post at a time; a number of posts, not of seconds, so that
    what grows meanwhile grows alike. Every session has posted once before. CPU of the server, the
    store's threads with it, and posts a second. With 64 connections a sync is shared by up to 64
    posts, whatever the size."""
    posts = 20_000 if bench.quick else 100_000

    def measure(size, server):
        server.prepare(bench.load, size.sessions, size.channels)
        requests = [server.post(i, body(i)) for i in range(size.sessions)]
        bench.load.post_all(server, requests, max(size.history, size.sessions), depth=16)
        return bench.load.run(server, requests, expect=200, count=posts)

    def judge(rows):
        rows = list(rows.values())
        return [Target("CPU of the server a post, of any size / of the smallest",
                       growth(rows, lambda run: run["server_cpu_s"]), "<=", 1.5, " x"),
                Target("time a post, of any size / of the smallest",
                       growth(rows, lambda run: run["seconds"]), "<=", 1.5, " x")], [note]

    note = f"{posts:,} posts a round"
    return [compare(bench, f"P13, {axis}",
                    f"the cost of a post as {axis} grow{'s' * (axis == 'history')}",
                    cases, {"yallchatd": patient}, measure, judge)
            for axis, cases in sizes(bench.quick).items()]
