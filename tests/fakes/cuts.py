"""Cuts as values, without any file: clips and what they lie in, to be bent by tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from clearcut.core.cut import NO_METADATA, Clip, ClipKind, Cut, Enclosure, Marker, MediaReference
from clearcut.core.registry import KnownReplica, Recognition
from clearcut.core.replica import Asset, AssetKind, Match, MatchKind, NotReplica
from clearcut.core.timing import FrameRange, Timebase
from fakes.worlds import NOW

RATE = Fraction(24)
TIMELINE = Enclosure("timeline", "cut", "", NO_METADATA, (), None)
TRACK = Enclosure("track", "V1", "tracks[0]", NO_METADATA, (), TIMELINE)


def declares(*replicas: str, **said: Any) -> dict[str, Any]:
    """`clearcut` metadata; `replicas` by id, with the words in `entry` for each."""
    entry = said.pop("entry", {})
    return {"clearcut": {**said, "replicas": [{"replica": replica, **entry} for replica in replicas]}}


def stack(
    name: str = "", where: str = "tracks[0].children[0]", around: Enclosure = TRACK, **metadata: Any
) -> Enclosure:
    return Enclosure("stack", name, where, metadata, (), around)


def clip(
    name: str = "SH010",
    first: int = 0,
    length: int = 48,
    *,
    urls: Iterable[str] = (),
    metadata: Mapping[str, Any] = NO_METADATA,
    references: Iterable[MediaReference] = (),
    source: FrameRange | None = FrameRange(1001, 1049),  # noqa: B008 - a value
    sound: bool = False,
    nested: bool = False,
    where: str = "",
    around: Enclosure | None = TRACK,
    markers: Iterable[Marker] = (),
    occluded: Iterable[tuple[int, int]] = (),
) -> Clip:
    """A clip that plays `[first, first + length)`; its place is made of its name unless it is given."""
    media = tuple(references) or (MediaReference("DEFAULT_MEDIA", tuple(urls), "", NO_METADATA),)
    return Clip(
        where or f"tracks[0].{name or 'nameless'}@{first}",
        name,
        ClipKind.SOUND if sound else ClipKind.PICTURE,
        FrameRange(first, first + length),
        None if nested else source,
        RATE,
        () if nested else media,
        metadata,
        tuple(markers),
        around,
        nested,
        tuple(FrameRange(*span) for span in occluded),
    )


def cut(*clips: Clip, path: str = "/jobs/helios/edit/cut.otio", **more: Any) -> Cut:
    end = max((one.record.end for one in clips), default=0)
    made = tuple(sorted(clips, key=lambda one: (one.record, one.where)))
    return Cut(more.pop("name", "cut"), path, "", more.pop("timebase", Timebase(RATE)), end, made, **more)


def path_asset(replica: str, glob: str, kind: AssetKind = AssetKind.ASSET) -> Asset:
    return Asset(replica, kind, Match(MatchKind.PATH, glob))


def key_asset(replica: str, key: str, value: str, kind: AssetKind = AssetKind.ASSET) -> Asset:
    return Asset(replica, kind, Match(MatchKind.METADATA, value, key))


def entity_asset(replica: str, entity: str) -> Asset:
    return Asset(replica, AssetKind.ASSET, Match(MatchKind.ENTITY, entity))


def sha_asset(replica: str, sha256: str) -> Asset:
    return Asset(replica, AssetKind.ASSET, Match(MatchKind.SHA256, sha256))


def no_replica(glob: str) -> NotReplica:
    return NotReplica(Match(MatchKind.PATH, glob), "a statue", "TD", NOW)


def knows(*records: Asset | NotReplica) -> Recognition:
    assets = tuple(record for record in records if isinstance(record, Asset))
    names = dict.fromkeys(asset.replica for asset in assets)
    return Recognition(
        tuple(KnownReplica(name, "P1") for name in names),
        assets,
        tuple(record for record in records if isinstance(record, NotReplica)),
    )
