"""A small WeChat server to test clients against: each test bends it where its sentence needs.

It speaks what the original text says and nothing more, over HTTP/1.0 with a closed connection by default.
Every request is recorded as it came.
"""
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote


@dataclass
class Request:
    method: str
    path: str
    headers: list
    body: bytes
    connection: int  # requests with the same number came over the same connection

    def header(self, name):
        values = [v for k, v in self.headers if k.lower() == name.lower()]
        assert len(values) <= 1, f"{name} more than once"
        return values[0] if values else None

    @property
    def verb(self):
        return next((v for v in ("join", "leave", "events", "directory", "messages")
                     if v in self.path.partition("?")[0].split("/")), None)


@dataclass
class Reply:
    status: int = 200
    headers: dict = field(default_factory=dict)
    body: bytes = b""
    parts: object = None  # instead of body: an iterator; the connection ends with it


class Hang(Exception):
    """The server goes away without an answer."""


class FakeServer:
    """One channel, sessions by key, a cursor a session. Override the methods on_VERB, or what they are made of."""

    http = "HTTP/1.0"
    seqnr_on_put = True

    def __init__(self):
        self.requests = []
        self.messages = []  # (source, text); the first has seqnr 1
        self.names = []
        self.cursor = {}  # session -> the number of messages read
        self.users = {}  # session -> name
        self.joins = 0
        self.changed = threading.Condition()
        self.connections = 0
        self.closed = False
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = outer.http

            def setup(self):
                super().setup()
                with outer.changed:
                    outer.connections += 1
                    self.number = outer.connections

            def handle_any(self):
                length = int(self.headers.get("Content-Length") or 0)
                request = Request(self.command, self.path, self.headers.items(),
                                  self.rfile.read(length), self.number)
                with outer.changed:
                    outer.requests.append(request)
                    outer.changed.notify_all()
                try:
                    reply = outer.answer(request)
                except Hang:
                    self.close_connection = True
                    return
                self.send_response_only(reply.status)
                for name, value in reply.headers.items():
                    self.send_header(name, value)
                if outer.http == "HTTP/1.1" and reply.status != 204 and not reply.parts:
                    self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)
                if reply.parts:
                    self.close_connection = True
                    for part in reply.parts:
                        self.wfile.write(part)

            do_GET = do_PUT = handle_any

            def log_message(self, *args):
                pass

        class Server(ThreadingHTTPServer):
            def handle_error(self, request, client_address):
                pass  # a client that went away

        self.server = Server(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.url = f"127.0.0.1:{self.port}/chats/octopus"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self):
        with self.changed:
            self.closed = True
            self.changed.notify_all()
        self.server.shutdown()
        self.server.server_close()

    # --- what tests ask ---

    def seen(self, verb):
        with self.changed:
            return [r for r in self.requests if r.verb == verb]

    def wait_for(self, verb, count=1):
        with self.changed:
            ok = self.changed.wait_for(
                lambda: len([r for r in self.requests if r.verb == verb]) >= count, 15)
        assert ok, f"{count} x {verb} did not come"

    def say(self, source, text):
        self.messages.append((source, text))
        return len(self.messages)

    # --- the protocol ---

    def answer(self, request):
        return getattr(self, "on_" + request.verb)(request)

    def on_join(self, request):
        name = unquote(request.path.rsplit("/", 1)[1])
        if name in self.names:
            return Reply(409, {}, b"false")
        self.names.append(name)
        self.joins += 1
        key = f"key-{self.joins}"
        self.users[key] = name
        self.cursor[key] = len(self.messages)
        return Reply(200, {"session": key}, self.encode_names())

    def encode_names(self):
        return json.dumps(self.names).encode()

    def on_directory(self, request):
        return Reply(200, {"type": "DIR"}, self.encode_names())

    def event(self, number):
        source, text = self.messages[number - 1]
        return Reply(200, {"seqnr": str(number), "type": "MSG", "source": source},
                     json.dumps(text).encode())

    def nothing(self):
        return Reply(204)

    def on_events(self, request):
        key = request.header("session")
        if key not in self.users:
            return Reply(401, {}, b"false")
        parts = request.path.split("/")
        if parts[-2].isdigit():
            self.cursor[key] = int(parts[-2]) - 1
        if self.cursor[key] >= len(self.messages):
            return self.nothing()
        self.cursor[key] += 1
        return self.event(self.cursor[key])

    def put(self, request):
        number = self.say(self.users[request.header("session")], request.body.decode())
        return Reply(200, {"seqnr": str(number)} if self.seqnr_on_put else {}, b"true")

    def on_messages(self, request):
        if request.header("session") not in self.users:
            return Reply(401, {}, b"false")
        return self.put(request)

    def on_leave(self, request):
        name = self.users.pop(request.header("session"), None)
        if name in self.names:
            self.names.remove(name)
        return Reply(200, {}, b"true")


