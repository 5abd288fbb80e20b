"""The API's description holds what it says: examples work, schemas are the readers', the page needs nothing else."""

from __future__ import annotations

import copy
import re

import jsonschema
import pytest

from clearcut.backend import RemoteRegistry
from clearcut.core.registry_json import registry_from_json, registry_to_json
from clearcut.core.sheet import Sheet
from clearcut.server.examples import REGISTRY, examples
from clearcut.store.amending import READERS
from clearcut.store.tokens import Role
from core.random_worlds import random_world

REF = "#/components/schemas/"


@pytest.fixture(scope="module")
def document(show):
    return show.ask("GET", "/v1/openapi/openapi.json", None).json()


def fits(document, schema, value):
    """Whether the value is one of that schema's; raises with the place where it is not."""
    whole = {**schema, "components": document["components"]}
    jsonschema.Draft202012Validator(whole, format_checker=jsonschema.FormatChecker()).validate(value)


def operations(document):
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


def send(own, method, path, example, role):
    for name, value in example.path.items():
        path = path.replace(f"{{{name}}}", value)
    return own.ask(method, path, role, params=example.query, headers=example.headers, json=example.body)


def test_each_example_works_and_its_answer_is_as_documented(both, document):
    """All of them one after the other, as a reader of the page would try them."""
    known = examples()
    for (method, path), example in known.items():
        if example.after is not None:
            send(both, *example.after, known[example.after], Role.OFFICER)
        role = Role.ADMIN if "approve" in path or (method, path) == ("PUT", "/v1/registry") else Role.OFFICER
        answer = send(both, method, path, example, role)
        assert answer.status_code == example.status, (method, path, answer.text)
        operation = document["paths"][path][method.lower()]
        content = operation["responses"][str(answer.status_code)]["content"]["application/json"]
        fits(document, content["schema"], answer.json())
        if example.body is not None:
            fits(document, operation["requestBody"]["content"]["application/json"]["schema"], example.body)
        for parameter in operation.get("parameters", ()):
            if "example" in parameter:
                fits(document, parameter["schema"], parameter["example"])


def test_every_route_has_an_example_and_every_body_a_schema(document):
    found = list(operations(document))
    assert {(method, path) for method, path, _ in found} == set(examples())
    for method, path, operation in found:
        assert operation["description"], path
        for status, answer in operation["responses"].items():
            schema = answer["content"]["application/json"]["schema"]
            if int(status) >= 400:
                assert schema == {"$ref": f"{REF}Problem"}
            else:
                assert schema.keys() & {"$ref", "type"}, path
        open_to_all = path.startswith("/v1/health")
        assert ("401" in operation["responses"]) is not open_to_all
        for parameter in operation.get("parameters", ()):
            assert parameter["schema"].keys() & {
                "enum",
                "pattern",
                "maximum",
                "maxLength",
                "oneOf",
                "$ref",
                "type",
            }, path
        if method != "GET" and path != "/v1/check":
            assert "Idempotency-Key" in {one["name"] for one in operation["parameters"]}
    assert document["components"]["securitySchemes"] == {"token": {"type": "http", "scheme": "bearer"}}


def test_every_reference_leads_somewhere(document):
    named = set(re.findall(rf'"{REF}([^"]+)"', str(document).replace("'", '"')))
    assert named <= set(document["components"]["schemas"])


def test_the_page_shows_every_route_and_fetches_nothing(show, document):
    answer = show.ask("GET", "/v1/openapi", None)
    assert answer.headers["content-type"].startswith("text/html")
    for _, path, operation in operations(document):
        assert path in answer.text
        assert operation["summary"] in answer.text
    assert 'href="#RegisteredCut"' in answer.text
    assert 'id="RegisteredCut"' in answer.text
    assert "<script" not in answer.text
    assert not re.search(r"(src|href)=\"(https?:)?//", answer.text)


# The schemas of records and the readers of records are one definition


def read_faults(kind, record):
    sheet = Sheet()
    READERS[kind](sheet, "record", record)
    return sheet.faults


