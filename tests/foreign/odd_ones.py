"""Clients with one peculiar habit each."""
import json

from .raw_sockets import RawSocket


class EverySeqPath(RawSocket):
    """Builds each URL upon `/chats/<channel>/83`, as it was invoked."""

    def __init__(self, position=83):
        self.position = position

    def chat_path(self):
        return f"{super().chat_path()}/{self.position}"


class EverySeqHeader(RawSocket):
    """Says with each poll which number it wants next."""

    def __init__(self, position=1):
        self.position = position

    def event_headers(self):
        return [("seqnr", str(self.position))]

    def note(self, event):
        if event and event[0] == "MSG":
            self.position = event[1] + 1


class FormCurl(RawSocket):
    """As `curl -X PUT -d text`: calls the raw text a form."""

    def standing_headers(self):
        return [
            ("Host", f"{self.host}:{self.port}"),
            ("User-Agent", "curl/7.88.1"),
            ("Accept", "*/*"),
            ("Connection", "close"),
        ]

    def framing(self, body):
        form = [("Content-Type", "application/x-www-form-urlencoded")]
        return super().framing(body) + (form if body is not None else [])


class LowerHeaders(FormCurl):
    def header_name(self, name):
        return name.lower()


class UpperHeaders(FormCurl):
    def header_name(self, name):
        return name.upper()


class MixedHeaders(FormCurl):
    def header_name(self, name):
        return "".join(c.upper() if i % 2 else c.lower() for i, c in enumerate(name))


class TrailingSlash(FormCurl):
    def target(self, path):
        return path.rstrip("/") + "/"


class AbsoluteForm(FormCurl):
    def target(self, path):
        return f"http://{self.host}:{self.port}{path}"


class PercentPath(FormCurl):
    """Escapes each byte of a name, also where there is no need."""

    def segment(self, name):
        return "".join(f"%{byte:02x}" for byte in name.encode())


class RawUtf8Path(FormCurl):
    """Puts names into the request line as they are."""

    def segment(self, name):
        return name


class JsonPutString(RawSocket):
    """A message as a JSON string."""

    def framing(self, body):
        kind = [("Content-Type", "application/json")]
        return super().framing(body) + (kind if body is not None else [])

    def put_parts(self, text):
        headers, _ = super().put_parts(text)
        return headers, json.dumps(text).encode()


class JsonPutObject(JsonPutString):
    """The whole Message as a JSON object, and no headers for it."""

    def put_parts(self, text):
        whole = {"type": "MSG", "source": self.user, "body": text}
        return [], json.dumps(whole).encode()
