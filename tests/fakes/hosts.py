"""A host for tests: answers what it was given, and can be told to fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from clearcut.core.scene import SceneReference
from clearcut.core.timing import FrameRange
from clearcut.errors import SceneError
from clearcut.scene.host import Place


@dataclass
class FakeHost:
    """Targets by name with what is upstream of each; `all_names` may name a target twice."""

    references: dict[str, tuple[SceneReference, ...]] = field(default_factory=dict)
    unused: tuple[SceneReference, ...] = ()
    shots: dict[str, str] = field(default_factory=dict)
    all_names: tuple[str, ...] | None = None
    open_problems: tuple[str, ...] = ()
    fails: bool = False

    def place(self) -> Place:
        if self.fails:
            raise SceneError("the host is gone")
        return Place("/jobs/comp.nk", "nk", "00")

    def targets(self) -> Sequence[str]:
        return self.all_names if self.all_names is not None else tuple(self.references)

    def output(self, target: str) -> str | None:
        self._known(target)
        return f"/out/{target}.%04d.exr"

    def frames(self, target: str) -> FrameRange | None:
        self._known(target)
        return FrameRange(1001, 1101)

    def shot(self, target: str) -> str | None:
        self._known(target)
        return self.shots.get(target)

    def upstream(self, target: str) -> Sequence[SceneReference]:
        self._known(target)
        return self.references[target]

    def everything(self) -> Sequence[SceneReference]:
        return [*(r for found in self.references.values() for r in found), *self.unused]

    def problems(self) -> Sequence[str]:
        return self.open_problems

    def _known(self, target: str) -> None:
        if target not in self.references:
            raise SceneError(f"no target is called {target}", code="scene-incomplete")
