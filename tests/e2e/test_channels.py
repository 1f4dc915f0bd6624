"""Several channels at once, and what is told of those that are not in sight."""

import signal

import pytest

from conformance.api import unique
from conformance.waiting import wait_until

from .conftest import WECHAT, url_of


@pytest.fixture
def garden():
    return unique("garden")


def test_channels_are_joined_switched_and_left(chat, api, channel, garden):
    ringo = chat("ringo", width=120)
    ringo.line("in the first")
    ringo.wait_for("ringo: in the first")
    ringo.line(f"/join {garden}")
    ringo.wait_for(f"[{garden}]", f" 1:{channel} 2:{garden}", "live")
    ringo.wait_while("in the first")
    ringo.line("in the second")
    ringo.wait_for("ringo: in the second")
    ringo.type("\x1b1")  # alt-1
    ringo.wait_for(f"[{channel}]", "ringo: in the first")
    ringo.line("/switch gard")
    ringo.wait_for(f"[{garden}]")
    ringo.line(f"/join {channel}")  # it is open
    ringo.wait_for(f"[{channel}]")
    ringo.line("/switch 2")
    ringo.wait_for(f"[{garden}]")
    ringo.line("/part")
    ringo.wait_for(f"[{channel}]")
    ringo.wait_while(f"2:{garden}")
    assert "ringo" not in api.member(garden, "paul").joined.json()


def test_channels_that_were_open_are_open_again_after_a_restart(chat, api, channel, garden):
    paul = api.member(garden, "paul")
    first = chat("ringo", width=120)
    first.line(f"/join {garden}")
    first.wait_for(f"[{garden}]", "live")
    paul.posted("read")
    first.wait_for("paul: read")
    first.signal(signal.SIGTERM)
    assert first.wait_for_end() == 143
    paul.posted("ringo, are you there?")
    again = chat("ringo", width=120)
    again.wait_for(f"[{channel}]", f" 1:{channel} 2:{garden}(1!)")
    again.type("\x1b2")
    again.wait_for("paul: ringo, are you there?", "── new ──")
    again.line("/quit")
    assert again.wait_for_end() == 0
    third = chat("ringo", width=120)
    third.line("alone")
    third.wait_for_row(r"\d\d:\d\d ringo: alone +│.*")
    assert garden not in third.text


def test_a_channel_that_was_left_is_not_opened_again(chat, channel, garden):
    first = chat("ringo", width=120)
    first.line(f"/join {garden}")
    first.wait_for(f"[{garden}]", "live")
    first.line("/part")
    first.wait_for(f"[{channel}]")
    first.wait_while(f"2:{garden}")
    first.signal(signal.SIGTERM)
    assert first.wait_for_end() == 143
    again = chat("ringo", width=120)
    again.line("alone")
    again.wait_for_row(r"\d\d:\d\d ringo: alone +│.*")
    assert garden not in again.text


def test_what_is_completed_in_a_channel_that_goes_does_no_harm(chat, own_server, channel, garden):
    """The line that it stood in is gone with it, and is told. It goes after some seconds."""
    server = own_server()
    ringo = chat("ringo", at=server.api, width=120)
    ringo.line(f"/join {garden}")
    ringo.wait_for(f"[{garden}]", "1 here", "live")
    server.pause()
    ringo.line("waits")
    ringo.line("/part")
    ringo.type("hey rin\t")
    ringo.wait_for("hey ringo")
    ringo.wait_for(f"[{channel}]", f"typed, not sent, in {garden}: hey ringo")
    ringo.type("\tand on")
    ringo.wait_for("and on")


def test_who_is_let_in_nowhere_is_told_as_with_one_channel(terminal, chat, own_server, channel,
                                                           garden):
    """Though there are channels of the run before."""
    server = own_server()
    first = chat("ringo", at=server.api, width=120)
    first.line(f"/join {garden}")
    first.wait_for(f"[{garden}]", "live")
    first.line("/switch 1")
    first.signal(signal.SIGTERM)
    assert first.wait_for_end() == 143
    for one in (channel, garden):
        assert server.admin.kick(one, "ringo").status == 200
        server.api.member(one, "ringo")
    again = terminal([WECHAT, "ringo", url_of(server.api, channel)])
    assert again.wait_for_end() == 3
    assert b"is taken" in again.bytes


