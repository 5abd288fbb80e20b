"""A hook for tk-multi-publish2: put behind any publish plug-in, it asks for clearance before and at the publish.

    publish_plugins:
    - name: Publish renders
      hook: "{self}/publish_file.py:/path/of/clearcut/hosts/shotgrid/clearcut_gate.py"

Proved on a stand-in, and by hand on the app's own items, tasks and base hook; the toolkit as a whole was not run.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import sgtk

HookBaseClass: Any = sgtk.get_hook_baseclass()
SCENES = (".nk", ".blend", ".usd", ".usda", ".usdc", ".usdz")


class ClearcutGate(HookBaseClass):  # type: ignore[misc] # the toolkit has no types
    """Whatever the hook in front of it does, only for what is cleared."""

    def validate(self, settings: Any, item: Any) -> bool:
        """The other hook's answer, and only if the shot is cleared; raises with shot, why, who and how."""
        valid = super().validate(settings, item)
        require(item)
        return bool(valid)

    def publish(self, settings: Any, item: Any) -> None:
        """Asks again: an item can be published whose validation was skipped, or is of yesterday."""
        require(item)
        super().publish(settings, item)


def require(item: Any) -> None:
    """Returns when the item's shot is cleared with what its scene shows; raises in every other case."""
    from clearcut.publish.scenes import FileScene
    from clearcut.publish.single import require_clearance

    path = item.properties.get("path")
    scene = FileScene(Path(path)) if path and Path(path).suffix.lower() in SCENES else None
    require_clearance(shot_of(item), scene)


def shot_of(item: Any) -> str:
    """The item's `clearcut_shot`, else the entity of its context, else the item's own name."""
    named = item.properties.get("clearcut_shot")
    if named:
        return str(named)
    entity = item.context.entity
    return str(entity["name"]) if entity else str(item.name)
