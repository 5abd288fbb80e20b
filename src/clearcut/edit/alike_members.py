"""Takes the text of a sound JSON object apart: its members as literal text around scalars, for `alike`."""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple

_WORD = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]|[^\s{}\[\],:"]+')

SCHEMA = "OTIO_SCHEMA"

Path = tuple[Any, ...]


class Scalar(NamedTuple):
    """A text, a number, or true, false or null as written, without its quotes, and the keys and indexes that lead to it in its member."""

    raw: str
    is_text: bool
    path: Path


class Member(NamedTuple):
    """A member as written, from the end of the one before: `literals` stand around its scalars, in turn.

    What an object is stands in the literals: a clip is not like a gap. The last of an object has no key: it is the
    closing bracket.
    """

    key: str | None
    literals: tuple[str, ...]
    scalars: tuple[Scalar, ...]


def members_of(text: str) -> tuple[list[Member], int]:
    """The members of an object that is known to be sound JSON, and how many levels it has."""
    members: list[Member] = []
    literals: list[str] = []
    scalars: list[Scalar] = []
    where: list[Any] = []
    height = begin = 0
    wants_key = False
    for match in _WORD.finditer(text):
        word = match[0]
        ended = False
        if word in "{[":
            where.append(0 if word == "[" else None)
            wants_key = word == "{"
            height = max(height, len(where))
        elif word in "}]":
            where.pop()
            wants_key = False
            ended = True
        elif word == ",":
            wants_key = not isinstance(where[-1], int)
            if not wants_key:
                where[-1] += 1
        elif word == ":":
            wants_key = False
        elif wants_key:
            where[-1] = json.loads(word)
        else:
            ended = True
            if where[-1] != SCHEMA:
                is_text = word[0] == '"'
                first, end = match.start() + is_text, match.end() - is_text
                literals.append(text[begin:first])
                scalars.append(Scalar(text[first:end], is_text, tuple(where[1:])))
                begin = end
        if ended and len(where) == 1:
            members.append(Member(where[0], (*literals, text[begin : match.end()]), tuple(scalars)))
            literals.clear()
            scalars.clear()
            begin = match.end()
    members.append(Member(None, (text[begin:],), ()))
    return members, height
