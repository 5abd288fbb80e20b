"""What reports say to people: words for outcomes, counts, one-line sums, and the order worst first.

Every format that people read, and the panel, takes its words from here, so that nobody is told two things.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from fractions import Fraction
from types import MappingProxyType

from clearcut.core.timing import FrameRange, Timebase, total
from clearcut.core.verdict import (
    AnswerSource,
    EditFacts,
    Outcome,
    Reason,
    Severity,
    ShotVerdict,
    UseVerdict,
    Verdict,
    outcome_of,
    worst,
)
from clearcut.report.visible import clip


@dataclass(frozen=True, slots=True)
class OutcomeLook:
    """How an outcome is named: a heading, one word for a badge, a glyph that needs no colour."""

    title: str
    badge: str
    glyph: str


LOOKS: Mapping[Outcome, OutcomeLook] = MappingProxyType(
    {
        Outcome.BLOCKED: OutcomeLook("Blocked", "blocked", "✕"),
        Outcome.UNKNOWN: OutcomeLook("Could not be decided", "unknown", "?"),
        Outcome.CLEARED_WITH_DUTIES: OutcomeLook("Cleared, with duties", "duties", "!"),
        Outcome.CLEARED: OutcomeLook("Cleared", "cleared", "✓"),
        Outcome.EXEMPT: OutcomeLook("Exempt", "exempt", "◇"),
        Outcome.NOT_APPLICABLE: OutcomeLook("No replica", "no replica", "–"),
    }
)
"""Worst first: the order of every list that people read."""

NOBODY = "performer unknown"


def worst_first(shots: Iterable[ShotVerdict]) -> list[ShotVerdict]:
    """Shots by outcome, worst first, in record order within an outcome."""
    return sorted(shots, key=lambda shot: -shot.outcome.rank)


def counts(verdict: Verdict) -> dict[Outcome, int]:
    """Shots per outcome, worst first; outcomes that no shot has are left out."""
    found = Counter(shot.outcome for shot in verdict.shots)
    return {outcome: found[outcome] for outcome in LOOKS if found[outcome]}


def headline(verdict: Verdict) -> str:
    """The whole verdict in one sentence: what may not be published comes first."""
    number = len(verdict.shots)
    found = counts(verdict)
    if not number:
        return "no shot was judged" if not verdict.outcome.may_publish else "the cut has no shot to judge"
    parts = []
    if found.get(Outcome.BLOCKED):
        parts.append(f"{found[Outcome.BLOCKED]} of {shots_word(number)} must not be published")
    if found.get(Outcome.UNKNOWN):
        tail = "" if parts else f" of {shots_word(number)}"
        parts.append(f"{found[Outcome.UNKNOWN]}{tail} could not be decided")
    if parts:
        return ", ".join(parts)
    if not verdict.outcome.may_publish:
        return f"the cut as a whole is {LOOKS[verdict.outcome].badge}: none of {shots_word(number)} may be published"
    which = f"all {shots_word(number)}" if number > 1 else "the shot"
    return f"{which} {'would be free to publish then' if verdict.what_if else 'may be published'}"


def edit_label(edit: EditFacts) -> str:
    """The edit's path or name. One that could not be read has neither, and is no live timeline."""
    unread = edit.timebase is None and not edit.duration
    return edit.path or edit.name or ("no edit was read" if unread else "live timeline")


def head_look(outcome: Outcome, *, what_if: bool) -> Outcome:
    """The outcome whose colour the head of a report bears: what clears nothing is not green."""
    return Outcome.CLEARED_WITH_DUTIES if what_if and outcome.may_publish else outcome


def asked_for(verdict: Verdict) -> str:
    """The shots that were asked for, each with what became of it; what hinders the whole cut hinders each."""
    return ", ".join(
        f"{clip(name, 60)} ({LOOKS[outcome].badge})" for name, outcome in outcomes_asked(verdict)
    )


def outcomes_asked(verdict: Verdict) -> list[tuple[str, Outcome]]:
    """Each shot asked for, and what becomes of it; what hinders the whole cut hinders each."""
    found = {shot.name: shot.outcome for shot in verdict.shots if shot.name in verdict.asked}
    whole = outcome_of(verdict.reasons)
    return [
        (name, own if whole.may_publish else worst((own, whole)))
        for name in verdict.asked
        for own in (found.get(name, Outcome.UNKNOWN),)
    ]


def shots_word(number: int) -> str:
    """`1 shot`, `12 shots`."""
    return f"{number} shot{'' if number == 1 else 's'}"


def show_seconds(seconds: Fraction) -> str:
    """For people: at most three decimals, `12 s`, `90.25 s`, `41.708 s`. The frames beside it are exact."""
    thousandths = round(seconds * 1000)
    whole, rest = divmod(thousandths, 1000)
    return f"{whole}.{rest:03d}".rstrip("0").rstrip(".") + " s" if rest else f"{whole} s"


def use_length(verdict: UseVerdict, timebase: Timebase | None) -> str:
    """How long a use is on screen, `288 f, 12 s`; a voice without picture says so."""
    ticks = total(verdict.use.screen)
    if not ticks:
        return "not on screen"
    if timebase is None:
        return f"{ticks} f"
    return f"{timebase.whole_frames(ticks)} f, {show_seconds(timebase.seconds(ticks))}"


