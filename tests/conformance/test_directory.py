"""The directory, and the events that tell of its changes."""


def test_directory_is_a_sorted_json_array(api, channel, ringo):
    """"Directory getDirectoryForChat", "... the list of the usernames": a JSON array of names,
    sorted."""
    for user in ("paul", "john", "george"):
        api.member(channel, user)
    answer = ringo.directory()
    assert (answer.status, answer["type"]) == (200, "DIR")
    assert answer.json() == ["george", "john", "paul", "ringo"]


def test_directory_beyond_ascii(api, channel, ringo):
    """The names in the body are the names themselves, not escaped as in a header."""
    api.member(channel, "李小龍")
    assert ringo.directory().json() == ["ringo", "李小龍"]


def test_directory_needs_a_session(api, channel, ringo):
    """"For all subsequent communication, the client must set the "session" header"."""
    assert api.call("GET", f"/chats/{channel}/directory").status == 401


def test_an_unchanged_directory_is_304(ringo):
    """The directory has an ETag; If-None-Match with it is 304 without a body."""
    tag = ringo.directory()["ETag"]
    assert tag
    answer = ringo.directory({"If-None-Match": tag})
    assert (answer.status, answer.body) == (304, b"")
    assert answer["ETag"] == tag


def test_a_304_leaves_the_connection_usable(raw, ringo):
    """A 304 ends with its header."""
    head = (f"GET {ringo.path('directory')} HTTP/1.1\r\nHost: here\r\nsession: {ringo.key}\r\n"
            f"If-None-Match: {ringo.directory()['ETag']}\r\n\r\n")
    assert raw.ask(head.encode()).status == 304
    assert raw.is_usable()


def test_a_changed_directory_is_sent_again(api, channel, ringo):
    """After a change the old ETag no longer matches."""
    tag = ringo.directory()["ETag"]
    api.member(channel, "paul")
    answer = ringo.directory({"If-None-Match": tag})
    assert (answer.status, answer.json()) == (200, ["paul", "ringo"])
    assert answer["ETag"] != tag


def test_one_of_several_etags_is_enough(ringo):
    """If-None-Match is a list."""
    tag = ringo.directory()["ETag"]
    assert ringo.directory({"If-None-Match": f'"other", {tag}'}).status == 304
    assert ringo.directory({"If-None-Match": '"other"'}).status == 200


def test_a_join_is_an_event_for_the_others(api, channel, ringo):
    """"Directory::Event: type: DIR": getEventForChat also gives updated Directory objects."""
    api.member(channel, "paul")
    event = ringo.poll()
    assert (event.status, event["type"]) == (200, "DIR")
    assert event.json() == ["paul", "ringo"]


def test_a_leave_is_an_event_for_the_others(api, channel, ringo):
    """A leave changes the directory too."""
    paul = api.member(channel, "paul")
    ringo.poll()
    paul.leave()
    assert ringo.poll().json() == ["ringo"]


def test_a_directory_event_comes_once(api, channel, ringo):
    """A session gets one when the directory is newer than what it has seen."""
    api.member(channel, "paul")
    assert ringo.poll().is_directory
    assert ringo.poll().status == 204


def test_a_directory_event_comes_before_further_messages(api, channel, ringo):
    """A session gets one, before further messages."""
    ringo.posted("one")
    paul = api.member(channel, "paul")
    paul.posted("two")
    assert ringo.poll().is_directory
    assert [ringo.poll().json(), ringo.poll().json()] == ["one", "two"]


def test_a_directory_event_comes_between_messages(api, channel, ringo):
    """... before further messages, also when some are waiting, and none is lost by it."""
    for text in ("one", "two"):
        ringo.posted(text)
    assert ringo.poll().json() == "one"
    api.member(channel, "paul")
    assert ringo.poll().is_directory
    assert ringo.poll().json() == "two"


def test_several_changes_are_one_event(api, channel, ringo):
    """Several changes between two polls are one event with the newest directory."""
    api.member(channel, "paul")
    api.member(channel, "john").leave()
    api.member(channel, "george")
    event = ringo.poll()
    assert event.is_directory
    assert event.json() == ["george", "paul", "ringo"]
    assert ringo.poll().status == 204


def test_the_joins_answer_counts_as_seen(api, channel, ringo):
    """The join's answer counts as seen: no event for one's own join."""
    paul = api.member(channel, "paul")
    assert paul.poll().status == 204


def test_get_directory_counts_as_seen(api, channel, ringo):
    """GET directory counts as seen."""
    api.member(channel, "paul")
    assert ringo.directory().json() == ["paul", "ringo"]
    assert ringo.poll().status == 204


def test_seeing_is_each_sessions_own(api, channel, ringo):
    """What one session has seen, another has not."""
    john = api.member(channel, "john")
    api.member(channel, "paul")
    ringo.directory()
    assert ringo.poll().status == 204
    assert john.poll().is_directory
