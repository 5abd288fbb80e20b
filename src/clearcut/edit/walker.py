"""Walks the JSON of an OTIO file and finds every clip that plays, where and for how long.

Knows nothing of files. Trims, retimes and dissolves follow what OpenTimelineIO means by them; where its own range
functions are wrong (nested trims, retimed stacks, EDLs that start at an hour) this does what the data say.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from clearcut.core.cut import Clip, ClipKind, Enclosure, Marker
from clearcut.core.freezing import new
from clearcut.core.timing import FrameRange
from clearcut.edit.copies import Copy
from clearcut.edit.faults import shown, unreadable
from clearcut.edit.lengths import Lengths, begins_with_dissolve
from clearcut.edit.moulds import Content, Moulds
from clearcut.edit.references import references
from clearcut.edit.schema import (
    Kind,
    child_place,
    declared,
    markers,
    metadata,
    objects,
    part_of,
    parts_of,
    refuse_declaration,
    text,
)
from clearcut.edit.source import consumed
from clearcut.edit.times import Node, Span, Times
from clearcut.edit.unseen import refuse_bad_times
from clearcut.edit.view import Ticks, Trim, View
from clearcut.edit.warps import speed_of

Stretch = tuple[Ticks, Ticks]
# Members of an Enum are looked up by name each time, which costs a tenth of a microsecond for each clip and name.
_CLIP, _TRANSITION = Kind.CLIP, Kind.TRANSITION
_PICTURE, _SOUND = ClipKind.PICTURE, ClipKind.SOUND
# Stands for the record of a clip that lies between two ticks, until all edges are known.
_BETWEEN_TICKS = FrameRange(0, 0)


class Found(NamedTuple):
    """A clip that plays, or a nesting that declares something.

    `record` is exact: `clip.record` is the same, unless retimed nestings put it between two ticks. `opaque` is the
    part of it that lies in no dissolve, None for a nesting. `order` counts the objects in the order of the file.
    """

    order: int
    clip: Clip
    record: Stretch
    opaque: Stretch | None


class Inside(NamedTuple):
    """What holds for everything in one stack or track."""

    view: View
    enclosure: Enclosure | None
    sound: bool


class Slot(NamedTuple):
    """One child and its time in its parent: it begins `at` and would be seen over `span`.

    A clip beside a dissolve is seen for longer, and `alone` only over a part of it.
    """

    node: Node
    kind: Kind
    place: str
    at: Ticks
    span: Stretch


class Walker:
    """One walk with one timebase. `found` fills from bottom to top of each stack."""

    def __init__(self, times: Times) -> None:
        self.lengths = Lengths(times)
        self.found: list[Found] = []
        self._times = times
        self._moulds = Moulds(times)
        self._rate = times.timebase.rate
        self._frame = times.timebase.ticks_per_frame
        self._order = 0

    def one(self, node: Node, kind: Kind, place: str, around: Enclosure | None, at: Ticks) -> Ticks:
        """Walks one whole object that begins at a record tick; gives how long it lasts."""
        if kind is not Kind.CLIP and _is_plain(node, kind):
            return self._composition(node, kind, place, Inside(View(0, None, at), around, sound=False))
        late = self.lengths.delay(node, kind, place)
        end = late + self.lengths.of(node, kind, place)
        slot = Slot(node, kind, place, late, (late, end))
        self._item(slot, Inside(View(0, end, at), around, sound=False))
        return end

    def count(self) -> int:
        """The next number in the order of the file."""
        self._order += 1
        return self._order

    def declaration(self, what: Enclosure, order: int, inside: Inside, end: Ticks) -> None:
        """What a nesting declares holds for the part of it that is on record; `inside` is what it lies in."""
        view = inside.view
        if view.end is not None and view.held is None:
            end = view.end
        first = view.first if view.held is None else 0
        seen = (first, end) if first < end else None
        if seen is None:
            return
        record = view.record(*seen)
        kind = _SOUND if inside.sound else _PICTURE
        clip = Clip(
            what.where,
            what.name,
            kind,
            record if record.__class__ is FrameRange else _BETWEEN_TICKS,
            None,
            self._rate,
            (),
            what.metadata,
            what.markers,
            what.parent,
            nested=True,
        )
        self.found.append(Found(order, clip, record, None))

    def _composition(self, node: Node, kind: Kind, place: str, inside: Inside) -> Ticks:
        """A stack or track: its content, then itself when it says something. Gives its end in its own time."""
        order = self.count()
        about = metadata(node, place)
        word = "timeline" if place.endswith("tracks") else kind.value.lower()
        name = text(node, "name", place)
        own = Enclosure(word, name, place, about, markers(node, place, self._times), inside.enclosure)
        if kind is Kind.TRACK:
            within = Inside(inside.view, own, inside.sound or _is_sound(node, place))
            end = self._track(node, place, within)
        else:
            within = Inside(inside.view, own, inside.sound)
            end = self._stack(node, place, within)
        if declared(about):
            self.declaration(own, order, within, end)
        return end

    def _stack(self, node: Node, place: str, inside: Inside) -> Ticks:
        longest: Ticks = 0
        for index, child in enumerate(objects(node, "children", place, needed=True)):
            spot = child_place(place, index)
            kind = part_of(child, spot)
            if kind is Kind.TRANSITION:
                raise unreadable(spot, "a transition outside a track")
            if kind is Kind.TRACK and _is_plain(child, kind):
                # One pass finds both its clips and its end.
                longest = max(longest, self._composition(child, kind, spot, inside))
                continue
            at = self.lengths.delay(child, kind, spot)
            end = at + self.lengths.of(child, kind, spot)
            longest = max(longest, end)
            self._item(Slot(child, kind, spot, at, (at, end)), inside)
        return longest

    def _track(self, node: Node, place: str, inside: Inside) -> Ticks:
        at: Ticks = 0
        children = self._moulds.sorted_out(objects(node, "children", place, needed=True))
        kinds = parts_of(children, place)
        dissolves = _TRANSITION in kinds
        if dissolves:
            # A dissolve that is longer than what follows it ends with the track.
            inside = inside._replace(view=inside.view.within(*self.lengths.extent(node, place)))
        last = len(children) - 1
        before = f"{place}.children[" if place else "children["
        for index, (child, kind) in enumerate(zip(children, kinds, strict=True)):
            if kind is _TRANSITION:
                refuse_declaration(child, "a transition", (place, ".children[", index, "]"))
                continue
            spot = f"{before}{index}]"
            known = own = None
            if child.__class__ is Copy:
                known = self._moulds.known[child.edges].look_at(child, spot)
                own = known.span
            elif kind is _CLIP:
                own = self.lengths.clip(child, spot)
            end = at + (own.length if own is not None else self.lengths.of(child, kind, spot))
            span = alone = (at, end)
            if dissolves and (
                (index and kinds[index - 1] is _TRANSITION)
                or (index < last and kinds[index + 1] is _TRANSITION)
            ):
                head, lead = self._dissolves(children, kinds, index, -1, place)
                fade, tail = self._dissolves(children, kinds, index, 1, place)
                span, alone = (at - head, end + tail), (at + lead, end - fade)
            if own is None:
                self._item(Slot(child, kind, spot, at, span), inside)
            else:
                self._clip(child, own, spot, at, span, alone, inside, known)
            at = end
        # A dissolve at either end lengthens a track (Track.available_range of OpenTimelineIO).
        if dissolves:
            at += self.lengths.ends(children, kinds, place)
        return at

    def _dissolves(
        self, children: list[Any], kinds: list[Kind], index: int, step: int, place: str
    ) -> tuple[int, int]:
        """How far the transitions on one side of a child reach before their cut, and behind it."""
        before = after = 0
        index += step
        while 0 <= index < len(children) and kinds[index] is Kind.TRANSITION:
            one, other = self.lengths.offsets(children[index], child_place(place, index))
            before, after = max(before, one), max(after, other)
            index += step
        return before, after

    def _item(self, slot: Slot, inside: Inside) -> None:
        """One clip or nesting, if any of it plays."""
        node, kind, place, at, span = slot
        if kind is Kind.GAP:
            refuse_declaration(node, "a gap", place)
            return
        if kind is Kind.CLIP:
            self._clip(node, self.lengths.clip(node, place), place, at, span, span, inside, None)
            return
        seen = self._seen(node, place, span, inside.view)
        if seen is None:
            return
        start, length = self.lengths.trim(node, kind, place)
        speed = speed_of(node, place)
        view = inside.view.into(at, seen, Trim(start, length, speed, self._frame))
        self._composition(node, kind, place, inside._replace(view=view))

    def _seen(self, node: Node, place: str, span: Stretch, view: View) -> Stretch | None:
        """What of a clip or nesting plays, None when nothing does."""
        if node.get("enabled") is False:
            refuse_bad_times(node, place, self._times)
            return None
        if node.get("effects"):
            for index, effect in enumerate(objects(node, "effects", place)):
                refuse_declaration(effect, "an effect", (place, ".effects[", index, "]"))
        return self._part(node, place, span, view)

    def _part(self, node: object, place: str, span: Stretch, view: View) -> Stretch | None:
        """The same of what is neither switched off nor has effects."""
        seen = view.clip(*span)
        if seen is None:
            refuse_bad_times(node, place, self._times)
        return seen

    def _clip(
        self,
        node: Node,
        own: Span,
        place: str,
        at: Ticks,
        span: Stretch,
        alone: Stretch,
        inside: Inside,
        known: Content | None,
    ) -> None:
        """One clip with its source range, if any of it plays; it stands in its parent as a `Slot` does.

        `known` is what it holds, where it is a copy: then it is neither retimed nor marked.
        """
        view = inside.view
        # What most clips lack is not asked for: here each call counts a hundred thousand times.
        seen = self._seen(node, place, span, view) if known is None else self._part(node, place, span, view)
        if seen is None:
            return
        speed: Ticks | None = 1
        marked: tuple[Marker, ...] = ()
        if known is not None:
            _, name, media, about = known
        else:
            if node.get("effects") and view.source_known:
                speed = speed_of(node, place)
            name, about = text(node, "name", place), metadata(node, place)
            media = references(node, place, self._times)
            marked = markers(node, place, self._times)
        source = None
        if view.source_known and speed is not None:
            source = consumed(own, (seen[0] - at, seen[1] - at), speed, self._times.timebase)
        record = view.record(*seen)
        opaque: Stretch | None = record
        if alone is not span:
            part = view.clip(*alone)
            opaque = None if part is None else view.record(*part)
        clip = new(
            Clip,
            (
                place,
                name,
                _SOUND if inside.sound else _PICTURE,
                record if record.__class__ is FrameRange else _BETWEEN_TICKS,
                source,
                own.rate.exact,
                media,
                about,
                marked,
                inside.enclosure,
                False,
                (),
            ),
        )
        self._order += 1
        self.found.append(new(Found, (self._order, clip, record, opaque)))


def _is_plain(node: Node, kind: Kind) -> bool:
    """Neither trimmed nor retimed nor switched off, and beginning at 0: it lasts as long as what it holds."""
    if node.get("source_range") is not None or node.get("effects") or node.get("enabled") is False:
        return False
    return kind is not Kind.TRACK or not begins_with_dissolve(node)


def _is_sound(track: Node, place: str) -> bool:
    kind = track.get("kind")
    if kind is not None and not isinstance(kind, str):
        raise unreadable((place, ".kind"), f"not a kind of track: {shown(kind)}")
    # Kinds that nobody knows are taken for picture: that is what a cap counts.
    return kind is not None and kind.strip().lower() == "audio"
