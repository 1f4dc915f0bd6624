"""A server of a test's own: started on a free port with its own data, stopped or killed, started
again."""

import os
import selectors
import signal
import subprocess
import time
from pathlib import Path

from .admin import Admin
from .api import Api

REPOSITORY = Path(__file__).resolve().parents[2]
START_S = 20
STOP_S = 10  # the server promises to end within this after SIGTERM


def binary():
    folder = os.environ.get("YALLCHAT_BIN", REPOSITORY / "build/release/bin")
    return (Path(folder) / "yallchatd").absolute()


def toml_value(value):
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, int) else f'"{value}"'


class ServerProcess:
    """settings are flags of yallchatd (session_timeout="1s" is --session-timeout 1s), and limits
    the [limits] table of its configuration."""

    def __init__(self, folder, limits=None, **settings):
        self._folder = Path(folder)
        self._command = [str(binary()), "--listen", "127.0.0.1:0"]
        self._command += ["--data", str(self._folder / "data")]
        for name, value in settings.items():
            self._command += [f"--{name.replace('_', '-')}", str(value)]
        if limits:
            config = self._folder / "yallchat.toml"
            lines = [f"{name} = {toml_value(value)}" for name, value in limits.items()]
            config.write_text("\n".join(["[limits]", *lines, ""]))
            self._command += ["--config", str(config)]
        self._process = None
        self.start()

    def start(self):
        if not binary().exists():
            raise RuntimeError(f"{binary()} is missing: build it, set YALLCHAT_BIN, or give --url")
        with open(self._folder / "stderr.txt", "ab") as errors:
            self._process = subprocess.Popen(self._command, stdout=subprocess.PIPE, stderr=errors)
        line = self._first_line()
        marker = "listening on http://"
        if not line.startswith(marker):
            self.kill()
            log = self.log()[-4000:]
            raise RuntimeError(f"the server did not start; it said {line!r} and\n{log}")
        host, port = line[len(marker):].strip().rsplit(":", 1)
        self.api = Api(host, int(port))

    def begin_to_stop(self):
        """SIGTERM."""
        self._process.send_signal(signal.SIGTERM)

    def stop(self):
        """SIGTERM, if that was not sent; gives the exit status."""
        if self._process.poll() is None:
            self.begin_to_stop()
        try:
            return self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the server did not end within {STOP_S} s of SIGTERM") from None
        finally:
            self._process.stdout.close()

    def kill(self):
        """kill -9."""
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()

    @property
    def admin(self):
        return Admin(self._folder / "data/admin.sock")

    def log(self):
        """All that was written to stderr."""
        return (self._folder / "stderr.txt").read_text(errors="replace")

    def data(self):
        """The contents of all files of its data."""
        return [path.read_bytes() for path in (self._folder / "data").rglob("*") if path.is_file()]

    def flip_in_store(self, what):
        """Damages the one place of the store where this is, while the server is away."""
        file = self._folder / "data/yallchat.db"
        content = bytearray(file.read_bytes())
        assert content.count(what) == 1
        content[content.find(what)] ^= 1
        file.write_bytes(content)

    def put_in_place_of_index(self):
        """A folder that cannot just be removed, while the server is away."""
        for file in (self._folder / "data").glob("search.db*"):
            file.unlink()
        (self._folder / "data/search.db/there").mkdir(parents=True)

    def pause(self):
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self):
        """After a pause."""
        self._process.send_signal(signal.SIGCONT)

    def _first_line(self):
        """The first line of stdout, or what there was of it when the process ended or time was
        up."""
        deadline = time.monotonic() + START_S
        line = b""
        with selectors.DefaultSelector() as selector:
            selector.register(self._process.stdout, selectors.EVENT_READ)
            while not line.endswith(b"\n") and selector.select(deadline - time.monotonic()):
                data = os.read(self._process.stdout.fileno(), 1)
                if not data:
                    break
                line += data
        return line.decode(errors="replace")
