"""Identities written on USD prims and layers: `clearcut:replica`, and every text of assetInfo and customData."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from clearcut.scene.texts import words

# What schemas write about themselves on every prim.
_SCHEMA_KEYS = frozenset(("userDocBrief", "userDoc", "schemaUserDoc", "provenance", "extraPlugInfo"))
_REPLICA_KEYS = frozenset(("clearcut.replica", "clearcut.replicas", "clearcut_replica"))


def identity(
    custom: Mapping[str, Any], asset_info: Mapping[str, Any], prim: Any = None
) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The replica ids claimed, and pairs of dotted key and text, `assetInfo.` and `customData.` told apart.

    `clearcut:replica` is understood as one key, as nested dictionaries (USD makes them of it) and as an attribute.
    Keys of customData are also given without their prefix, so that `ayon.representation` is found wherever it stands.
    """
    replicas: list[str] = []
    pairs: list[tuple[str, str]] = []
    for prefix, source in (("assetInfo", asset_info), ("customData", custom)):
        for key, value in _texts(source, ""):
            if key in _REPLICA_KEYS:
                replicas.extend(words(value))
            else:
                pairs += [(f"{prefix}.{key}", value), (key, value)]
    if prim is not None and prim.HasAttribute("clearcut:replica"):
        said = prim.GetAttribute("clearcut:replica")
        # Without a time it gives what is said for all of them, and nothing where each frame says its own.
        values = (said.Get(), *(said.Get(time) for time in said.GetTimeSamples()))
        replicas.extend(word for value in values for text in _texts_of(value) for word in words(text))
    return tuple(dict.fromkeys(replicas)), tuple(dict.fromkeys(pairs))


def _texts(source: Mapping[str, Any], before: str) -> Iterator[tuple[str, str]]:
    for key, value in source.items():
        if key in _SCHEMA_KEYS:
            continue
        dotted = f"{before}{key}".replace(":", ".")
        if isinstance(value, Mapping):
            yield from _texts(value, f"{dotted}.")
        else:
            for text in _texts_of(value):
                yield dotted, text


def _texts_of(value: Any) -> list[str]:
    """Texts of a value: itself, each of a list, an asset's path; numbers are no identity."""
    if isinstance(value, str):
        return [value] if value else []
    if hasattr(value, "path"):
        return [str(value.path)] if value.path else []
    if isinstance(value, (bool, int, float)) or value is None:
        return []
    try:
        return [text for one in value for text in _texts_of(one)]
    except TypeError:
        return []
