"""The server's fast reader and writer mean the same as the wire that clients speak."""

from __future__ import annotations

import copy
import dataclasses
import json
import re
import typing
from fractions import Fraction
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearcut.core.reasons import reason
from clearcut.core.request import CheckAnswer, Doubt
from clearcut.core.timing import FrameRange
from clearcut.core.use import Declaration, ReplicaUse
from clearcut.core.verdict import Decision, Outcome, Total
from clearcut.core.wire import (
    WireError,
    answer_from_json,
    answer_to_json,
    request_from_json,
    request_to_json,
    strict_loads,
)
from clearcut.server.questions import read_question, write_answer
from fakes.questions import NOON, a_request, a_use

DOUBT = Doubt("SH_0009", None, reason("shot-ambiguous", "two names", detail={"names": ["a", "b"]}))
REQUEST = a_request(a_use(0, models=("m.cat",)), a_use(1, screen=()), now=NOON, doubts=(DOUBT,))
WHOLE = request_to_json(REQUEST, question="q1")


def test_a_question_is_read_as_the_client_meant_it():
    assert read_question(json.dumps(WHOLE).encode()) == ("q1", REQUEST)
    assert isinstance(read_question(json.dumps(WHOLE).encode())[1].uses[0].screen[0], FrameRange)


def test_equal_declarations_of_a_question_are_one_object_and_different_ones_are_not():
    said = [Declaration(uses=("stunt",)), Declaration(uses=("stunt",)), Declaration(uses=("dialogue",))]
    asked = a_request(*(a_use(n, declared=one) for n, one in enumerate(said)), now=NOON)
    for text in (json.dumps(request_to_json(asked)), json.dumps(request_to_json(asked), indent=1)):
        uses = read_question(text.encode())[1].uses
        assert [use.declared for use in uses] == said
        assert uses[0].declared is uses[1].declared is not uses[2].declared


def places(plain, path=()):
    yield path
    if isinstance(plain, dict):
        for key, value in plain.items():
            yield from places(value, (*path, key))
    elif isinstance(plain, list):
        for index, value in enumerate(plain):
            yield from places(value, (*path, index))


PLACES = [path for path in places(WHOLE) if path]
VALUES = [None, True, False, 0, 1, -1, 1.0, 2.5, 2**60, "", "0", "24", "path", "x", [], {}, [1], [[0, 0]], [[2, 1]],
          [[0, 5]], [[0, 5], [4, 9]], ["a"], {"a": 1}, "1/0", "-1", "NaN", "2026-11-20T12:00:00Z", "2026-11-20T12:00:00", "2026-11-20 12:00:00Z",
          "2026-11-20T12:00:00+01:30", "2026-11-20T12:00Z", "2026-11-20T12:00:00.1234567Z", "20261120T120000Z"]  # fmt: skip


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(PLACES), st.sampled_from(VALUES), st.sampled_from(["put", "drop", "add"]))
def test_what_one_of_both_readers_refuses_the_other_does_too(path, value, change):
    bent = copy.deepcopy(WHOLE)
    around = bent
    for step in path[:-1]:
        around = around[step]
    if change == "put" or isinstance(around, list):
        around[path[-1]] = value
    elif change == "drop":
        around.pop(path[-1])
    else:
        around["another"] = value
    # As our client writes it, which is read quickly, and otherwise.
    for separators in ((",", ":"), (", ", ": ")):
        body = json.dumps(bent, separators=separators).encode()
        try:
            expected = request_from_json(strict_loads(body))
        except WireError:
            with pytest.raises(WireError):
                read_question(body)
            continue
        assert read_question(body)[1] == expected


@pytest.mark.parametrize("now", [value for value in VALUES if isinstance(value, str)])
def test_a_moment_is_read_alike_by_both(now):
    bent = copy.deepcopy(WHOLE)
    bent["request"]["now"] = now
    try:
        expected = request_from_json(bent).now
    except WireError:
        with pytest.raises(WireError):
            read_question(json.dumps(bent).encode())
        return
    assert read_question(json.dumps(bent).encode())[1].now == expected


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"null", b"[]", b"\xff\xfe", b"NaN", b"[" * 100_000, b'{"a":' * 50_000, b"9" * 10_000],
    ids=["nothing", "half", "null", "list", "not UTF-8", "NaN", "deep list", "deep object", "long number"],
)  # fmt: skip
def test_bytes_that_are_no_question_are_refused(body):
    with pytest.raises(WireError):
        read_question(body)


