"""The outermost object of an edit: a timeline, or whatever else a program hands over as a cut."""

from __future__ import annotations

from clearcut.core.cut import Enclosure
from clearcut.edit.faults import shown, unreadable
from clearcut.edit.schema import (
    Kind,
    child_place,
    declared,
    kind_of,
    markers,
    metadata,
    newer,
    objects,
    part_of,
    refuse_declaration,
    schema_of,
    text,
)
from clearcut.edit.times import Node, Times
from clearcut.edit.view import Ticks, View
from clearcut.edit.walker import Found, Inside, Walker


class Top:
    """One walk over the whole. After `walk`: what was found, where the cut starts and ends, what it says of itself."""

    def __init__(self, times: Times) -> None:
        self._times = times
        self._walker = Walker(times)
        self.start: int = 0
        self.end: Ticks = 0
        self.production: str | None = None
        self.version: str | None = None
        self.notes: list[str] = []

    @property
    def found(self) -> list[Found]:
        """Every clip that plays, from bottom to top of each stack."""
        return self._walker.found

    @property
    def in_line(self) -> bool:
        """Whether they stand in record order, on whole ticks, and none hides another, as in a cut of one track."""
        return self._walker.in_line

    def walk(self, tree: object) -> None:
        """Raises EditError when the tree is no cut, NewRateError when it needs a finer timebase."""
        if not isinstance(tree, dict):
            raise unreadable("", "not an OTIO object")
        self.end = self._any(tree, 0, "", first=True)

    def _any(self, node: Node, at: Ticks, place: str, *, first: bool) -> Ticks:
        """Walks one top object that begins at a record tick; gives the record tick at which it ends."""
        kind = kind_of(node, place)
        name, version = schema_of(node, place)
        if newer(name, version):
            self.notes.append(f"{name}.{version} is newer than this reader: read by the keys it knows")
        if kind is Kind.TIMELINE:
            return self._timeline(node, at, place, first=first)
        if kind is Kind.COLLECTION:
            return self._collection(node, at, place)
        if kind in (Kind.GAP, Kind.TRANSITION):
            return at
        if kind is Kind.TRACK and first:
            self.start = int(at) + self._walker.lengths.delay(node, kind, place)
        return at + self._walker.one(node, kind, place, None, at)

    def _timeline(self, node: Node, at: Ticks, place: str, *, first: bool) -> Ticks:
        about = metadata(node, place)
        self._says(about, place)
        if node.get("global_start_time") is not None:
            self._times.time(
                node["global_start_time"], f"{place}.global_start_time" if place else "global_start_time"
            )
        spot = f"{place}.tracks" if place else "tracks"
        stack = node.get("tracks")
        if stack is None:
            raise unreadable(spot, "a timeline without tracks")
        if not isinstance(stack, dict) or kind_of(stack, spot) is not Kind.STACK:
            raise unreadable(spot, "not a Stack")
        own = Enclosure(
            "timeline", text(node, "name", place), place, about, markers(node, place, self._times), None
        )
        if first:
            self.start = self._common_delay(stack, spot)
        order = self._walker.count()
        length = self._walker.one(stack, Kind.STACK, spot, own, at)
        if declared(about) and _has_replicas(about):
            whole = Inside(View(0, length, at), None, sound=False)
            self._walker.declaration(own, order, whole, length)
        return at + length

    def _common_delay(self, stack: Node, place: str) -> int:
        """How late the earliest track begins: an EDL counts its record time from midnight, a cut from its start."""
        delays = []
        if stack.get("source_range") is not None:
            return 0
        for index, track in enumerate(objects(stack, "children", place, needed=True)):
            spot = child_place(place, index)
            delays.append(self._walker.lengths.delay(track, part_of(track, spot), spot))
        return min(delays, default=0)

    def _collection(self, node: Node, at: Ticks, place: str) -> Ticks:
        """A bin is no cut: its pieces are laid one after another, so that nothing in it is overlooked."""
        refuse_declaration(node, "a collection", place)
        children = objects(node, "children", place, needed=True)
        for index, child in enumerate(children):
            spot = child_place(place, index)
            at = self._any(child, at, spot, first=False)
        if len(children) > 1:
            self.notes.append(f"{len(children)} objects without a common timeline: read one after another")
        return at

    def _says(self, about: object, place: str) -> None:
        """Takes over production and version; a collection of timelines may not name two productions."""
        own = about.get("clearcut") if hasattr(about, "get") else None
        if own is None:
            return
        spot = f"{place}.metadata.clearcut" if place else "metadata.clearcut"
        if not isinstance(own, dict):
            raise unreadable(spot, f"not an object: {shown(own)}")
        for key in ("production", "version"):
            value = own.get(key)
            if value is None:
                continue
            if not isinstance(value, str) or not value:
                raise unreadable(f"{spot}.{key}", f"not a text: {shown(value)}")
            before = getattr(self, key)
            if before not in (None, value):
                raise unreadable(
                    f"{spot}.{key}", f"{shown(value)}, while another timeline says {shown(before)}"
                )
            setattr(self, key, value)


def _has_replicas(about: object) -> bool:
    own = about.get("clearcut") if hasattr(about, "get") else None
    return isinstance(own, dict) and bool(own.get("replicas"))
