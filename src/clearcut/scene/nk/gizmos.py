"""Gizmos: nodes whose inside stands in a file of their own. Looked for on the paths given, never anywhere else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from clearcut.errors import SceneError
from clearcut.scene.nk.classes import is_own
from clearcut.scene.nk.links import links_of, set_through
from clearcut.scene.nk.script import Node, Script, instantiate, read_script
from clearcut.scene.nk.words import TornError

_MAX_BYTES = 64 * 1024 * 1024
# A gizmo inside a gizmo inside … : beyond this it is taken for one that holds itself.
_MAX_DEPTH = 32
_MAX_NODES = 1_000_000


def expand(script: Script, paths: Sequence[Path]) -> list[str]:
    """Gives every gizmo whose file lies on `paths` its inside, and says which files could not be read.

    A gizmo by the name of one of Nuke's own classes may be what Nuke makes of such a node, or not: that is said too.
    """
    if not paths:
        return []
    library = _Library(paths)
    todo = [(node, 0) for node in script.nodes]
    for node, depth in todo:
        if node.children or depth >= _MAX_DEPTH or len(script.nodes) > _MAX_NODES:
            continue
        if is_own(node.kind):
            library.say_namesake(node.kind)
            continue
        gizmo = library.gizmo(node.kind)
        if gizmo is None:
            continue
        said = node.knobs
        node.knobs = {**gizmo.knobs, **said}
        node.user_knobs = gizmo.user_knobs + node.user_knobs
        inside = instantiate(gizmo, node)
        for knob in links_of(node).keys() & said.keys():
            set_through(node, knob, said[knob])
        script.nodes.extend(inside)
        todo.extend((n, depth + 1) for n in inside)
    return library.problems


class _Library:
    """The gizmo files on the paths, each read once."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self._paths = paths
        self._read: dict[str, Node | None] = {}
        self._own: set[str] = set()
        self.problems: list[str] = []

    def gizmo(self, kind: str) -> Node | None:
        name = kind.removesuffix(".gizmo")
        if name not in self._read:
            self._read[name] = self._load(name)
        return self._read[name]

    def say_namesake(self, kind: str) -> None:
        """Tells once of a gizmo file that has the name of a class of Nuke's own."""
        if kind in self._own:
            return
        self._own.add(kind)
        file = self._file(kind)
        if file is not None:
            self.problems.append(
                f"{file.name} has the name of Nuke's own {kind}: which of the two a {kind} node is cannot be told"
            )

    def _file(self, name: str) -> Path | None:
        files = (folder / f"{name}.gizmo" for folder in self._paths)
        return next((file for file in files if file.is_file()), None)

    def _load(self, name: str) -> Node | None:
        file = self._file(name)
        if file is None:
            return None
        try:
            if file.stat().st_size > _MAX_BYTES:
                raise ValueError("too big to be a gizmo")
            text = file.read_bytes().decode("utf-8", "replace")
            inside = read_script(text.replace("\r\n", "\n").replace("\r", "\n"))
        except (OSError, TornError, ValueError, SceneError) as error:
            self.problems.append(f"the gizmo {file.name} cannot be read: {error}")
            return None
        tops = [n for n in inside.root.children if n.kind in ("Gizmo", "Group")]
        if len(tops) != 1 or not tops[0].children or inside.problems:
            why = inside.problems[0] if inside.problems else "it holds no single gizmo"
            self.problems.append(f"the gizmo {file.name} cannot be read: {why}")
            return None
        return tops[0]