@pytest.mark.parametrize(
    "bent", ["NaN", "Infinity", "-Infinity", "false", "1.5", "1e3", "-5", "99999999999999999999"]
)
def test_what_cleared_a_capped_use_elsewhere_is_refused_here(bent):
    """On default FastAPI and Flask NaN, false and a negative duration got under a cap (facts.md)."""
    body = json.dumps(WHOLE).replace('"screen": [[0, 48]]', f'"screen": [[0, {bent}]]')
    assert bent in body
    with pytest.raises(WireError):
        read_question(body.encode())


def doubled_keys():
    """The question with one key after the other standing twice."""
    text = json.dumps(WHOLE)
    for key in (
        "schema",
        "shot",
        "replica",
        "screen",
        "recognition",
        "whole_cut",
        "names",
        "where",
        "cut_version",
    ):
        doubled = re.sub(rf'("{key}": (?:"[^"]*"|true|\[\[?[^\]]*\]?\]))', r"\1, \1", text, count=1)
        assert doubled != text, key
        yield doubled
    whole = json.dumps(WHOLE["request"]["uses"])
    yield text.replace(f'"uses": {whole}', f'"uses": {whole}, "uses": []')
    yield text.replace('"uses": ', '"\\u0075ses": [], "uses": ', 1)


@pytest.mark.parametrize("text", list(doubled_keys()))
def test_a_key_that_stands_twice_is_refused(text):
    """The last would win: a second, empty list of uses would hide every use of the cut."""
    with pytest.raises(WireError, match="duplicate key"):
        read_question(text.encode())


def test_what_our_client_writes_is_not_read_twice(monkeypatch):
    from clearcut.server import questions

    monkeypatch.setattr(questions, "strict_loads", lambda _: pytest.fail("read twice"))
    monkeypatch.setattr(questions, "_QUESTION", None)
    body = json.dumps(WHOLE, separators=(",", ":")).encode()
    assert read_question(body) == ("q1", REQUEST)


@pytest.mark.parametrize("change", [lambda use: use.pop("sequence"), lambda use: use.update(note="n")])
def test_the_twin_what_is_read_quickly_alone_lacks_keys_and_has_unknown_ones(change):
    """That it does not come out as it went in is what shows it."""
    from clearcut.server import questions

    bent = copy.deepcopy(WHOLE)
    change(bent["request"]["uses"][0])
    body = json.dumps(bent, separators=(",", ":")).encode()
    read = questions._QUICKLY.decode(body)
    assert read.request.uses == REQUEST.uses
    assert questions._ENCODER.encode(read) != body
    with pytest.raises(WireError):
        read_question(body)


def test_whole_numbers_stand_in_a_use_in_its_ranges_alone():
    """What the quick reader rests on: there they are looked at one by one."""

    def numbers(kind, name=""):
        if dataclasses.is_dataclass(kind):
            for field, hint in typing.get_type_hints(kind).items():
                yield from numbers(hint, field)
        elif kind in (int, FrameRange):
            yield name
        else:
            for argument in typing.get_args(kind):
                yield from numbers(argument, name)

    assert sorted(numbers(ReplicaUse)) == ["occluded", "record", "screen", "source"]


def test_an_answer_is_written_as_the_wire_says():
    told = reason(
        "licence-expires-soon", "ends soon", detail=MappingProxyType({"days": 3, "in": ["a", None]})
    )
    answer = CheckAnswer(
        (
            Decision("u0", Outcome.CLEARED, (told,), ("L-1",), "P1"),
            Decision("u1", Outcome.UNKNOWN, (reason("unknown-replica", "é\n"),), (), None),
        ),
        (Total("L-1", None, 2, Fraction(1001, 12000), Fraction(181, 2)),),
        (reason("delivery-profile-missing", "m"),),
        NOON.replace(microsecond=120),
        (DOUBT,),
    )
    plain = strict_loads(write_answer("q1", answer))
    assert plain == answer_to_json(answer, question="q1")
    request = dataclasses.replace(REQUEST, now=None)
    assert answer_from_json(plain, request, question="q1") == answer
