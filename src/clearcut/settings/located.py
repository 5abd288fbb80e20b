"""A TOML file with the line of each key: what `tomllib` does not tell, and what a fault must name.

`tomllib` alone says what the file means; the scan below only finds where. A key that it does not find gets the line
of the nearest table around it.
"""

from __future__ import annotations

import errno
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from clearcut.errors import Fault, RulesError

if sys.version_info >= (3, 11):
    import tomllib
else:  # pragma: no cover - Python 3.10
    import tomli as tomllib

KeyPath = tuple[str | int, ...]
_MAX_BYTES = 1_000_000
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SPACE = re.compile(r"[ \t]*")
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")
_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", '"': '"', "\\": "\\", "e": "\x1b"}
_LINE_IN_MESSAGE = re.compile(r"line (\d+)")


class LocatedToml(NamedTuple):
    """What a file says, and on which line (from 1) each table, key and list element begins."""

    path: str
    values: Mapping[str, Any]
    lines: Mapping[KeyPath, int]

    def where(self, *key: str | int) -> str:
        """`file:line` of a key, or of the nearest table around it."""
        path: KeyPath = key
        while path and path not in self.lines:
            path = path[:-1]
        return f"{self.path}:{self.lines.get(path, 1)}"


def read_located(path: Path) -> LocatedToml:
    """The file at `path`. Raises RulesError when it cannot be read or is not TOML."""
    try:
        if path.is_fifo():
            # It would be waited for for ever.
            raise OSError(errno.EINVAL, "a pipe, not a file")
        with path.open("rb") as file:
            raw = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise RulesError((Fault(str(path), f"cannot be read: {error.strerror}"),)) from error
    if len(raw) > _MAX_BYTES:
        raise RulesError((Fault(str(path), f"larger than {_MAX_BYTES} bytes: this is no rule file"),))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise RulesError((Fault(f"{path}:{line}", "not UTF-8 text"),)) from error
    return parse_located(text, str(path))


def parse_located(text: str, path: str) -> LocatedToml:
    """The same from text; `path` is what messages call it."""
    text = text.replace("\r\n", "\n")
    try:
        values = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        said = _LINE_IN_MESSAGE.search(str(error))
        line = int(said[1]) if said else text.count("\n") + 1
        raise RulesError((Fault(f"{path}:{line}", f"not TOML: {error}"),)) from error
    return LocatedToml(path, values, _Scan(text).lines())


class _Scan:
    """Walks text that is known to be good TOML once, and notes where things begin."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[KeyPath, int] = {}
        self.counts: dict[KeyPath, int] = {}
        self._line = 1
        self._line_at = 0

    def lines(self) -> dict[KeyPath, int]:
        """The line, from 1, on which each key begins."""
        table: KeyPath = ()
        while self._next_statement():
            if self.text.startswith("[", self.at):
                table = self._header()
            else:
                self._assignment(table)
        return self.found

    def _note(self, path: KeyPath) -> None:
        self._line += self.text.count("\n", self._line_at, self.at)
        self._line_at = self.at
        for length in range(1, len(path) + 1):
            self.found.setdefault(path[:length], self._line)

    def _next_statement(self) -> bool:
        """Moves to what begins the next statement, over space, newlines and comments; False at the end."""
        while self.at < len(self.text):
            char = self.text[self.at]
            if char == "#":
                self._skip_comment()
            elif char in " \t\n":
                self.at += 1
            else:
                return True
        return False

    def _skip_comment(self) -> None:
        end = self.text.find("\n", self.at)
        self.at = len(self.text) if end < 0 else end

    def _space(self) -> None:
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at

    def _header(self) -> KeyPath:
        start = self.at
        several = self.text.startswith("[[", self.at)
        self.at += 2 if several else 1
        path = self._resolve(self._key())
        if several:
            self.counts[path] = self.counts.get(path, -1) + 1
            path = (*path, self.counts[path])
        end, self.at = self.at + (2 if several else 1), start
        self._note(path)
        self.at = end
        return path

    def _resolve(self, key: tuple[str, ...]) -> KeyPath:
        """A header's key with the index of the newest element wherever it goes through a list of tables."""
        path: KeyPath = ()
        for part in key[:-1]:
            path = (*path, part)
            if path in self.counts:
                path = (*path, self.counts[path])
        return (*path, *key[-1:])

    def _key(self) -> tuple[str, ...]:
        """A dotted key, up to what follows it."""
        parts = []
        while True:
            self._space()
            if self.text[self.at] in "\"'":
                parts.append(self._string())
            else:
                bare = _BARE.match(self.text, self.at)
                parts.append(bare[0] if bare else "")
                self.at = bare.end() if bare else self.at + 1
            self._space()
            if not self.text.startswith(".", self.at):
                return tuple(parts)
            self.at += 1

    def _string(self) -> str:
        """A string of any of the four kinds; its text with the escapes undone where it is of one line."""
        quote = self.text[self.at]
        triple = quote * 3
        if self.text.startswith(triple, self.at):
            end = self._closing(triple, self.at + 3)
            while self.text.startswith(quote, end + 3):
                end += 1
            self.at = end + 3
            return ""
        start = self.at + 1
        end = self._closing(quote, start)
        self.at = end + 1
        inner = self.text[start:end]
        return inner if quote == "'" else _ESCAPE.sub(_unescape, inner)

    def _closing(self, quote: str, start: int) -> int:
        end = self.text.find(quote, start)
        while quote[0] == '"' and end >= 0 and self._escaped(end, start):
            end = self.text.find(quote, end + 1)
        return len(self.text) if end < 0 else end

    def _escaped(self, at: int, start: int) -> bool:
        slashes = 0
        while at - slashes > start and self.text[at - slashes - 1] == "\\":
            slashes += 1
        return slashes % 2 == 1

    def _assignment(self, table: KeyPath) -> None:
        start = self.at
        path = (*table, *self._key())
        after, self.at = self.at + 1, start
        self._note(path)
        self.at = after
        self._space()
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        """Over one value, noting the elements of a list and the keys of an inline table."""
        char = self.text[self.at : self.at + 1]
        if char and char in "\"'":
            self._string()
        elif char == "[":
            self._elements(path, "]")
        elif char == "{":
            self._elements(path, "}")
        else:
            while self.at < len(self.text) and self.text[self.at] not in ",]}\n#":
                self.at += 1

    def _elements(self, path: KeyPath, close: str) -> None:
        self.at += 1
        index = 0
        while self._next_statement() and self.text[self.at] != close:
            if self.text[self.at] == ",":
                self.at += 1
            elif close == "}":
                self._assignment(path)
            else:
                self._note((*path, index))
                self._value((*path, index))
                index += 1
        self.at += 1


def _unescape(match: re.Match[str]) -> str:
    code = match[1]
    if code[0] in "uU" and len(code) > 1:
        return chr(int(code[1:], 16))
    return _ESCAPES.get(code, code)
