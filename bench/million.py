"""P8, P9: a start with a million messages, and what they take in memory and on the disk."""

import socket
import statistics
import time

from hold import seconds_until_rest
from measuring import Row, Table, Target, log
from peers import Redis
from process import folder_bytes, memory_bytes
from servers import Yallchatd
from wire import BODY_BYTES, body, resp_request

MIB = 2**20
CHANNELS = 1000


def fill(bench, server, messages):
    """So many posts, round the channels. What is refused, because the store is behind, is posted
    again: the number of messages is what counts here. Gives the posts that were refused."""
    server.prepare(bench.load, CHANNELS, CHANNELS)
    requests = [server.post(i, body(i)) for i in range(CHANNELS)]
    return bench.load.post_all(server, requests, messages, depth=16)


def timed_stop(server):
    before = time.monotonic()
    server.stop()
    return time.monotonic() - before


def ours(bench, messages):
    """Filled; killed at once, while the log has what the store has not; started; stopped cleanly;
    started. All with a warm page cache."""
    with Yallchatd(bench.new_folder(), "--session-timeout", "1h") as server:
        data = server.folder / "data"
        run = {"refused": fill(bench, server, messages)}
        run["memory_filled"] = memory_bytes(server.process.pid)
        run["rest_s"] = seconds_until_rest(server.process.pid)
        run["disk_filled"] = folder_bytes(data)
        run["log_filled"] = folder_bytes(data / "log")
        server.kill()
        server.start()
        run["start_after_kill_s"] = server.start_s
        run["stop_s"] = timed_stop(server)
        run["disk"] = folder_bytes(data)
        server.start()
        run["start_s"] = server.start_s
        run["memory_started"] = memory_bytes(server.process.pid)
        return run


def wait_until_loaded(server):
    """Redis listens while it loads, and refuses everything."""
    with socket.create_connection(("127.0.0.1", server.port), 10) as connection:
        answer = b""
        while not answer.startswith(b"+PONG"):
            connection.sendall(resp_request("PING"))
            answer = connection.recv(1000)


def redis(bench, messages):
    """The same, for comparison; its file is the log, so killed or stopped is the same to it."""
    with Redis(bench.new_folder()) as server:
        run = {"refused": fill(bench, server, messages)}
        run["memory_filled"] = memory_bytes(server.process.pid)
        run["disk_filled"] = run["disk"] = folder_bytes(server.folder)
        for name in ("start_after_kill_s", "start_s"):
            if name == "start_s":
                run["stop_s"] = timed_stop(server)
            else:
                server.kill()
            before = time.monotonic()
            server.start()
            wait_until_loaded(server)
            run[name] = time.monotonic() - before
        run["memory_started"] = memory_bytes(server.process.pid)
        return run


def p8_p9(bench):
    """A million messages of 100 bytes in 1000 channels, said by 1000 sessions."""
    messages = 100_000 if bench.quick else 1_000_000
    case = f"{messages:,} messages, {CHANNELS:,} channels"
    rows = [Row(case, "yallchatd"), Row(case, "Redis always")]
    for number in range(bench.rounds):
        for row, measure in zip(rows, (ours, redis)):
            row.runs.append(measure(bench, messages))
            log(f"  round {number + 1}  {row.server}: started in {row.runs[-1]['start_s']:.3f} s")
    us = rows[0]
    started = [("server", lambda row: row.server),
               ("start after kill -9, s", seconds("start_after_kill_s")),
               ("start after a clean stop, s", seconds("start_s")),
               ("spread", lambda row: f"{row.spread('start_s'):.0%}"),
               ("stop, s", seconds("stop_s"))]
    p8 = Table("P8", f"start with {case}", started, rows, [
        Target("start after kill -9", us.median("start_after_kill_s"), "<=", 2, " s"),
        Target("start after a clean stop", us.median("start_s"), "<=", 2, " s"),
        Target("moonshot: both", max(us.median("start_after_kill_s"), us.median("start_s")), "<=",
               0.5, " s")],
        ["From before exec to the line that says it listens (Redis: to its first PONG), with a "
         "warm page cache."])
    taken = [("server", lambda row: row.server),
             ("memory after the posts, MiB", mib("memory_filled")),
             ("memory after a start, MiB", mib("memory_started")),
             ("disk a message while running, bytes", a_message("disk_filled", messages)),
             ("disk a message after a clean stop, bytes", a_message("disk", messages))]
    per_message = {name: us.median(name) / messages for name in ("disk_filled", "disk")}
    bound = 2 * BODY_BYTES + 100
    refused = statistics.median(us.values("refused"))
    p9 = Table("P9", f"memory and disk of {case}", taken, rows, [
        Target("memory after the posts", us.median("memory_filled") / MIB, "<=", 200, " MiB"),
        Target("memory after a start", us.median("memory_started") / MIB, "<=", 200, " MiB"),
        Target("disk a message, log and store, while running", per_message["disk_filled"], "<=",
               bound, " bytes"),
        Target("disk a message, log and store, after a clean stop", per_message["disk"], "<=",
               bound, " bytes")],
        [f"Of the disk while running, the log took {us.median('log_filled') / MIB:.0f} MiB: "
         "segments of 8 MiB, the next one ready beforehand, however few messages there are.",
         f"A message has {BODY_BYTES} bytes; the bound is twice that and 100.",
         f"Ours: at rest {us.median('rest_s'):.2f} s after the last post; {refused:,.0f} posts "
         "were refused because the store was behind, and posted again."])
    return [p8, p9]


def seconds(name):
    return lambda row: f"{row.median(name):.3f}"


def mib(name):
    return lambda row: f"{row.median(name) / MIB:.0f}"


def a_message(name, messages):
    return lambda row: f"{row.median(name) / messages:.0f}"
