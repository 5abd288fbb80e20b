"""Live Nuke behind the port for hosts (`clearcut.scene.host.Host`): the open script, asked question by question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from clearcut_nuke import OpenScript, shot_of

import nuke


class LiveNuke:
    """The open script, read when first asked; a new one of these sees later changes."""

    def __init__(self) -> None:
        self._read: Any = None

    def place(self) -> Any:
        """The script; it has no digest, because what is open may differ from what was saved."""
        from clearcut.scene.host import Place

        return Place(nuke.root().name(), "nk")

    def targets(self) -> Sequence[str]:
        """The write nodes that are not switched off."""
        return [target.name for target in self._scene().targets]

    def output(self, target: str) -> str | None:
        """The write node's file."""
        return self._target(target).output  # type: ignore[no-any-return]

    def frames(self, target: str) -> Any:
        """The write node's limit, else the script's."""
        return self._target(target).frames

    def shot(self, target: str) -> str | None:
        """The `clearcut_shot` knob of the node or of the script, else what the script is called."""
        self._target(target)
        return shot_of(nuke.toNode(target)) or None

    def upstream(self, target: str) -> Sequence[Any]:
        """What the reader finds above it."""
        return self._target(target).references  # type: ignore[no-any-return]

    def everything(self) -> Sequence[Any]:
        """What any target uses, then what none does."""
        used = {(r.node, r.knob, r.value): r for t in self._scene().targets for r in t.references}
        return [*used.values(), *self._scene().unused]

    def problems(self) -> Sequence[str]:
        """What the reader could not tell."""
        return self._scene().problems  # type: ignore[no-any-return]

    def _scene(self) -> Any:
        if self._read is None:
            self._read = OpenScript("").read()
        return self._read

    def _target(self, name: str) -> Any:
        from clearcut.errors import SceneError

        for target in self._scene().targets:
            if target.name == name:
                return target
        raise SceneError(f"no write node is called {name}", where=nuke.root().name(), code="scene-incomplete")
