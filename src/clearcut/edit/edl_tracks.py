"""The events of an EDL as the OTIO JSON that the walker reads: tracks, dissolves, retimes, names and markers.

Record time is the truth: where the source of an event is longer or shorter than its record, the media is consumed
faster or slower, whether or not an M2 line says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from clearcut.edit.edl import Event, EventList
from clearcut.edit.otio_json import Json, otio, span, time, transition
from clearcut.edit.timecode import TIMECODE

_CHANNELS = {"A": ("A1",), "AA": ("A1", "A2"), "B": ("V", "A1")}
_CHANNEL_PART = re.compile(r"AA|[AV]\d*|B", re.ASCII)
# Behind an event of neither picture nor the first two channels of sound (NONE): the further ones it is heard on.
_FURTHER_SOUND = re.compile(r"AUD\s+\d.*", re.ASCII | re.IGNORECASE)
_BLACK = frozenset({"BL", "BLACK", "BARS"})
_COMMENT = re.compile(
    r"\*?\s*(?P<key>(?:FROM|TO|KEY)\s+CLIP\s+NAME|FROM\s+CLIP|FROM\s+FILE|LOC|ASC_SOP|ASC_SAT)\s*:\s*(?P<text>.*)",
    re.IGNORECASE,
)
_LOCATOR = re.compile(rf"({TIMECODE})\s+(\w*)(?:\s+|$)(.*)", re.ASCII)
_MOTION = re.compile(rf"M2 ?(?P<reel>.*?) (?P<speed>[-+]?\d*\.?\d+) {TIMECODE}.*", re.ASCII | re.IGNORECASE)
# What Avid and Resolve call the file that an event was made of; kept as a comment, and looked at as media too.
_SOURCE_FILE = re.compile(r"(?:SOURCE|MEDIA)\s+FILE(?:\s+PATH)?\s*:\s*(\S.*)", re.IGNORECASE)
# Other programs have other words for it, and some call the clip by its file.
_SAID_PATH = re.compile(r"(?:[\w ]{1,40}:){0,3}? *((?:[A-Za-z][A-Za-z0-9+.-]*:)?[/\\].*)")
_FREEZE = re.compile(r"\*?\s*(\*\s*)?FREEZE FRAME.*", re.IGNORECASE)


@dataclass(slots=True)
class _Said:
    """What the comments of one event say."""

    names: dict[str, str] = field(default_factory=dict)
    url: str = ""
    files: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    markers: list[Json] = field(default_factory=list)
    speeds: list[tuple[str, float]] = field(default_factory=list)
    freeze: bool = False


def timeline_of(events: EventList) -> Json:
    """An OTIO timeline; its tracks begin where the earliest event does, which is its global start time."""
    rate = float(events.rate)
    lanes: dict[str, list[_Lane]] = {}
    for index in range(len(events.events)):
        before = events.events[index - 1] if index else None
        _place(_of_whole_event(events.events, index), before, lanes, rate)
    start = min((lane.first for many in lanes.values() for lane in many), default=0)
    tracks = [
        otio(
            "Track",
            name=channel,
            kind="Audio" if channel.startswith("A") else "Video",
            children=lane.children(start, rate),
        )
        for channel, many in lanes.items()
        for lane in many
    ]
    stack = otio("Stack", name="tracks", children=tracks)
    return otio("Timeline", name=events.title, global_start_time=time(start, rate), tracks=stack)


class _Lane:
    """One track: events of a channel that do not overlap in record time."""

    def __init__(self) -> None:
        self.first = 0
        self.end: int | None = None
        self._items: list[tuple[int, int, Json, int]] = []
        self._last: tuple[Event, str] | None = None

    def takes(self, first: int) -> bool:
        return self.end is None or first >= self.end

    def ends_with(self, line: Event, name: str, at: int) -> bool:
        """Whether the last event goes on to `at`, and is what the first line of a dissolve there stands for.

        One reel may hold many clips (`AX` holds all of them), so names and timecodes are asked too.
        """
        if self.end != at or self._last is None:
            return False
        last, known = self._last
        if last.reel.upper() != line.reel.upper():
            return False
        return (
            last.source[1] == line.source[0] or not name or not known or name.casefold() == known.casefold()
        )

    def add(self, event: Event, clip: Json, dissolve: int) -> None:
        """Puts an event behind what is there; a dissolve joins it to that."""
        first, end = event.record
        if self.end is None:
            self.first = first
        # A dissolve needs somebody to come from; out of black there is nothing that would go on.
        joined = self.end == first
        self._items.append((first, end, clip, dissolve if joined else 0))
        self.end = end
        self._last = (event, str(clip["name"]))

    def children(self, start: int, rate: float) -> list[Json]:
        made: list[Json] = []
        at = start
        for first, end, clip, dissolve in self._items:
            if first > at:
                made.append(otio("Gap", source_range=span(0, first - at, rate)))
            if dissolve:
                made.append(transition(0, dissolve, rate))
            made.append(clip)
            at = end
        return made


def _of_whole_event(events: tuple[Event, ...], index: int) -> Event:
    """A line with what is said of it: where nothing stands behind it, what stands behind its event's last line."""
    event = events[index]
    while not events[index].comments and index + 1 < len(events) and events[index + 1].number == event.number:
        index += 1
    return event if events[index] is event else replace(event, comments=events[index].comments)


