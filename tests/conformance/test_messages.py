"""What may be put as a message, and what comes out of it."""

import json

import pytest

TEXTS = {
    "plain": "hello",
    "quotes": 'say "hi" \\ \'there\'',
    "lines": "one\ntwo\r\nthree\ttab",
    "looks-like-json": '{"body": "no"}',
    "looks-like-a-form": "a=b%20c+d&e",
    "emoji": "\U0001f469\u200d\U0001f680 \U0001f419",
    "bidi-and-combining": "\u202eabc\u202c e\u0301",
    "line-separators": "a\u2028b\u2029c",
    "controls": "a\x01b\x1b[31mc\x7f",
    "markup": "<script>alert(1)</script>",
    "spaces-around": "  kept  ",
}

AS_TEXT = {"text": "text/plain", "charset": "text/plain; charset=utf-8",
           "form": "application/x-www-form-urlencoded", "bytes": "application/octet-stream",
           "unknown": "chat/octopus"}


def test_put_message_answers_true(ringo):
    """"bool putMessageForChat: PUT http://machine:8000/chats/[channel]/messages" """
    answer = ringo.post("hello")
    assert (answer.status, answer.body) == (200, b"true")


def test_the_answer_tells_the_seqnr_given(ringo):
    """The answer's seqnr is the number the message was given."""
    assert [ringo.post(text).seqnr for text in "abc"] == [1, 2, 3]


def test_a_message_may_be_posted_by_post(ringo):
    """POST does what PUT does."""
    answer = ringo.post("hello", method="POST")
    assert (answer.status, answer.body, answer.seqnr) == (200, b"true", 1)
    assert ringo.next_message().json() == "hello"


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_text_comes_back_as_it_was_put(ringo, text):
    """"All message body data originating from the server is JSON-encoded": a JSON string with the
    text."""
    ringo.posted(text)
    event = ringo.next_message()
    assert event["Content-Type"].split(";")[0] == "application/json"
    assert event.json() == text


@pytest.mark.parametrize("media", AS_TEXT.values(), ids=AS_TEXT.keys())
def test_the_body_is_the_text_whatever_the_content_type(ringo, media):
    """The text itself, UTF-8, whatever the Content-Type; a form is not decoded."""
    ringo.posted('"a=b%20c+d"', {"Content-Type": media})
    assert ringo.next_message().json() == '"a=b%20c+d"'


JSON_BODIES = {
    "string": ('"hé\\n\\u00eb"', "hé\në"),
    "surrogate-pair": ('"\\ud83d\\ude00"', "\U0001f600"),
    "object": ('{"body": "hi"}', "hi"),
    "object-with-more": ('{"type": "MSG", "body": "hi", "tags": [["a"], {}]}', "hi"),
    "spaces": (' \n"hi" ', "hi"),
}


@pytest.mark.parametrize("body, text", JSON_BODIES.values(), ids=JSON_BODIES.keys())
@pytest.mark.parametrize("media", ["application/json", "Application/JSON; charset=utf-8"])
def test_json_is_parsed(ringo, media, body, text):
    """Only application/json is parsed: a string, or an object's body."""
    ringo.posted(body, {"Content-Type": media})
    assert ringo.next_message().json() == text


BAD_JSON = {
    "not-json": "hello", "cut-short": '"hel', "two-values": '"a" "b"', "empty": "",
    "number": "7", "array": '["hi"]', "null": "null", "object-without-body": '{"text": "hi"}',
    "body-no-string": '{"body": 7}', "empty-text": '""', "empty-body": '{"body": ""}',
    "nul": '"a\\u0000b"', "lone-surrogate": '"\\ud800"', "raw-newline": '"a\nb"',
    "too-deep": '{"body": "hi", "more": ' + "[" * 9 + "]" * 9 + "}",
    "very-deep": "[" * 5000 + "]" * 5000,
}


