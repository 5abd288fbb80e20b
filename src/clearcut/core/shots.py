"""Which shot a clip is: every place that may name it is asked in order, and all answers are kept.

`clearcut.shot` settles it (a clip's own, else its media references', else the nearest enclosing stack's). After
that the extractors of the rule file speak, and when two of them disagree the clip is ambiguous (interface.md).
Names that differ in case alone agree: EDLs shout. How single programs write names is in `extractors`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from clearcut.core.cut import Clip, Cut, Enclosure, Marker, Metadata
from clearcut.core.declared import Declared, clean_name, read_declared
from clearcut.core.extractors import Candidate, Extractor, extractors_for, own_name, shot_in_name
from clearcut.core.freezing import new
from clearcut.core.rules import MAX_NAME_CHARS, ShotNaming
from clearcut.errors import Fault, RulesError

__all__ = ["Candidate", "NamedClip", "name_shots", "sequence_finder", "shot_in_name"]

UNNAMED = "unnamed"
_MOST_REMEMBERED = 10_000
# Names with this in them are looked at one by one.
_BETWEEN_NAMES = "\n"
# Sequence and episode, None where they are not known.
Labels = tuple[str | None, str | None]
_NO_LABELS: Labels = (None, None)
_SHOT_OF = itemgetter(1)


class NamedClip(NamedTuple):
    """A clip and the shot it is.

    `shot` None: nothing names it. `ambiguous`: the candidates disagree, and `shot` is what the first says.
    `settled`: `clearcut.shot` said so. `declared` is what the clip and its references say in `clearcut` metadata,
    `around` what the nested stacks, tracks and the timeline around it say, nearest first.

    What is worked out only when somebody asks: `told` None stands for one candidate, the clip's own name, and
    `stated` is what the edit says of sequence and episode, `by_name` finds them in the shot's name.
    """

    clip: Clip
    shot: str | None
    told: tuple[Candidate, ...] | None
    ambiguous: bool
    stated: Labels
    version: str | None
    settled: bool
    declared: tuple[Declared, ...]
    around: tuple[Declared, ...]
    by_name: Callable[[str], Labels]

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """Every name that something gives the clip; those after the first kind may disagree."""
        return own_name(self.clip) if self.told is None else self.told

    @property
    def labels(self) -> Labels:
        """Sequence and episode: as they are stated, else as the shot's name says."""
        sequence, episode = self.stated
        if self.shot is not None and (sequence is None or episode is None):
            by_name = self.by_name(self.shot)
            return sequence or by_name[0], episode or by_name[1]
        return self.stated

    @property
    def sequence(self) -> str | None:
        """The first of its `labels`."""
        return self.labels[0]

    @property
    def episode(self) -> str | None:
        """The second of its `labels`."""
        return self.labels[1]


def name_shots(cut: Cut, naming: ShotNaming) -> tuple[NamedClip, ...]:
    """Each clip of the cut with its shot, in the cut's order.

    Raises RulesError when a pattern of the rules is no regular expression or lacks its group.
    """
    namer = _Namer(naming)
    return _one_spelling([namer.shortly(clip) or namer.name(clip) for clip in cut.clips])


def _one_spelling(clips: list[NamedClip]) -> tuple[NamedClip, ...]:
    """Shots whose names differ in case alone are one shot, spelled as where it is first settled or named.

    Were they two, the shot that is published could be the one without the replica. Each clip keeps the sequence and
    the episode that its own name says: a licence for one of them is asked about each.
    """
    if _differ_not_in_case_alone(clips):
        return tuple(clips)
    first: dict[str, tuple[tuple[bool, int, str], str]] = {}
    for one in clips:
        if one.shot is not None:
            rank = (not one.settled, one.clip.record.first, one.clip.where)
            key = one.shot.casefold()
            if key not in first or rank < first[key][0]:
                first[key] = (rank, one.shot)
    return tuple(
        one if one.shot is None else one._replace(shot=first[one.shot.casefold()][1], stated=one.labels)
        for one in clips
    )


def _differ_not_in_case_alone(clips: list[NamedClip]) -> bool:
    """Whether no shot's name is another's in another case; False where it cannot be told at once."""
    # All at once: a call for each of 100,000 names takes five times as long.
    said = _BETWEEN_NAMES.join(filter(None, map(_SHOT_OF, clips)))
    if said.isascii() and said in (
        said.upper(),
        said.lower(),
    ):  # as in most cuts, and told without taking it apart
        return True
    names = {one.shot for one in clips if one.shot is not None}
    folded = _BETWEEN_NAMES.join(names).casefold().split(_BETWEEN_NAMES)
    return len(set(folded)) == len(folded) == len(names)


