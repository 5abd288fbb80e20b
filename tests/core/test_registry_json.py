"""Reading `clearcut.registry/1`: what is right is read without loss, and every fault is named with its path."""

from __future__ import annotations

import contextlib
import json
from datetime import datetime, timezone
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearcut.core.registry_json import parse_registry, registry_to_json
from clearcut.core.sheet import parse_moment
from clearcut.errors import RegistryError
from fakes.worlds import (
    approval,
    authority,
    exemption,
    licence,
    performer,
    production,
    replica,
    suspension,
    waiver,
    world,
)


def full():
    """Every section with something in it."""
    return world(
        assets=[
            {"replica": "rpl-p1", "kind": "asset", "match": {"path": "*/char/p1/*"}},
            {"replica": "rpl-p1", "kind": "model", "match": {"sha256": "AB" * 32}},
            {
                "replica": "rpl-p1",
                "kind": "asset",
                "match": {"metadata": {"key": "ayon.representation", "value": "x"}},
            },
            {"replica": "rpl-p1", "kind": "biometric_raw", "match": {"entity": "bal:///assets/p1"}},
        ],
        not_replicas=[
            {"match": {"path": "*/env/*"}, "reason": "a statue", "by": "TD", "at": "2026-01-01T00:00:00Z"}
        ],
        approvals=[approval(source_range=[1001, 1201])],
        exemptions=[exemption(expires="2027-01-01")],
        suspensions=[suspension("agreement", "sag-aftra")],
        waivers=[waiver("compensation-outstanding")],
        licences=[licence(max_screen_time_s="2160/24", max_shots=3)],
    )


def faults(document):
    with pytest.raises(RegistryError) as caught:
        parse_registry(document if isinstance(document, (str, bytes)) else json.dumps(document))
    return [str(fault) for fault in caught.value.faults]


def put(document, path, value):
    """Sets `a[0].b` to a value; the value `...` removes it."""
    *way, last = path.replace("]", "").replace("[", ".").split(".")
    for step in way:
        document = document[int(step) if step.isdigit() else step]
    if value is ...:
        del document[last]
    else:
        document[int(last) if last.isdigit() else last] = value


def test_a_full_registry_is_read_and_written_without_loss():
    registry = parse_registry(json.dumps(full()))
    written = registry_to_json(registry)
    assert parse_registry(json.dumps(written)) == registry
    assert registry_to_json(parse_registry(json.dumps(written))) == written
    assert registry.licences["L-1"].max_screen_time_s == Fraction(90)
    assert registry.assets[1].match.value == "ab" * 32
    again = registry_to_json(registry)["licences"][0]
    assert {**again, "max_screen_time_s": "2160/24"} == full()["licences"][0]


def test_sections_may_be_absent_and_a_byte_order_mark_does_not_hurt():
    assert parse_registry(b'\xef\xbb\xbf{"schema": "clearcut.registry/1"}').licences == {}


def test_moments_of_any_zone_are_read_as_utc():
    assert parse_moment("2026-01-01T00:30:00.5+01:00") == datetime(
        2025, 12, 31, 23, 30, 0, 500_000, tzinfo=timezone.utc
    )


def test_a_day_as_the_end_of_a_suspension_or_waiver_includes_that_day():
    doc = world(
        suspensions=[suspension("global", None, until="2026-11-30")],
        waivers=[waiver("no-licence", until="2026-11-30")],
    )
    registry = parse_registry(json.dumps(doc))
    end = datetime(2026, 12, 1, tzinfo=timezone.utc)
    assert (registry.suspensions["S-1"].until, registry.waivers["W-1"].until) == (end, end)


