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
                     if v in self.path.split("/")), None)


@dataclass
class Reply:
    status: int = 200
    headers: dict = field(default_factory=dict)
    body: bytes = b""


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
        self.changed = threading.Condition()
        self.connections = 0
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
                if outer.http == "HTTP/1.1" and reply.status != 204:
                    self.send_header("Content-Length", str(len(reply.body)))
                self.end_headers()
                self.wfile.write(reply.body)

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
        key = f"key-{len(self.users) + 1}"
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
