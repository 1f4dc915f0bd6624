"""The check of histories can fail: a history with each kind of fault is found out."""

import pytest

from .record import Attempt, Message, Record

GOOD = [Message(1, "ringo", "a"), Message(2, "paul", "b"), Message(3, "ringo", "c")]


@pytest.fixture
def record():
    """a and c were acknowledged; b was not, and so may be there or not."""
    record = Record()
    for message in GOOD:
        record.attempt(Attempt("octopus", message.source, message.text))
    record.acknowledge(Attempt("octopus", "ringo", "a"), 1)
    record.acknowledge(Attempt("octopus", "ringo", "c"), 3)
    return record


def test_a_good_history_passes(record):
    assert record.violations("octopus", GOOD) == []
    assert record.unacknowledged_in(GOOD) == ["b"]


@pytest.mark.parametrize("fault, history", [
    ("lost", GOOD[:2]),
    ("belongs", [GOOD[0], GOOD[2]]),
    ("twice", [*GOOD, Message(4, "paul", "b")]),
    ("is 2", [GOOD[0], Message(2, "ringo", "c")]),
    ("nobody wrote", [*GOOD, Message(4, "ringo", "d")]),
    ("nobody wrote", [GOOD[0], Message(2, "ringo", "b"), GOOD[2]]),
])
def test_a_fault_is_found(record, fault, history):
    assert any(fault in words for words in record.violations("octopus", history))


def test_a_refused_message_is_found(record):
    record.refuse(Attempt("octopus", "paul", "b"))
    assert any("was refused" in words for words in record.violations("octopus", GOOD))


def test_a_message_in_another_channel_is_found(record):
    assert any("nobody wrote" in words for words in record.violations("zebra", GOOD))


def test_a_client_that_gave_up_is_told_to_who_waits_for_the_load(record):
    record.fail("poster1: (503, 'unavailable')")
    with pytest.raises(AssertionError, match="poster1.*503"):
        record.wait_for_more(1)
