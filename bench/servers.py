"""The servers that are measured: ours and the peers. Each is started for one measurement, with a
folder of its own, on a free port of 127.0.0.1, and only what was started here is stopped."""

import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
BINARIES = HERE.parent / "build/release/bin"
START_S = 60
STOP_S = 60


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def program(name):
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if not found:
        raise SystemExit(f"{name} is missing; ./dev bench installs it")
    return found


def http_request(method, target, body=b"", **headers):
    lines = [f"{method} {target} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if body or method != "GET":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def resp_request(*arguments):
    parts = [b"*%d\r\n" % len(arguments)]
    for argument in arguments:
        argument = argument if isinstance(argument, bytes) else str(argument).encode()
        parts.append(b"$%d\r\n%s\r\n" % (len(argument), argument))
    return b"".join(parts)


def cpu_s(pid):
    """CPU time of a process until now, of all its threads."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_bytes(pid):
    """Resident."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def written_bytes(pid):
    """To the disk, until now."""
    lines = Path(f"/proc/{pid}/io").read_text().splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("write_bytes")))


def folder_bytes(folder):
    """What the files in it take of the disk. Files may come and go meanwhile."""
    total = 0
    for path in Path(folder).rglob("*"):
        try:
            if path.is_file():
                total += path.stat().st_blocks * 512
        except FileNotFoundError:
            pass
    return total


class Server:
    """A process, started by `with`. What the workloads need to know of it: `name`, `protocol`,
    `port`, `pids` (whose CPU counts), `posted` (the status that says yes to a post)."""

    protocol = "http"
    posted = 200

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir()
        self.port = free_port()
        self.process = None

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(self, *_):
        try:
            self.stop()
        finally:
            self.kill()
            shutil.rmtree(self.folder, ignore_errors=True)

    def start(self):
        self.run(self.command())
        self.wait_until_it_listens()

    def run(self, command, **more):
        with open(self.folder / "stderr.txt", "ab") as errors:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=errors,
                                            **{"stdout": errors, **more})

    def wait_until_it_listens(self):
        deadline = time.monotonic() + START_S
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    errors = (self.folder / "stderr.txt").read_text(errors="replace")[-2000:]
                    raise RuntimeError(f"{self.name} does not listen; it said: {errors}") from None
            time.sleep(0.005)

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(STOP_S)

    def kill(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def pids(self):
        return [self.process.pid]

    def from_template(self, name, **values):
        text = (HERE / "peers" / name).read_text()
        for key, value in {"port": self.port, "folder": self.folder, **values}.items():
            text = text.replace(f"@{key}@", str(value))
        path = self.folder / name
        path.write_text(text)
        return path


class Yallchatd(Server):
    """Ours, as it is shipped; `flags` are further flags, `binary` is another build."""

    name = "yallchatd"

    def __init__(self, folder, *flags, binary=BINARIES / "yallchatd"):
        super().__init__(folder)
        self.flags = flags
        self.binary = binary
        self.start_s = None
        self.keys = []

    def start(self):
        """Also measures: from before exec to the line that says it is served."""
        command = [self.binary, "--listen", f"127.0.0.1:{self.port}",
                   "--data", self.folder / "data", "--log-level", "warn", *self.flags]
        before = time.monotonic()
        self.run(command, stdout=subprocess.PIPE)
        too_long = threading.Timer(START_S, self.process.kill)
        too_long.start()
        line = self.process.stdout.readline()
        self.start_s = time.monotonic() - before
        too_long.cancel()
        if not line.startswith(b"listening on "):
            errors = (self.folder / "stderr.txt").read_text(errors="replace")[-2000:]
            raise RuntimeError(f"yallchatd did not start; it said {line!r} and: {errors}")

    def prepare(self, load, sessions, channels):
        """Joins: session i is user ui in channel c(i mod channels)."""
        joins = [http_request("PUT", f"/chats/c{i % channels}/join/u{i}") for i in range(sessions)]
        self.keys = load.capture(self, joins, "session")
        self.channels = channels

    def post(self, i, body):
        return http_request("PUT", f"/chats/c{i % self.channels}/messages", body,
                            session=self.keys[i])

    def poll(self, i, seqnr=None):
        position = {} if seqnr is None else {"seqnr": seqnr}
        return http_request("GET", f"/chats/c{i % self.channels}/events", session=self.keys[i],
                            **position)


class Nchan(Server):
    """nginx + nchan with one or two workers: in memory, nothing is durable."""

    posted = 202

    def __init__(self, folder, workers=1):
        super().__init__(folder)
        self.workers = workers

    @property
    def name(self):
        return f"nchan, {self.workers} worker{'s' if self.workers > 1 else ''}"

    def command(self):
        user = "user root;" if os.geteuid() == 0 else ""
        config = self.from_template("nginx.conf", workers=self.workers, user=user,
                                    modules="/usr/lib/nginx/modules")
        return [program("nginx"), "-p", self.folder, "-c", config]

    def start(self):
        """The master listens before its workers are there."""
        super().start()
        deadline = time.monotonic() + START_S
        while len(self.pids()) < self.workers:
            if time.monotonic() > deadline:
                raise RuntimeError("nginx has no workers")
            time.sleep(0.005)

    def pids(self):
        master = self.process.pid
        children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
        return [int(child) for child in children]

    def prepare(self, load, sessions, channels):
        self.channels = channels

    def post(self, i, body):
        return http_request("POST", f"/pub?id=c{i % self.channels}", body)


class Redis(Server):
    """Redis streams natively, each write synced."""

    name = "Redis always"
    protocol = "resp"

    def command(self):
        return [program("redis-server"), self.from_template("redis.conf")]

    def prepare(self, load, sessions, channels):
        self.channels = channels

    def post(self, i, body):
        return resp_request("XADD", f"c{i % self.channels}", "*", "m", body)


class Webdis(Server):
    """Redis, each write synced, over HTTP by webdis."""

    name = "webdis + Redis always"

    def __init__(self, folder):
        super().__init__(folder)
        self.redis = Redis(self.folder / "redis")

    def start(self):
        self.redis.start()
        super().start()

    def command(self):
        config = self.from_template("webdis.json", redis_port=self.redis.port)
        return [program("webdis"), config]

    def stop(self):
        super().stop()
        self.redis.stop()

    def kill(self):
        super().kill()
        self.redis.kill()

    def pids(self):
        return [self.process.pid, self.redis.process.pid]

    def prepare(self, load, sessions, channels):
        self.channels = channels

    def post(self, i, body):
        return http_request("PUT", f"/XADD/c{i % self.channels}/*/m", body)
