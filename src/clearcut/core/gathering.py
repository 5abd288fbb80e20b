"""Where sightings become uses: one for each shot, replica, declaration and version, with all that was seen.

Told in any order, it gives the same: what it holds is united and sorted at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeVar

from clearcut.core.cut import Clip, ClipKind
from clearcut.core.freezing import maker, new
from clearcut.core.matching import Found
from clearcut.core.replica import AssetKind
from clearcut.core.shots import UNNAMED, NamedClip
from clearcut.core.timing import FrameRange, subtract, union
from clearcut.core.use import Declaration, Evidence, ReplicaUse
from clearcut.core.verdict import Reason

T = TypeVar("T", str, Evidence)

_use_of = maker(ReplicaUse)
# Found once: a member of an enum takes longer to find than to compare.
_PICTURE = ClipKind.PICTURE
_RAW, _MODEL = AssetKind.BIOMETRIC_RAW, AssetKind.MODEL


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
    """What a sighting adds to its use: record time, the screen time of it, and the media consumed, if known.

    `source_known` is None for a nesting, which has no media of its own.
    """

    record: tuple[FrameRange, ...]
    screen: tuple[FrameRange, ...]
    source: tuple[FrameRange, ...]
    source_known: bool | None
    occluded: tuple[FrameRange, ...] = ()


class IdentifiedShot(NamedTuple):
    """One shot: `record` in ticks, disjoint, in order (empty for a shot that only a scene has).

    `reasons` are those of the shot itself: what hindered finding or naming, not what a licence says.
    """

    name: str
    record: tuple[FrameRange, ...]
    reasons: tuple[Reason, ...] = ()


class _Growing:
    """A use while it is being gathered."""

    __slots__ = ("scene_only", "seen", "spans")

    def __init__(self, *, scene_only: bool) -> None:
        self.seen: list[Sighting] = []
        self.spans: list[Span] = []
        self.scene_only = scene_only

    def span(self) -> Span:
        """All of its time, each kind disjoint and in order."""
        record, screen, source, known, occluded = self.spans[0] if len(self.spans) == 1 else self._joined()
        return new(Span, (_united(record), _united(screen), _united(source), bool(known), _united(occluded)))

    def _joined(self) -> Span:
        spans = self.spans
        known = [one.source_known for one in spans if one.source_known is not None]
        return Span(
            record=tuple([each for one in spans for each in one.record]),
            screen=tuple([each for one in spans for each in one.screen]),
            source=tuple([each for one in spans for each in one.source]),
            source_known=bool(known) and all(known),
            occluded=tuple([each for one in spans for each in one.occluded]),
        )

    def files(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The ML models, and the raw scan data, that it was seen by."""
        models: list[str] = []
        biometric: list[str] = []
        for _, _, _, found in self.seen:
            if found is None:
                continue
            kind = found.asset.kind
            if kind is _RAW:
                biometric.append(found.value)
            elif found.model or kind is _MODEL:
                models.append(found.value)
        return _sorted(models), _sorted(biometric)


