"""Decisions to a verdict: uses to their shots, the worst outcome of the parts, and what could not be asked.

Pure. A shot that nobody answered for is `unknown`; nothing here makes an outcome better.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from clearcut.core.cut import Cut
from clearcut.core.identify import Identified
from clearcut.core.reasons import reason
from clearcut.core.request import CheckAnswer
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
    worst,
)

_OUTCOME_OF = {
    Severity.BLOCK: Outcome.BLOCKED,
    Severity.UNKNOWN: Outcome.UNKNOWN,
    Severity.WARN: Outcome.NOT_APPLICABLE,
    Severity.INFO: Outcome.NOT_APPLICABLE,
}


def outcome_of(reasons: Iterable[Reason]) -> Outcome:
    """What reasons alone make of a shot or a cut: blocked, unknown, or nothing."""
    return worst(_OUTCOME_OF[r.severity] for r in reasons)


def worst_first(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Worst severity first, then by code, licence and message."""
    return tuple(
        sorted(set_of(reasons), key=lambda r: (-r.severity.rank, r.code, r.licence or "", r.message))
    )


def set_of(reasons: Iterable[Reason]) -> list[Reason]:
    """The reasons without those said twice."""
    seen: dict[tuple[str, Severity, str, str | None], Reason] = {}
    for r in reasons:
        seen.setdefault((r.code, r.severity, r.message, r.licence), r)
    return list(seen.values())


def assemble(
    cut: Cut,
    identified: Identified,
    answer: CheckAnswer | None,
    *,
    production: str | None,
    source: AnswerSource,
    asked: tuple[str, ...],
    now: datetime,
    what_if: bool,
    failure: Reason | None,
    shot_reasons: Mapping[str, tuple[Reason, ...]],
) -> Verdict:
    """The verdict on the cut: shots in record order, then those that were asked for and are not in it.

    `failure` says why there is no answer, and makes every shot unknown. `shot_reasons` are further reasons by
    shot (a scene that could not be read).
    """
    decisions = {d.use: d for d in answer.decisions} if answer is not None else {}
    by_shot: dict[str, list[ReplicaUse]] = {}
    for use in identified.uses:
        by_shot.setdefault(use.shot, []).append(use)
    shots = [
        _shot(
            shot.name,
            shot.record,
            _judged(by_shot.get(shot.name, []), decisions, failure),
            (*shot.reasons, *shot_reasons.get(shot.name, ()), *_failures(failure)),
        )
        for shot in identified.shots
    ]
    known = {shot.name for shot in shots}
    missing = [name for name in dict.fromkeys((*asked, *shot_reasons)) if name not in known]
    shots += [_shot(name, (), (), (_not_in_cut(name, cut), *shot_reasons.get(name, ()))) for name in missing]
    reasons = worst_first((*(answer.reasons if answer is not None else ()), *_failures(failure)))
    return Verdict(
        outcome=worst([outcome_of(reasons), *(shot.outcome for shot in shots)]),
        as_of=now,
        what_if=what_if,
        source=source,
        edit=EditFacts(cut.path, cut.sha256, cut.name, production, cut.version, cut.timebase, cut.duration),
        shots=tuple(shots),
        totals=answer.totals if answer is not None else (),
        reasons=reasons,
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
    )


def _failures(failure: Reason | None) -> tuple[Reason, ...]:
    return () if failure is None else (failure,)


def _judged(
    uses: list[ReplicaUse], decisions: Mapping[str, Decision], failure: Reason | None
) -> tuple[UseVerdict, ...]:
    return tuple(UseVerdict(use, decisions.get(use.id) or _undecided(use, failure)) for use in uses)


def _shot(
    name: str, record: tuple[FrameRange, ...], uses: tuple[UseVerdict, ...], reasons: tuple[Reason, ...]
) -> ShotVerdict:
    outcome = worst([outcome_of(reasons), *(one.decision.outcome for one in uses)])
    return ShotVerdict(name=name, outcome=outcome, record=record, uses=uses, reasons=worst_first(reasons))


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
