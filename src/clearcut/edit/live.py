"""A timeline that is already in memory: an OpenTimelineIO object from Pyblish, or its JSON."""

from __future__ import annotations

from typing import Any

from clearcut.core.collector import collector_off
from clearcut.core.cut import Cut
from clearcut.edit.cut_reader import read_cut
from clearcut.edit.faults import unreadable
from clearcut.edit.json_reader import parse


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
    try:
        to_json = getattr(timeline, "to_json_string", None)
        text = None if to_json is None else to_json(indent=-1)
    except (Exception, SystemExit) as error:  # a foreign object's own code, which may even leave
        raise unreadable("", f"the timeline cannot be written as JSON: {error}") from error
    if to_json is None:
        raise unreadable("", f"not a timeline: {type(timeline).__name__}")
    if not isinstance(text, str):
        raise unreadable("", "the timeline cannot be written as JSON")
    return text.encode("utf-8", "surrogatepass")
