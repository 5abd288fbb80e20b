"""A replica's use in one shot: what for, which frames, on what evidence. The demand that a licence must meet."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from clearcut.core.timing import FrameRange


class EvidenceKind(str, Enum):
    """Where a use was seen; the words are those of `clearcut.report/1`."""

    METADATA = "metadata"
    PATH = "path"
    SHA256 = "sha256"
    ENTITY = "entity"
    SCENE = "scene"
    CASTING = "casting"
    SUSPECT = "suspect"


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """Why we believe that a replica is used.

    `where` is a place in an edit or a node of a scene, `value` what stands there.
    """

    kind: EvidenceKind
    where: str
    value: str


@dataclass(frozen=True, slots=True)
class Declaration:
    """What the edit says a replica is used for. Empty tuples and None mean "not said": defaults apply.

    Words are of the closed vocabularies, `language` is BCP 47, `exemption` the id of an exemption claimed.
    """

    uses: tuple[str, ...] = ()
    alterations: tuple[str, ...] = ()
    depictions: tuple[str, ...] = ()
    modalities: tuple[str, ...] = ()
    language: str | None = None
    character: str | None = None
    exemption: str | None = None


@dataclass(frozen=True, slots=True)
class ReplicaUse:
    """One replica in one shot of one cut.

    `screen` is record time on picture tracks in ticks, disjoint and in order; empty for a voice without picture.
    `record` is all of its record time, sound included. `source` is the media consumed in whole source frames;
    `source_known` is False when some of it could not be told, and then an approval of a range cannot be met.
    `scene_only` is True when only the scene of a shot that the cut lacks shows it: its frames come on top of the cut's.
    `models` are the paths of ML model files that show it, `biometric` of raw scan data, `training_for` what a
    registered model was trained for (all from the assets matched).
    `occluded` is the part of `record` that lies under an opaque clip: for people to see, it decides nothing here.
    `id` is unique in one request.
    """

    id: str
    shot: str
    replica: str
    declared: Declaration
    screen: tuple[FrameRange, ...]
    record: tuple[FrameRange, ...]
    source: tuple[FrameRange, ...]
    source_known: bool
    evidence: tuple[Evidence, ...]
    version: str | None = None
    sequence: str | None = None
    episode: str | None = None
    scene_only: bool = False
    models: tuple[str, ...] = ()
    biometric: tuple[str, ...] = ()
    occluded: tuple[FrameRange, ...] = ()
