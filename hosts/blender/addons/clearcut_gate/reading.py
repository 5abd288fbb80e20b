"""What the open .blend uses: every file and identity of every datablock that has a user.

More than what is rendered, never less: hidden, excluded and other scenes' datablocks count as used. A shot may so
be stopped for a double that is not in the picture; it is never cleared with one that is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import bpy

MOST_NESTED = 4


class OpenBlend:
    """Reads one scene of the open file; a `clearcut.check.SceneReader`."""

    def __init__(self, scene: Any) -> None:
        self._scene = scene

    def read(self) -> Any:
        """A `clearcut.core.scene.Scene` with this scene as its one target."""
        from clearcut.core.scene import Scene, Target
        from clearcut.core.timing import FrameRange

        scene = self._scene
        used, unused = [], []
        for reference, has_users in sorted(
            _references(), key=lambda item: (item[0].node, item[0].value or "")
        ):
            (used if has_users else unused).append(reference)
        missing = [f"library {lib.filepath} is missing" for lib in bpy.data.libraries if _is_missing(lib)]
        frames = FrameRange(scene.frame_start, scene.frame_end + 1)
        target = Target(scene.name, scene.render.filepath or None, tuple(used), frames)
        return Scene(bpy.data.filepath, "blend", "", (target,), tuple(unused), tuple(missing))


def _references() -> Iterator[tuple[Any, bool]]:
    """Each reference, and whether anything uses its datablock."""
    from clearcut.core.scene import SceneReference

    paths = bpy.data.file_path_map(include_libraries=True)
    for block in bpy.data.user_map():
        node = f"{block.bl_rna.identifier}/{block.name_full}"
        kind = block.bl_rna.identifier
        properties = dict(_properties(block))
        replicas = tuple(_replicas(properties.pop("clearcut_replica", ())))
        metadata = tuple(sorted((key, str(value)) for key, value in properties.items()))
        files = sorted(paths.get(block, ())) or ([None] if replicas or metadata else [])
        for file in files:
            path = None if file is None else bpy.path.abspath(file, library=block.library)
            knob = None if file is None else "filepath"
            yield (
                SceneReference(node, kind, knob, path, replicas=replicas, metadata=metadata),
                block.users > 0 or isinstance(block, bpy.types.Scene),
            )


def _properties(block: Any, prefix: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Custom properties that are texts, or lists of them, by dotted key."""
    for key in block.keys():  # noqa: SIM118 - Blender's datablocks are no dicts
        value = block[key]
        if hasattr(value, "keys") and depth < MOST_NESTED:
            yield from _properties(value, f"{prefix}{key}.", depth + 1)
        elif isinstance(value, str):
            yield f"{prefix}{key}", value
        elif f"{prefix}{key}" == "clearcut_replica":
            yield key, value


def _replicas(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from (part.strip() for part in value.split(",") if part.strip())
    elif not isinstance(value, Mapping):
        yield from (str(part) for part in value)


def _is_missing(library: Any) -> bool:
    return bool(library.is_missing) if hasattr(library, "is_missing") else False
