"""Many events in one answer."""

import pytest

from .test_history import MESSAGES, fill
from .test_long_poll import LONG_S, LongPoll
from .waiting import at_once, wait_until

MOST = 1000  # of a batch
MOST_BYTES = 1024 * 1024


def batch(member, query="limit=100", headers=None):
    answer = member.api.call("GET", member.path("events") + f"?{query}", member.key,
                             headers=headers)
    assert answer.status == 200, (answer.status, answer["reason"])
    found = answer.json()
    assert list(found) == ["events", "first", "last", "next"]
    numbers = [event["seqnr"] for event in found["events"] if event["type"] == "MSG"]
    assert (found["first"], found["last"]) == ((numbers[0], numbers[-1]) if numbers
                                               else (None, None))
    assert len(answer.body) <= MOST_BYTES
    return found


def texts(found):
    return [event["body"] for event in found["events"] if event["type"] == "MSG"]


def say(member, count, first=1):
    for n in range(first, first + count):
        member.posted(f"{n}")


def test_the_shape_of_a_batch(channel, ringo):
    """Events as they are in streams; the numbers of the first and the last, and what is next."""
    ringo.posted("hello")
    ringo.posted("again", {"origin": "there.example/walrus/7"})
    sent = [ringo.poll(from_=n)["date-sent"] for n in (1, 2)]
    found = batch(ringo, "limit=10&from=1")
    message = {"type": "MSG", "channel": channel, "source": "ringo"}
    assert found == {"events": [
        {**message, "seqnr": 1, "body": "hello", "time": sent[0]},
        {**message, "seqnr": 2, "body": "again", "time": sent[1],
         "origin": "there.example/walrus/7"}], "first": 1, "last": 2, "next": 3}


def test_a_batch_is_json(ringo):
    ringo.posted("hello")
    answer = ringo.api.call("GET", ringo.path("events") + "?limit=10", ringo.key)
    assert answer["content-type"] == "application/json"
    assert answer["type"] is None and answer["seqnr"] is None


def test_nothing_new_is_a_batch_of_no_events(ringo):
    """200, and next is where the session is."""
    assert batch(ringo) == {"events": [], "first": None, "last": None, "next": 1}
    say(ringo, 3)
    assert batch(ringo)["next"] == 4
    assert batch(ringo) == {"events": [], "first": None, "last": None, "next": 4}


def test_batches_one_after_the_other_give_everything_once(ringo):
    """next is what to ask from= for."""
    say(ringo, 25)
    read, at = [], 1
    while (found := batch(ringo, f"limit=10&from={at}"))["events"]:
        read += texts(found)
        at = found["next"]
    assert read == [f"{n}" for n in range(1, 26)] and at == 26


def test_a_batch_begins_at_the_cursor_and_moves_it(ringo):
    """With from or without, the cursor is at next afterwards, as with a plain poll."""
    say(ringo, 10)
    assert ringo.poll().seqnr == 1
    assert texts(batch(ringo, "limit=3")) == ["2", "3", "4"]
    assert ringo.poll().seqnr == 5
    assert texts(batch(ringo, "limit=2&from=2")) == ["2", "3"]
    assert ringo.poll().seqnr == 4
    assert texts(batch(ringo)) == [f"{n}" for n in range(5, 11)]
    assert ringo.poll().status == 204


def test_a_batch_takes_a_position_in_any_form(ringo):
    """The header seqnr, and the number in the path, once."""
    say(ringo, 4)
    assert batch(ringo, headers={"seqnr": "3"})["first"] == 3
    path = ringo.path("events", at=2) + "?limit=1"
    answers = [ringo.api.call("GET", path, ringo.key).json()["first"] for _ in range(3)]
    assert answers == [2, 3, 4]


def test_a_directory_that_changed_comes_first(api, channel, ringo):
    """Once; and it is not one of the N."""
    say(ringo, 3)
    paul = api.member(channel, "paul")
    found = batch(ringo, "limit=2")
    assert [event["type"] for event in found["events"]] == ["DIR", "MSG", "MSG"]
    assert found["events"][0] == {"type": "DIR", "channel": channel, "seqnr": 0,
                                  "users": ["paul", "ringo"]}
    assert [event["type"] for event in batch(ringo)["events"]] == ["MSG"]
    paul.leave()
    found = batch(ringo)
    assert [event["users"] for event in found["events"]] == [["ringo"]]
    assert (found["first"], found["events"][0]["seqnr"], found["next"]) == (None, 3, 4)
    assert ringo.poll().status == 204


@pytest.mark.parametrize("limit", ["0", "x", "-1", "1.5", "", "9223372036854775808", "1&limit=1"])
def test_a_limit_that_is_none_is_400(api, ringo, limit):
    """A batch has at least one message, if there is one."""
    answer = api.call("GET", ringo.path("events") + f"?limit={limit}", ringo.key)
    assert (answer.status, answer["reason"]) == (400, "bad-number")


