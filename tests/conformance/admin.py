"""The operators' calls, over the admin socket of a server."""

import http.client
import socket

from .api import PATIENCE_S, Answer, segment


class Connection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=PATIENCE_S)
        self._path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


class Admin:
    def __init__(self, path):
        self.path = path

    def call(self, method, path, headers=None):
        connection = Connection(self.path)
        try:
            connection.request(method, path, headers=headers or {})
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def kick(self, channel, user, **more):
        return self.call("PUT", f"/kick/{segment(channel)}/{segment(user)}", **more)
