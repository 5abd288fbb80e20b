"""Globs over names of shots, sequences and episodes: `*` is any text, `?` one character, all else itself.

Brackets are no classes, for they occur in names. Case matters. Nothing is trimmed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache


@lru_cache(maxsize=4096)
def _compiled(glob: str) -> re.Pattern[str]:
    parts = {"*": ".*", "?": "."}
    # Runs of stars are one star: `**…**` must not cost exponential time.
    text = re.sub(r"\*+", "*", glob)
    return re.compile("".join(parts.get(char) or re.escape(char) for char in text), re.DOTALL)


def matches(glob: str, name: str) -> bool:
    """Whether the whole of `name` matches."""
    return _compiled(glob).fullmatch(name) is not None


def any_matches(globs: Iterable[str], name: str | None) -> bool:
    """Whether one of the globs matches. A name that is not known matches `*` alone, for that needs no name."""
    if name is None:
        return "*" in globs
    return any(glob == "*" or matches(glob, name) for glob in globs)
