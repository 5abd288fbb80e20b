"""A Python of its own for what may crash, hang or eat the memory of whoever reads it: started, limited and ended here.

Knows nothing of what is read. A child gets its job as JSON on stdin and leaves its answer in the folder it runs in.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any


class ChildError(Exception):
    """The child could not be started or did not end in time; the message says which, for people."""


def run_child(
    script: Path, job: Mapping[str, Any], folder: Path, environ: Mapping[str, str], max_seconds: int
) -> int:
    """The child's exit code; negative when a signal ended it. Raises ChildError.

    When time is up the child is killed, with what it started. What it prints reaches nobody.
    """
    child = subprocess.Popen(
        [python(), "-I", "-X", "utf8", str(script)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=dict(environ),
        start_new_session=True,
    )
    try:
        child.communicate(json.dumps(job).encode(), timeout=max_seconds)
    except subprocess.TimeoutExpired:
        raise ChildError(f"did not finish within {max_seconds} s and was stopped") from None
    finally:
        _end(child)
    return child.returncode


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        if hasattr(os, "killpg"):
            os.killpg(child.pid, signal.SIGKILL)
        else:
            child.kill()
        child.communicate()


def python() -> str:
    """A Python to run a child with: inside a host `sys.executable` may be the host itself. Raises ChildError."""
    own = Path(sys.executable or "")
    if own.name.lower().startswith("python"):
        return str(own)
    names = (
        ("python.exe", "python3.exe") if sys.platform == "win32" else ("bin/python3", "bin/python", "python3")
    )
    for folder in (Path(sys.prefix), own.parent, Path(sys.base_prefix)):
        for name in names:
            if (folder / name).is_file():
                return str(folder / name)
    raise ChildError("no Python was found to read this format with")


def module_folders() -> list[str]:
    """Where this process finds its modules, for a child that must find the same."""
    return [entry for entry in sys.path if Path(entry).is_absolute()]


def how_it_died(code: int) -> str:
    """A child's exit code in words: the signal that ended it, or the number."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"


def limit(max_bytes: int, max_seconds: int) -> None:
    """Called in the child: bounds its address space, its files and its processor time, and writes no core."""
    try:
        import resource
    except ImportError:  # Windows has none; there the parent's clock is the only limit
        return
    wanted = {
        "RLIMIT_CORE": 0,
        "RLIMIT_AS": max_bytes,
        "RLIMIT_FSIZE": max_bytes,
        "RLIMIT_CPU": max_seconds,
    }
    for name, value in wanted.items():
        kind = getattr(resource, name, None)
        if kind is None:
            continue
        _, hard = resource.getrlimit(kind)
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(kind, (most, most))
        except (ValueError, OSError):  # macOS refuses RLIMIT_AS; the other limits still hold
            continue
