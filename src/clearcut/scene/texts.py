"""What a text in a comp or scene may be: the path of a file, or several words of one identity."""

from __future__ import annotations

import re

_FILE = re.compile(r"(?:[A-Za-z]:[\\/]|[\\/~.]|[\w.\-]+[\\/]|\w+://)[^\n]*\.\w{2,11}")
_SEPARATORS = re.compile(r"[\s,;]+")


def is_file(text: str) -> bool:
    """Whether a text of a header or attribute reads as a file's path: a folder before it, a suffix behind."""
    return _FILE.fullmatch(text) is not None


def words(text: str) -> list[str]:
    """The words of a text, parted by blanks, commas or semicolons, in their order."""
    return [word for word in _SEPARATORS.split(text) if word]
