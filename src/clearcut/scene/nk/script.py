"""The stack machine: commands of a Nuke script to nodes and what each is connected to.

A node pops its inputs (the first popped is input 0) and pushes itself; `set` names what lies on the stack, `push`
brings it back; a Group opens a stack of its own until `end_group`. Says nothing of what is used: that is `graph`.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from clearcut.errors import SceneError
from clearcut.scene.nk.knobs import Truth, plain, truth
from clearcut.scene.nk.words import Command, commands

_SET = re.compile(r"\[\s*stack\s+(\d+)\s*\]")
_INPUTS = re.compile(r"(\d{1,4})(?:\+(\d{1,4}))?")
# A word in which TCL would run a command or look up a variable; in braces it does neither.
_RUNS = re.compile(r"^[^{].*?(?<!\\)[\[$]|^[\[$]", re.DOTALL)
_WRITE_INFO = re.compile(r"^#write_info (\S+) ", re.MULTILINE)
_OPENS = frozenset(("Group", "Gizmo", "VariableGroup"))
# What each clone has for itself, and what is only looks.
_OF_A_CLONE = frozenset(
    (
        *("inputs", "name", "xpos", "ypos", "selected", "label", "tile_color", "gl_color", "icon", "help"),
        *("note_font", "note_font_size", "note_font_color", "hide_input", "postage_stamp", "dope_sheet"),
    )
)
# Commands that change nothing about nodes and files.
_HARMLESS = frozenset(("version", "define_window_layout_xml", "add_layer", "add_format"))
# What is pasted into a script connects to what was selected: read alone it connects to nothing.
_PASTE = "cut_paste_input"
_MAX_PROBLEMS = 50
# Beyond these a script is made to exhaust whoever reads it: names grow with depth, clones of groups with themselves.
_MAX_DEPTH = 5_000
_MAX_NODES = 2_000_000


@dataclass(slots=True, eq=False)
class Node:
    """One node. `inputs` in input order, None where nothing is connected; the last `optional` of them are masks.

    `full` is its name with its groups (`Group1.Read1`), `knobs` raw by name, `children` the nodes inside a group.
    `original` is the node a clone shares its knobs with. `opaque` means: a class that is nobody's we know.
    """

    kind: str
    name: str
    full: str
    line: int
    knobs: dict[str, str]
    user_knobs: tuple[str, ...] = ()
    inputs: tuple[Node | None, ...] = ()
    optional: int = 0
    parent: Node | None = None
    children: list[Node] = field(default_factory=list)
    is_group: bool = False
    original: Node | None = None
    opaque: bool = False


@dataclass(slots=True, eq=False)
class Script:
    """A whole script: `root` is the Root node's knobs with the top nodes as children, `nodes` all in file order."""

    root: Node
    nodes: list[Node]
    problems: tuple[str, ...]


def read_script(text: str) -> Script:
    """The nodes of a script whose lines end with a newline alone.

    Raises TornError when it ends in mid-word, SceneError when it is too deep or too big to be followed.
    """
    with uncollected():
        machine = _Machine(text)
        machine.run(list(commands(text)))
        machine.close(_WRITE_INFO.findall(text))
        return Script(machine.root, machine.nodes, machine.all_problems())


@contextmanager
def uncollected() -> Iterator[None]:
    """Hundreds of thousands of values that all stay: the collector would walk them again and again, for nothing."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def instantiate(group: Node, into: Node) -> list[Node]:
    """Copies a group's inside into `into`: the new nodes, outer before inner, connected among themselves."""
    into.is_group = True
    copies: dict[int, Node] = {id(group): into}
    order: list[tuple[Node, Node]] = []
    queue = [group]
    for source in queue:
        parent = copies[id(source)]
        for child in source.children:
            twin = Node(
                child.kind,
                child.name,
                f"{parent.full}.{child.name}",
                into.line,
                child.knobs,
                child.user_knobs,
                optional=child.optional,
                parent=parent,
                is_group=child.is_group,
                original=child.original,
            )
            copies[id(child)] = twin
            parent.children.append(twin)
            order.append((child, twin))
            queue.append(child)
    for child, twin in order:
        twin.inputs = tuple(copies.get(id(i)) if i is not None else None for i in child.inputs)
    return [twin for _, twin in order]


