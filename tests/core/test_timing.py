"""Exact time: rates, seconds, ticks, and sets of half-open ranges against a model that looks at every unit."""

import math
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearcut.core.timing import (
    FrameRange,
    Timebase,
    format_seconds,
    intersect,
    parse_rate,
    parse_seconds,
    subtract,
    timebase_for,
    total,
    union,
)

ranges = st.lists(
    st.tuples(st.integers(-20, 40), st.integers(1, 15)).map(lambda p: FrameRange(p[0], p[0] + p[1])),
    max_size=8,
)
rates = st.sampled_from(
    [Fraction(24), Fraction(25), Fraction(30), Fraction(24000, 1001), Fraction(60000, 1001), Fraction(48000)]
)


def units(many):
    return {unit for one in many for unit in range(*one)}


@pytest.mark.parametrize(
    ("written", "rate"),
    [
        (24, Fraction(24)),
        (24.0, Fraction(24)),
        (23.976, Fraction(24000, 1001)),
        (23.98, Fraction(24000, 1001)),
        (23.976024627685547, Fraction(24000, 1001)),
        ("29.97", Fraction(30000, 1001)),
        (59.94, Fraction(60000, 1001)),
        ("24000/1001", Fraction(24000, 1001)),
        (47.952, Fraction(48000, 1001)),
        (12.5, Fraction(25, 2)),
    ],
)
def test_rates_are_snapped_to_what_they_mean(written, rate):
    assert parse_rate(written) == rate


@pytest.mark.parametrize(
    "written", [0, -24, True, None, "x", "0/1", "24/0", math.nan, math.inf, 1e9, "", "1e3", [24]]
)
def test_what_is_no_rate_is_refused(written):
    with pytest.raises(ValueError, match="rate"):
        parse_rate(written)


@pytest.mark.parametrize("written", [-1, True, 1.5, "-1", "1e3", "", "1/0", None, "٣"])
def test_what_are_no_seconds_is_refused(written):
    with pytest.raises(ValueError, match="seconds"):
        parse_seconds(written)


@given(st.fractions(min_value=0, max_value=10**6, max_denominator=10**6))
def test_seconds_are_written_so_that_they_read_back_exactly(seconds):
    assert parse_seconds(format_seconds(seconds)) == seconds


@given(rates, st.sets(rates, max_size=4))
def test_a_frame_of_every_rate_is_a_whole_number_of_ticks(rate, others):
    base = timebase_for(rate, others)
    assert all((base.rate * base.ticks_per_frame / other).denominator == 1 for other in others | {rate})
    assert base.seconds(base.ticks_per_frame) == 1 / rate


@given(ranges)
def test_a_union_holds_the_same_units_disjoint_and_in_order(many):
    made = union(many)
    assert units(made) == units(many)
    assert all(one.end < other.first for one, other in pairwise(made))
    assert total(many) == len(units(many))


@given(ranges, ranges)
def test_subtraction_is_that_of_sets(many, holes):
    assert units(subtract(many, holes)) == units(many) - units(holes)


@given(ranges, ranges)
def test_intersection_is_that_of_sets(many, others):
    for one in many:
        for other in others:
            both = intersect(one, other)
            assert (units([both]) if both else set()) == units([one]) & units([other])


@given(ranges, st.integers(1, 7))
def test_frames_of_ticks_are_those_that_are_touched(many, per_frame):
    base = Timebase(Fraction(24), per_frame)
    assert units(base.frame_ranges(many)) == {unit // per_frame for unit in units(many)}


def test_the_cap_of_ninety_seconds_is_exact_at_ntsc_rates():
    assert Timebase(Fraction(24)).seconds(2160) == 90
    ntsc = Timebase(Fraction(24000, 1001))
    assert ntsc.seconds(2157) <= 90 < ntsc.seconds(2158)


@pytest.mark.parametrize(("rate", "ticks"), [(Fraction(0), 1), (Fraction(-1), 1), (Fraction(24), 0)])
def test_a_timebase_of_nothing_is_refused(rate, ticks):
    with pytest.raises(ValueError, match="timebase"):
        Timebase(rate, ticks)
