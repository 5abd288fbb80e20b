"""What changed between two cuts, shot by shot: added, removed, moved, trimmed, retimed, other media.

Clips are paired within their shot, so a shot that occurs twice is compared twice. Frames are those of each cut's
own rate. A shot that only slid because something before it became longer has not moved.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from clearcut.core import paths
from clearcut.core.cut import Clip, Cut
from clearcut.core.shots import UNNAMED, NamedClip
from clearcut.core.timing import FrameRange, Timebase


class ChangeKind(str, Enum):
    """What happened to a clip of a shot."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    TRIMMED = "trimmed"
    RETIMED = "retimed"
    MEDIA_REPLACED = "media_replaced"


@dataclass(frozen=True, slots=True)
class ClipChange:
    """One clip of a shot that is not what it was.

    `old` and `new` are record ranges in frames of their own cut, exact; None when the clip was added or removed.
    `frames` is how much longer it is on record, negative for shorter. `head` and `tail` are the frames gained (+)
    or lost (-) at either end; None when that cannot be told (other media, no source range). `speeds` are source
    frames per record frame, where they differ; `media` what it shows, where that differs. `sound`: it is heard,
    not seen.
    """

    shot: str
    kinds: tuple[ChangeKind, ...]
    frames: Fraction
    old: tuple[Fraction, Fraction] | None = None
    new: tuple[Fraction, Fraction] | None = None
    head: Fraction | None = None
    tail: Fraction | None = None
    speeds: tuple[Fraction | None, Fraction | None] | None = None
    media: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    sound: bool = False


@dataclass(frozen=True, slots=True)
class CutDiff:
    """All changes, in the new cut's record order, removed ones where they were.

    `slid` counts clips that only begin earlier or later because of a change before them. `rates` are set where
    they differ. `frames` are the lengths of the cuts.
    """

    changes: tuple[ClipChange, ...]
    slid: int
    frames: tuple[Fraction, Fraction]
    rates: tuple[Fraction, Fraction] | None = None


def diff_cuts(old: Cut, new: Cut, old_clips: Sequence[NamedClip], new_clips: Sequence[NamedClip]) -> CutDiff:
    """What changed from `old` to `new`; the clips are `name_shots` of each."""
    pairs, removed, added = _paired(_by_shot(old_clips), _by_shot(new_clips))
    moved, slid = _moved(pairs, old.timebase, new.timebase)
    changes: list[tuple[tuple[Fraction, str], ClipChange]] = []
    for before, after in pairs:
        change = _change(before, after, old.timebase, new.timebase, moved=id(after) in moved)
        if change is not None:
            changes.append((_order(after, new.timebase), change))
    for one in added:
        span = _frames(one.clip.record, new.timebase)
        change = ClipChange(
            _shot(one), (ChangeKind.ADDED,), span[1] - span[0], new=span, sound=_is_sound(one.clip)
        )
        changes.append((_order(one, new.timebase), change))
    for one in removed:
        span = _frames(one.clip.record, old.timebase)
        change = ClipChange(
            _shot(one), (ChangeKind.REMOVED,), span[0] - span[1], old=span, sound=_is_sound(one.clip)
        )
        changes.append((_order(one, old.timebase), change))
    changes.sort(key=lambda item: item[0])
    rates = (old.timebase.rate, new.timebase.rate)
    return CutDiff(
        tuple(change for _, change in changes),
        slid,
        (old.timebase.frames(old.duration), new.timebase.frames(new.duration)),
        rates if rates[0] != rates[1] else None,
    )


_Pair = tuple[NamedClip, NamedClip]


def _shot(one: NamedClip) -> str:
    return one.shot if one.shot is not None else UNNAMED


def _is_sound(clip: Clip) -> bool:
    return clip.kind.value == "sound"


def _order(one: NamedClip, timebase: Timebase) -> tuple[Fraction, str]:
    return timebase.seconds(one.clip.record.first), _shot(one)


def _by_shot(clips: Iterable[NamedClip]) -> dict[tuple[str, bool], list[NamedClip]]:
    """Clips with media of their own, by shot and whether they are sound; in record order.

    Names that differ in case alone are one shot, as within a cut.
    """
    filed: dict[tuple[str, bool], list[NamedClip]] = {}
    for one in clips:
        if not one.clip.nested:
            filed.setdefault((_shot(one).casefold(), _is_sound(one.clip)), []).append(one)
    for several in filed.values():
        several.sort(key=lambda one: (one.clip.record, one.clip.where))
    return filed


def _paired(
    old: dict[tuple[str, bool], list[NamedClip]], new: dict[tuple[str, bool], list[NamedClip]]
) -> tuple[list[_Pair], list[NamedClip], list[NamedClip]]:
    """Pairs of the same shot, then what is left of the old and of the new."""
    pairs: list[_Pair] = []
    removed: list[NamedClip] = []
    added: list[NamedClip] = []
    for key in dict.fromkeys((*old, *new)):
        before, after = old.get(key, []), new.get(key, [])
        # The unchanged first, so that one more flashback is one more, not a change of all the others.
        for likeness in (_unchanged, _media, _nothing):
            before, after = _take(pairs, before, after, likeness)
        removed.extend(before)
        added.extend(after)
    return pairs, removed, added


def _media(one: NamedClip) -> Hashable:
    return media_of(one.clip)


def _unchanged(one: NamedClip) -> Hashable:
    # As written, not as normal paths: for nearly all clips of two cuts that is enough, and costs nothing.
    return _urls(one.clip), one.clip.source, one.clip.record.length


def _nothing(_: NamedClip) -> Hashable:
    return None


