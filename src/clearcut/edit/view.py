"""Which part of a nested piece of the edit is on record, and where: the arithmetic of trims and retimes.

All numbers are ticks; they are Fractions only inside a retimed nesting.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from clearcut.core.freezing import new
from clearcut.core.timing import FrameRange

Ticks = int | Fraction
# Before everything that is on record.
FAR = -(10**30)


class Trim(NamedTuple):
    """A nested item's source range in ticks of its own time, how fast that passes, and one frame in ticks.

    `speed` is None when it cannot be told.
    """

    start: Ticks
    length: Ticks
    speed: Ticks | None
    frame: int


class View(NamedTuple):
    """The part `[first, end)` of an item's own time that is on record (`end` None: as far as it goes).

    Own time `t` is on record at `t / speed + shift`. `held` is set where a freeze, or a retime that nobody can
    tell, shows the part for a whole stretch of record time: `source_known` is False for the latter.
    """

    first: Ticks
    end: Ticks | None
    shift: Ticks = 0
    speed: Ticks = 1
    held: tuple[Ticks, Ticks] | None = None
    source_known: bool = True

    def clip(self, first: Ticks, end: Ticks) -> tuple[Ticks, Ticks] | None:
        """What of `[first, end)` in own time is on record, None when nothing is."""
        # Nearly every clip lies whole in what is seen.
        if first < self.first or (self.end is not None and end > self.end):
            first = max(first, self.first)
            end = end if self.end is None else min(end, self.end)
        return (first, end) if first < end else None

    def within(self, first: Ticks, end: Ticks) -> View:
        """The same view of no more than `[first, end)` in own time."""
        return self._replace(
            first=max(first, self.first), end=end if self.end is None else min(end, self.end)
        )

    def record(self, first: Ticks, end: Ticks) -> tuple[Ticks, Ticks]:
        """Where own time `[first, end)` is on record; a FrameRange where both edges are whole ticks already."""
        if self.held is not None:
            return self.held
        if self.speed == 1:
            return new(FrameRange, (first + self.shift, end + self.shift))
        one = Fraction(first) / self.speed + self.shift
        other = Fraction(end) / self.speed + self.shift
        return (one, other) if one < other else (other, one)

    def into(self, at: Ticks, seen: tuple[Ticks, Ticks], trim: Trim) -> View:
        """The view into a nested item that stands `at` in this one's time, of which `seen` is on record."""
        first, end = seen[0] - at, seen[1] - at
        start, length, speed, frame = trim
        if speed is None:
            # All of it may be on record all the time.
            return View(FAR, None, held=self.record(*seen), source_known=False)
        if speed == 0:
            return View(start, start + frame, held=self.record(*seen), source_known=self.source_known)
        if speed == 1:
            inner, origin = (start + first, start + end), at - start
        elif speed > 0:
            inner, origin = (start + first * speed, start + end * speed), at - Fraction(start) / speed
        else:
            # Played backwards: the source range is what is consumed, and its last frame comes first.
            inner = (start + (length - end) * -speed, start + (length - first) * -speed)
            origin = at + length + Fraction(start) / -speed
        if self.speed != 1:
            origin = Fraction(origin) / self.speed
        return View(*inner, origin + self.shift, speed * self.speed, self.held, self.source_known)
