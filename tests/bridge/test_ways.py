"""Which channels are bridged, and in which direction; what it prints, and how it ends."""

import os
import shutil
import stat
import subprocess

import pytest

from .bridging import CHANNEL, ENVIRONMENT, ROOT, WECHAT, Bridge, Listener, Person, url_of, wait_for
from .conftest import labelled


def run(*arguments):
    return subprocess.run([WECHAT, *arguments], capture_output=True, text=True, timeout=60,
                          env=ENVIRONMENT)


def test_all_channels_that_are_listed_are_bridged_new_ones_too(servers, bridge):
    a, b = (server.address for server in servers(2))
    ringo, paul = Person(a, "ringo", "octopus"), Person(b, "paul", "squid")
    bridge(*labelled(a, b))
    wait_for(lambda: "bridge" in ringo.names() and "bridge" in paul.names())
    in_squid, in_octopus = Listener(a, "listener", "squid"), Listener(b, "listener", "octopus")
    wait_for(lambda: "paul@b" in in_squid.names() and "ringo@a" in in_octopus.names())
    john = Person(a, "john", "clam")
    wait_for(lambda: "bridge" in john.names())
    in_clam = Listener(b, "listener", "clam")
    wait_for(lambda: "john@a" in in_clam.names())
    john.say("hello")
    assert in_clam.hear_all(1) == [("john@a", "hello")]


@pytest.mark.parametrize("away", [False, True], ids=["bridge there", "bridge away"])
def test_a_new_channel_is_carried_from_its_first_message(servers, bridge, away):
    """What was said before the bridge saw it, too; but of a channel that was there at first, only
    what is new."""
    a, b = (server.address for server in servers(2))
    ringo = Person(a, "ringo")
    ringo.say("before the bridge")
    one = bridge(*labelled(a, b))
    wait_for(lambda: len(one.of_type("bridging")) == 2)
    if away:
        assert one.stop() == 0
    john = Person(a, "john", "clam")
    for n in range(3):
        john.say(f"hello {n}")
    if away:
        one.start()
    in_clam = Listener(b, "listener", "clam")
    assert in_clam.hear_all(3) == [("john@a", f"hello {n}") for n in range(3)]
    ringo.say("now")
    at_b = Listener(b)
    assert at_b.hear_all(1) == [("ringo@a", "now")]


def test_more_channels_than_a_server_allows_connections(servers, bridge):
    """connections_per_address is 64."""
    a, b = (server.address for server in servers(2, limits={
        "loopback": True, "joins_per_second": 0}))
    people = [Person(a, "ringo", f"channel{n}") for n in range(80)]
    one = bridge(*labelled(a, b))
    wait_for(lambda: len(one.of_type("joined", **{"as": "ringo@a"})) == len(people))
    for person in people:
        person.say("hello")
    wait_for(lambda: len(one.of_type("carried")) == len(people))


def test_spellings_of_a_channel_are_one(servers, bridge):
    a, b = (server.address for server in servers(2))
    ringo, paul = Person(a, "ringo", "Octopus"), Person(b, "paul", "octopus")
    one = bridge(*labelled(a, b))
    wait_for(lambda: "paul@b" in ringo.names() and "ringo@a" in paul.names())
    assert len(one.of_type("bridging")) == 2


def test_channels_with_different_names(servers, bridge):
    a, b = (server.address for server in servers(2))
    ringo, paul = Person(a, "ringo", "octopus"), Listener(b, "paul", "squid")
    bridge(url_of(a, "octopus"), url_of(b, "squid"), "--label", f"{url_of(a)}=a")
    wait_for(lambda: "ringo@a" in paul.names())
    ringo.say("hello")
    assert paul.hear_all(1) == [("ringo@a", "hello")]


def test_two_channels_of_one_server(servers, bridge):
    a = servers(1)[0].address
    ringo, paul = Person(a, "ringo", "octopus"), Listener(a, "paul", "squid")
    bridge(url_of(a, "octopus"), url_of(a, "squid"), "--label", f"{url_of(a)}=a")
    wait_for(lambda: "ringo@a" in paul.names())
    ringo.say("hello")
    paul.hear_all(1)
    paul.say("hello yourself")
    at_octopus = Listener(a, "listener", "octopus")
    assert at_octopus.hear_all(2) == [("ringo", "hello"), ("paul@a", "hello yourself")]
    assert paul.hear() == [("ringo@a", "hello"), ("paul", "hello yourself")]


def test_three_servers(servers, bridge):
    addresses = [server.address for server in servers(3)]
    listeners = [Listener(address) for address in addresses]
    people = [Person(address, name) for address, name in zip(addresses, ("ringo", "paul", "john"))]
    bridge(*labelled(*addresses), "--channel", CHANNEL)
    wait_for(lambda: {"paul@b", "john@c"} <= set(listeners[0].names()))
    wait_for(lambda: {"ringo@a", "john@c"} <= set(listeners[1].names()))
    wait_for(lambda: {"ringo@a", "paul@b"} <= set(listeners[2].names()))
    for person in people:
        person.say(f"I am {person.name}")
    for listener in listeners:
        assert sorted(text for _, text in listener.hear_all(3)) == \
            ["I am john", "I am paul", "I am ringo"]


