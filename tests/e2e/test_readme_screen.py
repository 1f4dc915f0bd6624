"""The README's screen is what wechat shows."""

import re

from .conftest import ROOT


def plain(rows):
    """Without what differs from run to run: times, dates, addresses, and how much space they leave."""
    text = re.sub(r"\d\d:\d\d (?=\S)", "03:04 ", "\n".join(rows))
    text = re.sub(r"── \w+day \d+ \w+ \d{4} ─+", "── DAY ──", text)
    return re.sub(r" +ringo at 127.0.0.1:\d+", " ringo at SERVER", text).split("\n")


def test_it_looks_as_it_says(chat, own_server):
    readme = (ROOT / "README.md").read_text()
    expected = re.search(r"^```text\n(── the beginning .*?)^```$", readme, re.MULTILINE | re.DOTALL)
    api = own_server().api
    paul, john = (api.member("octopus", name) for name in ("paul", "john"))
    paul.posted("who brings the drums?")
    john.posted("not me")
    ringo = chat("ringo", at=api, to="octopus", width=84, height=14)
    ringo.wait_for("john: not me")
    ringo.line("I do, as ever 🥁")
    ringo.wait_for("ringo: I do")
    ringo.line("/join garden")
    ringo.wait_for("[garden]", "live")
    paul.posted("ringo: at eight, in the garden?")
    john.posted("👍")
    ringo.wait_for("1:octopus(2!)")
    ringo.type("\x1b1")
    ringo.wait_for("john: 👍")
    api.member("octopus", "george")
    ringo.wait_for("george joined")
    ringo.line("/me looks for the sticks")
    ringo.wait_for("* ringo looks")
    ringo.wait_while("…")
    ringo.wait_while("✓")
    api.member("garden", "george").posted("here already")
    ringo.wait_for("2:garden(1)")
    ringo.type("coming")
    ringo.wait_for("[octopus] coming")
    assert plain(ringo.rows) == plain(expected[1].splitlines())
