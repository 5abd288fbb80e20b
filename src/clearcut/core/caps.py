"""Screen time and shot counts per licence, over the whole cut, in exact numbers (domain.md, 2.5).

Uses are charged in the order of the request, which is record order; per licence the union over record time counts,
so that two replicas of one performer on screen together count once. What only a scene shows is charged on top.
The shot in which a cap is passed and all later ones are blocked; the earlier ones are told of it as a warning.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from clearcut.core.findings import Finding
from clearcut.core.licence import Licence
from clearcut.core.timing import FrameRange, Timebase, format_seconds, total
from clearcut.core.use import ReplicaUse
from clearcut.core.verdict import Severity


class Meter:
    """The ticks that were on screen so far, each counted once. Ticks only a scene shows are counted shot by shot."""

    __slots__ = ("_ends", "_extra", "_firsts", "ticks")

    def __init__(self) -> None:
        self._firsts: list[int] = []
        self._ends: list[int] = []
        self._extra: dict[str, list[FrameRange]] = {}
        self.ticks = 0

    def charge(self, use: ReplicaUse) -> None:
        """Adds what the use shows that was not counted yet."""
        self.charge_all((use,))

    def charge_all(self, uses: Iterable[ReplicaUse]) -> list[int]:
        """Adds what each use shows that was not counted yet; gives the ticks after each."""
        running: list[int] = []
        firsts, ends = self._firsts, self._ends
        for use in uses:  # one loop without calls, because it runs for every use of a cut
            if use.scene_only:
                self._add_extra(use)
            else:
                for first, end in use.screen:
                    if first < end and (not ends or first > ends[-1]):  # the ordinary case: in record order
                        firsts.append(first)
                        ends.append(end)
                        self.ticks += end - first
                    else:
                        self._add(first, end)
            running.append(self.ticks)
        return running

    def _add_extra(self, use: ReplicaUse) -> None:
        known = self._extra.setdefault(use.shot, [])
        before = total(known)
        known.extend(use.screen)
        self.ticks += total(known) - before

    def _add(self, first: int, end: int) -> None:
        if end <= first:
            return
        firsts, ends = self._firsts, self._ends
        low, high = bisect_left(ends, first), bisect_right(firsts, end)
        known = 0
        if low < high:
            known = sum(ends[at] - firsts[at] for at in range(low, high))
            first, end = min(first, firsts[low]), max(end, ends[high - 1])
        firsts[low:high], ends[low:high] = [first], [end]
        self.ticks += end - first - known


@dataclass(frozen=True, slots=True)
class Charged:
    """One licence over the cut: its total in ticks, and what is found for which uses (by index)."""

    licence: Licence
    ticks: int
    findings: tuple[tuple[int, Finding], ...]


def charge(
    licence: Licence,
    uses: Sequence[tuple[int, ReplicaUse]],
    timebase: Timebase,
    *,
    whole_cut: bool,
    near_percent: int,
) -> Charged:
    """Charges one licence with its uses, each given with its index, in record order."""
    cap, most = licence.max_screen_time_s, licence.max_shots
    meter = Meter()
    running = meter.charge_all(use for _, use in uses)
    findings: list[tuple[int, Finding]] = []
    if not whole_cut:
        capped = [name for name, limit in (("screen time", cap), ("shots", most)) if limit is not None]
        findings.extend((index, _part_only(licence, name)) for name in capped for index, _ in uses)
    else:
        if cap is not None:
            findings.extend(_screen_time(licence, cap, uses, running, timebase, near_percent))
        if most is not None:
            findings.extend(_shot_count(licence, most, uses))
    return Charged(licence, meter.ticks, tuple(findings))


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
    uses: Sequence[tuple[int, ReplicaUse]],
    running: list[int],
    timebase: Timebase,
    near_percent: int,
) -> Iterator[tuple[int, Finding]]:
    # Ticks are whole, so a cap in ticks may be rounded down; running totals only grow, so bisect finds the use.
    cap_ticks = cap * (timebase.rate * timebase.ticks_per_frame)
    allowed = math.floor(cap_ticks)
    if running[-1] <= allowed:
        # A percentage of 0 or less would warn of nothing used; nobody needs to hear that.
        nearly = max(1, math.ceil(cap_ticks * near_percent / 100))
        near = bisect_left(running, nearly)
        if near < len(running):
            warned = _near(licence, cap, timebase.seconds(running[-1]), timebase)
            yield from ((index, warned) for index, _ in uses[near:])
        return
    used = timebase.seconds(running[-1])
    passing = bisect_right(running, allowed)
    over = timebase.whole_frames(running[-1] - allowed)
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
            "passed_in": uses[passing][1].shot,
        },
    )
    yield from _from(passing, uses, told)


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
    licence: Licence, most: int, uses: Sequence[tuple[int, ReplicaUse]]
) -> Iterator[tuple[int, Finding]]:
    shots: dict[str, int] = {}
    numbers = [shots.setdefault(use.shot, len(shots) + 1) for _, use in uses]
    count = len(shots)
    if count <= most:
        return
    passing = next(at for at, number in enumerate(numbers) if number > most)
    told = Finding(
        "shot-count-exceeded",
        f"{count} shots use {licence.id}, which allows {most}",
        f"drop {count - most} shot{'' if count - most == 1 else 's'}, or have the number of {licence.id} raised",
        licence.id,
        {"shots": count, "max_shots": most, "passed_in": uses[passing][1].shot},
    )
    yield from _from(passing, uses, told)


def _from(
    passing: int, uses: Sequence[tuple[int, ReplicaUse]], told: Finding
) -> Iterator[tuple[int, Finding]]:
    """The finding for the shot in which a cap is passed and all later uses, as a fixed warning for the earlier."""
    shot = uses[passing][1].shot
    warning = Finding(
        told.code, told.message, told.remedy, told.licence, told.detail, severity=Severity.WARN, fixed=True
    )
    for at, (index, use) in enumerate(uses):
        yield index, told if at >= passing or use.shot == shot else warning


def _time(seconds: Fraction, timebase: Timebase) -> str:
    """Seconds to two places and the frames they are: for people, the exact numbers are in the detail."""
    frames = seconds * timebase.rate
    shown = f"{frames.numerator}" if frames.denominator == 1 else f"{float(frames):.2f}"
    return f"{float(seconds):.2f} s ({shown} f)"
