"""A line on a terminal's stderr while something takes long: how long already, and that it is alive.

Nothing where stderr is no terminal, nothing for what is done within a second, and nothing left behind.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from clearcut.report.visible import clip

PATIENCE_S = 1.0
_TICK_S = 0.25
_WIDTH = 12


@contextmanager
def progress(doing: str, *, stream: TextIO | None = None, patience_s: float = PATIENCE_S) -> Iterator[None]:
    """Shows `doing` with a moving bar and the seconds passed, as long as the block runs."""
    out = sys.stderr if stream is None else stream
    if not out.isatty():
        yield
        return
    done = threading.Event()
    shower = threading.Thread(target=_show, args=(doing, out, patience_s, done), daemon=True)
    shower.start()
    try:
        yield
    finally:
        done.set()
        shower.join()


def _show(doing: str, out: TextIO, patience_s: float, done: threading.Event) -> None:
    started = time.monotonic()
    if done.wait(patience_s):
        return
    step = 0
    while not done.is_set():
        out.write(f"\rclearcut: {clip(doing, 60)} [{_bar(step)}] {time.monotonic() - started:.0f} s ")
        out.flush()
        step += 1
        done.wait(_TICK_S)
    out.write("\r\x1b[K")
    out.flush()


def _bar(step: int) -> str:
    """A block that wanders: nobody knows how long a server takes, so it claims no share."""
    at = step % (2 * _WIDTH)
    at = at if at < _WIDTH else 2 * _WIDTH - at - 1
    return "." * at + "#" + "." * (_WIDTH - at - 1)
