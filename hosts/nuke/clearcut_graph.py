"""What is upstream of a write node by live Nuke's own word, to be held against what the reader says of the saved text.

Groups are entered by their Output and left by their Input. A node that is off lets its first input through, and a
Switch its chosen one, as they stand at this moment: so this is less than the script may use, and never more.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import nuke

SWITCHES = ("Switch",)
REMARKS = ("Viewer", "BackdropNode", "StickyNote")


def upstream(target: Any) -> dict[str, Any]:
    """Every node that `target` draws on now, by full name, itself included."""
    found: dict[str, Any] = {}
    todo = [target]
    while todo:
        node = todo.pop()
        if node.fullName() in found or node.Class() in REMARKS:
            continue
        found[node.fullName()] = node
        todo += _drawn_on(node)
    return found


def named_above(target: Any) -> set[str]:
    """Full names of all that could be upstream in any state: switched off, other branches, expressions, links."""
    found: set[str] = set()
    todo = [target]
    what = nuke.INPUTS | nuke.HIDDEN_INPUTS | nuke.EXPRESSIONS | nuke.LINKINPUTS
    while todo:
        node = todo.pop()
        if node.fullName() in found:
            continue
        found.add(node.fullName())
        todo += node.dependencies(what)
        todo += _inside(node)
        group = _group_of(node)
        if node.Class() == "Input" and group is not None:
            todo += group.dependencies(what)
    return found


def _drawn_on(node: Any) -> Iterator[Any]:
    if _is_on(node, "disable"):
        first = _left_by(node) if node.Class() == "Input" else node.input(0)
        yield from () if first is None else (first,)
        return
    outputs = [child for child in _inside(node) if child.Class() == "Output"]
    if outputs:
        yield from outputs
        return
    if node.Class() == "Input":
        outside = _left_by(node)
        yield from () if outside is None else (outside,)
        return
    chosen = node.knob("which") if node.Class() in SWITCHES else None
    if chosen is not None:
        taken = node.input(int(chosen.value()))
        yield from () if taken is None else (taken,)
        return
    yield from node.dependencies(nuke.INPUTS | nuke.HIDDEN_INPUTS)


def _left_by(node: Any) -> Any:
    """What flows into a group's Input from outside; None when nothing does."""
    group, number = _group_of(node), node.knob("number")
    return None if group is None else group.input(int(number.value()) if number is not None else 0)


def _inside(node: Any) -> list[Any]:
    """The nodes of a group or gizmo; only these have `nodes`."""
    return list(node.nodes()) if hasattr(node, "nodes") else []


def _group_of(node: Any) -> Any:
    name = node.fullName().rpartition(".")[0]
    return nuke.toNode(name) if name else None


def _is_on(node: Any, name: str) -> bool:
    knob = node.knob(name)
    return knob is not None and bool(knob.value())