BAD_VALUES = [
    ("schema", "clearcut.registry/2", "schema: expected 'clearcut.registry/1'"),
    ("licences", {}, "licences: expected a list"),
    ("licences[0]", 7, "licences[0]: expected an object, found a number"),
    ("licences[0].cap", 1, "licences[0].cap: unknown key 'cap'"),
    ("licences[0].valid_untill", None, "did you mean 'valid_until'?"),
    ("licences[0].max_screen_time_s", ..., "licences[0]: missing key 'max_screen_time_s'"),
    ("licences[0].max_screen_time_s", 90.0, "licences[0].max_screen_time_s: not seconds"),
    ("licences[0].max_screen_time_s", "-1", "licences[0].max_screen_time_s: not seconds"),
    ("licences[0].max_screen_time_s", -1, "licences[0].max_screen_time_s: not seconds"),
    ("licences[0].max_screen_time_s", "1/0", "licences[0].max_screen_time_s: not seconds"),
    ("licences[0].max_screen_time_s", "1e3", "licences[0].max_screen_time_s: not seconds"),
    ("licences[0].max_screen_time_s", True, "licences[0].max_screen_time_s: expected seconds, found true or false"),
    ("licences[0].max_screen_time_s", float("nan"), "licences[0].max_screen_time_s: expected seconds, found NaN or Infinity"),
    ("licences[0].max_shots", True, "licences[0].max_shots: expected a whole number from 0 on, found true or false"),
    ("licences[0].max_shots", -1, "licences[0].max_shots: expected a whole number from 0 on, found a negative number"),
    ("licences[0].max_shots", 1.0, "licences[0].max_shots: expected a whole number from 0 on, found a number that is not whole"),
    ("licences[0].max_shots", float("inf"), "licences[0].max_shots: expected a whole number"),
    ("licences[0].revision", "1", "licences[0].revision: expected a whole number from 0 on, found text"),
    ("licences[0].status", "Active", "licences[0].status: unknown status 'Active' (did you mean 'active'?)"),
    ("licences[0].status", ["active"], "licences[0].status: unknown status a list"),
    ("licences[0].valid_from", "2026-01-15T00:00:00", "licences[0].valid_from: this time has no zone"),
    ("licences[0].valid_from", "2026-01-15", "licences[0].valid_from: expected a time like"),
    ("licences[0].valid_from", "2026-02-30T00:00:00Z", "licences[0].valid_from: there is no such time"),
    ("licences[0].valid_from", "2026-01-15T00:00:00+25:00", "licences[0].valid_from: there is no such time"),
    ("licences[0].valid_from", 1768435200, "licences[0].valid_from: expected a time like"),
    ("licences[0].valid_until", "2026-01-15T00:00:00Z", "licences[0].valid_until: this range ends before it begins"),
    ("licences[0].performer", "perf-p9", "licences[0].performer: 'perf-p9' names nothing in performers"),
    ("licences[0].performer", None, "licences[0].performer: expected text, found null"),
    ("licences[0].performer", " perf-p1", "licences[0].performer: there is space around this name"),
    ("licences[0].replicas", ["rpl-p9"], "licences[0].replicas[0]: 'rpl-p9' names nothing in replicas"),
    ("licences[0].replicas", "*", "licences[0].replicas: expected a list, found text"),
    ("licences[0].authority", "auth-x", "licences[0].authority: 'auth-x' names nothing in authorities"),
    ("licences[0].licensees", ["A", "*"], "licences[0].licensees[1]: '*' means all and stands alone"),
    ("licences[0].scope.uses", ..., "licences[0].scope: missing key 'uses'"),
    ("licences[0].scope.uses", None, "licences[0].scope.uses: expected a list, found null"),
    ("licences[0].scope.uses", ["stunts"], "licences[0].scope.uses[0]: unknown use 'stunts' (did you mean 'stunt'?)"),
    ("licences[0].scope.uses", ["stunt", "*"], "licences[0].scope.uses[1]: '*' means all and stands alone"),
    ("licences[0].scope.uses", [["stunt"]], "licences[0].scope.uses[0]: expected text, found a list"),
    ("licences[0].scope.uses", [True], "licences[0].scope.uses[0]: expected text, found true or false"),
    ("licences[0].scope.shots", [""], "licences[0].scope.shots[0]: expected a name, found nothing"),
    ("licences[0].scope.shots", ["A\u0000"], "licences[0].scope.shots[0]: there is a control character"),
    ("licences[0].scope.territories", ["US", "XQ"], "licences[0].scope.territories[1]: unknown territory 'XQ'"),
    ("licences[0].scope.territories", ["us"], "did you mean 'US'?"),
    ("licences[0].scope.territories", ["UK"], "did you mean 'GB'?"),
    ("licences[0].scope.territories", ["US-"], "unknown territory 'US-'"),
    ("licences[0].scope.territories", ["XQ-CA"], "unknown territory 'XQ-CA'"),
    ("licences[0].scope.languages", ["en_US"], "did you mean 'en-US'?"),
    ("licences[0].scope.languages", ["english please"], "unknown language 'english please'"),
    ("licences[0].scope.productions", ["HELIOS_9"], "licences[0].scope.productions[0]: 'HELIOS_9' names nothing in productions"),
    ("licences[0].forbidden_depictions", ["*"], "licences[0].forbidden_depictions[0]: unknown depiction '*'"),
    ("licences[0].forbidden_depictions", ["nudty"], "did you mean 'nudity'?"),
    ("licences[0].consent.survives_death", 0, "licences[0].consent.survives_death: expected true or false, found a number"),
    ("licences[0].consent.represented_by", "lawyer", "licences[0].consent.represented_by: unknown represented_by 'lawyer'"),
    ("licences[0].compensation.due", "2026-13-01", "licences[0].compensation.due: expected a date"),
    ("licences[0].evidence", [{"uri": "a", "sha256": "abc"}], "licences[0].evidence[0].sha256: expected 64 hexadecimal digits"),
    ("performers[0].born", "1980-02-30", "performers[0].born: expected a date"),
    ("performers[0].died", "1979-01-01", "performers[0].died: 1979-01-01 lies before the day of birth"),
    ("performers[0].died", ..., "performers[0]: missing key 'died'"),
    ("performers[0].identifiers", [{"scheme": "hand"}], "performers[0].identifiers[0]: missing key 'value'"),
    ("authorities[0].valid_until", "2026-01-15T00:00:00Z", "authorities[0].valid_until: expected a date"),
    ("authorities[0].kind", "friend", "authorities[0].kind: unknown kind 'friend'"),
    ("authorities[0].verified", "true", "authorities[0].verified: expected true or false, found text"),
    ("replicas[0].modalities", ["faces"], "did you mean 'face'?"),
    ("replicas[0].default_use.uses", ["*"], "replicas[0].default_use.uses[0]: unknown use '*'"),
    ("assets[0].match", {"path": "a", "entity": "b"}, "assets[0].match: expected an object with one of"),
    ("assets[0].match", {"paht": "a"}, "assets[0].match.paht: unknown match 'paht' (did you mean 'path'?)"),
    ("assets[1].match.sha256", "", "assets[1].match.sha256: expected 64 hexadecimal digits"),
    ("assets[0].match.path", "", "assets[0].match.path: expected a name, found nothing"),
    ("assets[0].replica", "x", "assets[0].replica: 'x' names nothing in replicas"),
    ("productions[0].agreement", "sag", "productions[0].agreement: unknown agreement 'sag'"),
    ("productions[0].delivery.release_until", "2027-04-30", "productions[0].delivery.release_until: 2027-04-30 lies before"),
    ("productions[0].delivery.media", ["cinema"], "productions[0].delivery.media[0]: unknown medium 'cinema'"),
    ("approvals[0].source_range", [1201, 1001], "approvals[0].source_range: the range ends before it begins"),
    ("approvals[0].source_range", [1001, 1001], "approvals[0].source_range: the range ends before it begins"),
    ("approvals[0].source_range", [True, 1001], "approvals[0].source_range: expected two whole numbers"),
    ("approvals[0].decision", "ok", "approvals[0].decision: unknown decision 'ok'"),
    ("approvals[0].licence", "L-9", "approvals[0].licence: 'L-9' names nothing in licences"),
    ("exemptions[0].basis", "fair_use", "exemptions[0].basis: unknown basis 'fair_use'"),
    ("exemptions[0].expires", "soon", "exemptions[0].expires: expected a time"),
    ("suspensions[0].scope.kind", "planet", "suspensions[0].scope.kind: unknown kind 'planet'"),
    ("suspensions[0].scope", {"kind": "licence", "value": "L-9"}, "suspensions[0].scope.value: 'L-9' names nothing in licences"),
    ("suspensions[0].scope", {"kind": "agreement", "value": " "}, "suspensions[0].scope.value: expected the agreement"),
    ("suspensions[0].from", None, "suspensions[0].from: expected a time, found null"),
    ("waivers[0].codes", ["compensation"], "waivers[0].codes[0]: unknown reason code 'compensation' (did you mean"),
    ("waivers[0].until", None, "waivers[0].until: a waiver must end"),
    ("waivers[0].role", "artist", "waivers[0].role: unknown role 'artist'"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("path", "value", "expected"), BAD_VALUES, ids=[f"{row[0]}={str(row[1])[:20]}" for row in BAD_VALUES]
)
def test_a_fault_is_named_with_its_path(path, value, expected):
    document = full()
    put(document, path, value)
    found = faults(document)
    assert any(expected in one for one in found), found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "the file is empty"),
        (b" \n", "the file is empty"),
        ("{", "not JSON"),
        ("[]", "expected an object, found a list"),
        ("null", "expected an object, found null"),
        (b"\xff\xfe{}", "not UTF-8"),
        ("[" * 100_000, "nested too deeply"),
        ('{"schema": ' + "9" * 5000 + "}", "not JSON we can read"),
        ('{"schema": "clearcut.registry/1", "waivers": [], "waivers": []}', "waivers: this key stands twice"),
        (
            '{"schema": "clearcut.registry/1", "performers": [{"id": "a", "id": "b"}]}',
            "performers[0].id: this key stands twice",
        ),
        ('{"schema": "\\ud800"}', "surrogate"),
        ('{"schema": NaN}', "schema: expected"),
        ('{"licences": [{"max_screen_time_s": -Infinity}]}', "expected seconds, found NaN or Infinity"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_no_registry_at_all_is_refused_with_one_clear_fault(text, expected):
    assert any(expected in one for one in faults(text))


def test_a_duplicate_id_is_a_fault_that_names_both_places():
    document = full()
    document["licences"].append(licence(revision=2))
    assert faults(document) == ["licences[1].id: 'L-1' is the id of licences[0] too"]


def test_all_faults_are_told_at_once_and_none_hides_another():
    document = world(
        performers=[performer(born="x")],
        authorities=[authority(kind="x")],
        replicas=[replica(category="x")],
        productions=[production(agreement="x")],
        licences=[licence(status="x", scope={"uses": ["x"], "media": ["x"]})],
        waivers=[waiver("x")],
    )
    found = faults(document)
    assert [one.split(":")[0] for one in found] == [
        "performers[0].born",
        "authorities[0].kind",
        "replicas[0].category",
        "productions[0].agreement",
        "licences[0].status",
        "licences[0].scope.uses[0]",
        "licences[0].scope.media[0]",
        "waivers[0].codes[0]",
    ]


def test_a_list_that_was_right_for_one_dimension_is_not_taken_for_right_in_another():
    """Lists are remembered once checked; the memory of one kind must not serve another."""
    document = full()
    document["licences"][0]["scope"]["shots"] = ["svod"]
    document["licences"][0]["scope"]["media"] = ["svod"]
    document["licences"][0]["scope"]["uses"] = ["svod"]
    assert faults(document) == [
        "licences[0].scope.uses[0]: unknown use 'svod' (known: principal, stunt, background, reshoot, dialogue, dub, promo, previs)"
    ]
    document = full()
    document["licences"][0]["scope"]["uses"] = ["*"]
    document["replicas"][0]["default_use"]["uses"] = ["*"]
    assert len(faults(document)) == 1


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["*", "WORLD", "L-1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def places(value, path=()):
    yield path
    if isinstance(value, dict):
        for key in value:
            yield from places(value[key], (*path, key))
    elif isinstance(value, list):
        for index in range(len(value)):
            yield from places(value[index], (*path, index))


ALL_PLACES = [path for path in places(full()) if path]


@given(st.sampled_from(ALL_PLACES), json_values)
def test_whatever_stands_anywhere_a_registry_is_read_or_refused_and_nothing_else(path, value):
    document = full()
    holder = document
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    registry = None
    with contextlib.suppress(RegistryError):
        registry = parse_registry(json.dumps(document))
    assert registry is None or parse_registry(json.dumps(registry_to_json(registry))) == registry


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            {"basis": "session", "status": "paid", "due": None},
            {"basis": "session", "status": "paid", "due": False},
        ),
        (
            {"basis": "session", "status": "paid", "due": None},
            {"basis": "session", "status": ["paid"], "due": None},
        ),
        ({"basis": "session", "status": "paid", "due": None}, {"basis": "session", "status": 1, "due": None}),
    ],
)
def test_a_record_like_one_that_was_read_is_read_all_the_same_where_it_differs_in_type(first, second):
    doc = world(licences=[licence(compensation=first), licence(id="L-2")])
    doc["licences"][1]["compensation"] = second
    assert [fault.startswith("licences[1].compensation") for fault in faults(doc)] == [True]
