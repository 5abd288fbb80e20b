"""Which OTIO schemas there are, and how a node is looked at without trusting it.

Versions beyond those known are read by the keys they have: a missing key is then the reason, not the number.
"""

from __future__ import annotations

from enum import Enum
from typing import Any

from clearcut.core.cut import NO_METADATA, Marker, Metadata
from clearcut.edit.faults import Place, shown, unreadable
from clearcut.edit.times import Node, Times


class Kind(Enum):
    """What an object of an edit is, under all the names OTIO has had for it."""

    TIMELINE = "Timeline"
    COLLECTION = "SerializableCollection"
    STACK = "Stack"
    TRACK = "Track"
    CLIP = "Clip"
    GAP = "Gap"
    TRANSITION = "Transition"


_KINDS = {kind.value: kind for kind in Kind} | {
    "Sequence": Kind.TRACK,
    "Filler": Kind.GAP,
    "SerializeableCollection": Kind.COLLECTION,
}
# What nearly all objects are, found without taking the text apart.
_BY_SCHEMA: dict[object, Kind] = {
    f"{name}.{version}": kind for name, kind in _KINDS.items() for version in (1, 2)
}
_PARTS = {schema: kind for schema, kind in _BY_SCHEMA.items() if kind not in (Kind.TIMELINE, Kind.COLLECTION)}
_NEWEST = {"Clip": 2, "Marker": 3}


def kind_of(node: object, place: Place) -> Kind:
    """What the object is. Raises EditError when it is nothing that can stand in an edit."""
    if node.__class__ is dict:
        written = node.get("OTIO_SCHEMA")
        known = _BY_SCHEMA.get(written) if written.__class__ is str else None
        if known is not None:
            return known
    name, _ = schema_of(node, place)
    kind = _KINDS.get(name)
    if kind is None:
        raise unreadable(place, f"no OTIO object of a cut: {shown(name)}")
    return kind


def child_kind(child: object, place: Place, index: int) -> Kind:
    """The same as `part_of`, of the child of that number of the track at that place."""
    written = child.get("OTIO_SCHEMA") if isinstance(child, dict) else None
    known = _PARTS.get(written) if written.__class__ is str else None
    return part_of(child, (place, ".children[", index, "]")) if known is None else known


def parts_of(children: list[Any], place: Place) -> list[Kind]:
    """What each child of the track at that place is. Raises EditError as `part_of` does."""
    return [child_kind(child, place, index) for index, child in enumerate(children)]


def part_of(node: object, place: Place) -> Kind:
    """What a child of a stack or track is. Raises EditError when it is nothing that can lie in one."""
    kind = kind_of(node, place)
    if kind is Kind.TIMELINE or kind is Kind.COLLECTION:
        raise unreadable(place, f"a {kind.value} inside a cut")
    return kind


def schema_of(node: object, place: Place) -> tuple[str, int]:
    """The schema's name and version. Raises EditError when the object has none."""
    if not isinstance(node, dict):
        raise unreadable(place, f"not an OTIO object: {shown(node)}")
    schema = node.get("OTIO_SCHEMA")
    if not isinstance(schema, str):
        raise unreadable(place, "an object without OTIO_SCHEMA")
    name, dot, version = schema.rpartition(".")
    if not dot or not version.isascii() or not version.isdigit() or len(version) > 6:
        raise unreadable(place, f"not an OTIO_SCHEMA: {shown(schema)}")
    return name, int(version)


def newer(name: str, version: int) -> bool:
    """Whether the schema is newer than any this reader was written for."""
    return version > _NEWEST.get(name, 1)


def text(node: Node, key: str, place: Place) -> str:
    """A text, "" where there is none. Raises EditError when it is something else."""
    value = node.get(key)
    if value.__class__ is str and "\x00" not in value:
        return value
    if value is None:
        return ""
    if not isinstance(value, str):
        raise unreadable((place, ".", key), f"not a text: {shown(value)}")
    if "\x00" in value:
        # OpenTimelineIO reads what stands before it: the two of us would see two names.
        value = value.rstrip("\x00")
        if "\x00" in value:
            raise unreadable((place, ".", key), f"a NUL inside of a text: {shown(value)}")
    return value


def metadata(node: Node, place: Place) -> Metadata:
    """An object's metadata as it stands. Raises EditError when it is no object."""
    value = node.get("metadata")
    if value is None:
        return NO_METADATA
    if not isinstance(value, dict):
        raise unreadable((place, ".metadata"), f"not an object: {shown(value)}")
    return value or NO_METADATA


def objects(node: Node, key: str, place: Place, *, needed: bool = False) -> list[Any]:
    """A list, empty where there is none unless it is `needed`. Raises EditError when it is something else."""
    value = node.get(key)
    if value is None and not needed:
        return []
    if not isinstance(value, list):
        raise unreadable((place, ".", key), f"not a list: {shown(value)}")
    return value


def markers(node: Node, place: Place, times: Times) -> tuple[Marker, ...]:
    """The markers on an item; their comment may stand in `comment` (Marker.2) or in the metadata only."""
    found = objects(node, "markers", place)
    if not found:
        return ()
    return tuple(_marker(each, (place, ".markers[", index, "]"), times) for index, each in enumerate(found))


def _marker(node: object, place: Place, times: Times) -> Marker:
    name, _ = schema_of(node, place)
    if name != "Marker":
        raise unreadable(place, f"not a Marker: {shown(name)}")
    if not isinstance(node, dict):
        raise unreadable(place, "not a Marker")
    if node.get("marked_range") is not None:
        times.check(node["marked_range"], (place, ".marked_range"))
    return Marker(text(node, "name", place), text(node, "comment", place), metadata(node, place))


def child_place(place: str, index: int) -> str:
    """The place of a child: the tracks of a timeline are `tracks[0]`, everything else is `….children[0]`."""
    if place.endswith("tracks"):
        return f"{place}[{index}]"
    return f"{place}.children[{index}]" if place else f"children[{index}]"


def refuse_declaration(node: object, what: str, place: Place) -> None:
    """Raises EditError when an object that shows nothing declares a replica: nobody would look for it there.

    Nor on a marker or an effect of it.
    """
    if not isinstance(node, dict):
        return
    _refuse_own(node, what, place)
    for key in ("markers", "effects"):
        parts = node.get(key)
        for index, part in enumerate(parts if isinstance(parts, list) else ()):
            _refuse_own(part, what, (place, ".", key, "[", index, "]"))


def _refuse_own(node: object, what: str, place: Place) -> None:
    about = node.get("metadata") if isinstance(node, dict) else None
    own = about.get("clearcut") if isinstance(about, dict) else None
    if own is None or (isinstance(own, dict) and not own.get("replicas")):
        return
    raise unreadable(
        (place, ".metadata.clearcut"),
        f"{what} cannot declare a replica",
        remedy="declare it on the clip, its media reference or the nested stack that shows it",
    )


def declared(about: Metadata) -> bool:
    """Whether the metadata say something to Clearcut."""
    return "clearcut" in about
