"""Starts a variant of the server for as long as a `with` lasts."""
import contextlib
import pathlib
import select
import subprocess
import sys

SERVER = pathlib.Path(__file__).with_name("server.py")


@contextlib.contextmanager
def running(*flags):
    """Gives the base URL, `http://127.0.0.1:PORT`."""
    command = [sys.executable, str(SERVER), "--port", "0", *flags]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            if not select.select([process.stdout], [], [], 10)[0]:
                raise TimeoutError("the server does not start")
            line = process.stdout.readline().strip()
            if not line.startswith("listening on "):
                raise RuntimeError(f"the server said {line!r}")
            yield line.removeprefix("listening on ")
        finally:
            process.kill()
