"""Clips that are copies of one another are walked alike: the first is looked at, of the next only what differs.

A clip differs in its name, its metadata, its source range and its media: what those come to is worked out here for many
at once, as the walker would of each whole clip. Where anything else differs, or the clip is retimed, marked or switched
off, the walker looks at it itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import repeat
from typing import Any, NamedTuple, TypeVar

from clearcut.core.cut import MediaReference, Metadata
from clearcut.core.freezing import new
from clearcut.core.timing import FrameRange
from clearcut.edit.alike_members import Path
from clearcut.edit.copies import Children, Copy, Edge, Part
from clearcut.edit.references import references
from clearcut.edit.schema import Kind, child_kind, metadata, part_of, parts_of, text
from clearcut.edit.source import consumed
from clearcut.edit.times import NewRateError, Node, Span, Times
from clearcut.errors import EditError

T = TypeVar("T")


class Whole(NamedTuple):
    """A source range that plays whole, at its own speed: the media it consumes is the same for all that have it."""

    span: Span
    source: FrameRange | None


class Content(NamedTuple):
    """What a clip is, wherever it stands."""

    range: Whole
    name: str
    references: tuple[MediaReference, ...]
    metadata: Metadata


class _Differs(NamedTuple):
    """A text that differs: in which of a copy's edges it stands, and in which hole."""

    edge: int
    hole: int


class _Varies(NamedTuple):
    """A container in which something differs."""

    edge: int
    part: Part


class _Media(NamedTuple):
    """A media reference: as it was in the first copy, its place in a clip, and what differs in the others."""

    first: MediaReference
    url: _Differs | None
    name: _Differs | None
    about: _Varies | None
    available: _Varies | None


class Mould:
    """One kind of clip. Raises EditError and NewRateError where the walker would of any of the clips."""

    __slots__ = ("_about", "_media", "_name", "_node", "_range", "_ranges", "_sound", "_times")

    def __init__(self, copy: Copy, node: Node, media: tuple[MediaReference, ...], times: Times) -> None:
        self._times = times
        self._node = node
        self._name = _differs(copy, ("name",))
        self._about = _varies(copy, ("metadata",))
        self._range = _varies(copy, ("source_range",))
        self._media = tuple(
            _Media(
                reference,
                _differs(copy, (*place, "target_url")),
                _differs(copy, (*place, "name")),
                _varies(copy, (*place, "metadata")),
                _varies(copy, (*place, "available_range")),
            )
            for reference, place in zip(media, _places_of_references(node), strict=True)
        )
        self._ranges: dict[Any, Whole] = {}
        self._sound: set[Any] = set()

    def contents(self, run: Sequence[Copy]) -> list[Content]:
        """What each copy is. Which of them an error is about nobody knows here: it tells no place."""
        holes = [list(zip(*found, strict=True)) for found in zip(*(one.found for one in run), strict=True)]

        def texts(which: _Differs | None, otherwise: str) -> Sequence[str]:
            return [otherwise] * len(run) if which is None else holes[which.edge][which.hole]

        def containers(which: _Varies | None, otherwise: Metadata) -> list[Metadata]:
            return [otherwise] * len(run) if which is None else which.part.shared_by(run, which.edge)

        media: list[list[MediaReference]] = []
        for first, url, name, about, available in self._media:
            if url is None:
                urls = [first.urls] * len(run)
            else:
                urls = [(written,) if written else () for written in texts(url, "")]
            if available is not None:
                self._refuse_bad(available, run)
            parts = zip(
                repeat(first.key),
                urls,
                texts(name, first.name),
                containers(about, first.metadata),
                strict=False,
            )
            media.append(list(map(new, repeat(MediaReference), parts)))
        columns = zip(
            self.ranges(run),
            texts(self._name, self._node["name"]),
            zip(*media, strict=True) if media else repeat(()),
            containers(self._about, self._node["metadata"]),
            strict=False,
        )
        return list(map(new, repeat(Content), columns))

    def ranges(self, run: Sequence[Copy]) -> list[Whole]:
        """Their source ranges."""
        if self._range is None:
            return [self._whole(self._node["source_range"])] * len(run)
        known, (edge, part) = self._ranges, self._range
        keys = [part.key(one.found[edge]) for one in run]
        for key, one in dict(zip(keys, run, strict=True)).items():
            if key not in known:
                known[key] = self._whole(part.copy(one.found[edge], one.words))
        return [known[key] for key in keys]

    def _whole(self, written: Node) -> Whole:
        # The node need not outlive the walk: it is not looked up by its identity.
        span = self._times.new_span(written, "")
        return Whole(span, consumed(span, (0, span.length), 1, self._times.timebase))

    def _refuse_bad(self, available: _Varies, run: Sequence[Copy]) -> None:
        edge, part = available
        for key, one in {part.key(one.found[edge]): one for one in run}.items():
            known = (part, key)
            if known not in self._sound:
                self._times.check_new(part.copy(one.found[edge], one.words), "")
                self._sound.add(known)


