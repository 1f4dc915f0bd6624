"""A program in a terminal of its own: what it writes goes to a pseudo terminal, and is shown as a
terminal of today would show it (pyte): of a frame that is only half written, nothing. Tests type, and
wait for what is on the screen."""

import os
import re
import signal
import time

import pexpect
import pyte

PATIENCE_S = 30  # only a test that fails waits so long
PIECE = 61  # bytes read at once: so few that what looks at half of something fails on every machine
SYNCHRONIZED_OUTPUT = 2026 << 5  # between its beginning and its end, as pyte has private modes


class Screen(pyte.Screen):
    """With emoji as terminals have them: what is joined, and a skin's tone, take no columns of their
    own. (pyte drops whatever follows them.)"""

    def draw(self, data):
        super().draw(re.sub("\u200d.|[\ufe0f\U0001f3fb-\U0001f3ff]", "", data))


class Terminal:
    def __init__(self, command, environment, width=80, height=24):
        self.bytes = b""  # all that was written to it
        self.screen = Screen(width, height)
        self.stream = pyte.ByteStream(self.screen)
        self.process = pexpect.spawn(command[0], command[1:], env=environment,
                                     dimensions=(height, width), timeout=PATIENCE_S, echo=False)
        self.process.delaybeforesend = None
        self.process.ptyproc.delayafterterminate = 0.01

    # --- what is on it ---

    def read(self, seconds=0.05):
        """Takes some of what has come, waiting so long for it, and the rest of a frame; whether there
        may be more."""
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                data = self.process.read_nonblocking(PIECE, seconds)
            except pexpect.TIMEOUT:
                data = b""
            except pexpect.EOF:
                return False
            self.bytes += data
            self.stream.feed(data)
            if SYNCHRONIZED_OUTPUT not in self.screen.mode or time.monotonic() > deadline:
                return True

    @property
    def rows(self):
        return [row.rstrip() for row in self.screen.display]

    @property
    def text(self):
        return "\n".join(self.rows)

    def wait_until(self, condition, what=None):
        """Until condition() is true; gives its value."""
        deadline = time.monotonic() + PATIENCE_S
        while not (value := condition()):
            open_ = self.read()
            if value := condition():
                return value
            assert open_ and time.monotonic() < deadline, f"{what or 'it'} did not come:\n{self.text}"
        return value

    def wait_for(self, *texts):
        """Until all of these are on the screen."""
        for text in texts:
            self.wait_until(lambda text=text: text in self.text, repr(text))

    def wait_for_row(self, pattern):
        """Until a row matches as a whole; gives it."""
        def found():
            return next((row for row in self.rows if re.fullmatch(pattern, row)), None)
        return self.wait_until(found, pattern)

    def wait_while(self, text):
        """Until it is gone from the screen."""
        self.wait_until(lambda: text not in self.text, f"the end of {text!r}")

    def wait_for_bytes(self, data):
        self.wait_until(lambda: data in self.bytes, repr(data))

    def row_of(self, text):
        return next(number for number, row in enumerate(self.rows) if text in row)

    # --- what is done to it ---

    def type(self, text):
        self.process.send(text)

    def line(self, text):
        self.type(text + "\r")

    def paste(self, text):
        self.type(f"\x1b[200~{text}\x1b[201~")

    def resize(self, width, height):
        self.screen.resize(height, width)
        self.process.setwinsize(height, width)

    def signal(self, number):
        os.kill(self.process.pid, number)

    def wait_for_end(self):
        """The exit code, or minus the signal that it died of."""
        deadline = time.monotonic() + PATIENCE_S
        while self.read():
            assert time.monotonic() < deadline, "it did not end:\n" + self.text
        self.process.wait()
        if self.process.signalstatus is not None:
            return -self.process.signalstatus
        return self.process.exitstatus

    def hang_up(self):
        """The terminal goes away, as a window that is closed."""
        os.close(self.process.child_fd)
        self.process.child_fd = self.process.ptyproc.fd = -1
        self.process.closed = self.process.ptyproc.closed = True

    def close(self):
        if self.process.isalive():
            os.kill(self.process.pid, signal.SIGKILL)
        self.process.close(force=True)
