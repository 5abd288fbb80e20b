"""Edits as plain JSON, in OTIO's form: small builders, so that a test shows only what it is about."""

import json
from typing import Any

Node = dict[str, Any]


def time(value, rate=24):
    return {"OTIO_SCHEMA": "RationalTime.1", "value": value, "rate": rate}


def span(start, length, rate=24):
    return {"OTIO_SCHEMA": "TimeRange.1", "start_time": time(start, rate), "duration": time(length, rate)}


def external(url="/jobs/plate.exr", **keys):
    return {"OTIO_SCHEMA": "ExternalReference.1", "target_url": url, **keys}


def clip(name="c", start=0, length=24, rate=24, **keys) -> Node:
    """A clip with a source range; give `source_range=None` for one without."""
    return {
        "OTIO_SCHEMA": "Clip.2",
        "name": name,
        "source_range": span(start, length, rate),
        "media_references": {"DEFAULT_MEDIA": external()},
        "active_media_reference_key": "DEFAULT_MEDIA",
        **keys,
    }


def gap(length, rate=24) -> Node:
    return {"OTIO_SCHEMA": "Gap.1", "source_range": span(0, length, rate)}


def transition(before, after, rate=24) -> Node:
    return {"OTIO_SCHEMA": "Transition.1", "in_offset": time(before, rate), "out_offset": time(after, rate)}


def warp(scalar, schema="LinearTimeWarp.1") -> Node:
    return {"OTIO_SCHEMA": schema, "time_scalar": scalar}


def track(*children, kind="Video", **keys) -> Node:
    return {"OTIO_SCHEMA": "Track.1", "name": "V1", "kind": kind, "children": list(children), **keys}


def stack(*children, name="nest", **keys) -> Node:
    return {"OTIO_SCHEMA": "Stack.1", "name": name, "children": list(children), **keys}


def timeline(*tracks, name="cut", **keys) -> Node:
    return {"OTIO_SCHEMA": "Timeline.1", "name": name, "tracks": stack(*tracks, name="tracks"), **keys}


def read(tree):
    """The cut of a tree, through the same door as a live timeline."""
    from clearcut.edit import LiveTimeline

    return LiveTimeline(json.dumps(tree)).read()


def records(cut):
    """Name and record range of every clip, in record order."""
    return [(clip.name, *clip.record) for clip in cut.clips]