def _place(event: Event, before: Event | None, lanes: dict[str, list[_Lane]], rate: float) -> None:
    if before is not None and _is_key_over(before, event):
        begins = event.source[0]
        length = before.record[1] - before.record[0]
        event = replace(event, record=before.record, source=(begins, begins + length))
    said = _said(event, before)
    first, end = event.record
    heard = event.channel == "NONE" and any(_FURTHER_SOUND.fullmatch(line) for line in said.comments)
    for channel in ("AUD",) if heard else _channels(event.channel):
        many = lanes.setdefault(channel, [])
        dissolve = event.dissolve if event.kind != "C" else 0
        if dissolve and before is not None and _is_from_side(before, event, channel):
            dissolve = _from_side(event, before, _lane(many, first), rate)
        if end > first:
            _lane(many, first).add(event, _clip(event, said, rate), dissolve)


def _is_key_over(before: Event, event: Event) -> bool:
    """Whether the line is what is keyed over all of the line before it: Final Cut 7 gives it no length of its own."""
    same = before.number == event.number and before.kind == "KB"
    return same and event.kind in ("K", "KO") and event.record[0] == event.record[1]


def _is_from_side(before: Event, event: Event, channel: str) -> bool:
    """Whether `before` is the first of a dissolve's two lines, which says what it comes from and has no length."""
    if before.number != event.number or channel not in _channels(before.channel):
        return False
    return before.record[0] == before.record[1]


def _from_side(event: Event, before: Event, lane: _Lane, rate: float) -> int:
    """The first line of a dissolve stands for the clip before it; where that is another, it is a clip of its own.

    Gives the dissolve's length, 0 where it comes out of black.
    """
    said = _said(event, None)
    name = said.names.get("from", "")
    if lane.ends_with(before, name, event.record[0]):
        return event.dissolve
    if before.reel.upper() in _BLACK:
        return 0
    # It has no length of its own on the track: all of it that is on screen is the handle of the dissolve.
    at = event.record[0]
    side = Event(before.line, before.number, before.reel, before.channel, "C", 0, before.source, (at, at))
    # Whose files the comments name is not said: both sides may show them.
    lane.add(side, _clip(side, _Said(names={"from": name}, url=said.url, files=said.files), rate), 0)
    return event.dissolve


def _lane(many: list[_Lane], first: int) -> _Lane:
    """Events that overlap on one channel (keys, lists of several layers) lie on tracks above each other."""
    for lane in many:
        if lane.takes(first):
            return lane
    many.append(_Lane())
    return many[-1]


def _channels(channel: str) -> tuple[str, ...]:
    found: list[str] = []
    rest = channel
    for part in re.split(r"[/+,]", channel):
        pieces = _CHANNEL_PART.findall(part) if _CHANNEL_PART.sub("", part) == "" else [part]
        for piece in pieces:
            found.extend(_CHANNELS.get(piece, (piece,)))
        rest = ""
    return tuple(dict.fromkeys(name for name in found if name)) or (rest or "V",)


