"""A USD file as a Scene, read in a process of its own: a damaged or hostile stage can crash or hang what opens it.

USD is C++ that composes whatever layers it is led to, with the resolver plug-ins of the studio. In the child they may
do so; here arrives a plain text, or the reason why none came.
"""

from __future__ import annotations

import importlib.util
import json
import os
import tempfile
from pathlib import Path
from typing import Any

from clearcut.child_process import ChildError, how_it_died, module_folders, run_child
from clearcut.core.scene import ReferenceState, Scene, SceneReference, Target
from clearcut.core.timing import FrameRange
from clearcut.errors import SceneError

_CHILD = Path(__file__).with_name("usd_child.py")
MAX_SECONDS = 120
_MAX_BYTES = 16 * 1024**3
_MAX_ANSWER = 512 * 1024 * 1024


def read_usd(path: Path, sha256: str, max_seconds: int = MAX_SECONDS) -> Scene:
    """The scene of a USD file. Raises SceneError when it cannot be opened, or usd-core is not there."""
    if importlib.util.find_spec("pxr") is None:
        raise SceneError(
            "reading USD needs usd-core", where=str(path), remedy="pip install 'clearcut[usd]'"
        ) from None
    with tempfile.TemporaryDirectory(prefix="clearcut-usd-") as name:
        folder = Path(name)
        job = {
            "path": str(path.absolute()),
            "sha256": sha256,
            "sys_path": module_folders(),
            "max_bytes": _MAX_BYTES,
            "max_seconds": max_seconds,
        }
        try:
            # The studio's resolver and its search paths are set in the environment: a render reads with them too.
            code = run_child(_CHILD, job, folder, os.environ, max_seconds)
        except ChildError as error:
            raise SceneError(f"reading it {error}", where=str(path)) from None
        if code != 0:
            raise SceneError(f"reading it ended USD itself ({how_it_died(code)})", where=str(path))
        return _answer(folder / "scene.json", path)


def _answer(file: Path, path: Path) -> Scene:
    try:
        if file.stat().st_size > _MAX_ANSWER:
            raise ValueError("too much")
        said = json.loads(file.read_text(encoding="utf-8"))
        if "error" in said:
            raise SceneError(said["error"], where=str(path))
        return _scene(said, path)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SceneError(f"reading it gave no answer ({type(error).__name__})", where=str(path)) from None


def _scene(said: dict[str, Any], path: Path) -> Scene:
    (target,) = said["targets"]
    frames = target["frames"]
    return Scene(
        str(path),
        "usd",
        said["sha256"],
        (
            Target(
                path.name,
                None,
                tuple(map(_reference, target["references"])),
                FrameRange(*frames) if frames is not None else None,
            ),
        ),
        tuple(map(_reference, said["unused"])),
        tuple(said["problems"]),
    )


def _reference(said: dict[str, Any]) -> SceneReference:
    return SceneReference(
        said["node"],
        said["kind"],
        said["knob"],
        said["value"],
        ReferenceState(said["state"]),
        said["why"],
        tuple(said["replicas"]),
        tuple((key, value) for key, value in said["metadata"]),
    )
