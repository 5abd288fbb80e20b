"""OTIO's times as integers: values at their own rate, lengths in ticks of the cut.

Values are rounded to whole units of their own rate (OTIO's `to_frames` would truncate). A rate of one per second
or less counts seconds, not frames: there a fraction is kept and rounded at the cut's rate.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any, NamedTuple

from clearcut.core.timing import FrameRange, Timebase, parse_rate
from clearcut.edit.faults import Place, shown, unreadable

Node = dict[str, Any]

# 32,000 years at 1000 frames per second: beyond it a number is not a time, and arithmetic on it would take for ever.
_MAX_VALUE = 10**15


class NewRateError(Exception):
    """A length in a rate whose frame is no whole number of ticks: the cut needs a finer timebase."""

    def __init__(self, rate: Fraction) -> None:
        super().__init__(str(rate))
        self.rate = rate


class Rate(NamedTuple):
    """A rate and how many ticks one of its frames lasts, None when that is not whole."""

    exact: Fraction
    ticks: int | None


class Span(NamedTuple):
    """A TimeRange: `start` in frames of `rate` (None when the file does not say), `length` in ticks.

    `whole` is all of it in frames of `rate`, where a frame is a tick: shared by all clips that play just that.
    """

    start: int | None
    rate: Rate
    length: int
    whole: FrameRange | None = None


class Times:
    """Reads times for one timebase."""

    __slots__ = ("_rates", "_sound", "_spans", "timebase")

    def __init__(self, timebase: Timebase) -> None:
        self.timebase = timebase
        self._rates: dict[float, Rate] = {}
        # By identity: equal ranges are one object after `json_reader`, and the tree outlives the walk.
        self._spans: dict[int, Span] = {}
        self._sound: set[int] = set()

    def rate(self, raw: object, place: Place) -> Rate:
        """Raises EditError when `raw` is no finite positive number."""
        if raw.__class__ is not float and raw.__class__ is not int:
            raise unreadable(place, f"not a rate: {shown(raw)}")
        known = self._rates.get(raw)
        if known is not None:
            return known
        try:
            exact = parse_rate(raw)
        except ValueError as error:
            raise unreadable(place, str(error)) from error
        ticks = self.timebase.rate * self.timebase.ticks_per_frame / exact
        made = Rate(exact, int(ticks) if ticks.denominator == 1 else None)
        self._rates[raw] = made
        return made

    def span(self, node: object, place: Place) -> Span:
        """A TimeRange. Raises EditError when it is none, NewRateError when its length needs a finer timebase."""
        known = self._spans.get(id(node))
        if known is None:
            known = self._spans[id(node)] = self.new_span(node, place)
        return known

    def new_span(self, node: object, place: Place) -> Span:
        """The same of an object that need not outlive the walk."""
        if node.__class__ is not dict or not _is(node, "TimeRange"):
            raise unreadable(place, "not a TimeRange")
        length_value, length_rate = self._length(node.get("duration"), (place, ".duration"))
        start_node = node.get("start_time")
        if start_node is None:
            return Span(None, length_rate, self.ticks(length_value, length_rate))
        start, start_rate = self._time(start_node, (place, ".start_time"))
        if isinstance(start, Fraction):
            start_rate, start = self._as_seconds(start, start_rate)
        length = self.ticks(length_value, length_rate)
        whole = FrameRange(start, start + length) if start_rate.ticks == 1 else None
        return Span(start, start_rate, length, whole)

    def check(self, node: object, place: Place) -> None:
        """Raises EditError when the node is no TimeRange that can be, wherever it may stand."""
        if id(node) not in self._sound:
            self.check_new(node, place)
            self._sound.add(id(node))

    def check_new(self, node: object, place: Place) -> None:
        """The same of an object that need not outlive the walk."""
        if node.__class__ is not dict or not _is(node, "TimeRange"):
            raise unreadable(place, "not a TimeRange")
        self._length(node.get("duration"), (place, ".duration"))
        if node.get("start_time") is not None:
            self._time(node["start_time"], (place, ".start_time"))

    def check_length(self, node: object, place: Place) -> None:
        """Raises EditError when the node is no RationalTime that can be a length."""
        self._length(node, place)

    def time(self, node: object, place: Place) -> tuple[int, Rate]:
        """A RationalTime in whole frames of its rate. Raises EditError when it is none."""
        value, rate = self._time(node, place)
        if isinstance(value, Fraction):
            rate, value = self._as_seconds(value, rate)
        return value, rate

    def length(self, node: object, place: Place) -> int:
        """A RationalTime that is a length, in ticks. Raises EditError when negative, NewRateError as `span` does."""
        return self.ticks(*self._length(node, place))

    def ticks(self, value: int | Fraction, rate: Rate) -> int:
        """So many frames of `rate` in ticks; seconds that end within a frame are rounded to a frame of the cut."""
        if isinstance(value, Fraction):
            frames = max(1 if value > 0 else 0, _nearest(value / rate.exact * self.timebase.rate))
            return frames * self.timebase.ticks_per_frame
        if rate.ticks is None:
            raise NewRateError(rate.exact)
        return value * rate.ticks

    def _as_seconds(self, value: int | Fraction, rate: Rate) -> tuple[Rate, int]:
        cut = Rate(self.timebase.rate, self.timebase.ticks_per_frame)
        return cut, _nearest(value / rate.exact * cut.exact)

    def _length(self, node: object, place: Place) -> tuple[int | Fraction, Rate]:
        """A time that is a length. Raises EditError when it is negative."""
        value, rate = self._time(node, place)
        written = node["value"] if isinstance(node, dict) else 0
        if written < 0:
            raise unreadable(place, f"a negative duration: {shown(float(written))}")
        # What lasts at all lasts a frame: rounding must not take a clip out of the cut.
        return value or (1 if written > 0 else 0), rate

    def _time(self, node: object, place: Place) -> tuple[int | Fraction, Rate]:
        if node.__class__ is not dict or not _is(node, "RationalTime"):
            raise unreadable(place, "not a RationalTime")
        value = node.get("value")
        rate = self.rate(node.get("rate"), place)
        if value.__class__ is float:
            if not -_MAX_VALUE < value < _MAX_VALUE:
                raise unreadable(place, f"not a time: {shown(value)}")
            whole = int(value)
            if whole == value:
                return whole, rate
            if rate.exact <= 1:
                return Fraction(value), rate
            return math.floor(value + 0.5), rate
        if value.__class__ is not int or not -_MAX_VALUE < value < _MAX_VALUE:
            raise unreadable(place, f"not a time: {shown(value)}")
        return value, rate


def _nearest(value: Fraction) -> int:
    return math.floor(value + Fraction(1, 2))


def _is(node: Node, name: str) -> bool:
    schema = node.get("OTIO_SCHEMA")
    return schema.__class__ is str and schema.partition(".")[0] == name