def _clip(event: Event, said: _Said, rate: float) -> Json:
    about: Json = {"reel": event.reel, "event": str(event.number)}
    if said.comments:
        about["comments"] = said.comments
    (source_in, source_out), length = event.source, event.record[1] - event.record[0]
    files = said.files
    if event.reel.upper() in _BLACK:
        reference = otio(
            "GeneratorReference", generator_kind="SMPTEBars" if event.reel.upper() == "BARS" else "black"
        )
        files = [said.url, *files] if said.url else files
    elif said.url:
        reference = otio("ExternalReference", target_url=said.url)
    else:
        reference = otio("MissingReference")
    return otio(
        "Clip",
        2,
        name=_name(event, said) or _stem(said.url),
        source_range=span(source_in, length, rate),
        media_references={"DEFAULT_MEDIA": reference, **_source_files(files)},
        active_media_reference_key="DEFAULT_MEDIA",
        effects=_effects(event, said, source_out - source_in, length, rate),
        markers=said.markers,
        metadata={"cmx_3600": about},
    )


def _name(event: Event, said: _Said) -> str:
    """What the comments call the clip of this line: of a dissolve's two sides, the one that comes."""
    coming, going = said.names.get("to", ""), said.names.get("from", "")
    if event.kind in ("K", "KO"):
        return said.names.get("key", "") or going
    if event.dissolve and event.reel.upper() in _BLACK:
        return coming
    return (coming if event.dissolve else "") or going


def _source_files(files: list[str]) -> Json:
    return {
        f"SOURCE_FILE_{number}": otio("ExternalReference", target_url=url)
        for number, url in enumerate(files, 1)
    }


def _effects(event: Event, said: _Said, consumed: int, length: int, rate: float) -> list[Json]:
    speeds = [speed for reel, speed in said.speeds if reel.upper() in ("", event.reel.upper())] or [
        speed for _, speed in said.speeds[-1:]
    ]
    speed = speeds[-1] if speeds else None
    if said.freeze or speed == 0:
        return [otio("FreezeFrame", effect_name="FreezeFrame", time_scalar=0.0)]
    if consumed != length and length:
        # The columns say exactly what is consumed; an M2 line says it rounded to a tenth.
        scalar = max(consumed, 1) / length
    elif speed is not None:
        nominal = round(rate)
        scalar = abs(speed) / (nominal if abs(speed % 1 - 0.5) > 0.49 else rate)
    else:
        return []
    scalar = -scalar if speed is not None and speed < 0 else scalar
    return (
        []
        if abs(scalar - 1) < 0.001
        else [otio("LinearTimeWarp", effect_name="LinearTimeWarp", time_scalar=scalar)]
    )


def _said(event: Event, before: Event | None) -> _Said:
    """The comments behind the event; those behind the first line of a dissolve belong to it too."""
    lines = event.comments
    if before is not None and before.number == event.number and before.record[0] == before.record[1]:
        lines = [*before.comments, *lines]
    said = _Said()
    for line in lines:
        found = _COMMENT.fullmatch(line)
        if found:
            _comment(" ".join(found["key"].upper().split()), found["text"].strip(), line, said)
            continue
        # Blanks are made single first: between several of them the pattern would try every split.
        motion = _MOTION.fullmatch(" ".join(line.split()))
        if motion:
            said.speeds.append((motion["reel"].strip(), float(motion["speed"])))
        elif _FREEZE.fullmatch(line):
            said.freeze = True
        else:
            text = line.lstrip("*").strip()
            if text:
                said.comments.append(text)
                source = _SOURCE_FILE.fullmatch(text) or _SAID_PATH.fullmatch(text)
                if source:
                    said.files.append(source[1])
    return said


def _comment(key: str, text: str, line: str, said: _Said) -> None:
    if key.endswith("CLIP NAME"):
        said.names[key.split(maxsplit=1)[0].lower()] = text
        if _SAID_PATH.fullmatch(text):
            said.files.append(text)
    elif key in ("FROM CLIP", "FROM FILE"):
        said.url = text
    elif key == "LOC":
        found = _LOCATOR.fullmatch(text)
        if found:
            marker = otio("Marker", 2, name=found[3].strip(), color=found[2].upper(), comment="")
            marker["metadata"] = {"cmx_3600": {"color": found[2], "timecode": found[1]}}
            said.markers.append(marker)
        else:
            said.comments.append(line.lstrip("*").strip())


def _stem(url: str) -> str:
    return re.split(r"[/\\]", url)[-1].rpartition(".")[0] if url else ""
