"""The description for machines, and whether an answer is as it says."""

import json
from pathlib import Path

from jsonschema import Draft202012Validator, RefResolver

TEXT = (Path(__file__).resolve().parents[2] / "docs/openapi.json").read_text()
DOCUMENT = json.loads(TEXT)
METHODS = ("get", "put", "post", "options")
COMMON = ("yallchat", "Cache-Control", "Vary", "Date")  # of every answer
FRAMING = {"content-type", "content-length", "connection"}  # HTTP's own

_resolver = RefResolver.from_schema(DOCUMENT)


def operations():
    for path, item in DOCUMENT["paths"].items():
        assert set(item) <= {"parameters", *METHODS}
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def resolve(node):
    return _resolver.resolve(node["$ref"])[1] if "$ref" in node else node


def reasons(response):
    """The reasons that a failure may have; of a success there is none."""
    if "reason" not in response.get("headers", {}):
        return [None]
    return response["headers"]["reason"]["schema"]["enum"]


def check(schema, value):
    Draft202012Validator(schema, resolver=_resolver).validate(value)


def headers_of(answer):
    """Of an answer that came by http.client or by a raw connection."""
    fields = answer.fields if hasattr(answer, "fields") else answer.headers.items()
    return {name.lower(): value for name, value in fields}


def conforms(answer, response):
    """Fails where the answer is not as the response of the document says."""
    documented = {name.lower(): resolve(header)
                  for name, header in response.get("headers", {}).items()}
    documented |= {name.lower(): DOCUMENT["components"]["headers"][name] for name in COMMON}
    got = headers_of(answer)
    assert got.keys() - FRAMING <= documented.keys(), "a header that is not in the document"
    for name, header in documented.items():
        assert name in got or not header.get("required"), name
        if name in got:
            check(header["schema"], got[name])
    content = response.get("content")
    if not content:
        assert answer.body == b"" and "content-type" not in got
        return
    media = got["content-type"]
    assert media in content
    if media == "text/event-stream":
        lines = [line[6:] for line in answer.body.decode().splitlines()
                 if line.startswith("data: ")]
    elif media == "application/x-ndjson":
        lines = [line for line in answer.body.decode().splitlines() if line]
    else:
        return check(content[media]["schema"], json.loads(answer.body))
    assert lines
    for line in lines:
        check({"$ref": "#/components/schemas/Event"}, json.loads(line))
