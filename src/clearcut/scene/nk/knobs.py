"""What a raw knob value says: its text, a number, a truth, or that it is an expression. Evaluates nothing."""

from __future__ import annotations

import math
import re
from enum import Enum

_ESCAPE = re.compile(
    r"\\(\n[ \t]*|x[0-9A-Fa-f]{1,2}|u[0-9A-Fa-f]{1,4}|U[0-9A-Fa-f]{1,8}|[0-7]{1,3}|.)", re.DOTALL
)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_TRUE = frozenset(("true", "yes", "on"))
_FALSE = frozenset(("false", "no", "off"))
_SPECIAL = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_LAST_CHARACTER = 0x10FFFF


class Truth(Enum):
    """Whether a knob is on, as far as a file says."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


def plain(raw: str) -> str:
    """The text of a value without its quotes or outer braces, its backslashes resolved as TCL does."""
    if raw.startswith("{") and raw.endswith("}"):
        return raw[1:-1]
    if len(raw) > 1 and raw.startswith('"') and raw.endswith('"'):
        raw = raw[1:-1]
    if "\\" not in raw:
        return raw
    return _ESCAPE.sub(_unescape, raw)


def _unescape(match: re.Match[str]) -> str:
    escaped = match[1]
    if escaped[0] == "\n":
        return " "
    if len(escaped) > 1 and escaped[0] in "xuU":
        return _character(int(escaped[1:], 16))
    if escaped[0] in "01234567":
        return _character(int(escaped, 8))
    return _SPECIAL.get(escaped, escaped)


def _character(code: int) -> str:
    return chr(code) if code <= _LAST_CHARACTER else "\N{REPLACEMENT CHARACTER}"


def _is_spelled(raw: str) -> bool:
    """Whether a value writes letters or digits behind backslashes: Nuke never does, and readers differ on them."""
    return not raw.startswith("{") and any(match[1][0].isalnum() for match in _ESCAPE.finditer(raw))


def number(raw: str) -> float | None:
    """The literal number a knob holds; None when it is an expression, a curve or no number."""
    text = raw.strip()
    while text[:1] in ("{", '"') and len(text) > 1:
        text = text[1:-1].strip()
    if not _NUMBER.fullmatch(text):
        return None
    value = float(text)
    return value if math.isfinite(value) else None


def truth(raw: str | None) -> Truth:
    """Whether a switch knob is literally on or off; `None` (not written) is off, an expression is unknown."""
    if raw is None:
        return Truth.NO
    text = raw.strip()
    while text[:1] in ("{", '"') and len(text) > 1:
        text = text[1:-1].strip()
    if text in _TRUE:
        return Truth.YES
    if text in _FALSE:
        return Truth.NO
    if _NUMBER.fullmatch(text):
        return Truth.YES if float(text) != 0 else Truth.NO
    return Truth.UNKNOWN


def why_not_literal(raw: str) -> str:
    """Why the text of a file knob cannot be taken as it stands; "" when it can."""
    text = plain(raw)
    if "[" in text:
        return "its value is computed by TCL"
    if "$" in text:
        return "its value has a variable"
    if "%{" in text:
        return "its value has a graph scope variable"
    if raw.startswith("{{") or text.startswith(("{", "curve")):
        return "its value is an expression"
    if "\\" in raw and _is_spelled(raw):
        return "its value has backslashes that can be read in more than one way"
    return ""
