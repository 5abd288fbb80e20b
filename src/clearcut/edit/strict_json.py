"""JSON as an edit may be written: UTF-8, no key twice in an object, no NaN, at most 200 levels deep.

Knows nothing of OTIO. Readers disagree on duplicate keys (OpenTimelineIO keeps the first, `json` the last), so a
file that has one could show two people two cuts: it is refused, like everything else that not all read alike.
"""

from __future__ import annotations

import gc
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from clearcut.edit.faults import shown, unreadable

MAX_LEVELS = 200
_BOM = b"\xef\xbb\xbf"
_BRACKETS_ONLY = bytes(byte for byte in range(256) if byte not in b"{}[]")
_STRING = re.compile(
    rb'"(?:[^"\\]|\\.)*+"' if hasattr(re, "NOFLAG") else rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL
)
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def parse(raw: bytes) -> Any:
    """The value that the text holds. Raises EditError (cut-unreadable) on anything not allowed."""
    raw = raw.removeprefix(_BOM)
    if not raw.strip():
        raise unreadable("", "the file is empty")
    refuse_depth(raw)
    with collector_off():
        try:
            tree = json.loads(raw.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_refuse_constant)
        except UnicodeDecodeError as error:
            raise unreadable(f"byte {error.start}", "not UTF-8 text") from error
        except json.JSONDecodeError as error:
            raise unreadable(f"line {error.lineno}", f"not JSON: {error.msg}") from error
        except RecursionError as error:
            raise unreadable("", f"nested deeper than {MAX_LEVELS} levels") from error
        except ValueError as error:  # an integer of more digits than Python takes
            raise unreadable("", f"not JSON: {error}") from error
        if _SURROGATE.search(raw):
            _refuse_half_characters(tree)
    return tree


def refuse_depth(raw: bytes) -> None:
    """Raises EditError when brackets outside strings nest deeper than 200, before any parser recurses into them."""
    brackets = _STRING.sub(b"", raw).translate(None, _BRACKETS_ONLY)
    for _ in range(MAX_LEVELS):
        if not brackets:
            return
        left = brackets.replace(b"{}", b"").replace(b"[]", b"")
        if len(left) == len(brackets):
            break
        brackets = left
    # What is left is deeper than allowed, or does not match: then the parser says where.
    if brackets.count(b"{") + brackets.count(b"[") > MAX_LEVELS or _deep(brackets):
        raise unreadable("", f"nested deeper than {MAX_LEVELS} levels")


def _deep(brackets: bytes) -> bool:
    level = 0
    for byte in brackets:
        level += 1 if byte in b"{[" else -1
        if level > MAX_LEVELS:
            return True
    return False


@contextmanager
def collector_off() -> Iterator[None]:
    """Garbage collection off for the while: a tree of plain JSON has no cycles, and looking for them doubles the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise unreadable("", f"the key {shown(key)} stands twice in one object")
            seen.add(key)
    return made


def _refuse_constant(word: str) -> float:
    raise unreadable("", f"{word} is not a number")


def _refuse_half_characters(tree: Any) -> None:
    try:
        json.dumps(tree, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError as error:
        raise unreadable("", "a text holds half of a character (a lone surrogate)") from error
