"""Walks the JSON of an OTIO file and finds every clip that plays, where and for how long.

Knows nothing of files. Trims, retimes and dissolves follow what OpenTimelineIO means by them; where its own range
functions are wrong (nested trims, retimed stacks, EDLs that start at an hour) this does what the data say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise, repeat
from typing import Any, NamedTuple

from clearcut.core.cut import Clip, ClipKind, Enclosure, Marker, Metadata
from clearcut.core.freezing import new
from clearcut.core.timing import FrameRange
from clearcut.edit.faults import shown, unreadable
from clearcut.edit.lengths import Lengths, begins_with_dissolve
from clearcut.edit.moulds import Content, Moulds, Whole
from clearcut.edit.references import references
from clearcut.edit.schema import (
    Kind,
    child_place,
    declared,
    markers,
    metadata,
    objects,
    part_of,
    refuse_declaration,
    text,
)
from clearcut.edit.source import consumed
from clearcut.edit.times import Node, Span, Times
from clearcut.edit.unseen import refuse_bad_times
from clearcut.edit.view import FAR, Ticks, Trim, View
from clearcut.edit.warps import speed_of

Stretch = tuple[Ticks, Ticks]
# Members of an Enum are looked up by name each time, which costs a tenth of a microsecond for each clip and name.
_CLIP, _TRANSITION = Kind.CLIP, Kind.TRANSITION
_PICTURE, _SOUND = ClipKind.PICTURE, ClipKind.SOUND
# No program has this for a key.
_OF_EFFECTS = "metadata of effects"
# So many children are looked at at once: what is made of them is still near when it is used.
_AT_ONCE = 1024
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


class Lane(NamedTuple):
    """A track while it is walked: its nodes, made where somebody asks for them, and its children, copies as they are."""

    nodes: list[Any]
    children: list[Any]
    kinds: list[Kind]
    place: str
    inside: Inside

    @property
    def begins(self) -> str:
        """How the places of its children begin."""
        return f"{self.place}.children[" if self.place else "children["


class Walker:
    """One walk with one timebase. `found` fills from bottom to top of each stack.

    `in_line` is whether they stand in record order, on whole ticks, and none hides what was found before it.
    """

    def __init__(self, times: Times) -> None:
        self._moulds = Moulds(times)
        self.lengths = Lengths(times, self._moulds)
        self.found: list[Found] = []
        self.in_line = True
        # Of what was found last: when it begins, when all so far have ended, its number.
        self._latest: tuple[Ticks, Ticks, int] = (FAR, FAR, 0)
        self._times = times
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

    def _keep(
        self, found: Iterable[Found], order: int, record: Stretch, opaque: Stretch | None, last: Ticks
    ) -> None:
        """Takes over one or several, one after the other: the number of the first, what they are together, when the last begins."""
        self.found.extend(found)
        first, end = record
        begun, ended, before = self._latest
        self.in_line = (
            self.in_line
            and first.__class__ is int
            and end.__class__ is int
            and begun <= first < end
            and before < order
            and (opaque is None or ended <= opaque[0])
        )
        self._latest = (last, max(ended, end), order)

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
        self._keep([Found(order, clip, record, None)], order, record, None, record[0])

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
        nodes = objects(node, "children", place, needed=True)
        children, kinds = self._moulds.sorted_out(nodes, place)
        dissolves = _TRANSITION in kinds
        if dissolves:
            # A dissolve that is longer than what follows it ends with the track.
            inside = inside._replace(view=inside.view.within(*self.lengths.extent(node, place)))
        lane = Lane(nodes, children, kinds, place, inside)
        for first in range(0, len(children), _AT_ONCE):
            at = self._children(lane, first, at)
        # A dissolve at either end lengthens a track (Track.available_range of OpenTimelineIO).
        if dissolves:
            at += self.lengths.ends(children, kinds, place)
        return at

    def _children(self, lane: Lane, begin: int, at: Ticks) -> Ticks:
        """Some children of a track, from one of them on; gives where they end."""
        contents = self._moulds.contents(lane.children[begin : begin + _AT_ONCE])
        first = 0
        while first < len(contents):
            many = _whole_from(contents, lane.kinds, begin, first)
            run = contents[first : first + many]
            end = self._copies(lane, begin + first, run, at) if run else None  # type: ignore[arg-type]  # none is None
            first, index = first + (many or 1), begin + first
            if end is None:
                for number in range(index, begin + first):
                    at = self._child(lane, number, contents[number - begin], at)
            else:
                at = end
        return at

    def _copies(self, lane: Lane, index: int, run: Sequence[Content], at: Ticks) -> Ticks | None:
        """Copies of clips that follow one another, from `index` on; gives where they end.

        None, and nothing done, where one of them has to be looked at by itself, because it is shown in part.
        """
        view, enclosure, sound = lane.inside
        if (
            at.__class__ is not int
            or view.speed != 1
            or view.held is not None
            or view.shift.__class__ is not int
        ):
            return None
        many = len(run)
        ranges: tuple[Whole, ...]
        ranges, names, media, about = zip(*run, strict=True)
        lengths = [one.span.length for one in ranges]
        edges = list(accumulate(lengths, initial=at + view.shift))
        begins = lane.begins
        places = [f"{begins}{number}]" for number in range(index, index + many)]
        end = at + sum(lengths)
        if end <= view.first or (view.end is not None and at >= view.end):
            for one, place in zip(lane.children[index : index + many], places, strict=True):
                refuse_bad_times(one, place, self._times)
            return end
        if 0 in lengths or at < view.first or (view.end is not None and end > view.end):
            return None
        known = view.source_known
        records = list(map(new, repeat(FrameRange), pairwise(edges)))
        clips = zip(
            places,
            names,
            repeat(_SOUND if sound else _PICTURE),
            records,
            [one.source for one in ranges] if known else repeat(None),
            [one.span.rate.exact for one in ranges],
            media,
            about,
            repeat(()),
            repeat(enclosure),
            repeat(False),
            repeat(()),
            strict=False,
        )
        orders = range(self._order + 1, self._order + many + 1)
        found = zip(orders, map(new, repeat(Clip), clips), records, records, strict=False)
        whole = (edges[0], edges[-1])
        self._keep(map(new, repeat(Found), found), self._order + many, whole, whole, edges[-2])
        self._order += many
        return end

    def _child(self, lane: Lane, index: int, known: Content | None, at: Ticks) -> Ticks:
        """One child of a track that stands `at` in its time; gives where it ends. `known` is what it is, if it is a copy."""
        kinds = lane.kinds
        kind, child = kinds[index], lane.nodes[index] if known is None else lane.children[index]
        if kind is _TRANSITION:
            refuse_declaration(child, "a transition", (lane.place, ".children[", index, "]"))
            return at
        spot = f"{lane.begins}{index}]"
        own = None
        if known is not None:
            own = known.range.span
        elif kind is _CLIP:
            own = self.lengths.clip(child, spot)
        end = at + (own.length if own is not None else self.lengths.of(child, kind, spot))
        span = alone = (at, end)
        if _TRANSITION in kinds[max(index - 1, 0) : index + 2]:
            head, lead = self._dissolves(lane.children, kinds, index, -1, lane.place)
            fade, tail = self._dissolves(lane.children, kinds, index, 1, lane.place)
            span, alone = (at - head, end + tail), (at + lead, end - fade)
        if own is None:
            self._item(Slot(child, kind, spot, at, span), lane.inside)
        else:
            self._clip(child, own, spot, at, span, alone, lane.inside, known)
        return end

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

        `known` is what it is, where it is a copy: then it is neither retimed nor marked.
        """
        view = inside.view
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
            name, about = text(node, "name", place), _with_effects(node, metadata(node, place))
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
        self._keep([Found(self._order, clip, record, opaque)], self._order, record, opaque, record[0])


def _whole_from(contents: list[Content | None], kinds: list[Kind], begin: int, first: int) -> int:
    """How many from one on are known and not beside a dissolve, where `contents` are of the children from `begin` on."""
    if contents[first] is None or (begin + first and kinds[begin + first - 1] is _TRANSITION):
        return 0
    end = first
    while end < len(contents) and contents[end] is not None:
        end += 1
    return end - first - (begin + end < len(kinds) and kinds[begin + end] is _TRANSITION)


def _with_effects(clip: Node, about: Metadata) -> Metadata:
    """A clip's metadata with those of its effects: what a model made of it may be told there alone."""
    effects = clip.get("effects") or ()
    said = [one["metadata"] for one in effects if isinstance(one, dict) and one.get("metadata")]
    return {**about, _OF_EFFECTS: said} if said else about


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