def test_more_than_1000_is_1000(ringo):
    fill(ringo)
    for limit in (f"{MOST}", f"{MOST + 1}", "9223372036854775807"):
        found = batch(ringo, f"limit={limit}&from=1")
        assert (found["first"], found["last"], found["next"]) == (1, MOST, MOST + 1)
    assert (found := batch(ringo, f"limit={MOST}"))["last"] == MESSAGES, found["last"]


@pytest.mark.parametrize("text", ["x" * 16384, "\x01" * 16384, "\U0001f433" * 4096, '"' * 16384],
                         ids=["plain", "control", "beyond-ascii", "quotes"])
def test_a_batch_has_at_most_1_mib(ringo, text):
    """Whatever its texts become as JSON; the next one goes on."""
    at_once([lambda: ringo.posted(text)] * 80)
    found = batch(ringo, "limit=100&from=1")
    assert found["events"] and found["next"] == found["last"] + 1
    read = texts(found)
    while (found := batch(ringo))["events"]:
        read += texts(found)
    assert read == [text] * 80


def test_a_batch_has_at_most_1_mib_with_its_directory(api, channel, ringo):
    """Which may be long; what has no room beside it is in the next batch."""
    long = "\U00020000" * 29
    for n in range(300):
        api.member(channel, f"{long}{n:03}")
    text = "x" * 16384
    at_once([lambda: ringo.posted(text)] * 80)
    found = batch(ringo, "limit=100&from=1")
    assert len(found["events"][0]["users"]) == 301
    assert found["next"] == found["last"] + 1
    read = texts(found)
    while (found := batch(ringo))["events"]:
        read += texts(found)
    assert read == [text] * 80


def test_many_small_messages_fill_a_batch(ringo):
    """The bound of bytes does not make batches small."""
    fill(ringo)
    assert len(batch(ringo, f"limit={MOST}&from=1")["events"]) == MOST


def test_what_is_beyond_the_newest_message_is_nothing_yet(ringo):
    say(ringo, 3)
    assert batch(ringo, "limit=10&from=9") == \
        {"events": [], "first": None, "last": None, "next": 9}
    say(ringo, 6, first=4)
    assert texts(batch(ringo)) == ["9"]


def test_what_is_no_longer_kept_is_a_gap(start_server):
    """Before the messages; the directory comes before it."""
    api = start_server(history=1000).api
    ringo = api.member("octopus", "ringo")
    fill(ringo)
    wait_until(lambda: ringo.poll(from_=1)["first-seqnr"])
    api.member("octopus", "paul")
    found = batch(ringo, "limit=10&from=7")
    assert [event["type"] for event in found["events"]] == ["DIR", "GAP"] + ["MSG"] * 10
    gap = found["events"][1]
    assert gap == {"type": "GAP", "channel": "octopus", "seqnr": found["first"] - 1, "from": 7,
                   "first": found["first"]}
    assert 7 < found["first"] <= MESSAGES - 999
    assert found["next"] == found["first"] + 10


def test_a_batch_may_wait(ringo):
    """For something to come; then it is a batch of what there is."""
    waiting = LongPoll(ringo, f"limit=10&wait={LONG_S}")
    ringo.posted("hello")
    answer = waiting.answer()
    assert texts(answer.json()) == ["hello"] and answer.json()["next"] == 2
    ringo.posted("again")
    assert texts(LongPoll(ringo, f"limit=10&wait={LONG_S}", waits=False).answer().json()) \
        == ["again"]


def test_a_batch_that_waited_in_vain_is_empty(ringo):
    """Nothing new is 200 with no events, also when another poll ended the wait."""
    nothing = {"events": [], "first": None, "last": None, "next": 1}
    answer = LongPoll(ringo, "limit=10&wait=1", waits=False).answer()
    assert (answer.status, answer.json()) == (200, nothing)
    waiting = LongPoll(ringo, f"limit=10&wait={LONG_S}")
    assert ringo.poll().status == 204
    answer = waiting.answer()
    assert (answer.status, answer.json()) == (200, nothing)


def test_a_join_ends_the_wait_of_a_batch(api, channel, ringo):
    waiting = LongPoll(ringo, f"limit=10&wait={LONG_S}")
    api.member(channel, "paul")
    events = waiting.answer().json()["events"]
    assert [(event["type"], event["users"]) for event in events] == [("DIR", ["paul", "ringo"])]


def test_a_batch_needs_a_key(api, ringo):
    answer = api.call("GET", ringo.path("events") + "?limit=10")
    assert (answer.status, answer["reason"]) == (401, "no-session")
