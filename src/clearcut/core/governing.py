"""Whether the cut that was asked about is the one to publish for.

A production without a governing cut has none to be held against. Where there is one, any other version is
`cut-stale`, newer ones too: what nobody made govern must not be published for silently, and an editor who tries a
version sees every decision beside that one reason. A studio may make it milder for a department in its rule file.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from clearcut.core.findings import Bench, Finding, live_waivers
from clearcut.core.licence import Waiver
from clearcut.core.request import CheckAnswer, CheckRequest
from clearcut.core.verdict import Reason

_ANY_SHOT = "*"


def with_governing(
    answer: CheckAnswer, request: CheckRequest, version: str | None, waivers: tuple[Waiver, ...]
) -> CheckAnswer:
    """The answer, with `cut-stale` when the production's governing `version` is another; None: it has none."""
    if version is None or request.cut_version == version:
        return answer
    return replace(answer, reasons=(*answer.reasons, _stale(request, version, waivers, answer.as_of)))


def _stale(request: CheckRequest, version: str, waivers: tuple[Waiver, ...], now: datetime) -> Reason:
    own = tuple(one for one in waivers if one.production == request.production and one.shots == (_ANY_SHOT,))
    asked = request.cut_version
    said = "this cut names no version" if asked is None else f"this is version {asked}"
    finding = Finding(
        "cut-stale",
        f"{said}, and the governing cut of {request.production} is {version}",
        f"fetch version {version}, or register this one and have it made the governing cut",
        detail={"version": asked, "governing": version},
    )
    return Bench(request.policy, None, live_waivers(own, _ANY_SHOT, now)).settle(finding)
