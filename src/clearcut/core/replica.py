"""Performers, their replicas, and how a replica is recognised in files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum


class Category(str, Enum):
    """By what contract a replica exists (guild agreements)."""

    EMPLOYMENT_BASED = "employment_based"
    INDEPENDENTLY_CREATED = "independently_created"
    BACKGROUND = "background"
    SYNTHETIC = "synthetic"
    DIGITAL_ALTERATION = "digital_alteration"


class CaptureSource(str, Enum):
    """What a replica was made from."""

    SCAN_SESSION = "scan_session"
    ONSET_PHOTOGRAPHY = "onset_photography"
    ARCHIVAL = "archival"
    THIRD_PARTY = "third_party"
    TRAINED_MODEL = "trained_model"
    NONE = "none"


class AssetKind(str, Enum):
    """What a matched file is: material, an ML model, or raw biometric data that must never be published."""

    ASSET = "asset"
    MODEL = "model"
    BIOMETRIC_RAW = "biometric_raw"


class MatchKind(str, Enum):
    """How an asset is recognised."""

    PATH = "path"
    SHA256 = "sha256"
    METADATA = "metadata"
    ENTITY = "entity"


@dataclass(frozen=True, slots=True, order=True)
class Identifier:
    """A name in somebody else's scheme (`hand`, `isni`)."""

    scheme: str
    value: str


@dataclass(frozen=True, slots=True)
class Performer:
    """The person. Appears in reports by `pseudonym` only; `born` unknown is None."""

    id: str
    name: str
    pseudonym: str
    born: date | None = None
    died: date | None = None
    identifiers: tuple[Identifier, ...] = ()


@dataclass(frozen=True, slots=True)
class DefaultUse:
    """What a replica is used for where the edit does not say."""

    uses: tuple[str, ...] = ()
    alterations: tuple[str, ...] = ()
    depictions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Replica:
    """One digital replica. `performer` None means nobody knows whose it is: `unknown-performer`.

    `trained_for` says what a trained model was made for (a production's id, "general"), None if nothing is said.
    `captured_on` None means that no date is recorded.
    """

    id: str
    performer: str | None
    category: Category
    technique: str
    capture_source: CaptureSource
    modalities: tuple[str, ...]
    captured_on: date | None = None
    default_use: DefaultUse = DefaultUse()
    identifiers: tuple[Identifier, ...] = ()
    trained_for: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Match:
    """One way to recognise something: `key` is the dotted metadata key, "" for the other kinds."""

    kind: MatchKind
    value: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Asset:
    """How a replica is recognised in files."""

    replica: str
    kind: AssetKind
    match: Match


@dataclass(frozen=True, slots=True)
class NotReplica:
    """Something that looks like a replica and, somebody answers for it, is none. It never hides a registered asset."""

    match: Match
    reason: str
    by: str
    at: datetime
