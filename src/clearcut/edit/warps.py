"""Time effects: how much media an item consumes. They never change how long it is on record."""

from __future__ import annotations

import math
import re
from fractions import Fraction

from clearcut.edit.faults import Place, shown, unreadable
from clearcut.edit.schema import objects, schema_of
from clearcut.edit.times import Node

_MAX_SPEED = 1_000_000
# Effects that are known to leave time alone; a schema of somebody else's may be a retime, so nothing is known then.
_TIMELESS = frozenset({"Effect"})
_RETIMES = frozenset(
    {"timeremap", "timewarp", "timeeffect", "lineartimewarp", "freezeframe", "retime", "speed"}
)


def speed_of(item: Node, place: Place) -> Fraction | int | None:
    """Media consumed per record time: 1 without effects, 0 for a freeze, negative in reverse.

    Several warps multiply. None when it cannot be told: a time effect without a scalar, or one of a schema that
    is not OTIO's own and may be a retime. Raises EditError when a scalar is no finite number.
    """
    effects = item.get("effects")
    if not effects:
        return 1
    speed: Fraction | int | None = 1
    for index, effect in enumerate(objects(item, "effects", place)):
        factor = _factor(effect, (place, ".effects[", index, "]"))
        speed = None if speed is None or factor is None else speed * factor
    return speed


def _is_retime_by_name(effect: Node) -> bool:
    """The adapter for Final Cut 7 hands "Time Remap" on as an effect of no kind, with the speed only in its metadata."""
    for key in ("effect_name", "name"):
        said = effect.get(key)
        if isinstance(said, str) and re.sub(r"[^a-z]", "", said.lower()) in _RETIMES:
            return True
    return False


def _factor(effect: object, place: Place) -> Fraction | int | None:
    schema, _ = schema_of(effect, place)
    if not isinstance(effect, dict):
        raise unreadable(place, "not an effect")
    if effect.get("enabled") is False:
        return 1
    if schema in _TIMELESS:
        return None if _is_retime_by_name(effect) else 1
    if schema == "FreezeFrame":
        return 0
    scalar = effect.get("time_scalar")
    if scalar is None or schema != "LinearTimeWarp":
        return None
    if scalar.__class__ is int:
        known = -_MAX_SPEED <= scalar <= _MAX_SPEED
    else:
        known = scalar.__class__ is float and math.isfinite(scalar) and abs(scalar) <= _MAX_SPEED
    if not known:
        raise unreadable((place, ".time_scalar"), f"not a speed: {shown(scalar)}")
    exact = Fraction(scalar)
    # 1/3 and 29.97/24 come as floats: the short fraction next to them is what was meant.
    near = exact.limit_denominator(100_000)
    exact = near if abs(near - exact) < Fraction(1, 10**9) else exact
    return exact.numerator if exact.denominator == 1 else exact
