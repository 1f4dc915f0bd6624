"""Somebody who was there before, and who should notice little of what others suffer or do."""

import time

from .load import KeepAliveApi

REQUESTS = 100


class Bystander:
    """Knows how long its requests take while nothing else happens."""

    def __init__(self, server):
        self._member = KeepAliveApi(*server.api.address).member("bystanders", "george")
        self._before = self._seconds()

    def assert_not_held_up(self):
        """All requests succeed; none takes longer than a loaded machine explains, and together they
        are not many times slower than before."""
        during = self._seconds()
        assert max(during) < max(8, 20 * max(self._before)), (self._before, during)
        assert sum(during) < max(30, 10 * sum(self._before)), (self._before, during)

    def _seconds(self):
        """Of posts, and of polls of what was posted, over one connection; which it closes then, so
        that it counts for nothing."""
        found = []
        for _ in range(REQUESTS // 2):
            began = time.monotonic()
            seqnr = self._member.posted("hello")
            asked = time.monotonic()
            assert self._member.poll(from_=seqnr).status == 200
            found += [asked - began, time.monotonic() - asked]
        self._member.api.close()
        return found
