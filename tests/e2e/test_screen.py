"""What is on the screen while people talk."""

import re
import signal

from conformance.waiting import wait_until

from .conftest import WECHAT, url_of


def test_what_one_says_the_other_sees(chat):
    ringo, paul = chat("ringo"), chat("paul")
    ringo.wait_for("paul joined")
    ringo.line("hello, all")
    paul.wait_for_row(r"\d\d:\d\d ringo: hello, all +│.*")
    ringo.wait_for_row(r"\d\d:\d\d ringo: hello, all +│.*")
    paul.line("/me waves")
    ringo.wait_for_row(r"\d\d:\d\d \* paul waves +│.*")


def test_who_is_here_stands_at_the_side_and_the_status_below(chat, api, channel):
    api.member(channel, "paul")
    ringo = chat("ringo", width=90, height=12)
    ringo.wait_for("2 here")
    assert [row.split("│")[1].strip() for row in ringo.rows[:3]] == ["2 here", "paul", "ringo"]
    host, port = api.address
    assert ringo.rows[10].startswith(f" 1:{channel} ")
    assert ringo.rows[10].endswith(f"ringo at {host}:{port} · live")
    assert ringo.rows[11] == f"[{channel}]"
    api.member(channel, "john")
    ringo.wait_for("3 here", "john joined")


def test_the_directory_goes_where_there_is_no_room_or_no_wish_for_it(chat):
    ringo = chat("ringo", width=70, height=10)
    ringo.wait_for("1 here")
    before = len(ringo.bytes)
    ringo.resize(50, 10)
    ringo.wait_until(lambda: len(ringo.bytes) > before, "a narrower frame")
    ringo.wait_while("│")
    ringo.resize(70, 10)
    ringo.wait_for("1 here")
    ringo.type("\x1bOQ")  # F2
    ringo.wait_while("1 here")


def test_the_smallest_screen_is_survived(chat, api, channel):
    paul = api.member(channel, "paul")
    ringo = chat("ringo", width=80, height=10)
    for size in [(1, 1), (2, 2), (1, 30), (300, 1), (3, 3), (80, 10)]:
        ringo.resize(*size)
        before = len(ringo.bytes)
        ringo.wait_until(lambda: len(ringo.bytes) > before, f"a frame of {size}")
        number = paul.posted("日本語 👩‍👩‍👧‍👦 the drummer is late " * 9 + str(size))
        ringo.type("x\x7f")
    assert number == 6
    ringo.wait_for("(80, 10)", "live")


def test_a_line_is_edited_with_the_keys_that_people_know(chat):
    ringo = chat("ringo")
    ringo.type("hello drummer\x1b[1;5D")  # ctrl-left
    ringo.type("late \x01> \x05!")
    ringo.wait_for("] > hello late drummer!")
    ringo.type("\x17\x15back \x19\r")  # ctrl-w, ctrl-u, ctrl-y
    ringo.wait_for_row(r"\d\d:\d\d ringo: back > hello late +│.*")
    ringo.type("\x1b[A")
    ringo.wait_for("] back > hello late")
    ringo.type("\x1b[B")
    ringo.wait_while("] back")


def test_tab_completes_names_and_commands(chat, api, channel):
    api.member(channel, "Paul")
    ringo = chat("ringo")
    ringo.wait_for("2 here")
    ringo.type("pa\t")
    ringo.wait_for("] Paul:")
    ringo.line("hi")
    ringo.wait_for("ringo: Paul: hi")
    ringo.type("/na\t")
    ringo.wait_for("] /names")
    ringo.line("")
    ringo.wait_for("here: Paul, ringo")


def test_a_paste_of_many_lines_is_asked_about(chat, api, channel):
    ringo = chat("ringo", width=120)
    ringo.paste("one line")
    ringo.wait_for("] one line")
    ringo.type("\x15")
    ringo.paste("/quit\ntwo\n")
    ringo.wait_for("Pasted 2 lines. Enter: send each | o: as one message | e: edit | Esc: drop")
    ringo.type("\x1b")
    ringo.wait_while("Pasted")
    ringo.paste("/quit\ntwo\n")
    ringo.wait_for("Pasted 2 lines")
    ringo.type("\r")
    ringo.wait_for("ringo: /quit", "ringo: two")  # said, not done
    ringo.paste("three\nfour")
    ringo.wait_for("Pasted 2 lines")
    ringo.type("o")
    ringo.wait_for("ringo: three")
    ringo.wait_for_row(r"      four +│.*")
    ringo.paste("five\nsix")
    ringo.wait_for("Pasted 2 lines")
    ringo.type("e")
    ringo.wait_for("] five↵six")
    reader = api.member(channel, "reader")

    def said():
        page = reader.api.call("GET", reader.path("messages"), reader.key).json()
        return [event["body"] for event in page["events"]]

    wait_until(lambda: len(said()) == 3)  # a line is shown before the server has it
    assert said() == ["/quit", "two", "three\nfour"]


SAID_299 = r"\d\d:\d\d ringo: /line 299( +│.*)?"  # and acknowledged


def bodies(member):
    """All that was said in the channel."""
    path, said = member.path("messages"), []
    while True:
        query = f"?from={len(said) + 1}&limit=1000"
        page = member.api.call("GET", path + query, member.key).json()["events"]
        if not page:
            return said
        said += [event["body"] for event in page]


