"""Languages: BCP 47 tags as demanded, and language ranges as granted (RFC 4647, basic filtering).

A range grants the tag itself and everything more special: `fr` grants `fr-CA`, `fr-CA` does not grant `fr`.
Case does not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

# Language, up to three extended subtags, then script, region, variants, extensions and private use (RFC 5646).
_TAG = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[a-wyz0-9](?:-[a-z0-9]{2,8})+)*(?:-x(?:-[a-z0-9]{1,8})+)?"
    r"|x(?:-[a-z0-9]{1,8})+",
    re.ASCII,
)
ALL = "*"


def unknown_language(tag: object) -> str | None:
    """What is wrong with `tag` as a BCP 47 language; None when it is one."""
    if isinstance(tag, str):
        if _TAG.fullmatch(tag.lower()):
            return None
        mended = tag.strip().replace("_", "-")
        if mended != tag and _TAG.fullmatch(mended.lower()):
            return f"unknown language {tag!r} (did you mean {mended!r}?)"
    return f"unknown language {tag!r} (BCP 47, such as en or fr-CA)"


def grants(ranges: Iterable[str], tag: str) -> bool:
    """Whether one of the ranges holds `tag`. All languages (`*`) are only granted by `*`."""
    wanted = tag.lower()
    for one in ranges:
        held = one.lower()
        if held == ALL or (wanted != ALL and (wanted == held or wanted.startswith(held + "-"))):
            return True
    return False
