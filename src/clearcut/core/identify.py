"""Finds every replica in a cut: evidence from the edit, its media, the registry's assets and the scenes, united.

Any one source is enough; none switches another off. What could not be looked at becomes a reason of its shot.
One use is made for each shot, replica, declaration and version, with all its ranges and all its evidence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from clearcut.core import paths
from clearcut.core.collector import collector_off
from clearcut.core.cut import Clip, Cut, Enclosure, Metadata
from clearcut.core.freezing import maker, new
from clearcut.core.gathering import Gathering, IdentifiedShot, Sighting
from clearcut.core.globs import levelled
from clearcut.core.matching import EVIDENCE_OF, NOTHING, Found, PathFinding, Recogniser
from clearcut.core.nests import Nests
from clearcut.core.registry import Recognition
from clearcut.core.rules import Occlusion, Rules
from clearcut.core.scene import Scene
from clearcut.core.scene_uses import add_scene, place_of
from clearcut.core.shot_reasons import ambiguous, changed, declared_fault, suspect, unnamed
from clearcut.core.shots import UNNAMED, NamedClip, name_shots, sequence_finder
from clearcut.core.use import Declaration, Evidence, EvidenceKind, ReplicaUse
from clearcut.core.verdict import Reason

_NOTHING_SAID = [Declaration()]
_evidence_of = maker(Evidence)


@dataclass(frozen=True, slots=True)
class Identified:
    """All uses and all shots of a cut, both in record order; uses are called "u0", "u1" and so on.

    Every use's shot is among the shots. Sound clips that nothing settles as a shot and that show no replica are
    no shots. `clips` are the named clips that the rest came from. `whole` is False when a fault in the edit hides
    which replica a clip declares: then no cap can be judged, for it may be any.
    """

    uses: tuple[ReplicaUse, ...]
    shots: tuple[IdentifiedShot, ...]
    clips: tuple[NamedClip, ...] = ()
    whole: bool = True


def identify(
    cut: Cut,
    recognition: Recognition,
    rules: Rules,
    *,
    scene: Scene | None = None,
    scene_shot: str | None = None,
    scenes: Mapping[str, Scene] | None = None,
    hashes: Mapping[str, str] | None = None,
) -> Identified:
    """The uses and shots of a cut.

    `scenes` are what the comps or scenes of some shots use, by shot; `scene` with `scene_shot` is one more.
    `hashes` are sha256 of media files by the path written in the edit. The order of clips does not matter.

    Raises RulesError when the shot naming makes no sense, ValueError on a scene without a shot.
    """
    by_shot = dict(scenes or {})
    if scene is not None:
        if scene_shot is None:
            raise ValueError("a scene needs the shot it is of")
        by_shot[scene_shot] = scene
    folder = paths.normal_path(cut.path).rpartition("/")[0] if cut.path else ""
    recogniser = Recogniser(
        recognition, rules.suspects, folder=folder if paths.is_absolute(folder) else "", hashes=hashes
    )
    with collector_off():
        named = name_shots(cut, rules.shot_naming)
        gathering = Gathering(opaque=rules.occlusion is Occlusion.OPAQUE)
        whole = _ClipWalk(recogniser, gathering, named).run()
        if by_shot:
            sequence_of = sequence_finder(rules.shot_naming.sequence_pattern)
            end = max([cut.duration, *(clip.record.end for clip in cut.clips)])
            for shot, one in sorted(by_shot.items()):
                place = place_of(shot, cut, named, sequence_of, end)
                end = add_scene(gathering, place, one, recogniser)
        return Identified(gathering.uses(), gathering.shots(), named, whole)


class _Named(NamedTuple):
    """What one metadata mapping names: assets, and whole paths with their keys and what they are."""

    assets: Sequence[Found] = ()
    paths: Sequence[tuple[str, str, PathFinding]] = ()


_NAMES_NOTHING = _Named()


class _ClipWalk:
    """Looks at each clip of a cut once, and tells the gathering what it saw."""

    def __init__(self, recogniser: Recogniser, gathering: Gathering, named: tuple[NamedClip, ...]) -> None:
        self._recogniser = recogniser
        self._gathering = gathering
        self._named = named
        # By identity: the clips, and with them all that they carry, live as long as this does.
        self._around: dict[int, tuple[tuple[str, Found], ...]] = {}
        self._silent_around: Enclosure | None = None
        self._names: dict[int, _Named] = {}
        self._mute: set[int] = set()  # metadata that name nothing
        self._nests = Nests(named)

    def run(self) -> bool:
        """Whether it is known of every clip which replicas it declares."""
        whole = True
        plain: list[NamedClip] = []
        for one in self._named:
            declares = one.declared or one.around
            if declares and any(said.lost for said in (*one.declared, *one.around)):
                whole = False
            if one.clip.nested:
                for part in self._nests.told_of(one):
                    self._look_at(part)
            elif not declares and self._shows_nothing(one.clip):
                plain.append(one)
            else:
                self._look_at(one)
        self._gathering.add_plain(plain)
        return whole

    def _shows_nothing(self, clip: Clip) -> bool:
        """Whether nothing would be recognised: looked at quickly, for so it is with nearly all clips.

        True only where `_recognised` gives nothing and no reasons.
        """
        # Taken apart at once: that is quicker than asking a clip for one field after the other.
        _, _, _, _, _, _, references, metadata, markers, around, _, _ = clip
        mute, recogniser = self._mute, self._recogniser
        if metadata and id(metadata) not in mute and self._named_in(metadata) is not _NAMES_NOTHING:
            return False
        for _, urls, _, about in references:
            if about and id(about) not in mute and self._named_in(about) is not _NAMES_NOTHING:
                return False
            for url in urls:
                if levelled(url) not in recogniser.dull and recogniser.path(url) is not NOTHING:
                    return False
        for _, _, about in markers:
            if about and self._named_in(about) is not _NAMES_NOTHING:
                return False
        if around is not None and around is not self._silent_around:
            if self._recognised_around(around):
                return False
            self._silent_around = around
        return True

    def _look_at(self, one: NamedClip) -> None:
        clip = one.clip
        reasons: list[Reason] = []
        recognised = self._recognised(clip, reasons)
        sightings: list[Sighting] = []
        said: dict[str, list[Declaration]] = {}
        for says in (*one.declared, *one.around):
            for replica, declaration, where in says.uses:
                evidence = Evidence(EvidenceKind.METADATA, where, replica)
                sightings.append(Sighting(replica, declaration, evidence))
                said.setdefault(replica, []).append(declaration)
            reasons.extend([declared_fault(fault) for fault in says.faults])
        for where, found in recognised:
            asset, value, key, _ = found
            evidence = _evidence_of(EVIDENCE_OF[asset.match.kind], f"{where}.{key}" if key else where, value)
            declared = said.get(asset.replica, _NOTHING_SAID)
            sightings += [new(Sighting, (asset.replica, use, evidence, found)) for use in declared]
        self._gathering.add_clip(one, sightings, reasons)
        if sightings or reasons:
            self._doubts(one)

    def _doubts(self, one: NamedClip) -> None:
        """What is doubtful about the name hinders, because the clip shows something."""
        if one.shot is None:
            self._gathering.add_reason(UNNAMED, unnamed(one))
        elif one.ambiguous:
            why = ambiguous(one)
            for name in dict.fromkeys(candidate.name for candidate in one.candidates):
                # Another shot that the clip may be is as doubtful as the one it is counted under.
                self._gathering.add_reason(name, why, only_if_there=name != one.shot)

    def _recognised(self, clip: Clip, reasons: list[Reason]) -> list[tuple[str, Found]]:
        path = self._recogniser.path
        seen: list[tuple[str, Found]] = []
        self._noted(seen, reasons, clip, clip.where, clip.metadata)
        for key, urls, _, about in clip.references:
            place = f"{clip.where}.media_references[{key}]"
            self._noted(seen, reasons, clip, place, about)
            for url in urls:
                finding = path(url)
                if finding is not NOTHING:
                    self._tell(seen, reasons, place, url, finding, clip, about)
        for index, marker in enumerate(clip.markers):
            self._noted(seen, reasons, clip, f"{clip.where}.markers[{index}]", marker.metadata)
        if clip.enclosure is not None:
            seen += self._recognised_around(clip.enclosure)
        return seen

    def _noted(
        self, seen: list[tuple[str, Found]], reasons: list[Reason], clip: Clip, place: str, metadata: Metadata
    ) -> None:
        """What the metadata of a clip, of one of its media or of a marker on it name: assets, and whole paths."""
        if metadata:
            named = self._named_in(metadata)
            seen.extend((f"{place}.metadata", found) for found in named.assets)
            for key, text, finding in named.paths:
                self._tell(seen, reasons, f"{place}.metadata.{key}", text, finding, clip, metadata)

    # Clips share what does not vary, so each metadata object is looked at once.

    def _named_in(self, metadata: Metadata) -> _Named:
        if id(metadata) in self._mute:
            return _NAMES_NOTHING
        known = self._names.get(id(metadata))
        if known is None:
            recogniser = self._recogniser
            assets = recogniser.metadata(metadata) if recogniser.reads_metadata else ()
            written = recogniser.paths_in(metadata)
            if not (assets or written):
                self._mute.add(id(metadata))
                return _NAMES_NOTHING
            known = self._names[id(metadata)] = _Named(assets, written)
        return known

    def _tell(
        self,
        seen: list[tuple[str, Found]],
        reasons: list[Reason],
        where: str,
        path: str,
        finding: PathFinding,
        clip: Clip,
        about: Metadata,
    ) -> None:
        """What a path turned out to be: assets, a suspect, a file that changed. `about` is said of it itself."""
        seen += [(where, found) for found in finding.found]
        if finding.suspect:
            around = (one.metadata for one in clip.enclosures())
            if not self._recogniser.is_excused_by(about, clip.metadata, *around):
                reasons.append(suspect(path, where, model=finding.model))
        reasons += [changed(path, replica) for replica in finding.changed]

    def _recognised_around(self, enclosure: Enclosure) -> tuple[tuple[str, Found], ...]:
        known = self._around.get(id(enclosure))
        if known is None:
            seen: list[tuple[str, Found]] = []
            around: Enclosure | None = enclosure
            while around is not None:
                where = f"{around.where or around.kind}.metadata"
                seen.extend((where, found) for found in self._recogniser.metadata(around.metadata))
                around = around.parent
            known = self._around[id(enclosure)] = tuple(seen)
        return known
