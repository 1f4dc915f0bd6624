import os
import signal
import subprocess

import pytest

from conformance.api import Api
from conformance.server_process import binary

PATIENCE_S = 20  # only a test that fails waits so long


def environment(more):
    """Nothing of the surroundings is a setting."""
    kept = {name: os.environ[name] for name in ("PATH", "ASAN_OPTIONS") if name in os.environ}
    return kept | more


class Ended:
    def __init__(self, process, out, err):
        self.code, self.out, self.err = process.returncode, out, err


class Running:
    """A server that listens; stop() gives how it ended, with what it wrote after `listening`."""

    def __init__(self, process, listening):
        self.process = process
        self.listening = [self._address() for _ in range(listening)]

    def stop(self, number=signal.SIGTERM):
        assert Api(*self.listening[0]).call("GET", "/").status == 200
        self.process.send_signal(number)
        return Ended(self.process, *self.process.communicate(timeout=PATIENCE_S))

    def _address(self):
        line = self.process.stdout.readline()
        assert line.startswith("listening on http://"), line
        host, port = line.removeprefix("listening on http://").rstrip("\n").rsplit(":", 1)
        return host, int(port)


@pytest.fixture
def spawn(tmp_path):
    processes = []

    def run(*arguments, program="yallchatd", **variables):
        path = binary().resolve().with_name(program)
        processes.append(subprocess.Popen(
            [str(path), *map(str, arguments)], cwd=tmp_path, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(variables)))
        return processes[-1]

    yield run
    for process in processes:
        process.kill()
        process.communicate()


@pytest.fixture
def yallchatd(spawn):
    """yallchatd(ARGUMENTS..., NAME=VALUE...): a run to its end, in an empty directory, with these
    variables in the environment."""
    def run(*arguments, **variables):
        process = spawn(*arguments, **variables)
        return Ended(process, *process.communicate(timeout=PATIENCE_S))
    return run


@pytest.fixture
def serving(spawn):
    """The same, once it says so many times that it listens."""
    def run(*arguments, listening=1, **variables):
        return Running(spawn(*arguments, **variables), listening)
    return run


@pytest.fixture
def yallchatctl(spawn):
    """The same directory, the other program."""
    def run(*arguments, **variables):
        process = spawn(*arguments, program="yallchatctl", **variables)
        return Ended(process, *process.communicate(timeout=PATIENCE_S))
    return run
