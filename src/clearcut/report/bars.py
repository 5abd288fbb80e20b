"""Screen time as bars: what each licence is charged, and how long each performer is on screen."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from clearcut.core.timing import FrameRange, total, union
from clearcut.core.verdict import Total, Verdict
from clearcut.report.visible import clip
from clearcut.report.wording import NOBODY, show_seconds

_MAX_BARS = 40


@dataclass(frozen=True, slots=True)
class Bar:
    """Screen time of one licence or performer. `width` and `cap` in percent of the longest; `cap` "" without one."""

    label: str
    text: str
    width: str
    cap: str
    over: bool


def licence_bars(totals: tuple[Total, ...]) -> list[Bar]:
    """What each licence is charged beside its cap, by id."""
    longest = max((max(t.seconds, t.cap or Fraction(0)) for t in totals), default=Fraction(0))
    bars = []
    for entry in sorted(totals, key=lambda t: t.licence):
        left = ""
        if entry.cap is not None:
            over = entry.seconds > entry.cap
            rest = show_seconds(abs(entry.cap - entry.seconds))
            left = (
                f" of {show_seconds(entry.cap)}, {'over by ' if over else ''}{rest}{'' if over else ' left'}"
            )
        bars.append(
            Bar(
                label=f"{clip(entry.licence, 40)}, {clip(entry.performer or NOBODY, 40)}",
                text=f"{show_seconds(entry.seconds)}{left}",
                width=_share(entry.seconds, longest),
                cap="" if entry.cap is None else _share(entry.cap, longest),
                over=entry.cap is not None and entry.seconds > entry.cap,
            )
        )
    return bars


def performer_bars(verdict: Verdict) -> list[Bar]:
    """Per performer the union of record time on screen: two replicas of one performer at once count once."""
    timebase = verdict.edit.timebase
    if timebase is None:
        return []
    screen: dict[str, list[FrameRange]] = {}
    for shot in verdict.shots:
        for use in shot.uses:
            screen.setdefault(use.decision.performer or NOBODY, []).extend(use.use.screen)
    ticks = {name: total(union(ranges)) for name, ranges in screen.items()}
    longest = Fraction(max(ticks.values(), default=0))
    most = sorted(ticks.items(), key=lambda item: (-item[1], item[0]))
    bars = [
        Bar(
            clip(name, 60),
            f"{timebase.whole_frames(count)} f, {show_seconds(timebase.seconds(count))}",
            _share(Fraction(count), longest),
            "",
            False,
        )
        for name, count in most[:_MAX_BARS]
    ]
    if most[_MAX_BARS:]:
        bars.append(
            Bar(f"{len(most) - _MAX_BARS} others", "less each; the JSON report has them", "0", "", False)
        )
    return bars


def _share(part: Fraction, whole: Fraction) -> str:
    return f"{float(100 * part / whole):.2f}" if whole else "0"
