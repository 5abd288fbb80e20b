"""What goes over the wire: recognition, question and answer, as strict JSON.

A question carries a random id which the answer must repeat: an answer to another question, or an old one out of
some cache, is then seen to be foreign even where its uses happen to bear the same ids.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from clearcut.core.answers import answer_fault, in_request_order
from clearcut.core.codec import WireError, from_plain, strict_loads, to_plain
from clearcut.core.registry import Recognition
from clearcut.core.request import CheckAnswer, CheckRequest
from clearcut.core.timing import FrameRange

__all__ = [
    "ANSWER_SCHEMA",
    "RECOGNITION_SCHEMA",
    "REQUEST_SCHEMA",
    "Question",
    "WireError",
    "answer_from_json",
    "answer_to_json",
    "recognition_from_json",
    "recognition_to_json",
    "request_fault",
    "request_from_json",
    "request_to_json",
    "strict_loads",
]

RECOGNITION_SCHEMA = "clearcut.recognition/1"
REQUEST_SCHEMA = "clearcut.check/1"
ANSWER_SCHEMA = "clearcut.answer/1"


@dataclass(frozen=True, slots=True)
class Question:
    """A request as it is sent: `question` is the id that the answer must repeat."""

    schema: str
    question: str
    request: CheckRequest


def recognition_to_json(recognition: Recognition) -> dict[str, Any]:
    """The recognition as a JSON object."""
    return {"schema": RECOGNITION_SCHEMA, **to_plain(recognition)}


def recognition_from_json(plain: Any) -> Recognition:
    """The recognition, or WireError: also when its revision is not that of what it holds."""
    recognition = from_plain(Recognition, _open(plain, RECOGNITION_SCHEMA))
    if replace(recognition, revision="").revision != recognition.revision:
        raise WireError("the revision is not that of the replicas and assets beside it", "revision")
    return recognition


def request_to_json(request: CheckRequest, *, question: str = "") -> dict[str, Any]:
    """The question as a JSON object; `question` is the id that the answer must repeat."""
    return to_plain(Question(REQUEST_SCHEMA, question, request))


def request_from_json(plain: Any) -> CheckRequest:
    """The question, or WireError: unknown keys, duplicate use ids and screen time out of order included."""
    _open(plain, REQUEST_SCHEMA)
    request = from_plain(Question, plain).request
    fault = request_fault(request)
    if fault is not None:
        raise fault
    return request


def request_fault(request: CheckRequest) -> WireError | None:
    """What the types of the fields do not say: ids are unique, screen time is disjoint and in order."""
    ids: set[str] = set()
    for index, use in enumerate(request.uses):
        if use.id in ids:
            return WireError(f"duplicate id {use.id!r}", f"request.uses[{index}].id")
        ids.add(use.id)
        if len(use.screen) > 1 and not _in_order(use.screen):
            return WireError("ranges overlap or are out of order", f"request.uses[{index}].screen")
    return None


def answer_to_json(answer: CheckAnswer, *, question: str = "") -> dict[str, Any]:
    """The answer as a JSON object; `question` is the id of the question it answers."""
    return {"schema": ANSWER_SCHEMA, "question": question, **to_plain(answer)}


def answer_from_json(plain: Any, request: CheckRequest, *, question: str = "") -> CheckAnswer:
    """The answer in the request's order, or WireError when it cannot be relied on.

    That is: it answers another question, lacks a use, decides one twice or one that was not asked, or an outcome
    contradicts its own reasons.
    """
    envelope = _open(plain, ANSWER_SCHEMA)
    if envelope.pop("question", None) != question:
        raise WireError("the answer is to another question", "question")
    answer = from_plain(CheckAnswer, envelope)
    fault = answer_fault(answer, request)
    if fault is not None:
        raise WireError(fault)
    return in_request_order(answer, request)


def _in_order(ranges: tuple[FrameRange, ...]) -> bool:
    return all(one.end <= other.first for one, other in pairwise(ranges))


def _open(plain: Any, schema: str) -> dict[str, Any]:
    if type(plain) is not dict:
        raise WireError("must be an object")
    if plain.get("schema") != schema:
        raise WireError(f"must be {schema!r}", "schema")
    return {key: value for key, value in plain.items() if key != "schema"}
