"""The port for hosts: the few questions that any host, live or a file, answers; `scene_of` makes a Scene of the answers.

Who implements it: the .nk file (`NkHost`, below), live Nuke and live Blender (`hosts/`), a fake in the tests. One
contract suite holds all of them (`tests/scene/host_contract.py`): a new host is ready when it passes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from clearcut.core.scene import Scene, SceneReference, Target
from clearcut.core.timing import FrameRange
from clearcut.errors import SceneError


@dataclass(frozen=True, slots=True)
class Place:
    """Where a host is: the file that is open ("" when it was never saved), its kind, and its digest.

    `sha256` is that of the file as it lies on disk, "" when there is none or when what is open differs from it.
    """

    path: str
    kind: str
    sha256: str = ""


class Host(Protocol):
    """What a host is asked. Every answer is about the state it is in now; none changes that state.

    A method raises SceneError when the host cannot answer at all; what it cannot tell about a single node is a
    reference whose state is unknown, and what it cannot tell about the whole is one of `problems`.
    """

    def place(self) -> Place:
        """The file that is open."""
        ...

    def targets(self) -> Sequence[str]:
        """What is published: the full names of write nodes, render scenes, the stage; each once."""
        ...

    def output(self, target: str) -> str | None:
        """Where a target is written, as the host says it; None when it does not."""
        ...

    def frames(self, target: str) -> FrameRange | None:
        """Which frames a target renders, half-open; None when that is not said."""
        ...

    def shot(self, target: str) -> str | None:
        """Which shot a target is of, where the host knows; None leaves it to whoever publishes."""
        ...

    def upstream(self, target: str) -> Sequence[SceneReference]:
        """Every file and identity that a target uses or may use. Never fewer than a render would read."""
        ...

    def everything(self) -> Sequence[SceneReference]:
        """Every file and identity in the scene, used or not."""
        ...

    def problems(self) -> Sequence[str]:
        """What cannot be told about the scene as a whole, for people; empty when nothing stays open."""
        ...


def scene_of(host: Host) -> Scene:
    """What a host uses now. Raises SceneError.

    A host that contradicts itself (a target named twice) is not believed in silence: that is a problem too.
    """
    place = host.place()
    names = tuple(host.targets())
    problems = list(host.problems())
    doubled = sorted({name for name in names if names.count(name) > 1})
    problems += [f"the target {name} is there more than once" for name in doubled]
    targets = tuple(
        Target(name, host.output(name), tuple(host.upstream(name)), host.frames(name))
        for name in dict.fromkeys(names)
    )
    used = {_key(reference) for target in targets for reference in target.references}
    unused = tuple(reference for reference in host.everything() if _key(reference) not in used)
    return Scene(place.path, place.kind, place.sha256, targets, unused, tuple(problems))


def shots_of(host: Host) -> dict[str, str | None]:
    """The shot of each target, None where the host does not know it: one script can serve many shots."""
    return {name: host.shot(name) for name in host.targets()}


def _key(reference: SceneReference) -> tuple[str, str | None, str | None]:
    return reference.node, reference.knob, reference.value


class NkHost:
    """A Nuke script on disk as a host: the twin of live Nuke, for the farm and for comparing the two."""

    def __init__(self, path: Path, *, gizmo_paths: Sequence[Path] = ()) -> None:
        from clearcut.scene.reading import read_scene

        self._scene = read_scene(path, gizmo_paths=gizmo_paths)
        if self._scene.kind != "nk":
            raise SceneError("not a Nuke script", where=str(path))

    def place(self) -> Place:
        """The script."""
        return Place(self._scene.path, self._scene.kind, self._scene.sha256)

    def targets(self) -> Sequence[str]:
        """Its write nodes."""
        return [target.name for target in self._scene.targets]

    def output(self, target: str) -> str | None:
        """The write node's file."""
        return self._target(target).output

    def frames(self, target: str) -> FrameRange | None:
        """The write node's limit, else the script's."""
        return self._target(target).frames

    def shot(self, target: str) -> str | None:
        """A script does not say: a name pattern of the rule file may."""
        self._target(target)
        return None

    def upstream(self, target: str) -> Sequence[SceneReference]:
        """What the reader found."""
        return self._target(target).references

    def everything(self) -> Sequence[SceneReference]:
        """What any target uses, then what none does."""
        used = {_key(r): r for target in self._scene.targets for r in target.references}
        return [*used.values(), *self._scene.unused]

    def problems(self) -> Sequence[str]:
        """What the reader could not tell."""
        return self._scene.problems

    def _target(self, name: str) -> Target:
        for target in self._scene.targets:
            if target.name == name:
                return target
        raise SceneError(f"no write node is called {name}", where=self._scene.path, code="scene-incomplete")