def _take(
    pairs: list[_Pair],
    before: list[NamedClip],
    after: list[NamedClip],
    likeness: Callable[[NamedClip], Hashable],
) -> tuple[list[NamedClip], list[NamedClip]]:
    """Pairs those that are alike, in record order; gives what is left of both."""
    waiting: dict[Hashable, list[NamedClip]] = {}
    for one in reversed(before):
        waiting.setdefault(likeness(one), []).append(one)
    left = []
    taken: set[int] = set()
    for one in after:
        alike = waiting.get(likeness(one))
        if alike:
            partner = alike.pop()
            taken.add(id(partner))
            pairs.append((partner, one))
        else:
            left.append(one)
    return [one for one in before if id(one) not in taken], left


def media_of(clip: Clip) -> tuple[str, ...]:
    """What a clip shows: the normal paths of all its media, sorted."""
    return tuple(sorted({paths.normal_path(url) for url in _urls(clip)}))


def _urls(clip: Clip) -> tuple[str, ...]:
    return tuple(url for reference in clip.references for url in reference.urls)


def _frames(ticks: FrameRange, timebase: Timebase) -> tuple[Fraction, Fraction]:
    return timebase.frames(ticks.first), timebase.frames(ticks.end)


def _speed(clip: Clip, timebase: Timebase) -> Fraction | None:
    """Source seconds per record second; None when the source is not known."""
    if clip.source is None:
        return None
    return Fraction(clip.source.length) / clip.source_rate / timebase.seconds(clip.record.length)


def _change(
    before: NamedClip, after: NamedClip, old: Timebase, new: Timebase, *, moved: bool
) -> ClipChange | None:
    """What became of one clip; None when nothing did."""
    if not moved and old == new and _is_unchanged(before.clip, after.clip):
        return None
    was, now = _frames(before.clip.record, old), _frames(after.clip.record, new)
    longer = (now[1] - now[0]) - (was[1] - was[0])
    same = _urls(before.clip) == _urls(after.clip)
    media = ((), ()) if same else (media_of(before.clip), media_of(after.clip))
    speeds = (_speed(before.clip, old), _speed(after.clip, new))
    head, tail = _trims(before.clip, after.clip, new)
    kinds = [ChangeKind.MOVED] if moved else []
    replaced = media[0] != media[1]
    # A source counted in whole frames makes a retime of a frame's share out of nothing: only real ones are told.
    retimed = not replaced and _is_retimed(before.clip, after.clip, speeds)
    if retimed:
        kinds.append(ChangeKind.RETIMED)
    if replaced:
        kinds.append(ChangeKind.MEDIA_REPLACED)
    known = not replaced and not retimed and head is not None and tail is not None
    if longer or (known and (head or tail)):
        kinds.insert(0, ChangeKind.TRIMMED)
    if not kinds:
        return None
    return ClipChange(
        shot=_shot(after),
        kinds=tuple(kinds),
        frames=longer,
        old=was,
        new=now,
        head=head if known else None,
        tail=tail if known else None,
        speeds=speeds if retimed else None,
        media=media if replaced else None,
        sound=_is_sound(after.clip),
    )


def _is_unchanged(before: Clip, after: Clip) -> bool:
    # Exact fractions are slow, and most clips of two cuts are the same.
    return (
        before.source == after.source
        and before.source_rate == after.source_rate
        and before.record.length == after.record.length
        and _urls(before) == _urls(after)
    )


def _is_retimed(before: Clip, after: Clip, speeds: tuple[Fraction | None, Fraction | None]) -> bool:
    one, other = speeds
    if one is None or other is None or before.source is None or after.source is None:
        return one is not other
    shortest = min(before.source.length, after.source.length)
    return abs(one - other) * shortest > 2 * max(one, other)


def _trims(before: Clip, after: Clip, timebase: Timebase) -> tuple[Fraction | None, Fraction | None]:
    """Record frames gained at head and tail, by the source they show."""
    if before.source is None or after.source is None or before.source_rate != after.source_rate:
        return None, None
    speed = _speed(after, timebase)
    if not speed:
        return None, None
    frames = timebase.rate / after.source_rate / speed
    head = (before.source.first - after.source.first) * frames
    tail = (after.source.end - before.source.end) * frames
    return head, tail


def _moved(pairs: Sequence[_Pair], old: Timebase, new: Timebase) -> tuple[set[int], int]:
    """Which clips changed their place among the others (ids of the new ones), and how many only slid.

    Clips that keep their order among each other (a longest such row) stay; the others moved.
    """
    by_new = sorted(pairs, key=lambda pair: (pair[1].clip.record, pair[1].clip.where))
    by_old = sorted(pairs, key=lambda pair: (pair[0].clip.record, pair[0].clip.where))
    rank = {id(pair[0]): place for place, pair in enumerate(by_old)}
    staying = _longest_rise([rank[id(pair[0])] for pair in by_new])
    moved = {id(pair[1]) for place, pair in enumerate(by_new) if place not in staying}
    slid = 0
    for place, (before, after) in enumerate(by_new):
        if place in staying:
            was, now = before.clip.record.first, after.clip.record.first
            slid += was != now if old == new else old.seconds(was) != new.seconds(now)
    return moved, slid


def _longest_rise(numbers: Sequence[int]) -> set[int]:
    """The places of a longest strictly rising row of numbers."""
    tops: list[int] = []
    places: list[int] = []
    back: list[int] = []
    for place, number in enumerate(numbers):
        at = bisect_left(tops, number)
        back.append(places[at - 1] if at else -1)
        if at == len(tops):
            tops.append(number)
            places.append(place)
        else:
            tops[at] = number
            places[at] = place
    row: set[int] = set()
    place = places[-1] if places else -1
    while place >= 0:
        row.add(place)
        place = back[place]
    return row
