"""Frozen values to plain JSON values and back, strictly, by the types of their fields.

One value has one form: an object with exactly the fields of its class, enums by their value, moments as RFC 3339 in
UTC, rationals as the strings of `timing.format_seconds`, ranges as `[first, end]`. Whatever else arrives is a
`WireError` that names its path: an unknown or a missing key, a boolean for a number, a number that is not an
integer, an empty or a backward range. Knows no value of Clearcut by name; `wire` says which are sent.
"""

from __future__ import annotations

import json
import math
import re
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta, timezone
from enum import Enum
from fractions import Fraction
from functools import cache
from typing import Any, TypeVar

from clearcut.core.timing import FrameRange, format_seconds, parse_seconds

Codec = Callable[[Any], Any]
Value = TypeVar("Value")

# The largest integer that every JSON reader keeps exact.
MAX_INTEGER = 2**53
_MAX_DETAIL_DEPTH = 20
_MOMENT = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(?:Z|([+-])(\d\d):(\d\d))", re.ASCII
)


class WireError(ValueError):
    """Something on the wire is not what it must be; `path` says where (`request.uses[3].screen[0]`)."""

    def __init__(self, message: str, path: str = "") -> None:
        super().__init__(f"{path}: {message}" if path else message)
        self.message = message
        self.path = path

    def inside(self, step: str) -> WireError:
        """The same fault, seen from the value around it."""
        joint = "" if not self.path or self.path.startswith("[") else "."
        return WireError(self.message, f"{step}{joint}{self.path}")


def strict_loads(text: str | bytes) -> Any:
    """JSON as RFC 8259 means it: UTF-8, no NaN, no duplicate keys. Raises WireError on anything else."""
    try:
        read = text.decode() if isinstance(text, bytes) else text
        return json.loads(read, object_pairs_hook=_unique, parse_constant=_no_constant)
    except WireError:
        raise
    except RecursionError:
        raise WireError("nested too deeply") from None
    except ValueError as error:
        raise WireError(f"not JSON ({error})") from None


def to_plain(value: Any) -> dict[str, Any]:
    """The JSON object of a frozen value (a dataclass or a named tuple)."""
    kind: Any = type(value)
    plain: dict[str, Any] = _encoder(kind)(value)
    return plain


def from_plain(kind: type[Value], plain: Any) -> Value:
    """The value of that class, or WireError."""
    hint: Any = kind
    value: Value = _decoder(hint)(plain)
    return value


def format_moment(moment: datetime) -> str:
    """RFC 3339 in UTC, `2026-11-20T12:00:00Z`. Raises ValueError on a moment without a zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a zone")
    text = moment.astimezone(timezone.utc).replace(tzinfo=None).isoformat()
    return f"{text}Z"


def parse_moment(text: Any) -> datetime:
    """An aware moment in UTC from RFC 3339. Raises WireError when it is none, or has no zone."""
    match = _MOMENT.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise WireError(f"not a moment with a zone: {_shown(text)}")
    *parts, fraction, sign, hours, minutes = match.groups()
    year, month, day, hour, minute, second = map(int, parts)
    micros = int((fraction or "0").ljust(6, "0"))
    try:
        local = datetime(year, month, day, hour, minute, second, micros, timezone.utc)
        if sign is None:
            return local
        offset = timedelta(hours=int(hours), minutes=int(minutes))
        return local - offset if sign == "+" else local + offset
    except (ValueError, OverflowError) as error:
        raise WireError(f"not a moment: {_shown(text)} ({error})") from None


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise WireError(f"duplicate key {twice!r}")
    return found


def _no_constant(word: str) -> Any:
    raise WireError(f"{word} is not a number")


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


@cache
def _encoder(hint: Any) -> Codec:
    simple = _ENCODERS.get(hint)
    if simple is not None:
        return simple
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if _is_optional(origin):
        inner = _encoder(_present(arguments))
        return lambda value: None if value is None else inner(value)
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        item = _encoder(arguments[0])
        return lambda value: [item(one) for one in value]
    if origin is not None and issubclass(origin, Mapping):
        return _plain_detail
    if isinstance(hint, type) and issubclass(hint, Enum):
        return lambda value: value.value
    if is_record(hint):
        hints = typing.get_type_hints(hint)
        parts = [(name, _encoder(hints[name])) for name in field_names(hint)]
        return lambda value: {name: encode(getattr(value, name)) for name, encode in parts}
    raise TypeError(f"no JSON form for {hint!r}")


@cache
def _decoder(hint: Any) -> Codec:
    simple = _DECODERS.get(hint)
    if simple is not None:
        return simple
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if _is_optional(origin):
        inner = _decoder(_present(arguments))
        return lambda plain: None if plain is None else inner(plain)
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        return _tuple_decoder(_decoder(arguments[0]))
    if origin is not None and issubclass(origin, Mapping):
        return _detail
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _enum_decoder(hint)
    if is_record(hint):
        return _object_decoder(hint)
    raise TypeError(f"no JSON form for {hint!r}")


def is_record(hint: Any) -> bool:
    """Whether a type has named fields: a dataclass or a named tuple."""
    return is_dataclass(hint) or hasattr(hint, "_fields")


def field_names(kind: Any) -> tuple[str, ...]:
    """The names of a record's fields, in their order."""
    return tuple(field.name for field in fields(kind)) if is_dataclass(kind) else kind._fields


