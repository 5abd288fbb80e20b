"""From what was found to what it does: a `Finding` becomes a `Reason` by the rules' severities and the waivers.

A severity of the rule file never lowers a code that nobody may waive, nor what could not be found out, nor what a
rule pack set. Only a waiver that two different persons signed turns a hindrance into a warning.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from clearcut.core.handwriting import seen, two_persons
from clearcut.core.licence import Waiver
from clearcut.core.name_globs import any_matches
from clearcut.core.reasons import CATALOGUE, CodeEntry, WaiverBy
from clearcut.core.rules import Policy, severity_of
from clearcut.core.verdict import Detail, Outcome, Reason, Severity

NOTHING: Mapping[str, Any] = {}
HINDERING = (Severity.UNKNOWN, Severity.BLOCK)

# What is told first (domain.md, 2.3); all others follow in the catalogue's order.
_FIRST = (
    "evaluation-error",
    "minor-prohibited",
    "licence-revoked",
    "strike-suspended",
    "licence-suspended",
    "exemption-unsupported",
)
PRECEDENCE: Mapping[str, int] = {code: rank for rank, code in enumerate(dict.fromkeys((*_FIRST, *CATALOGUE)))}


@dataclass(frozen=True, slots=True)
class Finding:
    """A term that fails, before anyone has said how bad that is. `severity` None: the catalogue's.

    `demanded` is what a rule pack sets; no rule file lowers that. `fixed` findings are not touched by rules or
    waivers.
    """

    code: str
    message: str
    remedy: str = ""
    licence: str | None = None
    detail: Detail = field(default_factory=lambda: NOTHING)
    severity: Severity | None = None
    demanded: Severity | None = None
    fixed: bool = False


class Bench(NamedTuple):
    """What settles findings for one shot: the policy, the shot's sequence, the waivers that reach the shot."""

    policy: Policy
    sequence: str | None
    waivers: tuple[Waiver, ...]

    @classmethod
    def plain(cls) -> Bench:
        """One without rules and waivers."""
        return cls(Policy(), None, ())

    def settle(self, finding: Finding) -> Reason:
        """The reason that a finding comes to."""
        entry = CATALOGUE[finding.code]
        if finding.fixed:
            return _reason(finding, entry, finding.severity or entry.severity)
        severity = self._ruled(finding)
        if severity in HINDERING:
            for waiver in self.waivers:
                if finding.code in waiver.codes and _may_waive(waiver, entry):
                    return _reason(finding, entry, Severity.WARN, waiver)
        return _reason(finding, entry, severity)

    def _ruled(self, finding: Finding) -> Severity:
        ruled, rule = severity_of(self.policy, finding.code, self.sequence, demanded=finding.demanded)
        if finding.severity is None:
            return ruled
        # What this finding is by itself (not known, where the code usually blocks) a rule can only make worse.
        raised = rule.severity if rule is not None else finding.severity
        return max(finding.severity, raised, key=lambda one: one.rank)


def live_waivers(waivers: tuple[Waiver, ...], shot: str, now: datetime) -> tuple[Waiver, ...]:
    """Those that hold now, reach the shot, say why, and were signed by two different persons."""
    return tuple(
        one
        for one in waivers
        if now < one.until
        and seen(one.reason)
        and two_persons(one.by, one.approved_by)
        and any_matches(one.shots, shot)
    )


def _may_waive(waiver: Waiver, entry: CodeEntry) -> bool:
    if entry.waiver is WaiverBy.LEGAL:
        return waiver.role == "legal"
    return entry.waiver is WaiverBy.PRODUCER and waiver.role in ("producer", "legal")


def _reason(finding: Finding, entry: CodeEntry, severity: Severity, waiver: Waiver | None = None) -> Reason:
    message, detail = finding.message, finding.detail
    if waiver is not None:
        message = f"{message} (waived by {waiver.id}: {waiver.reason.strip()})"
        detail = {**detail, "waiver": waiver.id}
    return Reason(
        entry.code, severity, message, finding.remedy or entry.remedy, entry.who, finding.licence, detail
    )


def hinders(reason: Reason) -> bool:
    """Whether a reason keeps its use from being cleared."""
    return reason.severity in HINDERING


def is_duty(reason: Reason) -> bool:
    """Whether something is still owed although the use is cleared; where no licence was waived, the licence is."""
    return reason.severity is Severity.WARN and (CATALOGUE[reason.code].duty or reason.code == "no-licence")


def outcome_of(reasons: tuple[Reason, ...], *, best: Outcome) -> Outcome:
    """What the reasons come to; `best` is what the use is without them."""
    if not reasons:
        return best
    found = [reason.severity for reason in reasons]
    if Severity.BLOCK in found:
        return Outcome.BLOCKED
    if Severity.UNKNOWN in found:
        return Outcome.UNKNOWN
    # What is exempt stays so: a duty that it has (a disclosure) is told, but nothing was granted on terms.
    return Outcome.CLEARED_WITH_DUTIES if best is not Outcome.EXEMPT and any(map(is_duty, reasons)) else best


def in_order(reasons: list[Reason]) -> tuple[Reason, ...]:
    """Worst first, then what is told first, each only once."""
    if not reasons:
        return ()
    reasons.sort(key=lambda r: (-r.severity.rank, PRECEDENCE[r.code], r.licence or "", r.message))
    return tuple(one for index, one in enumerate(reasons) if index == 0 or one != reasons[index - 1])