class _Namer:
    """Asks for one cut; remembers what enclosures say."""

    def __init__(self, naming: ShotNaming) -> None:
        self._extractors: tuple[Extractor, ...] = extractors_for(naming)
        self._by_name = sequence_finder(naming.sequence_pattern)
        kinds = [extractor.kind for extractor in self._extractors]
        self._by_clip_name = kinds == ["clip_name"]
        # Metadata with these keys says nothing to Clearcut: the clips of one program all have the same.
        self._silent_keys: set[tuple[str, ...]] = {()}
        self._silent_around: Enclosure | None = None
        self._around: dict[int, tuple[Declared, ...]] = {}
        # Identities of enclosures are the keys above: they must live as long as this does.
        self._held: list[Enclosure] = []

    def shortly(self, clip: Clip) -> NamedClip | None:
        """The clip named by the one thing that most clips are named by, where nothing is declared; else None.

        What it gives is what `name` gives.
        """
        # Taken apart at once: that is quicker than asking a clip for one field after the other.
        _, name, _, _, _, _, references, metadata, markers, around, _, _ = clip
        if markers or (around is not self._silent_around and not self._has_silence_around(around)):
            return None
        silent = self._silent_keys
        if tuple(metadata) not in silent and not self._has_silent_keys(metadata):
            return None
        for _, _, _, about in references:
            if about and tuple(about) not in silent and not self._has_silent_keys(about):
                return None
        if not self._by_clip_name:
            candidates = self._extracted(clip)
            return self._by_one(clip, candidates) if len(candidates) == 1 else None
        shot = clean_name(name)
        if shot is None:
            return None
        # As `NamedClip(...)` makes it, without the call of a Python function.
        return new(NamedClip, (clip, shot, None, False, _NO_LABELS, None, False, (), (), self._by_name))

    def _has_silence_around(self, enclosure: Enclosure | None) -> bool:
        """Whether nothing that a clip lies in says anything to Clearcut."""
        if enclosure is not None and self._declared_around(enclosure):
            return False
        self._silent_around = enclosure
        return True

    def _has_silent_keys(self, metadata: Metadata) -> bool:
        # A key of ours with `null` says nothing either, but that is for `read_declared` to find out.
        silent = "clearcut" not in metadata and read_declared(metadata, "") is None
        if silent and len(self._silent_keys) < _MOST_REMEMBERED:
            self._silent_keys.add(tuple(metadata))
        return silent

    def name(self, clip: Clip) -> NamedClip:
        clip_says = _clip_says(clip)
        references_say = _references_say(clip)
        declared = (clip_says, *references_say) if clip_says is not None else references_say
        around = self._declared_around(clip.enclosure) if clip.enclosure is not None else ()
        candidates = _settling(clip_says, references_say, around) if declared or around else ()
        settled = bool(candidates)
        if not settled:
            candidates = self._extracted(clip)
            if len(candidates) == 1 and not declared and not around:
                return self._by_one(clip, candidates)
        shot = candidates[0].name if candidates else None
        ambiguous = len(candidates) > 1 and len({c.name.casefold() for c in candidates}) > 1
        sequence = version = episode = None
        if declared or around:
            sequence, episode, version = _stated(declared, around, shot)
        if shot is not None:
            agreeing = candidates if not settled else self._patterns(clip)
            for candidate in agreeing:
                if candidate.name is shot or candidate.name.casefold() == shot.casefold():
                    sequence = sequence or candidate.sequence
                    episode = episode or candidate.episode
                    version = version or candidate.version
        stated = (sequence, episode)
        return NamedClip(
            clip, shot, candidates, ambiguous, stated, version, settled, declared, around, self._by_name
        )

    def _by_one(self, clip: Clip, candidates: tuple[Candidate, ...]) -> NamedClip:
        """What most clips are: one thing names them, and nothing is declared."""
        _, _, shot, sequence, episode, version = candidates[0]
        stated = (sequence, episode)
        return NamedClip(clip, shot, candidates, False, stated, version, False, (), (), self._by_name)

    def _extracted(self, clip: Clip) -> tuple[Candidate, ...]:
        found: list[Candidate] = []
        marked = bool(clip.markers)
        for _, find, only_as_last_resort, of_markers in self._extractors:
            if (of_markers and not marked) or (only_as_last_resort and found):
                continue
            found.extend(find(clip))
        return tuple(found)

    def _patterns(self, clip: Clip) -> tuple[Candidate, ...]:
        """What a pattern on the name says of a shot that is settled: it may add a version."""
        for extractor in self._extractors:
            if extractor.kind == "patterns":
                return tuple(extractor.find(clip))
        return ()

    def _declared_around(self, enclosure: Enclosure) -> tuple[Declared, ...]:
        known = self._around.get(id(enclosure))
        if known is not None:
            return known
        said: list[Declared] = []
        around: Enclosure | None = enclosure
        while around is not None:
            one = read_declared(around.metadata, around.where or around.kind) if around.metadata else None
            # The timeline's `version` is the cut's, and neither it nor a track is a shot.
            if one is not None and (around.kind == "stack" or one.uses or one.faults):
                said.append(one if around.kind == "stack" else _nameless(one))
            said.extend(_markers_say(around.markers, around.where or around.kind))
            around = around.parent
        self._held.append(enclosure)
        self._around[id(enclosure)] = tuple(said)
        return self._around[id(enclosure)]


