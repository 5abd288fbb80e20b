"""What single elements of a Final Cut Pro X project say: times, rates, lanes, retimes, notes."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple
from xml.etree.ElementTree import Element

from clearcut.edit.faults import shown, unreadable
from clearcut.edit.otio_json import Json, otio

_TIME = re.compile(r"(-?\d{1,18})(?:/(\d{1,18}))?s|(-?\d{1,12}\.\d{1,12})s", re.ASCII)
_LANE = re.compile(r"-?\d{1,6}", re.ASCII)
# Formats whose name alone says the rate; interlaced ones are named by their fields.
_FORMAT_NAME = re.compile(r"FFVideoFormat\w*?([pi])(2398|24|25|2997|30|50|5994|60)", re.ASCII)
_NTSC = {"2398": Fraction(24000, 1001), "2997": Fraction(30000, 1001), "5994": Fraction(60000, 1001)}
UNKNOWN: list[Json] = [otio("TimeEffect")]


def frame_rate(found: Element | None) -> Fraction | None:
    """Frames per second of a <format>; None for formats without one (stills, sound)."""
    if found is None:
        return None
    lasts = seconds(found, "frameDuration")
    if lasts is not None and lasts > 0:
        return 1 / lasts
    named = _FORMAT_NAME.fullmatch(found.get("name", ""))
    if named is None:
        return None
    rate = _NTSC.get(named[2]) or Fraction(named[2])
    return rate / 2 if named[1] == "i" and rate > 30 else rate


class Consumed(NamedTuple):
    """Time effects, and what of its own time an element consumes: from the earliest on, so many seconds."""

    effects: list[Json]
    start: Fraction
    length: Fraction


def retimed(element: Element, length: Fraction) -> Consumed:
    """What of its own time an element consumes that lasts `length` seconds where it lies.

    Told of constant speeds alone. Where the media's rate is conformed to the sequence's, Apple does not say how.
    """
    start = seconds(element, "start") or Fraction(0)
    points = [(seconds(one, "time"), seconds(one, "value")) for one in element.findall("timeMap/timept")]
    conforms = any(one.get("scaleEnabled") != "0" for one in element.findall("conform-rate"))
    if not points and not conforms:
        return Consumed([], start, length)
    if len(points) != 2 or conforms:
        return Consumed(UNKNOWN, start, length)
    (before, low), (after, high) = points
    if before is None or low is None or after is None or high is None or before == after:
        return Consumed(UNKNOWN, start, length)
    speed = (high - low) / (after - before)
    begins = low + (start - before) * speed
    if speed == 0:
        return Consumed([otio("FreezeFrame", time_scalar=0.0)], begins, Fraction(0))
    warp = otio("LinearTimeWarp", time_scalar=float(speed))
    return Consumed([warp], min(begins, begins + length * speed), abs(length * speed))


def seconds(element: Element, key: str) -> Fraction | None:
    """Seconds; None where nothing is said. Raises EditError on what is no time."""
    text = element.get(key)
    if text is None:
        return None
    found = _TIME.fullmatch(text.strip())
    if found is None or (found[2] is not None and int(found[2]) == 0):
        raise unreadable(place(element), f"not a time: {key}={shown(text)}")
    return Fraction(found[3]) if found[3] else Fraction(int(found[1]), int(found[2] or 1))


def lane_of(element: Element) -> int:
    """0 for what is contained in its parent, else the lane it is connected on. Raises EditError on nonsense."""
    text = element.get("lane")
    if text is None:
        return 0
    if _LANE.fullmatch(text) is None:
        raise unreadable(place(element), f"not a lane: {shown(text)}")
    return int(text)


def place(element: Element) -> str:
    """The element as a person finds it in the file."""
    name = element.get("name") or element.get("ref") or element.get("id") or ""
    return f"<{element.tag}> {shown(name)}" if name else f"<{element.tag}>"


def marker(element: Element) -> Json:
    """A marker as OTIO has it."""
    return otio("Marker", 2, name=element.get("value", ""), comment=element.get("note", ""))


def about(element: Element) -> Json:
    """Notes, keywords, roles and metadata, where a rule file can point at them: `fcpx.note`, `fcpx.metadata.<key>`.

    Of the parameters of generators, titles and filters, those that may be the path of a picture: `fcpx.params`.
    """
    said: Json = {key: value for key in ("audioRole", "videoRole", "role") if (value := element.get(key))}
    note = element.findtext("note")
    if note:
        said["note"] = note
    words = [one.get("value", "") for one in element.findall("keyword")]
    if words:
        said["keywords"] = words
    params = [
        one.get("value", "") for one in (*element.findall("param"), *element.findall("filter-video/param"))
    ]
    paths = [value for value in params if "/" in value or "\\" in value]
    if paths:
        said["params"] = paths
    keys: dict[str, str | list[str]] = {}
    for one in element.findall("metadata/md"):
        listed = [each.text or "" for each in one.iter("string")]
        keys[one.get("key", "")] = listed or one.get("value") or (one.text or "").strip()
    if keys:
        said["metadata"] = keys
    return {"fcpx": said} if said else {}
