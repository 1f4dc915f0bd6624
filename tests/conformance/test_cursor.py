"""Where a poll begins: the cursor of a session, and the ways to put it elsewhere."""

import pytest


@pytest.fixture
def five(ringo):
    """The first member of a channel with five messages, all of them read."""
    for number in range(1, 6):
        ringo.posted(f"m{number}")
    ringo.drain()
    return ringo


HEADER, QUERY = "header", "query"


def poll_from(member, number, way):
    if way == HEADER:
        return member.poll(headers={"seqnr": str(number)})
    return member.poll(from_=number)


def test_a_session_starts_after_head(api, channel, five):
    """It starts after HEAD at join (no backlog)."""
    paul = api.member(channel, "paul")
    assert paul.poll().status == 204
    paul.posted("m6")
    assert paul.next_message().seqnr == 6


def test_a_poll_moves_the_cursor_by_one_event(ringo):
    """A poll gives one event, and the next poll the next."""
    for text in "abc":
        ringo.posted(text)
    assert [ringo.poll().json() for _ in range(3)] == ["a", "b", "c"]
    assert ringo.poll().status == 204


@pytest.mark.parametrize("way", [HEADER, QUERY])
def test_a_number_puts_the_cursor_there(five, way):
    """Header seqnr: N or query from=N puts it at N; N is inclusive; plain polls go on from
    there."""
    assert poll_from(five, 3, way).seqnr == 3
    assert [five.poll().seqnr, five.poll().seqnr] == [4, 5]
    assert five.poll().status == 204


@pytest.mark.parametrize("way", [HEADER, QUERY])
def test_the_same_number_gives_the_same_message_again(five, way):
    """... every time: asking for the same N again gives the same message again."""
    for _ in range(3):
        answer = poll_from(five, 3, way)
        assert (answer.seqnr, answer.json()) == (3, "m3")


@pytest.mark.parametrize("way", [HEADER, QUERY])
def test_zero_means_one(five, way):
    """0 means 1."""
    assert poll_from(five, 0, way).seqnr == 1


@pytest.mark.parametrize("way", [HEADER, QUERY])
def test_beyond_head_waits(five, way):
    """Beyond HEAD waits: nothing is given before N is there."""
    assert poll_from(five, 8, way).status == 204
    five.posted("m6")
    assert five.poll().status == 204
    five.posted("m7")
    five.posted("m8")
    assert poll_from(five, 8, way).json() == "m8"


def test_a_plain_poll_goes_on_waiting_beyond_head(five):
    """The cursor stays at N until N is there."""
    five.poll(from_=7)
    five.posted("m6")
    five.posted("m7")
    assert five.poll().json() == "m7"


@pytest.mark.parametrize("number", [6, 2**63 - 1])
def test_far_beyond_head_is_no_error(five, number):
    """Any number waits, however far away."""
    assert five.poll(from_=number).status == 204


WAYS_TO_JOIN = {"header": {"headers": {"seqnr": "3"}}, "query": {"query": "?from=3"},
                "path": {"number": "/3"}}


@pytest.mark.parametrize("how", WAYS_TO_JOIN.values(), ids=WAYS_TO_JOIN.keys())
def test_a_join_may_ask_for_the_backlog(api, channel, five, how):
    """"If you supply an optional sequence number, you receive the backlog of chat messages between
    sequence_num and cur_num." """
    path = f"/chats/{channel}{how.get('number', '')}/join/paul{how.get('query', '')}"
    joined = api.call("PUT", path, headers=how.get("headers"))
    assert joined.seqnr == 5
    polls = [api.call("GET", f"/chats/{channel}/events", joined["session"]) for _ in range(4)]
    assert [poll.json() for poll in polls[:3]] == ["m3", "m4", "m5"]
    assert polls[3].status == 204


def test_a_number_in_the_path_puts_the_cursor_there(five):
    """The number in the path is accepted before a verb and positions a session."""
    assert five.poll(at=2).seqnr == 2
    assert five.poll().seqnr == 3


def test_a_number_in_the_path_counts_once(five):
    """... once: the first time that session uses that N."""
    assert [five.poll(at=2).seqnr for _ in range(4)] == [2, 3, 4, 5]
    assert five.poll(at=2).status == 204


