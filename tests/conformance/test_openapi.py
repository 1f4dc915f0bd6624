"""The description for machines, /openapi.json, is OpenAPI 3.1 and true: each answer that it has is
got from the server, once for each of its reasons, and is as it says."""

import re
from contextlib import ExitStack

import pytest

from . import openapi_answers as answers
from .api import unique
from .openapi_document import COMMON, DOCUMENT, TEXT, check, conforms, operations, reasons, resolve
from .openapi_requests import Servers
from .openapi_successes import is_of_kind
from .websocket_client import WebSocketConnection

CASES = list(answers.cases())


def test_it_is_served_as_it_is_in_the_source(api):
    answer = api.call("GET", "/openapi.json")
    assert (answer.status, answer["Content-Type"]) == (200, "application/json")
    assert answer.body.decode() == TEXT
    again = api.call("GET", "/openapi.json", headers={"If-None-Match": answer["ETag"]})
    assert (again.status, again.body) == (304, b"")


def test_it_has_the_structure_of_openapi_3_1():
    """The fields that the specification requires, and no operation under two names."""
    assert DOCUMENT["openapi"] == "3.1.0"
    assert {"title", "version"} <= DOCUMENT["info"].keys()
    names = [operation["operationId"] for _, _, operation in operations()]
    assert len(names) == len(set(names)) > 10
    for path, method, operation in operations():
        assert operation["responses"]
        for status, response in operation["responses"].items():
            assert resolve(response)["description"], (path, method, status)
    for path, item in DOCUMENT["paths"].items():
        in_path = [resolve(parameter)["name"] for parameter in item.get("parameters", [])]
        assert in_path == re.findall(r"\{([a-z]+)\}", path)
    for parameter in DOCUMENT["components"]["parameters"].values():
        assert parameter["in"] in ("path", "query", "header") and "schema" in parameter
        assert parameter["in"] != "path" or parameter["required"]


def test_its_version_is_the_servers(api):
    assert api.call("GET", "/").json()["version"] == DOCUMENT["info"]["version"]


def test_every_reference_is_to_something_and_all_is_referred_to():
    """But for the answers that no operation has, and the frames of WebSockets."""
    found = set()

    def walk(node):
        if isinstance(node, dict):
            if "$ref" in node:
                assert resolve(node) is not None
                found.add(node["$ref"])
            node = list(node.values())
        for inner in node if isinstance(node, list) else []:
            walk(inner)

    walk(DOCUMENT)
    apart = {f"#/components/{kind}/{name}" for kind, names in {
        "responses": answers.ELSEWHERE, "headers": COMMON,
        "schemas": ["ClientFrame", "ServerFrame"]}.items() for name in names}
    every = {f"#/components/{kind}/{name}" for kind in ("parameters", "headers", "responses",
                                                        "schemas")
             for name in DOCUMENT["components"][kind]}
    assert every - found - apart == set()


def test_every_schema_is_a_json_schema():
    from jsonschema import Draft202012Validator
    for schema in DOCUMENT["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_documented_answer_is_asked_for_or_listed():
    """What cannot be had on demand is in one list, with why."""
    asked = {case.answer for case in CASES}
    documented = {(path, method, status, reason) for path, method, operation in operations()
                  for status, response in operation["responses"].items()
                  for reason in reasons(resolve(response))}
    missing = {answer for answer in documented - asked if answer[3] not in answers.NOT_ON_DEMAND}
    assert missing == set()
    assert asked - documented == set()


@pytest.mark.parametrize("case", [
    pytest.param(case, id=case.name)
    for case in CASES])
def test_a_documented_answer_is_got_and_is_as_described(case, api, servers):
    path, method, status, reason = case.answer
    answer = case.ask(api, servers)
    assert (answer.status, answer["reason"]) == (int(status), reason)
    assert reason or is_of_kind(case.kind, answer)
    conforms(answer, resolve(DOCUMENT["paths"][path][method]["responses"][status]))


@pytest.mark.parametrize("name", answers.ELSEWHERE)
def test_an_answer_of_no_operation_is_as_described(name, api):
    answer = answers.ELSEWHERE[name](api)
    conforms(answer, DOCUMENT["components"]["responses"][name])


@pytest.mark.parametrize("case", [
    pytest.param(case, id=case.name) for case in CASES
    if case.answer[3] and case.reaches_the_service])
def test_a_failure_is_a_problem_as_described_for_who_asks(case, api, servers):
    path, method, status, reason = case.answer
    answer = case.ask(api, servers, accept="application/problem+json")
    assert answer["content-type"] == "application/problem+json"
    assert answer.json()["reason"] == reason
    conforms(answer, resolve(DOCUMENT["paths"][path][method]["responses"][status]))


@pytest.fixture(scope="module")
def servers(request, tmp_path_factory):
    """Servers with settings of their own, made when they are needed."""
    if request.config.getoption("--url", None):
        pytest.skip("needs servers of its own")
    kept = Servers(lambda: tmp_path_factory.mktemp("own"))
    yield kept
    kept.kill()


def test_the_examples_of_the_documents_are_as_described():
    """Each event and frame that is shown in docs/streams.md is valid by its schema."""
    shown = answers.examples()
    assert {"MSG", "DIR", "JOIN", "LEAVE", "GAP", "END", "OPEN", "POST", "CLOSE", "POSTED",
            "CLOSED", "ERROR"} <= {example["type"] for example in shown}
    for example in shown:
        kind = "ClientFrame" if example["type"] in ("OPEN", "POST", "CLOSE") else "ServerFrame"
        check({"$ref": f"#/components/schemas/{kind}"}, example)


def test_the_frames_of_a_websocket_are_as_described(api):
    """Those that have more than the documents' examples: ref, retry-after."""
    ringo = api.member(unique(), "ringo")
    with ExitStack() as stack:
        frames = []
        for n in range(17):  # one stream more than a session may have
            socket = stack.enter_context(WebSocketConnection(api.address, ringo.channel))
            socket.send_json({"type": "OPEN", "session": ringo.key, "ref": n})
            frames.append(socket.read_json())
    assert [frame["type"] for frame in frames] == ["DIR"] * 16 + ["ERROR"]
    assert all("ref" in frame for frame in frames) and "retry-after" in frames[-1]
    for frame in frames:
        check({"$ref": "#/components/schemas/ServerFrame"}, frame)


def test_a_message_of_each_form_is_as_described(api):
    """Names beyond ASCII, and a message that came over a bridge."""
    zoë = api.member(unique("żółw"), "zoë")
    zoë.posted("hello", {"origin": "server1/octopus/83"})
    page = api.call("GET", zoë.path("messages"), zoë.key)
    conforms(page, DOCUMENT["paths"]["/chats/{channel}/messages"]["get"]["responses"]["200"])
    conforms(zoë.poll(from_=1),
             DOCUMENT["paths"]["/chats/{channel}/events"]["get"]["responses"]["200"])
