"""Screen time and shot counts per licence, over the whole cut, in exact numbers (domain.md, 2.5).

Uses are charged in the order of the request, which is record order; per licence the union over record time counts,
so that two replicas of one performer on screen together count once. What only a scene shows is charged on top.
The shot in which a cap is passed and all later ones are blocked; the earlier ones are told of it as a warning.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import chain
from operator import le
from typing import NamedTuple, Protocol

from clearcut.core.findings import Finding
from clearcut.core.freezing import new
from clearcut.core.licence import Licence
from clearcut.core.timing import FrameRange, Timebase, format_seconds, total
from clearcut.core.use import ReplicaUse
from clearcut.core.verdict import Severity


class Tally(NamedTuple):
    """What a licence is charged with: the places of its uses in the request, rising, and what they show.

    `screen` are their ranges one after the other; None where they do not stand in that order.
    """

    places: list[int]
    screen: list[FrameRange] | None


class _HasLicences(Protocol):
    @property
    def licences(self) -> tuple[str, ...]: ...


def tallies(judged: Iterable[_HasLicences], uses: Iterable[ReplicaUse]) -> dict[str, Tally]:
    """The tally of every licence, from what the grant of each use rests on, and the uses, in record order.

    One look at every use, in their order: the many looks in the order of the licences took twice as long.
    """
    alike: defaultdict[tuple[str, ...], tuple[list[int], list[FrameRange]]] = defaultdict(lambda: ([], []))
    for at, (one, use) in enumerate(zip(judged, uses, strict=True)):
        places, screen = alike[one.licences]
        places.append(at)
        screen += use.screen
    several: defaultdict[str, list[Tally]] = defaultdict(list)
    for names, (places, screen) in alike.items():
        for name in names:
            several[name].append(new(Tally, (places, screen)))
    return {name: _together(parts) for name, parts in several.items()}


def _together(parts: list[Tally]) -> Tally:
    if len(parts) == 1:
        return parts[0]
    return Tally(sorted(chain.from_iterable(one.places for one in parts)), None)


def _ticks(tally: Tally, uses: Sequence[ReplicaUse]) -> int:
    if tally.screen:
        firsts: tuple[int, ...]
        ends: tuple[int, ...]
        firsts, ends = zip(*tally.screen, strict=True)
        # Where nothing runs backward, and nothing is on screen with something else, all that there is is charged,
        # whether only a scene shows it or not.
        if all(map(le, firsts, ends)) and all(map(le, ends, firsts[1:])):
            return sum(ends) - sum(firsts)
    return running_ticks(uses[at] for at in tally.places)[-1]


def running_ticks(uses: Iterable[ReplicaUse]) -> list[int]:
    """The ticks that were on screen so far, after each use; each counts once, what only a scene shows on top."""
    return _Meter().charge(uses)


class _Meter:
    """Counts ticks in any order, each once. Ticks that only a scene shows are counted shot by shot."""

    __slots__ = ("_ends", "_extra", "_firsts")

    def __init__(self) -> None:
        self._firsts: list[int] = []
        self._ends: list[int] = []
        self._extra: dict[str, list[FrameRange]] = {}

    def charge(self, uses: Iterable[ReplicaUse]) -> list[int]:
        """The ticks counted after each use."""
        running: list[int] = []
        ticks = 0
        for use in uses:
            if use.scene_only:
                ticks += self._extra_ticks(use)
            else:
                ticks += sum(self._new_ticks(first, end) for first, end in use.screen if first < end)
            running.append(ticks)
        return running

    def _extra_ticks(self, use: ReplicaUse) -> int:
        known = self._extra.setdefault(use.shot, [])
        before = total(known)
        known.extend(use.screen)
        return total(known) - before

    def _new_ticks(self, first: int, end: int) -> int:
        firsts, ends = self._firsts, self._ends
        low, high = bisect_left(ends, first), bisect_right(firsts, end)
        known = 0
        if low < high:
            known = sum(ends[at] - firsts[at] for at in range(low, high))
            first, end = min(first, firsts[low]), max(end, ends[high - 1])
        firsts[low:high], ends[low:high] = [first], [end]
        return end - first - known


class Charged(NamedTuple):
    """One licence over the cut: its total in ticks, and what is found for which uses (by index)."""

    ticks: int
    findings: list[tuple[int, Finding]]


def charge(
    licence: Licence,
    tally: Tally,
    all_uses: Sequence[ReplicaUse],
    timebase: Timebase,
    *,
    whole_cut: bool,
    near_percent: int,
) -> Charged:
    """Charges one licence with its tally (of at least one use) of all uses, which are in record order."""
    cap, most, places = licence.max_screen_time_s, licence.max_shots, tally.places
    ticks = _ticks(tally, all_uses)
    findings: list[tuple[int, Finding]] = []
    if not whole_cut:
        capped = [name for name, limit in (("screen time", cap), ("shots", most)) if limit is not None]
        findings.extend((at, _part_only(licence, name)) for name in capped for at in places)
    else:
        if cap is not None:
            findings.extend(_screen_time(licence, cap, places, all_uses, ticks, timebase, near_percent))
        if most is not None:
            findings.extend(_shot_count(licence, most, places, all_uses))
    return new(Charged, (ticks, findings))


def _part_only(licence: Licence, name: str) -> Finding:
    code = "screen-time-exceeded" if name == "screen time" else "shot-count-exceeded"
    return Finding(
        code,
        f"{licence.id} caps its {name}, and only a part of the cut is known",
        "check the whole cut",
        licence.id,
        severity=Severity.UNKNOWN,
    )


def _screen_time(
    licence: Licence,
    cap: Fraction,
    places: Sequence[int],
    all_uses: Sequence[ReplicaUse],
    ticks: int,
    timebase: Timebase,
    near_percent: int,
) -> Iterator[tuple[int, Finding]]:
    # Ticks are whole, so a cap in ticks may be rounded down; running totals only grow, so bisect finds the use.
    rate = timebase.rate
    above, below = (
        cap.numerator * rate.numerator * timebase.ticks_per_frame,
        cap.denominator * rate.denominator,
    )
    allowed = above // below
    # A percentage of 0 or less would warn of nothing used; nobody needs to hear that.
    nearly = max(1, -(-above * near_percent // (below * 100)))
    if ticks <= allowed:
        if ticks >= nearly:
            warned = _near(licence, cap, timebase.seconds(ticks), timebase)
            running = running_ticks(all_uses[at] for at in places)
            yield from ((at, warned) for at in places[bisect_left(running, nearly) :])
        return
    uses = [all_uses[at] for at in places]
    used = timebase.seconds(ticks)
    passing = bisect_right(running_ticks(uses), allowed)
    over = timebase.whole_frames(ticks - allowed)
    told = Finding(
        "screen-time-exceeded",
        f"the cut shows {_time(used, timebase)} under {licence.id}, {_time(used - cap, timebase)} more than its cap of {_time(cap, timebase)}",
        f"trim {over} frame{'' if over == 1 else 's'}, or have the cap of {licence.id} raised",
        licence.id,
        {
            "frames_over": over,
            "seconds": format_seconds(used),
            "cap_seconds": format_seconds(cap),
            "over_seconds": format_seconds(used - cap),
            "passed_in": uses[passing].shot,
        },
    )
    yield from _from(passing, places, uses, told)


def _near(licence: Licence, cap: Fraction, used: Fraction, timebase: Timebase) -> Finding:
    left = int((cap - used) * timebase.rate)
    return Finding(
        "screen-time-near-cap",
        f"{_time(cap - used, timebase)} left of the {_time(cap, timebase)} of {licence.id}",
        f"mind the {left} frames that are left, or have the cap of {licence.id} raised",
        licence.id,
        {
            "frames_left": left,
            "seconds": format_seconds(used),
            "cap_seconds": format_seconds(cap),
            "left_seconds": format_seconds(cap - used),
        },
    )


def _shot_count(
    licence: Licence, most: int, places: Sequence[int], all_uses: Sequence[ReplicaUse]
) -> Iterator[tuple[int, Finding]]:
    uses = [all_uses[at] for at in places]
    shots: dict[str, int] = {}
    numbers = [shots.setdefault(use.shot, len(shots) + 1) for use in uses]
    count = len(shots)
    if count <= most:
        return
    passing = next(at for at, number in enumerate(numbers) if number > most)
    told = Finding(
        "shot-count-exceeded",
        f"{count} shots use {licence.id}, which allows {most}",
        f"drop {count - most} shot{'' if count - most == 1 else 's'}, or have the number of {licence.id} raised",
        licence.id,
        {"shots": count, "max_shots": most, "passed_in": uses[passing].shot},
    )
    yield from _from(passing, places, uses, told)


def _from(
    passing: int, places: Sequence[int], uses: Sequence[ReplicaUse], told: Finding
) -> Iterator[tuple[int, Finding]]:
    """The finding for the shot in which a cap is passed and all later uses, as a fixed warning for the earlier."""
    shot = uses[passing].shot
    warning = Finding(
        told.code, told.message, told.remedy, told.licence, told.detail, severity=Severity.WARN, fixed=True
    )
    for number, (at, use) in enumerate(zip(places, uses, strict=True)):
        yield at, told if number >= passing or use.shot == shot else warning


def _time(seconds: Fraction, timebase: Timebase) -> str:
    """Seconds to two places and the frames they are: for people, the exact numbers are in the detail."""
    frames = seconds * timebase.rate
    shown = f"{frames.numerator}" if frames.denominator == 1 else f"{float(frames):.2f}"
    return f"{float(seconds):.2f} s ({shown} f)"
