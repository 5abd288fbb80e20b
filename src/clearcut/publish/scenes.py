"""What an instance is published from: a file that its data names, or what its host has open.

A host's start-up registers how to read what it has open; without a host only the cut speaks.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from clearcut.check import SceneReader
from clearcut.core.scene import Scene
from clearcut.errors import CannotTellError, SceneError


@dataclass(frozen=True, slots=True)
class FileScene:
    """A comp or scene on disk."""

    path: Path

    @property
    def name(self) -> str:
        """Its path as given."""
        return str(self.path)

    def state(self) -> str:
        """Size, time and inode."""
        return file_state(self.path)


@dataclass(frozen=True, slots=True)
class LiveScene:
    """What a host has open, as far as one instance publishes it."""

    name: str
    reader: SceneReader

    def read(self) -> Scene:
        """The scene as it is now. Raises SceneError."""
        return self.reader.read()

    def state(self) -> str:
        """A digest of what is read now, or what a reader that is slow says of itself."""
        if isinstance(self.reader, _KnowsItsState):
            return self.reader.state()
        try:
            return hashlib.sha256(repr(self.reader.read()).encode()).hexdigest()
        except SceneError:
            return ""


@runtime_checkable
class _KnowsItsState(Protocol):
    def state(self) -> str: ...


HostReader = Callable[[Any], "LiveScene | None"]
_host_reader: HostReader | None = None


def register_host_reader(reader: HostReader | None) -> None:
    """Says how to read what the host has open for an instance; None forgets it.

    The reader gets Pyblish's instance and gives its live scene, or None for an instance that is not its own.
    """
    global _host_reader
    _host_reader = reader


def scene_of(instance: Any) -> FileScene | LiveScene | None:
    """`clearcutScene`, else what the host has open, else None. Raises CannotTellError for a path that is none."""
    scene = instance.data.get("clearcutScene")
    if scene is None:
        return _host_reader(instance) if _host_reader is not None else None
    if not isinstance(scene, (str, os.PathLike)) or not str(scene):
        raise CannotTellError(
            "it is not a path",
            where=f"{instance.name}: instance.data['clearcutScene']",
            code="scene-unreadable",
            remedy="set it to the path of the comp or scene that is published",
        )
    return FileScene(Path(scene))


def file_state(path: Path | None) -> str:
    """What tells one state of a file from another (size, time, inode); "" for no file or one that is not there.

    Enough to notice that somebody saved in between, at a microsecond's cost; the check itself hashes the bytes.
    """
    if path is None:
        return ""
    try:
        stat = path.stat()
    except OSError:
        return ""
    return f"{stat.st_size}:{stat.st_mtime_ns}:{stat.st_ino}"
