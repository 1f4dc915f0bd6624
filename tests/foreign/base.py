"""The five commands, for clients which differ in how they speak HTTP."""
from urllib.parse import quote, urlsplit

from . import reading

TIMEOUT = 5


class Client:
    lenient = False
    leave_word = "leave/"  # as it is written in the text
    status = session = put_seqnr = user = None

    # what a kind of client must say for itself

    def exchange(self, method, path, headers, body):
        """Sends one request, gives a reading.Answer."""
        raise NotImplementedError

    # what a kind of client may do otherwise

    def segment(self, name):
        return quote(name, safe="")

    def chat_path(self):
        return "/chats/" + self.segment(self.channel)

    def event_headers(self):
        return []

    def note(self, event):
        pass

    def put_parts(self, text):
        """Headers and body of a message."""
        return [("type", "MSG"), ("source", self.user)], text.encode()

    def close(self):
        pass

    # the commands

    def join(self, base_url, channel, user):
        where = urlsplit(base_url)
        self.host, self.port = where.hostname, where.port or 80
        self.channel, self.user, self.session = channel, user, None
        answer = self.ask("PUT", "join/" + self.segment(user))
        if answer.status != 200 or not answer.headers.get("session"):
            return False
        if not reading.succeeded(answer, self.lenient):
            return False
        self.session = answer.headers["session"]
        return True

    def directory(self):
        answer = self.ask("GET", "directory")
        if answer.status != 200:
            return None
        return reading.names(reading.value(answer, self.lenient))

    def poll(self):
        answer = self.ask("GET", "events", self.event_headers())
        event = reading.event(answer, self.lenient)
        self.note(event)
        return event

    def put(self, text):
        headers, body = self.put_parts(text)
        answer = self.ask("PUT", "messages", headers, body)
        self.put_seqnr = answer.headers.get("seqnr")
        return reading.succeeded(answer, self.lenient)

    def leave(self):
        return reading.succeeded(self.ask("PUT", self.leave_word), self.lenient)

    def ask(self, method, verb, headers=(), body=None):
        headers = list(headers)
        if self.session is not None:
            headers.insert(0, ("session", self.session))
        answer = self.exchange(method, f"{self.chat_path()}/{verb}", headers, body)
        self.status = answer.status
        return answer
