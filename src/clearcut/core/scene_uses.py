"""What a comp or scene adds to a cut: further evidence, uses that the cut does not show, and doubts.

A node of which nobody can tell whether it is used counts as used, and hinders as well: a waiver of the doubt must
not waive the licence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from clearcut.core.cut import Cut
from clearcut.core.gathering import Gathering, Sighting, Span
from clearcut.core.matching import Found, Recogniser
from clearcut.core.scene import ReferenceState, Scene, SceneReference, Target
from clearcut.core.shot_reasons import changed, node_unknown, not_in_cut, scene_problem, suspect
from clearcut.core.shots import NamedClip
from clearcut.core.timing import FrameRange
from clearcut.core.use import Declaration, Evidence, EvidenceKind

_NOT_SAID = Declaration()
_Labels = tuple[str | None, str | None, str | None]


class ScenePlace(NamedTuple):
    """Where a scene's shot stands: `labels` are its version, sequence and episode, None where clips disagree.

    `after` is the record time (ticks) behind the cut and behind all scenes before, where a shot that the cut lacks
    is counted.
    """

    shot: str
    in_cut: bool
    labels: _Labels
    cut: str
    after: int
    ticks_per_frame: int


def place_of(
    shot: str,
    cut: Cut,
    named: Iterable[NamedClip],
    sequence_of: Callable[[str], tuple[str | None, str | None]],
    after: int,
) -> ScenePlace:
    """Where the shot of a scene stands in a cut; a name that differs in case alone is the cut's shot."""
    clips = [one for one in named if one.shot is not None and one.shot.casefold() == shot.casefold()]
    if clips and clips[0].shot is not None:
        shot = clips[0].shot
    sequence, episode = sequence_of(shot)
    labels = (
        _agreed(one.version for one in clips),
        _agreed(one.sequence for one in clips) or sequence,
        _agreed(one.episode for one in clips) or episode,
    )
    return ScenePlace(shot, bool(clips), labels, cut.name or cut.path, after, cut.timebase.ticks_per_frame)


def _agreed(labels: Iterable[str | None]) -> str | None:
    said = {label for label in labels if label is not None}
    return said.pop() if len(said) == 1 else None


def add_scene(gathering: Gathering, place: ScenePlace, scene: Scene, recogniser: Recogniser) -> int:
    """Tells the gathering what a scene shows in its shot; gives the end of the record time counted for it."""
    doubts = _Doubts(gathering, place.shot, scene)
    gathering.open_shot(place.shot)
    for problem in scene.problems:
        doubts.problem(problem)
    if not scene.targets:
        doubts.problem("nothing that it publishes was found")
    end = place.after
    # Targets of one scene make the same shot: what lies on the same frame is seen at the same time.
    origin = min((target.frames.first for target in scene.targets if target.frames is not None), default=0)
    for target in scene.targets:
        sightings = [s for reference in target.references for s in _sightings(reference, recogniser, doubts)]
        if not sightings:
            continue
        span = gathering.span_of(place.shot) if place.in_cut else _span_outside(target, origin, place, doubts)
        gathering.add_scene_sightings(place.shot, sightings, span, place.labels, on_top=not place.in_cut)
        end = max([end, *(one.end for one in span.record)])
    if not place.in_cut:
        gathering.add_reason(place.shot, not_in_cut(place.shot, place.cut, complete=not doubts.any))
    return end


class _Doubts:
    """Tells the reasons of one scene, and remembers whether there were any."""

    def __init__(self, gathering: Gathering, shot: str, scene: Scene) -> None:
        self._gathering = gathering
        self._shot = shot
        self._path = scene.path
        self.any = False

    def problem(self, problem: str) -> None:
        self.any = True
        self._gathering.add_reason(self._shot, scene_problem(self._path, problem))

    def node(self, reference: SceneReference) -> None:
        self.any = True
        self._gathering.add_reason(self._shot, node_unknown(self._path, reference.node, reference.why))

    def file(self, asset: str, where: str, *, model: bool) -> None:
        self.any = True
        self._gathering.add_reason(self._shot, suspect(asset, where, model=model))

    def changed(self, asset: str, replica: str) -> None:
        self._gathering.add_reason(self._shot, changed(asset, replica))


def _sightings(reference: SceneReference, recogniser: Recogniser, doubts: _Doubts) -> list[Sighting]:
    where = f"{reference.node}.{reference.knob}" if reference.knob else reference.node
    if reference.state is not ReferenceState.USED:
        doubts.node(reference)
    sightings = [
        Sighting(replica, _NOT_SAID, Evidence(EvidenceKind.SCENE, where, replica))
        for replica in reference.replicas
    ]
    found: list[Found] = [one for key, value in reference.metadata for one in recogniser.pair(key, value)]
    for value in (reference.value, *reference.also) if reference.value else ():
        finding = recogniser.path(value)
        found.extend(one for one in finding.found if one.asset not in [known.asset for known in found])
        if finding.suspect and not recogniser.is_excused_by_pairs(reference.metadata):
            doubts.file(value, where, model=finding.model)
        for replica in finding.changed:
            doubts.changed(value, replica)
    for one in found:
        evidence = Evidence(EvidenceKind.SCENE, f"{where}.{one.key}" if one.key else where, one.value)
        sightings.append(Sighting(one.asset.replica, _NOT_SAID, evidence, one))
    return sightings


def _span_outside(target: Target, origin: int, place: ScenePlace, doubts: _Doubts) -> Span:
    """The target's frames behind the end of the cut: on top of all its screen time. `origin` is the first frame."""
    if target.frames is None:
        doubts.problem(f"{target.name} does not say which frames it makes")
        return Span((), (), (), source_known=False)
    per = place.ticks_per_frame
    first, end = (place.after + (frame - origin) * per for frame in target.frames)
    record = (FrameRange(first, end),)
    return Span(record, record, (target.frames,), source_known=True)
