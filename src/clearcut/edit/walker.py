"""Walks the JSON of an OTIO file and finds every clip that plays, where and for how long.

Knows nothing of files. Trims, retimes and dissolves follow what OpenTimelineIO means by them; where its own range
functions are wrong (nested trims, retimed stacks, EDLs that start at an hour) this does what the data say.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from clearcut.core.cut import Clip, ClipKind, Enclosure
from clearcut.core.timing import FrameRange
from clearcut.edit.faults import shown, unreadable
from clearcut.edit.lengths import Lengths
from clearcut.edit.references import references
from clearcut.edit.schema import Kind, child_place, declared, kind_of, markers, metadata, objects, text
from clearcut.edit.source import consumed
from clearcut.edit.times import Node, Times
from clearcut.edit.view import Ticks, View
from clearcut.edit.warps import speed_of


class Found(NamedTuple):
    """A clip with its record range still in exact ticks. `opaque` is the part in no dissolve, None for a nesting.

    `order` counts the objects in the order of the file.
    """

    clip: Clip
    record: tuple[Ticks, Ticks]
    opaque: tuple[Ticks, Ticks] | None
    order: int


class Walker:
    """One walk with one timebase. `found` fills in the order from bottom to top of each stack."""

    def __init__(self, times: Times) -> None:
        self.times = times
        self.lengths = Lengths(times)
        self.found: list[Found] = []
        self.clips = 0
        self._order = 0

    def one(
        self,
        node: Node,
        kind: Kind,
        at: Ticks,
        around: Enclosure | None,
        place: str,
        *,
        word: str | None = None,
    ) -> Ticks:
        """Walks one whole object that begins at a record tick; gives how long it lasts."""
        if kind is not Kind.CLIP and node.get("enabled") is not False and self._plain(node):
            return self._composition(node, kind, View(0, None, at), around, False, place, word)
        late = self.lengths.delay(node, kind, place)
        length = late + self.lengths.of(node, kind, place)
        self._item(
            node, kind, late, (late, length), (late, length), View(0, length, at), around, False, place, word
        )
        return length

    def stack(self, node: Node, view: View, around: Enclosure | None, sound: bool, place: str) -> Ticks:
        """Walks what lies on top of each other; gives its end in own time."""
        longest: Ticks = 0
        for index, child in enumerate(objects(node, "children", place, needed=True)):
            spot = child_place(place, index)
            kind = kind_of(child, spot)
            if kind is Kind.TRANSITION:
                raise unreadable(spot, "a transition outside a track")
            if kind is Kind.TRACK and self._plain(child):
                longest = max(longest, self._open_track(child, view, around, sound, spot))
                continue
            at = self.lengths.delay(child, kind, spot)
            end = at + self.lengths.of(child, kind, spot)
            longest = max(longest, end)
            self._item(child, kind, at, (at, end), (at, end), view, around, sound, spot)
        return longest

    def track(self, node: Node, view: View, around: Enclosure | None, sound: bool, place: str) -> Ticks:
        """Walks what lies one after another; gives its end in own time."""
        at: Ticks = 0
        head = lead = 0
        children = objects(node, "children", place, needed=True)
        for index, child in enumerate(children):
            spot = child_place(place, index)
            kind = kind_of(child, spot)
            if kind is Kind.TRANSITION:
                before, after = self.lengths.offsets(child, spot)
                head, lead = max(head, before), max(lead, after)
                continue
            length = self.lengths.of(child, kind, spot)
            tail, fade = self._tail(children, index + 1, place)
            if kind is not Kind.GAP:
                span = (at - head, at + length + tail)
                opaque = (at + lead, at + length - fade)
                self._item(child, kind, at, span, opaque, view, around, sound, spot)
            at += length
            head = lead = 0
        return at

    def _tail(self, children: list[Any], index: int, place: str) -> tuple[int, int]:
        """How far the dissolves from `index` on reach behind the cut, and before it."""
        after = before = 0
        while (
            index < len(children) and kind_of(children[index], child_place(place, index)) is Kind.TRANSITION
        ):
            one, other = self.lengths.offsets(children[index], child_place(place, index))
            before, after = max(before, one), max(after, other)
            index += 1
        return after, before

    def _plain(self, track: Node) -> bool:
        return track.get("source_range") is None and not track.get("effects")

    def _open_track(self, node: Node, view: View, around: Enclosure | None, sound: bool, place: str) -> Ticks:
        """A track without a trim of its own: one pass finds both its clips and its end."""
        if node.get("enabled") is False:
            return self.lengths.of(node, Kind.TRACK, place)
        return self._composition(node, Kind.TRACK, view, around, sound, place)

    def _item(
        self,
        node: Node,
        kind: Kind,
        at: Ticks,
        span: tuple[Ticks, Ticks],
        opaque: tuple[Ticks, Ticks],
        view: View,
        around: Enclosure | None,
        sound: bool,
        place: str,
        word: str | None = None,
    ) -> None:
        """One clip or nesting that stands `at` in the view's time and would be seen over `span` of it."""
        seen = view.clip(*span)
        self.clips += kind is Kind.CLIP
        if seen is None or kind is Kind.GAP or node.get("enabled") is False:
            return
        if kind is Kind.CLIP:
            self._clip(node, at, seen, view.clip(*opaque), view, around, sound, place)
            return
        start, length = self.lengths.trim(node, kind, place)
        frame = self.times.timebase.ticks_per_frame
        inner = view.into(at, seen, start, length, speed_of(node, place), frame)
        self._composition(node, kind, inner, around, sound, place, word)

    def _composition(
        self,
        node: Node,
        kind: Kind,
        view: View,
        around: Enclosure | None,
        sound: bool,
        place: str,
        word: str | None = None,
    ) -> Ticks:
        """A stack or track: its content, then itself when it says something of its own."""
        order = self.count()
        about = metadata(node, place)
        word = word or ("track" if kind is Kind.TRACK else "stack")
        inside = Enclosure(
            word, text(node, "name", place), place, about, markers(node, place, self.times), around
        )
        if kind is Kind.TRACK:
            sound = sound or _is_sound(node, place)
            end = self.track(node, view, inside, sound, place)
        else:
            end = self.stack(node, view, inside, sound, place)
        if declared(about):
            self.declaration(inside, view, end, around, sound, order)
        return end

    def declaration(
        self, what: Enclosure, view: View, end: Ticks, around: Enclosure | None, sound: bool, order: int
    ) -> None:
        """What a nesting declares holds for the part of it that is on record."""
        seen = view.clip(
            min(view.first, 0) if view.held is None else view.first, end if view.end is None else view.end
        )
        if seen is None:
            return
        kind = ClipKind.SOUND if sound else ClipKind.PICTURE
        rate = self.times.timebase.rate
        clip = Clip(
            what.where,
            what.name,
            kind,
            FrameRange(0, 0),
            None,
            rate,
            (),
            what.metadata,
            what.markers,
            around,
            nested=True,
        )
        self.found.append(Found(clip, view.record(*seen), None, order))

    def _clip(
        self,
        node: Node,
        at: Ticks,
        seen: tuple[Ticks, Ticks],
        opaque: tuple[Ticks, Ticks] | None,
        view: View,
        around: Enclosure | None,
        sound: bool,
        place: str,
    ) -> None:
        span = self.lengths.clip(node, place)
        source = None
        speed = speed_of(node, place)
        if view.source_known and speed is not None:
            source = consumed(span, seen[0] - at, seen[1] - at, speed, self.times.timebase)
        clip = Clip(
            place,
            text(node, "name", place),
            ClipKind.SOUND if sound else ClipKind.PICTURE,
            FrameRange(0, 0),
            source,
            span.rate.exact,
            references(node, place, self.times),
            metadata(node, place),
            markers(node, place, self.times),
            around,
        )
        shown_at = None if opaque is None else view.record(*opaque)
        self.found.append(Found(clip, view.record(*seen), shown_at, self.count()))

    def count(self) -> int:
        """The next number in the order of the file."""
        self._order += 1
        return self._order


def _is_sound(track: Node, place: str) -> bool:
    kind = track.get("kind")
    if kind is not None and not isinstance(kind, str):
        raise unreadable(f"{place}.kind", f"not a kind of track: {shown(kind)}")
    # Kinds that nobody knows are taken for picture: that is what a cap counts.
    return kind is not None and kind.strip().lower() == "audio"
