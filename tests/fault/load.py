"""Clients that load a server from threads of their own, until it breaks off, and then go on.

Each keeps its connection, does one thing at a time, and knows what it does not know: the one
thing whose answer never came.
"""

import http.client
import random
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException

from conformance.api import Answer, Api

from .record import PATIENCE_S, Attempt, Message

BROKEN_OFF = (OSError, HTTPException)


class KeepAliveApi(Api):
    """All calls over one connection, that is made anew when it was lost. One thread."""

    def __init__(self, host, port):
        super().__init__(host, port)
        self._connection = http.client.HTTPConnection(host, port, timeout=PATIENCE_S)

    def call(self, method, path, session=None, body=None, headers=None):
        fields = dict(headers or {})
        if session is not None:
            fields["session"] = session
        try:
            self._connection.request(method, path, body, fields)
            response = self._connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        except BROKEN_OFF:
            self._connection.close()
            raise

    def use(self, connected):
        """A socket that somebody else has connected."""
        connected.settimeout(PATIENCE_S)
        self._connection.sock = connected

    def close(self):
        self._connection.close()


class Worker:
    """A user in some channels. run() works until the server breaks off, or until told to halt."""

    def __init__(self, address, name, channels, seed):
        self.name = name
        self.halted = False
        self.rng = random.Random(f"{seed}/{name}")
        self.api = KeepAliveApi(*address)
        self.members = [self.api.member(channel, name) for channel in channels]

    def run(self):
        try:
            while not self.halted:
                self.work()
        except BROKEN_OFF:
            pass

    def reconnect(self, address):
        self.api.close()
        self.api = KeepAliveApi(*address)
        for member in self.members:
            member.api = self.api

    def settle(self):
        """After a reconnect: finds out what became of the thing whose answer never came."""


class Poster(Worker):
    """Posts with and without an Idempotency-Key. sizes: of the texts, about, to choose from."""

    def __init__(self, record, *place, sizes=(0, 10, 100, 3000)):
        super().__init__(*place)
        self._record = record
        self._sizes = sizes
        self._count = 0
        self._unsettled = None  # (member, attempt)
        self._keyed = None  # (member, attempt, seqnr), the last one

    def run(self):
        try:
            super().run()
        except AssertionError as error:
            self._record.fail(f"{self.name}: {error}")
            raise

    def work(self):
        member = self.rng.choice(self.members)
        self._count += 1
        text = f"{self.name}/{self._count}" + "." * self.rng.choice(self._sizes)
        key = f"key {self._count}" if self.rng.random() < 0.5 else None
        attempt = Attempt(member.channel, self.name, text, key)
        self._record.attempt(attempt)
        self._unsettled = (member, attempt)
        self._post(member, attempt)

    def settle(self):
        if self._keyed:
            member, attempt, seqnr = self._keyed
            assert member.posted(attempt.text, _key(attempt)) == seqnr, "a retry was a new message"
        if self._unsettled and self._unsettled[1].key:
            self._post(*self._unsettled)
        self._unsettled = None

    def _post(self, member, attempt):
        self._take(member, attempt, member.post(attempt.text, _key(attempt)))

    def _take(self, member, attempt, answer):
        assert answer.status == 200, (answer.status, answer["reason"])
        self._record.acknowledge(attempt, answer.seqnr)
        self._unsettled = None
        if attempt.key:
            self._keyed = (member, attempt, answer.seqnr)


class PatientPoster(Poster):
    """Is told 503 while the server cannot write, and goes on with the next text."""

    def _take(self, member, attempt, answer):
        if answer.status != 503:
            super()._take(member, attempt, answer)
            return
        assert (answer["reason"], answer.body) == ("unavailable", b"false")
        assert int(answer["Retry-After"]) >= 1
        self._record.refuse(attempt)
        self._unsettled = None
        self._bear(int(answer["Retry-After"]))

    def _bear(self, seconds):
        """Having been told to try again after so many."""


class ObedientPoster(PatientPoster):
    """And tries nothing until that time is over. For texts so large that a store on a busy disk may
    be too far behind to take them."""

    def _bear(self, seconds):
        time.sleep(seconds)  # the server asked for it


class Visitor(Worker):
    """Lets guests come and go. guests: those who are in, as members."""

    def __init__(self, *place):
        super().__init__(*place)
        self.guests = []
        self._count = 0
        self._unsettled = None  # a function that finds out

    def work(self):
        if self.guests and self.rng.random() < 0.5:
            guest = self.guests.pop(self.rng.randrange(len(self.guests)))
            self._unsettled = lambda: self._see_out(guest)
            answer = guest.leave()
            assert answer.status == 200, (answer.status, answer["reason"])
        else:
            channel = self.rng.choice(self.members).channel
            self._count += 1
            name, key = f"{self.name}-guest{self._count}", {"Idempotency-Key": str(uuid.uuid4())}
            self._unsettled = lambda: self._let_in(channel, name, key)
            self._unsettled()
        self._unsettled = None

    def reconnect(self, address):
        super().reconnect(address)
        for guest in self.guests:
            guest.api = self.api

    def settle(self):
        if self._unsettled:
            self._unsettled()
        self._unsettled = None

    def _let_in(self, channel, name, key):
        """The same join again answers anew: a lost answer locks nobody out."""
        self.guests.append(self.api.member(channel, name, headers=key))

    def _see_out(self, guest):
        """Whether the leave was done is unknown; afterwards the guest is out."""
        guest.api = self.api
        assert guest.leave().status in (200, 401)


class Reader(Worker):
    """A plain poller of one channel. read: what it got, in its order."""

    def __init__(self, *place):
        super().__init__(*place)
        self.read = []

    def work(self):
        """Gives whether something came."""
        answer = self.members[0].poll()
        if answer.is_message:
            self.read.append(Message(answer.seqnr, answer["source"], answer.json()))
        else:
            assert answer.is_directory or answer.status == 204, (answer.status, answer["reason"])
        return answer.status == 200

    def settle(self):
        while self.work():
            pass


class Crew:
    """Workers, each in a thread of its own."""

    def __init__(self, workers):
        self.workers = workers
        self._running = []

    def begin(self):
        for worker in self.workers:
            worker.halted = False
        self._pool = ThreadPoolExecutor(len(self.workers))
        self._running = [self._pool.submit(worker.run) for worker in self.workers]

    def end(self):
        """Waits until the server has broken off with each. What one asserted in vain fails here."""
        for running in self._running:
            running.result(PATIENCE_S)
        self._pool.shutdown()

    def halt(self):
        """Lets each finish what it does, with the server as it is."""
        for worker in self.workers:
            worker.halted = True
        self.end()

    def go_on(self, address):
        """With the server that was started again."""
        for worker in self.workers:
            worker.reconnect(address)
        for worker in self.workers:
            worker.settle()

    def of(self, kind):
        return [worker for worker in self.workers if isinstance(worker, kind)]


def _key(attempt):
    return {"Idempotency-Key": attempt.key} if attempt.key else None
