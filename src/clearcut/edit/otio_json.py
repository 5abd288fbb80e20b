"""OTIO JSON as our own readers of other formats make it, so that one walker reads them all."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

Json = dict[str, Any]
Rate = Fraction | float


def otio(schema: str, version: int = 1, **keys: Any) -> Json:
    """An object of that schema."""
    return {"OTIO_SCHEMA": f"{schema}.{version}", **keys}


def time(value: int, rate: Rate) -> Json:
    """A RationalTime of whole frames."""
    return otio("RationalTime", value=value, rate=float(rate))


def span(start: int, length: int, rate: Rate, length_rate: Rate | None = None) -> Json:
    """A TimeRange of whole frames; its length may be counted at another rate than its start."""
    return otio(
        "TimeRange",
        start_time=time(start, rate),
        duration=time(length, rate if length_rate is None else length_rate),
    )


def transition(before: int, after: int, rate: Rate) -> Json:
    """A transition that begins so many frames before the cut and ends so many behind it."""
    return otio(
        "Transition",
        transition_type="SMPTE_Dissolve",
        in_offset=time(before, rate),
        out_offset=time(after, rate),
    )
