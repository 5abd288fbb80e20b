"""What goes over the wire comes back equal; what is bent on the way is refused, with its place."""

from __future__ import annotations

import copy
import dataclasses
import json
from datetime import datetime, timedelta, timezone
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearcut.core.codec import format_moment, parse_moment
from clearcut.core.reasons import CATALOGUE, WaiverBy, reason
from clearcut.core.registry import KnownReplica, Recognition
from clearcut.core.replica import Asset, AssetKind, Match, MatchKind, NotReplica
from clearcut.core.request import CheckAnswer
from clearcut.core.timing import FrameRange
from clearcut.core.verdict import Decision, Outcome, Severity, Total
from clearcut.core.wire import (
    WireError,
    answer_from_json,
    answer_to_json,
    recognition_from_json,
    recognition_to_json,
    request_from_json,
    request_to_json,
    strict_loads,
)
from fakes.questions import NOON, a_request, a_use, blocked, cleared, cleared_answer

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
MOMENTS = st.datetimes(timezones=st.just(timezone.utc))
RATIONALS = st.fractions(min_value=0, max_value=10**9, max_denominator=10**6)


@st.composite
def disjoint(draw):
    steps = draw(st.lists(st.integers(1, 1000), max_size=6))
    ranges, at = [], draw(st.integers(-100, 1000))
    for step in steps:
        ranges.append(FrameRange(at, at + step))
        at += 2 * step
    return tuple(ranges)


@st.composite
def requests(draw):
    uses = tuple(
        a_use(
            number,
            shot=draw(WORDS),
            screen=draw(disjoint()),
            record=draw(disjoint()),
            source=draw(disjoint()),
            source_known=draw(st.booleans()),
            scene_only=draw(st.booleans()),
            version=draw(st.none() | WORDS),
            models=tuple(draw(st.lists(WORDS, max_size=2))),
        )
        for number in range(draw(st.integers(1, 4)))
    )
    return a_request(*uses, production=draw(st.none() | WORDS), now=draw(st.none() | MOMENTS))


@st.composite
def answers(draw, request):
    decisions = tuple(
        draw(st.sampled_from([cleared, blocked]))(use.id)._replace(performer=draw(st.none() | WORDS))
        for use in request.uses
    )
    total = Total(
        draw(WORDS), None, draw(st.integers(0, 10**9)), draw(RATIONALS), draw(st.none() | RATIONALS)
    )
    return CheckAnswer(decisions, (total,), (), request.now or draw(MOMENTS))


def through_text(plain):
    return strict_loads(json.dumps(plain))


@given(requests())
def test_a_request_comes_back_equal(request):
    assert request_from_json(through_text(request_to_json(request))) == request


@given(st.data(), requests())
def test_an_answer_comes_back_equal(data, request):
    answer = data.draw(answers(request))
    assert answer_from_json(through_text(answer_to_json(answer)), request) == answer


def test_a_recognition_comes_back_equal():
    recognition = Recognition(
        replicas=(KnownReplica("rpl-a", "P1"), KnownReplica("rpl-b", None)),
        assets=(
            Asset("rpl-a", AssetKind.MODEL, Match(MatchKind.PATH, "*.cat")),
            Asset("rpl-b", AssetKind.ASSET, Match(MatchKind.METADATA, "7", "ayon.representation")),
        ),
        not_replicas=(NotReplica(Match(MatchKind.PATH, "*/statue_*"), "stone", "A. Person", NOON),),
    )
    assert recognition_from_json(through_text(recognition_to_json(recognition))) == recognition


@given(MOMENTS, st.integers(-23 * 60, 23 * 60))
def test_a_moment_comes_back_equal_whatever_its_zone(moment, minutes):
    zone = timezone(timedelta(minutes=minutes))
    if not datetime.min.replace(tzinfo=zone) < moment < datetime.max.replace(tzinfo=zone):
        return
    assert parse_moment(format_moment(moment.astimezone(zone))) == moment


@pytest.mark.parametrize(
    "text, moment",
    [
        ("2026-11-20T12:00:00Z", NOON),
        ("2026-11-20T13:30:00+01:30", NOON),
        ("2026-11-20T12:00:00.25Z", NOON.replace(microsecond=250_000)),
    ],
)
def test_moments_are_rfc_3339(text, moment):
    assert parse_moment(text) == moment


@pytest.mark.parametrize(
    "text",
    ["2026-11-20T12:00:00", "2026-11-20", "2026-13-01T00:00:00Z", "2026-11-20T25:00:00Z", "now", "", 0, None,
     "2026-11-20 12:00:00Z", "0001-01-01T00:00:00+01:00", "२०२६-11-20T12:00:00Z"],
)  # fmt: skip
def test_what_is_no_moment_with_a_zone_is_refused(text):
    with pytest.raises(WireError):
        parse_moment(text)


