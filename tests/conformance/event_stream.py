"""A stream of events as a client reads it: server-sent events, or a line an event.

What holds for every stream is asserted here with each event that is read: its frame says what its
JSON does, the first is a directory, and whoever has seen one goes on behind its number.
"""

import json

from .raw_connection import RawConnection

SSE = "text/event-stream"
NDJSON = "application/x-ndjson"


def events_request(member, accept=SSE, at=None, query="", headers=None, version="1.1"):
    fields = {"Host": "here", "session": member.key, "Accept": accept, **(headers or {})}
    lines = [f"GET {member.path('events', at)}{query} HTTP/{version}"]
    lines += [f"{name}: {value}" for name, value in fields.items()]
    return "\r\n".join([*lines, "", ""]).encode()


def types(events):
    return [event["type"] for event in events]


class EventStream:
    """connection: a RawConnection to use, on which everything before was read; else its own.
    request: what else events_request knows."""

    def __init__(self, member, accept=SSE, connection=None, **request):
        connection = connection or RawConnection(member.api.address)
        connection.send(events_request(member, accept, **request))
        self._read_on(connection, accept)

    def _read_on(self, connection, accept=None):
        """Over a connection on which a stream was asked for. accept: None where a class of its own
        reads the events."""
        self._connection = connection
        self._is_sse = accept == SSE
        self._begun = False
        self._next = None  # the number of the next message; None: there was none yet
        self.answer = self._connection.read_head()
        if accept and self.answer.status == 200:
            assert self.answer["content-type"] == accept

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self._connection.__exit__()

    def next(self):
        """The next event, as an object."""
        event = self._read_event()
        assert event["type"] == "DIR" or self._begun, "a stream begins with a directory"
        self._begun = True
        if event["type"] == "MSG":
            assert self._next in (None, event["seqnr"]), f"{self._next} was to come, not {event}"
        elif event["type"] == "GAP":
            assert self._next in (None, event["from"]), f"{self._next} was to come, not {event}"
            assert event["from"] < event["first"] == event["seqnr"] + 1
        else:
            assert self._next in (None, event["seqnr"] + 1), f"not behind its message: {event}"
        if self._next or event["type"] in ("MSG", "GAP"):
            self._next = event["seqnr"] + 1
        return event

    def events(self, count):
        return [self.next() for _ in range(count)]

    def until(self, is_last):
        """The events up to one of which this is true."""
        events = [self.next()]
        while not is_last(events[-1]):
            events.append(self.next())
        return events

    def messages(self, count):
        """The next so many messages as (seqnr, text), past other events."""
        found = []
        while len(found) < count:
            event = self.next()
            if event["type"] == "MSG":
                found.append((event["seqnr"], event["body"]))
        return found

    def sign_of_life(self):
        """Reads what says nothing; an event instead fails the test."""
        if self._is_sse:
            assert self._block() == [":"]
        else:
            assert self._connection.read_line() == b""

    def has_more_within(self, seconds):
        return self._connection.has_answer_within(seconds)

    def is_over(self):
        """Waits for the end of the connection; False where more comes."""
        return self._connection.is_closed_by_server()

    def _read_event(self):
        return self._next_of_sse() if self._is_sse else self._next_of_ndjson()

    def _next_of_sse(self):
        block = self._block()
        while block in ([":"], [": yallchat", "retry: 1000"]):
            block = self._block()
        names = [line.split(": ", 1)[0] for line in block]
        assert names == ["id", "event", "data"], block
        number, kind, data = (line.split(": ", 1)[1] for line in block)
        event = json.loads(data)
        assert (number, kind) == (str(event["seqnr"]), event["type"])
        return event

    def _block(self):
        """The lines up to an empty one."""
        lines = []
        while line := self._connection.read_line():
            lines.append(line.decode("utf-8"))
        return lines

    def _next_of_ndjson(self):
        while not (line := self._connection.read_line()):
            pass
        return json.loads(line.decode("utf-8"))
