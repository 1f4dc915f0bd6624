"""P10: search in a million messages, and what it costs those who post meanwhile. Ours only."""

import http.client
import itertools
import json
import random
import statistics
import threading
import time
from urllib.parse import quote

from load import Load
from measuring import Row, Table, Target, THROUGHPUT, brief, log
from servers import Yallchatd
from wire import BODY_BYTES, http_request

CONNECTIONS = 64  # that post
SEARCHES_A_SECOND = 20
DIFFERENT = 100_000  # messages; then they repeat
QUERIES = 20  # of each kind
INDEXING_S = 600


class Language:
    """Messages of words as frequent as in real ones (the n-th is n times rarer than the first),
    made of syllables, so that different words have the same parts. Always the same."""

    def __init__(self):
        self._random = random.Random(10)
        self.words = [self._word(self._random.randint(2, 4)) for _ in range(5000)]
        self._weights = list(itertools.accumulate(1 / (i + 1) for i in range(len(self.words))))
        # Each is in one message of those that differ.
        self.rare = [self._word(3) + self._word(3) + "q" for _ in range(QUERIES)]

    def _word(self, syllables):
        return "".join(self._random.choice("bdfghklmnprstvwz") + self._random.choice("aeiou")
                       for _ in range(syllables))

    def bodies(self, count):
        for i in range(count):
            words = self._random.choices(self.words, cum_weights=self._weights, k=20)
            if i % (count // QUERIES) == 7:
                words.insert(0, self.rare[i // (count // QUERIES)])
            yield " ".join(words)[:BODY_BYTES].encode()

    def queries(self):
        """kind -> what is asked for."""
        common = self.words[:QUERIES]
        return {
            "common words": common,
            "two common words": [f"{a} {b}" for a, b in zip(common, self.words[50:])],
            "rare words": self.rare,
            "a common and a rare word": [f"{a} {b}" for a, b in zip(common, self.rare)],
            "parts of words": [word[1:-1] for word in self.rare],
            "absent words": [word[::-1] + "xq" for word in common],
            "absent words of common parts": [a + b for a, b in zip(common, common[1:] + common)],
        }


def fill(bench, server, language, messages, channels):
    server.prepare(bench.load, max(channels, CONNECTIONS), channels)
    requests = [server.post(i % len(server.keys), body)
                for i, body in enumerate(language.bodies(min(messages, DIFFERENT)))]
    bench.load.post_all(server, requests, messages, depth=16)
    return requests


def seconds_until_indexed(server, channels):
    """Until a search in each channel knows of its newest message."""
    start = time.monotonic()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)

    def ask(i, query):
        connection.request("GET", f"/chats/c{i}/messages?{query}",
                           headers={"session": server.keys[i]})
        answer = connection.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"a search gave {answer.status}: {body}")
        return json.loads(body)

    for i in range(channels):
        head = ask(i, "limit=1")["head"]
        while ask(i, "q=absentxq&limit=1")["indexed-to"] < head:
            if time.monotonic() - start > INDEXING_S:
                raise RuntimeError(f"channel c{i} is not indexed in {INDEXING_S} s")
            time.sleep(0.05)
    connection.close()
    return time.monotonic() - start


def searches(server, queries, channels):
    return [http_request("GET", f"/chats/c{i % channels}/messages?q={quote(words)}&limit=20",
                         session=server.keys[i % channels]) for i, words in enumerate(queries)]


def post(bench, server, requests):
    return bench.load.run(server, requests, expect=200, connections=CONNECTIONS,
                          seconds=bench.seconds, warmup=bench.warmup)


def post_while_searching(bench, server, requests, mix):
    """Gives what the posts and what the searches did."""
    found = []
    folder = bench.new_folder()
    folder.mkdir()

    def search():
        found.append(Load(folder).run(server, mix, expect=200, rate=SEARCHES_A_SECOND,
                                      connections=8, seconds=bench.seconds + bench.warmup))

    thread = threading.Thread(target=search)
    thread.start()
    posts = post(bench, server, requests)
    thread.join()
    return posts, found[0]


def measure(bench, messages, channels, rows):
    """One round. Posts alone are measured before and after those beside searches."""
    language = Language()

    def add(case, result):
        row = rows.setdefault((channels, case), Row(case, "yallchatd"))
        row.runs.append(result)
        log(f"  {channels:,} channels, {case}: {brief(result)}")

    with Yallchatd(bench.new_folder(), "--session-timeout", "1h") as server:
        requests = fill(bench, server, language, messages, channels)
        indexed_s = seconds_until_indexed(server, channels)
        log(f"  {channels:,} channels: indexed {indexed_s:.1f} s after the last post")
        kinds = language.queries()
        for kind, queries in kinds.items():
            add(kind, bench.load.run(server, searches(server, queries, channels), expect=200,
                                     connections=1, seconds=bench.seconds))
        mix = searches(server, [query for at in zip(*kinds.values()) for query in at], channels)
        add(ALL, {**bench.load.run(server, mix, expect=200, connections=1,
                                   seconds=bench.seconds * 2), "indexed_s": indexed_s})
        before = post(bench, server, requests)
        posts, found = post_while_searching(bench, server, requests, mix)
        after = post(bench, server, requests)
        alone = (before["per_second"] + after["per_second"]) / 2
        add(ALONE, {**before, "per_second": alone, "failed": before["failed"] + after["failed"]})
        add(BESIDE, {**posts, "ratio": posts["per_second"] / alone})
        add(MEANWHILE, found)


ALL = "all of these in turn"
ALONE = "posts, nobody searches"
BESIDE = f"posts, {SEARCHES_A_SECOND} searches a second beside them"
MEANWHILE = "these searches"


def p10(bench):
    """A million messages in one channel, and in 100. One search at a time (closed loop), each for
    the newest 20 messages that match, of kinds that are cheap and dear in different ways. Then
    posts, as in P1, and the same with searches at a fixed rate beside them. Searching begins when
    all is in the index."""
    messages = 100_000 if bench.quick else 1_000_000
    rows = {}
    for _ in range(bench.rounds):
        for channels in (1, 100):
            measure(bench, messages, channels, rows)
    return [table(messages, channels, {case: row for (of, case), row in rows.items()
                                       if of == channels}) for channels in (1, 100)]


def table(messages, channels, rows):
    indexed_s = statistics.median(rows[ALL].values("indexed_s"))
    targets = [Target("p99 of all kinds", rows[ALL].median("p99_us") / 1000, "<=", 50, " ms"),
               Target("posts a second while searching / alone",
                      rows[BESIDE].median("ratio"), ">=", 0.8, " x")]
    notes = [f"The index was complete {indexed_s:.1f} s after the last of these messages.",
             "The last line is an open loop, from when a search was due; its CPU is of the posts, "
             "too."]
    columns = [THROUGHPUT[0], *THROUGHPUT[2:]]
    where = "1 channel" if channels == 1 else f"{channels} channels"
    return Table(f"P10, {where}", f"search in {messages:,} messages", columns, list(rows.values()),
                 targets, notes)
