"""CMX 3600 edit decision lists, read line by line.

Not read through OpenTimelineIO's adapter: that loses retimes whose lengths match, the first line of a dissolve,
drop-frame counting, and whole files for one overlap (docs/decisions). Knows nothing of tracks: that is `edl_tracks`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from clearcut.core.timing import parse_rate
from clearcut.edit.faults import rate_unknown, shown, unreadable
from clearcut.edit.timecode import TIMECODE, day_of, drops, frame_field, frames, is_drop

_TIME = rf"(?:{TIMECODE}|\d{{1,12}})"
_EVENT = re.compile(
    rf"(?P<number>\d{{1,12}})[A-Za-z]?\s+(?P<reel>\S.*?)\s+(?P<channel>\S+)\s+"
    # Only a transition has a length: where its letter was lost, that tells it.
    r"(?:(?P<type>C|D|W\d{0,3}|K\s*[BO]?)\s+|(?=\d{3}\s))"
    rf"(?:(?P<length>\d{{1,4}}(?:\.\d+)?)\s+)?(?:\(F\)\s+)?"
    rf"(?P<source_in>{_TIME})\s+(?P<source_out>{_TIME})\s+(?P<record_in>{_TIME})\s+(?P<record_out>{_TIME})(?P<rest>\s.*)?",
    re.ASCII | re.IGNORECASE,
)
_ANY_TIMECODE = re.compile(TIMECODE, re.ASCII)
_FOUR_TIMES = re.compile(rf"{TIMECODE}(?:\s+{TIMECODE}){{3}}", re.ASCII)
# What begins like an event and is none: a list that was cut off, or a manner nobody knows. It may show a replica.
_BEGINS_LIKE_EVENT = re.compile(
    r"\d+[A-Za-z]?\s+\S[^:]*\s(?:V\d*|(?:V\d*|AA|A\d*|B|AA/V|A\d*/V|NONE)\s+(?:C|D|W\d{0,3}|K)\b.*)", re.ASCII
)
_SAID_RATE = re.compile(
    r"[*>#\s]*(?:(?:timeline|sequence|project|record|edl)\s+)?(?:frame\s*rate|fps)\s*[:=]?\s*(\d+(?:\.\d+|/\d+)?)",
    re.IGNORECASE | re.ASCII,
)
# Avid breaks a comment after so many characters, wherever that is. What begins with a word and a colon is another.
_COMMENT_BREAKS = 80
_KEYED = re.compile(r"\* *(?:\w+[ _]?){1,5}:|\* *\*.*", re.ASCII)
# As text editors count lines; `\x0b` is how some spreadsheets break one.
_LINES = re.compile(r"\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")


@dataclass(slots=True)
class Event:
    """One line of the list: whole frames at the list's rate; `comments` are all lines behind it, as written."""

    line: int
    number: int
    reel: str
    channel: str
    kind: str  # "C", "D", "W", and of keys "KB" (what lies below), "KO" or "K" (what lies above)
    dissolve: int
    source: tuple[int, int]
    record: tuple[int, int]
    comments: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class EventList:
    """A whole list. `notes` say how its rate was found, where the caller did not give it."""

    title: str
    rate: Fraction
    events: tuple[Event, ...]
    notes: tuple[str, ...]


def decode(raw: bytes) -> str:
    """Text in whatever code it was written in: with a byte order mark, UTF-16, UTF-8, else Windows-1252 or Latin-1."""
    for mark, code in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if raw.startswith(mark):
            return raw.decode(code, "replace")
    if b"\0" in raw[:2]:  # two bytes for each letter, and no mark
        return raw.decode("utf-16-be" if raw[0] == 0 else "utf-16-le", "replace")
    for code in ("utf-8", "cp1252"):
        try:
            return raw.decode(code)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def read_edl(raw: bytes, rate: Fraction | None) -> EventList:
    """The events in the order of the file. Raises EditError: rate-unknown, or cut-unreadable with the line."""
    lines = _LINES.split(decode(raw))
    matches = [(number, line, _EVENT.fullmatch(line)) for number, line in _numbered(lines)]
    if not any(found for _, _, found in matches):
        for number, line, _ in matches:
            _refuse_lost_event(number, line)
        raise unreadable("", "there is no event in it")
    notes: tuple[str, ...] = ()
    if rate is None:
        rate, notes = _told_rate(matches)
    return _events(matches, rate, notes)


def _numbered(lines: list[str]) -> Iterator[tuple[int, str]]:
    """Lines with something in them; a line of four timecodes belongs to the one before it."""
    held: tuple[int, str] | None = None
    for number, line in enumerate(lines, 1):
        text = line.strip().strip("\x00\x1a")
        if held is not None and text and _FOUR_TIMES.fullmatch(text):
            held = held[0], f"{held[1]} {text}"
        elif text:
            if held is not None:
                yield held
            held = number, text
    if held is not None:
        yield held


