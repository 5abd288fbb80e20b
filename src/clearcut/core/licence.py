"""Licences and what bears on them: authorities, productions, approvals, exemptions, suspensions, waivers.

Values only; `evaluate` judges them. Moments are aware datetimes in UTC and ranges of them half-open
`[from, until)`; date-only fields include their last day, UTC (interface.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from fractions import Fraction

from clearcut.core.timing import FrameRange


class LicenceStatus(str, Enum):
    """Where a licence stands; only an active one grants."""

    DRAFT = "draft"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"


class ApprovalNeeded(str, Enum):
    """Whether the performer's side must approve each shot, or each version of it."""

    NONE = "none"
    PER_SHOT = "per_shot"
    PER_VERSION = "per_version"


class Training(str, Enum):
    """What models may be trained on the performer."""

    NONE = "none"
    THIS_PRODUCTION = "this_production"
    GENERAL = "general"


class AuthorityKind(str, Enum):
    """Who may grant."""

    SELF = "self"
    AGENT = "agent"
    GUARDIAN = "guardian"
    ESTATE = "estate"
    UNION = "union"
    COURT = "court"


@dataclass(frozen=True, slots=True)
class EvidenceDocument:
    """A document that proves something; `sha256` is 64 lower-case hex digits or "" when none is recorded."""

    uri: str
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Authority:
    """Who may grant for a performer; dates include their last day, None is open."""

    id: str
    performer: str
    kind: AuthorityKind
    party: str
    valid_from: date | None
    valid_until: date | None
    verified: bool


@dataclass(frozen=True, slots=True)
class Delivery:
    """How the production will be exploited. Release days include the last one; None is open."""

    media: tuple[str, ...]
    territories: tuple[str, ...]
    languages: tuple[str, ...]
    release_from: date | None = None
    release_until: date | None = None
    disclosure: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Production:
    """A production, the agreement it is made under, and its delivery profile (None: not defined yet)."""

    id: str
    title: str
    principal_photography_start: date | None
    agreement: str
    delivery: Delivery | None


@dataclass(frozen=True, slots=True)
class Scope:
    """What a licence grants, dimension by dimension: `("*",)` alone is all, an empty tuple nothing.

    Productions and characters are ids and names; episodes, sequences and shots are globs.
    """

    productions: tuple[str, ...]
    episodes: tuple[str, ...]
    sequences: tuple[str, ...]
    shots: tuple[str, ...]
    characters: tuple[str, ...]
    uses: tuple[str, ...]
    alterations: tuple[str, ...]
    modalities: tuple[str, ...]
    media: tuple[str, ...]
    territories: tuple[str, ...]
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Consent:
    """What the performer agreed to, in words, when, told when, and helped by whom ("none", "counsel", "union")."""

    description: str
    signed_at: datetime | None
    notice_at: datetime | None
    represented_by: str
    survives_death: bool


@dataclass(frozen=True, slots=True)
class Compensation:
    """What is owed: `basis`, `status` ("not_due", "due", "paid", "disputed") and the day it falls due."""

    basis: str
    status: str
    due: date | None


@dataclass(frozen=True, slots=True)
class Licence:
    """One grant. `max_screen_time_s` and `max_shots` None mean no cap."""

    id: str
    revision: int
    status: LicenceStatus
    status_at: datetime | None
    performer: str
    replicas: tuple[str, ...]
    authority: str | None
    licensees: tuple[str, ...]
    scope: Scope
    forbidden_depictions: tuple[str, ...]
    valid_from: datetime | None
    valid_until: datetime | None
    max_screen_time_s: Fraction | None
    max_shots: int | None
    approval: ApprovalNeeded
    training: Training
    consent: Consent
    compensation: Compensation
    evidence: tuple[EvidenceDocument, ...] = ()


@dataclass(frozen=True, slots=True)
class Approval:
    """One answer of the performer's side: `version` None means every version, `source_range` None every frame."""

    licence: str
    shot: str
    version: str | None
    source_range: FrameRange | None
    approved: bool
    by: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Exemption:
    """A recorded claim that no consent is needed; shots are globs, `expires` (None: never) includes its day."""

    id: str
    basis: str
    production: str
    shots: tuple[str, ...]
    replica: str
    claimant: str
    role: str
    evidence: tuple[EvidenceDocument, ...]
    expires: date | datetime | None


@dataclass(frozen=True, slots=True)
class Suspension:
    """A stop over a scope for `[from_, until)`; `kind` is global, agreement, production, performer or licence."""

    id: str
    kind: str
    value: str
    reason: str
    from_: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Waiver:
    """Two named persons' recorded acceptance of reasons, until a moment; shots are globs."""

    id: str
    codes: tuple[str, ...]
    production: str
    shots: tuple[str, ...]
    by: str
    role: str
    approved_by: str
    reason: str
    until: datetime
