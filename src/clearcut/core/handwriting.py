"""What people wrote with their own hands - their names, reasons, descriptions - as a reader of the record sees it.

A character that nobody sees (a zero-width space, a soft hyphen, a filler) neither makes a second person of one nor
a reason of nothing.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Letters and marks by Unicode that leave no ink: fillers, joiners, variation selectors, the empty braille cell.
_NO_INK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def seen(text: str) -> str:
    """The text as it is seen: composed letters, one blank between words, nothing around; "" where nothing is seen."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    composed = _NO_INK.sub("", unicodedata.normalize("NFKC", text))
    return " ".join("".join(c for c in composed if c.isprintable() or c.isspace()).split())


def same_person(one: str, other: str) -> bool:
    """Whether two names are one but for case, order, commas, ways to write a letter, and what nobody sees."""
    return _words(one) == _words(other)


def two_persons(one: str, other: str) -> bool:
    """Whether both are names, and not of one person."""
    return bool(_words(one) and _words(other)) and not same_person(one, other)


@lru_cache(maxsize=1024)  # the same few names stand on every waiver, and are compared for every shot
def _words(name: str) -> tuple[str, ...]:
    plain = (" " if unicodedata.category(c).startswith("P") else c for c in seen(name).casefold())
    return tuple(sorted("".join(plain).split()))
