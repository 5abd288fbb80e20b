"""Asks a Blender of its own what a render of the open file uses: on a copy, with a time limit.

The open session is neither rendered nor changed, and a Blender that crashes or hangs there takes nothing with it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import bpy

TIMEOUT_S = 120
PROBE = Path(__file__).resolve().parent / "child" / "probe.py"
_SCHEMA = "clearcut.blender-probe/1"
_SAVE_HANDLERS = ("save_pre", "save_post", "save_post_fail")


class Answer(NamedTuple):
    """Names of datablocks: all that the copy has, those that a render uses, and those of which that is open."""

    known: frozenset[str]
    used: frozenset[str]
    doubtful: frozenset[str]


class ProbeError(Exception):
    """It could not be found out; the message says why, for people."""


class OpenFile:
    """A copy of what is open, saved on Blender's main thread; `ask` is fit for any thread. Raises ProbeError."""

    def __init__(self, scene: Any) -> None:
        self._scene = scene.name
        self._blender = bpy.app.binary_path
        self._copy = Path(tempfile.mkdtemp(prefix="clearcut-")) / "open.blend"
        self.remove = weakref.finalize(self, shutil.rmtree, self._copy.parent, ignore_errors=True)
        _save_copy(self._copy)

    def ask(self, first: int, last: int) -> Answer:
        """What a render of the scene on frames `first` to `last`, both included, uses. Raises ProbeError."""
        result = self._copy.with_name("result.json")
        result.unlink(missing_ok=True)
        arguments = [str(self._copy), self._scene, str(first), str(last), str(result)]
        said = _run(self._blender, arguments, self._copy.parent, TIMEOUT_S)
        try:
            return _answer(json.loads(result.read_text(encoding="utf-8")), self._scene)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ProbeError(f"Blender gave no result: {said or error}") from None


def _save_copy(copy: Path) -> None:
    """Saves what is open under another name; the session keeps its own, and no handler of others is called."""
    with _without_save_handlers():
        try:
            bpy.ops.wm.save_as_mainfile(filepath=str(copy), copy=True, compress=False, relative_remap=True)
        except RuntimeError as error:
            raise ProbeError(f"the open file cannot be saved to a copy: {error}") from None
    if not copy.is_file():
        raise ProbeError("the open file cannot be saved to a copy")


@contextmanager
def _without_save_handlers() -> Iterator[None]:
    lists = [getattr(bpy.app.handlers, name) for name in _SAVE_HANDLERS if hasattr(bpy.app.handlers, name)]
    kept = [list(handlers) for handlers in lists]
    for handlers in lists:
        handlers.clear()
    try:
        yield
    finally:
        for handlers, before in zip(lists, kept, strict=True):
            handlers[:] = before


def _run(blender: str, arguments: list[str], folder: Path, timeout_s: float) -> str:
    """Runs the probe; gives the last line that it said on stderr. `blender` is "" where the module runs alone."""
    if blender:
        begin = [blender, "--background", "--factory-startup", "--disable-autoexec", "-noaudio"]
        command = [*begin, "--python-exit-code", "70", "--python", str(PROBE), "--", *arguments]
    else:
        command = [sys.executable, "-I", str(PROBE), *arguments]
    # What is set for the session's Python, or for Blender's own folders, is not for the child.
    environ = {k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV" and not k.startswith(_SCRUBBED)}
    try:
        done = subprocess.run(
            command, cwd=folder, env=environ, capture_output=True, timeout=timeout_s, check=False
        )
    except subprocess.TimeoutExpired:
        raise ProbeError(f"Blender did not answer within {timeout_s:g} s") from None
    except OSError as error:
        raise ProbeError(f"Blender did not start: {error.strerror or error}") from None
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    if done.returncode:
        raise ProbeError(f"Blender ended with {done.returncode}{': ' + lines[-1] if lines else ''}")
    return lines[-1] if lines else ""


_SCRUBBED = ("PYTHON", "BLENDER_", "CLEARCUT_")


def _answer(found: Any, scene: str) -> Answer:
    if found["schema"] != _SCHEMA or found["scene"] != scene:
        raise ValueError("an answer to another question")
    return Answer(frozenset(found["known"]), frozenset(found["used"]), frozenset(found["doubtful"]))
