"""msgspec shapes derived from core's own classes, so that a reader, a schema and a class are one definition."""

from __future__ import annotations

import types
import typing
from datetime import datetime
from fractions import Fraction
from functools import cache
from typing import Annotated, Any

import msgspec

from clearcut.core.codec import MAX_INTEGER, field_names, is_record
from clearcut.core.timing import FrameRange

_MOMENT = Annotated[str, msgspec.Meta(extra_json_schema={"format": "date-time"})]
_RATIONAL = Annotated[str, msgspec.Meta(extra_json_schema={"pattern": r"^-?\d+([./]\d+)?$"})]


@cache
def strict_shape(hint: Any) -> Any:
    """The type that msgspec reads for a field of that type: a class becomes a shape that refuses unknown keys.

    Every field of it must be there. Moments and rationals are their texts: who reads them makes values of them.
    """
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple:
        return types.GenericAlias(tuple, (strict_shape(arguments[0]), ...))
    if origin is typing.Union or origin is types.UnionType:
        present = next(one for one in arguments if one is not type(None))
        return typing.Optional[strict_shape(present)]  # noqa: UP045 - made at run time
    if hint is Fraction:
        return _RATIONAL
    if hint is datetime:
        return _MOMENT
    if hint is int:
        return Annotated[int, msgspec.Meta(ge=-MAX_INTEGER, le=MAX_INTEGER)]
    if hint is FrameRange or not (is_record(hint) or _is_struct(hint)):
        return hint
    return envelope(hint.__name__, hint)


def envelope(name: str, kind: Any, **more: Any) -> Any:
    """The shape of a class, with more fields in front."""
    hints = typing.get_type_hints(kind, include_extras=True)
    fields = [(field, strict_shape(hints[field])) for field in _names(kind)]
    return msgspec.defstruct(
        name,
        [*more.items(), *fields],
        forbid_unknown_fields=True,
        gc=False,
        namespace={"__doc__": kind.__doc__},
    )


def _is_struct(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, msgspec.Struct)


def _names(kind: Any) -> list[str]:
    if _is_struct(kind):
        return list(kind.__struct_fields__)
    return list(field_names(kind))
