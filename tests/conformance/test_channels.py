"""Which channels there may be, and when one is forgotten."""

from .api import unique


def test_a_channel_beyond_the_limit_is_refused_with_false(start_server):
    """"The server may refuse to create the new channel, in which case, it returns the word "false"
    to the client in the message body." The status is 403."""
    api = start_server(max_channels=2).api
    api.member("one", "ringo")
    api.member("two", "ringo")
    refused = api.join("three", "ringo")
    assert (refused.status, refused.body) == (403, b"false")
    assert refused["session"] is None


def test_a_channel_that_exists_is_joined_at_the_limit(start_server):
    """The limit refuses new channels only."""
    api = start_server(max_channels=1).api
    api.member("one", "ringo")
    assert api.join("two", "ringo").status == 403
    assert api.join("one", "paul").status == 200


def test_an_empty_channel_without_messages_frees_the_limit(start_server):
    """A channel without members that never had a message is forgotten, so that junk joins fill no
    limit."""
    api = start_server(max_channels=1).api
    api.member("junk", "ringo").leave()
    assert api.join("two", "ringo").status == 200


def test_an_empty_channel_with_messages_is_kept(start_server):
    """Only a channel that never had a message is forgotten."""
    api = start_server(max_channels=1).api
    ringo = api.member("one", "ringo")
    ringo.posted("kept")
    ringo.leave()
    assert api.join("two", "ringo").status == 403
    assert api.member("one", "ringo").joined.seqnr == 1


def test_a_forgotten_channel_is_unknown(api, channel, ringo):
    """A channel that nobody is in and nobody wrote to does not exist: 404."""
    other = unique()
    api.member(other, "paul").leave()
    assert api.call("GET", f"/chats/{other}/directory", ringo.key).status == 404


def test_an_unknown_channel_is_404(api, ringo):
    """A channel that nobody has joined is unknown: 404."""
    for verb in ("events", "directory"):
        answer = api.call("GET", f"/chats/{unique()}/{verb}", ringo.key)
        assert (answer.status, answer.body) == (404, b"false")
    assert api.call("PUT", f"/chats/{unique()}/messages", ringo.key, b"x").status == 404
    assert api.call("PUT", f"/chats/{unique()}/leave/", ringo.key).status == 404


def test_channels_have_numbers_of_their_own(api, ringo):
    """seqnr counts per channel."""
    elsewhere = api.member(unique(), "ringo")
    assert [ringo.posted("a"), elsewhere.posted("b"), ringo.posted("c")] == [1, 1, 2]
    assert elsewhere.drain() == [(1, "b")]


def test_case_names_the_same_channel(api):
    """NFC and case fold name the same channel."""
    name = unique("octopus")
    ringo = api.member(name, "ringo")
    paul = api.member(name.replace("octopus", "OCTOpus"), "paul")
    assert paul.joined.json() == ["paul", "ringo"]
    paul.posted("same room")
    assert ringo.next_message().json() == "same room"


def test_normal_forms_name_the_same_channel(api):
    """A channel's name composed and decomposed is one name."""
    name = unique("zoë")
    api.member(name, "ringo")
    assert api.member(name.replace("ë", "e\u0308"), "paul").joined.json() == ["paul", "ringo"]


def test_confusable_channels_are_different_channels(api):
    """Channels are compared by NFC and case fold only: width and look do not make two names one."""
    name = unique("octopus")
    api.member(name, "ringo")
    assert api.member("ｏ" + name[1:], "ringo").joined.json() == ["ringo"]
