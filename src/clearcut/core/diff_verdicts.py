"""What a new cut does to clearance: screen time before and after, what is blocked or cleared by it, and by which change.

Compares two verdicts that were asked of the same backend; what made the difference is then in the cut.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from clearcut.core.diff import ChangeKind, ClipChange, CutDiff
from clearcut.core.timing import FrameRange, Timebase, union
from clearcut.core.use import ReplicaUse
from clearcut.core.verdict import Outcome, Reason, Severity, ShotVerdict, UseVerdict, Verdict

# Reasons that rest on the whole cut: the change that did it may be in another shot.
_OVER_THE_CUT = frozenset({"screen-time-exceeded", "screen-time-near-cap", "shot-count-exceeded"})


@dataclass(frozen=True, slots=True)
class ScreenTime:
    """Frames and exact seconds on screen, before and after."""

    frames: tuple[Fraction, Fraction]
    seconds: tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class ReplicaTime:
    """A replica's screen time; `performer` is a pseudonym."""

    replica: str
    performer: str | None
    time: ScreenTime


@dataclass(frozen=True, slots=True)
class LicenceTime:
    """What a licence is charged; `cap` in seconds, None without one (or where it is not known any more)."""

    licence: str
    performer: str | None
    time: ScreenTime
    cap: Fraction | None


@dataclass(frozen=True, slots=True)
class Cause:
    """One change that did it: in `shot`, `frames` more (+) or fewer of a licence's screen time, or `what` in words.

    `licence` is set where the frames are charged to one.
    """

    shot: str
    frames: Fraction | None = None
    what: str = ""
    licence: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """A shot that may be published in one cut and not in the other; `before` None: it was not in the old cut.

    `reasons` are those that hinder it, or did. `causes` may be empty: then nothing in the cut explains it.
    """

    shot: str
    before: Outcome | None
    after: Outcome
    reasons: tuple[Reason, ...]
    causes: tuple[Cause, ...]


@dataclass(frozen=True, slots=True)
class VerdictDiff:
    """What the change does to clearance. Shots in the new cut's order, replicas and licences by id."""

    outcomes: tuple[Outcome, Outcome]
    replicas: tuple[ReplicaTime, ...]
    licences: tuple[LicenceTime, ...]
    newly_blocked: tuple[Turn, ...]
    newly_unknown: tuple[Turn, ...]
    newly_cleared: tuple[Turn, ...]


def diff_verdicts(old: Verdict, new: Verdict, cut: CutDiff) -> VerdictDiff:
    """What changed from one verdict to the other; `cut` is what changed between their cuts."""
    was = {shot.name.casefold(): shot for shot in old.shots}
    growth = _growth(old, new)
    turns: dict[Outcome, list[Turn]] = {Outcome.BLOCKED: [], Outcome.UNKNOWN: [], Outcome.CLEARED: []}
    for shot in new.shots:
        before = was.get(shot.name.casefold())
        kind = _turned(before, shot)
        if kind is not None:
            # What hinders explains a block; what hindered explains that it is lifted.
            told = before if kind is Outcome.CLEARED and before is not None else shot
            reasons = tuple(_hindering(told))
            causes = _causes(before, shot, reasons, cut.changes, growth)
            turns[kind].append(
                Turn(shot.name, before.outcome if before else None, shot.outcome, reasons, causes)
            )
    return VerdictDiff(
        outcomes=(old.outcome, new.outcome),
        replicas=_replicas(old, new),
        licences=_licences(old, new),
        newly_blocked=tuple(turns[Outcome.BLOCKED]),
        newly_unknown=tuple(turns[Outcome.UNKNOWN]),
        newly_cleared=tuple(turns[Outcome.CLEARED]),
    )


def _turned(before: ShotVerdict | None, after: ShotVerdict) -> Outcome | None:
    """Which list a shot is told in: as blocked, unknown or cleared; None when it stayed what it was."""
    if after.outcome.may_publish:
        return Outcome.CLEARED if before is not None and not before.outcome.may_publish else None
    if before is not None and before.outcome is after.outcome:
        return None
    return Outcome.BLOCKED if after.outcome is Outcome.BLOCKED else Outcome.UNKNOWN


def _hindering(shot: ShotVerdict) -> list[Reason]:
    reasons = (*shot.reasons, *(why for use in shot.uses for why in use.decision.reasons))
    seen: dict[tuple[str, str], Reason] = {}
    for why in reasons:
        if why.severity in (Severity.BLOCK, Severity.UNKNOWN):
            seen.setdefault((why.code, why.message), why)
    return list(seen.values())


def _causes(
    before: ShotVerdict | None,
    after: ShotVerdict,
    reasons: Iterable[Reason],
    changes: tuple[ClipChange, ...],
    growth: dict[str, dict[str, Fraction]],
) -> tuple[Cause, ...]:
    causes: list[Cause] = []
    charged = {why.licence for why in reasons if why.code in _OVER_THE_CUT and why.licence is not None}
    for licence in sorted(charged):
        grown = sorted(growth.get(licence, {}).items(), key=lambda item: (-abs(item[1]), item[0]))
        causes.extend(Cause(shot, frames, licence=licence) for shot, frames in grown if frames)
    if charged and not causes:
        # As long as before, and another shot passes the cap: what changed is the order.
        causes.extend(Cause(c.shot, what="moved") for c in changes if ChangeKind.MOVED in c.kinds)
    causes.extend(Cause(after.name, what=what) for what in _other_uses(before, after))
    told = {cause.shot for cause in causes}
    causes.extend(
        Cause(change.shot, what=_words(change))
        for change in changes
        if change.shot.casefold() == after.name.casefold() and change.shot not in told
    )
    return tuple(causes)


