"""The calls of the protocol as a client makes them, each on a connection of its own.

Nothing here judges an answer, but for the few helpers that say so: tests do.
"""

import http.client
import json
import uuid
from dataclasses import dataclass
from urllib.parse import quote

PATIENCE_S = 10  # how long one read may take before the test fails


def segment(name):
    """A name as one path segment."""
    return quote(name, safe="")


def unique(stem="octopus"):
    """A name no other test uses."""
    return f"{stem}-{uuid.uuid4().hex[:12]}"


@dataclass
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def __getitem__(self, name):
        """The header's value, or None."""
        return self.headers[name]

    def json(self):
        return json.loads(self.body.decode("utf-8"))

    @property
    def seqnr(self):
        return int(self["seqnr"])

    @property
    def is_message(self):
        return self.status == 200 and self["type"] == "MSG"

    @property
    def is_directory(self):
        return self.status == 200 and self["type"] == "DIR"


class Api:
    """A server, by its address."""

    def __init__(self, host, port):
        self.address = (host, port)

    def call(self, method, path, session=None, body=None, headers=None):
        """One request. headers: a dict, or pairs where a field is to be repeated."""
        pairs = list(headers.items() if isinstance(headers, dict) else headers or [])
        if session is not None:
            pairs.append(("session", session))
        connection = http.client.HTTPConnection(*self.address, timeout=PATIENCE_S)
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            for name, value in pairs:
                connection.putheader(name, value)
            connection.endheaders(body)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def join(self, channel, user, **more):
        return self.call("PUT", f"/chats/{segment(channel)}/join/{segment(user)}", **more)

    def member(self, channel, user, at=None, **more):
        """A user who has joined; at: the number in front of the verb."""
        number = "" if at is None else f"/{at}"
        path = f"/chats/{segment(channel)}{number}/join/{segment(user)}"
        answer = self.call("PUT", path, **more)
        assert answer.status == 200, (answer.status, answer["reason"])
        return Member(self, channel, user, answer)


class Member:
    """A user in a channel, with the key that the join gave."""

    def __init__(self, api, channel, name, joined):
        self.api = api
        self.channel = channel
        self.name = name
        self.joined = joined
        self.key = joined["session"]

    def path(self, verb, at=None):
        number = "" if at is None else f"/{at}"
        return f"/chats/{segment(self.channel)}{number}/{verb}"

    def post(self, text, headers=None, method="PUT", at=None):
        body = text.encode() if isinstance(text, str) else text
        return self.api.call(method, self.path("messages", at), self.key, body, headers)

    def posted(self, text, headers=None):
        """Posts, asserts success, and gives the message's seqnr."""
        answer = self.post(text, headers)
        assert answer.status == 200, (answer.status, answer["reason"])
        return answer.seqnr

    def poll(self, at=None, from_=None, headers=None):
        query = "" if from_ is None else f"?from={from_}"
        return self.api.call("GET", self.path("events", at) + query, self.key, headers=headers)

    def next_message(self):
        """Polls past a directory event. Asserts that a message is waiting."""
        answer = self.poll()
        if answer.is_directory:
            answer = self.poll()
        assert answer.is_message, answer.status
        return answer

    def drain(self):
        """Polls until nothing is waiting; gives the messages as (seqnr, text).

        Asserts what holds for every reader: numbers rise, and no directory follows on a directory,
        so that there is an end. (Nobody may join or leave meanwhile.)
        """
        messages = []
        directory_before = False
        while (answer := self.poll()).status != 204:
            assert answer.is_message or answer.is_directory, (answer.status, answer["reason"])
            if answer.is_directory:
                assert not directory_before, "one change of the directory was told twice"
            else:
                assert not messages or answer.seqnr > messages[-1][0]
                messages.append((answer.seqnr, answer.json()))
            directory_before = answer.is_directory
        return messages

    def directory(self, headers=None):
        return self.api.call("GET", self.path("directory"), self.key, headers=headers)

    def leave(self):
        return self.api.call("PUT", self.path("leave/"), self.key)
