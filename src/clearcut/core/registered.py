"""What the server keeps of cuts and publishes, as both sides of the wire know it: registered cuts, publishes, impact.

Moments are RFC 3339 texts in UTC, ranges half-open and in record frames, ids as people name them (`C-3`, `B-7`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from clearcut.core.timing import FrameRange


@dataclass(frozen=True, slots=True)
class Charged:
    """The screen time of one licence in a cut. Seconds are exact, as text; `cap_seconds` None: without a cap."""

    licence: str
    performer: str | None
    frames: int
    seconds: str
    cap_seconds: str | None


@dataclass(frozen=True, slots=True)
class RegisteredCut:
    """A registered version; `governs` when it is its production's governing cut. `decision` is what it rested on."""

    id: str
    production: str
    version: str
    governs: bool
    registered_by: str
    registered_at: str
    decision: Mapping[str, Any]
    totals: tuple[Charged, ...]


@dataclass(frozen=True, slots=True)
class PublishedUse:
    """One replica that a published shot shows, for how many frames, and the licences that this rested on."""

    replica: str
    frames: int
    licences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Publish:
    """What was published. `version` None: nobody named one. `cut` is the version of the cut that was judged."""

    production: str
    shot: str
    version: str | None
    cut: str | None
    uses: tuple[PublishedUse, ...]


@dataclass(frozen=True, slots=True)
class NotedPublish:
    """A publish in the record. `performers` are those of its replicas, as the registry had them then."""

    id: str
    production: str
    shot: str
    version: str | None
    cut: str | None
    uses: tuple[PublishedUse, ...]
    performers: tuple[str, ...]
    noted_by: str
    noted_at: str


@dataclass(frozen=True, slots=True)
class PublishedVersion:
    """A version of a shot that was published, and the version of the cut that it was published from."""

    publish: str
    version: str | None
    cut: str | None
    noted_at: str


@dataclass(frozen=True, slots=True)
class Touched:
    """What would be touched in one shot of one registered cut; `published` are the shot's published versions."""

    cut: str
    production: str
    version: str
    governs: bool
    shot: str
    replicas: tuple[str, ...]
    frames: int
    screen: tuple[FrameRange, ...]
    published: tuple[PublishedVersion, ...]
