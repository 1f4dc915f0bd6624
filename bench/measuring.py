"""What all workloads share: rounds in turn, medians, ratios, and the shape of results."""

import statistics
import sys
from dataclasses import dataclass, field

from load import Load


def log(text):
    print(text, file=sys.stderr, flush=True)


@dataclass
class Row:
    """One server in one case of a workload; an entry of `runs` for each round."""

    case: str
    server: str
    runs: list = field(default_factory=list)

    def values(self, name):
        return [run[name] for run in self.runs]

    def median(self, name):
        return statistics.median(self.values(name))

    def spread(self, name):
        """How far apart the rounds were, relative to the median."""
        values = self.values(name)
        return (max(values) - min(values)) / self.median(name) if self.median(name) else 0.0


@dataclass
class Target:
    """A sentence, what was measured, and what it should be: at least (">=") or at most ("<=")."""

    text: str
    value: float
    sign: str
    bound: float
    unit: str = ""

    def met(self):
        return self.value >= self.bound if self.sign == ">=" else self.value <= self.bound


@dataclass
class Table:
    """columns: (heading, function of a row that gives its text). Failed answers are told by the
    report, whatever the columns are."""

    name: str
    title: str
    columns: list
    rows: list
    targets: list = field(default_factory=list)
    notes: list = field(default_factory=list)


@dataclass
class Bench:
    """How this run measures, and where."""

    folder: object
    rounds: int
    seconds: float
    warmup: float
    quick: bool

    def __post_init__(self):
        self.load = Load(self.folder)
        self._folders = 0

    def new_folder(self):
        self._folders += 1
        return self.folder / f"server-{self._folders}"


def in_turn(bench, cases, servers, measure):
    """rounds x cases x servers: measure(case, server) gives the result of one run. servers: name
    -> function that makes one in a folder. The servers of a case follow directly on each other, so
    that what else the machine does meets them alike. Returns the rows by (case, server)."""
    rows = {}
    for number in range(bench.rounds):
        for case in cases:
            for name, make in servers.items():
                with make(bench.new_folder()) as server:
                    result = measure(case, server)
                rows.setdefault((case, name), Row(str(case), name)).runs.append(result)
                log(f"  round {number + 1}  {case}  {name}: {brief(result)}")
    return rows


def brief(result):
    failed = f", {result['failed']} FAILED {result['status']}" if result.get("failed") else ""
    return f"{result['per_second']:,.0f}/s, p99 {result['p99_us']:,.0f} us{failed}"


def ratio(ours, peer, name="per_second"):
    """The median of the rounds' ratios: what a round has in common falls out."""
    return statistics.median(a / b for a, b in zip(ours.values(name), peer.values(name)))


def best(rows, name="per_second"):
    return max(rows, key=lambda row: row.median(name))


def cpu_us(row, which):
    """CPU time of one side a success, in microseconds."""
    return statistics.median(run[which] / max(run["successes"], 1) * 1e6 for run in row.runs)


# The columns that every table of throughput and latency has.
THROUGHPUT = [
    ("case", lambda row: row.case),
    ("server", lambda row: row.server),
    ("a second", lambda row: f"{row.median('per_second'):,.0f}"),
    ("spread", lambda row: f"{row.spread('per_second'):.0%}"),
    ("p50 ms", lambda row: f"{row.median('p50_us') / 1000:.3f}"),
    ("p99 ms", lambda row: f"{row.median('p99_us') / 1000:.3f}"),
    ("server CPU us", lambda row: f"{cpu_us(row, 'server_cpu_s'):.2f}"),
    ("load CPU us", lambda row: f"{cpu_us(row, 'load_cpu_s'):.2f}"),
]
