"""P4: polls that find a message, and polls that find nothing."""

import http.client

from measuring import Target, best, compare, ratio
from peers import BETTER_NCHAN, Nchan, Redis, nchans
from servers import Yallchatd
from wire import body, http_request, resp_request

CONNECTIONS = 64
CHANNELS = 16
MESSAGES = 3  # in each channel; the second is what is found
FINDING = "finding a message"
NOTHING = "finding nothing"


def ours(bench, server, case):
    """A session for each connection. The position is in the request, so the same poll finds the
    same message for ever; without one, the cursor is at the end."""
    server.prepare(bench.load, CONNECTIONS, CHANNELS)
    say = [server.post(i, body(i)) for i in range(CHANNELS)] * MESSAGES
    bench.load.run(server, say, expect=200, count=len(say))
    polls = [server.poll(i, 2) for i in range(CONNECTIONS)]
    bench.load.capture(server, polls, "seqnr")  # a session's first event is the directory
    expect_same(bench.load.capture(server, polls, "seqnr"), "2")
    if case == FINDING:
        return polls, 200
    bench.load.capture(server, [server.poll(i, MESSAGES) for i in range(CONNECTIONS)], "seqnr")
    return [server.poll(i) for i in range(CONNECTIONS)], 204


def nchan(bench, server, case):
    """nchan tells where a subscriber is by Last-Modified and Etag, which come back as
    If-Modified-Since and If-None-Match. Nothing new is 304."""
    requests = []
    for i in range(CHANNELS):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        for number in range(MESSAGES):
            connection.request("POST", f"/pub?id=c{i}", body(i))
            connection.getresponse().read()
        headers = {}
        for _ in range(1 if case == FINDING else MESSAGES):
            connection.request("GET", f"/sub?id=c{i}", headers=headers)
            answer = connection.getresponse()
            answer.read()
            headers = {"If-Modified-Since": answer.getheader("Last-Modified"),
                       "If-None-Match": answer.getheader("Etag")}
        connection.close()
        requests.append(http_request("GET", f"/sub?id=c{i}", **headers))
    if case == FINDING:
        found = bench.load.capture(server, requests, "Content-Length")
        expect_same(found, str(len(body(0))))
    return requests, 200 if case == FINDING else 304


def redis(bench, server, case):
    """XREAD without BLOCK; nothing new is a null."""
    say = [resp_request("XADD", f"c{i}", f"{number}-1", "m", body(i))
           for number in range(1, MESSAGES + 1) for i in range(CHANNELS)]
    bench.load.run(server, say, expect=200, count=len(say), connections=1)
    after = "1-1" if case == FINDING else f"{MESSAGES}-1"
    return [resp_request("XREAD", "COUNT", 1, "STREAMS", f"c{i}", after)
            for i in range(CHANNELS)], 200 if case == FINDING else 204


def expect_same(values, wanted):
    if set(values) != {wanted}:
        raise RuntimeError(f"the polls do not find what they should: {set(values)} != {wanted}")


def p4(bench):
    """Closed loop, 64 connections, 16 channels. A poll of ours is checked against its session, as
    always; nchan's and Redis' need none. All three answer from memory."""
    polls_of = {Yallchatd: ours, Nchan: nchan, Redis: redis}

    def measure(case, server):
        requests, expect = polls_of[type(server)](bench, server, case)
        return bench.load.run(server, requests, expect=expect, connections=CONNECTIONS,
                              seconds=bench.seconds, warmup=bench.warmup)

    cases = [FINDING, NOTHING]

    def judge(rows):
        targets = []
        for case in cases:
            peer = best([rows[case, name] for name in nchans()])
            value = ratio(rows[case, "yallchatd"], peer)
            targets += [Target(f"{case}: ours / {peer.server}", value, ">=", 1.0, " x"),
                        Target(f"moonshot, {case}: ours / {peer.server}", value, ">=", 1.3, " x")]
        return targets, [BETTER_NCHAN]

    servers = {"yallchatd": Yallchatd, **nchans(), "Redis": Redis}
    return [compare(bench, "P4", f"polls, {CONNECTIONS} connections, {CHANNELS} channels", cases,
                    servers, measure, judge)]