def _words(change: ClipChange) -> str:
    if change.kinds == (ChangeKind.TRIMMED,):
        return f"{_signed(change.frames)}"
    return ", ".join(kind.value.replace("_", " ") for kind in change.kinds)


def _signed(frames: Fraction) -> str:
    return f"+{frames}" if frames > 0 else str(frames)


def _other_uses(before: ShotVerdict | None, after: ShotVerdict) -> list[str]:
    """In words, what a shot shows now that it did not, or shows for another purpose."""
    if before is None:
        return []
    was: dict[str, set[str]] = {}
    for use in before.uses:
        was.setdefault(use.use.replica, set()).add(_purpose(use.use))
    said = []
    for use in after.uses:
        purposes = was.get(use.use.replica)
        purpose = _purpose(use.use)
        if purposes is None:
            said.append(f"shows {use.use.replica} now")
        elif purpose not in purposes:
            said.append(f"{use.use.replica} is {purpose} now (was {', '.join(sorted(purposes))})")
    return said


def _purpose(use: ReplicaUse) -> str:
    said = use.declared
    words = [*said.uses, *said.alterations, *said.depictions, *said.modalities]
    words += [text for text in (said.language, said.character, said.exemption, use.version) if text]
    return " ".join(words) or "not described"


def _growth(old: Verdict, new: Verdict) -> dict[str, dict[str, Fraction]]:
    """By licence and shot, how many frames more the licence is charged in the new cut."""
    spelled = {shot.name.casefold(): shot.name for shot in (*old.shots, *new.shots)}
    before, after = _charged(old, spelled), _charged(new, spelled)
    return {
        licence: {
            shot: after.get(licence, {}).get(shot, Fraction(0))
            - before.get(licence, {}).get(shot, Fraction(0))
            for shot in dict.fromkeys((*after.get(licence, {}), *before.get(licence, {})))
        }
        for licence in {**before, **after}
    }


def _charged(verdict: Verdict, spelled: dict[str, str]) -> dict[str, dict[str, Fraction]]:
    ranges: dict[tuple[str, str], list[FrameRange]] = {}
    for shot in verdict.shots:
        for use in shot.uses:
            for licence in _licences_of(use):
                ranges.setdefault((licence, shot.name), []).extend(use.use.screen)
    charged: dict[str, dict[str, Fraction]] = {}
    for (licence, name), several in ranges.items():
        charged.setdefault(licence, {})[spelled[name.casefold()]] = _frames(several, verdict.edit.timebase)
    return charged


def _licences_of(use: UseVerdict) -> set[str]:
    named = {why.licence for why in use.decision.reasons if why.code in _OVER_THE_CUT}
    return {licence for licence in (*use.decision.licences, *named) if licence is not None}


def _frames(ranges: Iterable[FrameRange], timebase: Timebase | None) -> Fraction:
    ticks = sum(one.length for one in union(ranges))
    return Fraction(ticks) if timebase is None else timebase.frames(ticks)


def _replicas(old: Verdict, new: Verdict) -> tuple[ReplicaTime, ...]:
    times = (_by_replica(old), _by_replica(new))
    performers = {
        use.use.replica: use.decision.performer
        for verdict in (old, new)
        for shot in verdict.shots
        for use in shot.uses
    }
    return tuple(
        ReplicaTime(
            replica, performers[replica], _time(times[0].get(replica), times[1].get(replica), old, new)
        )
        for replica in sorted(performers)
    )


def _by_replica(verdict: Verdict) -> dict[str, Fraction]:
    ranges: dict[str, list[FrameRange]] = {}
    for shot in verdict.shots:
        for use in shot.uses:
            ranges.setdefault(use.use.replica, []).extend(use.use.screen)
    return {replica: _frames(several, verdict.edit.timebase) for replica, several in ranges.items()}


def _time(before: Fraction | None, after: Fraction | None, old: Verdict, new: Verdict) -> ScreenTime:
    frames = (before or Fraction(0), after or Fraction(0))
    return ScreenTime(frames, (_seconds(frames[0], old), _seconds(frames[1], new)))


def _seconds(frames: Fraction, verdict: Verdict) -> Fraction:
    timebase = verdict.edit.timebase
    return Fraction(0) if timebase is None else frames / timebase.rate


def _licences(old: Verdict, new: Verdict) -> tuple[LicenceTime, ...]:
    was = {total.licence: total for total in old.totals}
    now = {total.licence: total for total in new.totals}
    told = []
    for licence in sorted({*was, *now}):
        before, after = was.get(licence), now.get(licence)
        known = after or before
        frames = (Fraction(before.frames if before else 0), Fraction(after.frames if after else 0))
        seconds = (before.seconds if before else Fraction(0), after.seconds if after else Fraction(0))
        told.append(
            LicenceTime(
                licence,
                known.performer if known else None,
                ScreenTime(frames, seconds),
                known.cap if known else None,
            )
        )
    return tuple(told)