class Yallchat(FakeServer):
    """Just enough of the superset for a client that uses it; it has no streams."""

    http = "HTTP/1.1"
    oldest = 1

    def __init__(self):
        super().__init__()
        self.keys = {}

    def answer(self, request):
        reply = super().answer(request)
        reply.headers["yallchat"] = "1"
        return reply

    def on_join(self, request):
        reply = super().on_join(request)
        if reply.status == 200:
            reply.headers |= {"seqnr": str(len(self.messages)), "type": "DIR"}
        return reply

    def on_events(self, request):
        if request.header("session") not in self.users:
            return Reply(401, {}, b"false")
        asked = int(request.header("seqnr"))
        number = max(asked, self.oldest)
        if number > len(self.messages):
            return Reply(204)
        reply = self.event(number)
        if number > asked:
            reply.headers["first-seqnr"] = str(number)
        return reply

    def put(self, request):
        key = request.header("Idempotency-Key")
        if key not in self.keys:
            self.keys[key] = super().put(request)
        return self.keys[key]


class Streaming(Yallchat):
    """It gives streams: each is told what is said, and what is in events."""

    def __init__(self):
        super().__init__()
        self.events = []  # for all streams: objects, or bytes as they stand
        self.streams = 0  # begun

    def say(self, source, text):
        with self.changed:
            number = super().say(source, text)
            self.changed.notify_all()
            return number

    def tell(self, *events):
        with self.changed:
            self.events += events
            self.changed.notify_all()

    def wait_for_streams(self, count):
        with self.changed:
            ok = self.changed.wait_for(lambda: self.streams >= count, 15)
        assert ok, f"{count} streams did not come"

    def is_stream(self, request):
        return request.header("Accept") == "application/x-ndjson"

    def on_events(self, request):
        if not self.is_stream(request) or request.header("session") not in self.users:
            return super().on_events(request)
        return Reply(200, {"Content-Type": "application/x-ndjson", "Connection": "close"},
                     parts=self.stream(int(request.header("seqnr"))))

    @staticmethod
    def line(event):
        return event if isinstance(event, bytes) else json.dumps(event).encode() + b"\n"

    def message(self, number):
        source, text = self.messages[number - 1]
        return {"type": "MSG", "channel": "octopus", "seqnr": number, "source": source,
                "body": text, "time": "2026-01-02T03:04:05.678Z"}

    def stream(self, number):
        """From that message on, until an event is None or the server is closed."""
        told = len(self.events)
        with self.changed:
            self.streams += 1
            self.changed.notify_all()
        yield self.line({"type": "DIR", "channel": "octopus", "seqnr": number - 1,
                         "users": sorted(self.names)})
        while not self.closed:
            with self.changed:
                self.changed.wait_for(lambda: self.closed or len(self.messages) >= number or
                                      len(self.events) > told)
                messages = [self.message(n) for n in range(number, len(self.messages) + 1)]
                events = self.events[told:]
            number += len(messages)
            told += len(events)
            for event in messages + events:
                if event is None:
                    return
                yield self.line(event)
