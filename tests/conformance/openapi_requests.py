"""Requests that are good or nearly so, for each operation of the description for machines, and the
servers that they are sent to."""

import json
from dataclasses import dataclass, field

from .api import unique
from .openapi_document import DOCUMENT
from .raw_connection import RawConnection
from .server_process import ServerProcess


@dataclass
class Request:
    method: str
    target: str
    fields: list = field(default_factory=lambda: [("Host", "here")])
    body: bytes = None
    version: str = "HTTP/1.1"
    channel: str = None
    member: object = None  # who is in it

    def with_fields(self, *more):
        self.fields += more
        return self

    def without(self, name):
        self.fields = [pair for pair in self.fields if pair[0] != name]
        return self

    def with_body(self, body):
        self.body = body
        return self

    def to(self, old, new):
        assert old in self.target
        self.target = self.target.replace(old, new)
        return self

    def head(self):
        fields = list(self.fields)
        if self.body is not None and not any(name == "Content-Length" for name, _ in fields):
            fields.append(("Content-Length", str(len(self.body))))
        lines = [f"{self.method} {self.target} {self.version}"]
        return "\r\n".join(lines + [f"{name}: {value}" for name, value in fields]) + "\r\n"

    def raw(self):
        return self.head().encode() + b"\r\n" + (self.body or b"")

    def send_to(self, api):
        with RawConnection(api.address) as raw:
            return raw.ask(self.raw(), self.method)


class Servers:
    """Servers by their settings, each started once."""

    def __init__(self, new_folder):
        self._new_folder = new_folder
        self._running = {}
        self.kept = {}  # what takes long to get, by its name

    def api(self, **settings):
        key = json.dumps(settings, sort_keys=True)
        if key not in self._running:
            self._running[key] = ServerProcess(self._new_folder(), **settings)
        return self._running[key].api

    def start(self):
        """One that nobody else uses."""
        server = ServerProcess(self._new_folder())
        self._running[id(server)] = server
        return server

    def kill(self):
        for server in self._running.values():
            server.kill()


def good_request(api, path, method):
    operation = DOCUMENT["paths"][path][method]
    request = Request(method.upper(), path)
    if "{channel}" in path:
        request.channel = unique()
        request.to("{channel}", request.channel)
    if "{user}" in path:
        request.to("{user}", "paul")
    elif request.channel:
        request.member = api.member(request.channel, "ringo")
    if "security" in operation:
        request.with_fields(("session", request.member.key))
    if "requestBody" in operation:
        request.with_body(b"hello")
    return request
