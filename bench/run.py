"""./dev bench: measures, prints, and writes bench/results/. See bench/README.md."""

import argparse
import datetime
import shutil
import resource
import signal
import sys
import tempfile
from pathlib import Path

import fanout
import hold
import million
import polls
import posts
import report
import scale
import search
from measuring import Bench, log

HERE = Path(__file__).resolve().parent
NEEDED_FILES = 12_500

# Name on the command line -> the function that measures it and gives its tables.
WORKLOADS = {
    "P1": posts.p1,
    "P1-hold": hold.p1_hold,
    "P1-rate": hold.p1_rate,
    "P2": posts.p2,
    "P3": posts.p3,
    "P4": polls.p4,
    "P5": fanout.p5,
    "P6": fanout.p6,
    "P7": fanout.p7,
    "P8-P9": million.p8_p9,
    "P10": search.p10,
    "P13": scale.p13,
    "P14": fanout.p14,
}


def parse():
    parser = argparse.ArgumentParser(prog="./dev bench", description="measures yallchatd beside "
                                     "other servers; bench/README.md says how")
    parser.add_argument("workloads", nargs="*", metavar="WORKLOAD",
                        help="all unless named: " + ", ".join(WORKLOADS))
    parser.add_argument("--quick", action="store_true", help="one short round; figures are rough")
    parser.add_argument("--rounds", type=int, help="3 unless given; 1 with --quick")
    parser.add_argument("--baseline", type=Path, metavar="YALLCHATD", help="another build of "
                        "yallchatd, measured in turn with this one, instead of the peers")
    parser.add_argument("--out", type=Path, default=HERE / "results", help="folder of the results")
    arguments = parser.parse_args()
    unknown = [name for name in arguments.workloads if name not in WORKLOADS]
    if unknown:
        parser.error(f"there is no {unknown[0]}; there are {', '.join(WORKLOADS)}")
    return arguments


def allow_many_files():
    """For the servers: a file for each of 10,000 readers."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if most < NEEDED_FILES:
        sys.exit(f"{NEEDED_FILES} open files are needed, {most} are allowed: see ulimit -Hn")
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def main():
    arguments = parse()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the servers are stopped, too
    allow_many_files()
    # Beside the build, so that all servers write to the filesystem of the repository.
    parent = HERE.parent / "build/bench"
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=parent))
    rounds = arguments.rounds or (1 if arguments.quick else 3)
    bench = Bench(folder, rounds, seconds=1 if arguments.quick else 3,
                  warmup=0.3 if arguments.quick else 0.7, quick=arguments.quick,
                  baseline=arguments.baseline and arguments.baseline.resolve())
    now = datetime.datetime.now(datetime.timezone.utc)
    tables = []
    machine = report.machine(HERE)
    try:
        for name in arguments.workloads or WORKLOADS:
            log(f"== {name}")
            for table in WORKLOADS[name](bench):
                tables.append(table)
                print(report.markdown(table), flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    peers = report.packages(["nginx", "libnginx-mod-nchan", "redis-server", "webdis", "ngircd"])
    head = {"date": f"{now:%Y-%m-%d}", **machine, "peers": ", ".join(peers),
            "rounds": f"{rounds}, of {bench.seconds} s each after {bench.warmup} s of warming up"}
    arguments.out.mkdir(parents=True, exist_ok=True)
    whole = not (arguments.workloads or arguments.quick or arguments.baseline)
    stem = f"{now:%Y-%m-%d}" if whole else f"partial-{now:%Y-%m-%d-%H%M%S}"
    log(f"written: {report.write(arguments.out, stem, head, tables)}")
    return 1 if any(run.get("failed") for t in tables for row in t.rows for run in row.runs) else 0


if __name__ == "__main__":
    sys.exit(main())
