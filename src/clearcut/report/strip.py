"""Where shots and uses lie in record time, as lanes of blocks in percent of the cut: what any strip draws.

Knows no SVG and no colours. Blocks of one lane that touch and have one outcome are one block, except where each
leads to its own shot.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from clearcut.core.timing import FrameRange, Timebase, subtract, total, union
from clearcut.core.verdict import Outcome, UseVerdict, Verdict
from clearcut.report.wording import NOBODY, timecode

MAX_LANES = 12
_BEST_FIRST = tuple(Outcome)


class Block(NamedTuple):
    """One stretch of a lane; `left` and `width` in percent. `shot` is an index into `verdict.shots`, or -1."""

    left: float
    width: float
    shot: int = -1


@dataclass(frozen=True, slots=True)
class Layer:
    """The blocks of one outcome in one lane; `hollow` when they are there and not seen: heard, or covered."""

    outcome: Outcome
    hollow: bool
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Lane:
    """One row of the strip. Layers are drawn in order, the worst last and so on top."""

    label: str
    layers: tuple[Layer, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A tick of the axis: where in percent, and its timecode."""

    left: float
    label: str


@dataclass(frozen=True, slots=True)
class Strip:
    """The whole cut in record time: the shots' lane first, then one per performer, worst first."""

    lanes: tuple[Lane, ...]
    marks: tuple[Mark, ...]


def strip_of(verdict: Verdict, *, max_lanes: int = MAX_LANES) -> Strip:
    """The strip of a verdict; without lanes when nothing of it lies in the cut.

    At most `max_lanes` lanes of performers; those beyond it share one.
    """
    length = _length(verdict)
    if not length:
        return Strip((), ())
    lanes = [_shots_lane(verdict, length)]
    by_performer: dict[str, list[UseVerdict]] = {}
    for shot in verdict.shots:
        for use in shot.uses:
            by_performer.setdefault(use.decision.performer or NOBODY, []).append(use)
    order = sorted(by_performer.items(), key=lambda item: _weight(item[1]), reverse=True)
    # A crowd is one lane, not forty that look alike.
    alike: dict[tuple[Layer, ...], list[str]] = {}
    for name, uses in order:
        alike.setdefault(_uses_layers(uses, length), []).append(name)
    found = list(alike.items())
    if len(found) == max_lanes + 1:
        max_lanes += 1  # "1 other" takes the same room as its name
    lanes += [Lane(_names(names), layers) for layers, names in found[:max_lanes]]
    rest = {name for _, names in found[max_lanes:] for name in names}
    if rest:
        left = [use for name in rest for use in by_performer[name]]
        lanes.append(Lane(f"{len(rest)} others", _uses_layers(left, length)))
    return Strip(tuple(lanes), _marks(verdict.edit.timebase, length))


def percent_at(verdict: Verdict, frame: int) -> float | None:
    """Where a whole frame of the cut (record time, from 0) is on its strip, in percent; None outside the cut."""
    length, timebase = _length(verdict), verdict.edit.timebase
    tick = frame if timebase is None else frame * timebase.ticks_per_frame
    return 100 * tick / length if length and 0 <= tick < length else None


def _length(verdict: Verdict) -> int:
    ends = [r.end for shot in verdict.shots for r in shot.record]
    return max([verdict.edit.duration if ends else 0, *ends])


def _weight(uses: list[UseVerdict]) -> tuple[int, int]:
    """Worst outcome, then most time on screen."""
    worst = max(use.decision.outcome.rank for use in uses)
    return worst, total(r for use in uses for r in use.use.screen)


def _shots_lane(verdict: Verdict, length: int) -> Lane:
    blocks: dict[Outcome, list[Block]] = {}
    for index, shot in enumerate(verdict.shots):
        blocks.setdefault(shot.outcome, []).extend(_blocks(shot.record, length, index))
    return Lane("Shots", tuple(Layer(o, False, tuple(blocks[o])) for o in _BEST_FIRST if blocks.get(o)))


def _uses_layers(uses: Iterable[UseVerdict], length: int) -> tuple[Layer, ...]:
    seen: dict[tuple[Outcome, bool], list[FrameRange]] = {}
    for use in uses:
        shown = subtract(use.use.screen, use.use.occluded) if use.use.occluded else use.use.screen
        if shown:
            seen.setdefault((use.decision.outcome, False), []).extend(shown)
        unseen = use.use.occluded if shown else use.use.record
        if unseen:
            seen.setdefault((use.decision.outcome, True), []).extend(unseen)
    return tuple(
        Layer(outcome, hollow, tuple(_blocks(union(seen[outcome, hollow]), length)))
        for outcome in _BEST_FIRST
        for hollow in (False, True)
        if seen.get((outcome, hollow))
    )


def _names(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"


def _blocks(ranges: Iterable[FrameRange], length: int, shot: int = -1) -> Iterable[Block]:
    return (Block(100 * r.first / length, 100 * (r.end - r.first) / length, shot) for r in ranges)


def _marks(timebase: Timebase | None, length: int) -> tuple[Mark, ...]:
    """About five ticks at whole, round seconds; none in a cut without a rate or shorter than a second."""
    if timebase is None:
        return ()
    seconds = timebase.seconds(length)
    step = next((s for s in _STEPS if seconds / s <= 6), 3600 * 24)
    per_second = timebase.rate * timebase.ticks_per_frame
    marks = []
    at = 0
    # A label that begins at the very end would be cut off.
    while Fraction(at) < seconds * Fraction(95, 100):
        tick = int(at * per_second)
        marks.append(Mark(100 * tick / length, timecode(tick // timebase.ticks_per_frame, timebase)))
        at += step
    return tuple(marks)


_STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)
