"""Parts that a machine may lack: their tests are skipped by name, unless CLEARCUT_NEEDS says they must run."""

from __future__ import annotations

import os


def needed(part: str) -> bool:
    """Whether the lack of this part ("postgres", "chromium", "qt", "blender") is a failure here, as in .ci/run."""
    return part in os.environ.get("CLEARCUT_NEEDS", "").split()
