"""Bytes of a question to core values, and an answer to bytes, at the speed of msgspec.

The shapes are derived from core's own classes, so that both sides of the wire follow one definition; the tests hold
this against `core.wire`. Unknown and missing keys, booleans for numbers, floats, NaN, and empty or backward ranges
are refused.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Mapping
from fractions import Fraction
from itertools import starmap
from typing import Any

import msgspec

from clearcut.core.codec import MAX_INTEGER, WireError, parse_moment
from clearcut.core.request import CheckAnswer, CheckRequest
from clearcut.core.timing import format_seconds, parse_seconds
from clearcut.core.use import Declaration, ReplicaUse
from clearcut.core.verdict import Decision
from clearcut.core.wire import ANSWER_SCHEMA, REQUEST_SCHEMA, Question, request_fault, strict_loads
from clearcut.server.shapes import strict_shape


def read_question(body: bytes) -> tuple[str, CheckRequest]:
    """The question's id and the request. Raises WireError."""
    try:
        envelope = _QUICKLY.decode(body)
        # msgspec keeps the last of two equal keys, so that a second list of uses would hide the first, and read
        # quickly a use may lack keys or have unknown ones. What our client writes comes out as it went in, and so
        # has none of this; anything else is read again by readers that see it.
        if _ENCODER.encode(envelope) != body:
            strict_loads(body)
            envelope = _QUESTION.decode(body)
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
    _share_declared(request)
    fault = request_fault(request)
    if fault is not None:
        raise fault
    return envelope.question, request


def write_answer(question: str, answer: CheckAnswer) -> bytes:
    """The answer's JSON, the same value as `core.wire.answer_to_json`."""
    rest = {name: getattr(answer, name) for name in _ANSWER_FIELDS}
    # A named tuple would be written as a list.
    rest["decisions"] = list(starmap(_DECISION, answer.decisions))
    return _ENCODER.encode({"schema": ANSWER_SCHEMA, "question": question, **rest})


def _check_ranges(request: CheckRequest) -> None:
    least, most = -MAX_INTEGER, MAX_INTEGER
    for index, use in enumerate(request.uses):
        # Written out: it runs for every use.
        for ranges in (use.screen, use.record, use.source, use.occluded):
            for first, end in ranges:
                # Written so that nonsense fails it.
                if not least <= first < end <= most:
                    name = next(one for one in _RANGES if getattr(use, one) is ranges)
                    raise WireError(
                        f"the range [{first}, {end}) is empty, backward or too long",
                        f"request.uses[{index}].{name}",
                    )


def _share_declared(request: CheckRequest) -> None:
    """Makes equal declarations one object, as in the process that asked: deciding knows alike uses by it."""
    shared: dict[Declaration, Declaration] = {}
    for use in request.uses:
        declared = use.declared
        # The values have just been made and nobody else has seen them yet.
        object.__setattr__(use, "declared", shared.setdefault(declared, declared))


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


def _quick_shape() -> Any:
    """The strict shape, but for the uses: they are read into core's own class at once, in two thirds of the time.

    Whole numbers stand in a use in its ranges alone, which are looked at one by one.
    """
    hints = {**typing.get_type_hints(CheckRequest), "uses": None}
    fields = [
        (name, tuple[ReplicaUse, ...] if name == "uses" else strict_shape(hint))
        for name, hint in hints.items()
    ]
    request = msgspec.defstruct("CheckRequest", fields, forbid_unknown_fields=True, gc=False)
    more = [("schema", str), ("question", str), ("request", request)]
    return msgspec.defstruct("Question", more, forbid_unknown_fields=True, gc=False)


_RANGES = ("screen", "record", "source", "occluded")
_QUICKLY: msgspec.json.Decoder[Any] = msgspec.json.Decoder(_quick_shape())
_QUESTION: msgspec.json.Decoder[Any] = msgspec.json.Decoder(strict_shape(Question))
_DECISION = msgspec.defstruct("Decision", Decision._fields, gc=False)
_ANSWER_FIELDS = tuple(field.name for field in dataclasses.fields(CheckAnswer))
_ENCODER = msgspec.json.Encoder(enc_hook=_write_other)
