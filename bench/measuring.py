"""What all workloads share: rounds in turn, medians, ratios, and the shape of results."""

import functools
import os
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
    baseline: object = None  # another yallchatd, which is measured instead of the peers

    def __post_init__(self):
        self.load = Load(self.folder)
        self._folders = 0

    def new_folder(self):
        self._folders += 1
        return self.folder / f"server-{self._folders}"


def compare(bench, name, title, cases, servers, measure, judge, columns=None):
    """A table: rounds x cases x servers, measure(case, server) gives the result of one run.
    servers: name -> function that makes one in a folder; ours is "yallchatd". The servers of a case
    follow directly on each other, so that what else the machine does meets them alike. Where there
    are several of ours, their names begin with that; beside a baseline only these are measured.
    judge(rows by (case, server)) gives targets and notes."""
    if bench.baseline:
        ours = {name: make for name, make in servers.items() if name.startswith("yallchatd")}
        servers = {**ours, **{baseline_of(name): functools.partial(make, binary=bench.baseline)
                              for name, make in ours.items()}}
    rows = {}
    for number in range(bench.rounds):
        for case in cases:
            # Every other round the other way round, so that none always comes after the same one.
            order = list(servers.items())[:: 1 if number % 2 == 0 else -1]
            for server_name, make in order:
                with make(bench.new_folder()) as server:
                    result = measure(case, server)
                row = rows.setdefault((case, server_name), Row(str(case), server_name))
                row.runs.append(result)
                log(f"  round {number + 1}  {case}  {server_name}: {brief(result)}")
    targets, notes = beside_baseline(rows) if bench.baseline else judge(rows)
    busiest = max(others_share(row) for row in rows.values())
    if busiest > 0.1:
        notes = [*notes, f"**Other programs took up to {busiest:.0%} of the machine's CPU "
                 "meanwhile: measure again when it is quiet.**"]
    in_order = [rows[case, server_name] for case in cases for server_name in servers]
    return Table(name, title, columns or THROUGHPUT, in_order, targets, notes)


def baseline_of(name):
    return name.replace("yallchatd", "baseline")


def beside_baseline(rows):
    notes = []
    for (case, name), ours in rows.items():
        if name == baseline_of(name) or not ours.median("per_second"):
            continue  # readers who only wait have no rate
        baseline = rows[case, baseline_of(name)]
        ratios = [f"{a / b:.2f}" for a, b in zip(ours.values("per_second"),
                                                 baseline.values("per_second"))]
        notes.append(f"{case}, {name}: {ratio(ours, baseline):.2f} x the baseline a second "
                     f"(rounds: {', '.join(ratios)}); p99 {ratio(ours, baseline, 'p99_us'):.2f} x; "
                     f"server CPU a success "
                     f"{cpu_us(ours, 'server_cpu_s') / cpu_us(baseline, 'server_cpu_s'):.2f} x")
    return [], notes


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


def others_share(row):
    """How much of all cores' time went to neither of both: other programs, and what the kernel
    does for nobody."""
    return statistics.median(
        (run["machine_cpu_s"] - run["server_cpu_s"] - run["load_cpu_s"])
        / (run["seconds"] * os.cpu_count()) for run in row.runs)


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
    ("others' CPU", lambda row: f"{max(others_share(row), 0):.0%}"),
]
