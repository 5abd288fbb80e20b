"""Globs over names of shots, sequences, episodes and departments, as scopes, waivers and exemptions write them.

The glob itself is `globs.Glob`; here it meets names that may not be known.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from clearcut.core.globs import Glob

_compiled = lru_cache(maxsize=4096)(Glob)


def any_matches(globs: Iterable[str], name: str | None) -> bool:
    """Whether one of the globs takes in the whole name. A name that is not known is taken in by `*` alone."""
    if name is None:
        return "*" in globs
    return any(glob == "*" or _compiled(glob).matches(name) for glob in globs)
