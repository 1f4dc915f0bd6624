"""What was said before, and what is not kept."""

import signal

from conformance.waiting import at_once

from .conftest import WECHAT, url_of


def fill(member, first, last):
    for number in range(first, last + 1):
        member.posted(f"number {number}")


def test_the_newest_are_there_at_once_and_scrolling_back_loads_the_rest(chat, api, channel):
    paul = api.member(channel, "paul")
    fill(paul, 1, 250)
    ringo = chat("ringo", height=22)
    ringo.wait_for("paul: number 250")
    assert "number 231" in ringo.text and "number 230" not in ringo.text
    page_up = "\x1b[5~"
    ringo.wait_until(lambda: ringo.type(page_up) or "── the beginning ──" in ringo.text)
    ringo.wait_for("paul: number 1 ", "more below")
    paul.posted("while scrolled back")
    ringo.type("\x1b[1;5F")  # ctrl-end
    ringo.wait_for("while scrolled back")
    ringo.wait_while("more below")


def test_history_scrolls_without_hole_or_double(chat, api, channel):
    paul = api.member(channel, "paul")
    fill(paul, 1, 230)
    ringo = chat("ringo", height=22)
    ringo.wait_for("paul: number 230")
    seen = []
    expected = 230
    while expected > 0:
        # What is loaded takes the row that says so: until then the rows may move.
        ringo.wait_until(lambda: f"number {expected} " in ringo.text + " "
                         and "older messages are on their way" not in ringo.text,
                         f"number {expected}")
        here = [int(row.split("number ")[1].split()[0]) for row in ringo.rows if "number " in row]
        assert here == list(range(here[0], here[-1] + 1)), ringo.text
        seen += here
        expected = here[0] - 1
        if expected:
            ringo.type("\x1b[5~")
    assert set(seen) == set(range(1, 231))


def test_the_line_of_an_earlier_run_is_there_when_one_scrolls_back_to_it(chat, api, channel):
    paul = api.member(channel, "paul")
    ringo = chat("ringo", height=22)
    paul.posted("read")
    ringo.wait_for("paul: read")
    ringo.signal(signal.SIGTERM)
    assert ringo.wait_for_end() == 143
    fill(paul, 1, 150)
    again = chat("ringo", height=22)
    again.wait_for("paul: number 150")
    again.wait_until(lambda: again.type("\x1b[5~") or "── the beginning ──" in again.text)
    again.wait_for("── new ──")
    line = again.row_of("── new ──")
    assert (again.row_of("paul: read"), again.row_of("paul: number 1 ")) == (line - 1, line + 1)


def test_a_number_in_the_url_is_where_reading_begins(terminal, api, channel):
    fill(api.member(channel, "paul"), 1, 9)
    ringo = terminal([WECHAT, "ringo", url_of(api, channel) + "/7"])
    ringo.wait_for("number 7", "number 9")
    ringo.wait_for("the beginning")  # what is before it comes when there is room for it


def test_a_gap_is_a_line(chat, own_server, forwarder, channel):
    server = own_server(history="1000")
    between = forwarder(server)
    paul = server.api.member(channel, "paul")
    paul.posted("before")
    ringo = chat("ringo", at=between, width=100)
    ringo.wait_for("paul: before")
    between.cut()
    ringo.wait_for("no connection")
    for hundred in range(13):
        at_once([lambda n=n: paul.posted(f"number {n}")
                 for n in range(100 * hundred, 100 * hundred + 100)])
    between.restore()
    ringo.wait_for("live", "number 1299")
    for _ in range(100):
        ringo.type("\x1b[5~")
    ringo.wait_for("── gap: messages 2 to ", "are no longer kept ──")