def _told_rate(matches: list[tuple[int, str, re.Match[str] | None]]) -> tuple[Fraction, tuple[str, ...]]:
    """A list does not carry its rate; a comment may say it, and only two rates drop frames."""
    most = 0
    dropping = begun = False
    for number, line, found in matches:
        if found is None:
            # Behind an event it may be the camera's, and a cut that ran at 96 would last a quarter of what it does.
            said = None if begun else _SAID_RATE.match(line)
            if said:
                try:
                    return parse_rate(said[1]), (f"the rate {said[1]} is from line {number}",)
                except ValueError:
                    continue
            mode = line.upper()
            dropping = dropping or (mode.startswith("FCM") and "DROP" in mode and "NON" not in mode)
            continue
        begun = True
        times = found.group("source_in", "source_out", "record_in", "record_out")
        dropping = dropping or any(is_drop(time) for time in times)
        most = max(most, *(frame_field(time) for time in times))
    # Lists of 24 and 25 are headed DROP FRAME too, by programs that do not know better: only a frame that no other
    # rate has tells this one.
    if dropping and (25 <= most < 30 or 50 <= most < 60):
        rate = Fraction(30000, 1001) if most < 30 else Fraction(60000, 1001)
        return rate, (f"the rate {rate} is taken because the list drops frames",)
    raise rate_unknown("", "an EDL does not say its frame rate")


def _events(
    matches: list[tuple[int, str, re.Match[str] | None]], rate: Fraction, notes: tuple[str, ...]
) -> EventList:
    title = ""
    drop = False
    events: list[Event] = []
    for number, line, found in matches:
        if found is not None:
            events.append(_event(number, found, rate, drop=drop))
            continue
        word = line.upper()
        if word.startswith("TITLE:"):
            title = title or line[6:].strip()
        elif word.startswith("FCM"):
            drop = "DROP" in word and "NON" not in word
        else:
            _refuse_lost_event(number, line)
            if events:
                _comment(events[-1].comments, line)
    _count_past_midnight(events, day_of(rate, drop=drop))
    if drop and not drops(rate):
        notes = (*notes, f"FCM: DROP FRAME means nothing at {rate} frames per second")
    return EventList(title, rate, tuple(events), notes)


def _comment(comments: list[str], line: str) -> None:
    """A comment, or the rest of the one before it."""
    body = len(comments[-1]) - 2 if comments and comments[-1].startswith("* ") else 0
    if body > 0 and body % _COMMENT_BREAKS == 0 and line.startswith("* ") and not _KEYED.match(line):
        comments[-1] += line[2:]
    else:
        comments.append(line)


def _count_past_midnight(events: list[Event], day: int) -> None:
    """Where an event runs to midnight or over it, those of the small hours come after it."""
    if not any(event.record[1] >= day for event in events):
        return
    for event in events:
        first, end = event.record
        if first < day // 2:
            event.record = (first + day, end + day)


def _refuse_lost_event(number: int, line: str) -> None:
    times = len(_ANY_TIMECODE.findall(line))
    if line[0].isdigit():
        lost = times >= 2 or _BEGINS_LIKE_EVENT.fullmatch(" ".join(line[:200].split())) is not None
    else:
        lost = times >= 4 and line[0] not in "*>#;"
    if lost:
        raise unreadable(f"line {number}", f"an event that cannot be read: {shown(line)}")


def _event(line: int, found: re.Match[str], rate: Fraction, *, drop: bool) -> Event:
    place = f"line {line}"

    def at(name: str) -> int:
        return frames(found[name], rate, drop=drop or is_drop(found[name]), place=place)

    def stretch(first: str, end: str) -> tuple[int, int] | None:
        dropping = drop or is_drop(found[first]) or is_drop(found[end])
        return _stretch(at(first), at(end), day_of(rate, drop=dropping))

    source, record = stretch("source_in", "source_out"), stretch("record_in", "record_out")
    if source is None and record is None:
        raise unreadable(place, "both source and record end before they begin")
    if record is None:
        record = _like(at("record_in"), source)
    return Event(
        line,
        int(found["number"]),
        found["reel"].strip(),
        found["channel"].upper(),
        _kind(found["type"] or "D"),
        round(float(found["length"] or 0)),
        source or _like(at("source_in"), record),
        record,
        # What stands behind the times on the same line is said of the event, too.
        [rest] if (rest := (found["rest"] or "").strip()) else [],
    )


def _kind(written: str) -> str:
    text = "".join(written.upper().split())
    return text[: 2 if text[0] == "K" else 1]


def _stretch(first: int, end: int, day: int) -> tuple[int, int] | None:
    """Half-open frames; past midnight the count begins again. None when the end lies before the beginning."""
    if end < first:
        end += day
    return None if end - first > day // 2 else (first, end)


def _like(first: int, other: tuple[int, int] | None) -> tuple[int, int]:
    """One pair of timecodes is nonsense: it lasts as long as the other says."""
    return (first, first + (other[1] - other[0] if other else 0))
