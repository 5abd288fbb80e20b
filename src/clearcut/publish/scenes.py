"""What an instance is published from: a file that its data names, or what its host has open.

A host's start-up registers how to read what it has open; without a host only the cut speaks.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, field
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

    @property
    def limit_s(self) -> float:
        """Nothing beside the asking."""
        return 0.0

    def take(self) -> FileScene:
        """Itself: a file is read on any thread."""
        return self

    def look(self) -> Callable[[], str]:
        """What tells its state."""
        return self.state

    def state(self) -> str:
        """Size, time and inode."""
        return file_state(self.path)


class OpenScene(Protocol):
    """What a host has open, as far as one instance publishes it. Asked on the host's main thread alone."""

    def take(self) -> SceneReader:
        """All that the host must be asked, as a reader that asks it nothing more. Raises SceneError."""
        ...


@runtime_checkable
class _KnowsItsState(Protocol):
    def state(self) -> str: ...


@dataclass(frozen=True, slots=True)
class LiveScene:
    """What a host has open; `limit_s` is how long reading what was taken may last, beside the asking."""

    name: str
    host: OpenScene = field(compare=False)
    limit_s: float = 0.0

    def take(self) -> TakenScene:
        """What is open now, as plain values. On the host's main thread."""
        state = self.host.state() if isinstance(self.host, _KnowsItsState) else None
        try:
            return TakenScene(self.name, self.host.take(), state, self.limit_s)
        except SceneError as error:
            return TakenScene(self.name, _Unreadable(error), state)

    def look(self) -> Callable[[], str]:
        """What tells its state now, to be called on any thread. On the host's main thread."""
        if isinstance(self.host, _KnowsItsState):
            state = self.host.state()
            return lambda: state
        return self.take().state


class TakenScene:
    """What a host had open, as plain values: fit for any thread. A `check.SceneReader`, read once."""

    def __init__(
        self, name: str, reader: SceneReader, state: str | None = None, limit_s: float = 0.0
    ) -> None:
        self.name = name
        self.limit_s = limit_s
        self._reader = reader
        self._state = state
        self._scene: Scene | None = None

    def read(self) -> Scene:
        """The scene as it was taken. Raises SceneError."""
        if self._scene is None:
            self._scene = self._reader.read()
        return self._scene

    def state(self) -> str:
        """A digest of what was taken, or what a host that reads slowly says of itself."""
        if self._state is not None:
            return self._state
        try:
            return hashlib.sha256(repr(self.read()).encode()).hexdigest()
        except SceneError:
            return ""


@dataclass(frozen=True, slots=True)
class _Unreadable:
    error: SceneError

    def read(self) -> Scene:
        raise self.error


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
