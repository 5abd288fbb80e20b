"""Which part of a clip lies under an enabled clip of a higher picture track. Reported beside presence, no more."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from clearcut.core.timing import FrameRange, intersect

# 300 long clips under 100,000 short ones would give 30 million pieces. Beyond this many none are reported: what is
# not reported as covered counts as seen, which is the safe side.
_MAX_PIECES = 1_000_000


class Layer(NamedTuple):
    """A clip's record range, and the part of it in which it hides what is below: None for what hides nothing."""

    record: FrameRange
    opaque: FrameRange | None
    picture: bool


def covered(layers: Sequence[Layer]) -> list[tuple[FrameRange, ...]]:
    """For each layer, given from bottom to top, the part of its record that later ones hide, in order."""
    opaque = [layer.opaque for layer in layers if layer.picture and layer.opaque is not None]
    result: list[tuple[FrameRange, ...]] = [()] * len(layers)
    if _hide_nothing(layers):
        return result
    edges = sorted({edge for one in opaque for edge in one})
    cell = {edge: index for index, edge in enumerate(edges)}
    # One byte for each stretch between two edges; bytes.find runs over them at memory speed.
    hidden = bytearray(len(edges))
    pieces = 0
    for index in range(len(layers) - 1, -1, -1):
        record, own, picture = layers[index]
        if not picture:
            continue
        first, end = _cells(record, edges, cell)
        if pieces < _MAX_PIECES and hidden.find(1, first, end) >= 0:
            found = _hidden_part(record, edges, hidden, first, end)
            result[index] = found
            pieces += len(found)
        if own is not None:
            first, end = (first, end) if own is record else _cells(own, edges, cell)
            hidden[first:end] = b"\x01" * (end - first)
    return result


def _hide_nothing(layers: Sequence[Layer]) -> bool:
    """Whether none begins to hide before all below it have ended, as in one track with dissolves."""
    end: int | None = None
    for record, opaque, picture in layers:
        if picture:
            if opaque is not None and end is not None and opaque.first < end:
                return False
            end = record.end if end is None else max(end, record.end)
    return True


def _hidden_part(
    record: FrameRange, edges: list[int], hidden: bytearray, start: int, stop: int
) -> tuple[FrameRange, ...]:
    found: list[FrameRange] = []
    while True:
        first = hidden.find(1, start, stop)
        if first < 0:
            return tuple(found)
        start = hidden.find(0, first, stop)
        start = stop if start < 0 else start
        piece = intersect(record, FrameRange(edges[first], edges[start]))
        if piece is not None:
            found.append(piece)


def _cells(record: FrameRange, edges: list[int], cell: dict[int, int]) -> tuple[int, int]:
    """The stretches that the record touches, half-open; what lies beyond the last edge is never hidden."""
    first, end = cell.get(record.first), cell.get(record.end)
    if first is None:
        first = max(0, bisect_right(edges, record.first) - 1)
    if end is None:
        end = min(len(edges) - 1, bisect_left(edges, record.end))
    return first, end
