"""Where a frame that a host shows lies in the cut."""

from __future__ import annotations

from clearcut.core.verdict import Verdict


def record_frame(verdict: Verdict, shot: str, source_frame: int) -> int | None:
    """The cut's frame (from 0) at which a shot shows a source frame; None where it cannot be told.

    It can where the shot plays its media once and at its own speed: one record range as long as the source range.
    """
    found, timebase = verdict.shot(shot), verdict.edit.timebase
    if found is None or timebase is None:
        return None
    for use in found.uses:
        record, source = timebase.frame_ranges(use.use.record), use.use.source
        if len(record) == len(source) == 1 and record[0].length == source[0].length:
            place = record[0].first + source_frame - source[0].first
            return place if record[0].first <= place < record[0].end else None
    return None
