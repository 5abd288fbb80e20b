"""Opens Clearcut's window beside Blender: Blender has no Qt, so it runs in a process of its own."""

from __future__ import annotations

import shutil
import subprocess

_child: list[subprocess.Popen[bytes]] = []  # the last window, at most one


def command(edit: str = "") -> list[str]:
    """What is started. Raises RuntimeError where no `clearcut` with a window is on the PATH."""
    program = shutil.which("clearcut")
    if program is None:
        raise RuntimeError(
            "`clearcut` is not on the PATH that Blender was started with. Ask pipeline TD: install "
            "clearcut[panel] on this machine and put it on the PATH"
        )
    return [program, "panel", *([edit] if edit else [])]


def open_window(edit: str = "") -> bool:
    """Starts the window unless one is open; it reads the settings that Blender was started with."""
    if _child and _child[0].poll() is None:
        return False
    _child[:] = [subprocess.Popen(command(edit), stdin=subprocess.DEVNULL)]
    return True
