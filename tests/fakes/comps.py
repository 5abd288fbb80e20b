"""Nuke scripts for tests: written node by node, as Nuke would save them."""

from __future__ import annotations

from pathlib import Path

from clearcut.core.scene import Scene
from clearcut.scene import read_scene

HEAD = "#! /opt/Nuke15.1v3/libnuke-15.1.3.so -nx\nversion 15.1 v3\n"


def node(kind: str, name: str | None, *, inputs: str | None = None, **knobs: str) -> str:
    """One node; values as raw words. A knob's name with a double underscore stands for a colon."""
    lines = [f"{kind} {{"]
    if inputs is not None:
        lines.append(f" inputs {inputs}")
    lines += [f" {key.replace('__', ':')} {value}" for key, value in knobs.items()]
    if name is not None:
        lines.append(f" name {name}")
    return "\n".join([*lines, "}", ""])


def read(name: str, file: str | None = None, **knobs: str) -> str:
    """A Read with nothing above it."""
    return node("Read", name, inputs="0", file=file or f"/in/{name}.exr", **knobs)


def write(name: str = "Write1", **knobs: str) -> str:
    """A Write of what lies on the stack."""
    return node("Write", name, **{"file": f"/out/{name}.%04d.exr", **knobs})


def group(name: str, *inside: str, kind: str = "Group", **knobs: str) -> str:
    """A group around nodes."""
    return node(kind, name, **knobs) + "".join(inside) + "end_group\n"


def scene_of(folder: Path, *parts: str, name: str = "comp.nk", gizmos: Path | None = None) -> Scene:
    """The scene of a script made of these parts."""
    path = folder / name
    path.write_bytes((HEAD + "".join(parts)).encode())
    return read_scene(path, gizmo_paths=[gizmos] if gizmos else [])


def answers(scene: Scene, target: str = "Write1") -> dict[str, str]:
    """What one target says of each node: used or unknown; and of the nodes that no target uses: unused."""
    found = {r.node: "unused" for r in scene.unused}
    for one in scene.targets:
        if one.name == target:
            found.update({r.node: r.state.value for r in one.references})
    return found
