"""Whether to colour what is printed: NO_COLOR and FORCE_COLOR first, then whether a person is looking."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TextIO


def color_wanted(stream: TextIO | None, environ: Mapping[str, str] | None = None) -> bool:
    """NO_COLOR (not empty) forbids, FORCE_COLOR (not empty) demands, else a terminal that is not "dumb" has it.

    `stream` is None where the process was started without one.
    """
    settings = os.environ if environ is None else environ
    if settings.get("NO_COLOR"):
        return False
    if settings.get("FORCE_COLOR"):
        return True
    return stream is not None and stream.isatty() and settings.get("TERM") != "dumb"
