"""How each answer of the description for machines is got from a server.

A case is made from a good request of the operation, by what makes it the wrong one: a function of
the request that changes it, or one that gets the answer from a server in a state of its own.
"""

import json
import re
from dataclasses import dataclass

from .openapi_document import operations, reasons, resolve
from .openapi_failures import FAILURES, timed_out
from .openapi_requests import good_request
from .openapi_successes import successes
from .server_process import REPOSITORY

# Why no request brings these about.
NOT_ON_DEMAND = {
    "unavailable": "needs a full disk: tests/fault/test_disk_full.py",
    "outcome-unknown": "does not happen on one machine",
}

# Answered before the server knows what form of failure is wanted.
UNREAD = {"bad-request", "http-version", "target-too-long", "head-too-large", "too-many-fields",
          "transfer-encoding", "head-timeout", "body-timeout", "too-many-connections"}


@dataclass(frozen=True)
class Case:
    answer: tuple  # path, method, status, reason
    kind: str  # which of several, or the reason
    get: object

    @property
    def name(self):
        path, method, status, _ = self.answer
        return f"{method} {path} {status} {self.kind or ''}".strip()

    @property
    def reaches_the_service(self):
        return self.kind not in UNREAD

    def ask(self, api, servers, accept=None):
        path, method = self.answer[:2]

        def good(on):
            request = good_request(on, path, method)
            return request.with_fields(("Accept", accept)) if accept else request

        return self.get(good, api, servers)


def cases():
    """One for each reason of each failure of each operation, and for each kind of each success."""
    for path, method, operation in operations():
        for status, response in operation["responses"].items():
            for reason in reasons(resolve(response)):
                answer = (path, method, status, reason)
                if reason is None:
                    for kind, get in successes(path, method, status).items():
                        yield Case(answer, kind, get)
                elif reason in ("head-timeout", "body-timeout"):
                    yield Case(answer, reason, timed_out(reason, path, method))
                elif reason not in NOT_ON_DEMAND:
                    yield Case(answer, reason, FAILURES[reason])


# Answers to what is no operation.
ELSEWHERE = {
    "NotFound": lambda api: api.call("GET", "/nothing"),
    "MethodNotAllowed": lambda api: api.call("DELETE", "/chats"),
    "MethodUnknown": lambda api: api.call("BREW", "/chats"),
}


def examples():
    """The events and frames that docs/streams.md shows, with a text where it leaves one out."""
    page = (REPOSITORY / "docs/streams.md").read_text()
    shown = re.findall(r'\{"type":"[A-Z]+"[^\n`]*?\}(?=[`\n])', page)
    return [json.loads(text.replace(":KEY", ':"KEY"')) for text in shown if not re.search(r",\.\.\.[,}]", text)]
