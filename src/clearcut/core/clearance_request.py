"""Clearance requests: an artist asks for what a blocked shot needs, clearance answers with a licence or a refusal.

A request changes no outcome: what an answer grants is a licence in the registry, which `evaluate` sees by itself.
The state of a request only goes along with the reasons it was made for, so that nobody asks twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any

from clearcut.core.codec import format_moment
from clearcut.core.request import CheckAnswer, CheckRequest
from clearcut.core.verdict import Decision, Reason, Severity


class RequestState(str, Enum):
    """Where a request stands; only an open one can be answered or withdrawn."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class ClearanceRequest:
    """What was asked for one replica in one shot, and the answer.

    `codes` are those of the reasons that stopped the shot. `revision` counts the changes of this request, from 1.
    `licence` is what a granted one was answered with, `answer` the words of a refusal; names are those of tokens.
    """

    id: str
    revision: int
    state: RequestState
    production: str
    shot: str
    replica: str
    codes: tuple[str, ...]
    message: str
    asked_by: str
    asked_at: datetime
    answered_by: str | None = None
    answered_at: datetime | None = None
    licence: str | None = None
    answer: str = ""


def with_requests(
    answer: CheckAnswer, request: CheckRequest, asked: Iterable[ClearanceRequest]
) -> CheckAnswer:
    """The same answer, its reasons telling of the requests made for them; later requests win over earlier ones.

    No outcome, severity or code is changed. `asked` are requests of the question's production, oldest first.
    """
    known: dict[tuple[str, str, str], ClearanceRequest] = {
        (one.shot, one.replica, code): one
        for one in asked
        if one.state is not RequestState.WITHDRAWN
        for code in one.codes
    }
    if not known:
        return answer
    places = {use.id: (use.shot, use.replica) for use in request.uses}
    decisions = tuple(_told(one, places.get(one.use, ("", "")), known) for one in answer.decisions)
    return replace(answer, decisions=decisions)


def _told(
    decision: Decision, place: tuple[str, str], known: dict[tuple[str, str, str], ClearanceRequest]
) -> Decision:
    reasons = tuple(_with(one, known.get((*place, one.code))) for one in decision.reasons)
    return decision if reasons == decision.reasons else decision._replace(reasons=reasons)


def _with(reason: Reason, asked: ClearanceRequest | None) -> Reason:
    if asked is None or reason.severity not in (Severity.BLOCK, Severity.UNKNOWN):
        return reason
    return replace(
        reason,
        message=f"{reason.message} ({in_words(asked)})",
        detail={**reason.detail, "request": _detail(asked)},
    )


def in_words(asked: ClearanceRequest) -> str:
    """Where a request stands, as a clause: `R-3: asked by comp on 2026-11-20, not answered yet`."""
    if asked.state is RequestState.OPEN or asked.answered_at is None:
        return f"{asked.id}: asked by {asked.asked_by} on {asked.asked_at:%Y-%m-%d}, not answered yet"
    said = f"{asked.id}: {asked.state.value} by {asked.answered_by} on {asked.answered_at:%Y-%m-%d}"
    if asked.licence is not None:
        return f"{said} with licence {asked.licence}"
    return f"{said}: {asked.answer}" if asked.answer else said


def _detail(asked: ClearanceRequest) -> dict[str, Any]:
    answered = asked.answered_at
    return {
        "id": asked.id,
        "state": asked.state.value,
        "asked_by": asked.asked_by,
        "asked_at": format_moment(asked.asked_at),
        "answered_by": asked.answered_by,
        "answered_at": None if answered is None else format_moment(answered),
        "licence": asked.licence,
        "answer": asked.answer,
    }
