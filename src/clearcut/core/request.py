"""The question to a clearance backend and its answer: one for the whole cut, matched by id."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from clearcut.core.rules import Policy
from clearcut.core.timing import Timebase
from clearcut.core.use import ReplicaUse
from clearcut.core.verdict import Decision, Reason, Total


@dataclass(frozen=True, slots=True)
class Doubt:
    """A reason of a shot itself that was found before anyone was asked (shot-ambiguous, scene-incomplete ...).

    It goes along with the question, so that the rules' severities and the registry's waivers reach it too.
    `sequence` None: not known.
    """

    shot: str
    sequence: str | None
    reason: Reason


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """All uses of a cut, in record order, and what they are judged by.

    `production` None when nobody named one. `whole_cut` is False when only part of the cut is known: caps are
    then `unknown`. `recognition` is the revision of the recognition that found the uses.
    `now` None asks for the backend's own clock; a moment is a what-if, and the report says so.
    """

    production: str | None
    cut_version: str | None
    timebase: Timebase
    uses: tuple[ReplicaUse, ...]
    whole_cut: bool
    facility: str | None
    policy: Policy
    recognition: str
    now: datetime | None = None
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckAnswer:
    """One decision per use, in the request's order, the totals per licence, and reasons of the cut itself.

    `as_of` is the one clock reading the decisions rest on. `doubts` are the request's, in its order, as they stand
    after rules and waivers.
    """

    decisions: tuple[Decision, ...]
    totals: tuple[Total, ...]
    reasons: tuple[Reason, ...]
    as_of: datetime
    doubts: tuple[Doubt, ...] = ()
