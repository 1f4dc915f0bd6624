"""Waiting for a condition, and doing many things at once."""

import time
from concurrent.futures import ThreadPoolExecutor

from .api import PATIENCE_S


def wait_until(condition, seconds=PATIENCE_S, interval_s=0.05):
    """Gives the first true value of condition(); fails the test when there is none in time."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, "the condition did not come true in time"
        time.sleep(interval_s)
    return value


def at_once(tasks, threads=8):
    """Runs the tasks concurrently; gives their results in the tasks' order."""
    with ThreadPoolExecutor(threads) as pool:
        return [future.result() for future in [pool.submit(task) for task in tasks]]
