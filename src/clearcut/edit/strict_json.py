"""JSON as an edit may be written: UTF-8, no key twice in an object, no NaN, at most 200 levels deep.

Knows nothing of OTIO. Readers disagree on duplicate keys (OpenTimelineIO keeps the first, `json` the last), so a
file that has one could show two people two cuts: it is refused, like everything else that not all read alike.
"""

from __future__ import annotations

import codecs
import gc
import json
import re
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple, NoReturn

from clearcut.edit.faults import shown, unreadable
from clearcut.errors import EditError

MAX_LEVELS = 200
_NOT_STRUCTURE = bytes(byte for byte in range(256) if byte not in b'"{}[]:')
_NO_COLON = b":"
_ONE_KIND = bytes.maketrans(b"[]", b"{}")
_OPEN = ord("{")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")
# More brackets than this that match nothing are not worth counting one by one.
_MOST_UNMATCHED = 1_000_000


class Text(NamedTuple):
    """JSON text whose nesting is known to be harmless, and how many keys were written in it."""

    text: str
    keys: int


def parse(raw: bytes) -> Any:
    """The value that the text holds. Raises EditError (cut-unreadable) on anything not allowed."""
    return load(checked(raw))


def checked(raw: bytes) -> Text:
    """Looks at the bytes before any parser does. Raises EditError as `parse` does."""
    return checked_parts((raw,))


def checked_parts(parts: Iterable[bytes]) -> Text:
    """The same for bytes that come part by part, so that a large file never lies there as bytes and as text."""
    decode = _Decoder()
    text = ""
    outside: list[bytes] = []
    escape = b""
    blank = True
    for part in parts:
        blank = blank and (not part or part.isspace())
        # Python lengthens a text that nobody else holds in its place; joining the parts would hold them twice.
        text += decode.more(part)
        whole = escape + part if escape else part
        # The lead of an escape belongs to what comes after it.
        escape = b"\\" if _leads(whole) else b""
        outside.append(_without_letters(whole[:-1] if escape else whole))
    if blank:
        raise unreadable("", "the file is empty")
    text += decode.end()
    structure = _structure(b"".join(outside))
    _refuse_depth(structure)
    return Text(text.removeprefix("\ufeff"), structure.count(b":"))


class _Decoder:
    """UTF-8 part by part; says at which byte of the whole it is none."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._seen = 0

    def more(self, part: bytes, *, last: bool = False) -> str:
        """The text of the next part. Raises EditError on bytes that are no UTF-8."""
        start = self._seen - len(self._decoder.getstate()[0])
        self._seen += len(part)
        try:
            return self._decoder.decode(part, last)
        except UnicodeDecodeError as error:
            raise unreadable(f"byte {start + error.start}", "not UTF-8 text") from error

    def end(self) -> str:
        """Nothing. Raises EditError when the last character is torn."""
        return self.more(b"", last=True)


def _leads(part: bytes) -> bool:
    """Whether the part ends in the first half of an escape."""
    return part.endswith(b"\\") and (len(part) - len(part.rstrip(b"\\"))) % 2 == 1


def load(source: Text) -> Any:
    """Parses. Equal times of a cut become one object in memory: nobody may change what comes back."""
    with collector_off():
        tree = _load(source)
        if "\\u" in source.text and _SURROGATE.search(source.text):
            _refuse_half_characters(tree)
    return tree


def _without_letters(raw: bytes) -> bytes:
    """Brackets, colons and quotes; escaped quotes are letters."""
    if b"\\" in raw:
        raw = raw.replace(b"\\\\", b"").replace(b'\\"', b"")
    return raw.translate(None, _NOT_STRUCTURE)


def _structure(kept: bytes) -> bytes:
    """The brackets and colons that stand outside strings, in their order: a few passes at memory speed.

    Quotes of strings without brackets or colons come to lie side by side and go first; what a removed pair leaves
    behind still tells inside from outside, because only pairs were taken.
    """
    kept = kept.replace(b'""', b"")
    return re.sub(rb'"[^"]*"', b"", kept) if b'"' in kept else kept


def _refuse_depth(structure: bytes) -> None:
    """Raises EditError when brackets nest deeper than 200: before any parser recurses into them."""
    # One kind of bracket, so that each round takes away exactly the innermost level.
    brackets = structure.translate(_ONE_KIND, _NO_COLON)
    for _ in range(MAX_LEVELS):
        left = brackets.replace(b"{}", b"")
        if not left:
            return
        if len(left) == len(brackets):
            # Nothing matches any more: the parser says where, unless it would run too deep before it gets there.
            if len(brackets) <= _MOST_UNMATCHED and not _deep(brackets):
                return
            break
        brackets = left
    raise unreadable("", f"nested deeper than {MAX_LEVELS} levels")


def _deep(brackets: bytes) -> bool:
    level = 0
    for byte in brackets:
        level += 1 if byte == _OPEN else -1
        if level > MAX_LEVELS:
            return True
    return False


def _load(source: Text) -> Any:
    """Keys that were written but are not there after parsing stood twice."""
    kept: list[int] = []
    objects = _objects(kept)
    next(objects)
    try:
        # A generator's send is the cheapest hook there is; a function that checks each object costs 0.4 us more.
        tree = json.loads(source.text, object_hook=objects.send, parse_constant=_refuse_constant)
        objects.close()
        if kept != [source.keys]:
            json.loads(source.text, object_pairs_hook=_refuse_twice)
            raise unreadable("", "a key stands twice in one object")
    except EditError:
        raise
    except json.JSONDecodeError as error:
        raise unreadable(f"line {error.lineno}", f"not JSON: {error.msg}") from error
    except RecursionError as error:
        raise unreadable("", "nested too deep to be read here") from error
    except ValueError as error:  # an integer of more digits than Python takes
        raise unreadable("", f"not JSON: {error}") from error
    return tree


def _objects(kept: list[int]) -> Generator[Any, Any, None]:
    """Gets each object and hands it back, or one equal to it; when closed, keeps how many keys all had together.

    Two thirds of the objects of a cut are times, and most of them are equal: sharing them saves a third of the
    memory, and lets the walker look at each only once. Only floats are shared: `true` would equal 1.
    """
    keys = 0
    times: dict[tuple[float, float], Any] = {}
    ranges: dict[tuple[int, int], Any] = {}
    node: Any = None
    try:
        while True:
            node = yield node
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
    finally:
        kept.append(keys)


def _refuse_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise unreadable("", f"the key {shown(key)} stands twice in one object")
            seen.add(key)
    return made


def _refuse_constant(word: str) -> NoReturn:
    raise unreadable("", f"{word} is not a number")


def _refuse_half_characters(tree: Any) -> None:
    try:
        json.dumps(tree, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        raise unreadable("", "a text holds half of a character (a lone surrogate)") from error


@contextmanager
def collector_off() -> Iterator[None]:
    """Garbage collection off for the while: plain JSON has no cycles, and looking for them doubles the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
