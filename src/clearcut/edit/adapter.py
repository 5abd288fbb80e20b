"""Formats that only an OTIO adapter can read: the adapter runs in a child process with limits, and gives OTIO JSON.

The child gets a copy of the file in a folder of its own, a clean environment, no plug-ins, a bound on memory and
time. However it ends, the answer is JSON for the walker or an EditError that says why.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from clearcut.child_process import ChildError, how_it_died, module_folders, run_child
from clearcut.edit.faults import unreadable
from clearcut.errors import EditError

_CHILD = Path(__file__).with_name("child.py")
_RAISED, _NO_PACKAGE = 3, 4


@dataclass(frozen=True, slots=True)
class Adapter:
    """One adapter that may be run: `text` is the code a text format is read in, None for binary ones."""

    module: str
    suffix: str
    text: str | None
    arguments: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use: address space and output in bytes, seconds of wall-clock and of processor time."""

    max_bytes: int = 4 * 1024**3
    max_seconds: int = 120


def run(raw: bytes, adapter: Adapter, limits: Limits | None = None) -> bytes:
    """OTIO JSON of the edit. Raises EditError when the child raises, dies, hangs or gives nothing."""
    limits = limits or Limits()
    with tempfile.TemporaryDirectory(prefix="clearcut-edit-") as name:
        folder = Path(name)
        source = folder / f"edit{adapter.suffix}"
        source.write_bytes(raw)
        job = {
            "path": str(source),
            "module": adapter.module,
            "text": adapter.text,
            "arguments": dict(adapter.arguments),
            "sys_path": module_folders(),
            "max_bytes": limits.max_bytes,
            "max_seconds": limits.max_seconds,
        }
        try:
            code = run_child(_CHILD, job, folder, _environment(folder), limits.max_seconds)
        except ChildError as error:
            raise unreadable("", f"the adapter: {error}", remedy="export the edit as .otio") from error
        if code != 0:
            raise _failure(code, folder, adapter, limits)
        return _output(folder / "out.otio", limits.max_bytes)


def _environment(folder: Path) -> dict[str, str]:
    """Nothing of ours: OTIO_* variables would load plug-ins and rewrite references. Windows cannot start without one."""
    kept = {"TMPDIR": str(folder), "TEMP": str(folder), "TMP": str(folder)}
    root = os.environ.get("SYSTEMROOT")
    if root:
        kept["SYSTEMROOT"] = root
    return kept


def _failure(code: int, folder: Path, adapter: Adapter, limits: Limits) -> EditError:
    cause = folder / "cause.txt"
    said = cause.read_text("utf-8", "replace").strip() if cause.is_file() else ""
    if code == _NO_PACKAGE:
        return EditError(
            f"the package that reads {adapter.suffix} is not installed: {said}",
            code="cut-unreadable",
            who="pipeline TD",
            remedy="pip install clearcut[edits]",
        )
    if code == _RAISED:
        if said.startswith("MemoryError"):
            return unreadable("", f"the adapter needs more than {limits.max_bytes} bytes of memory")
        return unreadable("", f"the adapter failed: {said or 'it did not say why'}")
    return unreadable("", f"the adapter died ({how_it_died(code)})")


def _output(path: Path, most: int) -> bytes:
    try:
        with path.open("rb") as stream:
            raw = stream.read(most + 1)
    except OSError as error:
        raise unreadable("", "the adapter gave no timeline") from error
    if len(raw) > most:
        raise unreadable("", f"the adapter gave more than {most} bytes")
    return raw
