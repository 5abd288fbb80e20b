"""Which frames of media a clip consumes while it plays."""

from __future__ import annotations

import math

from clearcut.core.timing import FrameRange, Timebase
from clearcut.edit.times import Span
from clearcut.edit.view import Ticks


def consumed(span: Span, part: tuple[Ticks, Ticks], speed: Ticks, timebase: Timebase) -> FrameRange | None:
    """The media of a part of the clip, in whole frames at the source's rate: every frame that is touched counts.

    `part` is in ticks from the clip's start; before 0 and behind its length lie the handles of dissolves.

    Backwards the source range is what is consumed, the other way round, as the editing programs write it. None
    when the file does not say where the source begins.
    """
    start, rate = span.start, span.rate
    first, end = part
    if start is None:
        return None
    if speed == 1 and span.whole is not None and first == 0 and end == span.length:
        return span.whole
    if speed == 1 and rate.ticks == 1 and first.__class__ is int and end.__class__ is int:
        return FrameRange(start + first, start + end)
    if speed == 0:
        return FrameRange(start, start + 1)
    if speed < 0:
        first, end, speed = span.length - end, span.length - first, -speed
    # How many frames of the source pass in a tick of record time.
    per_tick = rate.exact / (timebase.rate * timebase.ticks_per_frame) * speed
    low = start + math.floor(first * per_tick)
    high = start + math.ceil(end * per_tick)
    return FrameRange(low, max(high, low + 1))
