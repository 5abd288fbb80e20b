"""Licences are read while the file is, and what they have in common once: never otherwise than the plain way reads.

The plain way decodes the whole file first and then reads row by row, into a sheet that remembers nothing.
"""

from __future__ import annotations

import copy
import json
from operator import itemgetter
from unittest.mock import ANY

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from clearcut.core import registry_json, registry_records
from clearcut.core.registry_json import parse_registry, registry_from_json
from clearcut.core.sheet import Sheet
from clearcut.errors import RegistryError
from fakes.worlds import (
    approval,
    authority,
    exemption,
    licence,
    performer,
    production,
    replica,
    waiver,
    world,
)


def full():
    """A bit of everything, and two licences that differ."""
    scope = {"uses": ["background"], "territories": ["DE", "EU"], "shots": ["HEL_*"]}
    proof = [{"uri": "vault:///1.pdf", "sha256": "0" * 64}]
    return world(
        assets=[{"replica": "rpl-p1", "kind": "asset", "match": {"path": "*/char/p1/*"}}],
        licences=[licence(), licence(id="L-2", scope=scope, max_shots=3, status="draft", evidence=proof)],
        approvals=[approval(source_range=[1001, 1201])],
        exemptions=[exemption()],
        waivers=[waiver("no-licence")],
    )


def outcome(read, text):
    """The registry, or every fault."""
    try:
        return read(text)
    except RegistryError as error:
        return error.faults


def plain_way(text):
    return registry_from_json(registry_json._loads(text, ""))


def places(value, path=()):
    yield path
    if isinstance(value, (dict, list)):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from places(value[key], (*path, key))


def at(document, path):
    for step in path:
        document = document[step]
    return document


PLACES = [path for path in places(full()) if path]
OBJECTS = [path for path in places(full()) if isinstance(at(full(), path), dict) and at(full(), path)]
records = st.sampled_from([
    performer(), authority(), replica(), production(), licence(), licence(id="L-3", authority="nobody"),
    licence(replicas=["rpl-p9"]), licence(status="x"), approval(), exemption(),
])  # fmt: skip
values = (
    records
    | st.sampled_from(PLACES).map(lambda path: at(full(), path))
    | st.sampled_from([None, True, 1, 1.0, float("nan"), "", "*", ["*"], [], {}, "\ud83d", ["\ud83d"], {"licensees": ["*"]}])
)  # fmt: skip


def changed(changes):
    document = full()
    for path, value in changes:
        try:
            holder = at(document, path[:-1])
            holder[path[-1]] = copy.deepcopy(value)
        except (KeyError, IndexError, TypeError):  # another change took that place away
            continue
    return json.dumps(document)


@given(st.lists(st.tuples(st.sampled_from(PLACES), values), min_size=1, max_size=3))
@example([(("performers", 0), licence())])
@example([(("licences", 1, "scope"), licence())])
@example([(("licences", 0, "authority"), "nobody")])
@example([(("licences", 0, "consent", "description"), "\ud83d")])
def test_whatever_a_file_holds_it_is_read_as_the_plain_way_reads_it(changes):
    text = changed(changes)
    assert outcome(parse_registry, text) == outcome(plain_way, text)


@pytest.mark.parametrize("place", OBJECTS, ids=str)
def test_a_key_that_stands_twice_is_told_in_whatever_object_it_stands(place):
    document = full()
    holder = at(document, place)
    key = next(iter(holder))
    holder["twice"] = copy.deepcopy(holder[key])
    text = json.dumps(document).replace('"twice"', json.dumps(key))
    assert any(
        "twice" in fault.message or "expected" in fault.message for fault in outcome(parse_registry, text)
    )
    assert outcome(parse_registry, text) == outcome(plain_way, text)


def test_where_ids_name_nothing_the_quick_way_alone_would_clear_what_nobody_granted(monkeypatch):
    text = changed([(("licences", 0, "authority"), "nobody")])
    assert [fault.path for fault in outcome(parse_registry, text)] == ["licences[0].authority"]
    monkeypatch.setattr(registry_json, "_whole", lambda _: True)
    assert parse_registry(text).licences["L-1"].authority == "nobody"


