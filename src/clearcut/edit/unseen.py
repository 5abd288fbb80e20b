"""Times in what does not play: switched off or trimmed away, and yet no reason to believe an edit that is wrong."""

from __future__ import annotations

from clearcut.edit.copies import Copy
from clearcut.edit.faults import Place
from clearcut.edit.times import Times

_RANGES = frozenset({"source_range", "available_range", "marked_range"})
_OFFSETS = frozenset({"in_offset", "out_offset"})
# What is in there is other people's.
_FOREIGN = "metadata"


def refuse_bad_times(node: object, place: Place, times: Times) -> None:
    """Raises EditError when a time anywhere in the object is none, or is a length and negative."""
    made = node.made() if isinstance(node, Copy) else node
    # What is made for this look alone is gone after it, and what gets its place in memory would be taken for sound.
    check = times.check if made is node else times.check_new
    waiting: list[tuple[object, Place]] = [(made, place)]
    while waiting:
        one, spot = waiting.pop()
        if isinstance(one, list):
            waiting.extend((each, (spot, "[", index, "]")) for index, each in enumerate(one))
        if not isinstance(one, dict):
            continue
        for key, value in one.items():
            where = (spot, ".", key)
            if key in _RANGES and value is not None:
                check(value, where)
            elif key in _OFFSETS and value is not None:
                times.check_length(value, where)
            elif key != _FOREIGN:
                waiting.append((value, where))
