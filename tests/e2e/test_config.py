"""The configuration of the full screen, and when there is none."""

import subprocess

from .conftest import WECHAT, url_of


def test_keys_are_as_the_configuration_has_them(chat, config):
    config('[keys]\nsend = "f5"\nhome = []\n')
    ringo = chat("ringo")
    ringo.type("hello\x01x\r")  # ctrl-a and enter do nothing now
    ringo.wait_for("] hellox")
    ringo.type("\x1b[15~")
    ringo.wait_for("ringo: hellox")


def test_a_mistake_is_told_with_its_place_before_the_screen_changes(terminal, config, api, channel):
    path = config("[notify]\nbell = true\n\n[keys]\nsend = 'hyper-x'\n")
    ringo = terminal([WECHAT, "ringo", url_of(api, channel)])
    assert ringo.wait_for_end() == 2
    words = ringo.bytes.decode()
    assert f"{path}:5: keys.send: a key is written as" in words
    assert "\x1b" not in words


def test_a_terminal_that_can_do_nothing_is_told_of_line_mode(terminal, api, channel):
    ringo = terminal([WECHAT, "ringo", url_of(api, channel)], TERM="dumb")
    assert ringo.wait_for_end() == 2
    assert b"--line" in ringo.bytes
    line = terminal([WECHAT, "--line", "ringo", url_of(api, channel)], TERM="dumb")
    line.wait_for("* here: ringo")


def test_pipes_are_line_mode_whatever_the_terminal(api, channel, environment):
    done = subprocess.run([WECHAT, "ringo", url_of(api, channel)], input=b"hello\n",
                          capture_output=True, env=environment, timeout=30, check=False)
    assert done.stdout.decode().splitlines() == ["* here: ringo", "ringo: hello"]


def test_help_shows_commands_and_keys(chat):
    ringo = chat("ringo", height=60)
    ringo.line("/help")
    ringo.wait_for("/join CHANNEL  open a channel", "pageup  scroll back", "alt-1 to alt-9")
