"""Where sightings become uses: one for each shot, replica, declaration and version, with all that was seen.

Told in any order, it gives the same: what it holds is united and sorted at the end.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, TypeVar

from clearcut.core.cut import Clip, ClipKind
from clearcut.core.freezing import maker
from clearcut.core.matching import Found
from clearcut.core.replica import AssetKind
from clearcut.core.shots import UNNAMED, NamedClip
from clearcut.core.timing import FrameRange, subtract, union
from clearcut.core.use import Declaration, Evidence, ReplicaUse
from clearcut.core.verdict import Reason

T = TypeVar("T", str, Evidence)

_use_of = maker(ReplicaUse)
_PICTURE = ClipKind.PICTURE


class Sighting(NamedTuple):
    """A replica that something shows: `found` is the registered asset that was recognised, if it was by one."""

    replica: str
    declaration: Declaration
    evidence: Evidence
    found: Found | None = None


class _Key(NamedTuple):
    shot: str
    replica: str
    declared: Declaration
    version: str | None
    sequence: str | None
    episode: str | None


class Span(NamedTuple):
    """What a sighting adds to its use: record time, the screen time of it, and the media consumed, if known."""

    record: tuple[FrameRange, ...]
    screen: tuple[FrameRange, ...]
    source: tuple[FrameRange, ...]
    source_known: bool
    occluded: tuple[FrameRange, ...] = ()


class _Growing:
    """A use while it is being gathered."""

    __slots__ = (
        "biometric",
        "evidence",
        "models",
        "occluded",
        "record",
        "scene_only",
        "screen",
        "source",
        "source_known",
    )

    def __init__(self, *, scene_only: bool) -> None:
        self.record: list[FrameRange] = []
        self.screen: list[FrameRange] = []
        self.source: list[FrameRange] = []
        self.occluded: list[FrameRange] = []
        self.source_known: bool | None = None  # None: only nestings so far, which have no media of their own
        self.evidence: list[Evidence] = []
        self.models: set[str] = set()
        self.biometric: set[str] = set()
        self.scene_only = scene_only

    def see(self, sighting: Sighting) -> None:
        self.evidence.append(sighting.evidence)
        found = sighting.found
        if found is None:
            return
        if found.asset.kind is AssetKind.BIOMETRIC_RAW:
            self.biometric.add(found.value)
        elif found.model or found.asset.kind is AssetKind.MODEL:
            self.models.add(found.value)

    def last(self, span: Span) -> None:
        self.record.extend(span.record)
        self.screen.extend(span.screen)
        self.source.extend(span.source)
        self.occluded.extend(span.occluded)

    def media(self, known: bool) -> None:
        self.source_known = known if self.source_known is None else self.source_known and known


class _Shot:
    """A shot while it is being gathered."""

    __slots__ = ("known_source", "listed", "picture", "reasons", "sound", "source")

    def __init__(self) -> None:
        self.picture: list[FrameRange] = []
        self.sound: list[FrameRange] = []
        self.source: list[FrameRange] = []
        self.known_source = True
        self.reasons: dict[tuple[str, str], Reason] = {}
        self.listed = False

    def media(self, clip: Clip) -> None:
        if clip.nested:
            return
        if clip.source is None:
            self.known_source = False
        else:
            self.source.append(clip.source)

    def hinder(self, why: Reason) -> None:
        # The same is said once, of the first place where it was seen, in whatever order clips are told.
        key = (why.code, why.message)
        known = self.reasons.get(key)
        if known is None or str(why.detail.get("where", "")) < str(known.detail.get("where", "")):
            self.reasons[key] = why

    @property
    def told(self) -> tuple[Reason, ...]:
        """Its reasons, by code and message."""
        if not self.reasons:
            return ()
        return tuple(why for _, why in sorted(self.reasons.items(), key=lambda item: item[0]))

    @property
    def record(self) -> tuple[FrameRange, ...]:
        """When it is seen; when it is heard, if it is never seen."""
        return _united(self.picture or self.sound)


class Gathering:
    """All that was seen in one cut. `opaque`: what lies under an opaque clip is no screen time."""

    def __init__(self, *, opaque: bool) -> None:
        self._opaque = opaque
        self._uses: dict[_Key, _Growing] = {}
        self._of_shot: dict[tuple[str, str], list[_Key]] = {}
        self._shots: dict[str, _Shot] = {}
        # Shots of which one picture clip that shows nothing is all there is: most of most cuts.
        self._plain: dict[str, Clip] = {}
        self._if_there: list[tuple[str, Reason]] = []

    def add_plain(self, one: NamedClip) -> None:
        """A clip that shows nothing and that nothing hinders."""
        clip = one.clip
        name = one.shot if one.shot is not None else UNNAMED
        if clip.kind is _PICTURE and name not in self._plain and name not in self._shots:
            self._plain[name] = clip
        else:
            self.add_clip(one, [], [])

    def add_clip(self, one: NamedClip, sightings: list[Sighting], reasons: list[Reason]) -> None:
        """A clip of the cut, with what it shows and what hinders."""
        clip = one.clip
        name = one.shot if one.shot is not None else UNNAMED
        shot = self._shot(name)
        if clip.kind is _PICTURE:
            shot.picture.append(clip.record)
            shot.listed = True
        else:
            shot.sound.append(clip.record)
            # A piece of music is no shot because it has a name.
            if sightings or reasons or (one.candidates and one.candidates[0].kind != "clip_name"):
                shot.listed = True
        shot.media(clip)
        for why in reasons:
            shot.hinder(why)
        if sightings:
            self._see(one, name, sightings)

    def _see(self, one: NamedClip, name: str, sightings: list[Sighting]) -> None:
        clip = one.clip
        screen: tuple[FrameRange, ...] = ()
        if clip.kind is _PICTURE:
            hidden = self._opaque and clip.occluded
            screen = subtract((clip.record,), clip.occluded) if hidden else (clip.record,)
        source = () if clip.source is None else (clip.source,)
        span = Span((clip.record,), screen, source, clip.source is not None, clip.occluded)
        labels = (one.version, *one.labels)
        done: set[_Growing] = set()
        for sighting in sightings:
            key = _Key(name, sighting.replica, sighting.declaration, *labels)
            growing = self._grow(key, scene_only=False)
            growing.see(sighting)
            if growing not in done:
                done.add(growing)
                growing.last(span)
                if not clip.nested:
                    growing.media(span.source_known)

    def add_reason(self, shot: str, why: Reason, *, only_if_there: bool = False) -> None:
        """A reason of a shot; `only_if_there` where the shot may be one that nothing else shows."""
        if only_if_there:
            self._if_there.append((shot, why))
        else:
            self.open_shot(shot)
            self._shot(shot).hinder(why)

    def open_shot(self, shot: str) -> None:
        """A shot that is asked about, whether or not the cut has it."""
        self._shot(shot).listed = True

    def _shot(self, name: str) -> _Shot:
        """The shot of that name, begun where there is none."""
        shot = self._shots.get(name)
        if shot is None:
            shot = self._shots[name] = _Shot()
            clip = self._plain.pop(name, None)
            if clip is not None:
                shot.picture.append(clip.record)
                shot.listed = True
                shot.media(clip)
        return shot

    def span_of(self, shot: str) -> Span:
        """All of a shot's time in the cut: what its scene shows may be on screen throughout."""
        one = self._shot(shot)
        return Span(one.record, union(one.picture), union(one.source), one.known_source)

    def add_scene_sightings(
        self,
        shot: str,
        sightings: list[Sighting],
        span: Span,
        labels: tuple[str | None, str | None, str | None],
        *,
        on_top: bool,
    ) -> None:
        """What a scene shows: evidence for uses the cut shows too, and uses of their own for the others.

        `labels` are the shot's version, sequence and episode. `on_top`: the cut lacks the shot, and so its frames
        are charged on top; in a shot of the cut they are on the cut's own record time, and count once with it.
        """
        lasting: set[_Key] = set()
        for sighting in sightings:
            keys = self._of_shot.get((shot, sighting.replica))
            if not keys:
                key = _Key(shot, sighting.replica, sighting.declaration, *labels)
                self._grow(key, scene_only=on_top)
                lasting.add(key)
                keys = [key]
            for key in keys:
                self._uses[key].see(sighting)
                if on_top:
                    lasting.add(key)
        for key in lasting:
            self._uses[key].last(span)
            self._uses[key].media(span.source_known)

    def uses(self) -> tuple[ReplicaUse, ...]:
        """All uses in record order, called "u0", "u1" and so on."""
        grown = [(_united(growing.record), key, growing) for key, growing in self._uses.items()]
        grown.sort(key=lambda one: (one[0][0].first if one[0] else 0, *_sortable(one[1])))
        return tuple(
            _use_of(
                id=f"u{number}",
                shot=key.shot,
                replica=key.replica,
                declared=key.declared,
                screen=_united(growing.screen),
                record=record,
                source=_united(growing.source),
                source_known=bool(growing.source_known),
                evidence=_sorted(growing.evidence),
                version=key.version,
                sequence=key.sequence,
                episode=key.episode,
                scene_only=growing.scene_only,
                models=_sorted(growing.models),
                biometric=_sorted(growing.biometric),
                occluded=_united(growing.occluded) if growing.occluded else (),
            )
            for number, (record, key, growing) in enumerate(grown)
        )

    def shots(self) -> list[tuple[str, tuple[FrameRange, ...], tuple[Reason, ...]]]:
        """(name, record ranges, reasons) of every shot in record order; those only a scene has come last."""
        spelled = {name.casefold(): name for name in (*self._shots, *self._plain)} if self._if_there else {}
        for said, why in self._if_there:
            name = spelled.get(said.casefold())
            if name is not None:
                self._shot(name).hinder(why)
                self._shot(name).listed = True
        # Each begins with what it is sorted by, for a key function costs more than the sorting: a name is there once.
        rows: list[tuple[bool, int, str, tuple[FrameRange, ...], tuple[Reason, ...]]] = []
        for name, clip in self._plain.items():
            record = clip.record
            if record.end > record.first:
                rows.append((False, record.first, name, (record,), ()))
            else:
                rows.append((True, 0, name, (), ()))
        for name, shot in self._shots.items():
            if shot.listed:
                played = shot.record
                rows.append((not played, played[0].first if played else 0, name, played, shot.told))
        rows.sort()
        return [row[2:] for row in rows]

    def _grow(self, key: _Key, *, scene_only: bool) -> _Growing:
        growing = self._uses.get(key)
        if growing is None:
            growing = self._uses[key] = _Growing(scene_only=scene_only)
            self._of_shot.setdefault((key.shot, key.replica), []).append(key)
        return growing


def _sorted(several: Iterable[T]) -> tuple[T, ...]:
    """Each once."""
    told = tuple(several)
    return told if len(told) < 2 else tuple(sorted(set(told)))


def _united(ranges: list[FrameRange]) -> tuple[FrameRange, ...]:
    # Most shots and uses have one range, and this runs for each of them.
    if len(ranges) == 1:
        return (ranges[0],) if ranges[0].end > ranges[0].first else ()
    return union(ranges)


def _sortable(key: _Key) -> tuple[object, ...]:
    said = key.declared
    return (
        key.shot,
        key.replica,
        (said.uses, said.alterations, said.depictions, said.modalities),
        (said.language or "", said.character or "", said.exemption or ""),
        (key.version or "", key.sequence or "", key.episode or ""),
    )
