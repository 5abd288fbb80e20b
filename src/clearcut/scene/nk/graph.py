"""What is upstream of a node: used, or cannot tell, and why. Follows inputs, groups, switches, masks, expressions.

An edge is certain when a render surely asks for it. A Switch by expression, a disabled-by-expression node and the
like make their edges uncertain; what only such edges reach is `unknown`. A node that is only named in an expression
is `unknown` too, and its own inputs are not followed unless the expression may reach pictures.
"""

from __future__ import annotations

import math
from collections import deque
from typing import NamedTuple

from clearcut.scene.nk.classes import SWITCHES, VARIABLE_SWITCHES
from clearcut.scene.nk.knobs import Truth, number, truth
from clearcut.scene.nk.links import Names, linked
from clearcut.scene.nk.script import Node, Script


class Edge(NamedTuple):
    """One node that another may use. `why` is "" when it surely does; `named` when only a knob of it is read."""

    to: Node
    why: str = ""
    named: bool = False


class Graph:
    """The edges of a script, worked out once per node."""

    def __init__(self, script: Script) -> None:
        self.names = Names(script)
        self._edges: dict[int, tuple[Edge, ...]] = {}

    def upstream(self, target: Node) -> dict[Node, str]:
        """Every node that `target` uses or may use: "" when surely, else why it cannot be told.

        A node that is literally disabled lets its input 0 through and is itself not used, unless an expression
        reads a knob of it; one disabled by expression cannot be told.
        """
        reached, named = self._reach(target)
        answers = {n: why for n, why in named.items() if n not in reached or _off(n) is Truth.YES}
        for node, why in reached.items():
            if "disable" not in node.knobs:
                answers[node] = why
                continue
            off = _off(node)
            if off is Truth.NO:
                answers[node] = why
            elif off is Truth.UNKNOWN:
                answers[node] = why or f"{node.full}.disable is an expression"
        return answers

    def _reach(self, target: Node) -> tuple[dict[Node, str], dict[Node, str]]:
        """The nodes that inputs reach, and those that expressions name alone, each with why it is uncertain."""
        reached: dict[Node, str] = {target: ""}
        named: dict[Node, str] = {}
        doubtful: deque[Edge] = deque()
        queue = deque([target])
        while queue:
            for edge in self.edges(queue.popleft()):
                if edge.why or edge.named:
                    doubtful.append(edge)
                elif edge.to not in reached:
                    reached[edge.to] = ""
                    queue.append(edge.to)
        # Uncertain edges: whatever follows them bears the first reason met.
        pending = deque(e for e in doubtful if not e.named)
        only_named = deque(e for e in doubtful if e.named)
        while pending or only_named:
            edge = pending.popleft() if pending else only_named.popleft()
            if edge.to in named if edge.named else edge.to in reached:
                continue
            if edge.named:
                named[edge.to] = edge.why
            else:
                reached[edge.to] = edge.why
            for further in self.edges(edge.to):
                if further.named:
                    only_named.append(further)
                elif not edge.named:
                    pending.append(Edge(further.to, edge.why))
        return reached, named

    def edges(self, node: Node) -> tuple[Edge, ...]:
        """What one node uses or may use."""
        known = self._edges.get(id(node))
        if known is None:
            known = self._edges[id(node)] = tuple(self._work_out(node))
        return known

    def _work_out(self, node: Node) -> list[Edge]:
        off = _off(node)
        if off is Truth.YES:
            return _through(node, "")
        edges = self._enabled(node)
        if off is Truth.UNKNOWN:
            why = f"{node.full}.disable is an expression"
            first = node.inputs[0] if node.inputs else None
            # On or off, input 0 is asked for; all else only when the node is on.
            edges = [e if e.to is first and not e.why else Edge(e.to, e.why or why, e.named) for e in edges]
            edges += _through(node, why)
        for to, pictures, knob in linked(node, self.names):
            edges.append(Edge(to, f"{node.full}.{knob} names {to.full} in an expression", not pictures))
        return edges

    def _enabled(self, node: Node) -> list[Edge]:
        if node.kind == "Input":
            return _out_of_group(node)
        if node.is_group and node.children:
            return _into_group(node)
        if node.kind in VARIABLE_SWITCHES:
            return [Edge(i, f"{node.full} is set by a graph scope variable") for i in node.inputs if i]
        if node.kind in SWITCHES:
            return _switched(node)
        # A gizmo that cannot be looked into says so itself; what flows into it counts, as it does in Nuke.
        return [Edge(i) for i in node.inputs if i is not None]


def _off(node: Node) -> Truth:
    return truth(node.knobs.get("disable"))


def _through(node: Node, why: str) -> list[Edge]:
    first = node.inputs[0] if node.inputs else None
    if node.kind == "Input":
        return [Edge(e.to, e.why or why) for e in _out_of_group(node)]
    return [Edge(first, why)] if first is not None else []


def _switched(node: Node) -> list[Edge]:
    """The branch that a literal `which` takes; of a Dissolve both sides while it is between two inputs."""
    main = len(node.inputs) - node.optional
    masks = [Edge(i) for i in node.inputs[main:] if i is not None]
    raw = node.knobs.get("which", "0")
    which = number(raw)
    if which is None:
        why = f"{node.full}.which is an expression"
        return [Edge(i, why) for i in node.inputs if i is not None]
    whole = which == int(which)
    if not 0 <= which <= main - 1 or (node.optional and main > 2) or (node.kind == "Switch" and not whole):
        why = f"{node.full}.which is {raw[:20]}, of {main} inputs"
        return [Edge(i, why) for i in node.inputs if i is not None]
    taken = {math.floor(which), math.ceil(which)}
    return [Edge(node.inputs[i]) for i in sorted(taken) if node.inputs[i] is not None] + masks  # type: ignore[arg-type]


def _into_group(group: Node) -> list[Edge]:
    outputs = [child for child in group.children if child.kind == "Output"]
    if len(outputs) == 1:
        return [Edge(outputs[0])]
    if outputs:
        why = f"{group.full} has {len(outputs)} Output nodes"
        return [Edge(o, why) for o in outputs]
    why = f"{group.full} has no Output node"
    return [Edge(n, why) for n in (*group.children, *group.inputs) if n is not None]


def _out_of_group(node: Node) -> list[Edge]:
    group = node.parent
    if group is None or group.parent is None:
        return [Edge(i) for i in node.inputs if i is not None]
    index = number(node.knobs.get("number", "0"))
    twins = [c for c in group.children if c.kind == "Input"]
    numbers = {number(c.knobs.get("number", "0")) for c in twins}
    if index is None or index != int(index) or len(numbers) != len(twins):
        why = f"which input of {group.full} {node.full} is cannot be told"
        return [Edge(i, why) for i in group.inputs if i is not None]
    place = int(index)
    taken = group.inputs[place] if 0 <= place < len(group.inputs) else None
    return [Edge(taken)] if taken is not None else []