class Moulds:
    """The kinds of clips of one walk."""

    def __init__(self, times: Times) -> None:
        self._times = times
        # By what they are copied from; what has no mould the walker has to look at itself.
        self._known: dict[tuple[Edge, ...], Mould] = {}
        self._others: set[tuple[Edge, ...]] = set()
        # What was made to learn from: ranges are known by their identity, so nothing else may ever have it.
        self._held: list[Node] = []

    def sorted_out(self, nodes: list[Any], place: str) -> tuple[list[Any], list[Kind]]:
        """The children of a track at that place, and what each is. What is still a copy has a mould; all else was made."""
        if not isinstance(nodes, Children):
            return nodes, parts_of(nodes, place)
        known, clip = self._known, Kind.CLIP
        children, kinds = [], []
        for index, child in enumerate(nodes.unmade()):
            if child.__class__ is Copy and (child.edges in known or self._learn(child)):
                children.append(child)
                kinds.append(clip)
            else:
                made = nodes[index]
                children.append(made)
                kinds.append(child_kind(made, place, index))
        return children, kinds

    def contents(self, children: Sequence[Any]) -> list[Content | None]:
        """What each of some children is that is still a copy.

        None for others, and for copies of which one is wrong: the plain way says what is wrong with which.
        """
        return self._of_each(children, Mould.contents)

    def ranges(self, children: Sequence[Any]) -> list[Whole | None]:
        """The source range of each, as for `contents`."""
        return self._of_each(children, Mould.ranges)

    def _of_each(
        self, children: Sequence[Any], ask: Callable[[Mould, Sequence[Copy]], list[T]]
    ) -> list[T | None]:
        """Asks each mould once, for all copies that it is of."""
        places: dict[tuple[Edge, ...], list[int]] = {}
        for index, child in enumerate(children):
            if child.__class__ is Copy:
                places.setdefault(child.edges, []).append(index)
        told: list[T | None] = [None] * len(children)
        for edges, several in places.items():
            try:
                found = ask(self._known[edges], [children[index] for index in several])
            except (EditError, NewRateError):
                continue
            for index, one in zip(several, found, strict=True):
                told[index] = one
        return told

    def _learn(self, copy: Copy) -> bool:
        """Whether there is a mould for what the copy is of."""
        if copy.edges in self._others:
            return False
        node = copy.made()
        self._held.append(node)
        mould = _mould(copy, node, self._times)
        if mould is None:
            self._others.add(copy.edges)
        else:
            self._known[copy.edges] = mould
        return mould is not None


def _mould(copy: Copy, node: Node, times: Times) -> Mould | None:
    """What is learnt from a copy and the `node` that was made of it; None where the walker has to look itself."""
    try:
        media = references(node, "", times)
        if part_of(node, "") is not Kind.CLIP or not _is_simple(node):
            return None
        node["name"], node["metadata"] = text(node, "name", ""), metadata(node, "")
    except EditError:
        return None  # the walker says where
    texts, containers = _may_differ(node)
    for edge in copy.edges:
        for path, _, is_text in edge.places:
            inside = any(path[:steps] in containers for steps in range(1, len(path)))
            if not inside and not (is_text and path in texts):
                return None
    return Mould(copy, node, media, times)


def _is_simple(node: Node) -> bool:
    """Neither switched off nor retimed nor marked, with a range of its own."""
    own = isinstance(node.get("source_range"), dict)
    return (
        own
        and node.get("enabled") is not False
        and not node.get("effects")
        and node.get("markers") in ([], None)
    )


def _may_differ(node: Node) -> tuple[set[Path], set[Path]]:
    """Texts that may differ, and containers in which anything may."""
    texts: set[Path] = {("name",)}
    containers: set[Path] = {("metadata",), ("source_range",)}
    for place in _places_of_references(node):
        reference: Any = node
        for step in place:
            reference = reference[step]
        texts.add((*place, "name"))
        containers.add((*place, "available_range"))
        if reference["OTIO_SCHEMA"] == "ExternalReference.1":
            texts.add((*place, "target_url"))
        if not reference.get("parameters"):  # these are told with the metadata
            containers.add((*place, "metadata"))
    return texts, containers


def _places_of_references(node: Node) -> list[Path]:
    """Where the references stand that `references` finds, in its order."""
    places: list[Path] = []
    if node.get("media_reference") is not None:
        places.append(("media_reference",))
    many = node.get("media_references") or {}
    places += [("media_references", key) for key, one in many.items() if one is not None]
    return places


def _differs(copy: Copy, path: Path) -> _Differs | None:
    for number, edge in enumerate(copy.edges):
        for place in edge.places:
            if place.path == path:
                return _Differs(number, place.hole)
    return None


def _varies(copy: Copy, path: Path) -> _Varies | None:
    for number, edge in enumerate(copy.edges):
        part: Part | None = edge.part
        for step in path:
            part = None if part is None else part.inner.get(step)
        if part is not None:
            return _Varies(number, part)
    return None
