"""Outcomes, reasons and verdicts: what was decided, as values that print, save and compare.

The worst wins: a shot and a cut have the worst outcome of their parts (interface.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from fractions import Fraction
from itertools import repeat
from operator import concat
from types import MappingProxyType
from typing import Any, NamedTuple

from clearcut.core.freezing import new
from clearcut.core.timing import FrameRange, Timebase
from clearcut.core.use import ReplicaUse

Detail = Mapping[str, Any]
NO_DETAIL: Detail = MappingProxyType({})


class Outcome(str, Enum):
    """Best to worst, in this order."""

    NOT_APPLICABLE = "not_applicable"
    EXEMPT = "exempt"
    CLEARED = "cleared"
    CLEARED_WITH_DUTIES = "cleared_with_duties"
    UNKNOWN = "unknown"
    BLOCKED = "blocked"

    @property
    def rank(self) -> int:
        """0 for the best."""
        return _RANKS[self]

    @property
    def may_publish(self) -> bool:
        """Whether a shot with this outcome may be published: an allow-list, so that a new word never clears."""
        return self in _MAY_PUBLISH


_MAY_PUBLISH = (Outcome.NOT_APPLICABLE, Outcome.EXEMPT, Outcome.CLEARED, Outcome.CLEARED_WITH_DUTIES)
_RANKS = {outcome: rank for rank, outcome in enumerate(Outcome)}
_NOTHING = Outcome.NOT_APPLICABLE  # found once: it takes longer to find than to compare


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """The worst of them; `not_applicable` of nothing."""
    return max(outcomes, key=_RANKS.__getitem__, default=_NOTHING)


class Severity(str, Enum):
    """What a reason does to its use, mildest first."""

    INFO = "info"
    WARN = "warn"
    UNKNOWN = "unknown"
    BLOCK = "block"

    @property
    def rank(self) -> int:
        """0 for the mildest."""
        return _SEVERITY_RANKS[self]


_SEVERITY_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, complete by itself: what, how bad, who can fix it and how.

    `code` is of the closed catalogue in `reasons`. `detail` holds plain JSON values for programs. A waived
    reason keeps its code, becomes a warning and names its waiver in `detail["waiver"]`.
    """

    code: str
    severity: Severity
    message: str
    remedy: str
    who: str
    licence: str | None = None
    detail: Detail = field(default_factory=lambda: NO_DETAIL)


_OUTCOME_OF = {
    Severity.BLOCK: Outcome.BLOCKED,
    Severity.UNKNOWN: Outcome.UNKNOWN,
    Severity.WARN: Outcome.NOT_APPLICABLE,
    Severity.INFO: Outcome.NOT_APPLICABLE,
}


def outcome_of(reasons: Iterable[Reason]) -> Outcome:
    """What reasons alone make of a shot or a cut: blocked, unknown, or nothing."""
    return worst(_OUTCOME_OF[r.severity] for r in reasons)


class Decision(NamedTuple):
    """The outcome for one use, with every reason, worst first.

    `licences` are the ids its grant rests on, sorted. `performer` is a pseudonym, None when unknown.
    `expires` is when the first of these licences ends (exclusive, aware), None without one.
    """

    use: str
    outcome: Outcome
    reasons: tuple[Reason, ...]
    licences: tuple[str, ...] = ()
    performer: str | None = None
    expires: datetime | None = None


def decisions_of(uses: Sequence[str], rest: Sequence[tuple[Any, ...]]) -> tuple[Decision, ...]:
    """One decision for each use, `Decision(use, *rest)`: made quickly, for there is one for every use of a cut.

    Raises ValueError when there are not as many of the one as of the other.
    """
    if len(uses) != len(rest):
        raise ValueError("uses without a decision, or decisions without a use")
    return tuple(map(new, repeat(Decision), map(concat, zip(uses), rest)))


@dataclass(frozen=True, slots=True)
class Total:
    """What one licence is charged over the whole cut. `cap` None means without a cap."""

    licence: str
    performer: str | None
    frames: int
    seconds: Fraction
    cap: Fraction | None


class UseVerdict(NamedTuple):
    """A use and what was decided about it."""

    use: ReplicaUse
    decision: Decision


class ShotVerdict(NamedTuple):
    """One shot of the cut; `record` in ticks. `reasons` are those of the shot itself, not of a use."""

    name: str
    outcome: Outcome
    record: tuple[FrameRange, ...]
    uses: tuple[UseVerdict, ...]
    reasons: tuple[Reason, ...] = ()


class EditFacts(NamedTuple):
    """Which edit was judged; `duration` in ticks. What could not be read is "" or None."""

    path: str
    sha256: str
    name: str
    production: str | None
    version: str | None
    timebase: Timebase | None
    duration: int


class AnswerSource(NamedTuple):
    """Who answered: kind "registry", "server" or "bundle", its name, and how old its knowledge was in seconds.

    A name of "" means that no backend was named, and nobody answered.
    """

    kind: str
    name: str
    age_s: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was decided about a cut. `reasons` are those of the cut as a whole. `as_of` is aware, UTC.

    `asked` are the shots that somebody wants to publish, as they were asked for; empty means all. The whole cut is
    judged in any case, for its licences are charged with all of it.
    """

    outcome: Outcome
    as_of: datetime
    what_if: bool
    source: AnswerSource
    edit: EditFacts
    shots: tuple[ShotVerdict, ...]
    totals: tuple[Total, ...] = ()
    reasons: tuple[Reason, ...] = ()
    asked: tuple[str, ...] = ()

    def decides(self, shot: ShotVerdict) -> bool:
        """Whether the shot is one of those that were asked for."""
        return not self.asked or shot.name in self.asked

    def shot(self, name: str) -> ShotVerdict | None:
        """The shot of that name, or None: a shot the cut lacks is nobody's clearance."""
        return next((shot for shot in self.shots if shot.name == name), None)
