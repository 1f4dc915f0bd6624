"""Results as Markdown for people and JSON for programs."""

import json
import os
import platform
import re
import statistics
import subprocess
from pathlib import Path


def text_table(headings, lines):
    out = ["| " + " | ".join(headings) + " |", "|" + "---|" * len(headings)]
    out += ["| " + " | ".join(line) + " |" for line in lines]
    return "\n".join(out)


def number(value):
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def markdown(table):
    parts = [f"## {table.name}: {table.title}", ""]
    if table.rows:
        parts += [text_table([heading for heading, _ in table.columns],
                             [[show(row) for _, show in table.columns] for row in table.rows]), ""]
    if table.targets:
        lines = [[t.text, f"{t.sign} {number(t.bound)}{t.unit}", f"{number(t.value)}{t.unit}",
                  "met" if t.met() else "**not met**"] for t in table.targets]
        parts += [text_table(["target", "should be", "is", ""], lines), ""]
    parts += [f"- {note}" for note in [*table.notes, *failures(table)]]
    return "\n".join(parts).rstrip() + "\n"


def failures(table):
    """A line for each row with answers that were not the expected ones."""
    for row in table.rows:
        failed = sum(run.get("failed", 0) for run in row.runs)
        if failed:
            statuses = [run["status"] for run in row.runs]
            yield f"**{row.server}, {row.case}: {failed:,} answers failed**: {statuses}"


def as_json(table):
    return {
        "workload": table.name,
        "title": table.title,
        "rows": [{"case": row.case, "server": row.server, "runs": row.runs} for row in table.rows],
        "targets": [{"text": t.text, "is": t.value, "sign": t.sign, "bound": t.bound,
                     "unit": t.unit, "met": t.met()} for t in table.targets],
        "notes": [*table.notes, *failures(table)],
    }


def first_match(path, pattern):
    found = re.search(pattern, Path(path).read_text(), re.MULTILINE)
    return found.group(1).strip() if found else "unknown"


def version(*command):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.stdout.strip().splitlines()[0] if done.stdout.strip() else "unknown"


def machine(folder):
    """What the figures depend on, and nothing that says whose machine it is."""
    memory_kib = int(first_match("/proc/meminfo", r"^MemTotal:\s*(\d+)"))
    return {
        "processor": first_match("/proc/cpuinfo", r"^model name\s*:\s*(.*)$"),
        "cores": os.cpu_count(),
        "memory": f"{memory_kib / 2**20:.0f} GiB",
        "kernel": re.match(r"[\d.]+", platform.release()).group(0),
        "system": platform.freedesktop_os_release()["PRETTY_NAME"],
        "filesystem": filesystem(Path(folder).resolve()),
        "load average before": Path("/proc/loadavg").read_text().split()[0],
        "commit": version("git", "describe", "--always", "--dirty", "--abbrev=10", "--exclude=*"),
    }


def filesystem(folder):
    """The type of the filesystem that the folder is on."""
    mounts = [line.split(" - ") for line in Path("/proc/self/mountinfo").read_text().splitlines()]
    points = {mount.split()[4]: kind.split()[0] for mount, kind in mounts}
    return next(points[str(p)] for p in [folder, *folder.parents] if str(p) in points)


def packages(names):
    command = ["dpkg-query", "-W", "-f", "${Package} ${Version}\n", *names]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return done.stdout.split("\n")[:-1]


def write(folder, stem, head, tables):
    """head: what is said above the tables, a dict. Both files; the name of the Markdown."""
    folder.mkdir(exist_ok=True)
    lines = [f"# Measured on {head['date']}", ""]
    lines += [f"- {key}: {value}" for key, value in head.items() if key != "date"]
    text = "\n".join(lines) + "\n\n" + "\n".join(markdown(table) for table in tables)
    path = folder / f"{stem}.md"
    path.write_text(text)
    (folder / f"{stem}.json").write_text(
        json.dumps({**head, "tables": [as_json(table) for table in tables]}, indent=1) + "\n")
    return path
