"""What a comp or scene uses, per publish target, as it was read by `scene/` or by a live host.

Three answers: used, not used, cannot tell (`unknown`). What cannot be told hinders (domain.md, 2.1).
A live host gives one by answering the questions of `scene/host.py` (`Host`); `scene_of` makes the Scene.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from clearcut.core.timing import FrameRange


class ReferenceState(str, Enum):
    """Whether a node upstream of a target is used by it. What is not used is in `Scene.unused`."""

    USED = "used"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class SceneReference:
    """One node that carries a file or an identity.

    `node` is its full name (`Group1.Read1`), `kind` the host's word for what it is (a Nuke class, "Library").
    `knob` and `value` are None where there is none (a gizmo whose source is not there); `why` says why the state
    is unknown, "" when used. `also` are the paths that `value` means besides itself (from the script's project
    directory, in each view): each is recognised as if it stood there. `replicas` are ids the node itself claims (`clearcut_replica`), `metadata` pairs of
    dotted key and value (`ayon.representation`).
    """

    node: str
    kind: str
    knob: str | None
    value: str | None
    state: ReferenceState = ReferenceState.USED
    why: str = ""
    replicas: tuple[str, ...] = ()
    metadata: tuple[tuple[str, str], ...] = ()
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """What one publish makes: a write node, a render or File Output, a USD stage. `frames` None: not said."""

    name: str
    output: str | None
    references: tuple[SceneReference, ...]
    frames: FrameRange | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """One comp or scene; `kind` is nk, blend, usd or exr. `problems` say what could not be told, for people.

    A scene with a problem, or without a target, is `scene-incomplete`.
    """

    path: str
    kind: str
    sha256: str
    targets: tuple[Target, ...]
    unused: tuple[SceneReference, ...] = ()
    problems: tuple[str, ...] = ()
