"""What of a publish that has ended went out."""

from __future__ import annotations

from typing import Any

from clearcut.publish.subject import is_published

_VALIDATED_FROM, _EXTRACTED_FROM = 0.5, 1.5


def went_out(context: Any) -> list[Any]:
    """The instances that went through every step, in order.

    A failure among the validators means that nothing was published (Pyblish extracts nothing then); after that, what
    was withdrawn or failed is held.
    """
    failed: set[str] = set()
    for result in context.data.get("results") or ():
        if result["error"] is None:
            continue
        if _VALIDATED_FROM <= result["plugin"].order < _EXTRACTED_FROM:
            return []
        if result["instance"] is not None:
            failed.add(str(result["instance"].id))
    return [one for one in context if is_published(one) and str(one.id) not in failed]
