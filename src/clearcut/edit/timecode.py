"""Timecodes of tape and EDL as frame numbers."""

from __future__ import annotations

import re
from fractions import Fraction

from clearcut.edit.faults import Place, rate_unknown, unreadable

TIMECODE = r"\d{1,3}[:;.,]\d\d[:;.,]\d\d[:;.,]\d{2,3}"
_PARTS = re.compile(r"(\d{1,3})[:;.,](\d\d)[:;.,](\d\d)([:;.,])(\d{2,3})", re.ASCII)
_DROPPING = (Fraction(30000, 1001), Fraction(60000, 1001))


def drops(rate: Fraction) -> bool:
    """Whether drop-frame counting exists at this rate."""
    return rate in _DROPPING


def is_drop(text: str) -> bool:
    """Whether the timecode itself says that it drops frames: `01:00:00;00`."""
    found = _PARTS.fullmatch(text)
    return found is not None and found[4] in ";,"


def day_of(rate: Fraction, *, drop: bool) -> int:
    """How many frames a clock counts from midnight to midnight."""
    nominal = round(rate)
    left_out = nominal // 15 * (1440 - 144) if drop and drops(rate) else 0
    return 24 * 3600 * nominal - left_out


def frame_field(text: str) -> int:
    """The frames field, 0 when the text is no timecode."""
    found = _PARTS.fullmatch(text)
    return int(found[5]) if found else 0


def frames(text: str, rate: Fraction, *, drop: bool, place: Place) -> int:
    """The frame number from midnight. Raises EditError, rate-unknown when the timecode has frames the rate has not.

    Source: SMPTE 12M; dropping leaves out the first two (at 59.94 four) numbers of each minute but every tenth.
    """
    found = _PARTS.fullmatch(text)
    if found is None:
        if text.isascii() and text.isdigit():
            return int(text)
        raise unreadable(place, f"not a timecode: {text!r}")
    hours, minutes, seconds, frame = int(found[1]), int(found[2]), int(found[3]), int(found[5])
    nominal = round(rate)
    if minutes > 59 or seconds > 59:
        raise unreadable(place, f"not a timecode: {text!r}")
    if frame >= nominal:
        raise rate_unknown(
            place,
            f"{text} has a frame {frame}, which does not exist at {nominal} per second",
            remedy=f"say the rate that the edit was cut at, which is more than {frame} frames per second, with --rate",
        )
    whole = ((hours * 60 + minutes) * 60 + seconds) * nominal + frame
    if drop and drops(rate):
        left_out = nominal // 15
        count = hours * 60 + minutes
        whole -= left_out * (count - count // 10)
    return whole
