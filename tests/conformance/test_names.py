"""Which names are allowed, and which are the same."""

import pytest

from .api import unique

ZOE_COMPOSED = "Zo\u00eb"
ZOE_DECOMPOSED = "Zoe\u0308"

ALLOWED = [
    "ringo", "Ringo", "83", "a", "x" * 32, "user_1", "first.last", "a-b", "me@home", "~me", "...",
    ZOE_COMPOSED, "Åse", "Юлия", "אסתר", "ليلى", "李小龍", "ひろし", "नेहा", "๓",
]

FORBIDDEN_SEGMENTS = {
    "slash": "a%2Fb", "nul": "a%00b", "crlf": "a%0D%0Ab", "cr": "a%0D", "lf": "%0Ab",
    "control": "a%07b", "c1-control": "a%C2%85b", "delete": "a%7Fb",
    "bidi-override": "a%E2%80%AEb", "bidi-mark": "a%E2%80%8Fb", "bidi-isolate": "a%E2%81%A6b",
    "zero-width-space": "a%E2%80%8Bb", "zero-width-joiner": "a%E2%80%8Db", "bom": "a%EF%BB%BFb",
    "space": "a%20b", "tab": "a%09b", "no-break-space": "a%C2%A0b", "wide-space": "a%E3%80%80b",
    "line-separator": "a%E2%80%A8b", "comma": "a,b", "escaped-comma": "a%2Cb",
    "escaped-percent": "a%25b", "decoded-twice": "a%252Fb",
    "lone-percent": "a%b", "percent-at-end": "ab%", "percent-and-no-hex": "a%G1",
    "overlong": "a%C0%AFb", "overlong-nul": "a%C0%80b", "surrogate": "a%ED%A0%80b",
    "beyond-unicode": "a%F4%90%80%80", "cut-short": "a%C3", "lone-continuation": "a%80b",
    "dot": ".", "dot-dot": "..", "escaped-dots": "%2E%2E",
    "quote": "a%22b", "plus": "a+b", "exclamation": "a!b", "emoji": "a%F0%9F%98%80",
}

# what is held, and what then is the same name
SAME_USER = {
    "case": ("ringo", "RINGO"),
    "case-beyond-ascii": (ZOE_COMPOSED, ZOE_COMPOSED.upper()),
    "sharp-s": ("straße", "STRASSE"),
    "normal-form": (ZOE_DECOMPOSED, ZOE_COMPOSED),
    "width": ("ringo", "ｒｉｎｇｏ"),
    "confusable": ("ringo", "r\u0456ngo"),
    "confusable-held": ("r\u0456ngo", "ringo"),
    "confusable-and-case": ("paypal", "P\u0430YPAL"),
}


@pytest.mark.parametrize("user", ALLOWED)
def test_letters_marks_digits_and_a_few_signs_are_names(api, channel, user):
    """Users: letters, marks, digits and _ - . @ ~, 1 to 32 code points, in any script."""
    assert api.member(channel, user).joined.json() == [user]


@pytest.mark.parametrize("path", FORBIDDEN_SEGMENTS.values(), ids=FORBIDDEN_SEGMENTS.keys())
def test_bad_user_name_is_400(api, channel, path):
    """No whitespace, comma, %, control, bidi, zero-width; not . or ..; nothing that is no UTF-8:
    400."""
    answer = api.call("PUT", f"/chats/{channel}/join/{path}")
    assert (answer.status, answer.body, answer["reason"]) == (400, b"false", "bad-name")


@pytest.mark.parametrize("path", FORBIDDEN_SEGMENTS.values(), ids=FORBIDDEN_SEGMENTS.keys())
def test_bad_channel_name_is_400(api, path):
    """Channels: the same characters."""
    answer = api.call("PUT", f"/chats/{path}/join/ringo")
    assert (answer.status, answer.body, answer["reason"]) == (400, b"false", "bad-name")


def test_user_name_has_at_most_32_code_points(api, channel):
    """Code points are counted, not bytes."""
    assert api.join(channel, "x" * 33).status == 400
    assert api.join(channel, "ü" * 33).status == 400
    assert api.join(channel, "ü" * 32).status == 200


def test_code_points_are_counted_after_composition(api, channel):
    """1 to 32 code points, in NFC."""
    assert api.member(channel, "e\u0308" * 32).joined.json() == ["ë" * 32]


def test_channel_name_has_at_most_64_code_points(api):
    """Channels: 1 to 64."""
    name = unique("ü" * 64)[-64:]
    assert api.join(name, "ringo").status == 200
    assert api.join(name + "x", "ringo").status == 400


def test_empty_name_is_400(api, channel):
    """An empty name is no name."""
    assert api.call("PUT", "/chats//join/ringo").status == 400
    assert api.call("PUT", f"/chats/{channel}/join//").status == 400
    assert api.call("PUT", f"/chats/{channel}/join/").status in (400, 404)  # or no such path


@pytest.mark.parametrize("held, asked", SAME_USER.values(), ids=SAME_USER.keys())
def test_names_that_look_the_same_are_409_while_held(api, channel, held, asked):
    """Unique by case fold and NFKC, and where either name is not ASCII also by confusable
    skeleton."""
    holder = api.member(channel, held)
    answer = api.join(channel, asked)
    assert (answer.status, answer["reason"]) == (409, "name-taken")
    holder.leave()
    assert api.join(channel, asked).status == 200


def test_ascii_names_that_look_alike_are_two_names(api, channel):
    """user1 is not userl: confusables count only where a name is not ASCII."""
    api.member(channel, "user1")
    assert api.member(channel, "userl").joined.json() == ["user1", "userl"]


def test_similar_names_in_two_channels_are_no_matter(api, channel):
    """A name is unique in its channel."""
    api.member(channel, "ringo")
    assert api.join(unique(), "Ringo").status == 200


def test_directory_shows_names_as_given_but_composed(api, channel):
    """Names are UTF-8, NFC; case stays as it was given."""
    api.member(channel, "Ringo")
    zoe = api.member(channel, ZOE_DECOMPOSED)
    assert zoe.joined.json() == ["Ringo", ZOE_COMPOSED]