def places(plain, path=()):
    """Every place in a JSON value: the path of keys and indices that leads there."""
    yield path
    if isinstance(plain, dict):
        for key, value in plain.items():
            yield from places(value, (*path, key))
    elif isinstance(plain, list):
        for index, value in enumerate(plain):
            yield from places(value, (*path, index))


def changed_at(plain, path, change):
    bent = copy.deepcopy(plain)
    around = bent
    for step in path[:-1]:
        around = around[step]
    change(around, path[-1])
    return bent


def _put(value):
    def change(around, last):
        around[last] = value

    return change


WHOLE = request_to_json(a_request(a_use(0, models=("m.cat",)), now=NOON))
PLACES = [path for path in places(WHOLE) if path]


@pytest.mark.parametrize(
    "path", [p for p in PLACES if isinstance(p[-1], str)], ids=lambda p: ".".join(map(str, p))
)
def test_a_request_without_one_of_its_keys_is_refused(path):
    """Nothing has a default on the wire: what a proxy or an old client leaves out is not made up."""
    with pytest.raises(WireError):
        request_from_json(changed_at(WHOLE, path, lambda around, last: around.pop(last)))


@pytest.mark.parametrize("value", [1.5, float("nan"), {"a": 1}, "\ud800", -(2**60)], ids=repr)
@pytest.mark.parametrize("path", PLACES, ids=lambda p: ".".join(map(str, p)))
def test_a_value_of_a_wrong_kind_is_refused_wherever_it_stands(path, value):
    with pytest.raises(WireError):
        request_from_json(changed_at(WHOLE, path, _put(value)))


def at(plain, path):
    for step in path:
        plain = plain[step]
    return plain


OBJECTS = [path for path in places(WHOLE) if isinstance(at(WHOLE, path), dict)]


@pytest.mark.parametrize("path", OBJECTS, ids=lambda p: ".".join(map(str, p)) or "top")
def test_an_unknown_key_is_refused_wherever_it_stands(path):
    """An old server that ignored a newer client's key would judge less than it was asked."""
    bent = copy.deepcopy(WHOLE)
    at(bent, path)["sound_only"] = True
    with pytest.raises(WireError, match="sound_only"):
        request_from_json(bent)


USE = ("request", "uses", 0)


@pytest.mark.parametrize(
    "path, value",
    [
        ((*USE, "screen"), [[5, 5]]),
        ((*USE, "screen"), [[5, 4]]),
        ((*USE, "screen"), [[0, 48, 96]]),
        ((*USE, "screen"), [[0]]),
        ((*USE, "screen"), [[False, True]]),
        ((*USE, "screen"), [["0", "48"]]),
        ((*USE, "screen"), [[0, 2**60]]),
        ((*USE, "screen"), [[0, 48], [47, 60]]),
        ((*USE, "screen"), [[50, 60], [0, 48]]),
        ((*USE, "record"), [[48, 0]]),
        ((*USE, "source"), [[1049, 1001]]),
        ((*USE, "source_known"), 1),
        ((*USE, "evidence", 0, "kind"), "hearsay"),
        (("request", "whole_cut"), "true"),
        (("request", "timebase", "rate"), 24),
        (("request", "timebase", "rate"), "0"),
        (("request", "timebase", "rate"), "-24"),
        (("request", "timebase", "rate"), "24/0"),
        (("request", "timebase", "rate"), "NaN"),
        (("request", "timebase", "rate"), "inf"),
        (("request", "timebase", "rate"), "٢٤"),
        (("request", "timebase", "ticks_per_frame"), 0),
        (("request", "timebase", "ticks_per_frame"), True),
        (("request", "now"), "2026-11-20T12:00:00"),
        (("request", "now"), 0),
        (("request", "policy", "expires_soon_days"), True),
        (("schema",), "clearcut.check/2"),
        (("question",), None),
    ],
)
def test_nonsense_is_refused_and_the_message_names_its_place(path, value):
    with pytest.raises(WireError) as raised:
        request_from_json(changed_at(WHOLE, path, _put(value)))
    named = raised.value.path
    assert named
    shown = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
    assert named.startswith(shown) or shown.startswith(named)


def test_two_uses_of_one_id_are_refused():
    with pytest.raises(WireError, match="duplicate id"):
        request_from_json(request_to_json(a_request(a_use(0), a_use(0))))