class _Machine:
    def __init__(self, text: str) -> None:
        self._text = text
        self._line, self._line_of = 1, 0
        self.root = Node("Root", "root", "", 0, {}, is_group=True)
        self.nodes: list[Node] = []
        self._problems: list[str] = []
        self._more = 0
        self._group = self.root
        self._stacks: list[list[Node | None]] = [[]]
        self._names: dict[str, Node | None] = {_PASTE: None}
        self._numbers: dict[tuple[int, str], int] = {}

    def all_problems(self) -> tuple[str, ...]:
        more = (f"and {self._more} more of the kind",) if self._more else ()
        return (*self._problems, *more)

    def _problem(self, command: Command | None, message: str) -> None:
        if len(self._problems) >= _MAX_PROBLEMS:
            self._more += 1
            return
        place = f"line {self._line_at(command.offset)}: " if command is not None else ""
        self._problems.append(place + message)

    def _line_at(self, offset: int) -> int:
        """The line of an offset, from 1; commands come in order, so what lies between two of them is counted once."""
        self._line += self._text.count("\n", self._line_of, offset)
        self._line_of = offset
        return self._line

    def run(self, script: list[Command]) -> None:
        live = _live_groups_with_inside(script)
        for index, command in enumerate(script):
            if index in live and not _is_surely_inside(script, index):
                self._problem(command, "whether what follows this LiveGroup stands inside it cannot be told")
            if command.knobs is not None:
                self._node(command, opens=command.words[0] in _OPENS or index in live)
            else:
                self._order(command)

    def _order(self, command: Command) -> None:
        word = command.words[0]
        if word == "push" and len(command.words) == 2:
            self._push(command, command.words[1])
        elif word == "set" and len(command.words) == 3:
            self._set(command, command.words[1], command.words[2])
        elif word == "end_group" and len(command.words) == 1:
            self._end_group(command)
        elif word not in _HARMLESS or any(_RUNS.search(said) for said in command.words):
            shown = " ".join(command.words)[:60]
            self._problem(command, f"{shown!r} is no command that can be read without running it")

    def _push(self, command: Command, what: str) -> None:
        stack = self._stacks[-1]
        if what == "0":
            stack.append(None)
        elif what.startswith("$") and what[1:] in self._names:
            stack.append(self._names[what[1:]])
        else:
            stack.append(None)
            self._problem(command, f"push {what[:40]}: nothing was set by that name")

    def _set(self, command: Command, name: str, value: str) -> None:
        place = _SET.fullmatch(value)
        if place is None:
            self._problem(command, f"set {name[:40]} {value[:40]} cannot be read without running it")
            return
        stack = self._stacks[-1]
        depth = int(place[1])
        self._names[name] = stack[-1 - depth] if depth < len(stack) else None

    def _end_group(self, command: Command) -> None:
        if self._group is self.root or self._group.parent is None:
            self._problem(command, "end_group without a group")
            return
        self._group = self._group.parent
        self._stacks.pop()

    def _node(self, command: Command, *, opens: bool) -> None:
        kind, original = self._kind(command)
        if command.odd:
            self._problem(command, f"{kind}: {command.odd}")
        knobs = command.knobs or {}
        if kind in ("Root", "LiveGroupInfo"):
            self.root.knobs.update(knobs)
            self.root.user_knobs += command.user_knobs
            return
        inputs, optional = self._pop(command, knobs, kind)
        if original is not None:
            self._check_clone(command, original, knobs)
            knobs = {**{k: v for k, v in original.knobs.items() if k != "inputs"}, **knobs}
        name = self._name(kind, knobs)
        group = self._group
        node = Node(
            kind,
            name,
            f"{group.full}.{name}" if group.full else name,
            self._line_at(command.offset),
            knobs,
            command.user_knobs + (original.user_knobs if original is not None else ()),
            inputs,
            optional,
            group,
            is_group=opens,
            original=original,
        )
        group.children.append(node)
        self.nodes.append(node)
        if len(self.nodes) > _MAX_NODES or len(self._stacks) > _MAX_DEPTH:
            raise SceneError(
                f"more than {_MAX_NODES} nodes, or groups in groups beyond {_MAX_DEPTH}",
                where=f"line {node.line}",
            )
        self._stacks[-1].append(node)
        self._remember_clone(command, node)
        if opens:
            self._group = node
            self._stacks.append([])
        elif original is not None and original.is_group:
            self.nodes.extend(instantiate(original, node))

    def _kind(self, command: Command) -> tuple[str, Node | None]:
        words = command.words
        if words[0] != "clone":
            return words[0], None
        if len(words) == 2 and words[1].startswith("$"):
            original = self._names.get(words[1][1:])
        elif len(words) == 3:
            original = self._names.get(words[1])
            if original is None:
                return words[2], None
        else:
            original = None
        if original is None:
            self._problem(command, f"clone {words[1][:40]}: nothing was set by that name")
            return "clone", None
        return original.kind, original

    def _check_clone(self, command: Command, original: Node, knobs: dict[str, str]) -> None:
        # What the original does not write stands at its default there, and Nuke never writes it on the clone alone.
        for knob, raw in knobs.items():
            if knob not in _OF_A_CLONE and original.knobs.get(knob) != raw:
                said = f"a clone of {original.full} sets {knob} anew"
                self._problem(command, f"{said}: which of the two values it is rendered with cannot be told")

    def _remember_clone(self, command: Command, node: Node) -> None:
        if command.words[0] == "clone" and len(command.words) == 3 and node.original is None:
            self._names[command.words[1]] = node

    def _pop(self, command: Command, knobs: dict[str, str], kind: str) -> tuple[tuple[Node | None, ...], int]:
        count, optional = 1, 0
        if "inputs" in knobs:
            said = _INPUTS.fullmatch(plain(knobs["inputs"]))
            if said is None:
                self._problem(command, f"{kind}: inputs {knobs['inputs'][:40]} is no number")
            else:
                optional = int(said[2] or 0)
                count = int(said[1]) + optional
        stack = self._stacks[-1]
        return tuple(stack.pop() if stack else None for _ in range(count)), optional

    def _name(self, kind: str, knobs: dict[str, str]) -> str:
        if "name" in knobs:
            name = plain(knobs["name"])
            if name:
                return name
        # A node without a name gets what Nuke would give it.
        key = (id(self._group), kind)
        self._numbers[key] = self._numbers.get(key, 0) + 1
        return f"{kind}{self._numbers[key]}"

    def close(self, announced: Iterable[str]) -> None:
        if self._group is not self.root:
            self._problem(None, f"the group {self._group.full} (line {self._group.line}) is never ended")
        known = {node.full for node in self.nodes} | {node.name for node in self.nodes}
        for name in announced:
            if name not in known:
                self._problem(None, f"its header announces {name}, which it lacks: it may be torn off")


def _live_groups_with_inside(script: list[Command]) -> frozenset[int]:
    """Which LiveGroups bring their inside along: only then does an `end_group` belong to them.

    The counts settle it where they can; otherwise Nuke's indentation does (what is inside stands further right).
    """
    live = [i for i, c in enumerate(script) if c.knobs is not None and c.words[0] == "LiveGroup"]
    if not live:
        return frozenset()
    ends = sum(1 for c in script if c.knobs is None and c.words[0] == "end_group")
    spare = ends - sum(1 for c in script if c.knobs is not None and c.words[0] in _OPENS)
    if spare <= 0:
        return frozenset()
    if spare >= len(live):
        return frozenset(live)
    return frozenset(i for i in live if _next_node_is_deeper(script, i))


def _is_surely_inside(script: list[Command], index: int) -> bool:
    said = (script[index].knobs or {}).get("modified", "false")
    return truth(said) is Truth.YES or _next_node_is_deeper(script, index)


def _next_node_is_deeper(script: list[Command], index: int) -> bool:
    for command in script[index + 1 :]:
        if command.knobs is not None or command.words[0] == "end_group":
            return command.knobs is not None and command.indent > script[index].indent
    return False
