"""What all answers have in common, those of success and those of failure."""

import re

import pytest

from .api import unique

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def answers_of_success(api):
    ringo = api.member(unique(), "ringo")
    directory = ringo.directory()
    posted = ringo.post("hello")
    event, empty = ringo.poll(), ringo.poll()
    unchanged = ringo.directory({"If-None-Match": directory["ETag"]})
    options = api.call("OPTIONS", ringo.path("events"))
    root = api.call("GET", "/")
    return {"join": ringo.joined, "directory": directory, "message": posted, "event": event,
            "empty": empty, "unchanged": unchanged, "options": options, "root": root,
            "leave": ringo.leave()}


# name: status, then what to ask, of a member ringo
FAILURES = {
    "no-path": (404, lambda m, h: m.api.call("GET", "/nothing", headers=h)),
    "no-channel": (404, lambda m, h: m.api.call("GET", f"/chats/{unique()}/events", m.key,
                                                headers=h)),
    "method": (405, lambda m, h: m.api.call("DELETE", m.path("events"), m.key, headers=h)),
    "unknown-method": (501, lambda m, h: m.api.call("BREW", m.path("events"), m.key, headers=h)),
    "bad-name": (400, lambda m, h: m.api.call("PUT", "/chats/x/join/a%20b", headers=h)),
    "bad-number": (400, lambda m, h: m.poll(from_="x", headers=h)),
    "no-session": (401, lambda m, h: m.api.call("GET", m.path("events"), headers=h)),
    "foreign-source": (403, lambda m, h: m.post("x", {"source": "paul", **h})),
    "name-taken": (409, lambda m, h: m.api.join(m.channel, "ringo", headers=h)),
    "no-length": (411, lambda m, h: m.api.call("PUT", m.path("messages"), m.key, headers=h)),
    "too-large": (413, lambda m, h: m.post("x" * 17000, h)),
    "media": (415, lambda m, h: m.post("x", {"Content-Encoding": "gzip", **h})),
    "expectation": (417, lambda m, h: m.directory({"Expect": "tea", **h})),
    "empty-text": (400, lambda m, h: m.post("", h)),
}

by_failure = pytest.mark.parametrize("status, ask", FAILURES.values(), ids=FAILURES.keys())


def assert_common_headers(answer):
    assert answer["yallchat"] == "1"
    assert answer["Cache-Control"] == "no-store"
    assert "accept" in [word.strip().lower() for word in answer["Vary"].split(",")]


def test_every_answer_of_success_has_the_common_headers(api):
    """Every answer carries yallchat: 1, Cache-Control: no-store and Vary: Accept."""
    for answer in answers_of_success(api).values():
        assert_common_headers(answer)


@by_failure
def test_every_failure_has_the_common_headers(ringo, status, ask):
    """Every answer carries yallchat: 1, Cache-Control: no-store and Vary: Accept."""
    assert_common_headers(ask(ringo, {}))


def test_every_body_is_json(api):
    """Every body from the server is JSON."""
    answers = answers_of_success(api)
    for name in ("join", "directory", "message", "event", "leave"):
        assert answers[name]["Content-Type"].split(";")[0] == "application/json"
        answers[name].json()


def test_204_and_304_have_no_body_nor_its_length(api):
    """204: nothing new, and nothing in it."""
    answers = answers_of_success(api)
    assert [answers[name].status for name in ("empty", "unchanged", "options")] == [204, 304, 204]
    for name in ("empty", "options"):
        assert answers[name]["Content-Length"] is None
        assert answers[name]["Content-Type"] is None


@by_failure
def test_a_failed_call_says_false_and_why(ringo, status, ask):
    """A failed call has body false and a header reason with a slug."""
    answer = ask(ringo, {})
    assert (answer.status, answer.body) == (status, b"false")
    assert SLUG.fullmatch(answer["reason"])


@by_failure
def test_a_failed_call_is_an_rfc_9457_problem_for_who_asks(ringo, status, ask):
    """With Accept: application/problem+json an RFC 9457 body instead."""
    answer = ask(ringo, {"Accept": "application/problem+json"})
    assert answer.status == status
    assert answer["Content-Type"].split(";")[0] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["title"] and problem["type"]


@pytest.mark.parametrize("accept", ["*/*", "application/json", "text/html, */*;q=0.8"])
def test_other_accepts_get_the_base_form(api, channel, ringo, accept):
    """Many libraries send an Accept by themselves; they get what the original has."""
    ringo.posted("hello")
    assert ringo.poll(headers={"Accept": accept}).json() == "hello"
    assert api.join(channel, "ringo", headers={"Accept": accept}).body == b"false"


@pytest.mark.parametrize("line_end", ["%0D%0A", "%0A", "%0D", "%E5%98%8A%E5%98%8D", "%00"])
def test_nothing_of_a_request_becomes_a_header(api, channel, line_end):
    """No CR, LF or NUL ever reaches a header."""
    answer = api.call("PUT", f"/chats/{channel}/join/a{line_end}forged:{line_end}b")
    assert answer.status == 400
    assert "forged" not in str(answer.headers)


def test_success_is_not_changed_by_accepting_problems(ringo):
    """Accept: application/problem+json speaks of failures only."""
    assert ringo.post("hello", {"Accept": "application/problem+json"}).body == b"true"
    assert ringo.poll(headers={"Accept": "application/problem+json"}).json() == "hello"