def show_places(ranges: Iterable[FrameRange], timebase: Timebase | None, limit: int = 3) -> str:
    """Where whole frames of the cut are, for people: `at 00:00:20:00 for 408 f`, once per occurrence.

    A start and a length, because nobody can tell from `480-888` whether frame 888 is in it.
    """
    found = list(ranges)
    shown = ", ".join(f"at {timecode(r.first, timebase)} for {r.length} f" for r in found[:limit])
    return shown + (f" and {len(found) - limit} times more" if len(found) > limit else "")


def timecode(frame: int, timebase: Timebase | None) -> str:
    """Non-drop timecode from the cut's start at the nominal rate, `00:00:20:00`; a bare number without a rate."""
    if timebase is None:
        return str(frame)
    nominal = max(round(timebase.rate), 1)
    seconds, rest = divmod(frame, nominal)
    minutes, second = divmod(seconds, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}:{rest:02d}"


def show_moment(moment: datetime) -> str:
    """For people: UTC to the second, `2026-11-20 12:00:00 UTC`."""
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%d %H:%M:%S UTC")


def answered_by(source: AnswerSource) -> str:
    """Who answered and how old their knowledge was; nobody, where no backend was named."""
    age = f", {source.age_s} s old" if source.age_s else ""
    return f"{clip(source.kind, 20)} {clip(source.name, 120)}{age}" if source.name else "nobody"


def replica_name(use: UseVerdict) -> str:
    """The replica's id; what only looks like a replica has none yet."""
    return use.use.replica or "not identified yet"


def shot_frames(shot: ShotVerdict, timebase: Timebase | None) -> tuple[FrameRange, ...]:
    """Where a shot is in the cut, in whole frames."""
    return shot.record if timebase is None else timebase.frame_ranges(shot.record)


def performers(uses: Iterable[UseVerdict]) -> tuple[str, ...]:
    """Pseudonyms, each once, in the order of the uses."""
    return tuple(dict.fromkeys(use.decision.performer or NOBODY for use in uses))


def show_ranges(ranges: Iterable[FrameRange], limit: int = 4) -> str:
    """Half-open ranges of source frames, `[1001, 1289)`, as approvals name them."""
    found = list(ranges)
    shown = ", ".join(f"[{r.first}, {r.end})" for r in found[:limit])
    return shown + (f" and {len(found) - limit} more" if len(found) > limit else "")


def alike(uses: Iterable[UseVerdict]) -> list[list[UseVerdict]]:
    """Uses worst first; those refused for the very same reasons stand together (a crowd is one line, not forty)."""
    groups: dict[object, list[UseVerdict]] = {}
    for use in sorted(uses, key=lambda u: -u.decision.outcome.rank):
        told = tuple((r.code, r.severity, r.message, r.remedy, r.who) for r in use.decision.reasons)
        groups.setdefault((use.decision.outcome, told) if told else use.use.id, []).append(use)
    return list(groups.values())


def hinders(reason: Reason) -> bool:
    """Whether a reason keeps a shot from being published."""
    return reason.severity.rank >= Severity.UNKNOWN.rank


def waiver_of(reason: Reason) -> str | None:
    """The id of the waiver that made a reason a warning, if one did: every report shows it."""
    waiver = reason.detail.get("waiver")
    return None if waiver is None else str(waiver)


def sentence(reason: Reason) -> str:
    """A reason in one line, what failed first; a waiver that lifts it is named. Safe to show."""
    waiver = waiver_of(reason)
    # Before the message: a narrow cell cuts off what comes last.
    waived = f" (waived: {clip(waiver, 60)})" if waiver is not None else ""
    return f"{clip(reason.code, 60)}{waived}: {clip(reason.message, 600).rstrip('.')}"


def instruction(reason: Reason) -> str:
    """A reason with what to do and whom to ask, for formats that have one text for it. Safe to show."""
    remedy = clip(reason.remedy, 400).rstrip(".")
    return f"{sentence(reason)}. To do: {remedy}. Ask: {clip(reason.who, 120)}."


WHAT_IF = "What-if: judged at a moment that was asked for, not at the clock's. This clears nothing."
SILENT = Reason(
    "evaluation-error",
    Severity.UNKNOWN,
    "no reason was given, so it stays closed",
    "run the check again, and report this to whoever runs the backend",
    "pipeline TD",
)
"""Said where a shot or a cut may not be published and nobody said why."""


def all_reasons(shot: ShotVerdict) -> list[tuple[UseVerdict | None, Reason]]:
    """Every reason of a shot with the use it belongs to (None: the shot's own), worst first."""
    found: list[tuple[UseVerdict | None, Reason]] = [(None, reason) for reason in shot.reasons]
    found += [(use, reason) for use in shot.uses for reason in use.decision.reasons]
    if len(found) < 2:
        return found
    return sorted(found, key=lambda pair: -pair[1].severity.rank)


def unexplained(shot: ShotVerdict) -> bool:
    """Whether a shot may not be published although no reason of its own hinders it: say so, never leave it blank."""
    return not shot.outcome.may_publish and not any(hinders(reason) for _, reason in all_reasons(shot))


def cut_hinders(verdict: Verdict) -> bool:
    """Whether the cut as a whole is worse than its shots: then a list of its shots alone would look too good."""
    return (
        any(hinders(reason) for reason in verdict.reasons)
        or verdict.outcome.rank > worst(shot.outcome for shot in verdict.shots).rank
    )