def test_half_a_surrogate_is_found_in_a_licence_too_which_shows_only_where_it_stays_json(monkeypatch):
    text = changed([(("licences", 0, "consent", "description"), "\ud83d")])
    assert "surrogate" in outcome(parse_registry, text)[0].message
    monkeypatch.setattr(registry_json, "_may_hold_halves", lambda _: False)
    assert parse_registry(text).licences["L-1"].consent.description == "\ud83d"


def test_what_looks_like_a_key_costs_no_more_than_a_second_look():
    document = full()
    document["licences"][0]["consent"]["description"] = 'says "yes": in ink'
    document["licences"][1]["consent"]["description"] = ": by word of mouth"
    text = json.dumps(document)
    assert registry_json._at_once(text) is None
    assert parse_registry(text) == plain_way(text)


@pytest.mark.parametrize("between", ["", " ", "\n", "\r\n\t "])
def test_keys_are_counted_however_they_are_written(between, monkeypatch):
    text = json.dumps(full(), indent=1).replace('": ', f'"{between}:{between}')
    assert registry_json._at_once(text) == plain_way(text)
    key = f'"max_shots"{between}:'
    twice = text.replace(key, f"{key} 9, {key}", 1)
    assert [fault.message for fault in outcome(parse_registry, twice)] == ["this key stands twice"]
    # Its twin: were they not counted, the cap that stands first would be lost.
    monkeypatch.setattr(registry_json, "_keys_in", lambda _: ANY)
    assert parse_registry(twice).licences["L-1"].max_shots is None


common = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(["draft", "revoked", "odd", None]),
        "licensees": st.sampled_from([["A"], ["B"], [], "*", ["A", "*"]]),
        "forbidden_depictions": st.sampled_from([["nudity"], ["drugs"], ["*"], [None]]),
        "approval": st.sampled_from(["per_shot", "per_version", True]),
        "training": st.sampled_from(["general", "this_production", 0]),
        "scope": st.sampled_from([{"uses": ["dub"]}, {"shots": []}, {"media": ["odd"]}, {"languages": "*"}]),
        "revision": st.sampled_from([2, True, 1.0]),
        "max_shots": st.sampled_from([1, 1.0, True]),
        "max_screen_time_s": st.sampled_from(["1", 1, 1.0]),
        "valid_until": st.sampled_from(["2029-12-31T23:59:59Z", "2020-01-01T00:00:00Z", None]),
        "compensation": st.sampled_from([{"status": "due"}, {"due": "2026-01-01"}, {"basis": None}]),
        "consent": st.sampled_from([{"survives_death": True}, {"survives_death": 0}]),
    },
)


def read(rows, sheets):
    made = [registry_records.licence(sheet, "", row) for sheet, row in zip(sheets, rows, strict=True)]
    return made, [fault for sheet in dict.fromkeys(sheets) for fault in sheet.faults]


@given(st.lists(common, min_size=2, max_size=5))
def test_a_licence_is_read_after_others_as_it_is_read_alone(changes):
    rows = [licence(**one) for one in changes]
    together, alone = read(rows, [Sheet()] * len(rows)), read(rows, [Sheet() for _ in rows])
    assert together == alone


def test_were_a_term_left_out_of_what_is_compared_a_licence_would_take_another_ones(monkeypatch):
    rows = [licence(licensees=["*"]), licence(licensees=["A"])]
    assert [one.licensees for one in read(rows, [Sheet()] * 2)[0]] == [("*",), ("A",)]
    monkeypatch.setattr(
        registry_records,
        "_TERMS",
        itemgetter("status", "scope", "forbidden_depictions", "approval", "training"),
    )
    assert [one.licensees for one in read(rows, [Sheet()] * 2)[0]] == [("*",), ("*",)]
