"""What plays in the stacks of a cut that declare something: what they say holds for their whole visible range.

A stack that names no shot speaks of the shots that play in it. Where nothing plays in it (a gap, a clip that is
switched off) what it declares still holds, and counts for the shot that played there before.
"""

from __future__ import annotations

from collections.abc import Iterator

from clearcut.core.cut import ClipKind
from clearcut.core.shots import NamedClip
from clearcut.core.timing import FrameRange, subtract

_Place = tuple[str, ClipKind]


class Nests:
    """Looks at all clips of a cut once. The order of clips does not matter."""

    def __init__(self, named: tuple[NamedClip, ...]) -> None:
        saying = {(one.clip.where, one.clip.kind) for one in named if one.clip.nested and not one.settled}
        # By place; a picture stack in which sound alone plays has nothing in it: what it declares may be seen.
        self._inside: dict[_Place, list[NamedClip]] = {}
        self._stacks: set[str] = set()
        for one in named if saying else ():
            if one.clip.nested:
                continue
            for around in one.clip.enclosures():
                place = (around.where, one.clip.kind)
                if place in saying:
                    self._inside.setdefault(place, []).append(one)
                    if around.kind == "stack":
                        self._stacks.add(around.where)

    def told_of(self, one: NamedClip) -> tuple[NamedClip, ...]:
        """What is to be looked at for a clip: itself, and for a stack that is filled the parts that are not.

        Tracks and the timeline speak of their clips alone: in their gaps there is nothing that they could mean.
        """
        clip = one.clip
        inside = self._inside.get((clip.where, clip.kind)) if clip.nested and not one.settled else None
        if inside is None:
            return (one,)
        if clip.kind is not ClipKind.PICTURE or clip.where not in self._stacks:
            return ()
        bare = subtract((clip.record,), (other.clip.record for other in inside))
        return tuple(_as_part_of(played, one, piece) for piece, played in _with_before(bare, inside))


def _with_before(
    pieces: tuple[FrameRange, ...], inside: list[NamedClip]
) -> Iterator[tuple[FrameRange, NamedClip]]:
    """Each piece of record time with the clip that was on screen last before it, else the first one."""
    ordered = sorted(inside, key=lambda one: (one.clip.record, one.clip.where))
    played = ordered[0]
    following = iter(ordered)
    upcoming = next(following, None)
    for piece in pieces:
        while upcoming is not None and upcoming.clip.record.first < piece.first:
            if upcoming.clip.record.end >= played.clip.record.end:
                played = upcoming
            upcoming = next(following, None)
        yield piece, played


def _as_part_of(played: NamedClip, nest: NamedClip, piece: FrameRange) -> NamedClip:
    return played._replace(clip=nest.clip._replace(record=piece), declared=nest.declared, around=nest.around)
