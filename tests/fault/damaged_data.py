"""Data of a real server to damage, what a server makes of it, and where things are in its files."""

import itertools
import shutil
import sqlite3
import struct
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from conformance.api import Member
from conformance.waiting import wait_until

from .load import KeepAliveApi
from .record import Message
from .server import Refused, Server

WRITERS = {"octopus": "ringo", "zebra": "paul", "walrus": "george"}
MESSAGES_A_LIFE = 18
MESSAGES_NOT_STORED = 4
HEADER_BYTES = 4096  # of a segment; docs/formats/log.md
copies = itertools.count()


def copy_data(data, folder):
    """A socket cannot be copied, and no other server could use it."""
    shutil.copytree(data, folder, ignore=shutil.ignore_patterns("*.sock"))


@dataclass
class Said:
    channel: str
    message: Message


class Chat:
    """What was said, all of it acknowledged, and the sessions of those who said it."""

    def __init__(self, folder):
        self.server = Server(folder, session_timeout="10m")
        self.said = []
        self.data = folder / "data"
        self._joined = {channel: self.server.api.member(channel, name)
                        for channel, name in WRITERS.items()}

    def talk(self, count=MESSAGES_A_LIFE):
        for number in range(count):
            channel = list(WRITERS)[number % len(WRITERS)]
            text = f"message {len(self.said):04} of all, said to the {channel} with some words more"
            member = self.on(self.server.api)[channel]
            self.said.append(Said(channel, Message(member.posted(text), member.name, text)))

    def on(self, api):
        """The sessions, by channel, used over this api."""
        return {c: Member(api, c, m.name, m.joined) for c, m in self._joined.items()}


    def stop_and_copy(self, folder):
        self.talk()
        assert self.server.stop() == 0
        copy_data(self.data, folder)

    def kill_and_copy(self, folder):
        """When the store has nearly everything; the last messages are, most likely, only in the
        log."""
        self.talk()
        last = entry_of(self.data, self.said[-1].message.text)
        wait_until(lambda: position(self.data) >= last)
        self.talk(MESSAGES_NOT_STORED)
        self.server.kill()
        copy_data(self.data, folder)
        shorten(folder)


def segments(data):
    return sorted((data / "log").glob("*.log"))


def shorten(data):
    """Takes most of the zeros behind the newest segment's frames, which only take time to read."""
    newest = segments(data)[-1]
    with open(newest, "r+b") as file:
        file.truncate(frames(newest)[-1].end + 4096)


@dataclass
class Frame:
    number: int
    begin: int
    end: int


def frames(segment):
    content = segment.read_bytes()
    mark = content[20:24]  # the upper half of the segment's id
    found, at = [], HEADER_BYTES
    while content[at:at + 4] == mark:
        length, number = struct.unpack_from("<QQ", content, at + 8)
        end = at + (32 + length + 7) // 8 * 8
        found.append(Frame(number, at, end))
        at = end
    return found


def entry_of(data, text):
    """The number of the log's entry that says this."""
    for segment in segments(data):
        place = segment.read_bytes().find(text.encode())
        for frame in frames(segment):
            if frame.begin <= place < frame.end:
                return frame.number
    raise KeyError(text)


def position(data):
    """The last entry that the store has."""
    with closing(sqlite3.connect(f"file:{data}/yallchat.db?mode=ro", uri=True)) as store:
        return store.execute("SELECT position FROM meta").fetchone()[0]


def copy(data, folder):
    """A server's folder with a copy of the data, to be damaged."""
    where = Path(folder) / str(next(copies))
    copy_data(data, where / "data")
    return where


def replace_store(data, by):
    """The store of another moment beside the log of this one."""
    for name in ("yallchat.db", "yallchat.db-wal", "yallchat.db-shm"):
        (data / name).unlink(missing_ok=True)
        if (by / name).exists():
            shutil.copy(by / name, data / name)


def flip(file, offset, bit=0):
    with open(file, "r+b") as opened:
        opened.seek(offset)
        byte = opened.read(1)[0]
        opened.seek(offset)
        opened.write(bytes([byte ^ (1 << bit)]))


@dataclass
class Found:
    """What a server makes of its data. history: by channel; a text of None was answered as
    damaged."""

    refused: Refused = None
    history: dict = None
    warnings: str = ""


def start_on(folder, chat, then=None):
    """Starts a server on the data and reads everything. then(server): what else is to be done with
    it."""
    try:
        server = Server(folder, session_timeout="10m")
    except Refused as refused:
        return Found(refused=refused)
    try:
        api = KeepAliveApi(*server.api.address)
        history = {c: read(member) for c, member in chat.on(api).items()}
        if then:
            then(server)
        return Found(history=history, warnings=server.log())
    finally:
        server.kill()
        shutil.rmtree(folder)


def read(member):
    """The channel's history; gaps and wrong numbers fail here."""
    messages = []
    while (answer := member.poll(from_=len(messages) + 1)).status != 204:
        if answer.is_directory:
            assert answer.json() == [member.name]
            continue
        if answer.status == 500:
            assert (answer["reason"], answer.body) == ("damaged-history", b"false")
            messages.append(Message(answer.seqnr, None, None))
        else:
            assert answer.is_message, (answer.status, answer["reason"])
            messages.append(Message(answer.seqnr, answer["source"], answer.json()))
        assert messages[-1].seqnr == len(messages)
    return messages


def history_of(said):
    """What was said, as a server's history."""
    return {c: [one.message for one in said if one.channel == c] for c in WRITERS}