def test_a_channel_with_a_number_for_its_name_is_found_by_it(chat, own_server):
    ringo = chat("ringo", at=own_server().api, to="octopus", width=120)
    for name in ["1", "12"]:
        ringo.line(f"/join {name}")
        ringo.wait_for(f"[{name}]", "live")
    for wanted, name in [("1", "1"), ("3", "12"), ("octo", "octopus"), ("12", "12"), ("2", "1")]:
        ringo.line(f"/switch {wanted}")
        ringo.wait_for_row(rf"\[{name}\]")


def test_what_is_unread_is_counted_and_begins_below_a_line(chat, api, channel, garden):
    paul = api.member(channel, "paul")
    ringo = chat("ringo", width=120)
    paul.posted("read")
    ringo.wait_for("paul: read")
    ringo.line(f"/join {garden}")
    ringo.wait_for(f"[{garden}]")
    paul.posted("one")
    paul.posted("two")
    ringo.wait_for(f"1:{channel}(2) ")
    paul.posted("three, ringo")
    ringo.wait_for(f"1:{channel}(3!) ")
    ringo.type("\x1ba")  # alt-a
    ringo.wait_for("paul: three, ringo")
    ringo.wait_while("(3!)")
    line = ringo.row_of("── new ──")
    assert (ringo.row_of("paul: read"), ringo.row_of("paul: one")) == (line - 1, line + 1)
    ringo.type("\x1b2\x1b1")
    ringo.wait_while("── new ──")


def test_a_mention_stands_out_and_rings_where_that_is_asked_for(chat, api, channel, environment,
                                                                 config):
    config('[notify]\nbell = true\nosc9 = true\nosc777 = true\nwords = "drummer"\n')
    paul = api.member(channel, "paul")
    ringo = chat("ringo")
    paul.posted("nobody")
    ringo.wait_for("paul: nobody")
    paul.posted("the Drummer; is \x1b\x07late")
    ringo.wait_for("late")
    ringo.wait_for_bytes(f"\x1b]9;wechat: {channel}: paul: the Drummer; is late\x1b\\".encode())
    ringo.wait_for_bytes(f"\x1b]777;notify;{channel};paul: the Drummer; is late\x1b\\".encode())
    assert ringo.bytes.count(b"\x07") == 1  # not for what was said to nobody
    assert ringo.bytes.count(b"\x1b]") == 2
    row = ringo.screen.buffer[ringo.row_of("late")]
    column = ringo.rows[ringo.row_of("late")].index("late")
    assert row[column].bold


def test_nothing_rings_unless_asked_for(chat, api, channel):
    paul = api.member(channel, "paul")
    ringo = chat("ringo")
    paul.posted("hello ringo")
    ringo.wait_for("hello ringo")
    paul.posted("and on")  # whatever rings does so before the next frame
    ringo.wait_for("and on")
    assert b"\x07" not in ringo.bytes and b"\x1b]" not in ringo.bytes


def test_the_channels_of_a_server_are_listed(chat, own_server, channel, garden):
    server = own_server()
    server.api.member(garden, "paul").posted("hello")
    ringo = chat("ringo", at=server.api, width=120)
    ringo.line("/list")
    ringo.wait_for(f"{garden}  1 here, 1 messages", f"{channel}  1 here, 0 messages")
    ringo.line(f"/join {garden[:-3]}\t")
    ringo.wait_for(f"[{garden}]", "paul: hello")


def test_messages_are_searched(chat, api, channel):
    paul = api.member(channel, "paul")
    paul.posted("the drummer is late")
    paul.posted("something else")
    ringo = chat("ringo", width=100)
    ringo.wait_for("something else")

    path = paul.path("messages") + "?q=drummer"
    wait_until(lambda: api.call("GET", path, paul.key).json()["events"])
    ringo.line("/search drummer")
    ringo.wait_until(lambda: ringo.text.count("the drummer is late") == 2)
    ringo.line("/search nothingofthis")
    ringo.wait_for("nothing was found")


def test_a_channel_that_refuses_says_so_and_may_be_tried_again(chat, api, channel, garden):
    held = api.member(garden, "ringo")
    ringo = chat("ringo", width=120)
    ringo.line(f"/join {garden}")
    ringo.wait_for("is taken", "not connected")
    ringo.line("is kept")
    ringo.wait_for(f"/join {garden} tries again", "] is kept")
    api.call("PUT", held.path("leave"), held.key)
    ringo.type("\x15")
    ringo.line(f"/join {garden}")
    ringo.wait_for("live")
    ringo.line("there")
    ringo.wait_for("ringo: there")