@pytest.mark.parametrize("body", BAD_JSON.values(), ids=BAD_JSON.keys())
def test_bad_json_is_400_and_no_message(ringo, body):
    """JSON bad or deeper than 8: 400."""
    answer = ringo.post(body, {"Content-Type": "application/json"})
    assert (answer.status, answer.body) == (400, b"false")
    assert ringo.posted("next") == 1


def test_json_8_deep_is_not_too_deep(ringo):
    """Deeper than 8 is refused, 8 is not."""
    body = json.dumps({"body": "hi", "more": [[[[[[[]]]]]]]})
    assert ringo.posted(body, {"Content-Type": "application/json"}) == 1


BAD_TEXTS = {"empty": b"", "nul": b"a\x00b", "invalid-utf8": b"a\xffb", "latin-1": b"caf\xe9",
             "overlong": b"\xc0\xaf", "surrogate": b"\xed\xa0\x80", "cut-short": b"a\xe2\x82"}


@pytest.mark.parametrize("text", BAD_TEXTS.values(), ids=BAD_TEXTS.keys())
def test_bad_text_is_400_and_no_message(ringo, text):
    """Invalid UTF-8, NUL or empty text: 400."""
    answer = ringo.post(text)
    assert (answer.status, answer.body) == (400, b"false")
    assert ringo.posted("next") == 1


UNSUPPORTED = {
    "gzip": {"Content-Encoding": "gzip"},
    "form-data": {"Content-Type": "multipart/form-data; boundary=x"},
    "mixed": {"Content-Type": "multipart/mixed; boundary=x"},
}


@pytest.mark.parametrize("headers", UNSUPPORTED.values(), ids=UNSUPPORTED.keys())
def test_encoded_or_multipart_is_415(ringo, headers):
    """Content-Encoding, multipart: 415."""
    answer = ringo.post("hello", headers)
    assert (answer.status, answer.body) == (415, b"false")
    assert ringo.posted("next") == 1


def test_a_message_of_the_greatest_size_is_taken(ringo):
    """A body may have max_message bytes, 16 KiB by default."""
    text = "x" * 16 * 1024
    ringo.posted(text)
    assert ringo.next_message().json() == text


def test_a_message_over_the_greatest_size_is_413(ringo):
    """A body over max_message: 413."""
    answer = ringo.post("x" * (16 * 1024 + 1))
    assert (answer.status, answer.body) == (413, b"false")
    assert ringo.posted("next") == 1


def test_the_greatest_size_is_a_setting(start_server):
    """Every limit is a setting."""
    ringo = start_server(limits={"max_message": 100}).api.member("octopus", "ringo")
    assert ringo.post("x" * 101).status == 413
    assert ringo.post("x" * 100).status == 200


@pytest.mark.parametrize("seqnr", ["83", "0", "-1", "x", "99999999999999999999999"])
def test_a_clients_seqnr_is_ignored(ringo, seqnr):
    """"seqnr: the server ignores this if originating from client"; it is not even parsed."""
    assert ringo.posted("hello", {"seqnr": seqnr}) == 1
    assert ringo.posted("again", {"seqnr": seqnr}) == 2


def test_the_source_may_be_the_sessions_user(ringo):
    """"[header field] source: <username>" of a Message object, sent by its user."""
    assert ringo.posted("hello", {"source": "ringo", "type": "MSG"}) == 1


def test_a_source_beyond_ascii_is_percent_encoded(api, channel):
    """A non-ASCII name is percent-encoded in a header, from the client as from the server."""
    zoe = api.member(channel, "zoë")
    assert zoe.posted("hello", {"source": "zo%C3%AB"}) == 1


def test_a_foreign_source_is_403(api, channel, ringo):
    """"... only the client that offers the correct key may operate as that username": 403."""
    api.member(channel, "paul")
    for source in ("paul", "nobody"):
        answer = ringo.post("forged", {"source": source})
        assert (answer.status, answer.body) == (403, b"false")
    assert ringo.posted("next") == 1