def _is_optional(origin: Any) -> bool:
    return origin is typing.Union or origin is types.UnionType


def _present(arguments: tuple[Any, ...]) -> Any:
    present = [one for one in arguments if one is not type(None)]
    if len(present) != 1:
        raise TypeError(f"no JSON form for a choice of {arguments!r}")
    return present[0]


def _tuple_decoder(item: Codec) -> Codec:
    def decode(plain: Any) -> tuple[Any, ...]:
        if type(plain) is not list:
            raise WireError(f"must be a list, not {_shown(plain)}")
        try:
            return tuple([item(one) for one in plain])
        except WireError:
            for index, one in enumerate(plain):
                try:
                    item(one)
                except WireError as error:
                    raise error.inside(f"[{index}]") from None
            raise

    return decode


def _enum_decoder(kind: type[Enum]) -> Codec:
    members = {member.value: member for member in kind}

    def decode(plain: Any) -> Enum:
        member = members.get(plain) if isinstance(plain, str) else None
        if member is None:
            raise WireError(f"unknown word {_shown(plain)} (known: {', '.join(map(str, members))})")
        return member

    return decode


def _object_decoder(kind: Any) -> Codec:
    hints = typing.get_type_hints(kind)
    parts = [(name, _decoder(hints[name])) for name in field_names(kind)]
    names = frozenset(name for name, _ in parts)

    def decode(plain: Any) -> Any:
        if type(plain) is not dict:
            raise WireError(f"must be an object, not {_shown(plain)}")
        if plain.keys() != names:
            raise _key_fault(plain, names)
        name = ""
        values = []
        try:
            for name, part in parts:
                values.append(part(plain[name]))
            return kind(*values)
        except WireError as error:
            raise error.inside(name) from None
        except ValueError as error:
            raise WireError(str(error)) from None

    return decode


def _key_fault(plain: dict[str, Any], names: frozenset[str]) -> WireError:
    unknown = sorted(plain.keys() - names)
    if unknown:
        return WireError(f"unknown key {_shown(unknown[0])}")
    return WireError(f"the key {min(names - plain.keys())!r} is missing")


def _text(plain: Any) -> str:
    if type(plain) is not str:
        raise WireError(f"must be a string, not {_shown(plain)}")
    if not plain.isascii():
        try:
            plain.encode()
        except UnicodeEncodeError:
            raise WireError("half a character (a lone surrogate)") from None
    return plain


def _boolean(plain: Any) -> bool:
    if type(plain) is not bool:
        raise WireError(f"must be true or false, not {_shown(plain)}")
    return plain


def _integer(plain: Any) -> int:
    if type(plain) is not int or not -MAX_INTEGER <= plain <= MAX_INTEGER:
        raise WireError(f"must be an integer, not {_shown(plain)}")
    return plain


def _rational(plain: Any) -> Fraction:
    if type(plain) is not str:
        raise WireError(f"must be an exact number as a string, not {_shown(plain)}")
    try:
        return parse_seconds(plain)
    except ValueError as error:
        raise WireError(str(error)) from None


def _range(plain: Any) -> FrameRange:
    if type(plain) is not list or len(plain) != 2:
        raise WireError(f"must be [first, end], not {_shown(plain)}")
    first, end = _integer(plain[0]), _integer(plain[1])
    # Written so that nonsense fails it: an empty or backward range would be screen time that nobody is charged.
    if not first < end:
        raise WireError(f"the range [{first}, {end}) is empty or runs backward")
    return FrameRange(first, end)


def _detail(plain: Any, depth: int = 0) -> Any:
    if type(plain) is not dict:
        raise WireError(f"must be an object, not {_shown(plain)}")
    _check_plain(plain, depth)
    return plain


def _check_plain(plain: Any, depth: int) -> None:
    if depth > _MAX_DETAIL_DEPTH:
        raise WireError("nested too deeply")
    if isinstance(plain, dict):
        for key, value in plain.items():
            _text(key)
            _check_plain(value, depth + 1)
    elif isinstance(plain, list):
        for value in plain:
            _check_plain(value, depth + 1)
    elif isinstance(plain, str):
        _text(plain)
    elif isinstance(plain, float) and not math.isfinite(plain):
        raise WireError(f"{plain} is not a number")


def _plain_detail(value: Any) -> Any:
    """Details hold plain JSON values already; only their immutable containers must become JSON's own."""
    if isinstance(value, Mapping):
        return {key: _plain_detail(one) for key, one in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain_detail(one) for one in value]
    return value


_ENCODERS: dict[Any, Codec] = {
    str: lambda value: value,
    bool: lambda value: value,
    int: lambda value: value,
    Fraction: format_seconds,
    datetime: format_moment,
    FrameRange: list,
}
_DECODERS: dict[Any, Codec] = {
    str: _text,
    bool: _boolean,
    int: _integer,
    Fraction: _rational,
    datetime: parse_moment,
    FrameRange: _range,
}
