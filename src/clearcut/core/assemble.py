"""Decisions to a verdict: uses to their shots, the worst outcome of the parts, and what could not be asked.

Pure. A shot that nobody answered for is `unknown`; nothing here makes an outcome better.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from clearcut.core.cut import Cut
from clearcut.core.freezing import new
from clearcut.core.gathering import IdentifiedShot
from clearcut.core.identify import Identified
from clearcut.core.reasons import reason
from clearcut.core.request import CheckAnswer, CheckRequest, Doubt
from clearcut.core.timing import FrameRange
from clearcut.core.use import ReplicaUse
from clearcut.core.verdict import (
    AnswerSource,
    Decision,
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


def worst_first(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Worst severity first, then by code, licence and message."""
    several = set_of(reasons)
    if len(several) < 2:  # as with nearly all shots
        return tuple(several)
    return tuple(sorted(several, key=lambda r: (-r.severity.rank, r.code, r.licence or "", r.message)))


def set_of(reasons: Iterable[Reason]) -> list[Reason]:
    """The reasons without those said twice."""
    seen: dict[tuple[str, Severity, str, str | None], Reason] = {}
    for r in reasons:
        seen.setdefault((r.code, r.severity, r.message, r.licence), r)
    return list(seen.values())


def listed(
    cut: Cut,
    identified: Identified,
    asked: tuple[str, ...],
    further: Mapping[str, tuple[Reason, ...]],
) -> tuple[IdentifiedShot, ...]:
    """The shots a verdict will have: those of the cut in record order, then those asked for that it lacks.

    `further` are reasons by shot that came from elsewhere (a scene that could not be read).
    """
    sought = dict.fromkeys((*asked, *further))
    known = {shot.name for shot in identified.shots} if sought else ()
    missing = [name for name in sought if name not in known]
    shots = (*identified.shots, *(IdentifiedShot(n, (), (_not_in_cut(n, cut),)) for n in missing))
    if not further:
        return shots
    return tuple(shot._replace(reasons=(*shot.reasons, *further.get(shot.name, ()))) for shot in shots)


def doubts_about(shots: tuple[IdentifiedShot, ...], identified: Identified) -> tuple[Doubt, ...]:
    """The reasons of the shots themselves, to be settled with the uses."""
    hindered = {shot.name for shot in shots if shot.reasons}
    if not hindered:
        return ()
    sequences = {clip.shot: clip.sequence for clip in identified.clips if clip.shot in hindered}
    return tuple(Doubt(shot.name, sequences.get(shot.name), r) for shot in shots for r in shot.reasons)


def assemble(
    cut: Cut,
    shots: tuple[IdentifiedShot, ...],
    request: CheckRequest,
    answer: CheckAnswer | None,
    *,
    source: AnswerSource,
    now: datetime,
    failure: Reason | None,
    asked: tuple[str, ...] = (),
) -> Verdict:
    """The verdict on the cut, its shots in the order given; `asked` are those somebody wants to publish.

    `failure` says why there is no answer, and makes every shot unknown.
    """
    decisions = {d.use: d for d in answer.decisions} if answer is not None else {}
    by_shot: dict[str, list[ReplicaUse]] = {}
    for use in request.uses:
        by_shot.setdefault(use.shot, []).append(use)
    settled: dict[str, list[Reason]] = {}
    for doubt in answer.doubts if answer is not None else request.doubts:
        settled.setdefault(doubt.shot, []).append(doubt.reason)
    failures = _failures(failure)
    touched = {*by_shot, *settled}
    nothing = Outcome.NOT_APPLICABLE
    judged: list[ShotVerdict] = []
    outcomes: set[Outcome] = set()
    for name, record, _ in shots:
        if name not in touched and not failures:  # most shots of most cuts
            # As `ShotVerdict(...)` makes it, without the call of a Python function.
            judged.append(new(ShotVerdict, (name, nothing, record, (), ())))
            continue
        uses = _judged(by_shot.get(name, ()), decisions, failure)
        one = _shot(name, record, uses, (*settled.get(name, ()), *failures))
        judged.append(one)
        outcomes.add(one.outcome)
    reasons = worst_first((*(answer.reasons if answer is not None else ()), *failures))
    return Verdict(
        outcome=worst([outcome_of(reasons), *outcomes]),
        as_of=now,
        what_if=request.now is not None,
        source=source,
        edit=EditFacts(
            cut.path, cut.sha256, cut.name, request.production, cut.version, cut.timebase, cut.duration
        ),
        shots=tuple(judged),
        totals=answer.totals if answer is not None else (),
        reasons=reasons,
        asked=tuple(dict.fromkeys(asked)),
    )


def unread_cut(
    why: Reason, asked: tuple[str, ...], now: datetime, what_if: datetime | None, source: AnswerSource
) -> Verdict:
    """The verdict on an edit that could not be read: unknown, with the reason on it and on each shot asked for."""
    shots = tuple(ShotVerdict(name, Outcome.UNKNOWN, (), (), (why,)) for name in dict.fromkeys(asked))
    return Verdict(
        outcome=worst([Outcome.UNKNOWN, outcome_of([why])]),
        as_of=what_if or now,
        what_if=what_if is not None,
        source=source,
        edit=EditFacts("", "", "", None, None, None, 0),
        shots=shots,
        reasons=(why,),
        asked=tuple(dict.fromkeys(asked)),
    )


def _failures(failure: Reason | None) -> tuple[Reason, ...]:
    return () if failure is None else (failure,)


def _judged(
    uses: Sequence[ReplicaUse], decisions: Mapping[str, Decision], failure: Reason | None
) -> tuple[UseVerdict, ...]:
    return tuple([new(UseVerdict, (use, decisions.get(use.id) or _undecided(use, failure))) for use in uses])


def _shot(
    name: str, record: tuple[FrameRange, ...], uses: tuple[UseVerdict, ...], reasons: tuple[Reason, ...]
) -> ShotVerdict:
    outcome = worst([one.decision.outcome for one in uses])
    if reasons:
        outcome = worst([outcome_of(reasons), outcome])
        if outcome is Outcome.NOT_APPLICABLE and any("waiver" in one.detail for one in reasons):
            # Somebody answers for what could not be told: that is a clearance, and not "no replica is in it".
            outcome = Outcome.CLEARED
        reasons = worst_first(reasons)
    return ShotVerdict(name, outcome, record, uses, reasons)


def _undecided(use: ReplicaUse, failure: Reason | None) -> Decision:
    """No decision means unknown, whatever the reason."""
    why = failure or reason(
        "backend-invalid-answer", f"no decision came back for {use.replica} in {use.shot}"
    )
    return Decision(use.id, Outcome.UNKNOWN, (why,))


def _not_in_cut(name: str, cut: Cut) -> Reason:
    return reason(
        "shot-not-in-cut",
        f"the cut {cut.name or cut.path!r} has no shot {name!r}",
        remedy="check the shot's name against `clearcut shots`",
    )