def _clip_says(clip: Clip) -> Declared | None:
    return read_declared(clip.metadata, clip.where) if clip.metadata else None


def _references_say(clip: Clip) -> tuple[Declared, ...]:
    """What the media references say, all keys, in the order of the file; then what markers say of replicas."""
    said: list[Declared] = []
    for reference in clip.references:
        if reference.metadata:
            where = f"{clip.where}.media_references[{reference.key}]"
            if (one := read_declared(reference.metadata, where)) is not None:
                said.append(one)
    return (*said, *_markers_say(clip.markers, clip.where))


def _markers_say(markers: Iterable[Marker], where: str) -> Iterator[Declared]:
    """Some programs let users put metadata on a marker only. It names no shot: that has its extractors.

    Without `replicas` it is somebody's note, such as the markers that a marked-up copy of the edit carries.
    """
    for number, marker in enumerate(markers):
        about = marker.metadata.get("clearcut") if marker.metadata else None
        if isinstance(about, Mapping) and "replicas" in about:
            one = read_declared(marker.metadata, f"{where}.markers[{number}]")
            if one is not None:
                yield _nameless(one)


def _nameless(said: Declared) -> Declared:
    return Declared(said.where, uses=said.uses, faults=said.faults, lost=said.lost)


def _settling(
    clip_says: Declared | None, references_say: tuple[Declared, ...], around: tuple[Declared, ...]
) -> tuple[Candidate, ...]:
    """The names that settle it: the clip's own; else its references', which may disagree; else the nearest stack's."""
    for several in (
        (clip_says,) if clip_says is not None else (),
        references_say,
        *((one,) for one in around),
    ):
        named = tuple(Candidate("clearcut", f"{d.where}.shot", d.shot) for d in several if d.shot is not None)
        if named:
            return named
    return ()


def _stated(
    declared: tuple[Declared, ...], around: tuple[Declared, ...], shot: str | None
) -> tuple[str | None, str | None, str | None]:
    """Sequence, episode and version that `clearcut` metadata states; a stack of another shot lends no version."""
    sequence = episode = version = None
    for said in (*declared, *around):
        sequence = sequence or said.sequence
        episode = episode or said.episode
        if said.shot is None or said.shot == shot:
            version = version or said.version
    return sequence, episode, version


@lru_cache(maxsize=16)  # so that clips named by equal rules are equal
def sequence_finder(pattern: str) -> Callable[[str], Labels]:
    """Finds (sequence, episode) in a shot's name."""
    try:
        compiled = re.compile(pattern) if pattern else None
    except re.error as error:
        raise RulesError((Fault("shots.sequence_pattern", f"no regular expression: {error}"),)) from error
    groups = compiled.groupindex if compiled is not None else {}
    at_sequence, at_episode = groups.get("sequence"), groups.get("episode")

    def find(shot: str) -> Labels:
        match = compiled.search(shot) if compiled and len(shot) <= MAX_NAME_CHARS else None
        sequence = match[at_sequence] if match and at_sequence else None
        episode = match[at_episode] if match and at_episode else None
        return sequence or None, episode or None

    return find