@pytest.mark.parametrize(
    "text",
    ['{"a": 1, "a": 2}', "NaN", "[Infinity]", "[-Infinity]", "", "{", "[" * 100_000, '{"a": 1}x', "9" * 5000, b"\xff{}"],
    ids=lambda text: repr(text[:12]),
)  # fmt: skip
def test_text_that_is_not_strict_json_is_refused(text):
    with pytest.raises(WireError):
        strict_loads(text)


def test_a_revision_that_is_not_that_of_the_recognition_is_refused():
    plain = recognition_to_json(Recognition((KnownReplica("rpl-a", "P1"),), (), ()))
    plain["replicas"] = []
    with pytest.raises(WireError, match="revision"):
        recognition_from_json(plain)


# Answers that contradict themselves


REQUEST = a_request(a_use(0))


def judged(outcome, *reasons, licences=("L-1",), performer="P1"):
    decision = Decision("u0", outcome, reasons, licences, performer)
    return answer_to_json(CheckAnswer((decision,), (), (), NOON))


BLOCKS, DOUBTS = reason("no-licence", "m"), reason("unknown-replica", "m")
WARNS = reason("licence-expires-soon", "m")
WAIVED = dataclasses.replace(BLOCKS, severity=Severity.WARN, detail={"waiver": "W-1"})


@pytest.mark.parametrize(
    "plain",
    [
        judged(Outcome.BLOCKED, BLOCKS),
        judged(Outcome.BLOCKED, BLOCKS, DOUBTS, WARNS),
        judged(Outcome.UNKNOWN, DOUBTS, WARNS),
        judged(Outcome.CLEARED),
        judged(Outcome.CLEARED, WARNS),
        judged(Outcome.CLEARED_WITH_DUTIES, WARNS),
        judged(Outcome.CLEARED, WAIVED, licences=()),
        judged(Outcome.EXEMPT, licences=()),
    ],
)
def test_an_outcome_that_follows_from_its_reasons_is_believed(plain):
    assert answer_from_json(plain, REQUEST).decisions[0].use == "u0"


@pytest.mark.parametrize(
    "plain",
    [
        judged(Outcome.BLOCKED),
        judged(Outcome.BLOCKED, WARNS, DOUBTS),
        judged(Outcome.UNKNOWN),
        judged(Outcome.UNKNOWN, WARNS),
        judged(Outcome.UNKNOWN, BLOCKS),
        judged(Outcome.CLEARED, BLOCKS),
        judged(Outcome.CLEARED, DOUBTS),
        judged(Outcome.CLEARED_WITH_DUTIES, BLOCKS),
        judged(Outcome.EXEMPT, BLOCKS),
        judged(Outcome.EXEMPT, DOUBTS),
        judged(Outcome.NOT_APPLICABLE),
        judged(Outcome.CLEARED, licences=()),
        judged(Outcome.CLEARED, licences=(), performer=None),
        judged(Outcome.CLEARED, WARNS, licences=()),
    ],
)
def test_an_outcome_that_its_reasons_contradict_is_refused(plain):
    with pytest.raises(WireError):
        answer_from_json(plain, REQUEST)


@pytest.mark.parametrize("code", [c for c, entry in CATALOGUE.items() if entry.waiver is WaiverBy.NEVER])
def test_a_reason_that_nobody_may_waive_is_not_waived_by_a_server_either(code):
    waived = dataclasses.replace(reason(code, "m"), severity=Severity.WARN, detail={"waiver": "W-1"})
    with pytest.raises(WireError):
        answer_from_json(judged(Outcome.CLEARED, waived), REQUEST)


def test_a_rational_is_exact():
    answer = dataclasses.replace(
        cleared_answer(REQUEST), totals=(Total("L-1", None, 1, Fraction(1001, 24000), None),)
    )
    assert answer_from_json(through_text(answer_to_json(answer)), REQUEST) == answer


@settings(max_examples=200)
@given(st.data())
def test_no_single_change_of_an_answer_clears_what_was_blocked(data):
    """The law behind it all: a bent answer is refused, or is the same, or is worse."""
    request = a_request(a_use(0), a_use(1))
    plain = answer_to_json(CheckAnswer((blocked("u0"), cleared("u1")), (), (), NOON))
    path = data.draw(st.sampled_from([p for p in places(plain) if p]))
    other = data.draw(
        st.sampled_from([None, True, 0, "", "cleared", "exempt", "u1", "warn", [], {}, "no-licence", "L-9"])
    )
    try:
        read = answer_from_json(changed_at(plain, path, _put(other)), request)
    except WireError:
        return
    assert not read.decisions[0].outcome.may_publish
