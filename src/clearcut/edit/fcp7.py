"""What OpenTimelineIO's adapter for Final Cut 7 XML leaves in metadata only: which clips and tracks are switched off."""

from __future__ import annotations

from typing import Any


def switch_off(tree: Any) -> None:
    """Sets `enabled` false on every object that its file says is not; changes `tree`."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting.extend(node)
        elif isinstance(node, dict):
            if _is_off(node.get("metadata")):
                node["enabled"] = False
            waiting.extend((node.get("tracks"), node.get("children")))


def _is_off(metadata: object) -> bool:
    said = metadata.get("fcp_xml") if isinstance(metadata, dict) else None
    enabled = said.get("enabled") if isinstance(said, dict) else None
    return isinstance(enabled, str) and enabled.strip().upper() == "FALSE"
