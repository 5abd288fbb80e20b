"""Objects that are copies of one another but for some scalars, and lists that make them when they are asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from operator import itemgetter
from typing import Any, NamedTuple, Protocol, SupportsIndex, overload

from clearcut.edit.alike_members import Path

_MAX_KNOWN = 20_000

# Scalars that are no texts, by what is written.
Words = dict[str, "int | float | bool | None"]


class Place(NamedTuple):
    """Where in a value the scalar of a hole stands."""

    path: Path
    hole: int
    is_text: bool


class Part:
    """A container in which scalars differ: the sample it is copied from, and what is set in the copy.

    Equal copies are one object, as long as there are enough of them to be worth remembering.
    """

    __slots__ = ("_holes", "_known", "_met", "_sample", "inner", "key")

    def __init__(self, sample: Any, places: list[Place]) -> None:
        self._sample = sample
        self._holes = [(place.path[0], place.hole, place.is_text) for place in places if len(place.path) == 1]
        deeper: dict[Any, list[Place]] = {}
        for place in places:
            if len(place.path) > 1:
                deeper.setdefault(place.path[0], []).append(place._replace(path=place.path[1:]))
        self.inner = {key: Part(sample[key], inner) for key, inner in deeper.items()}
        # What tells a copy from others. By what is written, for 1, 1.0 and true are equal.
        self.key: Callable[[list[str]], Any] = (
            itemgetter(*sorted(p.hole for p in places)) if places else tuple
        )
        self._known: dict[Any, Any] | None = {}
        self._met = 0

    def copy(self, found: list[str], words: Words) -> Any:
        """A container with what was found in its holes, nobody else's."""
        made = self._sample.copy()
        for key, hole, is_text in self._holes:
            made[key] = found[hole] if is_text else words[found[hole]]
        for key, part in self.inner.items():
            made[key] = part.shared(found, words)
        return made

    def shared(self, found: list[str], words: Words) -> Any:
        """The same, perhaps one that others have, too."""
        known = self._known
        if known is None:
            return self.copy(found, words)
        key = self.key(found)
        made = known.get(key)
        if made is not None:
            self._met += 1
            return made
        made = known[key] = self.copy(found, words)
        if len(known) >= _MAX_KNOWN:
            self._known = {} if self._met > _MAX_KNOWN else None
            self._met = 0
        return made

    def shared_by(self, run: Sequence[Copy], edge: int) -> list[Any]:
        """The containers of copies, each `shared`; what was found stands in the edge of that number."""
        known = self._known
        if known is None:
            return [self.copy(one.found[edge], one.words) for one in run]
        several = [known.get(self.key(one.found[edge])) for one in run]
        missing = [index for index, made in enumerate(several) if made is None]
        self._met += len(run) - len(missing)
        for index in missing:
            several[index] = self.shared(run[index].found[edge], run[index].words)
        return several


class Edge(Protocol):
    """Some members of an object: what they are copied from, and where in them scalars differ."""

    @property
    def part(self) -> Part:
        """What they are copied from."""
        ...

    @property
    def places(self) -> tuple[Place, ...]:
        """Where in them scalars differ."""
        ...


class Copy(NamedTuple):
    """An object that was read and not made yet: its members, and for each of these `edges` what was found in its holes."""

    edges: tuple[Edge, ...]
    found: tuple[list[str], ...]
    words: Words

    def made(self) -> dict[str, Any]:
        """The object, nobody else's but for what it shares with others."""
        members: dict[str, Any] = {}
        for edge, found in zip(self.edges, self.found, strict=True):
            members.update(edge.part.copy(found, self.words))
        return members


class Children(list[Any]):
    """A list that is read like any other. Copies in it are made, once, when somebody asks for them."""

    __slots__ = ()

    @overload
    def __getitem__(self, index: SupportsIndex) -> Any: ...

    @overload
    def __getitem__(self, index: slice) -> list[Any]: ...

    def __getitem__(self, index: SupportsIndex | slice) -> Any:
        if isinstance(index, slice):
            return list(self)[index]
        child = super().__getitem__(index)
        if child.__class__ is Copy:
            child = self[index] = child.made()
        return child

    def __iter__(self) -> Iterator[Any]:
        for index, child in enumerate(self.unmade()):
            if child.__class__ is Copy:
                self[index] = child.made()
        return self.unmade()

    def __reversed__(self) -> Iterator[Any]:
        return iter(self[::-1])

    def unmade(self) -> Iterator[Any]:
        """What is in it, copies as they are."""
        return super().__iter__()
