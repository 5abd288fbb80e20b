"""When an answer may be relied on: it answers what was asked, once each, and does not contradict itself.

A backend that clears a use beside a reason that blocks it is broken, and a broken backend clears nothing.
"""

from __future__ import annotations

from dataclasses import replace

from clearcut.core.doubts import doubts_fault
from clearcut.core.reasons import CATALOGUE, WaiverBy
from clearcut.core.request import CheckAnswer, CheckRequest
from clearcut.core.verdict import Decision, Outcome, Reason, Severity

_CLEARED = (Outcome.CLEARED, Outcome.CLEARED_WITH_DUTIES)
_BLOCKS, _HIDES = Severity.BLOCK.rank, Severity.UNKNOWN.rank


def answer_fault(answer: CheckAnswer, request: CheckRequest) -> str | None:
    """What is wrong with the answer, as one sentence; None when it can be relied on."""
    fault = _ids_fault(answer, request) or doubts_fault(answer, request)
    if fault is not None:
        return fault
    for decision in answer.decisions:
        fault = decision_fault(decision)
        if fault is not None:
            return f"use {decision.use}: {fault}"
    for reason in answer.reasons:
        fault = _reason_fault(reason)
        if fault is not None:
            return fault
    licences = [total.licence for total in answer.totals]
    if len(set(licences)) != len(licences):
        return "a licence is totalled twice"
    if any(total.frames < 0 for total in answer.totals):
        return "a total is negative"
    if request.now is not None and answer.as_of != request.now:
        return "the answer holds for another moment than was asked for"
    return None


def in_request_order(answer: CheckAnswer, request: CheckRequest) -> CheckAnswer:
    """The same answer with its decisions in the order of the request's uses; ids must match already."""
    by_use = {decision.use: decision for decision in answer.decisions}
    ordered = tuple(by_use[use.id] for use in request.uses)
    return answer if ordered == answer.decisions else replace(answer, decisions=ordered)


def _ids_fault(answer: CheckAnswer, request: CheckRequest) -> str | None:
    asked = {use.id for use in request.uses}
    if len(asked) == len(request.uses) and [use.id for use in request.uses] == [
        decision.use for decision in answer.decisions
    ]:
        return None
    answered: set[str] = set()
    for decision in answer.decisions:
        if decision.use not in asked:
            return f"it decides {decision.use!r}, which was not asked"
        if decision.use in answered:
            return f"it decides {decision.use!r} twice"
        answered.add(decision.use)
    missing = len(asked) - len(answered)
    if missing:
        first = next(use.id for use in request.uses if use.id not in answered)
        return f"{missing} of {len(asked)} uses have no decision, the first of them {first!r}"
    return None


def decision_fault(decision: Decision) -> str | None:
    """How the outcome contradicts its own reasons; None when it does not."""
    for reason in decision.reasons:
        fault = _reason_fault(reason)
        if fault is not None:
            return fault
    worst = max([reason.severity.rank for reason in decision.reasons], default=-1)
    outcome = decision.outcome
    if outcome is Outcome.BLOCKED:
        return None if worst == _BLOCKS else "blocked without a reason that blocks"
    if worst >= _BLOCKS:
        return f"{outcome.value} beside a reason that blocks"
    if outcome is Outcome.UNKNOWN:
        return None if worst == _HIDES else "unknown without a reason that says why"
    if worst >= _HIDES:
        return f"{outcome.value} beside a reason that makes it unknown"
    if outcome in _CLEARED:
        return _grant_fault(decision)
    if outcome is Outcome.EXEMPT:
        return None
    return f"{outcome.value} is no outcome for the use of a replica"


def _grant_fault(decision: Decision) -> str | None:
    # No licence and no waiver: nothing is left that could have cleared it.
    if decision.licences or any("waiver" in reason.detail for reason in decision.reasons):
        return None
    return f"{decision.outcome.value} without a licence"


def _reason_fault(reason: Reason) -> str | None:
    entry = CATALOGUE.get(reason.code)
    if entry is None:
        return f"the reason code {reason.code!r} is not in the catalogue"
    if entry.waiver is WaiverBy.NEVER and "waiver" in reason.detail:
        return f"{reason.code} is waived, which nobody may do"
    return None
