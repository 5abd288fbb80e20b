"""Clips that are copies of one another are walked alike: the first is looked at, of the next only what differs.

A clip differs in its name, its metadata, its source range and its media: what those come to is worked out here, as the
walker would of the whole clip. Where anything else differs, or the clip is retimed, marked or switched off, the walker
looks at it itself.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from clearcut.core.cut import MediaReference, Metadata
from clearcut.core.freezing import new
from clearcut.edit.alike_members import Path
from clearcut.edit.copies import Children, Copy, Edge, Part
from clearcut.edit.faults import Place
from clearcut.edit.references import references
from clearcut.edit.schema import Kind, metadata, part_of, text
from clearcut.edit.times import Node, Span, Times
from clearcut.errors import EditError


class Content(NamedTuple):
    """What a clip is, wherever it stands."""

    span: Span
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
    where: str
    url: _Differs | None
    name: _Differs | None
    about: _Varies | None
    available: _Varies | None


class Mould:
    """One kind of clip. Raises EditError and NewRateError where the walker would."""

    __slots__ = ("_about", "_media", "_name", "_node", "_range", "_sound", "_spans", "_times")

    def __init__(self, copy: Copy, node: Node, media: tuple[MediaReference, ...], times: Times) -> None:
        self._times = times
        self._node = node
        self._name = _differs(copy, ("name",))
        self._about = _varies(copy, ("metadata",))
        self._range = _varies(copy, ("source_range",))
        self._media = tuple(
            _Media(
                reference,
                "".join(f".{step}" for step in place),
                _differs(copy, (*place, "target_url")),
                _differs(copy, (*place, "name")),
                _varies(copy, (*place, "metadata")),
                _varies(copy, (*place, "available_range")),
            )
            for reference, place in zip(media, _places_of_references(node), strict=True)
        )
        self._spans: dict[Any, Span] = {}
        self._sound: set[Any] = set()

    def look_at(self, copy: Copy, place: str) -> Content:
        """What the clip at that place is."""
        _, several, words = copy
        if self._range is None:
            span = self._times.span(self._node["source_range"], (place, ".source_range"))
        else:
            edge, part = self._range
            key = part.key(several[edge])
            known = self._spans.get(key)
            if known is None:
                written = part.copy(several[edge], words)
                known = self._spans[key] = self._times.new_span(written, (place, ".source_range"))
            span = known
        name = self._node["name"]
        if self._name is not None:
            edge, hole = self._name
            name = several[edge][hole]
        about = self._node["metadata"]
        if self._about is not None:
            edge, part = self._about
            about = part.shared(several[edge], words)
        media = []
        for first, where, url, named, varies, available in self._media:
            key, urls, called, said = first
            if url is not None:
                edge, hole = url
                written = several[edge][hole]
                urls = (written,) if written else ()
            if named is not None:
                edge, hole = named
                called = several[edge][hole]
            if varies is not None:
                edge, part = varies
                said = part.shared(several[edge], words)
            if available is not None:
                self._refuse_bad(available, copy, (place, where, ".available_range"))
            media.append(new(MediaReference, (key, urls, called, said)))
        return new(Content, (span, name, tuple(media), about))

    def _refuse_bad(self, available: _Varies, copy: Copy, place: Place) -> None:
        found = copy.found[available.edge]
        known = (available.part, available.part.key(found))
        if known not in self._sound:
            self._times.check_new(available.part.copy(found, copy.words), place)
            self._sound.add(known)


class Moulds:
    """The kinds of clips of one walk."""

    def __init__(self, times: Times) -> None:
        self._times = times
        # By what they are copied from; what has no mould the walker has to look at itself.
        self.known: dict[tuple[Edge, ...], Mould] = {}
        self._others: set[tuple[Edge, ...]] = set()
        # What was made to learn from: ranges are known by their identity, so nothing else may ever have it.
        self._held: list[Node] = []

    def sorted_out(self, children: list[Any]) -> list[Any]:
        """The children of a track. What is still a copy has a mould; all else was made."""
        if not isinstance(children, Children):
            return children
        known = self.known
        kept = []
        for index, child in enumerate(children.unmade()):
            is_copy = child.__class__ is Copy
            kept.append(
                child if not is_copy or child.edges in known or self._learn(child) else children[index]
            )
        return kept

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
            self.known[copy.edges] = mould
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
