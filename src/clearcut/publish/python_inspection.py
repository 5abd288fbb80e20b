"""Whether this Python can carry the gate: its version, the libraries, and that no other Clearcut is on its path."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path

import clearcut
from clearcut import __version__
from clearcut.publish.finding import Finding, broken, note

_OLDEST_PYBLISH = (1, 8, 11)
# What is imported, and what it is called where packages are installed.
_LIBRARIES = (("pyblish", "pyblish-base"), ("opentimelineio", "OpenTimelineIO"), ("requests", "requests"))
_VERSION = re.compile(r'^__version__ = "([0-9]+(?:\.[0-9]+)*)', re.MULTILINE)


def inspect_python(path: Sequence[str] | None = None) -> Iterator[Finding]:
    """One finding for all versions, and one for each thing that is amiss. `path` stands for `sys.path` in tests."""
    running = ".".join(str(part) for part in sys.version_info[:3])
    yield note("versions", ", ".join((f"Clearcut {__version__}", f"Python {running}", *_found())))
    if not (3, 10) <= sys.version_info[:2] <= (3, 13):
        yield broken("versions", f"Python {running} is not one of 3.10 to 3.13", "run in a supported Python")
    yield from _inspect_libraries()
    yield from _inspect_copies([Path(folder or ".") for folder in (sys.path if path is None else path)])


def _found() -> Iterator[str]:
    for _, package in _LIBRARIES:
        try:
            yield f"{package} {metadata.version(package)}"
        except metadata.PackageNotFoundError:
            yield f"{package} of unknown version"


def _inspect_libraries() -> Iterator[Finding]:
    """Each is imported: one that was built for another Python is found like any other, and does not load."""
    for module, package in _LIBRARIES:
        try:
            importlib.import_module(module)
        except Exception as error:  # noqa: BLE001 - whatever hinders it here hinders it in a publish
            yield broken(
                "library",
                f"{package} does not load in {sys.executable} ({type(error).__name__}: {error}), so that every "
                "publish is stopped",
                f"install {package} for this very Python",
            )
    pyblish = sys.modules.get("pyblish")
    if pyblish is not None and tuple(pyblish.version_info) < _OLDEST_PYBLISH:
        yield broken("versions", "pyblish-base is older than 1.8.11", "install pyblish-base 1.8.11 or newer")


def _inspect_copies(path: Sequence[Path]) -> Iterator[Finding]:
    """Of several Clearcuts the first on the path is taken, whatever its age."""
    ours = Path(clearcut.__file__).resolve().parent
    for other in dict.fromkeys((folder / "clearcut").resolve() for folder in path):
        first_file = other / "__init__.py"
        if other == ours or not first_file.is_file():
            continue
        version = _VERSION.search(first_file.read_text(encoding="utf-8", errors="replace"))
        found = version.group(1) if version else "of unknown version"
        if version is None or _numbers(found) > _numbers(__version__):
            yield broken(
                "older-first",
                f"Clearcut {__version__} in {ours} comes before Clearcut {found} in {other}",
                "take the older one off the path, or put the newer one first",
            )
        else:
            yield note("another-copy", f"Clearcut {found} in {other} is on the path too, and is not taken")


def _numbers(version: str) -> tuple[int, ...]:
    found = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(int(part) for part in found.group().split(".")) if found else ()
