"""`clearcut check --watch`: follows an edit as it is saved, and judges each version that has come to rest."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

_POLL_S = 0.5


def follow(path: Path, judge: Callable[[], int], say: Callable[[str], None]) -> int:
    """Judges now and after every save, until the user stops it (Ctrl-C); gives the last exit code.

    An editor may write in pieces: a version counts when it has not changed for one poll. A file that vanishes is
    judged too: that there is no cut is news.
    """
    code = judge()
    judged = _state(path)
    try:
        while True:
            say(f"clearcut: watching {path} (Ctrl-C ends)")
            judged = _next_version(path, judged)
            say(f"\nclearcut: {path} was saved")
            code = judge()
    except KeyboardInterrupt:
        return code


def _next_version(path: Path, judged: tuple[int, int] | None) -> tuple[int, int] | None:
    seen = judged
    while True:
        time.sleep(_POLL_S)
        state = _state(path)
        if state != judged and state == seen:
            return state
        seen = state


def _state(path: Path) -> tuple[int, int] | None:
    """Time of the last change in ns and size; None when there is no file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size
