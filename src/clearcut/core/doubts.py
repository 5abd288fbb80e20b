"""What becomes of the doubts about shots: the rules' severities and the registry's waivers, and nothing else.

A doubt is settled where licences are judged, because only there are the waivers known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from clearcut.core.findings import Bench, Finding, live_waivers
from clearcut.core.licence import Waiver
from clearcut.core.reasons import CATALOGUE, WaiverBy
from clearcut.core.request import CheckAnswer, CheckRequest, Doubt


def settled(request: CheckRequest, waivers: tuple[Waiver, ...], now: datetime) -> tuple[Doubt, ...]:
    """The request's doubts in its order; `waivers` are those of its production."""

    def settle(doubt: Doubt) -> Doubt:
        bench = Bench(request.policy, doubt.sequence, live_waivers(waivers, doubt.shot, now))
        said = doubt.reason
        finding = Finding(said.code, said.message, said.remedy, said.licence, said.detail, said.severity)
        return replace(doubt, reason=bench.settle(finding))

    return tuple(map(_or_as_it_is(settle), request.doubts))


def _or_as_it_is(settle: Callable[[Doubt], Doubt]) -> Callable[[Doubt], Doubt]:
    def attempt(doubt: Doubt) -> Doubt:
        try:
            return settle(doubt)
        except Exception:  # noqa: BLE001 - what cannot be settled hinders as it did
            return doubt

    return attempt


def doubts_fault(answer: CheckAnswer, request: CheckRequest) -> str | None:
    """How an answer's doubts are not those of the request, as one sentence; None when they are.

    A doubt may become worse; it becomes milder only by a waiver, and only if its code has one.
    """
    if len(answer.doubts) != len(request.doubts):
        return f"{len(request.doubts)} doubts were sent and {len(answer.doubts)} came back"
    for sent, back in zip(request.doubts, answer.doubts, strict=True):
        if (sent.shot, sent.reason.code) != (back.shot, back.reason.code):
            return f"the doubt about {sent.shot} came back as another one"
        entry = CATALOGUE.get(back.reason.code)
        waived = "waiver" in back.reason.detail and entry is not None and entry.waiver is not WaiverBy.NEVER
        if back.reason.severity.rank < sent.reason.severity.rank and not waived:
            return f"the doubt about {sent.shot} came back milder, and nobody waived it"
    return None
