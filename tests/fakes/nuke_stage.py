"""A strict stand-in for the `nuke` module: what Nuke's documentation lists and we use, and nothing else.

Built from the text of a .nk by our own reader. An attribute that is not written here fails, as it would in Nuke, and so
does whatever another thread than the one that made it asks: Nuke's API is its main thread's.
"""

from __future__ import annotations

import threading
import types
from pathlib import Path

from clearcut.scene.nk.knobs import Truth, number, plain, truth
from clearcut.scene.nk.links import Names, linked
from clearcut.scene.nk.script import Node, read_script


class OfOneThread:
    """Every question of another thread fails. `stage_*` and private names are the test's side."""

    _owner = 0

    def __getattribute__(self, name):
        if not name.startswith(("_", "stage_")) and threading.get_ident() != self._owner:
            raise RuntimeError(f"nuke: {name} was asked on the thread {threading.current_thread().name}")
        return super().__getattribute__(name)


class FakeKnob(OfOneThread):
    """A knob with a value."""

    def __init__(self, value):
        self._owner, self._value = threading.get_ident(), value

    def value(self):
        return self._value


INPUTS, HIDDEN_INPUTS, EXPRESSIONS, LINKINPUTS = 1, 2, 4, 8


class FakeNode(OfOneThread):
    """`fullName`, `name`, `Class`, `knob`, `setSelected`, `input`, `dependencies`; `nodes` is of groups alone."""

    def __init__(self, node: Node, path: str | None = None, stage=None):
        self._owner, self._node = threading.get_ident(), node
        self._path = path
        self._stage = stage
        self._selected = False
        if node.children and path is None:
            self.nodes = lambda: [stage._fake(child) for child in node.children]

    def input(self, index):
        taken = self._node.inputs[index] if 0 <= index < len(self._node.inputs) else None
        return None if taken is None else self._stage._fake(taken)

    def dependencies(self, what=INPUTS | HIDDEN_INPUTS | EXPRESSIONS):
        found = [i for i in self._node.inputs if i is not None] if what & (INPUTS | HIDDEN_INPUTS) else []
        if what & (EXPRESSIONS | LINKINPUTS):
            for to, _, knob in linked(self._node, self._stage._names):
                if what & (LINKINPUTS if knob == "a link" else EXPRESSIONS):
                    found.append(to)
        return [self._stage._fake(node) for node in dict.fromkeys(found)]

    def setSelected(self, value):
        self._selected = value

    def fullName(self):
        return self._node.full

    def name(self):
        return self._path if self._path is not None else self._node.full.rpartition(".")[2]

    def Class(self):
        return self._node.kind

    def knob(self, name):
        value = self._node.knobs.get(name)
        if value is None:
            return None
        if name in ("disable", "which", "number"):
            # Live Nuke gives what an expression comes to now; the stand-in says 0.
            return FakeKnob(number(value) or float(truth(value) is Truth.YES))
        return FakeKnob(plain(value))


class FakeMenu:
    """Remembers commands by their path."""

    def __init__(self, commands, prefix):
        self._commands, self._prefix = commands, prefix

    def addMenu(self, name):
        return FakeMenu(self._commands, f"{self._prefix}/{name}")

    def addCommand(self, name, command):
        self._commands[f"{self._prefix}/{name}"] = command


class FakeNuke(OfOneThread, types.ModuleType):
    """The module. `stage_*` is the test's side, everything else is Nuke's."""

    INPUTS, HIDDEN_INPUTS, EXPRESSIONS, LINKINPUTS = INPUTS, HIDDEN_INPUTS, EXPRESSIONS, LINKINPUTS
    NUKE_VERSION_STRING = "15.1v3"

    def __init__(self, text: str, path: str):
        super().__init__("nuke")
        self._owner = threading.get_ident()
        self._callbacks, self._this = {}, None
        self._open(text, path)
        self.stage_commands: dict = {}
        self.stage_messages: list[str] = []
        self.stage_rendered: list[str] = []

    def _open(self, text, path):
        script = read_script(text)
        self._text, self._names = text, Names(script)
        self._nodes = {node.full: FakeNode(node, stage=self) for node in script.nodes}
        self._root = FakeNode(script.root, path, stage=self)

    def _fake(self, node):
        return self._nodes[node.full]

    # --- Nuke's side

    def scriptOpen(self, path):
        text = Path(path).read_text(encoding="utf-8")
        if "stage: cannot open" in text:
            raise RuntimeError(f"{path}: unreadable")
        self._open(text, path)

    def addBeforeRender(self, call, args=(), kwargs=None, nodeClass="Write", node=None):
        self._callbacks.setdefault(nodeClass, []).append((call, args, kwargs or {}, node))

    def thisNode(self):
        return self._this

    def root(self):
        return self._root

    def toNode(self, name):
        return self._nodes.get(name)

    def selectedNodes(self, filter=None):  # noqa: A002 - Nuke's word
        return [n for n in self._nodes.values() if n._selected and filter in (None, n.Class())]

    def pluginPath(self):
        return []

    def scriptSaveToTemp(self, filename):
        Path(filename).write_text(self._text, encoding="utf-8")
        return filename

    def menu(self, name):
        if name not in ("Nuke", "Pane", "Nodes"):
            return None
        return FakeMenu(self.stage_commands, name)

    def frame(self):
        return 1001

    def message(self, prompt):
        self.stage_messages.append(prompt)

    def tprint(self, *values):
        self.stage_messages.append(" ".join(map(str, values)))

    # --- the test's side

    def stage_render(self, name):
        """As Nuke does: the callbacks of the node's class, then those of every class, then the frames."""
        node = self._this = self._nodes[name]
        try:
            for call, args, kwargs, only in [
                *self._callbacks.get(node.Class(), []),
                *self._callbacks.get("*", []),
            ]:
                if only is None or only is node:
                    call(*args, **kwargs)
        finally:
            self._this = None
        self.stage_rendered.append(name)

    def stage_select(self, *names):
        for name, node in self._nodes.items():
            node.setSelected(name in names)

    def stage_change(self, text):
        """The artist edits the script."""
        self._text = text


class FakeNukescripts(types.ModuleType):
    """`nukescripts` with `panels.registerWidgetAsPanel`, which keeps what it was given."""

    def __init__(self):
        super().__init__("nukescripts")
        self.panels = types.ModuleType("nukescripts.panels")
        self.panels.registerWidgetAsPanel = self._register
        self.stage_panels: dict = {}

    def _register(self, widget, name, id, create=False):  # noqa: A002 - Nuke's word
        self.stage_panels[id] = (widget, name)
