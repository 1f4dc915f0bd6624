"""A chat server as a stranger may write it; see flags.py for its variants."""
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from urllib.parse import unquote, unquote_to_bytes, urlsplit

import flags
from rooms import Rooms

LONGEST_BODY = 1 << 20
NOTHING = {
    "204": (204, b""),
    "null": (200, b"null"),
    "false": (200, b"false"),
    "empty-array": (200, b"[]"),
    "empty": (200, b""),
}


class Refused(Exception):
    def __init__(self, status):
        self.status = status


def number(text):
    return int(text) if text and text.isascii() and text.isdigit() else None


def spellings(value):
    """What a header's value may mean: as it is, as UTF-8, or escaped."""
    as_utf8 = value.encode("latin-1").decode("utf-8", "replace")
    return {value, as_utf8, unquote(value)}


class Handler(BaseHTTPRequestHandler):
    timeout = 5
    disable_nagle_algorithm = True

    # requests

    def do_GET(self):
        self.handle_one("GET")

    def do_PUT(self):
        self.handle_one("PUT")

    def handle_one(self, method):
        try:
            body = self.read_body()
            with self.server.lock:
                self.server.rooms.remove_idle()
                status, headers, content = self.route(method, body)
        except Refused as refused:
            status, headers, content = refused.status, {}, b"false"
        self.reply(status, headers, content)

    def read_body(self):
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self.read_chunks()
        length = number(self.headers.get("Content-Length", "0"))
        if length is None:
            raise self.broken(400)
        if length > LONGEST_BODY:
            raise self.broken(413)
        return self.rfile.read(length)

    def read_chunks(self):
        body = b""
        while True:
            try:
                size = int(self.rfile.readline(100).split(b";")[0], 16)
            except ValueError:
                raise self.broken(400) from None
            if not 0 <= size <= LONGEST_BODY - len(body):
                raise self.broken(413)
            if size == 0:
                while self.rfile.readline(1000).strip():
                    pass  # trailers
                return body
            body += self.rfile.read(size)
            self.rfile.readline(3)

    def broken(self, status):
        self.close_connection = True
        return Refused(status)

    def route(self, method, body):
        path = urlsplit(self.path).path.encode("latin-1")
        parts = [unquote_to_bytes(p).decode("utf-8", "replace") for p in path.split(b"/")]
        parts = parts[1:] if parts[-1] else parts[1:-1]
        if len(parts) < 3 or parts[0] != "chats" or not parts[1]:
            raise Refused(404)
        self.channel, rest = parts[1], parts[2:]
        self.position = number(rest[0])
        if self.position is not None:
            if not self.server.flags.backlog_in_path:
                raise Refused(404)
            rest = rest[1:]
        match (method, *rest):
            case ("PUT", "join", name) if name:
                return self.join(name)
            case ("PUT", "leave"):
                return self.leave(self.session())
            case ("PUT", "messages"):
                return self.put_message(self.session(), body)
            case ("GET", "directory"):
                return self.directory(self.session().room.names())
            case ("GET", "events"):
                return self.event(self.session())
        raise Refused(404)

    def session(self):
        session = self.server.rooms.find(self.channel, self.headers.get("session"))
        if session is None:
            raise Refused(self.server.flags.gone)
        return session

    # commands

    def join(self, name):
        flags, rooms = self.server.flags, self.server.rooms
        if flags.refuse_channels and self.channel not in flags.known:
            return 200, {}, b"false"
        session = rooms.join(self.channel, name, self.position)
        if session is None:
            return 200 if flags.join_refusal_without_session else 409, {}, b"false"
        status, headers, content = self.directory(session.room.names())
        return status, headers | {"session": session.key}, content

    def leave(self, session):
        self.server.rooms.remove(session)
        return 200, {}, b"true"

    def put_message(self, session, body):
        source, text = self.headers.get("source"), body.decode("utf-8", "replace")
        claimed = spellings(source) if source else {session.name}
        if self.headers.get_content_type() == "application/json":
            text, claimed = self.from_json(text, claimed)
        if session.name not in claimed:
            raise Refused(403)
        seqnr = session.room.add(session.name, text)
        return 200, {} if self.server.flags.no_put_seqnr else {"seqnr": seqnr}, b"true"

    def from_json(self, text, claimed):
        try:
            found = json.loads(text)
        except ValueError:
            return text, claimed
        if isinstance(found, dict) and isinstance(found.get("body"), str):
            return found["body"], {found["source"]} if "source" in found else claimed
        return found if isinstance(found, str) else text, claimed

    def event(self, session):
        if not (session.directory_changed and self.server.flags.late_seek):
            self.seek(session)
        if session.directory_changed:
            session.directory_changed = False
            return self.directory_event(session.room.names())
        message = session.room.next_message(session)
        if message is None:
            status, content = NOTHING[self.server.flags.nothing]
            return status, {}, content
        seqnr, source, body = message
        headers = {"type": "MSG", "seqnr": seqnr, "source": source}
        if self.server.flags.json_object_events:
            return 200, {}, json.dumps(headers | {"body": body}).encode()
        return 200, headers, self.encode(body)

    def seek(self, session):
        """A path names its position in each poll: only a new one counts."""
        if self.position not in (None, session.asked):
            session.asked = self.position
            self.server.rooms.seek(session, self.position)
        self.server.rooms.seek(session, number(self.headers.get("seqnr")))

    def directory_event(self, names):
        if self.server.flags.json_object_events:
            whole = {"type": "DIR", "body": self.names_value(names)}
            return 200, {}, json.dumps(whole).encode()
        return self.directory(names)

    # answers

    def directory(self, names):
        flags, value = self.server.flags, self.names_value(names)
        if flags.directory == "plain":
            return 200, {"type": "DIR"}, value.encode()
        return 200, {"type": "DIR"}, self.encode(value)

    def names_value(self, names):
        flags = self.server.flags
        if flags.directory == "commas":
            return ",".join(names)
        if flags.directory == "array" and not flags.plain_text_bodies:
            return names
        return "\n".join(names)

    def encode(self, value):
        if self.server.flags.plain_text_bodies:
            return value.encode()
        return json.dumps(value).encode()

    def reply(self, status, headers, content):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, str(value).encode().decode("latin-1"))
        flags = self.server.flags
        if status != 204 and (flags.http11 or not flags.no_length):
            self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args):
        if self.server.flags.verbose:
            super().log_message(*args)


class Threads(ThreadingHTTPServer):
    daemon_threads = True


def make(options):
    """Persistent connections need threads, else the first one blocks the rest."""
    kind = Threads if options.http11 else HTTPServer
    handler = type("Chosen", (Handler,), {
        "protocol_version": "HTTP/1.1" if options.http11 else "HTTP/1.0"})
    server = kind(("127.0.0.1", options.port), handler)
    server.flags, server.lock = options, threading.Lock()
    server.rooms = Rooms(options.session_timeout, options.dir_to_joiner)

    def service_actions():
        with server.lock:
            server.rooms.remove_idle()

    server.service_actions = service_actions
    return server


def main():
    options = flags.parse()
    server = make(options)
    end = threading.Timer(options.lifetime, server.shutdown)
    end.daemon = True
    end.start()
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
    try:
        server.serve_forever(poll_interval=0.05)
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
