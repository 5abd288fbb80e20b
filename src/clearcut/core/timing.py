"""Exact time: rates as rationals, half-open ranges of whole units, seconds as rationals.

Knows nothing of edits. A *tick* is the smallest unit of record time of one cut: all its rates are whole numbers
of ticks, so that a cut of mixed rates needs integers only and no length is ever rounded. In a cut of one rate a
tick is a frame.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

# Rates as floats vary (23.976, 23.98, 23.976024627685547): this far from n*1000/1001 they are taken for it.
_NTSC_TOLERANCE = Fraction(1, 200)
_WHOLE_TOLERANCE = Fraction(1, 100_000)
_MAX_RATE = 1_000_000
_RATIONAL = re.compile(r"\d{1,18}/\d{1,18}", re.ASCII)
_DECIMAL = re.compile(r"\d{1,18}(\.\d{1,18})?", re.ASCII)


class FrameRange(NamedTuple):
    """Half-open `[first, end)`, in whole units: source frames, or ticks of record time. `end > first`."""

    first: int
    end: int

    @property
    def length(self) -> int:
        """How many units."""
        return self.end - self.first


def parse_rate(value: float | str) -> Fraction:
    """Frames per second as a rational; floats and decimals are snapped to n*1000/1001 where they mean that.

    Raises ValueError when the rate is not a number, not finite, not positive, or beyond a million.
    """
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ValueError(f"not a rate: {value!r}")
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"not a finite rate: {value!r}")
    if isinstance(value, str):
        text = value.strip()
        if _RATIONAL.fullmatch(text):
            above, below = text.split("/")
            if int(below) == 0:
                raise ValueError(f"not a rate: {value!r}")
            exact = Fraction(int(above), int(below))
            return _positive(exact, value)
        if not _DECIMAL.fullmatch(text):
            raise ValueError(f"not a rate: {value!r}")
        return _snap(_positive(Fraction(text), value))
    return _snap(_positive(Fraction(value), value))


def _positive(rate: Fraction, shown: object) -> Fraction:
    if not 0 < rate <= _MAX_RATE:
        raise ValueError(f"not a positive rate: {shown!r}")
    return rate


def _snap(rate: Fraction) -> Fraction:
    whole = Fraction(round(rate))
    if whole > 0 and abs(rate - whole) <= _WHOLE_TOLERANCE:
        return whole
    ntsc = Fraction(round(rate * 1001 / 1000) * 1000, 1001)
    if ntsc > 0 and abs(rate - ntsc) <= _NTSC_TOLERANCE:
        return ntsc
    return _positive(rate.limit_denominator(1001), float(rate))


def parse_seconds(value: int | str) -> Fraction:
    """Seconds from an integer, a decimal or a rational string (`"90"`, `"90.5"`, `"2160/24"`); never a float.

    Raises ValueError on anything else, negative numbers included.
    """
    if isinstance(value, bool) or not isinstance(value, (int, str)):
        raise ValueError(f"not seconds: {value!r} (an integer, or a decimal or rational string)")
    if isinstance(value, int):
        if value < 0:
            raise ValueError(f"not seconds: {value!r} is negative")
        return Fraction(value)
    if _RATIONAL.fullmatch(value):
        above, below = value.split("/")
        if int(below) != 0:
            return Fraction(int(above), int(below))
    elif _DECIMAL.fullmatch(value):
        return Fraction(value)
    raise ValueError(f"not seconds: {value!r} (an integer, or a decimal or rational string)")


def format_seconds(seconds: Fraction) -> str:
    """The shortest exact text that `parse_seconds` reads back: `"12"`, `"90.25"`, else a rational `"1001/24"`."""
    below = seconds.denominator
    for prime in (2, 5):
        while below % prime == 0:
            below //= prime
    if below != 1 or seconds.denominator > 10**15:
        return f"{seconds.numerator}/{seconds.denominator}"
    if seconds.denominator == 1:
        return str(seconds.numerator)
    # A context precision of 28 digits would round long numbers, so the digits are counted out.
    exponent = 0
    while (seconds * 10**exponent).denominator != 1:
        exponent += 1
    digits = Decimal((seconds * 10**exponent).numerator).scaleb(-exponent)
    return f"{digits:f}"


def format_rate(rate: Fraction) -> str:
    """`"24"`, or `"24000/1001"`."""
    return str(rate)


@dataclass(frozen=True, slots=True)
class Timebase:
    """How record time is counted in one cut: `rate` frames per second, `ticks_per_frame` ticks in each frame."""

    rate: Fraction
    ticks_per_frame: int = 1

    def __post_init__(self) -> None:
        """Raises ValueError on a rate or tick count that is not positive."""
        if self.rate <= 0 or self.ticks_per_frame < 1:
            raise ValueError("a timebase needs a positive rate and at least one tick per frame")

    def seconds(self, ticks: int) -> Fraction:
        """Exact seconds of so many ticks."""
        rate = self.rate
        return Fraction(ticks * rate.denominator, rate.numerator * self.ticks_per_frame)

    def frames(self, ticks: int) -> Fraction:
        """Frames of the cut's rate, exact; not whole when a clip of another rate ends between two frames."""
        return Fraction(ticks, self.ticks_per_frame)

    def whole_frames(self, ticks: int) -> int:
        """Frames rounded up: a frame that is touched is a frame that shows something."""
        return -(-ticks // self.ticks_per_frame)

    def frame_ranges(self, ranges: Iterable[FrameRange]) -> tuple[FrameRange, ...]:
        """Ranges of ticks as ranges of whole frames, each widened to the frames it touches, then united."""
        per = self.ticks_per_frame
        return union(FrameRange(r.first // per, -(-r.end // per)) for r in ranges)


def timebase_for(rate: Fraction, others: Iterable[Fraction] = ()) -> Timebase:
    """The coarsest timebase at `rate` in which a frame of every other rate is a whole number of ticks."""
    tick = 1 / rate
    for other in set(others):
        duration = 1 / other
        tick = Fraction(
            math.gcd(tick.numerator * duration.denominator, duration.numerator * tick.denominator),
            tick.denominator * duration.denominator,
        )
    return Timebase(rate, int(1 / rate / tick))


def union(ranges: Iterable[FrameRange]) -> tuple[FrameRange, ...]:
    """The same units as disjoint ranges in order; touching ranges become one, empty ones vanish."""
    merged: list[FrameRange] = []
    for current in sorted(r for r in ranges if r.end > r.first):
        if merged and current.first <= merged[-1].end:
            if current.end > merged[-1].end:
                merged[-1] = FrameRange(merged[-1].first, current.end)
        else:
            merged.append(FrameRange(current.first, current.end))
    return tuple(merged)


def total(ranges: Iterable[FrameRange]) -> int:
    """How many different units the ranges hold together."""
    return sum(r.length for r in union(ranges))


def subtract(ranges: Iterable[FrameRange], holes: Iterable[FrameRange]) -> tuple[FrameRange, ...]:
    """What `ranges` hold and `holes` do not, disjoint and in order."""
    left: list[FrameRange] = []
    cut = union(holes)
    start = 0
    for whole in union(ranges):
        first = whole.first
        while start < len(cut) and cut[start].end <= first:
            start += 1
        index = start
        while index < len(cut) and cut[index].first < whole.end:
            hole = cut[index]
            if hole.first > first:
                left.append(FrameRange(first, hole.first))
            first = max(first, hole.end)
            index += 1
        if first < whole.end:
            left.append(FrameRange(first, whole.end))
    return tuple(left)


def intersect(one: FrameRange, other: FrameRange) -> FrameRange | None:
    """What both hold, or None when they do not meet."""
    first, end = max(one.first, other.first), min(one.end, other.end)
    return FrameRange(first, end) if end > first else None
