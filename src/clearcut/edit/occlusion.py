"""Which part of a clip lies under an enabled clip of a higher picture track. Reported beside presence, no more."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
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
    if all(one.end <= other.first for one, other in pairwise(opaque)):
        return result
    edges = sorted({edge for one in opaque for edge in one})
    cell = {edge: index for index, edge in enumerate(edges)}
    # One byte for each stretch between two edges; bytes.find runs over them at memory speed.
    hidden = bytearray(len(edges))
    pieces = 0
    for index in range(len(layers) - 1, -1, -1):
        layer = layers[index]
        if not layer.picture:
            continue
        if pieces < _MAX_PIECES:
            found = _hidden_part(layer.record, edges, cell, hidden)
            if found:
                result[index] = found
                pieces += len(found)
        if layer.opaque is not None:
            first, end = cell[layer.opaque.first], cell[layer.opaque.end]
            hidden[first:end] = b"\x01" * (end - first)
    return result


def _hidden_part(
    record: FrameRange, edges: list[int], cell: dict[int, int], hidden: bytearray
) -> tuple[FrameRange, ...]:
    start = _cell_at(record.first, edges, cell)
    last = len(edges)
    found: list[FrameRange] = []
    while True:
        first = hidden.find(1, start)
        if first < 0 or edges[first] >= record.end:
            return tuple(found)
        end = hidden.find(0, first)
        end = last - 1 if end < 0 else end
        piece = intersect(record, FrameRange(edges[first], edges[end]))
        if piece is not None:
            found.append(piece)
        start = end


def _cell_at(tick: int, edges: list[int], cell: dict[int, int]) -> int:
    """The stretch that holds the tick, or the first one when the tick is before all."""
    exact = cell.get(tick)
    if exact is not None:
        return exact
    low, high = 0, len(edges)
    while low < high:
        middle = (low + high) // 2
        if edges[middle] <= tick:
            low = middle + 1
        else:
            high = middle
    return max(0, low - 1)
