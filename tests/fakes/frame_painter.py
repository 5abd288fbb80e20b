"""A slow painter of edits: asks of one moment at a time what is on screen, as domain.md 2.2 says it, and nothing else.

Shares no code and no thought with the walker: no ticks, no views, no ranges. Times are Fractions of seconds. A moment
of the cut is carried down through each nesting into the moment of the media that is on screen then.
"""

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from fakes.otio_json import Node


class Painted(NamedTuple):
    """A clip on screen (or heard), and which moment of its media, in frames of its own rate; None: cannot be told."""

    name: str
    media: Fraction | None
    sound: bool


_KNOWN: dict[int, tuple[Node, tuple[Fraction, Fraction]]] = {}


def seconds(time: Node) -> Fraction:
    return Fraction(time["value"]) / Fraction(time["rate"])


def is_a(node: Node, name: str) -> bool:
    return node["OTIO_SCHEMA"].startswith(f"{name}.")


def length(node: Node) -> Fraction:
    """How long an object lasts in what it lies in."""
    if node.get("source_range") is not None:
        return seconds(node["source_range"]["duration"])
    first, end = extent(node)
    return end - first


def extent(node: Node) -> tuple[Fraction, Fraction]:
    """The own time of all that lies in a stack or track; remembered, or a painter of moments would never be done."""
    known = _KNOWN.get(id(node))
    if known is None or known[0] is not node:
        if len(_KNOWN) > 10_000:
            _KNOWN.clear()
        known = _KNOWN[id(node)] = node, _extent(node)
    return known[1]


def _extent(node: Node) -> tuple[Fraction, Fraction]:
    children = node["children"]
    if is_a(node, "Stack"):
        return Fraction(0), max((length(child) for child in children), default=Fraction(0))
    first, end = Fraction(0), sum((length(c) for c in children if not is_a(c, "Transition")), Fraction(0))
    if children and is_a(children[0], "Transition"):
        first -= seconds(children[0]["in_offset"])
    if children and is_a(children[-1], "Transition"):
        end += seconds(children[-1]["out_offset"])
    return first, end


def speed(node: Node) -> Fraction | None:
    product: Fraction | None = Fraction(1)
    for effect in node.get("effects", ()):
        scalar = effect.get("time_scalar")
        product = None if product is None or scalar is None else product * Fraction(scalar)
    return product


def paint(top: Node, moment: Fraction, frame: Fraction) -> set[Painted]:
    """All that is on screen or heard at a moment of the cut; `frame` is what a freeze of a nesting holds."""
    return set(_paint(top, extent(top)[0] + moment, frame, sound=False, told=True))


def _paint(node: Node, at: Fraction, frame: Fraction, *, sound: bool, told: bool) -> Iterator[Painted]:
    """`at` is in the own time of a stack or track."""
    first, end = extent(node)
    if not first <= at < end:
        return
    if is_a(node, "Stack"):
        for child in node["children"]:
            if at < length(child):
                yield from _enter(child, at, frame, sound=sound, told=told)
        return
    sound = sound or node["kind"] == "Audio"
    children = node["children"]
    begins = Fraction(0)
    for number, child in enumerate(children):
        if is_a(child, "Transition"):
            continue
        early = late = Fraction(0)
        if number and is_a(children[number - 1], "Transition"):
            early = seconds(children[number - 1]["in_offset"])
        if number + 1 < len(children) and is_a(children[number + 1], "Transition"):
            late = seconds(children[number + 1]["out_offset"])
        if begins - early <= at < begins + length(child) + late:
            yield from _enter(child, at - begins, frame, sound=sound, told=told)
        begins += length(child)


def _enter(node: Node, since: Fraction, frame: Fraction, *, sound: bool, told: bool) -> Iterator[Painted]:
    """`since` the object began; outside of its length are the handles of dissolves."""
    if is_a(node, "Gap") or node.get("enabled") is False:
        return
    how_fast = speed(node)
    rate = Fraction(1)
    if is_a(node, "Clip"):
        rate = Fraction(node["source_range"]["duration"]["rate"])
        begin = seconds(node["source_range"]["start_time"])
    else:
        begin = (
            extent(node)[0]
            if node.get("source_range") is None
            else seconds(node["source_range"]["start_time"])
        )
    if how_fast is None:
        if is_a(node, "Clip"):
            yield Painted(node["name"], None, sound)
        else:
            yield from _everything(node, frame, sound=sound)
        return
    consumed = length(node) * abs(how_fast)
    inside = since * how_fast if how_fast >= 0 else consumed + since * how_fast
    if is_a(node, "Clip"):
        yield Painted(node["name"], (begin + inside) * rate if told else None, sound)
    elif how_fast == 0:
        # Somewhere in the one frame that is held; sixteen looks at it are enough for the cuts made here.
        for part in range(16):
            yield from _paint(node, begin + frame * Fraction(2 * part + 1, 32), frame, sound=sound, told=told)
    else:
        yield from _paint(node, begin + inside, frame, sound=sound, told=told)


def _everything(node: Node, frame: Fraction, *, sound: bool) -> Iterator[Painted]:
    """All that a nesting shows at any time, where nobody knows what it shows when: looked at 16 times a frame."""
    first, end = extent(node)
    for part in range(math.ceil((end - first) / frame * 16)):
        yield from _paint(node, first + frame * Fraction(2 * part + 1, 32), frame, sound=sound, told=False)
