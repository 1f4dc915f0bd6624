"""Forms of the URL, and methods."""

import pytest

from .api import segment, unique


@pytest.mark.parametrize("slash", ["", "/"], ids=["bare", "trailing-slash"])
def test_a_trailing_slash_is_always_allowed(api, channel, slash):
    """A trailing slash is always allowed."""
    key = api.call("PUT", f"/chats/{channel}/join/ringo{slash}")["session"]
    assert api.call("PUT", f"/chats/{channel}/messages{slash}", key, b"hi").status == 200
    assert api.call("GET", f"/chats/{channel}/events{slash}", key).json() == "hi"
    assert api.call("GET", f"/chats/{channel}/directory{slash}", key).json() == ["ringo"]
    assert api.call("PUT", f"/chats/{channel}/leave{slash}", key).status == 200


def test_a_trailing_slash_before_a_query_is_allowed(ringo):
    """A trailing slash is always allowed, also where a query follows."""
    ringo.posted("hi")
    assert ringo.api.call("GET", ringo.path("events/?from=1"), ringo.key).json() == "hi"


def test_segments_are_percent_decoded(api, channel, ringo):
    """Each segment is percent-decoded."""
    escaped = "".join(f"%{byte:02x}" for byte in channel.encode())
    assert api.call("GET", f"/chats/{escaped}/directory", ringo.key).json() == ["ringo"]
    assert api.call("GET", f"/chats/{channel}/%64irectory", ringo.key).json() == ["ringo"]


def test_segments_are_decoded_once(api, channel):
    """... once: what decodes to a percent sign is a bad name, not a second escape."""
    assert api.call("PUT", f"/chats/{channel}/join/%2572ingo").status == 400


def test_the_path_is_split_before_it_is_decoded(api, channel):
    """An escaped slash is part of a name (a bad one), and no separator."""
    assert api.call("PUT", f"/chats/{channel}%2Fx/join/ringo").status == 400


def test_raw_utf8_in_the_path(api, raw):
    """Raw UTF-8 in the path works like its escaped form."""
    channel = unique("océan")
    answer = raw.ask(f"PUT /chats/{channel}/join/zoë HTTP/1.1\r\nHost: here\r\n\r\n".encode())
    assert (answer.status, answer.json()) == (200, ["zoë"])
    escaped = f"/chats/{segment(channel)}/directory"
    assert api.call("GET", escaped, answer["session"]).json() == ["zoë"]


def test_absolute_form(api, raw, channel):
    """Absolute-form targets work."""
    host = "%s:%d" % api.address
    head = f"PUT http://{host}/chats/{channel}/join/ringo HTTP/1.1\r\nHost: {host}\r\n\r\n"
    answer = raw.ask(head.encode())
    assert (answer.status, answer.json()) == (200, ["ringo"])


def test_a_channel_may_be_a_number(api):
    """"http://machine:8000/chats/4/join/ringo": 4 is a name, and a number after it is a
    position."""
    channel = str(int(unique("0")[2:], 16))
    ringo = api.member(channel, "ringo")
    ringo.posted("hi")
    assert ringo.poll(at=1).json() == "hi"


def test_a_user_may_be_a_number(api, channel):
    """Digits are a name."""
    assert api.call("PUT", f"/chats/{channel}/join/83").json() == ["83"]


@pytest.mark.parametrize("verb", ["join", "leave", "events", "directory", "messages"])
def test_a_verb_is_a_name_like_any_other(api, verb):
    """The place in the path says what is a channel, a verb or a user."""
    joined = api.join(verb, unique(verb)[:32])
    assert joined.status == 200
    assert api.call("PUT", f"/chats/{verb}/leave/", joined["session"]).status == 200


def test_an_unknown_query_is_ignored(ringo):
    """What we accept is liberal."""
    assert ringo.api.call("GET", ringo.path("directory?colour=blue&&x"), ringo.key).status == 200


def test_the_root_says_where_to_begin(api):
    """GET / is 200: what this is and where to begin."""
    answer = api.call("GET", "/")
    assert answer.status == 200
    assert b"/chats/" in answer.body


@pytest.mark.parametrize("path", ["/nothing", "/chats/x/nothing", "/chats/x/events/more"])
def test_an_unknown_path_is_404(api, path):
    """Unknown path: 404."""
    answer = api.call("GET", path)
    assert (answer.status, answer.body) == (404, b"false")


WRONG_METHODS = [
    ("GET", "join/ringo", {"PUT"}), ("POST", "join/ringo", {"PUT"}), ("GET", "leave/", {"PUT"}),
    ("PUT", "events", {"GET", "HEAD"}), ("POST", "events", {"GET", "HEAD"}),
    ("PUT", "directory", {"GET", "HEAD"}), ("DELETE", "directory", {"GET", "HEAD"}),
    ("DELETE", "messages", {"PUT", "POST"}), ("PATCH", "messages", {"PUT", "POST"}),
]


@pytest.mark.parametrize("method, verb, right", WRONG_METHODS)
def test_a_wrong_method_is_405_and_says_which_are_right(ringo, method, verb, right):
    """Known path, wrong method: 405 and Allow."""
    answer = ringo.api.call(method, ringo.path(verb), ringo.key)
    assert (answer.status, answer.body) == (405, b"false")
    allowed = {word.strip() for word in answer["Allow"].split(",")}
    assert right <= allowed and method not in allowed


def test_an_unknown_method_is_501(ringo):
    """Unknown method: 501."""
    assert ringo.api.call("BREW", ringo.path("events"), ringo.key).status == 501


OPTIONS = [("join/ringo", {"PUT"}), ("leave/", {"PUT"}), ("events", {"GET", "HEAD"}),
           ("directory", {"GET", "HEAD"}), ("messages", {"PUT", "POST"})]


@pytest.mark.parametrize("verb, methods", OPTIONS)
def test_options_is_204_with_allow(api, raw, channel, verb, methods):
    """OPTIONS: 204 and Allow; no session needed, no body."""
    answer = raw.ask(f"OPTIONS /chats/{channel}/{verb} HTTP/1.1\r\nHost: here\r\n\r\n".encode())
    assert answer.status == 204
    assert methods | {"OPTIONS"} <= {word.strip() for word in answer["allow"].split(",")}
    assert answer["content-length"] is None
    assert raw.is_usable()


def test_head_of_the_directory_has_its_headers_and_no_body(ringo, raw):
    """HEAD is GET without the body."""
    got = ringo.directory()
    head = f"HEAD {ringo.path('directory')} HTTP/1.1\r\nHost: here\r\nsession: {ringo.key}\r\n\r\n"
    answer = raw.ask(head.encode(), "HEAD")
    assert (answer.status, answer["etag"]) == (200, got["ETag"])
    assert raw.is_usable()
