"""What somebody writes in a quarter of an hour, with urllib and json only.

urllib closes after each request, adds `Content-Length: 0` to a PUT without a
body, calls any body a form, and capitalises the header names.
"""
import json
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import ProxyHandler, Request, build_opener

OPENER = build_opener(ProxyHandler({}))


class NaiveUrllib:
    status = session = put_seqnr = None

    def call(self, method, verb, headers=None, data=None):
        request = Request(f"{self.url}/{verb}", data, headers or {}, method=method)
        if self.session:
            request.add_header("session", self.session)
        try:
            with OPENER.open(request, timeout=5) as response:
                self.status = response.status
                return response.headers, response.read()
        except HTTPError as error:
            with error:
                self.status = error.code
                return error.headers, b"false"

    def join(self, base_url, channel, user):
        self.url = f"{base_url}/chats/{quote(channel)}"
        self.user, self.session = user, None
        headers, body = self.call("PUT", "join/" + quote(user))
        if body.strip() != b"false":
            self.session = headers["session"]
        return self.session is not None

    def directory(self):
        body = self.call("GET", "directory")[1]
        return None if body == b"false" else self.names(json.loads(body))

    def poll(self):
        headers, body = self.call("GET", "events")
        if headers["type"] == "MSG":
            return ("MSG", int(headers["seqnr"]), headers["source"], json.loads(body))
        if headers["type"] == "DIR":
            return ("DIR", self.names(json.loads(body)))
        return None

    def put(self, text):
        headers, body = self.call(
            "PUT", "messages", {"type": "MSG", "source": self.user}, text.encode()
        )
        self.put_seqnr = headers["seqnr"]
        return body != b"false"

    def leave(self):
        return self.call("PUT", "leave/")[1] != b"false"

    def names(self, found):
        return found.replace(",", "\n").split("\n") if isinstance(found, str) else found

    def close(self):
        pass
