"""A source that lost what it had, or was restored from a backup: what is said from then on is carried, and
nothing twice."""

import shutil

import pytest

from .bridging import CHANNEL, Author, Listener, Person, wait_for
from .conftest import labelled


@pytest.fixture
def talk(two):
    """talk: two servers; ringo of a has said "old 0" to "old 4", and b has heard it."""
    both = two()
    ringo = Person(both.a, "ringo")
    for n in range(5):
        ringo.say(f"old {n}")
    both.at_b.hear_all(5)
    wait_for(lambda: len(both.bridge.of_type("carried")) == 5)
    return both


def wipe(server):
    for file in server.folder.iterdir():
        if file.is_dir():
            shutil.rmtree(file)
        elif "toml" not in file.name:
            file.unlink()


def copy(folder, to):
    shutil.copytree(folder, to, ignore=shutil.ignore_patterns("*.sock"))


def say(server, count, name="ringo"):
    person = Person(server.address, name)
    for n in range(count):
        person.say(f"new {n}")


OLD = [f"old {n}" for n in range(5)]


@pytest.mark.parametrize("away", [True, False], ids=["bridge away", "bridge there"])
@pytest.mark.parametrize("count", [2, 5, 9])
def test_what_is_said_on_a_server_that_lost_its_data_is_carried(talk, away, count):
    """Whether it has fewer messages by then, as many, or more than were carried."""
    source = talk.servers[0]
    talk.bridge.stop() if away else talk.bridge.pause()
    source.kill()
    wipe(source)
    source.start()
    say(source, count)
    talk.bridge.start() if away else talk.bridge.go_on()
    new = [f"new {n}" for n in range(count)]
    talk.at_b.hear_all(5 + count)
    assert talk.at_b.said_by("ringo@a") == OLD + new
    Person(source.address, "paul").say("the last")
    assert talk.at_b.hear_all(6 + count)[5 + count:] == [("paul@a", "the last")]


@pytest.mark.parametrize("away", [True, False], ids=["bridge away", "bridge there"])
@pytest.mark.parametrize("count", [1, 4])
def test_a_server_restored_from_a_backup_is_carried_on(talk, away, count, tmp_path):
    """What it still has is not carried again, what is said now is: fewer or more than it lost."""
    source, backup = talk.servers[0], tmp_path / "backup"
    source.kill()
    copy(source.folder, backup)
    source.start()
    say(source, 2, "john")
    talk.at_b.hear_all(7)
    wait_for(lambda: len(talk.bridge.of_type("carried")) == 7)
    talk.bridge.stop() if away else talk.bridge.pause()
    source.kill()
    shutil.rmtree(source.folder)
    copy(backup, source.folder)
    source.start()
    say(source, count, "paul")
    talk.bridge.start() if away else talk.bridge.go_on()
    talk.at_b.hear_all(7 + count)
    Person(source.address, "george").say("the last")
    assert talk.at_b.hear_all(8 + count)[7:] == \
        [*(("paul@a", f"new {n}") for n in range(count)), ("george@a", "the last")]


def test_what_a_restored_server_has_is_not_carried_again_however_much_it_is(two, tmp_path):
    """More than may wait, before what is new; the other side is away meanwhile."""
    both = two("--one-way", session_timeout="10m")
    source, target = both.servers
    ringo = Author(source.address, "ringo", 1200)
    ringo.run()
    both.at_b.hear_all(1200)
    source.kill()
    copy(source.folder, tmp_path / "backup")
    source.start()
    Person(source.address, "john").say("lost")
    both.at_b.hear_all(1201)
    target.kill()
    Person(source.address, "john2").say("stuck")
    source.kill()
    shutil.rmtree(source.folder)
    copy(tmp_path / "backup", source.folder)
    source.start()
    paul = Person(source.address, "paul")
    wait_for(lambda: "bridge" in paul.names())
    paul.say("new")
    wait_for(lambda: any("lost messages" in report["detail"]
                         for report in both.bridge.of_type("warning")))
    target.start()
    paul.say("the last")
    wait_for(lambda: ("paul@a", "the last") in both.at_b.hear())
    assert both.at_b.said_by("ringo@a") == ringo.texts
    # Whether the bridge had read john2's words when they were lost is chance.
    assert [said for said in both.at_b.heard[1200:] if said != ("john2@a", "stuck")] == \
        [("john@a", "lost"), ("paul@a", "new"), ("paul@a", "the last")]
    assert both.at_b.heard.count(("john2@a", "stuck")) <= 1


def test_history_that_was_never_carried_is_not_carried_from_a_backup(servers, bridge, tmp_path):
    """The bridge began when there was much; nothing was said since."""
    source, target = servers(2)
    say(source, 6)
    at_b = Listener(target.address)
    backup = tmp_path / "backup"
    source.kill()
    copy(source.folder, backup)
    source.start()
    say(source, 2, "john")
    one = bridge(*labelled(source.address, target.address), "--channel", CHANNEL)
    wait_for(lambda: len(one.of_type("bridging")) == 2)
    state = one.state
    wait_for(lambda: any("said 2" in link.read_text() for link in state.glob("link-*")))
    source.kill()
    shutil.rmtree(source.folder)
    copy(backup, source.folder)
    source.start()
    say(source, 1, "paul")
    assert at_b.hear_all(1) == [("paul@a", "new 0")]
    say(source, 1, "george")
    assert at_b.hear_all(2)[1] == ("george@a", "new 0")