def test_one_way(two):
    both = two("--one-way")
    ringo, paul = Person(both.a, "ringo"), Person(both.b, "paul")
    wait_for(lambda: "ringo@a" in both.at_b.names())
    paul.say("nobody hears me")
    ringo.say("hello")
    assert both.at_b.hear_all(2) == [("paul", "nobody hears me"), ("ringo@a", "hello")]
    ringo.say("again")
    both.at_b.hear_all(3)
    assert both.at_a.hear() == [("ringo", "hello"), ("ringo", "again")]
    assert both.at_a.names() == ["bridge", "listener", "ringo"]


def test_a_dry_run_says_what_it_would_carry_and_does_nothing(two, tmp_path):
    both = two("--dry-run", state=tmp_path / "dry")
    ringo = Person(both.a, "ringo")
    ringo.say("hello")
    [would] = wait_for(lambda: both.bridge.of_type("would-carry"))
    assert (would["from"]["seqnr"], would["as"]) == (1, "ringo@a")
    assert both.at_b.hear() == [] and both.at_b.names() == ["bridge", "listener"]
    assert both.bridge.stop() == 0
    assert not (tmp_path / "dry").exists()


def test_without_any_channel_it_ends_with_an_example(servers, tmp_path):
    """The servers do not list theirs, and none is named."""
    a, b = (server.address for server in servers(2, public_list="false"))
    done = run("-b", url_of(a), url_of(b), "--state", str(tmp_path / "state"))
    assert done.returncode == 2 and "--channel octopus" in done.stderr


@pytest.mark.parametrize("arguments", [
    [], ["my.chat.server"], ["my.chat.server", "my.chat.server"],
    ["my.chat.server", "your.chat.server", "--label", "their.chat.server=x"],
    ["my.chat.server", "your.chat.server", "--label", "my.chat.server=a@b"],
    ["my.chat.server", "your.chat.server", "--label", "my.chat.server=Your.chat.server"],
    ["my.chat.server", "your.chat.server", "--label", "my.chat.server=a", "--label",
     "http://my.chat.server:8000=b"],
    ["http://my.chat.server", "https://my.chat.server"],
    ["my.chat.server/chats/octopus", "my.chat.server/chats/Octopus"],
    ["my.chat.server/chats/octopus/83", "your.chat.server"],
    ["my.chat.server/chats/octopus", "your.chat.server", "--channel", "a", "--channel", "b"],
    ["my.chat.server", "your.chat.server", "--as", "a b"],
    ["my.chat.server", "your.chat.server", "--interval", "soon"]], ids=" ".join)
def test_wrong_usage_is_exit_2(arguments):
    done = run("-b", *arguments, "--state", "/dev/null/none")
    assert done.returncode == 2 and "usage: wechat -b" in done.stderr


def test_output_that_cannot_be_written_is_told_and_ends_it(servers, tmp_path):
    a, b = (server.address for server in servers(2))
    with open("/dev/full", "w") as full:
        done = subprocess.run([WECHAT, "-b", *labelled(a, b), "--channel", CHANNEL, "--state",
                               str(tmp_path / "state")], stdout=full, stderr=subprocess.PIPE,
                              text=True, timeout=60, env=ENVIRONMENT)
    assert done.returncode == 1
    assert "wechat: standard output: No space left on device" in done.stderr


def test_its_help_has_examples():
    done = run("-b", "--help")
    assert done.returncode == 0 and "wechat -b my.chat.server your.chat.server" in done.stdout


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd")
def test_the_unit_is_one_and_gives_the_bridge_little(tmp_path):
    unit = tmp_path / "wechat-bridge@x.service"
    text = (ROOT / "packaging/wechat-bridge@.service").read_text()
    assert "/usr/bin/wechat -b" in text
    text = text.replace("/usr/bin/wechat", os.path.abspath(WECHAT))
    unit.write_text(text.replace("man:wechat(1)", "https://x.y"))
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", str(unit)],
                          capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    done = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=15",
                           str(unit)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout


def test_a_state_is_one_bridges_and_its_owners_alone(two, tmp_path):
    state = tmp_path / "shared"
    both = two(state=state)
    Person(both.a, "ringo")
    wait_for(lambda: "ringo@a" in both.at_b.names())
    second = Bridge(*labelled(both.a, both.b), "--channel", CHANNEL, state=state)
    assert second.wait() == 1 and "another bridge has it" in "".join(second.errors)
    files = [path for path in state.rglob("*") if path.is_file()]
    assert len([path for path in files if path.name.startswith("sessions-")]) == 2
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_a_damaged_state_is_named_and_not_guessed_at(two, tmp_path):
    state = tmp_path / "damaged"
    both = two(state=state)
    assert both.bridge.stop() == 0
    [link, _] = state.glob("link-*")
    link.write_text(link.read_text()[:-5])
    both.bridge.start()
    assert both.bridge.wait() == 1 and link.name in "".join(both.bridge.errors)


def test_it_prints_a_line_a_change(two):
    both = two()
    both.bridge.kill()
    command = [part for part in both.bridge.command if part != "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, env=ENVIRONMENT, text=True)
    ringo = Person(both.a, "ringo")
    try:
        lines = iter(process.stdout.readline, "")
        assert next(line for line in lines if "ringo" in line) == "ringo@a is in b/octopus\n"
        ringo.say("hello")
        assert next(line for line in lines if "ringo" in line) == \
            "a/octopus/1 -> b/octopus/1 as ringo@a\n"
        ringo.leave()
        assert next(line for line in lines if "ringo" in line) == "ringo@a left b/octopus\n"
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
