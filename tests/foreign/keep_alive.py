"""One persistent HTTP/1.1 connection for everything."""
import http.client

from .base import TIMEOUT, Client
from .reading import Answer, headers_from


class CountedConnection(http.client.HTTPConnection):
    connects = 0

    def connect(self):
        self.connects += 1
        super().connect()


class KeepAlive(Client):
    connection = None

    def exchange(self, method, path, headers, body):
        if self.connection is None:
            self.connection = CountedConnection(self.host, self.port, timeout=TIMEOUT)
        fresh = self.connection.sock is None
        try:
            return self.one(method, path, headers, body)
        except (ConnectionError, http.client.BadStatusLine):
            self.close()  # the server had hung up in the meantime
            if fresh:
                raise
            return self.one(method, path, headers, body)

    def one(self, method, path, headers, body):
        """Step by step, since request() adds a length to an empty PUT."""
        self.connection.putrequest(method, path, skip_accept_encoding=True)
        for name, value in headers:
            self.connection.putheader(name, value.encode())
        if body is not None:
            self.connection.putheader("Content-Type", "text/plain; charset=utf-8")
            self.connection.putheader("Content-Length", str(len(body)))
        self.connection.endheaders(body)
        response = self.connection.getresponse()
        content = response.read()
        return Answer(response.status, headers_from(response.getheaders()), content)

    @property
    def connects(self):
        return self.connection.connects if self.connection else 0

    def close(self):
        if self.connection:
            self.connection.close()
