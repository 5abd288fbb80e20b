"""One JSON value as an edit may hold it: no key twice in an object, no NaN, at most 200 levels, whole characters.

What others write into their metadata is no time of ours: a NaN or an infinity there is read as null. Knows nothing of
OTIO but its times and where metadata stand. Readers disagree on duplicate keys (OpenTimelineIO keeps the first, `json` the
last), so a file that has one could show two people two cuts: it is refused, like everything else that not all read
alike.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterator
from typing import Any

from clearcut.edit.faults import shown

MAX_LEVELS = 200
_NOT_STRUCTURE = bytes(byte for byte in range(256) if byte not in b'"{}[]:')
_NO_COLON = b":"
# A search for one byte: `replace` of these pairs takes thirty times as long.
_ESCAPED = re.compile(rb'\\[\\"]')
_ONE_KIND = bytes.maketrans(b"[]", b"{}")
_OPEN = ord("{")
# OpenTimelineIO once wrote an infinity as `Inf`, and reads it still; `json` knows it only spelt out.
_SHORT_INFINITY = re.compile(r"-?Inf\b")
_SPELT = re.compile(r'"(?:[^"\\]|\\.)*"|-?Inf\b')
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
# More brackets than this that match nothing are not worth counting one by one.
_MOST_UNMATCHED = 1_000_000
_SLICE = 1 << 23

Path = tuple[str | int, ...]


class FaultError(Exception):
    """What an edit may not hold, and the keys and indexes that lead to it from the value that was asked for."""

    def __init__(self, message: str, path: Path = ()) -> None:
        super().__init__(message)
        self.message = message
        self.path = path


class Values:
    """Parses the values of one file. Equal times become one object in memory: nobody may change what comes back."""

    def __init__(self) -> None:
        self._constants: list[str] = []
        self._objects = _objects()
        next(self._objects)
        # A generator's send is the cheapest hook there is; a function that checks each object costs 0.4 us more.
        self._decoder = json.JSONDecoder(
            object_hook=self._objects.send, parse_constant=self._constants.append
        )

    def first(self, text: str, level: int, key: str = "") -> tuple[Any, int]:
        """The value that the text begins with, `level` brackets around it, and where it ends.

        `key` is the one that it stands under. The text may go on behind it. Raises FaultError on what may not be, json.JSONDecodeError on what is not JSON.
        """
        # Fewer brackets than levels cannot nest too deep, however they stand.
        crowded = text.count("{") + text.count("[") > MAX_LEVELS - level
        structure = b""
        if crowded:
            # Before a parser recurses into them.
            structure = _structure(text)
            _refuse_depth(structure, MAX_LEVELS)
        self._objects.send(None)
        self._constants.clear()
        try:
            value, end = self._decoder.raw_decode(text)
        except json.JSONDecodeError as error:
            if not _SHORT_INFINITY.match(text, error.pos):
                raise
            return self.first(_SPELT.sub(_as_nan, text), level, key)
        except ValueError as error:  # an integer of more digits than Python takes
            raise FaultError(f"not JSON: {error}") from error
        keys = self._objects.send(None)
        # As many colons as keys: none stood twice. Colons in texts make them more, then the texts are left out.
        if crowded or text.count(":", 0, end) != keys:
            if not structure or end < len(text):
                structure = _structure(text[:end])
            if crowded:
                _refuse_depth(structure, MAX_LEVELS - level)
            if structure.count(b":") != keys:
                raise _twice(text[:end])
        if self._constants:
            _refuse_constants(text[:end], key)
        if text.find("\\u", 0, end) >= 0 and _SURROGATE.search(text, 0, end):
            _refuse_half_characters(value)
        return value, end


def _as_nan(match: re.Match[str]) -> str:
    """A short infinity as what `json` reads and nobody takes for a number, as long as it was; a string as it is."""
    return match[0] if match[0][0] == '"' else "NaN".rjust(len(match[0]))


def _structure(text: str) -> bytes:
    """The brackets and colons that stand outside strings, in their order: a few passes at memory speed.

    The text begins outside a string; where it ends inside one, that is left out too.
    """
    outside: list[bytes] = []
    escape = b""
    for first in range(0, len(text), _SLICE):
        part = escape + text[first : first + _SLICE].encode("utf-8", "surrogatepass")
        # The lead of an escape belongs to what comes after it.
        escape = b"\\" if _leads(part) else b""
        outside.append(_without_letters(part[:-1] if escape else part))
    # Quotes of strings without brackets or colons lie side by side and go first; what a removed pair leaves behind
    # still tells inside from outside, because only pairs were taken.
    kept = b"".join(outside).replace(b'""', b"")
    return re.sub(rb'"[^"]*("|$)', b"", kept) if b'"' in kept else kept


def _leads(part: bytes) -> bool:
    """Whether the part ends in the first half of an escape."""
    return part.endswith(b"\\") and (len(part) - len(part.rstrip(b"\\"))) % 2 == 1


def _without_letters(raw: bytes) -> bytes:
    """Brackets, colons and quotes; escaped quotes are letters."""
    if b"\\" in raw:
        raw = _ESCAPED.sub(b"", raw)
    return raw.translate(None, _NOT_STRUCTURE)


def _refuse_depth(structure: bytes, most: int) -> None:
    """Raises FaultError when brackets nest deeper than `most`."""
    # One kind of bracket, so that each round takes away exactly the innermost level.
    brackets = structure.translate(_ONE_KIND, _NO_COLON)
    for _ in range(most):
        left = brackets.replace(b"{}", b"")
        if not left:
            return
        if len(left) == len(brackets):
            # Nothing matches any more: the parser says where, unless it would run too deep before it gets there.
            if len(brackets) <= _MOST_UNMATCHED and not _deep(brackets, most):
                return
            break
        brackets = left
    if brackets:
        raise FaultError(f"nested deeper than {MAX_LEVELS} levels")


def _deep(brackets: bytes, most: int) -> bool:
    level = 0
    for byte in brackets:
        level += 1 if byte == _OPEN else -1
        if level > most:
            return True
    return False


def _objects() -> Generator[Any, Any, None]:
    """Gets each object and hands it back, or one equal to it; for None gives how many keys all since then had.

    Two thirds of the objects of a cut are times, and most of them are equal: sharing them saves a third of the
    memory, and lets the walker look at each only once. Only floats are shared: `true` would equal 1.
    """
    keys = 0
    times: dict[tuple[float, float], Any] = {}
    ranges: dict[tuple[int, int], Any] = {}
    node: Any = None
    while True:
        node = yield node
        if node is None:
            node, keys = keys, 0
            continue
        keys += len(node)
        if len(node) != 3:
            continue
        schema = node.get("OTIO_SCHEMA")
        if schema == "RationalTime.1":
            value, rate = node.get("value"), node.get("rate")
            if value.__class__ is float and rate.__class__ is float:
                node = times.setdefault((value, rate), node)
        elif schema == "TimeRange.1" and "duration" in node and "start_time" in node:
            # Ids are good keys here: the range that is kept keeps its times alive.
            node = ranges.setdefault((id(node["duration"]), id(node["start_time"])), node)


class _Marked:
    """Stands in a tree for what may not be there."""

    def __init__(self, message: str) -> None:
        self.message = message


def _twice(text: str) -> FaultError:
    return _found(json.loads(text, object_pairs_hook=_marked_twice), "a key stands twice in one object")


def _marked_twice(pairs: list[tuple[str, Any]]) -> Any:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                return _Marked(f"the key {shown(key)} stands twice in one object")
            seen.add(key)
    return made


def _refuse_constants(text: str, key: str) -> None:
    """Raises FaultError on NaN or an infinity, unless each stands in metadata that are not ours."""
    marked = json.loads(text, parse_constant=lambda word: _Marked(f"{word} is not a number"))
    for path, node in _nodes(marked):
        if isinstance(node, _Marked) and not _foreign((key, *path)):
            raise FaultError(node.message, path)


def _foreign(path: Path) -> bool:
    """Whether a path leads into metadata of others. Among media references "metadata" is but a name."""
    return any(
        key == "metadata" and "media_references" not in path[:at][-1:] and path[at + 1 :][:1] != ("clearcut",)
        for at, key in enumerate(path[:-1])
    )


def _found(tree: Any, else_: str) -> FaultError:
    for path, node in _nodes(tree):
        if isinstance(node, _Marked):
            return FaultError(node.message, path)
    return FaultError(else_)


def _refuse_half_characters(tree: Any) -> None:
    try:
        json.dumps(tree, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        raise _half_character(tree) from error


def _half_character(tree: Any) -> FaultError:
    message = "a text holds half of a character (a lone surrogate)"
    for path, node in _nodes(tree):
        texts = [node] if isinstance(node, str) else node if isinstance(node, dict) else ()
        if any(re.search("[\ud800-\udfff]", one) for one in texts):
            return FaultError(message, path)
    return FaultError(message)


def _nodes(tree: Any) -> Iterator[tuple[Path, Any]]:
    """Everything in a tree, outermost first and in the order of the file, each with the way to it."""
    waiting: list[tuple[Path, Any]] = [((), tree)]
    while waiting:
        path, node = waiting.pop()
        yield path, node
        inner = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
        waiting.extend(reversed([((*path, key), value) for key, value in inner]))
