"""Questions to a clearance backend, and answers, as small as a test needs them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone
from fractions import Fraction

from clearcut.core.reasons import reason
from clearcut.core.registry import KnownReplica, Recognition
from clearcut.core.request import CheckAnswer, CheckRequest
from clearcut.core.rules import Policy
from clearcut.core.timing import FrameRange, Timebase
from clearcut.core.use import Declaration, Evidence, EvidenceKind, ReplicaUse
from clearcut.core.verdict import Decision, Outcome, Total

NOON = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)
RECOGNITION = Recognition(replicas=(KnownReplica("rpl-a", "P1"),), assets=(), not_replicas=())


def a_use(number: int = 0, **changes) -> ReplicaUse:
    first = number * 48
    use = ReplicaUse(
        id=f"u{number}",
        shot=f"SH_{number:04d}",
        replica="rpl-a",
        declared=Declaration(uses=("stunt",)),
        screen=(FrameRange(first, first + 48),),
        record=(FrameRange(first, first + 48),),
        source=(FrameRange(1001, 1049),),
        source_known=True,
        evidence=(Evidence(EvidenceKind.PATH, f"tracks[0].children[{number}]", "/char/a/beauty.####.exr"),),
    )
    return replace(use, **changes)


def a_request(*uses: ReplicaUse, **changes) -> CheckRequest:
    request = CheckRequest(
        production="HELIOS",
        cut_version="v041",
        timebase=Timebase(Fraction(24)),
        uses=uses or (a_use(0), a_use(1)),
        whole_cut=True,
        facility=None,
        policy=Policy(),
        recognition=RECOGNITION.revision,
        now=None,
    )
    return replace(request, **changes)


def cleared(use: str) -> Decision:
    return Decision(use, Outcome.CLEARED, (), ("L-1",), "P1")


def blocked(use: str) -> Decision:
    return Decision(use, Outcome.BLOCKED, (reason("no-licence", "no licence grants it"),), (), "P1")


def cleared_answer(request: CheckRequest) -> CheckAnswer:
    """What a backend says that finds nothing wrong."""
    total = Total("L-1", "P1", 96, Fraction(4), Fraction(120))
    return CheckAnswer(tuple(cleared(use.id) for use in request.uses), (total,), (), request.now or NOON)
