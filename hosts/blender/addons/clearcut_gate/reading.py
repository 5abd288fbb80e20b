"""What a render of the open .blend uses: the live host behind `clearcut.scene.host.Host`.

Every file and identity is listed in the session; a Blender of its own tells which of them a render uses. What it
cannot tell is unknown, and when it cannot be asked at all everything counts as used and the scene as incomplete.
Only `OpenBlend` asks Blender, on its main thread; what it took is read on any.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import bpy

from .asking import Answer, OpenFile, ProbeError
from .listing import Listed, listed, problems_of, state_of

_DRIVEN = "Python decides on which frames it is shown"
_NEWER = "a copy of the file does not have it as the session does"


class OpenBlend:
    """One scene of the open file; a `clearcut.publish.scenes.OpenScene`.

    `frames` (first, end) are what is published beside the scene's own range, where the publisher says it.
    """

    def __init__(self, scene: Any, frames: tuple[int, int] | None = None) -> None:
        self._scene = scene
        self._frames = frames

    def take(self) -> TakenBlend:
        """All that Blender must be asked: the list of what there is, and a copy for a Blender of its own."""
        return TakenBlend(self._scene, self._range())

    def read(self) -> Any:
        """The `clearcut.core.scene.Scene` now. Raises SceneError."""
        return self.take().read()

    def state(self) -> str:
        """What tells one state of the open file from another, without asking what a render uses."""
        return hashlib.sha256(state_of(self._scene).encode()).hexdigest()

    def _range(self) -> tuple[int, int]:
        first, end = self._scene.frame_start, self._scene.frame_end + 1
        if self._frames is not None:
            first, end = min(first, self._frames[0]), max(end, self._frames[1])
        return first, max(end, first + 1)


class TakenBlend:
    """One scene as it was when this was made; a `Host`, and a `clearcut.check.SceneReader`. Asks the session nothing."""

    def __init__(self, scene: Any, frames: tuple[int, int]) -> None:
        self._path = bpy.data.filepath
        self._name = scene.name
        self._output = scene.render.filepath or None
        self._frames = frames
        self._shot = str(scene.get("clearcut_shot", "")).strip() or None
        self._listed = listed()
        self._problems = problems_of(scene)
        self._references: tuple[list[Any], list[Any]] | None = None
        self._copy: OpenFile | None = None
        try:
            self._copy = OpenFile(scene)
        except ProbeError as error:
            self._problems.append(_untold(error))

    def read(self) -> Any:
        """A `clearcut.core.scene.Scene` with this scene as its one target. Raises SceneError."""
        from clearcut.scene.host import scene_of

        return scene_of(self)

    def place(self) -> Any:
        """The open file; it has no digest, because what is open may differ from what was saved."""
        from clearcut.scene.host import Place

        return Place(self._path, "blend")

    def targets(self) -> Sequence[str]:
        """The scene. Its File Output nodes belong to it: they are written by the same render."""
        return [self._name]

    def output(self, target: str) -> str | None:
        """Where its frames go."""
        self._require(target)
        return self._output

    def frames(self, target: str) -> Any:
        """Its frame range, and what the publisher says besides."""
        from clearcut.core.timing import FrameRange

        self._require(target)
        return FrameRange(*self._frames)

    def shot(self, target: str) -> str | None:
        """Its custom property `clearcut_shot`."""
        self._require(target)
        return self._shot

    def upstream(self, target: str) -> Sequence[Any]:
        """What its render uses or may use."""
        self._require(target)
        return self._parted()[0]

    def everything(self) -> Sequence[Any]:
        """Every file and identity of the file."""
        used, unused = self._parted()
        return [*used, *unused]

    def problems(self) -> Sequence[str]:
        """Missing libraries, foreign engines, and why a render could not be asked."""
        self._parted()
        return self._problems

    def _require(self, target: str) -> None:
        from clearcut.errors import SceneError

        if target != self._name:
            raise SceneError(f"no scene is called {target}", where=self._path, code="scene-incomplete")

    def _parted(self) -> tuple[list[Any], list[Any]]:
        """The references that a render uses or may use, and the others."""
        if self._references is None:
            self._references = _part(self._listed, self._answer())
        return self._references

    def _answer(self) -> Answer | None:
        """What a render uses; None when it cannot be told, and then that is one of the problems."""
        if self._copy is None:
            return None
        first, end = self._frames
        try:
            return self._copy.ask(first, end - 1)
        except ProbeError as error:
            self._problems.append(_untold(error))
            return None
        finally:
            self._copy.remove()


def _untold(error: ProbeError) -> str:
    return f"what a render uses cannot be told: {error}"


def _part(there: Sequence[Listed], answer: Answer | None) -> tuple[list[Any], list[Any]]:
    from clearcut.core.scene import ReferenceState

    upstream, unused = [], []
    for reference, has_users, unclear, is_owned in there:
        node = reference.node
        why = unclear
        if answer is not None and is_owned and node not in answer.used:
            if node in answer.doubtful:
                why = _DRIVEN
            elif has_users and node not in answer.known:
                why = _NEWER
            else:
                unused.append(reference)
                continue
        elif answer is None and not has_users:
            unused.append(reference)
            continue
        upstream.append(replace(reference, state=ReferenceState.UNKNOWN, why=why) if why else reference)
    return upstream, unused
