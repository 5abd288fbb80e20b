"""Which other nodes a node's expressions name: what Nuke calls its expression and link dependencies."""

from __future__ import annotations

import re
from collections import defaultdict

from clearcut.scene.nk.script import Node, Script

_CHAIN = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")
_WORD = re.compile(r"[A-Za-z_]\w*")
_LINK = re.compile(r"\{\s*41\s+(\"[^\"]*\"|\S+)\s[\s\S]*?\bT\s+(\"[^\"]*\"|\{[^}]*\}|[^\s}]+)")
_LINK_TARGET = re.compile(r"\sT\s+(\"[^\"]*\"|\{[^}]*\}|\S+?)\}?(?=\s|$)")
# Words by which an expression reaches pictures or any node at all, beyond the knobs it names.
_REACHES_PICTURES = re.compile(r"\b(?:python|sample|topnode|metadata|input\d*|toNode|dependencies|pixel)\b")
_SILENT_KNOBS = frozenset(
    (
        *("label", "name", "help", "note_font", "autolabel", "icon", "knobChanged", "onCreate", "onDestroy"),
        *(
            "updateUI",
            "onScriptLoad",
            "onScriptSave",
            "onScriptClose",
            "kernelSource",
            "toolbox",
            "tile_color",
        ),
    )
)


class Names:
    """Finds nodes by the names that expressions use, from where the expression stands outwards."""

    def __init__(self, script: Script) -> None:
        self._inside: dict[int, dict[str, list[Node]]] = defaultdict(lambda: defaultdict(list))
        self._root = script.root
        self._known = {node.name for node in script.nodes}
        for node in script.nodes:
            self._inside[id(node.parent or script.root)][node.name].append(node)

    def find(self, chain: list[str], start: Node) -> list[Node]:
        """The nodes that a dotted name means when it stands on `start`; empty when it names none."""
        scope: Node | None = start if start.children else start.parent
        parts = list(chain)
        while parts and parts[0] in ("parent", "this", "root"):
            word = parts.pop(0)
            if word == "root":
                scope = self._root
            elif word == "parent":
                scope = (start.parent or self._root) if scope is start else (scope and scope.parent)
                scope = scope or self._root
        if not parts or parts[0] not in self._known:
            return []
        found: list[Node] = []
        here: Node | None = scope or self._root
        while here is not None and not found:
            found = self._inside[id(here)].get(parts[0], []) if id(here) in self._inside else []
            here = here.parent
        for part in parts[1:]:
            deeper = [n for f in found for n in self._inside.get(id(f), {}).get(part, [])]
            if not deeper:
                break
            found = deeper
        return found


def linked(node: Node, names: Names) -> list[tuple[Node, bool, str]]:
    """The nodes that `node`'s expressions name: (node, whether its picture may be reached, the knob)."""
    found: list[tuple[Node, bool, str]] = []
    for knob, raw in node.knobs.items():
        if knob in _SILENT_KNOBS or not ("[" in raw or (raw.startswith("{") and "." in raw)):
            continue
        pictures = _REACHES_PICTURES.search(raw) is not None
        chains = [match.split(".") for match in _CHAIN.findall(raw)]
        if "[" in raw:
            chains += [[word] for word in _WORD.findall(raw)]
        for chain in chains:
            found.extend((n, pictures, knob) for n in names.find(chain, node) if n is not node)
    for raw in node.user_knobs:
        for target in _LINK_TARGET.findall(raw):
            chain = _WORD.findall(target)
            found.extend((n, False, "a link") for n in names.find(chain, node) if n is not node)
    return found


def links_of(node: Node) -> dict[str, tuple[str, ...]]:
    """The knobs of a node that are another's, by name, each with the way to it: nodes inside, then the knob."""
    found = {}
    for raw in node.user_knobs:
        link = _LINK.match(raw)
        if link is not None:
            found[link[1].strip('"')] = tuple(link[2].strip('"{}').split("."))
    return found


def set_through(node: Node, knob: str, raw: str) -> None:
    """Sets a knob; where it is a link, that of the node inside that it stands for too, as Nuke does."""
    todo = [(node, knob)]
    while todo:
        where, name = todo.pop()
        where.knobs = {**where.knobs, name: raw}
        *way, last = links_of(where).get(name, (name,))
        inside: Node | None = where
        for step in way:
            inside = (
                next((c for c in inside.children if c.name == step), None) if inside is not None else None
            )
        if way and inside is not None:
            todo.append((inside, last))


def values_on_links(script: Script) -> list[str]:
    """Groups whose links have values of their own: Nuke writes none, and what it makes of them is not known."""
    return [
        f"{node.full}.{knob} is a link and has a value of its own: which of the two counts cannot be told"
        for node in script.nodes
        if node.user_knobs and node.children
        for knob in links_of(node)
        if knob in node.knobs
    ]
