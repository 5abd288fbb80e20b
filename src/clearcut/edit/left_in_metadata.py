"""What OpenTimelineIO's adapters leave in metadata only, put where the walker looks for it.

The tree that comes in may share its parts (docs/decisions/0018), so what is changed is made anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from clearcut.edit.otio_json import Json, otio, time

# What floating point leaves of a whole number of frames, at a hundred hours.
_HAIR = 1e-4
_PATH = re.compile(r"[^\r\n]*[/\\][^\r\n/\\]*\.\w{1,12}", re.ASCII)


def with_switches(tree: Any) -> Any:
    """Final Cut 7 XML: clips and tracks that the file switches off are not enabled.

    The angles of a multiclip, and whatever else names a file, are further media of the clip. Lengths are in frames
    of the sequence: the adapter gives them in frames of each clip, of which they may be no whole number.
    """
    return _each(_in_frames_of(tree, None), _switched)


def with_files(tree: Any) -> Any:
    """Avid log: the paths in columns such as `UNC` or `Source File Path` are further media of the clip."""
    return _each(tree, _with_its_files)


def _in_frames_of(node: Any, rate: float | None) -> Any:
    """The same with every length that is no whole number of its own frames in frames of the sequence around it."""
    if isinstance(node, list):
        return [_in_frames_of(one, rate) for one in node]
    if not isinstance(node, dict):
        return node
    rate = _sequence_rate(_said(node, "fcp_xml").get("rate")) if "tracks" in node else rate
    inner = {key: _in_frames_of(node[key], rate) for key in ("tracks", "children") if key in node}
    span = node.get("source_range")
    if rate and isinstance(span, dict):
        inner["source_range"] = {**span, "duration": _whole(span.get("duration"), rate)}
    return {**node, **inner}


def _sequence_rate(said: Any) -> float | None:
    timebase = str(said.get("timebase")) if isinstance(said, dict) else ""
    if not timebase.isdecimal():
        return None
    return int(timebase) * (1000 / 1001 if str(said.get("ntsc")).upper() == "TRUE" else 1)


def _whole(length: Any, rate: float) -> Any:
    if not isinstance(length, dict) or not length.get("rate") or float(length["value"]).is_integer():
        return length
    frames = length["value"] / length["rate"] * rate
    return time(round(frames), rate) if abs(frames - round(frames)) < _HAIR else length


def _switched(node: Json) -> Json:
    said = _said(node, "fcp_xml")
    enabled = said.get("enabled")
    off = isinstance(enabled, str) and enabled.strip().upper() == "FALSE"
    changed = {**node, "enabled": False} if off else node
    references = node.get("media_references")
    if not isinstance(references, dict):
        return changed
    named = {
        f"FILE_{number}": otio("ExternalReference", target_url=url)
        for number, url in enumerate(_path_urls(said), 2)
    }
    return {**changed, "media_references": {**references, **named}}


def _path_urls(said: Any) -> Iterator[str]:
    """Every `pathurl` at any depth of what the adapter left in metadata."""
    if isinstance(said, list):
        for one in said:
            yield from _path_urls(one)
    elif isinstance(said, dict):
        for key, value in said.items():
            if key == "pathurl" and isinstance(value, str):
                yield value
            else:
                yield from _path_urls(value)


def _with_its_files(node: Json) -> Json:
    references = node.get("media_references")
    if not isinstance(references, dict):
        return node
    named = {
        f"ALE {column}": otio("ExternalReference", target_url=value.strip())
        for column, value in _said(node, "ALE").items()
        if isinstance(value, str) and _PATH.fullmatch(value.strip())
    }
    return {**node, "media_references": {**references, **named}}


def _each(node: Any, change: Callable[[Json], Json]) -> Any:
    """The same with every object of the cut changed; no deeper than JSON is read."""
    if isinstance(node, list):
        return [_each(one, change) for one in node]
    if not isinstance(node, dict):
        return node
    inner = {key: _each(node[key], change) for key in ("tracks", "children") if key in node}
    return {**change(node), **inner}


def _said(node: Json, adapter: str) -> Json:
    about = node.get("metadata")
    said = about.get(adapter) if isinstance(about, dict) else None
    return said if isinstance(said, dict) else {}