class _Shot:
    """A shot while it is being gathered."""

    __slots__ = ("clips", "listed", "reasons")

    def __init__(self) -> None:
        self.clips: list[Clip] = []
        self.reasons: dict[tuple[str, str], Reason] = {}
        self.listed = False

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
    def picture(self) -> list[FrameRange]:
        """When it is seen, clip by clip."""
        return [clip.record for clip in self.clips if clip.kind is _PICTURE]

    @property
    def record(self) -> tuple[FrameRange, ...]:
        """When it is seen; when it is heard, if it is never seen."""
        return _united(self.picture or [clip.record for clip in self.clips])

    def span(self) -> Span:
        """All of its time in the cut."""
        sources = [clip.source for clip in self.clips if not clip.nested]
        known = [source for source in sources if source is not None]
        return Span(self.record, union(self.picture), union(known), len(known) == len(sources))


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

    def add_plain(self, several: Iterable[NamedClip]) -> None:
        """Clips that show nothing and that nothing hinders."""
        plain, shots = self._plain, self._shots
        for one in several:
            clip = one.clip
            name = one.shot if one.shot is not None else UNNAMED
            if clip.kind is _PICTURE and name not in plain and name not in shots:
                plain[name] = clip
            else:
                self.add_clip(one, [], [])

    def add_clip(self, one: NamedClip, sightings: list[Sighting], reasons: list[Reason]) -> None:
        """A clip of the cut, with what it shows and what hinders."""
        clip = one.clip
        name = one.shot if one.shot is not None else UNNAMED
        shot = self._shot(name)
        shot.clips.append(clip)
        # A piece of music is no shot because it has a name.
        if (
            clip.kind is _PICTURE
            or sightings
            or reasons
            or (one.candidates and one.candidates[0].kind != "clip_name")
        ):
            shot.listed = True
        for why in reasons:
            shot.hinder(why)
        if sightings:
            self._see(one, name, sightings)

    def _see(self, one: NamedClip, name: str, sightings: list[Sighting]) -> None:
        span = self._span_of_clip(one.clip)
        labels = (one.version, *one.labels)
        for sighting in sightings:
            replica, declaration, _, _ = sighting
            growing = self._grow(new(_Key, (name, replica, declaration, *labels)), scene_only=False)
            growing.seen.append(sighting)
            if not growing.spans or growing.spans[-1] is not span:
                growing.spans.append(span)  # once, however much of the clip shows it

    def _span_of_clip(self, clip: Clip) -> Span:
        record = (clip.record,)
        screen: tuple[FrameRange, ...] = ()
        if clip.kind is _PICTURE:
            screen = subtract(record, clip.occluded) if self._opaque and clip.occluded else record
        source = clip.source
        known = None if clip.nested else source is not None
        return new(Span, (record, screen, () if source is None else (source,), known, clip.occluded))

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
                shot.clips.append(clip)
                shot.listed = True
        return shot

    def span_of(self, shot: str) -> Span:
        """All of a shot's time in the cut: what its scene shows may be on screen throughout."""
        return self._shot(shot).span()

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
                self._uses[key].seen.append(sighting)
                if on_top:
                    lasting.add(key)
        for key in lasting:
            self._uses[key].spans.append(span)

    def uses(self) -> tuple[ReplicaUse, ...]:
        """All uses in record order, called "u0", "u1" and so on."""
        grown = [(growing.span(), key, growing) for key, growing in self._uses.items()]
        grown.sort(key=lambda one: (one[0].record[0].first if one[0].record else 0, *_sortable(one[1])))
        return tuple([_use(f"u{number}", *one) for number, one in enumerate(grown)])

    def shots(self) -> tuple[IdentifiedShot, ...]:
        """Every shot in record order; those only a scene has come last."""
        spelled = {name.casefold(): name for name in (*self._shots, *self._plain)} if self._if_there else {}
        for said, why in self._if_there:
            name = spelled.get(said.casefold())
            if name is not None:
                self._shot(name).hinder(why)
                self._shot(name).listed = True
        # Each begins with what it is sorted by, for a key function costs more than the sorting: a name is there once.
        rows: list[tuple[bool, int, str, IdentifiedShot]] = []
        for name, clip in self._plain.items():
            record = clip.record
            first, end = record
            if end > first:
                rows.append((False, first, name, new(IdentifiedShot, (name, (record,), ()))))
            else:
                rows.append((True, 0, name, IdentifiedShot(name, ())))
        for name, shot in self._shots.items():
            if shot.listed:
                played = shot.record
                first = played[0].first if played else 0
                rows.append((not played, first, name, new(IdentifiedShot, (name, played, shot.told))))
        rows.sort()
        return tuple([row[3] for row in rows])

    def _grow(self, key: _Key, *, scene_only: bool) -> _Growing:
        growing = self._uses.get(key)
        if growing is None:
            growing = self._uses[key] = _Growing(scene_only=scene_only)
            self._of_shot.setdefault((key.shot, key.replica), []).append(key)
        return growing


def _use(number: str, span: Span, key: _Key, growing: _Growing) -> ReplicaUse:
    record, screen, source, source_known, occluded = span
    shot, replica, declared, version, sequence, episode = key
    evidence = _sorted([sighting.evidence for sighting in growing.seen])
    models, biometric = growing.files()
    # In the order of the fields: by their names it takes twice as long.
    return _use_of(
        number,
        shot,
        replica,
        declared,
        screen,
        record,
        source,
        bool(source_known),
        evidence,
        version,
        sequence,
        episode,
        growing.scene_only,
        models,
        biometric,
        occluded,
    )


def _sorted(several: list[T]) -> tuple[T, ...]:
    """Each once."""
    return tuple(several) if len(several) < 2 else tuple(sorted(set(several)))


def _united(ranges: Sequence[FrameRange]) -> tuple[FrameRange, ...]:
    # Most shots and uses have one range, and this runs for each of them.
    if len(ranges) == 1:
        return tuple(ranges) if ranges[0].end > ranges[0].first else ()
    return union(ranges) if ranges else ()


def _sortable(key: _Key) -> tuple[object, ...]:
    said = key.declared
    return (
        key.shot,
        key.replica,
        (said.uses, said.alterations, said.depictions, said.modalities),
        (said.language or "", said.character or "", said.exemption or ""),
        (key.version or "", key.sequence or "", key.episode or ""),
    )
