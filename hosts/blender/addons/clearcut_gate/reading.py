"""What a render of the open .blend uses: the live host behind `clearcut.scene.host.Host`.

Every file and identity is listed in the session; a Blender of its own tells which of them a render uses. What it
cannot tell is unknown, and when it cannot be asked at all everything counts as used and the scene as incomplete.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import bpy

from . import asking
from .asking import Answer, ProbeError
from .listing import listed, problems_of, state_of

_DRIVEN = "Python decides on which frames it is shown"
_NEWER = "a copy of the file does not have it as the session does"


class OpenBlend:
    """One scene of the open file; a `Host`, and a `clearcut.check.SceneReader`.

    `frames` (first, end) are what is published beside the scene's own range, where the publisher says it.
    """

    def __init__(
        self,
        scene: Any,
        frames: tuple[int, int] | None = None,
        ask: Callable[[Any, int, int], Answer] | None = None,
    ) -> None:
        self._scene = scene
        self._frames = frames
        self._ask = ask or asking.ask
        self._references: tuple[list[Any], list[Any]] | None = None
        self._open: list[str] = []

    def read(self) -> Any:
        """A `clearcut.core.scene.Scene` with this scene as its one target, as it is now. Raises SceneError."""
        from clearcut.scene.host import scene_of

        self._references = None
        return scene_of(self)

    def state(self) -> str:
        """What tells one state of the open file from another, without asking what a render uses."""
        return hashlib.sha256(state_of(self._scene).encode()).hexdigest()

    def place(self) -> Any:
        """The open file; it has no digest, because what is open may differ from what was saved."""
        from clearcut.scene.host import Place

        return Place(bpy.data.filepath, "blend")

    def targets(self) -> Sequence[str]:
        """The scene. Its File Output nodes belong to it: they are written by the same render."""
        return [self._scene.name]

    def output(self, target: str) -> str | None:
        """Where its frames go."""
        return self._named(target).render.filepath or None

    def frames(self, target: str) -> Any:
        """Its frame range, and what the publisher says besides."""
        from clearcut.core.timing import FrameRange

        return FrameRange(*self._range(self._named(target)))

    def shot(self, target: str) -> str | None:
        """Its custom property `clearcut_shot`."""
        return str(self._named(target).get("clearcut_shot", "")).strip() or None

    def upstream(self, target: str) -> Sequence[Any]:
        """What its render uses or may use."""
        self._named(target)
        return self._parted()[0]

    def everything(self) -> Sequence[Any]:
        """Every file and identity of the file."""
        used, unused = self._parted()
        return [*used, *unused]

    def problems(self) -> Sequence[str]:
        """Missing libraries, foreign engines, and why a render could not be asked."""
        self._parted()
        return [*problems_of(self._scene), *self._open]

    def _named(self, target: str) -> Any:
        from clearcut.errors import SceneError

        if target != self._scene.name:
            raise SceneError(f"no scene is called {target}", where=bpy.data.filepath, code="scene-incomplete")
        return self._scene

    def _range(self, scene: Any) -> tuple[int, int]:
        first, end = scene.frame_start, scene.frame_end + 1
        if self._frames is not None:
            first, end = min(first, self._frames[0]), max(end, self._frames[1])
        return first, max(end, first + 1)

    def _parted(self) -> tuple[list[Any], list[Any]]:
        """The references that a render uses or may use, and the others."""
        if self._references is None:
            self._open = []
            first, end = self._range(self._scene)
            try:
                answer = self._ask(self._scene, first, end - 1)
            except ProbeError as error:
                self._open = [f"what a render uses cannot be told: {error}"]
                answer = None
            self._references = _part(answer)
        return self._references


def _part(answer: Answer | None) -> tuple[list[Any], list[Any]]:
    from clearcut.core.scene import ReferenceState

    upstream, unused = [], []
    for reference, has_users, unclear, is_owned in listed():
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
