"""A cut as it was read from an edit file: clips with exact record and source ranges, and what they carry.

Knows nothing of formats (that is `edit/`), replicas (`identify`) or shot names (`shots`).
Metadata stays as the plain JSON mapping it was, because its shape is other people's; nobody may change it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from types import MappingProxyType
from typing import Any, NamedTuple

from clearcut.core.timing import FrameRange, Timebase

Metadata = Mapping[str, Any]
NO_METADATA: Metadata = MappingProxyType({})


class ClipKind(str, Enum):
    """What a clip gives to the record: only picture is screen time."""

    PICTURE = "picture"
    SOUND = "sound"


class MediaReference(NamedTuple):
    """One of a clip's media references: all its keys are kept, not only the active one.

    `urls` are as written in the file: a target_url, or for an image sequence its url base, prefix and suffix
    joined with frame tokens (`%04d`). Empty for missing references and generators.
    """

    key: str
    urls: tuple[str, ...]
    name: str
    metadata: Metadata


class Marker(NamedTuple):
    """A marker's name, comment and metadata; its place does not matter here."""

    name: str
    comment: str
    metadata: Metadata


class Enclosure(NamedTuple):
    """What a clip lies in, from the nearest outwards: a track, a nested stack, the timeline."""

    kind: str  # "track", "stack" or "timeline"
    name: str
    where: str
    metadata: Metadata
    markers: tuple[Marker, ...]
    parent: Enclosure | None


class Clip(NamedTuple):
    """One clip where it is on screen or heard, or a nested stack that itself declares something.

    `record` is the part that plays, in ticks of the cut's timebase from the cut's start, half-open, with the
    parts of dissolves in which it is one of the two sides. `source` is the media consumed, in whole frames of
    `source_rate`, half-open, handles of dissolves and retimes included; None when that cannot be told (a time
    effect without a scalar, a nested stack). `occluded` are the ticks under an opaque clip of a higher track.
    `nested` is True for a stack that stands for itself: it has no media.
    """

    where: str  # its place in the file, `tracks[0].children[12]`
    name: str
    kind: ClipKind
    record: FrameRange
    source: FrameRange | None
    source_rate: Fraction
    references: tuple[MediaReference, ...]
    metadata: Metadata
    markers: tuple[Marker, ...]
    enclosure: Enclosure | None
    nested: bool = False
    occluded: tuple[FrameRange, ...] = ()

    def enclosures(self) -> Iterator[Enclosure]:
        """What it lies in, nearest first."""
        around = self.enclosure
        while around is not None:
            yield around
            around = around.parent


@dataclass(frozen=True, slots=True)
class Cut:
    """One version of an edit.

    `clips` are in record order (start, then place in the file). Disabled clips, and what is trimmed away, are
    not in it. `duration` is in ticks. `production` and `version` are what the edit itself says, or None.
    `sha256` is of the file's bytes; "" for a live timeline. `notes` say what was read with a doubt that hinders
    nobody (a rate that was guessed), for people.
    """

    name: str
    path: str
    sha256: str
    timebase: Timebase
    duration: int
    clips: tuple[Clip, ...]
    metadata: Metadata = field(default_factory=lambda: NO_METADATA)
    production: str | None = None
    version: str | None = None
    notes: tuple[str, ...] = ()
