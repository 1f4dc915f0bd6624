"""How the clients read what a server sends.

Strict by default: bodies are JSON and an event says its type in a header, as
the text has it.  With `lenient`, plain text and JSON objects are read too.
"""
import json
import re
from dataclasses import dataclass


class Surprise(Exception):
    """The server sent something which the text does not allow."""


@dataclass
class Answer:
    status: int
    headers: dict  # lower-case names
    body: bytes


def header_text(value):
    """Header values arrive as latin-1; names in them may well be UTF-8."""
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return value


def headers_from(pairs):
    return {name.lower(): header_text(value.strip(" \t")) for name, value in pairs}


def value(answer, lenient=False):
    if not answer.body:
        return None
    try:
        return json.loads(answer.body)
    except ValueError:
        if lenient:
            return answer.body.decode("utf-8", "replace")
        raise Surprise(f"body is not JSON: {answer.body[:80]!r}") from None


def names(found):
    """The text shows one name per line and also speaks of commas."""
    if isinstance(found, str):
        return [name.strip() for name in re.split(r"[,\n]", found) if name.strip()]
    if isinstance(found, list) and all(isinstance(name, str) for name in found):
        return found
    raise Surprise(f"not a directory: {found!r}")


def succeeded(answer, lenient=False):
    return 200 <= answer.status < 300 and value(answer, lenient) is not False


def event(answer, lenient=False):
    if not 200 <= answer.status < 300:
        return None
    kind = answer.headers.get("type", "").upper()
    found = value(answer, lenient)
    if kind == "MSG":
        return message(answer, found, lenient)
    if kind == "DIR":
        return ("DIR", names(found))
    if not found:
        return None
    if lenient and isinstance(found, dict):
        if found.get("type") == "DIR":
            return ("DIR", names(found["body"]))
        return ("MSG", found["seqnr"], found["source"], found["body"])
    raise Surprise(f"an event without a type: {found!r}")


def message(answer, found, lenient):
    try:
        seqnr, source = int(answer.headers["seqnr"]), answer.headers["source"]
    except (KeyError, ValueError):
        raise Surprise(f"message headers: {answer.headers}") from None
    if lenient and not isinstance(found, str):
        found = answer.body.decode("utf-8", "replace")
    if not isinstance(found, str):
        raise Surprise(f"message body is not a JSON string: {found!r}")
    return ("MSG", seqnr, source, found)
