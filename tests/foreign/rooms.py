"""What the server remembers: rooms, their members and their messages."""
import secrets
import time
from collections import deque

KEPT = 1000


class Session:
    def __init__(self, room, name, cursor, asked):
        self.key = secrets.token_hex(8)
        self.room, self.name = room, name
        self.cursor = cursor  # number of the next message to hand out
        self.asked = asked  # the backlog position which the client named
        self.directory_changed = False
        self.seen = time.monotonic()


class Room:
    def __init__(self):
        self.members = {}
        self.messages = deque(maxlen=KEPT)
        self.next_seqnr = 1

    def names(self):
        return list(self.members)

    def tell_change(self, but=None):
        for session in self.members.values():
            session.directory_changed |= session is not but

    def add(self, source, body):
        seqnr = self.next_seqnr
        self.messages.append((seqnr, source, body))
        self.next_seqnr += 1
        return seqnr

    def next_message(self, session):
        if session.cursor >= self.next_seqnr:
            return None
        oldest = self.messages[0][0]
        session.cursor = max(session.cursor, oldest)
        message = self.messages[session.cursor - oldest]
        session.cursor += 1
        return message


class Rooms:
    def __init__(self, timeout=None, dir_to_joiner=False):
        self.timeout, self.dir_to_joiner = timeout, dir_to_joiner
        self.rooms, self.sessions = {}, {}

    def join(self, channel, name, position=None):
        """A new session, or None where the name is taken."""
        room = self.rooms.setdefault(channel, Room())
        if name in room.members:
            return None
        session = Session(room, name, room.next_seqnr, position)
        self.seek(session, position)
        room.members[name] = self.sessions[session.key] = session
        room.tell_change(but=None if self.dir_to_joiner else session)
        return session

    def find(self, channel, key):
        session = self.sessions.get(key)
        if session is None or session.room is not self.rooms.get(channel):
            return None
        session.seen = time.monotonic()
        return session

    def seek(self, session, position):
        """A position beyond the messages which exist does not count."""
        if position is not None and position <= session.room.next_seqnr:
            session.cursor = position

    def remove(self, session):
        del self.sessions[session.key]
        del session.room.members[session.name]
        session.room.tell_change()

    def remove_idle(self):
        if self.timeout is None:
            return
        limit = time.monotonic() - self.timeout
        for session in [s for s in self.sessions.values() if s.seen < limit]:
            self.remove(session)
