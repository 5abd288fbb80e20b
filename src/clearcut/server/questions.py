"""Bytes of a question to core values, and an answer to bytes, at the speed of msgspec.

The shapes are derived from core's own classes, so that both sides of the wire follow one definition; the tests hold
this against `core.wire`. Unknown and missing keys, booleans for numbers, floats, NaN, and empty or backward ranges
are refused.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Annotated, Any

import msgspec

from clearcut.core.codec import MAX_INTEGER, WireError, parse_moment
from clearcut.core.request import CheckAnswer, CheckRequest
from clearcut.core.timing import FrameRange, format_seconds, parse_seconds
from clearcut.core.wire import ANSWER_SCHEMA, REQUEST_SCHEMA, Question, request_fault, strict_loads


def read_question(body: bytes) -> tuple[str, CheckRequest]:
    """The question's id and the request. Raises WireError."""
    try:
        envelope = _QUESTION.decode(body)
        # msgspec keeps the last of two equal keys, so that a second list of uses would hide the first. What our
        # client writes comes out as it went in; anything else is read again by a reader that sees both.
        if _ENCODER.encode(envelope) != body:
            strict_loads(body)
        now = None if envelope.request.now is None else parse_moment(envelope.request.now)
        request = msgspec.convert(
            envelope.request, CheckRequest, from_attributes=True, dec_hook=_read_rational
        )
    except WireError:
        raise
    except RecursionError:
        raise WireError("nested too deeply") from None
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError, ValueError) as error:
        raise WireError(str(error)) from None
    if envelope.schema != REQUEST_SCHEMA:
        raise WireError(f"must be {REQUEST_SCHEMA!r}", "schema")
    request = dataclasses.replace(request, now=now)
    _check_ranges(request)
    fault = request_fault(request)
    if fault is not None:
        raise fault
    return envelope.question, request


def write_answer(question: str, answer: CheckAnswer) -> bytes:
    """The answer's JSON, the same value as `core.wire.answer_to_json`."""
    return _ENCODER.encode(
        {
            "schema": ANSWER_SCHEMA,
            "question": question,
            **{name: getattr(answer, name) for name in _ANSWER_FIELDS},
        }
    )


def _check_ranges(request: CheckRequest) -> None:
    for index, use in enumerate(request.uses):
        for name in ("screen", "record", "source", "occluded"):
            for first, end in getattr(use, name):
                # Written so that nonsense fails it.
                if not -MAX_INTEGER <= first < end <= MAX_INTEGER:
                    raise WireError(
                        f"the range [{first}, {end}) is empty, backward or too long",
                        f"request.uses[{index}].{name}",
                    )


def _strict_shape(hint: Any) -> Any:
    """The type that msgspec reads for a field of that type: a dataclass becomes a shape that refuses unknown keys."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple:
        return types.GenericAlias(tuple, (_strict_shape(arguments[0]), ...))
    if origin is typing.Union or origin is types.UnionType:
        present = next(one for one in arguments if one is not type(None))
        return typing.Optional[_strict_shape(present)]  # noqa: UP045 - made at run time
    if hint is Fraction or hint is datetime:
        return str
    if hint is int:
        return Annotated[int, msgspec.Meta(ge=-MAX_INTEGER, le=MAX_INTEGER)]
    if hint is FrameRange or not dataclasses.is_dataclass(hint):
        return hint
    hints = typing.get_type_hints(hint)
    shapes = [(field.name, _strict_shape(hints[field.name])) for field in dataclasses.fields(hint)]
    name = hint.__name__ if isinstance(hint, type) else "Shape"
    return msgspec.defstruct(name, shapes, forbid_unknown_fields=True, gc=False)


def _read_rational(kind: type, plain: Any) -> Any:
    if kind is Fraction:
        return parse_seconds(plain)
    raise NotImplementedError(kind)


def _write_other(value: Any) -> Any:
    if isinstance(value, Fraction):
        return format_seconds(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise NotImplementedError(type(value))


_QUESTION: msgspec.json.Decoder[Any] = msgspec.json.Decoder(_strict_shape(Question))
_ANSWER_FIELDS = tuple(field.name for field in dataclasses.fields(CheckAnswer))
_ENCODER = msgspec.json.Encoder(enc_hook=_write_other)
