"""What OpenTimelineIO's adapters leave in metadata only, put where the walker looks for it. Changes the tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from clearcut.edit.otio_json import Json, otio

_PATH = re.compile(r"[^\r\n]*[/\\][^\r\n/\\]*\.\w{1,12}", re.ASCII)


def switch_off(tree: Any) -> None:
    """Final Cut 7 XML: clips and tracks that the file switches off."""
    for node in _objects(tree):
        enabled = _said(node, "fcp_xml").get("enabled")
        if isinstance(enabled, str) and enabled.strip().upper() == "FALSE":
            node["enabled"] = False


def name_files(tree: Any) -> None:
    """Avid log: the paths that stand in columns such as `UNC` or `Source File Path`, as further media of the clip."""
    for node in _objects(tree):
        references = node.get("media_references")
        if not isinstance(references, dict):
            continue
        for column, value in _said(node, "ALE").items():
            if isinstance(value, str) and _PATH.fullmatch(value.strip()):
                references[f"ALE {column}"] = otio("ExternalReference", target_url=value.strip())


def _objects(tree: Any) -> Iterator[Json]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            yield node
            waiting.extend((node.get("tracks"), node.get("children")))


def _said(node: Json, adapter: str) -> Json:
    about = node.get("metadata")
    said = about.get(adapter) if isinstance(about, dict) else None
    return said if isinstance(said, dict) else {}
