"""What the system tells of a running server: memory, processor time, open files."""

import os
import re
from pathlib import Path

from conformance.server_process import binary


def memory_bytes(pid, field="VmRSS"):
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(rf"^{field}:\s+(\d+) kB", status, re.MULTILINE).group(1)) * 1024


def processor_s(pid):
    """Seconds of all its threads so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


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
    content = binary().read_bytes()
    return b"__asan_init" in content or b"__tsan_init" in content

