"""A timeline that is already in memory: an OpenTimelineIO object from Pyblish, or its JSON."""

from __future__ import annotations

from typing import Any

from clearcut.core.cut import Cut
from clearcut.edit.cut_reader import read_cut
from clearcut.edit.faults import unreadable
from clearcut.edit.json_reader import parse
from clearcut.edit.strict_json import collector_off


class LiveTimeline:
    """Reads an OpenTimelineIO object, or OTIO JSON as text or bytes; implements `check.EditReader`."""

    def __init__(self, timeline_or_json: Any) -> None:
        self._timeline = timeline_or_json

    def read(self) -> Cut:
        """The cut. Raises EditError (cut-unreadable)."""
        with collector_off():
            return read_cut(parse(timeline_json(self._timeline)))


def timeline_json(timeline: Any) -> bytes:
    """OTIO JSON of an OpenTimelineIO object, of text or bytes. Raises EditError (cut-unreadable)."""
    if isinstance(timeline, bytes):
        return timeline
    if isinstance(timeline, str):
        return timeline.encode("utf-8", "surrogatepass")
    to_json = getattr(timeline, "to_json_string", None)
    if to_json is None:
        raise unreadable("", f"not a timeline: {type(timeline).__name__}")
    try:
        text = to_json(indent=-1)
    except Exception as error:
        raise unreadable("", f"the timeline cannot be written as JSON: {error}") from error
    if not isinstance(text, str):
        raise unreadable("", "the timeline cannot be written as JSON")
    return text.encode("utf-8", "surrogatepass")