def places(value, path=()):
    """Every place in a JSON value, from the outside in."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield from places(one, (*path, key))


def changed(record, path, change):
    """The record with another value at that place; None where the place cannot be changed so."""
    made = copy.deepcopy(record)
    holder = made
    for step in path[:-1]:
        holder = holder[step]
    change(holder, path[-1])
    return made


def put(value):
    return lambda holder, key: holder.__setitem__(key, value)


def drop(holder, key):
    del holder[key]


def spoil(holder, key):
    inner = holder[key]
    if isinstance(inner, dict):
        inner["nobody knows this"] = 1


CHANGES = {"null": put(None), "number": put(3), "negative": put(-1), "fraction": put(1.5), "true": put(True), "list": put([]), "object": put({}),
           "list of numbers": put([1, 2]), "list of texts": put(["*"]), "gone": drop, "unknown key": spoil}  # fmt: skip
EXAMPLES = [(kind, n) for kind in READERS for n in range(len(REGISTRY[kind]))]


@pytest.mark.parametrize("kind, number", EXAMPLES)
def test_reader_and_schema_take_and_refuse_the_same_records(document, kind, number):
    """Each place of each example, changed in every way that is one of form and not of sense."""
    record = REGISTRY[kind][number]
    validator = jsonschema.Draft202012Validator(document["components"]["schemas"][f"registry.{kind}"])
    assert (read_faults(kind, record), validator.is_valid(record)) == ([], True)
    tried = 0
    for path in places(record):
        for name, change in CHANGES.items():
            if not path or (name == "gone" and isinstance(path[-1], int)):
                continue
            other = changed(record, path, change)
            faults, valid = read_faults(kind, other), validator.is_valid(other)
            # What is in order by form may still say nonsense, such as a range that ends before it begins.
            assert valid is (not faults) or (valid and _of_sense(path, faults)), (path, name, faults)
            tried += 1
    assert tried > 20


def _of_sense(path, faults):
    words = (
        "unknown",
        "begins",
        "before",
        "'*' means",
        "expected a name",
        "language",
        "territory",
        "expected the",
        "whole number",
    )
    # Only a global suspension is of nothing.
    return path == ("scope", "value") or all(any(word in fault.message for word in words) for fault in faults)


def test_what_core_writes_of_any_registry_is_of_the_schema(document):
    whole = {"$ref": f"{REF}WholeRegistry", "components": document["components"]}
    validator = jsonschema.Draft202012Validator(whole)

    for seed in range(60):
        document = registry_to_json(registry_from_json(random_world(seed)[0]))
        assert validator.is_valid(document), seed


def test_twin_a_schema_that_forgot_a_field_is_found_out(document):
    schema = copy.deepcopy(document["components"]["schemas"]["registry.licences"])
    del schema["properties"]["max_shots"]
    record = REGISTRY["licences"][0]
    assert not jsonschema.Draft202012Validator(schema).is_valid(record)


def test_an_example_with_a_fault_is_no_source_of_a_schema():
    from clearcut.server.registry_schema import record_schema

    with pytest.raises(ValueError, match="has faults"):
        record_schema(READERS["licences"], [{"id": "L-1"}])


def test_what_was_known_at_a_moment_is_exported(both, registry):
    before = both.ask("GET", "/v1/records/performers/perf-p1", Role.OFFICER).json()["history"][0]["at"]
    record = {**registry_to_json(registry)["performers"][0], "id": "perf-new"}
    both.ask("POST", "/v1/records/performers", Role.OFFICER, json={"why": "w", "record": record})
    then = both.ask("GET", "/v1/registry", Role.AUDITOR, params={"as_of": before})
    assert (then.json(), then.headers["Clearcut-Revision"]) == (registry_to_json(registry), "1")
    never = both.ask("GET", "/v1/registry", Role.AUDITOR, params={"as_of": "2001-01-01T00:00:00Z"})
    assert (never.json()["performers"], never.headers["Clearcut-Revision"]) == ([], "0")
    for wrong in ("yesterday", "2026-01-01", "2026-01-01T00:00:00"):
        answer = both.ask("GET", "/v1/registry", Role.AUDITOR, params={"as_of": wrong})
        assert (answer.status_code, answer.json()["where"]) == (400, "as_of")


def test_any_registry_goes_over_http_and_comes_back_as_it_was(both):
    remote = RemoteRegistry(both.url, both.tokens[Role.ADMIN])
    for seed in range(4):
        registry = registry_from_json(random_world(seed)[0])
        base = remote.export_revision()[0]
        revision = remote.import_registry(registry, why=f"world {seed}", base=base)
        assert remote.export_revision() == (revision, registry), seed
    whole = registry_from_json(REGISTRY)
    revision = remote.import_registry(whole, why="every field", base=revision)
    assert remote.export_revision() == (revision, whole)
