"""The edit with a coloured marker for each shot that hinders or owes something, for the viewer people have.

The edit is changed as JSON and nowhere else: OpenTimelineIO would drop what it does not know and renumber
schemas. Only OTIO JSON can be marked; another format has first to be saved as .otio.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from typing import Any, Final, cast

from clearcut.core.timing import FrameRange, Timebase
from clearcut.core.verdict import Outcome, ShotVerdict, Verdict
from clearcut.report.json import reason_to_json
from clearcut.report.visible import clip
from clearcut.report.wording import LOOKS, all_reasons, hinders, instruction

COLORS: Final = {
    Outcome.BLOCKED: "RED",
    Outcome.UNKNOWN: "PURPLE",
    Outcome.CLEARED_WITH_DUTIES: "YELLOW",
    Outcome.CLEARED: "GREEN",
    Outcome.EXEMPT: "CYAN",
}


class CannotMarkError(ValueError):
    """The edit is not OTIO JSON with a timeline, stack or track to mark, or its time is not known."""


def mark_edit(otio_bytes: bytes, verdict: Verdict) -> bytes:
    """The edit with a marker per occurrence of each shot that uses a replica; marks of an earlier run are replaced.

    The rest is as it was, value for value. Raises CannotMarkError.
    """
    timebase = verdict.edit.timebase
    if timebase is None:
        raise CannotMarkError("the edit has no rate, so a marker has no place")
    try:
        edit = json.loads(otio_bytes.decode("utf-8-sig"), object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise CannotMarkError(f"not OTIO JSON: {error}") from error
    top = _marked_item(edit)
    markers = top.get("markers") or []
    if not isinstance(markers, list):
        raise CannotMarkError("its markers are no list")
    start = _start(top)
    kept = [marker for marker in markers if not _ours(marker)]
    top["markers"] = kept + [m for shot in verdict.shots for m in _markers(shot, timebase, start)]
    # A lone surrogate has no UTF-8; its backslash escape is how JSON writes it.
    return (json.dumps(edit, indent=4, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Writing an object with a key twice would lose one of the two: that is not "otherwise unchanged"."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an object has a key twice")
    return found


def _marked_item(edit: Any) -> dict[str, Any]:
    schema = str(edit.get("OTIO_SCHEMA", "")) if isinstance(edit, dict) else ""
    if schema.startswith("Timeline."):
        tracks = edit.get("tracks")
        if isinstance(tracks, dict):
            return tracks
    if schema.startswith(("Stack.", "Track.")):
        return cast("dict[str, Any]", edit)
    if schema.startswith("SerializableCollection."):
        children = edit.get("children")
        if isinstance(children, list) and len(children) == 1:
            return _marked_item(children[0])
    raise CannotMarkError(f"nothing in it that markers of a cut go on ({schema or 'no OTIO_SCHEMA'})")


def _start(top: dict[str, Any]) -> Fraction:
    """Markers count in the item's own time: a trimmed stack begins where its source range does. In seconds."""
    trim = top.get("source_range")
    if not isinstance(trim, dict):
        return Fraction(0)
    try:
        begin = trim["start_time"]
        rate = Fraction(begin["rate"]).limit_denominator(1001)
        return Fraction(begin["value"]) / rate
    except (KeyError, TypeError, ValueError, OverflowError, ZeroDivisionError) as error:
        raise CannotMarkError("its source range cannot be read") from error


def _markers(shot: ShotVerdict, timebase: Timebase, start: Fraction) -> Iterator[dict[str, Any]]:
    color = COLORS.get(shot.outcome)
    if color is None:
        return
    told = [reason for _, reason in all_reasons(shot)]
    leading = next((reason for reason in told if hinders(reason)), told[0] if told else None)
    comment = "" if leading is None else instruction(leading)
    for place in timebase.frame_ranges(shot.record):
        yield {
            "OTIO_SCHEMA": "Marker.2",
            "metadata": {
                "clearcut_verdict": {
                    "shot": clip(shot.name),
                    "outcome": shot.outcome.value,
                    "reasons": [_safe(reason_to_json(reason)) for reason in told],
                }
            },
            "name": clip(f"{LOOKS[shot.outcome].title}: {shot.name}"),
            "color": color,
            "comment": clip(comment, 1000),
            "marked_range": _time_range(place, timebase.rate, start),
        }


def _safe(reason: dict[str, Any]) -> dict[str, Any]:
    """Texts without hidden characters; `detail` stays in the JSON report: OTIO refuses lone surrogates."""
    return {
        key: clip(value, 1000) if isinstance(value, str) else value
        for key, value in reason.items()
        if key != "detail"
    }


def _time_range(place: FrameRange, rate: Fraction, start: Fraction) -> dict[str, Any]:
    return {
        "OTIO_SCHEMA": "TimeRange.1",
        "start_time": _time(place.first + start * rate, rate),
        "duration": _time(Fraction(place.length), rate),
    }


def _time(frames: Fraction, rate: Fraction) -> dict[str, Any]:
    return {"OTIO_SCHEMA": "RationalTime.1", "rate": float(rate), "value": float(frames)}


def _ours(marker: Any) -> bool:
    return isinstance(marker, dict) and "clearcut_verdict" in (marker.get("metadata") or {})
