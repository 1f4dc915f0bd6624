"""What the readers of one channel get, many or slow: everything once, in one order."""

from .event_stream import NDJSON, SSE, EventStream
from .raw_connection import RawConnection
from .waiting import at_once


def come_and_go(api, channel, name, count):
    """Joins, posts and leaves."""
    for n in range(count):
        member = api.member(channel, f"{name}-{n}")
        member.posted(f"{name} {n}")
        assert member.leave().status == 200


def test_joins_leaves_and_messages_are_in_one_order(api, channel, ringo):
    """The same for every reader, of either kind of stream."""
    readers = [EventStream(ringo, accept) for accept in (SSE, NDJSON) for _ in range(4)]
    at_once([lambda m=name: come_and_go(api, channel, m, 20) for name in "abcde"])
    orders = [reader.events(1 + 3 * 100) for reader in readers]
    assert orders.count(orders[0]) == len(orders)
    for name in "abcde":
        of_one = [(event["type"], event["source"]) for event in orders[0][1:]
                  if event["source"].startswith(name)]
        assert of_one == [(kind, f"{name}-{n}") for n in range(20)
                          for kind in ("JOIN", "MSG", "LEAVE")]
    for reader in readers:
        reader.close()


def test_many_readers_of_one_channel(start_server):
    """Each of 300, some of what was, some of what is to come, is given each message once."""
    api = start_server().api
    ringo = api.member("octopus", "ringo")
    members = [api.member("octopus", f"reader{n}") for n in range(300)]
    for n in range(1, 51):
        ringo.posted(f"{n}")
    readers = [EventStream(m, (SSE, NDJSON)[n % 2], query=f"?from={n % 60 + 1}")
               for n, m in enumerate(members)]
    for n in range(51, 101):
        ringo.posted(f"{n}")
    for n, reader in enumerate(readers):
        first = n % 60 + 1
        assert reader.messages(101 - first) == [(m, f"{m}") for m in range(first, 101)]
        reader.close()


# --- Readers that are slow ---


def test_a_reader_that_stalls_misses_nothing(start_server, stream):
    """While 20,000 messages are said it reads nothing; then it reads on."""
    server = start_server()
    ringo = server.api.member("octopus", "ringo")
    one = stream(ringo)
    assert one.next()["type"] == "DIR"
    said = 0
    post = (f"PUT {ringo.path('messages')} HTTP/1.1\r\nHost: here\r\nsession: {ringo.key}\r\n"
            "Content-Length: 100\r\n\r\n")
    with RawConnection(server.api.address) as poster:
        while said < 20_000:
            poster.send(b"".join(f"{post}{n:0100}".encode() for n in range(said + 1, said + 201)))
            for _ in range(200):
                assert poster.read_answer().status == 200
            said += 200
    paul = server.api.member("octopus", "paul")
    assert one.messages(said) == [(n, f"{n:0100}") for n in range(1, said + 1)]
    # It is told who is there: by the join, or by the directory where that was long past.
    event = one.next()
    assert event.get("source") == paul.name or event["users"] == ["paul", "ringo"]
