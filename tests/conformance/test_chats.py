"""GET /chats and GET /chats/{channel}: what channels there are, for anybody."""

import pytest

from .api import segment, unique


def listed(api, channel):
    """What the list says of a channel, or None."""
    rows = api.call("GET", "/chats").json()["channels"]
    found = [row for row in rows if row["channel"] == channel]
    assert len(found) <= 1
    return found[0] if found else None


def test_the_list_needs_no_session_and_says_who_is_where(api, channel, ringo):
    """{"channel", "users", "first", "head"} of each channel."""
    api.member(channel, "paul")
    ringo.posted("hello")
    assert listed(api, channel) == {"channel": channel, "users": 2, "first": 1, "head": 1}


def test_the_list_is_sorted_by_name(start_server):
    """... by the bytes of the names' UTF-8."""
    api = start_server().api
    for name in ("walrus", "b", "żółw", "a", "Zebra", "83"):
        api.member(name, "ringo")
    names = [row["channel"] for row in api.call("GET", "/chats").json()["channels"]]
    assert names == sorted(names, key=str.encode) == ["83", "Zebra", "a", "b", "walrus", "żółw"]


def test_a_server_without_channels_has_an_empty_list(start_server):
    answer = start_server().api.call("GET", "/chats")
    assert (answer.status, answer.json()) == (200, {"channels": []})


@pytest.mark.parametrize("slash", ["", "/"], ids=["bare", "trailing-slash"])
def test_one_channel_is_what_the_list_has_of_it(api, channel, ringo, slash):
    ringo.posted("hello")
    assert api.call("GET", f"/chats/{channel}{slash}").json() == listed(api, channel)
    assert api.call("GET", f"/chats{slash}").status == 200


def test_a_channel_is_found_by_any_form_of_its_name(api):
    """... and shown under the name that it was made with."""
    channel = unique("Żółw")
    api.member(channel, "ringo")
    answer = api.call("GET", f"/chats/{segment(channel.lower())}/")
    assert answer.json()["channel"] == channel


def test_a_channel_may_be_a_number_there_too(api):
    """/chats/8 is the channel 8, for only before a verb a number is a position."""
    channel = str(int(unique("0")[2:], 16))
    api.member(channel, "ringo")
    assert api.call("GET", f"/chats/{channel}").json()["channel"] == channel
    assert api.call("GET", f"/chats/{channel}/83").status == 404


def test_a_channel_that_is_not_there_is_404(api):
    answer = api.call("GET", f"/chats/{unique()}")
    assert (answer.status, answer["reason"]) == (404, "no-channel")


def test_a_bad_name_is_400(api):
    assert api.call("GET", "/chats/a%20b").status == 400
    assert api.call("GET", "/chats//").status == 400


def test_a_channel_in_which_nothing_was_said_goes_with_its_last_member(api, channel, ringo):
    ringo.leave()
    assert listed(api, channel) is None
    assert api.call("GET", f"/chats/{channel}").status == 404


def test_a_channel_in_which_something_was_said_stays(api, channel, ringo):
    ringo.posted("hello")
    ringo.leave()
    assert listed(api, channel) == {"channel": channel, "users": 0, "first": 1, "head": 1}


@pytest.mark.parametrize("path", ["/chats", "/chats/octopus"])
def test_what_is_unchanged_is_304_and_what_is_changed_is_sent(start_server, path):
    """ETag and If-None-Match; time alone changes nothing."""
    api = start_server().api
    ringo = api.member("octopus", "ringo")
    tag = api.call("GET", path)["ETag"]
    again = api.call("GET", path, headers={"If-None-Match": f'"other", {tag}'})
    assert (again.status, again.body, again["ETag"]) == (304, b"", tag)
    for change in (lambda: ringo.posted("x"), lambda: api.member("octopus", "paul")):
        change()
        answer = api.call("GET", path, headers={"If-None-Match": tag})
        assert answer.status == 200 and answer["ETag"] != tag
        tag = answer["ETag"]


@pytest.mark.parametrize("path", ["/chats", "/chats/octopus"])
def test_head_has_the_headers_of_get_and_no_body(start_server, path):
    api = start_server().api
    api.member("octopus", "ringo")
    got, head = api.call("GET", path), api.call("HEAD", path)
    assert (head.status, head.body) == (200, b"")
    assert (head["ETag"], head["Content-Length"]) == (got["ETag"], got["Content-Length"])


@pytest.mark.parametrize("path", ["/chats", "/chats/octopus", "/openapi.json"])
def test_other_methods_are_405(api, path):
    answer = api.call("PUT", path, body=b"")
    assert (answer.status, answer["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert api.call("OPTIONS", path)["Allow"] == "GET, HEAD, OPTIONS"


def test_where_the_list_is_not_public_it_and_each_channel_are_403(start_server):
    """... a channel that is not there too, so that nobody can try names."""
    api = start_server(public_list="false").api
    api.member("octopus", "ringo")
    for path in ("/chats", "/chats/octopus", "/chats/walrus"):
        answer = api.call("GET", path)
        assert (answer.status, answer.body, answer["reason"]) == (403, b"false", "not-public")
