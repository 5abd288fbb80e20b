"""A clip's media references: all of them, for a replica may stand in one that is not active."""

from __future__ import annotations

from clearcut.core.cut import NO_METADATA, MediaReference
from clearcut.core.freezing import new
from clearcut.edit.faults import Place, shown, unreadable
from clearcut.edit.schema import metadata, schema_of, text
from clearcut.edit.times import Node, Span, Times

DEFAULT_KEY = "DEFAULT_MEDIA"
_NO_URL = frozenset({"MissingReference", "GeneratorReference", "MediaReference"})
_BY_SCHEMA: dict[object, str] = {
    f"{name}.1": name for name in (*_NO_URL, "ExternalReference", "ImageSequenceReference")
}


def references(clip: Node, place: Place, times: Times) -> tuple[MediaReference, ...]:
    """Every reference of the clip in the order of the file; `media_reference` (Clip.1) under the default key.

    Raises EditError when one of them is nothing OTIO knows: what it shows could not be told.
    """
    made = []
    old = clip.get("media_reference")
    if old is not None:
        made.append(_reference(DEFAULT_KEY, old, (place, ".media_reference"), times))
    many = clip.get("media_references")
    if many is not None:
        if not isinstance(many, dict):
            raise unreadable((place, ".media_references"), f"not an object: {shown(many)}")
        for key, node in many.items():
            if node is not None:
                made.append(_reference(key, node, (place, ".media_references.", key), times))
    return tuple(made)


def available(clip: Node, place: Place, times: Times) -> Span | None:
    """The available range of the active reference, None when it has none."""
    many = clip.get("media_references")
    where: Place
    if isinstance(many, dict):
        key = clip.get("active_media_reference_key") or DEFAULT_KEY
        active = many.get(key) if isinstance(key, str) else None
        where = (place, ".media_references.", key)
    else:
        active = clip.get("media_reference")
        where = (place, ".media_reference")
    if not isinstance(active, dict) or active.get("available_range") is None:
        return None
    return times.span(active["available_range"], (where, ".available_range"))


def _reference(key: str, node: object, place: Place, times: Times) -> MediaReference:
    if not isinstance(node, dict):
        raise unreadable(place, f"not a media reference: {shown(node)}")
    written = node.get("OTIO_SCHEMA")
    schema = (_BY_SCHEMA.get(written) if written.__class__ is str else None) or schema_of(node, place)[0]
    if schema == "ExternalReference":
        url = text(node, "target_url", place)
        urls: tuple[str, ...] = (url,) if url else ()
    elif schema == "ImageSequenceReference":
        urls = (_sequence_url(node, place),)
    elif schema in _NO_URL:
        urls = ()
    else:
        raise unreadable(place, f"not a media reference: {shown(schema)}")
    if node.get("available_range") is not None:
        times.check(node["available_range"], (place, ".available_range"))
    about = node.get("metadata")
    if about.__class__ is not dict:
        about = metadata(node, place)
    elif not about:
        about = NO_METADATA
    if node.get("parameters"):
        # A generator may be told there which file it makes its picture from.
        about = {**about, "parameters": node["parameters"]}
    return new(MediaReference, (key, urls, text(node, "name", place), about))


def _sequence_url(node: Node, place: Place) -> str:
    base = text(node, "target_url_base", place)
    padding = node.get("frame_zero_padding")
    if padding is None:
        padding = 0
    if padding.__class__ is not int or not 0 <= padding <= 32:
        raise unreadable((place, ".frame_zero_padding"), f"not a number of digits: {shown(padding)}")
    token = f"%0{padding}d" if padding else "%d"
    slash = "/" if base and not base.endswith("/") else ""
    return f"{base}{slash}{text(node, 'name_prefix', place)}{token}{text(node, 'name_suffix', place)}"
