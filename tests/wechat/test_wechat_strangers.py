"""wechat with servers that strangers wrote from the original text (tests/foreign)."""
import json
import pathlib
import runpy
import signal

import pytest

running = runpy.run_path(
    str(pathlib.Path(__file__).resolve().parents[1] / "foreign" / "launch.py"))["running"]
FAST = ("--interval", "20ms")
VARIANTS = [
    (), ("--http11",), ("--no-length",), ("--directory=newlines",), ("--directory=commas",),
    ("--directory=plain",), ("--plain-text-bodies",), ("--json-object-events",),
    ("--json-object-events", "--directory=commas", "--http11"), ("--nothing=null",),
    ("--nothing=false",), ("--nothing=empty-array",), ("--nothing=empty",), ("--no-put-seqnr",),
    ("--no-put-seqnr", "--json-object-events", "--nothing=null"), ("--backlog-in-path",),
    ("--dir-to-joiner",), ("--dir-to-joiner", "--late-seek", "--json-object-events", "--http11"),
    ("--dir-to-joiner", "--late-seek", "--backlog-in-path", "--directory=commas")]


@pytest.fixture(params=VARIANTS, ids=" ".join)
def stranger(request):
    with running(*request.param) as url:
        yield url + "/chats/octopus"


def test_two_talk_and_see_each_other_come_and_go(stranger, start):
    paul = start("paul", stranger, *FAST)
    assert paul.line() == "* here: paul"
    guest = start("Grüße", stranger, *FAST, "--follow")
    assert guest.line() == "* here: Grüße, paul"
    assert paul.line() == "* Grüße joined"
    guest.type("hello ☺\nhello ☺\nnull\n")
    for reader in (guest, paul):
        assert [reader.line() for _ in range(3)] == ["Grüße: hello ☺", "Grüße: hello ☺",
                                                     "Grüße: null"]
    guest.signal(signal.SIGINT)
    assert guest.wait() == 130
    assert paul.line() == "* Grüße left"
    paul.end_input()
    assert paul.wait() == 0 and paul.line() is None and paul.error() is None


def test_the_backlog_comes_whole_once_and_in_order(stranger, wechat, start):
    keeper = start("keeper", stranger, *FAST)
    assert keeper.line() == "* here: keeper"
    assert wechat("ringo", stranger, *FAST, stdin=b"1\n2\n3\n4\n").code == 0
    done = wechat("ringo", stranger, "--poll", "--json")
    assert [json.loads(line)["body"] for line in done.lines] == ["1", "2", "3", "4"]
    assert wechat("ringo", stranger + "/3", "--poll").lines == ["ringo: 3", "ringo: 4"]


def test_the_backlog_is_read_to_its_end_before_the_end_of_input_counts(stranger, wechat, start):
    keeper = start("keeper", stranger, *FAST)
    assert keeper.line() == "* here: keeper"
    assert wechat("paul", stranger, *FAST, stdin=b"1\n2\n3\n").code == 0
    done = wechat("ringo", stranger + "/1", *FAST, stdin=b"hi\n")
    assert done.code == 0 and done.err == ""
    assert done.lines[1:] == ["paul: 1", "paul: 2", "paul: 3", "ringo: hi"]


@pytest.mark.parametrize("gone", ["401", "403", "404", "410"])
def test_a_user_who_was_removed_comes_back_and_reads_on(start, gone):
    with running("--http11", "--session-timeout=1", "--gone=" + gone) as url:
        url += "/chats/octopus"
        keeper = start("keeper", url, *FAST)
        assert keeper.line() == "* here: keeper"
        sleeper = start("sleeper", url, *FAST, "-q")
        assert keeper.line() == "* sleeper joined"
        keeper.type("one\n")
        assert sleeper.line() == "keeper: one"
        sleeper.signal(signal.SIGSTOP)
        assert keeper.line() == "keeper: one"
        assert keeper.line() == "* sleeper left"
        keeper.type("two\nthree\n")
        assert keeper.line() == "keeper: two"
        sleeper.signal(signal.SIGCONT)
        assert [sleeper.line(), sleeper.line()] == ["keeper: two", "keeper: three"]


@pytest.mark.parametrize("flag, user, chat", [
    ("--refuse-channels", "ringo", "other"), ("--join-refusal-without-session", "keeper", "octopus"),
    ("--http11", "keeper", "octopus")])
def test_a_refusal_in_each_of_its_forms_is_exit_3(wechat, start, flag, user, chat):
    with running(flag) as url:
        keeper = start("keeper", url + "/chats/octopus", *FAST)
        assert keeper.line() == "* here: keeper"
        done = wechat(user, f"{url}/chats/{chat}")
        assert done.code == 3 and done.out == ""
