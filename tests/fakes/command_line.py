"""Runs the real command line as a process of its own, in an empty home, as a new user would."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def last_line(self) -> str:
        """The last line of stderr: why the exit is not 0 and what to do next."""
        lines = self.err.strip().splitlines()
        return lines[-1] if lines else ""


def clearcut(
    *arguments: object, home: Path, environ: dict[str, str] | None = None, cwd: Path | None = None
) -> Ran:
    """`clearcut ARGUMENTS` with nothing of this machine's settings."""
    clean = {
        k: v for k, v in os.environ.items() if not k.startswith(("CLEARCUT_", "XDG_", "PYBLISH", "OTIO_"))
    }
    done = subprocess.run(
        [sys.executable, "-m", "clearcut", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        cwd=cwd or home,
        env={**clean, "HOME": str(home), "NO_COLOR": "1", **(environ or {})},
    )
    return Ran(done.returncode, done.stdout, done.stderr)
