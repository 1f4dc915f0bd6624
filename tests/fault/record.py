"""What clients attempted, what was acknowledged, and the check of a history against both."""

import threading
from dataclasses import dataclass

PATIENCE_S = 30  # how long the load may take to get somewhere; only a test that fails waits so long


@dataclass(frozen=True)
class Message:
    seqnr: int
    source: str
    text: str


@dataclass(frozen=True)
class Attempt:
    channel: str
    source: str
    text: str  # no other attempt has it
    key: str = None  # Idempotency-Key


class Record:
    """Of all clients; any thread."""

    def __init__(self):
        self._changed = threading.Condition()
        self._attempts = {}  # by text
        self._seqnrs = {}  # by text, of what was acknowledged
        self._refused = set()  # texts of which the server said that nothing was done
        self._failure = None  # what one of the clients did not expect

    def attempt(self, attempt):
        with self._changed:
            assert attempt.text not in self._attempts
            self._attempts[attempt.text] = attempt

    def acknowledge(self, attempt, seqnr):
        with self._changed:
            self._seqnrs[attempt.text] = seqnr
            self._changed.notify_all()

    def refuse(self, attempt):
        with self._changed:
            self._refused.add(attempt.text)
            self._changed.notify_all()

    def fail(self, words):
        """Nobody waits for a load of which a client has given up."""
        with self._changed:
            self._failure = words
            self._changed.notify_all()

    def wait_for_more(self, count):
        """Until so many more attempts are acknowledged."""
        self._wait_for_more(self._seqnrs, count)

    def wait_for_more_refused(self, count):
        self._wait_for_more(self._refused, count)

    def _wait_for_more(self, attempts, count):
        with self._changed:
            enough = len(attempts) + count
            self._changed.wait_for(lambda: self._failure or len(attempts) >= enough, PATIENCE_S)
            assert not self._failure, self._failure
            assert len(attempts) >= enough, "the load does not get on"

    def unacknowledged_in(self, messages):
        """The texts of messages whose clients never learned that they were taken."""
        with self._changed:
            return [m.text for m in messages if m.text not in self._seqnrs]

    def violations(self, channel, messages):
        """What is wrong with a channel's history, as sentences: nothing lost, doubled, renumbered,
        invented or left out."""
        with self._changed:
            return [*_gaps(messages), *_repeats(messages), *self._strangers(channel, messages),
                    *self._lost(channel, messages), *self._refused_in(messages)]

    def _strangers(self, channel, messages):
        for message in messages:
            attempt = self._attempts.get(message.text)
            if attempt is None or (attempt.channel, attempt.source) != (channel, message.source):
                yield f"nobody wrote {message} to {channel}"

    def _refused_in(self, messages):
        for message in messages:
            if message.text in self._refused:
                yield f"{message} was refused and is there"

    def _lost(self, channel, messages):
        found = {message.text: message.seqnr for message in messages}
        for text, seqnr in self._seqnrs.items():
            if self._attempts[text].channel != channel:
                continue
            if text not in found:
                yield f"{text} was acknowledged as {seqnr} and is lost"
            elif found[text] != seqnr:
                yield f"{text} was acknowledged as {seqnr} and is {found[text]}"


def _gaps(messages):
    for place, message in enumerate(messages, 1):
        if message.seqnr != place:
            yield f"{message} stands where {place} belongs"


def _repeats(messages):
    seen = set()
    for message in messages:
        if message.text in seen:
            yield f"{message} is there twice"
        seen.add(message.text)


def read_channel(reader):
    """The whole history of the reader's channel, each message asked for by its number."""
    messages = []
    while (answer := reader.poll(from_=len(messages) + 1)).status != 204:
        if answer.is_directory:
            continue
        assert answer.is_message, (answer.status, answer["reason"], answer.body)
        messages.append(Message(answer.seqnr, answer["source"], answer.json()))
    return messages
