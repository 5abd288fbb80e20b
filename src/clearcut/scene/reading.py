"""Which reader a file gets, by what it is called and what it begins with; sizes are limited, nothing is run."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from pathlib import Path

from clearcut.core.scene import Scene
from clearcut.errors import SceneError

_MAX_SCRIPT_BYTES = 512 * 1024 * 1024
_MAX_BLEND_BYTES = 4 * 1024**3
_CHUNK = 1 << 20
_KINDS = {
    ".nk": "nk",
    ".gizmo": "nk",
    ".blend": "blend",
    ".usd": "usd",
    ".usda": "usd",
    ".usdc": "usd",
    ".usdz": "usd",
    ".exr": "exr",
}
_AUTOSAVE = (".autosave", "~", ".bak")


def read_scene(
    path: Path,
    *,
    gizmo_paths: Sequence[Path] = (),
    trusted_classes: Collection[str] = (),
    copy_of: str = "",
) -> Scene:
    """What a comp or scene uses, per publish target. Raises only SceneError.

    `gizmo_paths` are folders of .gizmo files, searched in order and not below. `trusted_classes` are Nuke plug-ins
    that read no file but what their knobs name. A Nuke script that is a copy of another is read as that one
    (`copy_of`), beside which its relative files stand. The file is read once; nothing in it is run and no file it names is
    opened, except the layers of a USD stage.
    """
    path = Path(path)
    kind = kind_of(path)
    try:
        if not path.exists():
            raise SceneError("no such file", where=str(path), remedy="name the file that is meant")
        if not path.is_file():
            # A pipe or a device could be read for ever.
            raise SceneError(
                "a folder or a device, not a scene", where=str(path), remedy="name the file that is meant"
            )
        if kind == "nk":
            return _read_nk(path, gizmo_paths, trusted_classes, copy_of)
        if kind == "blend":
            from clearcut.scene.blend.reader import read_blend

            return read_blend(_content(path, _MAX_BLEND_BYTES), path)
        if kind == "usd":
            from clearcut.scene.usd import read_usd

            return read_usd(path, sha256_of(path))
        if kind == "exr":
            from clearcut.scene.exr import read_exr

            return read_exr(path, sha256_of(path))
    except OSError as error:
        raise SceneError(f"cannot be opened: {error.strerror or error}", where=str(path)) from None
    raise SceneError(
        f"no reader for {path.suffix or 'a file without an extension'}",
        where=str(path),
        remedy=f"name the comp or scene that is published ({', '.join(_KINDS)})",
    )


def _read_nk(
    path: Path, gizmo_paths: Sequence[Path], trusted_classes: Collection[str], copy_of: str
) -> Scene:
    from clearcut.scene.nk.reader import read_nk

    content = _content(path, _MAX_SCRIPT_BYTES)
    digest = hashlib.sha256(content).hexdigest()
    return read_nk(content, copy_of or str(path), digest, gizmo_paths, trusted_classes)


def _content(path: Path, max_bytes: int) -> bytes:
    size = path.stat().st_size
    if size > max_bytes:
        raise SceneError(f"{size} bytes are more than such a file may have ({max_bytes})", where=str(path))
    return path.read_bytes()


def kind_of(path: Path) -> str:
    """nk, blend, usd or exr by the name of a file (an autosave's too); "" for any other."""
    name = path.name.lower()
    for mark in _AUTOSAVE:
        name = name.removesuffix(mark)
    # Blender numbers its backups: shot.blend1.
    return _KINDS.get(Path(name).suffix.rstrip("0123456789"), "")


def sha256_of(path: Path) -> str:
    """The digest of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
