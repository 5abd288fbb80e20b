"""The text of a file that comes part by part: what was read is let go, so that a large edit never lies in memory.

Knows where in the file it is, but nothing of what the text says, blanks aside.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator

from clearcut.edit.faults import unreadable

_BLANK = re.compile(r"[ \t\n\r]*")
_MARK = "\ufeff"
# So much is kept, so that in all but the largest edits a place is a line; counting the lines of those costs too much.
_KEPT = 1 << 22
# So many bytes become text at once: what was just made is still near when it is read, and its memory is used again.
_SLICE = 1 << 15


class Stream:
    """`text` from `at` on is what is still to be read, as far as it has come; `ended` when all has come."""

    __slots__ = ("_begun", "_bytes", "_decoder", "_gone", "_gone_size", "_slices", "at", "ended", "text")

    def __init__(self, parts: Iterable[bytes]) -> None:
        self.text = ""
        self.at = 0
        self.ended = False
        self._slices = _slices(parts)
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._bytes = 0
        self._begun = False
        self._gone: list[str] | None = []
        self._gone_size = 0

    def ahead(self, size: int) -> None:
        """Sees to it that `size` characters lie ahead, unless the file ends before. Raises EditError on no UTF-8."""
        left = len(self.text) - self.at
        if left >= size or self.ended:
            return
        # Each character is moved about once: at least as much is asked for as is there already.
        size = max(size, 2 * left)
        pieces = [self.text[self.at :]]
        while left < size and not self.ended:
            piece = self._more()
            pieces.append(piece)
            left += len(piece)
        self._let_go(self.text[: self.at])
        self.text = "".join(pieces)
        self.at = 0

    def skip(self) -> str:
        """Passes over blanks; gives the character that comes next, "" at the end of the file."""
        while True:
            match = _BLANK.match(self.text, self.at)
            self.at = match.end() if match else self.at
            if self.at < len(self.text):
                return self.text[self.at]
            if self.ended:
                return ""
            self.ahead(1)

    def where(self, at: int) -> str:
        """A place in `text` as people find it in the file: its line, or where the beginning is gone its byte."""
        if self._gone is not None:
            lines = sum(text.count("\n") for text in self._gone) + self.text.count("\n", 0, at)
            return f"line {lines + 1}"
        waiting = len(self._decoder.getstate()[0])
        return f"byte {self._bytes - waiting - len(self.text[at:].encode())}"

    def _let_go(self, text: str) -> None:
        if self._gone is not None:
            self._gone.append(text)
            self._gone_size += len(text)
            if self._gone_size >= _KEPT:
                self._gone = None

    def _more(self) -> str:
        piece = next(self._slices, None)
        self.ended = piece is None
        start = self._bytes - len(self._decoder.getstate()[0])
        self._bytes += len(piece or b"")
        try:
            text = self._decoder.decode(piece or b"", self.ended)
        except UnicodeDecodeError as error:
            raise unreadable(f"byte {start + error.start}", "not UTF-8 text") from error
        if text and not self._begun:
            self._begun = True
            return text.removeprefix(_MARK)
        return text


def _slices(parts: Iterable[bytes]) -> Iterator[bytes]:
    for part in parts:
        if len(part) <= _SLICE:
            yield part
        else:
            for first in range(0, len(part), _SLICE):
                yield part[first : first + _SLICE]
