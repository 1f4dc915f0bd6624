"""A line an event: what is its own. What holds for every stream is in test_streams.py."""

import json

from .event_stream import NDJSON, EventStream, events_request


def test_the_answer_of_a_stream_of_lines(ringo):
    """It has no length, ends with the connection, and tells proxies not to gather it."""
    with EventStream(ringo, NDJSON) as stream:
        answer = stream.answer
        assert (answer.status, answer["content-type"]) == (200, "application/x-ndjson")
        assert answer["x-accel-buffering"] == "no"
        assert answer["connection"].lower() == "close"
        assert answer["content-length"] is None and answer["transfer-encoding"] is None


def test_the_bytes_of_lines(raw, channel, ringo):
    """Nothing but events: the first line is the directory."""
    raw.send(events_request(ringo, NDJSON))
    raw.read_head()
    ringo.posted("hello")
    assert raw.read_line().decode() == \
        f'{{"type":"DIR","channel":"{channel}","seqnr":0,"users":["ringo"]}}'
    line = raw.read_line().decode()
    assert line.startswith(f'{{"type":"MSG","channel":"{channel}","seqnr":1,"source":"ringo",'
                           '"body":"hello","time":"') and line.endswith('Z"}')


def test_no_text_ends_a_line(raw, ringo):
    """A line is an event, whatever was said."""
    raw.send(events_request(ringo, NDJSON))
    raw.read_head()
    raw.read_line()
    for text in ("\n", "\r\n\r\n", "a\u2028b\u2029c\x85d", "\x0b\x0c\x1e"):
        ringo.posted(text)
        assert json.loads(raw.read_line())["body"] == text


def test_the_end_is_the_last_line(raw, ringo):
    raw.send(events_request(ringo, NDJSON))
    raw.read_head()
    raw.read_line()
    ringo.leave()
    lines = [json.loads(raw.read_line())]
    while lines[-1]["type"] != "END":
        lines.append(json.loads(raw.read_line()))
    assert raw.is_closed_by_server()
