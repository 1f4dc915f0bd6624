"""What the system tells of a running server: memory, processor time, open files."""

import os
import re
import time
from pathlib import Path

from conformance.server_process import binary

SAMPLES = 30


def memory_bytes(pid, field="VmRSS"):
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(rf"^{field}:\s+(\d+) kB", status, re.MULTILINE).group(1)) * 1024


def processor_s(pid):
    """Seconds of all its threads so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def is_at_rest(pid):
    """Whether its main thread mostly sleeps. (That it gets little processor time, a busy machine
    may be the reason of.)"""
    asleep = 0
    for _ in range(SAMPLES):
        stat = Path(f"/proc/{pid}/task/{pid}/stat").read_text()
        asleep += stat.rpartition(")")[2].split()[0] == "S"
        time.sleep(0.01)  # a sample at a moment of its own
    return asleep > 0.6 * SAMPLES


def sockets(pid):
    """How many it holds, its listening one among them."""
    return sum(_target(entry).startswith("socket:") for entry in Path(f"/proc/{pid}/fd").iterdir())


def _target(entry):
    try:
        return os.readlink(entry)
    except FileNotFoundError:  # closed meanwhile
        return ""


def is_instrumented():
    """Whether the server under test was built with a sanitizer, which has a memory of its own."""
    return has_sanitizer("asan") or has_sanitizer("tsan")


def has_sanitizer(name):
    return f"__{name}_".encode() in binary().read_bytes()

