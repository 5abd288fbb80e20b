"""What Nuke's node classes are: its own, those that write, those whose inputs depend on a knob."""

from __future__ import annotations

from functools import cache
from pathlib import Path

WRITES = frozenset(("Write", "DeepWrite", "WriteGeo", "GeoExport", "AudioWrite", "KatanaWriter"))
SWITCHES = frozenset(("Switch", "Dissolve"))
# Chosen by a graph scope variable (Nuke 16): which input is on depends on where the render starts.
VARIABLE_SWITCHES = frozenset(("VariableSwitch",))
# What they use is another script.
OTHER_SCRIPTS = frozenset(("Precomp", "LiveGroup", "LiveInput"))
# What they show no file says: a running Unreal, a live group somewhere else.
FED_FROM_OUTSIDE = frozenset(("UnrealReader", "LiveInput"))
# Nodes that are no part of any picture.
REMARKS = frozenset(("BackdropNode", "StickyNote", "Viewer"))
_MAKERS_OFX = "OFXuk.co.thefoundry."


@cache
def _own() -> frozenset[str]:
    names: set[str] = set()
    text = Path(__file__).with_name("nuke_nodes.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        words = line.split("#")[0].split()
        names.update(words[:1])
        names.update(words[0] + version for version in words[1:])
    return frozenset(names)


def is_own(kind: str) -> bool:
    """Whether a class is one of Nuke's own; any other is a gizmo or a third party's plug-in."""
    return kind in _own() or kind.startswith(_MAKERS_OFX)
