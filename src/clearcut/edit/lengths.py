"""How long each object of an edit lasts in what it lies in, before anything is walked."""

from __future__ import annotations

from typing import Any

from clearcut.edit.faults import unreadable
from clearcut.edit.moulds import Moulds
from clearcut.edit.references import available
from clearcut.edit.schema import Kind, child_place, objects, part_of
from clearcut.edit.times import Node, Span, Times


def begins_with_dissolve(track: Node) -> bool:
    """Whether the first child of a track is a transition."""
    children = track.get("children")
    first = children[0] if isinstance(children, list) and children else None
    return isinstance(first, dict) and str(first.get("OTIO_SCHEMA")).startswith("Transition.")


class Lengths:
    """Lengths in ticks; those of nestings are remembered, because each level asks for them again."""

    def __init__(self, times: Times, moulds: Moulds) -> None:
        self._times = times
        self._moulds = moulds
        self._content: dict[int, int] = {}

    def of(self, node: Node, kind: Kind, place: str) -> int:
        """How long the object lasts. Raises EditError when nobody can say."""
        if kind is Kind.CLIP:
            return self.clip(node, place).length
        if kind is Kind.GAP:
            if node.get("source_range") is None:
                raise unreadable(place, "how long this gap lasts is not said: no source_range")
            return self._times.span(node["source_range"], (place, ".source_range")).length
        return self.trim(node, kind, place)[1]

    def clip(self, node: Node, place: str) -> Span:
        """A clip's source range, or the available range of its active reference."""
        written = node.get("source_range")
        if written is not None:
            return self._times.span(written, (place, ".source_range"))
        span = available(node, place, self._times)
        if span is None:
            raise unreadable(
                place, "how long this clip lasts is not said: no source_range, no available_range"
            )
        return span

    def trim(self, node: Node, kind: Kind, place: str) -> tuple[int, int]:
        """A stack's or track's source range, in ticks of its own time: start and length."""
        if node.get("source_range") is None:
            return self._head(node, kind, place), self.content(node, kind, place)
        span = self._times.span(node["source_range"], (place, ".source_range"))
        if span.start is None:
            raise unreadable((place, ".source_range"), "where this nesting begins is not said")
        start = self._times.ticks(span.start, span.rate)
        if self._delayed(node, kind, start, span.length, place):
            return self._head(node, kind, place), span.length
        return start, span.length

    def delay(self, node: Node, kind: Kind, place: str) -> int:
        """How much later than its stack a track begins.

        The adapter for EDLs gives every track the source range `[-record_in, content)`: read as a trim that would
        show nothing of a cut that starts at 01:00:00:00, so it is taken as what it means, a delay.
        """
        if kind is not Kind.TRACK or node.get("source_range") is None:
            return 0
        span = self._times.span(node["source_range"], (place, ".source_range"))
        if span.start is None or span.start >= 0:
            return 0
        start = self._times.ticks(span.start, span.rate)
        return -start if self._delayed(node, kind, start, span.length, place) else 0

    def _delayed(self, node: Node, kind: Kind, start: int, length: int, place: str) -> bool:
        if kind is not Kind.TRACK or start >= 0 or length != self.content(node, kind, place):
            return False
        return start < self._head(node, kind, place)

    def _head(self, node: Node, kind: Kind, place: str) -> int:
        """Where own time begins: before 0 in a track whose first clip dissolves in before its cut."""
        if kind is not Kind.TRACK or not begins_with_dissolve(node):
            return 0
        return -self.offsets(node["children"][0], child_place(place, 0))[0]

    def extent(self, track: Node, place: str) -> tuple[int, int]:
        """The own time of a track, dissolves at its ends with it."""
        first = self._head(track, Kind.TRACK, place)
        return first, first + self.content(track, Kind.TRACK, place)

    def content(self, node: Node, kind: Kind, place: str) -> int:
        """How long everything in a stack or track lasts, trims of its own aside."""
        known = self._content.get(id(node))
        if known is None:
            known = self._track(node, place) if kind is Kind.TRACK else self._stack(node, place)
            self._content[id(node)] = known
        return known

    def _stack(self, node: Node, place: str) -> int:
        longest = 0
        for index, child in enumerate(objects(node, "children", place, needed=True)):
            spot = child_place(place, index)
            kind = part_of(child, spot)
            if kind is Kind.TRANSITION:
                raise unreadable(spot, "a transition outside a track")
            longest = max(longest, self.delay(child, kind, spot) + self.of(child, kind, spot))
        return longest

    def _track(self, node: Node, place: str) -> int:
        nodes = objects(node, "children", place, needed=True)
        children, kinds = self._moulds.sorted_out(nodes, place)
        whole = 0
        for index, known in enumerate(self._moulds.ranges(children)):
            if known is not None:
                whole += known.span.length
            elif kinds[index] is not Kind.TRANSITION:
                whole += self.of(nodes[index], kinds[index], child_place(place, index))
        return whole + self.ends(children, kinds, place)

    def ends(self, children: list[Any], kinds: list[Kind], place: str) -> int:
        """What dissolves at either end of a track add to it (Track.available_range of OpenTimelineIO)."""
        more = 0
        if kinds and kinds[0] is Kind.TRANSITION:
            more += self.offsets(children[0], child_place(place, 0))[0]
        if kinds and kinds[-1] is Kind.TRANSITION:
            more += self.offsets(children[-1], child_place(place, len(children) - 1))[1]
        return more

    def offsets(self, node: Node, place: str) -> tuple[int, int]:
        """How far a transition reaches before the cut and behind it."""
        return (self._offset(node, "in_offset", place), self._offset(node, "out_offset", place))

    def _offset(self, node: Node, key: str, place: str) -> int:
        if node.get(key) is None:
            return 0
        return self._times.length(node[key], (place, ".", key))
