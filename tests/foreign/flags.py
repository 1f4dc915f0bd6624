"""The many ways in which the text can be read."""
import argparse


def parse(arguments=None):
    parser = argparse.ArgumentParser(description="a stranger's chat server")
    add = parser.add_argument
    add("--port", type=int, default=0, help="0 picks a free one")
    add("--lifetime", type=float, default=300, help="seconds until it ends by itself")
    add("--verbose", action="store_true", help="log requests to stderr")

    add("--http11", action="store_true", help="keep connections open, a thread for each")
    add("--no-length", action="store_true", help="HTTP/1.0 answers without a length")

    add("--directory", choices=["array", "newlines", "commas", "plain"], default="array",
        help="a JSON array, a JSON string, or text (one name per line)")
    add("--plain-text-bodies", action="store_true", help="no JSON anywhere")
    add("--json-object-events", action="store_true", help="events in the body, not in headers")
    add("--nothing", choices=["204", "null", "false", "empty-array", "empty"], default="204",
        help="the answer where there is no new event")
    add("--dir-to-joiner", action="store_true",
        help="the user who joins is sent the changed directory too")
    add("--late-seek", action="store_true",
        help="a poll's position does not count where the answer is a directory")
    add("--no-put-seqnr", action="store_true", help="no seqnr in the answer to a put")

    add("--refuse-channels", action="store_true", help="200 and false for unknown channels")
    add("--known", action="append", default=["octopus"], help="a channel which is not refused")
    add("--join-refusal-without-session", action="store_true",
        help="200 without a session, not 409, for a name which is taken")
    add("--session-timeout", type=float, metavar="SECONDS", help="remove idle users")
    add("--gone", type=int, default=403, metavar="STATUS", help="for an unknown session")
    add("--backlog-in-path", action="store_true",
        help="understand /chats/CHANNEL/N/VERB, which is a 404 otherwise")
    return parser.parse_args(arguments)
