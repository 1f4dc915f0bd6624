"""GET /chats/{channel}/messages?q=: full-text search (docs/streams.md, "Search")."""

from urllib.parse import quote

import pytest

from .api import unique
from .waiting import wait_until


def find(member, words, more=""):
    return member.api.call("GET", f"{member.path('messages')}?q={quote(words)}{more}", member.key)


def found(member, words, more=""):
    answer = find(member, words, more)
    assert answer.status == 200, answer["reason"]
    return answer.json()


def bodies(member, words, more=""):
    return [event["body"] for event in found(member, words, more)["events"]]


def say(member, *texts):
    """And waits until the search knows of the last of them."""
    for text in texts:
        last = int(member.posted(text))
    wait_until(lambda: found(member, "x")["indexed-to"] >= last)


def test_an_event_with_its_hits(ringo):
    say(ringo, "who is the drummer?")
    answer = found(ringo, "drummer")
    event, = answer["events"]
    del event["time"]
    assert event == {"type": "MSG", "channel": ringo.channel, "seqnr": 1, "source": "ringo",
                     "body": "who is the drummer?", "hits": [[11, 18]]}
    assert answer == {"events": [event], "indexed-to": 1, "next": None}


def test_newest_first(ringo):
    say(ringo, "one fish", "two fish", "no such thing", "red fish")
    assert bodies(ringo, "fish") == ["red fish", "two fish", "one fish"]


def test_all_words_must_be_there_as_parts_of_words(ringo):
    say(ringo, "the drummer sings", "the singer drums", "a drum")
    assert bodies(ringo, "drum sing") == ["the singer drums", "the drummer sings"]


def test_quotes_keep_words_together(ringo):
    say(ringo, "yellow submarine", "submarine, yellow")
    assert bodies(ringo, '"yellow sub"') == ["yellow submarine"]


def test_case_does_not_matter(ringo):
    say(ringo, "HELP!", "Ärger")
    assert bodies(ringo, "help") == ["HELP!"]
    assert bodies(ringo, "äRGER") == ["Ärger"]


@pytest.mark.parametrize("word", ["天", "天气", "天气很"])
def test_chinese_words_of_every_length(ringo, word):
    say(ringo, "今天天气很好", "hello")
    assert bodies(ringo, word) == ["今天天气很好"]


def test_hits_count_code_points(ringo):
    say(ringo, "\U0001f941\U0001f941 drums")
    assert found(ringo, "drum")["events"][0]["hits"] == [[3, 7]]


@pytest.mark.parametrize("words", ["AND", "NOT x", "a*", "^a", "a:b", "(", ")", "-", "'", "NEAR(a b)",
                                   "{a b}: c", "a+b", "\\", "%", "--", ";"])
def test_nothing_means_anything_but_space_and_quotes(ringo, words):
    said = f"so: {words} was said"
    say(ringo, said, "something else")
    assert bodies(ringo, words) == [said]


@pytest.mark.parametrize("words", ["", " ", '"', '""', '" "'])
def test_a_query_that_means_nothing(ringo, words):
    answer = find(ringo, words)
    assert (answer.status, answer["reason"]) == (400, "bad-query")


@pytest.mark.parametrize("raw", ["%", "%ZZ", "a%2", "100%+sure"])
def test_a_query_whose_encoding_is_broken(ringo, raw):
    """What was meant nobody knows; it is not searched for as it stands."""
    answer = ringo.api.call("GET", f"{ringo.path('messages')}?q={raw}", ringo.key)
    assert (answer.status, answer["reason"]) == (400, "bad-query")


def test_a_quote_that_is_not_closed_ends_with_the_query(ringo):
    say(ringo, "yellow submarine", "submarine, yellow")
    assert bodies(ringo, '"yellow sub') == ["yellow submarine"]


def test_a_query_that_is_given_twice(ringo):
    assert find(ringo, "a", "&q=b").status == 400


def test_a_plus_is_a_space_as_in_forms(ringo):
    say(ringo, "here and there")
    answer = ringo.api.call("GET", ringo.path("messages") + "?q=here+there", ringo.key)
    assert len(answer.json()["events"]) == 1


def test_next_is_the_next_page(ringo):
    say(ringo, *(f"fish {n}" for n in range(1, 8)))
    pages, more = [], ""
    while True:
        page = found(ringo, "fish", "&limit=3" + more)
        pages.append([event["seqnr"] for event in page["events"]])
        if page["next"] is None:
            break
        more = f"&from={page['next']}"
    assert [n for page in pages for n in page] == [7, 6, 5, 4, 3, 2, 1]
    assert len(pages[0]) == 3


def test_a_link_leads_to_the_next_page(ringo):
    """RFC 8288, as pages of history have it; the last page has none."""
    words = 'fish & "a chip"'
    say(ringo, *(f"fish & a chip {n}" for n in range(1, 6)))
    answer, pages = find(ringo, words, "&limit=2"), []
    while True:
        pages.append([event["seqnr"] for event in answer.json()["events"]])
        if answer["Link"] is None:
            break
        target, relation = answer["Link"].split("; ")
        assert relation == 'rel="next"'
        answer = ringo.api.call("GET", target.strip("<>"), ringo.key)
        assert answer.status == 200
    assert pages == [[5, 4], [3, 2], [1]] and answer.json()["next"] is None


def test_from_0_means_from_1(ringo):
    """As everywhere else; from= is the newest message that may be found."""
    say(ringo, "one fish", "two fish")
    assert bodies(ringo, "fish", "&from=1") == ["one fish"]
    assert bodies(ringo, "fish", "&from=0") == ["one fish"]


def test_other_channels_are_not_searched(api, ringo):
    say(api.member(unique("elsewhere"), "paul"), "only here, they said")
    say(ringo, "only here")
    assert bodies(ringo, "only here") == ["only here"]


def test_it_needs_a_session_of_the_channel(api, ringo):
    assert api.call("GET", ringo.path("messages") + "?q=x").status == 401


def test_it_moves_no_cursor(ringo):
    say(ringo, "one", "two")
    assert ringo.poll(from_=1).json() == "one"
    bodies(ringo, "one")
    assert ringo.poll().json() == "two"
