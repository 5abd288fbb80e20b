"""The chain behind one shot: clip to shot to use to licence clause to rule line, as plain lines of text.

For a person who asks "why is that so": every link names its place, so that the one that is wrong can be found.
Pure; what comes from files is printed as it is, so whoever shows the lines must make hidden characters visible.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from clearcut.core.reasons import CATALOGUE
from clearcut.core.rules import Policy, severity_of
from clearcut.core.shots import NamedClip
from clearcut.core.timing import FrameRange, Timebase, format_seconds, total
from clearcut.core.use import ReplicaUse
from clearcut.core.verdict import Reason, ShotVerdict, UseVerdict

# Which record of the registry, and which field of it, each code is about; codes about no record are not here.
CLAUSES = {
    "unknown-performer": "replica.performer",
    "licence-draft": "licence.status",
    "licence-not-yet-valid": "licence.valid_from",
    "licence-expired": "licence.valid_until",
    "licence-superseded": "licence.status",
    "licence-expires-soon": "licence.valid_until",
    "licence-expires-before-release": "licence.valid_until",
    "licence-revoked": "licence.status",
    "licence-suspended": "licence.status, suspensions",
    "strike-suspended": "suspensions",
    "licence-conflict": "licence.scope, licence.forbidden_depictions",
    "authority-not-verified": "authority.verified",
    "authority-expired": "authority.valid_until",
    "consent-not-specific": "licence.consent.description",
    "consent-notice-short": "licence.consent.notice_at",
    "term-too-long": "licence.valid_until",
    "minor-approval-missing": "licence.authority",
    "production-out-of-scope": "licence.scope.productions",
    "episode-out-of-scope": "licence.scope.episodes",
    "sequence-out-of-scope": "licence.scope.sequences",
    "shot-out-of-scope": "licence.scope.shots",
    "character-out-of-scope": "licence.scope.characters",
    "use-not-permitted": "licence.scope.uses",
    "alteration-not-permitted": "licence.scope.alterations",
    "modality-not-permitted": "licence.scope.modalities",
    "depiction-forbidden": "licence.forbidden_depictions",
    "background-as-principal": "replica.category",
    "media-out-of-scope": "licence.scope.media",
    "territory-out-of-scope": "licence.scope.territories",
    "language-out-of-scope": "licence.scope.languages",
    "facility-not-authorised": "licence.licensees",
    "delivery-profile-missing": "production.delivery",
    "approval-required": "licence.approval",
    "approval-version-outdated": "approvals",
    "approval-range-exceeded": "approvals.source_range",
    "approval-rejected": "approvals.decision",
    "screen-time-exceeded": "licence.max_screen_time_s",
    "screen-time-near-cap": "licence.max_screen_time_s",
    "shot-count-exceeded": "licence.max_shots",
    "compensation-outstanding": "licence.compensation",
    "training-not-permitted": "licence.training",
    "model-out-of-scope": "replica.trained_for",
    "biometric-in-publish": "asset.kind",
    "disclosure-missing": "production.delivery.disclosure",
    "exemption-unsupported": "exemptions",
}


def chain(
    shot: ShotVerdict, clips: Iterable[NamedClip], timebase: Timebase | None, policy: Policy
) -> Iterator[str]:
    """The lines: the shot, the clips that are it and why, each use, each of its reasons down to clause and rule."""
    yield f"{shot.name}: {shot.outcome.value}"
    for one in clips:
        if one.shot == shot.name:
            yield from _clip(one, timebase)
    if not shot.record:
        yield "  no clip of the cut is this shot"
    for reason in shot.reasons:
        yield "  the shot itself"
        yield from _reason(reason, None, policy)
    for use in shot.uses:
        yield from _use(use, timebase, policy)
    if not shot.uses and not shot.reasons:
        yield "  no replica was found in it"


def _clip(one: NamedClip, timebase: Timebase | None) -> Iterator[str]:
    what = "nested stack" if one.clip.nested else "clip"
    yield f"  {what} {one.clip.name!r} at {one.clip.where}, record {_ranges((one.clip.record,), timebase)}"
    said = "settles it" if one.settled else "names it"
    for candidate in one.candidates:
        agrees = said if candidate.name == one.shot else "says otherwise"
        yield f"    {candidate.kind} at {candidate.where} {agrees}: {candidate.name}"


def _use(one: UseVerdict, timebase: Timebase | None, policy: Policy) -> Iterator[str]:
    use, decision = one.use, one.decision
    yield f"  use of {use.replica or 'something not identified'} ({decision.performer or 'nobody known'}): {decision.outcome.value}"
    for seen in use.evidence:
        yield f"    seen by {seen.kind.value} at {seen.where}: {seen.value}"
    yield f"    demands {_demand(use)}"
    yield f"    on screen {_length(use, timebase)}; source frames {_source(use)}"
    # A use is charged also where its licences refuse it.
    rests = "granted by" if decision.outcome.may_publish else "charged to"
    yield f"    {rests} {', '.join(decision.licences) or 'no licence'}"
    for reason in decision.reasons:
        yield from _reason(reason, use.sequence, policy)


def _reason(reason: Reason, sequence: str | None, policy: Policy) -> Iterator[str]:
    yield f"    {reason.code} ({reason.severity.value}): {reason.message}"
    clause = CLAUSES.get(reason.code)
    if clause is not None:
        yield f"      clause {f'{reason.licence}: ' if reason.licence else ''}{clause}"
    if "pack" in reason.detail:
        yield f"      pack   {reason.detail['pack']}"
    if "waiver" in reason.detail:
        yield f"      waiver {reason.detail['waiver']}"
    _, rule = severity_of(policy, reason.code, sequence)
    made = (
        f"{rule.where}: {rule.severity.value}"
        if rule is not None
        else f"built-in: {CATALOGUE[reason.code].severity.value}"
    )
    yield f"      rule   {made}"
    yield f"      fix    {reason.who}: {reason.remedy}"


def _demand(use: ReplicaUse) -> str:
    said = use.declared
    words = [*said.uses, *said.alterations, *said.depictions, *said.modalities]
    words += [
        f"{name} {value}"
        for name, value in (("language", said.language), ("character", said.character))
        if value
    ]
    return ", ".join(words) or "the replica's default use"


def _length(use: ReplicaUse, timebase: Timebase | None) -> str:
    if not use.screen or timebase is None:
        return "never"
    ticks = total(use.screen)
    return f"{_ranges(use.screen, timebase)}, {format_seconds(timebase.seconds(ticks))} s"


def _source(use: ReplicaUse) -> str:
    return ", ".join(f"[{r.first}, {r.end})" for r in use.source) + (
        "" if use.source_known else " and more that cannot be told"
    )


def _ranges(ranges: tuple[FrameRange, ...], timebase: Timebase | None) -> str:
    whole = ranges if timebase is None else timebase.frame_ranges(ranges)
    return ", ".join(f"[{r.first}, {r.end})" for r in whole)
