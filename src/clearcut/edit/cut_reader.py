"""From the JSON tree of any OTIO object to a `Cut`: finds the timebase, walks, settles ticks and order."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from clearcut.core.cut import Clip, ClipKind, Cut
from clearcut.core.freezing import new
from clearcut.core.timing import FrameRange, Timebase, parse_rate, timebase_for
from clearcut.edit.faults import unreadable
from clearcut.edit.occlusion import Layer, covered
from clearcut.edit.schema import kind_of, metadata, text
from clearcut.edit.times import NewRateError, Node, Times
from clearcut.edit.top import Top
from clearcut.edit.view import Ticks
from clearcut.edit.walker import Found

_PICTURE = ClipKind.PICTURE
_MAX_RATES = 64
_MAX_FINER = 10**9


class _About(NamedTuple):
    node: Node
    path: str
    name: str
    sha256: str
    notes: tuple[str, ...] = ()


def read_cut(
    tree: object, *, path: str = "", name: str = "", sha256: str = "", notes: tuple[str, ...] = ()
) -> Cut:
    """The cut that an OTIO object says. `name` is taken where the object has none. Raises EditError."""
    kind_of(tree, "")
    about = _About(tree if isinstance(tree, dict) else {}, path, name, sha256, notes)
    rate = _rate_of(tree)
    rates: set[Fraction] = set()
    while True:
        timebase = timebase_for(rate, rates)
        top = Top(Times(timebase))
        try:
            top.walk(tree)
        except NewRateError as error:
            if error.rate in rates or len(rates) >= _MAX_RATES:
                raise unreadable("", f"more than {_MAX_RATES} different rates") from error
            rates.add(error.rate)
            if len(rates) > 2:
                rates.update(_all_rates(tree))
                if len(rates) > _MAX_RATES:
                    raise unreadable("", f"more than {_MAX_RATES} different rates") from error
            continue
        return _settle(top, timebase, about)


def _settle(top: Top, timebase: Timebase, about: _About) -> Cut:
    found = top.found
    if not any(not one.clip.nested for one in found) and not _holds_clip(about.node):
        raise unreadable("", "there is no clip in it")
    if not found:
        top.notes.append("none of its clips plays: all are disabled, empty or trimmed away")
    finer = 1
    if not top.start and top.in_line:
        clips = tuple([one.clip for one in found])
    else:
        finer = _finer(found, timebase)
        timebase = Timebase(timebase.rate, timebase.ticks_per_frame * finer)
        clips = _laid_out(found, finer, top.start)
    end = max([clip.record.end for clip in clips], default=0)
    return Cut(
        name=text(about.node, "name", "") or about.name,
        path=about.path,
        sha256=about.sha256,
        timebase=timebase,
        duration=max(math.ceil((top.end - top.start) * finer), end),
        clips=clips,
        metadata=metadata(about.node, ""),
        production=top.production,
        version=top.version,
        notes=(*about.notes, *top.notes),
    )


def _laid_out(found: list[Found], finer: int, start: Ticks) -> tuple[Clip, ...]:
    """The clips in record order, on ticks from the cut's start that are so many times finer, each with what hides it."""
    layers = [_layer(one, finer, start) for one in found]
    hidden = covered(layers)
    order = [
        (layer[0][0], one[0], index) for index, (layer, one) in enumerate(zip(layers, found, strict=True))
    ]
    order.sort()
    return tuple([_clip(found[index].clip, layers[index].record, hidden[index]) for _, _, index in order])