def test_all_lines_of_a_long_paste_are_sent_in_their_order(chat, api, channel):
    reader = api.member(channel, "reader")
    ringo = chat("ringo", width=120)
    lines = [f"/line {number}" for number in range(300)]
    ringo.paste("\n".join(lines))
    ringo.wait_for("Pasted 300 lines")
    ringo.type("\r")
    ringo.wait_for_row(SAID_299)
    assert bodies(reader) == lines


def test_lines_of_a_long_paste_that_have_to_wait_are_counted_and_not_lost(
        chat, own_server, forwarder, channel):
    server = own_server()
    between = forwarder(server)
    reader = server.api.member(channel, "reader")
    ringo = chat("ringo", at=between, width=120)
    between.cut()
    ringo.wait_for("no connection")
    lines = [f"/line {number}" for number in range(300)]
    ringo.paste("\n".join(lines))
    ringo.wait_for("Pasted 300 lines")
    ringo.type("\r")
    ringo.wait_for("44 lines more to be sent. e: edit | Esc: drop")
    ringo.type("\x1bOQ")  # F2: the screen is still the user's
    ringo.wait_while("2 here")
    between.restore()
    ringo.wait_while("more to be sent")
    ringo.wait_for_row(SAID_299)
    assert bodies(reader) == lines
    ringo.wait_until(lambda: not re.search("[…✓] ringo", ringo.text), "all that was said")
    between.cut()
    ringo.wait_for("no connection")
    ringo.paste("\n".join(lines))
    ringo.wait_for("Pasted 300 lines")
    ringo.type("\r")
    ringo.wait_for("44 lines more to be sent")
    ringo.signal(signal.SIGTERM)
    assert ringo.wait_for_end() == 143
    assert f"wechat: pasted, not sent, in {channel}: 44 lines\r\n".encode() in ringo.bytes


def test_a_slash_is_doubled_to_be_said_and_a_wrong_command_is_not_lost(chat):
    ringo = chat("ringo")
    ringo.line("//etc/passwd")
    ringo.wait_for("ringo: /etc/passwd")
    ringo.line("/etc/passwd is a file")
    ringo.wait_for("there is no command /etc/passwd", "] /etc/passwd is a file")


def test_wide_characters_keep_their_columns(chat, api, channel):
    paul = api.member(channel, "paul")
    ringo = chat("ringo", width=70)
    for text in ["日本語", "e\u0301te\u0301", "👍🏽 👩‍👩‍👧‍👦", "plain"]:
        paul.posted(text)
    ringo.wait_for("plain")
    column = ringo.rows[ringo.row_of("plain")].index("│")
    for row in range(ringo.row_of("plain")):
        assert ringo.screen.buffer[row][column].data == "│", ringo.text
    ringo.type("日本\x7f👩‍👩‍👧‍👦x")
    ringo.wait_until(lambda: ringo.screen.cursor.x == len(f"[{channel}] ") + 5)


def test_hostile_text_does_nothing_to_the_terminal(chat, api, channel):
    paul = api.member(channel, "paul")
    ringo = chat("ringo")
    ringo.wait_for("paul")
    before = len(ringo.bytes)
    for text in ["\x1b]0;owned\x07", "\x1b[2J\x1b[H", "\x9b31m", "\u202eevil\u2066", "a\rb\x08c",
                 "\x1bc", "\x1b[?1049l", "\x1bP\x1b\\", "end"]:
        paul.posted(text)
    ringo.wait_for("paul: end")
    written = ringo.bytes[before:].decode()
    assert "]0;owned" in written and "\x1b]0" not in written and "\x07" not in written
    for sequence in ["\x1b[2J", "\x9b", "\u202e", "\u2066", "\x08", "\r", "\x1bc", "\x1b[?1049l",
                     "\x1bP"]:
        assert sequence not in written, repr(sequence)
    assert ringo.screen.title == ""


def test_no_half_of_a_frame_is_shown(chat):
    ringo = chat("ringo")
    ringo.line("hello")
    ringo.wait_for_row(r"\d\d:\d\d ringo: hello +│.*")
    outside = re.sub(rb"\x1b\[\?2026h.*?\x1b\[\?2026l", b"", ringo.bytes, flags=re.DOTALL)
    assert b"hello" not in outside and not re.search(rb"\x1b\[\d+;\d+H", outside)


def test_a_terminal_without_private_modes_is_sent_none(chat):
    ringo = chat("ringo", TERM="ansi")
    ringo.line("hello")
    ringo.wait_for_row(r"\d\d:\d\d ringo: hello +│.*")
    ringo.line("/quit")
    assert ringo.wait_for_end() == 0
    assert b"\x1b[?" not in ringo.bytes


def test_no_color_is_obeyed(terminal, api, channel):
    api.member(channel, "paul").posted("hello")
    for variables, coloured in [({}, True), ({"NO_COLOR": "1"}, False)]:
        one = terminal([WECHAT, f"ringo-{coloured}", url_of(api, channel)], **variables)
        one.wait_for("paul: hello", "live")
        row = one.screen.buffer[one.row_of("paul: hello")]
        assert (row[6].fg != "default") is coloured
