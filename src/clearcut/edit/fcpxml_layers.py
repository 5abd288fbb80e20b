"""What lies where in one sequence or container of a Final Cut Pro X project, as an OTIO stack of tracks.

Knows nothing of XML. Times are exact seconds in the container's own time; they are put on its frames here, each
edge on the nearest one, as Final Cut does.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import NamedTuple

from clearcut.edit.otio_json import Json, otio, span, transition

# Where nothing is held: 0, but told from a 0 that is meant.
_NEVER = Fraction(0)


class Placed(NamedTuple):
    """A clip or nest on a lane; `node` lacks its source range yet.

    `source` is where its own time begins, in seconds; the node's time begins at 0. `size` is how many clips and
    nests it is, those in it counted.
    """

    at: Fraction
    end: Fraction
    lane: int
    sound: bool
    node: Json
    source: Fraction
    source_rate: Fraction
    size: int


class Dissolve(NamedTuple):
    """A transition on a lane, from where it begins to where it ends."""

    lane: int
    at: Fraction
    end: Fraction


@dataclass(slots=True)
class Layers:
    """All that a container holds. `first` and `last` are the edges of everything in it, gaps too; 0 for nothing."""

    rate: Fraction
    placed: list[Placed] = field(default_factory=list)
    dissolves: list[Dissolve] = field(default_factory=list)
    first: Fraction = _NEVER
    last: Fraction = _NEVER

    def reach(self, at: Fraction, end: Fraction) -> None:
        """Something lies from `at` to `end`, be it a gap."""
        self.first = at if self.first is _NEVER else min(self.first, at)
        self.last = end if self.last is _NEVER else max(self.last, end)

    @property
    def size(self) -> int:
        """How many clips and nests there are in all."""
        return sum(one.size for one in self.placed)

    def heard(self) -> Layers:
        """All of it as sound."""
        return replace(self, placed=[one._replace(sound=True) for one in self.placed])

    def seen(self) -> Layers:
        """All but the sound."""
        return replace(self, placed=[one for one in self.placed if not one.sound])

    def between(self, first: Fraction, end: Fraction) -> Layers:
        """What touches a stretch of its time: a multicam of hours is not walked for each cut in it."""
        return replace(self, placed=[one for one in self.placed if one.at < end and first < one.end])

    def add(self, other: Layers, lane: int) -> None:
        """Everything of `other`, all of it on one lane."""
        self.placed += [one._replace(lane=lane) for one in other.placed]
        self.dissolves += [one._replace(lane=lane) for one in other.dissolves]
        if other.first is not _NEVER:
            self.reach(other.first, other.last)

    def stack(self, name: str, start: Fraction) -> Json:
        """An OTIO stack whose time begins at `start`: tracks from the lowest lane to the highest."""
        tracks = []
        for lane, sound in sorted({(one.lane, one.sound) for one in self.placed}):
            here = [one for one in self.placed if (one.lane, one.sound) == (lane, sound)]
            tracks += [self._track(row, lane, start, sound=sound) for row in _rows(here)]
        tracks += self._silence(start) if self.placed else []
        return otio("Stack", name=name, children=tracks)

    def _silence(self, start: Fraction) -> list[Json]:
        """A gap as long as everything: what ends in a gap lasts until the gap does."""
        length = self._frame(self.last - start)
        gap = otio("Gap", source_range=span(0, length, self.rate))
        return [otio("Track", name="gap", kind="Video", children=[gap])]

    def _track(self, row: list[Placed], lane: int, start: Fraction, *, sound: bool) -> Json:
        children: list[Json] = []
        over = sorted(one for one in self.dissolves if one.lane == lane)
        at = 0
        for one in row:
            first, end = self._frame(one.at - start), self._frame(one.end - start)
            # What lasts at all lasts a frame, and nothing begins before what it follows has ended.
            first = max(first, at)
            end = max(end, first + 1)
            if first > at:
                children.append(otio("Gap", source_range=span(0, first - at, self.rate)))
            elif children:
                children += self._dissolve(over, one.at, first, start)
            node = {
                **one.node,
                "source_range": span(
                    _nearest(one.source * one.source_rate), end - first, one.source_rate, self.rate
                ),
            }
            children.append(node)
            at = end
        kind = "Audio" if sound else "Video"
        return otio("Track", name=f"lane {lane}", kind=kind, children=children)

    def _dissolve(self, over: list[Dissolve], cut: Fraction, frame: int, start: Fraction) -> list[Json]:
        """The transition over the cut at that place, if there is one; over a gap nothing goes on."""
        before = bisect_right(over, cut, key=lambda one: one.at) - 1
        if before < 0 or over[before].end < cut:
            return []
        first, end = self._frame(over[before].at - start), self._frame(over[before].end - start)
        return [transition(max(0, frame - first), max(0, end - frame), self.rate)]

    def _frame(self, seconds: Fraction) -> int:
        return _nearest(seconds * self.rate)


def _nearest(value: Fraction) -> int:
    return math.floor(value + Fraction(1, 2))


def _rows(placed: list[Placed]) -> list[list[Placed]]:
    """Rows of what does not overlap; in good edits there is one to a lane."""
    rows: list[list[Placed]] = []
    for one in sorted(placed, key=lambda each: (each.at, each.end)):
        for row in rows:
            if row[-1].end <= one.at:
                row.append(one)
                break
        else:
            rows.append([one])
    return rows