def _holds_clip(node: object) -> bool:
    """Whether there is any clip, playing or not; a nesting is none."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, dict):
            if str(one.get("OTIO_SCHEMA")).startswith("Clip."):
                return True
            waiting.extend((one.get("tracks"), one.get("children")))
    return False


def _clip(clip: Clip, record: FrameRange, occluded: tuple[FrameRange, ...]) -> Clip:
    if not occluded and clip.record is record:
        return clip
    # Built anew, because `_replace` takes three times as long.
    return Clip(
        clip.where,
        clip.name,
        clip.kind,
        record,
        clip.source,
        clip.source_rate,
        clip.references,
        clip.metadata,
        clip.markers,
        clip.enclosure,
        clip.nested,
        occluded,
    )


def _layer(one: Found, finer: int, start: Ticks) -> Layer:
    """Whole ticks from the cut's start. Between two ticks the record is widened, what hides others narrowed."""
    _, clip, own, opaque = one
    picture = clip.kind is _PICTURE
    if own is clip.record and finer == 1 and not start and opaque is own:
        return new(Layer, (own, own if picture else None, picture))
    first, end = own
    record = FrameRange(math.floor((first - start) * finer), math.ceil((end - start) * finer))
    if opaque is None or not picture:
        return Layer(record, None, picture)
    first, end = opaque
    first, end = math.ceil((first - start) * finer), math.floor((end - start) * finer)
    return Layer(record, FrameRange(first, end) if first < end else None, picture)


def _finer(found: list[Found], timebase: Timebase) -> int:
    """How many times finer ticks must be for the edges that retimed nestings put between two of them.

    Beyond a billion the edges are widened to whole ticks instead: touched is shown.
    """
    finer = 1
    for one in found:
        first, end = one.record
        if first.__class__ is int and end.__class__ is int:
            continue
        for edge in one.record:
            if edge.__class__ is Fraction and finer % edge.denominator:
                wider = math.lcm(finer, edge.denominator)
                if wider * timebase.ticks_per_frame > _MAX_FINER:
                    return finer
                finer = wider
    return finer


def _rate_of(tree: object) -> Fraction:
    """The cut's rate: the global start time's, else the first picture clip's, else any clip's."""
    if isinstance(tree, dict):
        start = tree.get("global_start_time")
        if isinstance(start, dict):
            rate = _plausible(start.get("rate"))
            if rate is not None:
                return rate
    any_rate = None
    for raw, sound in _lengths(tree, False):
        rate = _plausible(raw)
        if rate is not None and not sound:
            return rate
        any_rate = any_rate or rate
    return any_rate or Fraction(24)


def _plausible(raw: object) -> Fraction | None:
    """A rate that frames are counted in; one per second or less counts seconds."""
    if isinstance(raw, bool) or not isinstance(raw, (int, float)):
        return None
    try:
        rate = parse_rate(raw)
    except ValueError:
        return None
    return rate if rate > 1 else None


def _lengths(node: object, sound: bool) -> Iterator[tuple[object, bool]]:
    """The raw rates of the durations of clips, in the order of the file, and whether each is of sound."""
    # One child after the other: mostly the first says it, and the others need not be made.
    waiting: list[tuple[list[object], int, bool]] = [([node], 0, sound)]
    while waiting:
        several, index, sound = waiting.pop()
        if index == len(several):
            continue
        waiting.append((several, index + 1, sound))
        one = several[index]
        if not isinstance(one, dict):
            continue
        kind = one.get("kind")
        sound = sound or (isinstance(kind, str) and kind.lower() == "audio")
        if str(one.get("OTIO_SCHEMA")).startswith("Clip."):
            for span in _spans(one):
                duration = span.get("duration")
                if isinstance(duration, dict):
                    yield duration.get("rate"), sound
            continue
        if "tracks" in one:
            waiting.append(([one["tracks"]], 0, sound))
        children = one.get("children")
        if isinstance(children, list):
            waiting.append((children, 0, sound))


def _spans(clip: dict[str, object]) -> Iterator[dict[str, object]]:
    own = clip.get("source_range")
    if isinstance(own, dict):
        yield own
        return
    many = clip.get("media_references")
    for reference in (clip.get("media_reference"), *(many.values() if isinstance(many, dict) else ())):
        if isinstance(reference, dict) and isinstance(reference.get("available_range"), dict):
            yield reference["available_range"]


def _all_rates(tree: object) -> set[Fraction]:
    """Every rate that a time in the tree has, so that a cut of many rates is not walked once for each."""
    rates = set()
    waiting = [tree]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            if one.get("OTIO_SCHEMA") == "RationalTime.1":
                rate = _plausible(one.get("rate"))
                if rate is not None:
                    rates.add(rate)
            else:
                waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)
    return rates