def test_another_number_in_the_path_counts_again(five):
    """The first time that session uses that N, for each N."""
    assert [five.poll(at=4).seqnr, five.poll(at=4).seqnr, five.poll(at=1).seqnr] == [4, 5, 1]
    assert five.poll(at=4).seqnr == 2


def test_a_client_that_builds_every_url_on_its_number_moves_on(api, channel, five):
    """"./wechat ringo my.chat.server/chats/octopus/83": the number may stand in every URL of a
    client."""
    paul = api.member(channel, "paul", at=3)
    directory = api.call("GET", paul.path("directory", at=3), paul.key)
    assert directory.json() == ["paul", "ringo"]
    assert paul.post("m6", at=3).seqnr == 6
    assert [paul.poll(at=3).json() for _ in range(4)] == ["m3", "m4", "m5", "m6"]
    assert paul.poll(at=3).status == 204
    assert api.call("PUT", paul.path("leave/", at=3), paul.key).body == b"true"


def test_the_number_of_the_join_has_been_used(api, channel, five):
    """... once: at join. The same number in a later path does not go back."""
    paul = api.member(channel, "paul", at=3)
    assert paul.poll().seqnr == 3
    assert paul.poll(at=3).seqnr == 4


def test_a_number_before_another_verb_positions_too(five):
    """/N/ is accepted before any verb and positions a session once."""
    five.api.call("GET", five.path("directory", at=2), five.key)
    assert five.poll(at=2).seqnr == 2
    assert five.poll(at=2).seqnr == 3


def test_zero_in_the_path_is_the_whole_backlog(api, channel, five):
    """0 means 1, in the path too."""
    paul = api.member(channel, "paul", at=0)
    assert [paul.poll(at=0).seqnr for _ in range(5)] == [1, 2, 3, 4, 5]


def test_zero_at_join_misses_nothing(api, channel, five):
    """0 means 1: nothing older was asked for, so none is said to be gone."""
    for user, more in (("paul", {"at": 0}), ("john", {"headers": {"seqnr": "0"}})):
        assert api.member(channel, user, **more).next_message()["first-seqnr"] is None


def test_a_directory_event_does_not_move_the_cursor(api, channel, five):
    """A directory event is no message: the number asked for is still to come."""
    api.member(channel, "paul")
    assert five.poll(from_=2).is_directory
    assert five.poll().seqnr == 2


def test_one_sessions_position_is_not_anothers(api, channel, five):
    """Each session has a cursor of its own."""
    paul = api.member(channel, "paul")
    five.poll()
    assert five.poll(from_=1).seqnr == 1
    assert paul.poll().status == 204


BAD_NUMBERS = ["x", "-1", "1.5", "0x10", "1e3", "18446744073709551616", "9" * 40, "1;2"]


@pytest.mark.parametrize("way", [HEADER, QUERY])
@pytest.mark.parametrize("number", BAD_NUMBERS)
def test_what_is_no_number_is_400(five, number, way):
    """seqnr and from not a number, negative, overflow, on events: 400."""
    answer = poll_from(five, number, way)
    assert (answer.status, answer.body) == (400, b"false")


@pytest.mark.parametrize("parameter", ["limit", "wait"])
@pytest.mark.parametrize("number", ["x", "-1", "0x10", "9" * 40])
def test_bad_limit_and_wait_are_400(five, parameter, number):
    """limit and wait not a number, negative, overflow, on events: 400."""
    path = five.path(f"events?{parameter}={number}")
    assert five.api.call("GET", path, five.key).status == 400


def test_a_refused_position_moves_nothing(five):
    """A poll that was refused did nothing."""
    five.posted("m6")
    five.poll(from_="x")
    assert five.poll().seqnr == 6


@pytest.mark.parametrize("verb", ["directory", "leave/"])
def test_numbers_elsewhere_are_ignored(five, verb):
    """... on events; ignored elsewhere."""
    method = "PUT" if verb == "leave/" else "GET"
    path = five.path(verb) + "?from=x&limit=-1&wait=y"
    answer = five.api.call(method, path, five.key, headers={"seqnr": "not a number"})
    assert answer.status == 200
